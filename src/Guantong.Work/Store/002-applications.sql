-- A case that somebody applied for without an account is looked up by its number and a code that only they hold.
CREATE TABLE work_application (
  case_id TEXT PRIMARY KEY REFERENCES work_case (id),
  code TEXT NOT NULL
);
