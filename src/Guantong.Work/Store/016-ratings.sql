-- How applicants rate what was done for them (好差评), and what became of bad ratings; words are sealed. The level counted is the first.
CREATE TABLE work_rating (
  case_id TEXT PRIMARY KEY REFERENCES work_case (id),
  unit TEXT NOT NULL,
  level BIGINT NOT NULL,
  -- counted, open, answered, review, closed, set-aside
  state TEXT NOT NULL,
  due TEXT,
  rounds BIGINT NOT NULL,
  late BIGINT NOT NULL,
  satisfied BIGINT,
  rated TEXT NOT NULL,
  ended TEXT,
  version BIGINT NOT NULL
);
CREATE INDEX work_rating_list ON work_rating (state, rated);
CREATE TABLE work_rating_step (
  case_id TEXT NOT NULL REFERENCES work_rating (case_id),
  seq BIGINT NOT NULL,
  at TEXT NOT NULL,
  what TEXT NOT NULL,
  unit TEXT,
  reasons TEXT,
  words TEXT,
  PRIMARY KEY (case_id, seq)
);
