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

CREATE TABLE catalogue_source (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  kind TEXT NOT NULL,
  address TEXT NOT NULL,
  schedule TEXT NOT NULL,
  changed TEXT NOT NULL,
  changed_by TEXT NOT NULL,
  due TEXT,
  ran TEXT,
  outcome TEXT,
  detail TEXT
);

CREATE TABLE catalogue_demand (
  id TEXT PRIMARY KEY,
  unit TEXT NOT NULL,
  name TEXT NOT NULL,
  about TEXT NOT NULL,
  purpose TEXT NOT NULL,
  state TEXT NOT NULL,
  entry TEXT,
  filed TEXT NOT NULL,
  filed_by TEXT NOT NULL,
  note TEXT NOT NULL,
  answered TEXT,
  answered_by TEXT
);

CREATE TABLE catalogue_watch (
  id TEXT PRIMARY KEY,
  login TEXT NOT NULL,
  kind TEXT NOT NULL,
  what TEXT NOT NULL,
  since BIGINT NOT NULL,
  begun TEXT NOT NULL,
  UNIQUE (login, kind, what)
);

CREATE TABLE catalogue_label (
  entry TEXT NOT NULL REFERENCES catalogue_entry (id),
  label TEXT NOT NULL,
  way TEXT NOT NULL,
  score TEXT NOT NULL,
  state TEXT NOT NULL,
  at TEXT NOT NULL,
  decided_by TEXT,
  PRIMARY KEY (entry, label)
);
