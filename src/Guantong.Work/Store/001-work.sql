CREATE TABLE counter (
  name TEXT PRIMARY KEY,
  value BIGINT NOT NULL
);

CREATE TABLE work_case (
  id TEXT PRIMARY KEY,
  number TEXT NOT NULL UNIQUE,
  pack TEXT NOT NULL,
  revision TEXT NOT NULL,
  matter TEXT NOT NULL,
  title TEXT NOT NULL,
  region TEXT NOT NULL,
  state TEXT NOT NULL,
  outcome TEXT,
  opened TEXT NOT NULL,
  opened_by TEXT NOT NULL,
  ended TEXT,
  due TEXT,
  data TEXT NOT NULL,
  process TEXT NOT NULL,
  warning TEXT,
  version BIGINT NOT NULL
);
CREATE INDEX work_case_state ON work_case (state, opened);

CREATE TABLE work_task (
  id TEXT PRIMARY KEY,
  case_id TEXT NOT NULL REFERENCES work_case (id),
  token TEXT NOT NULL,
  node TEXT NOT NULL,
  name TEXT NOT NULL,
  unit TEXT NOT NULL,
  form TEXT,
  state TEXT NOT NULL,
  assignee TEXT,
  opened TEXT NOT NULL,
  due TEXT,
  ended TEXT,
  ended_by TEXT,
  data TEXT,
  version BIGINT NOT NULL
);
CREATE INDEX work_task_unit ON work_task (unit, state, opened);
CREATE INDEX work_task_case ON work_task (case_id);

CREATE TABLE work_job (
  id TEXT PRIMARY KEY,
  case_id TEXT NOT NULL REFERENCES work_case (id),
  token TEXT NOT NULL,
  node TEXT NOT NULL,
  service TEXT NOT NULL,
  state TEXT NOT NULL,
  attempts BIGINT NOT NULL,
  due TEXT NOT NULL,
  error TEXT
);
CREATE INDEX work_job_ready ON work_job (state, due);

CREATE TABLE work_document (
  id TEXT PRIMARY KEY,
  case_id TEXT NOT NULL REFERENCES work_case (id),
  name TEXT NOT NULL,
  markdown TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  made TEXT NOT NULL
);
CREATE INDEX work_document_case ON work_document (case_id);
