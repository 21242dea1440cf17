CREATE TABLE pack (
  id TEXT PRIMARY KEY,
  revision TEXT NOT NULL,
  applied TEXT NOT NULL,
  applied_by TEXT NOT NULL
);

CREATE TABLE pack_revision (
  id TEXT NOT NULL,
  revision TEXT NOT NULL,
  version TEXT NOT NULL,
  files TEXT NOT NULL,
  applied TEXT NOT NULL,
  PRIMARY KEY (id, revision)
);

CREATE TABLE load_seen (
  load_id TEXT PRIMARY KEY,
  seen TEXT NOT NULL
);
