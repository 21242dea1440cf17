-- One row takes turns for everybody: numbers are given, and become visible, in order.
CREATE TABLE catalogue_counter (
  name TEXT PRIMARY KEY,
  last BIGINT NOT NULL
);

CREATE TABLE catalogue_entry (
  id TEXT PRIMARY KEY,
  code TEXT NOT NULL UNIQUE,
  origin TEXT NOT NULL,
  source TEXT NOT NULL,
  provider TEXT NOT NULL,
  version BIGINT NOT NULL,
  state TEXT NOT NULL,
  public BIGINT NOT NULL,
  body TEXT NOT NULL,
  changed TEXT NOT NULL,
  seq BIGINT NOT NULL UNIQUE
);
CREATE INDEX catalogue_entry_source ON catalogue_entry (origin, source);

CREATE TABLE catalogue_version (
  id TEXT NOT NULL REFERENCES catalogue_entry (id),
  version BIGINT NOT NULL,
  at TEXT NOT NULL,
  changed_by TEXT NOT NULL,
  unit TEXT,
  state TEXT NOT NULL,
  body TEXT NOT NULL,
  changes TEXT NOT NULL,
  PRIMARY KEY (id, version)
);
