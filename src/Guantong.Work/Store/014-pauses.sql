-- The limit that a case or task was opened with: when its clock was stopped, it is due anew by it.
ALTER TABLE work_case ADD COLUMN term TEXT;
ALTER TABLE work_task ADD COLUMN term TEXT;
-- Since when a case's clock stands (中止计时).
ALTER TABLE work_case ADD COLUMN stopped TEXT;
CREATE TABLE work_pause (
  id TEXT PRIMARY KEY,
  case_id TEXT NOT NULL REFERENCES work_case (id),
  ground TEXT NOT NULL,
  reason TEXT NOT NULL,
  since TEXT NOT NULL,
  stopped_by TEXT NOT NULL,
  unit TEXT,
  resumed TEXT,
  resumed_by TEXT
);
CREATE INDEX work_pause_case ON work_pause (case_id, since);
-- A clock that stands is not stopped again.
CREATE UNIQUE INDEX work_pause_open ON work_pause (case_id) WHERE resumed IS NULL;
