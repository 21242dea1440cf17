ALTER TABLE person ADD COLUMN ended TEXT;
ALTER TABLE api_key ADD COLUMN issuer TEXT;

CREATE TABLE scim_user (
  login TEXT PRIMARY KEY,
  external_id TEXT,
  created TEXT NOT NULL,
  modified TEXT NOT NULL,
  deleted TEXT,
  version BIGINT NOT NULL
);
CREATE INDEX scim_user_external ON scim_user (external_id);
