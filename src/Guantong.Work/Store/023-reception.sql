-- Reception (统一受理): what comes in by any channel in somebody's own words. What was said and how they are reached is sealed.
CREATE TABLE work_reception (
  id TEXT PRIMARY KEY,
  number TEXT NOT NULL UNIQUE,
  channel TEXT NOT NULL,
  region TEXT NOT NULL,
  said TEXT,
  reach TEXT,
  -- SHA-256 of the code by which it is looked up; null where it is an account's
  code TEXT,
  applicant TEXT,
  -- waiting, sorted, joined (one that was there already), closed (nothing for government)
  state TEXT NOT NULL,
  pack TEXT,
  matter TEXT,
  case_id TEXT REFERENCES work_case (id),
  -- who sorted it last: rule, model or a login; and what they said
  sorted_by TEXT,
  reason TEXT,
  received TEXT NOT NULL,
  received_by TEXT NOT NULL,
  ended TEXT,
  version BIGINT NOT NULL
);
CREATE INDEX work_reception_list ON work_reception (state, received);
CREATE INDEX work_reception_case ON work_reception (case_id);
CREATE INDEX work_reception_applicant ON work_reception (applicant, received) WHERE applicant IS NOT NULL;
-- Where it was thought to belong, by what, and how surely: a rule, a model, a person. The last is where it went.
CREATE TABLE work_sorting (
  reception_id TEXT NOT NULL REFERENCES work_reception (id),
  seq BIGINT NOT NULL,
  at TEXT NOT NULL,
  -- rule, model or person
  how TEXT NOT NULL,
  model TEXT,
  pack TEXT NOT NULL,
  matter TEXT NOT NULL,
  unit TEXT NOT NULL,
  confidence DOUBLE PRECISION,
  -- whether it went there, or was suggested only
  went BIGINT NOT NULL,
  PRIMARY KEY (reception_id, seq)
);
CREATE INDEX work_sorting_model ON work_sorting (how, at);
-- Models that sort: trained here on what people sorted, put in force by a person. One is in force at a time.
CREATE TABLE work_sort_model (
  id TEXT PRIMARY KEY,
  made TEXT NOT NULL,
  made_by TEXT NOT NULL,
  examples BIGINT NOT NULL,
  -- JSON: how it did on examples that it had not seen, in all and by unit
  measured TEXT NOT NULL,
  -- base64
  model TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  -- trained, used, retired
  state TEXT NOT NULL,
  -- from which confidence on it sorts by itself; null: it suggests only
  alone DOUBLE PRECISION,
  used TEXT,
  used_by TEXT
);

-- Acceptance (受理): whether an application is taken up, answered within its term.
CREATE TABLE work_acceptance (
  case_id TEXT PRIMARY KEY REFERENCES work_case (id),
  unit TEXT NOT NULL,
  -- received, supplement (the applicant is to add something), accepted, rejected, redirected, withdrawn
  state TEXT NOT NULL,
  received TEXT NOT NULL,
  due TEXT NOT NULL,
  -- 1 once supplementing was asked for: it is asked for once
  asked BIGINT NOT NULL,
  -- JSON: the fields and materials that are wanted
  missing TEXT,
  supplement_due TEXT,
  -- What was said to the applicant, on which ground, and where they are to turn to.
  ground TEXT,
  reason TEXT,
  toward TEXT,
  answered TEXT,
  answered_by TEXT,
  version BIGINT NOT NULL
);
CREATE INDEX work_acceptance_due ON work_acceptance (state, due);
CREATE INDEX work_acceptance_supplement ON work_acceptance (state, supplement_due);

-- What is alike (疑似重复): min-hash bands of texts; texts that share a band are compared.
CREATE TABLE work_likeness (
  id TEXT PRIMARY KEY,
  at TEXT NOT NULL,
  signature TEXT NOT NULL
);
CREATE TABLE work_likeness_band (
  band BIGINT NOT NULL,
  hash BIGINT NOT NULL,
  id TEXT NOT NULL REFERENCES work_likeness (id),
  PRIMARY KEY (band, hash, id)
);
CREATE INDEX work_likeness_band_id ON work_likeness_band (id);
