CREATE TABLE client (
  id TEXT PRIMARY KEY,
  body TEXT NOT NULL,
  created TEXT NOT NULL,
  version BIGINT NOT NULL
);

CREATE TABLE client_consent (
  id TEXT PRIMARY KEY,
  client TEXT NOT NULL,
  subject TEXT NOT NULL,
  type TEXT,
  status TEXT,
  scopes TEXT NOT NULL,
  created TEXT,
  properties TEXT,
  version BIGINT NOT NULL
);
CREATE INDEX client_consent_subject ON client_consent (subject, client);
CREATE INDEX client_consent_client ON client_consent (client);

CREATE TABLE client_token (
  id TEXT PRIMARY KEY,
  client TEXT,
  consent TEXT,
  subject TEXT,
  type TEXT,
  status TEXT,
  reference TEXT UNIQUE,
  payload TEXT,
  created TEXT,
  expires TEXT,
  redeemed TEXT,
  properties TEXT,
  version BIGINT NOT NULL
);
CREATE INDEX client_token_subject ON client_token (subject, client);
CREATE INDEX client_token_client ON client_token (client);
CREATE INDEX client_token_consent ON client_token (consent);
CREATE INDEX client_token_created ON client_token (created);

CREATE TABLE client_proof (
  id TEXT PRIMARY KEY,
  expires TEXT NOT NULL
);
CREATE INDEX client_proof_expires ON client_proof (expires);
