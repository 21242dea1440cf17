-- A person asks about a read of their data (异议); words and answer are sealed.
CREATE TABLE work_objection (
  id TEXT PRIMARY KEY,
  subject TEXT NOT NULL,
  entry BIGINT NOT NULL,
  words TEXT NOT NULL,
  asked TEXT NOT NULL,
  answer TEXT,
  answered TEXT,
  answered_by TEXT,
  unit TEXT,
  UNIQUE (subject, entry)
);
CREATE INDEX work_objection_list ON work_objection (answered, asked, id);
CREATE INDEX work_objection_subject ON work_objection (subject, asked, id);
