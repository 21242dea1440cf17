-- What an official gave, of a job that takes their step again.
ALTER TABLE work_job ADD COLUMN data TEXT;
CREATE INDEX work_job_case ON work_job (case_id);

-- Timers that a case waits for; written and removed in the step's own transaction.
CREATE TABLE work_timer (
  id TEXT PRIMARY KEY,
  case_id TEXT NOT NULL REFERENCES work_case (id),
  wait TEXT NOT NULL,
  node TEXT NOT NULL,
  state TEXT NOT NULL,
  attempts BIGINT NOT NULL,
  due TEXT NOT NULL,
  error TEXT,
  UNIQUE (case_id, wait)
);
CREATE INDEX work_timer_ready ON work_timer (state, due);

-- Messages and signals that a case waits for.
CREATE TABLE work_wait (
  case_id TEXT NOT NULL REFERENCES work_case (id),
  wait TEXT NOT NULL,
  node TEXT NOT NULL,
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  ref TEXT,
  key TEXT,
  PRIMARY KEY (case_id, wait)
);
CREATE INDEX work_wait_name ON work_wait (kind, name);

-- Messages and signals on their way: kept until taken or expired. A signal is one row for each case that waits for it.
CREATE TABLE work_message (
  id TEXT PRIMARY KEY,
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  key TEXT,
  data TEXT NOT NULL,
  case_id TEXT REFERENCES work_case (id),
  begins TEXT,
  sender TEXT NOT NULL,
  once TEXT,
  state TEXT NOT NULL,
  attempts BIGINT NOT NULL,
  due TEXT NOT NULL,
  expires TEXT NOT NULL,
  error TEXT,
  taken_by TEXT,
  UNIQUE (sender, once)
);
CREATE INDEX work_message_ready ON work_message (state, due);

-- Work that cannot go on by itself: an operator mends and resumes it.
CREATE TABLE work_incident (
  id TEXT PRIMARY KEY,
  case_id TEXT NOT NULL REFERENCES work_case (id),
  kind TEXT NOT NULL,
  item TEXT NOT NULL,
  node TEXT NOT NULL,
  why TEXT NOT NULL,
  detail TEXT NOT NULL,
  since TEXT NOT NULL,
  resolved TEXT,
  resolved_by TEXT,
  how TEXT,
  reason TEXT
);
CREATE INDEX work_incident_open ON work_incident (resolved, since);
CREATE INDEX work_incident_case ON work_incident (case_id);
-- Services whose attempts were spent before there were incidents.
INSERT INTO work_incident (id, case_id, kind, item, node, why, detail, since)
  SELECT id, case_id, 'job', id, node, 'failed', coalesce(error, ''), due FROM work_job WHERE state = 'failed';
UPDATE work_case SET state = 'stuck' WHERE state = 'open' AND id IN (SELECT case_id FROM work_incident);
