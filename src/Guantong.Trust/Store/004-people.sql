CREATE TABLE organisation (
  code TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  name_en TEXT NOT NULL,
  kind TEXT NOT NULL,
  region TEXT NOT NULL,
  representative TEXT NOT NULL,
  added TEXT NOT NULL
);

CREATE TABLE authority (
  id TEXT PRIMARY KEY,
  principal TEXT NOT NULL,
  agent TEXT NOT NULL,
  matters TEXT NOT NULL,
  from_day TEXT NOT NULL,
  to_day TEXT NOT NULL,
  given_by TEXT NOT NULL,
  given TEXT NOT NULL,
  accepted TEXT,
  ended TEXT,
  ended_by TEXT
);
CREATE INDEX authority_principal ON authority (principal);
CREATE INDEX authority_agent ON authority (agent);

CREATE TABLE post (
  id TEXT PRIMARY KEY,
  login TEXT NOT NULL,
  unit TEXT NOT NULL,
  title TEXT NOT NULL,
  roles TEXT NOT NULL,
  kind TEXT NOT NULL,
  from_day TEXT NOT NULL,
  to_day TEXT,
  given_by TEXT NOT NULL,
  given TEXT NOT NULL,
  ended TEXT
);
CREATE INDEX post_login ON post (login);
