-- A case that another one calls: who waits for it and where, what it was given, and its process where that is not its matter's own.
ALTER TABLE work_case ADD COLUMN parent TEXT REFERENCES work_case (id);
ALTER TABLE work_case ADD COLUMN parent_token TEXT;
ALTER TABLE work_case ADD COLUMN parent_node TEXT;
ALTER TABLE work_case ADD COLUMN given TEXT;
ALTER TABLE work_case ADD COLUMN called TEXT;
ALTER TABLE work_case ADD COLUMN depth BIGINT NOT NULL DEFAULT 0;
CREATE INDEX work_case_parent ON work_case (parent, parent_token);

-- Matters in force whose process begins by time: the next time of each.
CREATE TABLE work_start (
  id TEXT PRIMARY KEY,
  pack TEXT NOT NULL,
  begins TEXT NOT NULL,
  name TEXT NOT NULL,
  timer TEXT NOT NULL,
  due TEXT,
  every TEXT,
  remaining BIGINT NOT NULL
);
CREATE INDEX work_start_due ON work_start (due);

-- What an operator sees of a message, and says when it is mended or dropped.
ALTER TABLE work_message ADD COLUMN sent TEXT;
ALTER TABLE work_message ADD COLUMN why TEXT;
ALTER TABLE work_message ADD COLUMN resolved_by TEXT;
ALTER TABLE work_message ADD COLUMN reason TEXT;
UPDATE work_message SET sent = due;
CREATE INDEX work_message_expires ON work_message (state, expires);
CREATE INDEX work_message_sent ON work_message (sent);
