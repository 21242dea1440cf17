-- Cases that are taken from one version of their pack to another. One at a time for a matter.
CREATE TABLE work_migration (
  id TEXT PRIMARY KEY,
  pack TEXT NOT NULL,
  matter TEXT NOT NULL,
  from_revision TEXT NOT NULL,
  to_revision TEXT NOT NULL,
  mapping TEXT NOT NULL,
  reason TEXT NOT NULL,
  started TEXT NOT NULL,
  started_by TEXT NOT NULL,
  finished TEXT,
  reverses TEXT REFERENCES work_migration (id)
);
CREATE UNIQUE INDEX work_migration_running ON work_migration (pack, matter) WHERE finished IS NULL;

-- Each case of it: waiting, migrated, refused or reversed; how it stood before, for the way back, and its version after.
CREATE TABLE work_migration_case (
  migration_id TEXT NOT NULL REFERENCES work_migration (id),
  case_id TEXT NOT NULL REFERENCES work_case (id),
  state TEXT NOT NULL,
  why TEXT,
  former TEXT,
  version BIGINT,
  PRIMARY KEY (migration_id, case_id)
);
CREATE INDEX work_migration_case_state ON work_migration_case (state, migration_id, case_id);
CREATE INDEX work_case_revision ON work_case (pack, matter, revision, id);
