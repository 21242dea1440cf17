CREATE TABLE connection (
  id TEXT PRIMARY KEY,
  kind TEXT NOT NULL,
  address TEXT NOT NULL,
  login TEXT,
  auth TEXT,
  token_address TEXT,
  fingerprint TEXT,
  secret TEXT,
  changed TEXT NOT NULL,
  changed_by TEXT NOT NULL
);
