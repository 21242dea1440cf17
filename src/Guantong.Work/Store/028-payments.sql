-- Payments (缴款): what has to be paid in a case, into whose account, and what came of it. Amounts are whole fen, always CNY (ISO 4217).
CREATE TABLE work_payment (
  id TEXT PRIMARY KEY,
  number TEXT NOT NULL UNIQUE,
  -- By which it is looked up and paid (缴款码).
  code TEXT NOT NULL UNIQUE,
  case_id TEXT NOT NULL REFERENCES work_case (id),
  -- The charge of its matter; what stands there was true when it was asked for.
  charge TEXT NOT NULL,
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  payee TEXT NOT NULL,
  basis TEXT NOT NULL,
  -- The unit that asks, by id.
  unit TEXT NOT NULL,
  fen BIGINT NOT NULL,
  -- due, paid, refunding, refunded, lapsed, cancelled
  state TEXT NOT NULL,
  made TEXT NOT NULL,
  due TEXT NOT NULL,
  channel TEXT,
  -- The channel's own number of what was paid.
  trade TEXT,
  paid TEXT,
  ended TEXT,
  reason TEXT,
  -- Number and code of its receipt.
  receipt TEXT,
  receipt_code TEXT,
  -- When it is looked at next: it lapses, or goes back; null where nothing is to come.
  next TEXT,
  attempts BIGINT NOT NULL,
  version BIGINT NOT NULL
);
-- A case owes a charge once.
CREATE UNIQUE INDEX work_payment_once ON work_payment (case_id, charge) WHERE state IN ('due', 'paid', 'refunding');
CREATE INDEX work_payment_next ON work_payment (next) WHERE next IS NOT NULL;
CREATE INDEX work_payment_case ON work_payment (case_id);
CREATE INDEX work_payment_unit ON work_payment (unit, made);
CREATE INDEX work_payment_paid ON work_payment (channel, paid);
-- What a channel told, each once.
CREATE TABLE work_payment_word (
  channel TEXT NOT NULL,
  id TEXT NOT NULL,
  at TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  PRIMARY KEY (channel, id)
);
-- Days whose statement was gone through.
CREATE TABLE work_payment_day (
  channel TEXT NOT NULL,
  day TEXT NOT NULL,
  at TEXT NOT NULL,
  lines BIGINT NOT NULL,
  PRIMARY KEY (channel, day)
);
-- Where the channel's word and the orders differ, until a person has said what became of it.
CREATE TABLE work_payment_difference (
  id TEXT PRIMARY KEY,
  unit TEXT,
  region TEXT NOT NULL,
  channel TEXT NOT NULL,
  -- unknown (money for no order), amount, late (after it was over), twice, missing (paid here, not in the statement), refund (went back there alone)
  kind TEXT NOT NULL,
  number TEXT NOT NULL,
  trade TEXT NOT NULL,
  ours BIGINT,
  theirs BIGINT,
  found TEXT NOT NULL,
  -- refund or explained
  how TEXT,
  reason TEXT,
  resolved TEXT,
  resolved_by TEXT,
  UNIQUE (channel, kind, number, trade)
);
CREATE INDEX work_payment_difference_open ON work_payment_difference (found) WHERE resolved IS NULL;

-- The simulated channel's own book: no money stands behind it.
CREATE TABLE work_simulated_trade (
  trade TEXT PRIMARY KEY,
  number TEXT NOT NULL UNIQUE,
  fen BIGINT NOT NULL,
  -- open, paid, failed, refunded
  state TEXT NOT NULL,
  back TEXT NOT NULL,
  made TEXT NOT NULL,
  paid TEXT,
  refunded TEXT
);
