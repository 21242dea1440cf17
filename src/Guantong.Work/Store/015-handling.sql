-- What officials ask of each other about a task or a case: hand-over, delegate, countersign, opinion, copy, urge, instruct.
CREATE TABLE work_ask (
  id TEXT PRIMARY KEY,
  kind TEXT NOT NULL,
  case_id TEXT NOT NULL REFERENCES work_case (id),
  task_id TEXT REFERENCES work_task (id),
  by_login TEXT NOT NULL,
  by_unit TEXT NOT NULL,
  words TEXT NOT NULL,
  asked TEXT NOT NULL,
  due TEXT,
  quorum BIGINT,
  in_turn BIGINT NOT NULL,
  silence TEXT,
  reminded TEXT
);
CREATE INDEX work_ask_task ON work_ask (task_id);
CREATE INDEX work_ask_case ON work_ask (case_id, kind);

-- Whom: a unit, or one official of it. Kind, case and task stand here too, so that a list finds them by an index.
CREATE TABLE work_ask_of (
  id TEXT PRIMARY KEY,
  ask_id TEXT NOT NULL REFERENCES work_ask (id),
  kind TEXT NOT NULL,
  case_id TEXT NOT NULL REFERENCES work_case (id),
  task_id TEXT REFERENCES work_task (id),
  place BIGINT NOT NULL,
  unit TEXT NOT NULL,
  login TEXT,
  state TEXT NOT NULL,
  words TEXT,
  seen TEXT,
  seen_by TEXT,
  ended TEXT,
  ended_by TEXT,
  signed_by TEXT,
  -- Nobody signs twice.
  UNIQUE (ask_id, signed_by)
);
CREATE INDEX work_ask_of_unit ON work_ask_of (unit, state);
CREATE INDEX work_ask_of_case ON work_ask_of (case_id);
CREATE INDEX work_ask_of_task ON work_ask_of (task_id, kind);

-- Who has declared an interest in a case (回避).
CREATE TABLE work_recusal (
  case_id TEXT NOT NULL REFERENCES work_case (id),
  login TEXT NOT NULL,
  unit TEXT NOT NULL,
  reason TEXT NOT NULL,
  declared TEXT NOT NULL,
  PRIMARY KEY (case_id, login)
);
