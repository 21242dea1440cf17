-- Wallet (证照包): credentials that people and organisations were granted, and what of them they show to others.
CREATE TABLE work_credential (
  id TEXT PRIMARY KEY,
  case_id TEXT NOT NULL UNIQUE REFERENCES work_case (id),
  document_id TEXT NOT NULL REFERENCES work_document (id),
  -- Whose it is: a subject.
  holder TEXT NOT NULL,
  unit TEXT NOT NULL,
  name TEXT NOT NULL,
  -- JSON: field to value; sealed.
  fields TEXT NOT NULL,
  issued TEXT NOT NULL,
  -- The last day (yyyy-MM-dd); null where it does not end.
  valid_until TEXT,
  revoked TEXT,
  revoked_by TEXT,
  reason TEXT
);
CREATE INDEX work_credential_holder ON work_credential (holder, issued);
-- A presentation (出示): some fields, for a purpose, for a while. Its token is kept as a hash alone.
CREATE TABLE work_presentation (
  id TEXT PRIMARY KEY,
  credential_id TEXT NOT NULL REFERENCES work_credential (id),
  token TEXT NOT NULL UNIQUE,
  -- JSON: names of fields
  fields TEXT NOT NULL,
  -- Sealed.
  purpose TEXT NOT NULL,
  -- 1: it is read once
  once BIGINT NOT NULL,
  reads BIGINT NOT NULL,
  made TEXT NOT NULL,
  expires TEXT NOT NULL,
  ended TEXT
);
CREATE INDEX work_presentation_credential ON work_presentation (credential_id, made);
CREATE TABLE work_presentation_read (
  presentation_id TEXT NOT NULL REFERENCES work_presentation (id),
  at TEXT NOT NULL,
  -- Who says they are; sealed.
  reader TEXT NOT NULL
);
CREATE INDEX work_presentation_read_of ON work_presentation_read (presentation_id, at);
-- Keys that sign presentations (ES256); the private half is sealed. Former ones are published as long as anybody may look back.
CREATE TABLE work_credential_key (
  id TEXT PRIMARY KEY,
  made TEXT NOT NULL,
  -- JSON Web Key (RFC 7517)
  jwk TEXT NOT NULL,
  secret TEXT NOT NULL
);
