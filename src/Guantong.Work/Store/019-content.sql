-- Files that people attach (附件). A content is kept once for each key that seals it, in parts: nothing is ever whole in memory.
CREATE TABLE work_blob (
  sha256 TEXT NOT NULL,
  sealed_by TEXT NOT NULL,
  size BIGINT NOT NULL,
  made TEXT NOT NULL,
  PRIMARY KEY (sha256, sealed_by)
);
CREATE TABLE work_blob_part (
  sha256 TEXT NOT NULL,
  sealed_by TEXT NOT NULL,
  place BIGINT NOT NULL,
  sealed TEXT NOT NULL,
  PRIMARY KEY (sha256, sealed_by, place),
  FOREIGN KEY (sha256, sealed_by) REFERENCES work_blob (sha256, sealed_by)
);
CREATE TABLE work_attachment (
  id TEXT PRIMARY KEY,
  sha256 TEXT NOT NULL,
  sealed_by TEXT NOT NULL,
  -- Where it belongs: to a task, to the application that opened a case, or to a basket until somebody applies with it.
  case_id TEXT REFERENCES work_case (id),
  task_id TEXT REFERENCES work_task (id),
  basket TEXT,
  -- Of the form that asks for it; empty where none does.
  field TEXT NOT NULL,
  name TEXT NOT NULL,
  kind TEXT NOT NULL,
  size BIGINT NOT NULL,
  personal BIGINT NOT NULL,
  -- clean or not-scanned
  scan TEXT NOT NULL,
  at TEXT NOT NULL,
  by_login TEXT,
  unit TEXT,
  FOREIGN KEY (sha256, sealed_by) REFERENCES work_blob (sha256, sealed_by)
);
CREATE INDEX work_attachment_case ON work_attachment (case_id, at);
CREATE INDEX work_attachment_task ON work_attachment (task_id);
CREATE INDEX work_attachment_basket ON work_attachment (basket, at);
CREATE INDEX work_attachment_blob ON work_attachment (sha256, sealed_by);

-- How the materials of an application stand (材料): given, owed until it is due (容缺), promised (告知承诺), or closed by an official.
CREATE TABLE work_material (
  case_id TEXT NOT NULL REFERENCES work_case (id),
  material TEXT NOT NULL,
  state TEXT NOT NULL,
  -- Whose officials look after it: the unit of the matter's first lane, in the case's region.
  unit TEXT NOT NULL,
  since TEXT NOT NULL,
  due TEXT,
  -- What was promised, as it was read, and its hash.
  promise TEXT,
  promise_sha256 TEXT,
  -- kept or broken, once it was checked.
  checked TEXT,
  reason TEXT,
  ended TEXT,
  ended_by TEXT,
  version BIGINT NOT NULL,
  PRIMARY KEY (case_id, material)
);
CREATE INDEX work_material_list ON work_material (unit, state, since);
