CREATE TABLE return_sheet (
  id TEXT PRIMARY KEY,
  pack TEXT NOT NULL,
  dataset TEXT NOT NULL,
  period TEXT NOT NULL,
  starts TEXT NOT NULL,
  region TEXT NOT NULL,
  unit TEXT NOT NULL,
  reviewer TEXT NOT NULL,
  due TEXT NOT NULL,
  state TEXT NOT NULL,
  filled TEXT NOT NULL,
  note TEXT,
  version BIGINT NOT NULL,
  opened TEXT NOT NULL,
  sent TEXT,
  sent_by TEXT,
  decided TEXT,
  decided_by TEXT,
  UNIQUE (pack, dataset, period, starts, region)
);
CREATE INDEX return_sheet_unit ON return_sheet (unit, state, due);
CREATE INDEX return_sheet_reviewer ON return_sheet (reviewer, state, due);
CREATE TABLE return_step (
  sheet_id TEXT NOT NULL REFERENCES return_sheet (id),
  seq BIGINT NOT NULL,
  at TEXT NOT NULL,
  by_login TEXT NOT NULL,
  what TEXT NOT NULL,
  note TEXT,
  PRIMARY KEY (sheet_id, seq)
);
