-- Supervision (督办): a unit is held to something about a case by a deadline, and answers until its supervisor accepts.
CREATE TABLE work_supervision (
  id TEXT PRIMARY KEY,
  case_id TEXT NOT NULL REFERENCES work_case (id),
  unit TEXT NOT NULL,
  by_login TEXT NOT NULL,
  -- Empty where the platform opened it of a case that nobody acted on in time.
  by_unit TEXT NOT NULL,
  demand TEXT NOT NULL,
  reason TEXT NOT NULL,
  -- open, answered, closed, withdrawn
  state TEXT NOT NULL,
  opened TEXT NOT NULL,
  due TEXT NOT NULL,
  ended TEXT,
  version BIGINT NOT NULL
);
CREATE INDEX work_supervision_list ON work_supervision (state, due);
CREATE INDEX work_supervision_unit ON work_supervision (unit, state);
CREATE INDEX work_supervision_case ON work_supervision (case_id);
CREATE TABLE work_supervision_line (
  supervision_id TEXT NOT NULL REFERENCES work_supervision (id),
  seq BIGINT NOT NULL,
  at TEXT NOT NULL,
  -- answered, sent-back, accepted, withdrawn
  what TEXT NOT NULL,
  by_login TEXT NOT NULL,
  unit TEXT NOT NULL,
  words TEXT NOT NULL,
  due TEXT,
  PRIMARY KEY (supervision_id, seq)
);

-- Escalation (超期升级): when what is overdue was brought before the leaders of its unit, and whether its term was extended by hand.
ALTER TABLE work_task ADD COLUMN escalated TEXT;
ALTER TABLE work_task ADD COLUMN extended BIGINT NOT NULL DEFAULT 0;
ALTER TABLE work_case ADD COLUMN escalated TEXT;
ALTER TABLE work_case ADD COLUMN extended BIGINT NOT NULL DEFAULT 0;
CREATE INDEX work_task_red ON work_task (due) WHERE state = 'open' AND escalated IS NULL;
CREATE INDEX work_case_red ON work_case (due) WHERE ended IS NULL AND escalated IS NULL;
-- Of an escalation, due is when it goes further, and reminded when it did or need not.
CREATE INDEX work_ask_further ON work_ask (due) WHERE kind = 'escalation' AND reminded IS NULL;

-- Suspension (中止办理) is a pause that nothing is done in; termination (终止) is for good.
ALTER TABLE work_pause ADD COLUMN suspends BIGINT NOT NULL DEFAULT 0;
ALTER TABLE work_case ADD COLUMN suspended TEXT;
CREATE TABLE work_termination (
  case_id TEXT PRIMARY KEY REFERENCES work_case (id),
  ground TEXT NOT NULL,
  reason TEXT NOT NULL,
  at TEXT NOT NULL,
  by_login TEXT NOT NULL,
  unit TEXT NOT NULL
);

-- Cases of the same matter handled as one (并案), and one that became two (分案).
CREATE TABLE work_merge (
  id TEXT PRIMARY KEY,
  case_id TEXT NOT NULL REFERENCES work_case (id),
  into_id TEXT NOT NULL REFERENCES work_case (id),
  -- The state that it was in.
  was TEXT NOT NULL,
  reason TEXT NOT NULL,
  at TEXT NOT NULL,
  by_login TEXT NOT NULL,
  unit TEXT NOT NULL,
  undone TEXT,
  undone_by TEXT
);
CREATE UNIQUE INDEX work_merge_case ON work_merge (case_id) WHERE undone IS NULL;
CREATE INDEX work_merge_into ON work_merge (into_id);
CREATE TABLE work_split (
  case_id TEXT PRIMARY KEY REFERENCES work_case (id),
  from_id TEXT NOT NULL REFERENCES work_case (id),
  reason TEXT NOT NULL,
  at TEXT NOT NULL,
  by_login TEXT NOT NULL,
  unit TEXT NOT NULL
);
CREATE INDEX work_split_from ON work_split (from_id);

-- Who is away from when to when, and who stands in for them (代理); days become moments by the jurisdiction's clock, the end not included.
CREATE TABLE work_absence (
  id TEXT PRIMARY KEY,
  login TEXT NOT NULL,
  unit TEXT NOT NULL,
  substitute TEXT NOT NULL,
  begins TEXT NOT NULL,
  ends TEXT NOT NULL,
  declared TEXT NOT NULL,
  by_login TEXT NOT NULL
);
CREATE INDEX work_absence_login ON work_absence (login, ends);
CREATE INDEX work_absence_unit ON work_absence (unit, ends);

-- What officials of a unit can do beside their office, and whose turn it was last, for tasks that are assigned by rule.
CREATE TABLE work_skill (
  unit TEXT NOT NULL,
  login TEXT NOT NULL,
  skill TEXT NOT NULL,
  PRIMARY KEY (unit, login, skill)
);
CREATE TABLE work_turn (
  key TEXT PRIMARY KEY,
  login TEXT NOT NULL
);
