-- Whoever was there before accounts were made by hand came with the demonstration.
ALTER TABLE person ADD COLUMN demo BIGINT NOT NULL DEFAULT 0;
ALTER TABLE person ADD COLUMN handle TEXT;
UPDATE person SET demo = 1;

CREATE TABLE session (
  id TEXT PRIMARY KEY,
  hash TEXT NOT NULL UNIQUE,
  login TEXT NOT NULL,
  device TEXT NOT NULL,
  strength TEXT NOT NULL,
  proved TEXT NOT NULL,
  created TEXT NOT NULL,
  seen TEXT NOT NULL,
  ends TEXT NOT NULL,
  post TEXT
);
CREATE INDEX session_login ON session (login);

CREATE TABLE one_time (
  id TEXT PRIMARY KEY,
  ends TEXT NOT NULL
);

CREATE TABLE totp (
  login TEXT PRIMARY KEY,
  secret TEXT NOT NULL,
  confirmed TEXT,
  last_step BIGINT NOT NULL
);

CREATE TABLE recovery_code (
  login TEXT NOT NULL,
  slot BIGINT NOT NULL,
  hash TEXT NOT NULL,
  used TEXT,
  PRIMARY KEY (login, slot)
);

CREATE TABLE passkey (
  id TEXT PRIMARY KEY,
  login TEXT NOT NULL,
  name TEXT NOT NULL,
  public_key TEXT NOT NULL,
  sign_count BIGINT NOT NULL,
  transports TEXT NOT NULL,
  is_verified BIGINT NOT NULL,
  is_backup_eligible BIGINT NOT NULL,
  is_backed_up BIGINT NOT NULL,
  attestation TEXT NOT NULL,
  client_data TEXT NOT NULL,
  created TEXT NOT NULL,
  used TEXT
);
CREATE INDEX passkey_login ON passkey (login);
