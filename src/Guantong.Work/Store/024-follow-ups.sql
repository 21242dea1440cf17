-- Follow-up visits (回访): cases that ended and were drawn, whose applicants are asked how it was.
CREATE TABLE work_follow_up (
  case_id TEXT PRIMARY KEY REFERENCES work_case (id),
  -- The unit that finished its last task.
  unit TEXT NOT NULL,
  -- open, reached, missed (not reached in three tries), rated (by themselves, before they were asked)
  state TEXT NOT NULL,
  -- From when on they are asked, and since when they were told so.
  due TEXT NOT NULL,
  told TEXT,
  tries BIGINT NOT NULL,
  last TEXT,
  by_login TEXT,
  version BIGINT NOT NULL
);
CREATE INDEX work_follow_up_due ON work_follow_up (due) WHERE told IS NULL;
CREATE INDEX work_follow_up_list ON work_follow_up (state, due);
