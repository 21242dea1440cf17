-- Of a part of one thing (一件事): the joint case that it belongs to.
ALTER TABLE work_case ADD COLUMN joint TEXT REFERENCES work_case (id);
CREATE INDEX work_case_joint ON work_case (joint, opened, id) WHERE joint IS NOT NULL;

-- Applications for administrative reconsideration (行政复议申请) against what cases came to, one for a case; words are sealed.
CREATE TABLE work_appeal (
  case_id TEXT PRIMARY KEY REFERENCES work_case (id),
  -- The organ that reviews.
  unit TEXT NOT NULL,
  -- filed, accepted, refused, decided, withdrawn
  state TEXT NOT NULL,
  -- What was decided: upheld, changed, revoked, ordered
  result TEXT,
  late BIGINT NOT NULL,
  since TEXT NOT NULL,
  until TEXT NOT NULL,
  due TEXT,
  filed TEXT NOT NULL,
  ended TEXT,
  version BIGINT NOT NULL
);
CREATE INDEX work_appeal_list ON work_appeal (unit, state, filed);
CREATE TABLE work_appeal_step (
  case_id TEXT NOT NULL REFERENCES work_appeal (case_id),
  seq BIGINT NOT NULL,
  at TEXT NOT NULL,
  what TEXT NOT NULL,
  unit TEXT,
  words TEXT,
  PRIMARY KEY (case_id, seq)
);
