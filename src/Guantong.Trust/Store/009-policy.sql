-- What one person asked for and another has to agree to.
CREATE TABLE four_eyes (
  id TEXT PRIMARY KEY,
  act TEXT NOT NULL,
  about TEXT NOT NULL,
  payload TEXT NOT NULL,
  shown TEXT NOT NULL,
  policy TEXT NOT NULL,
  asker TEXT NOT NULL,
  reason TEXT NOT NULL,
  asked TEXT NOT NULL,
  expires TEXT NOT NULL,
  state TEXT NOT NULL,
  decided_by TEXT,
  decided TEXT,
  note TEXT
);
CREATE INDEX four_eyes_state ON four_eyes (state, asked);

-- A role held for a time.
CREATE TABLE elevation (
  id TEXT PRIMARY KEY,
  login TEXT NOT NULL,
  role TEXT NOT NULL,
  reason TEXT NOT NULL,
  begun TEXT NOT NULL,
  until TEXT NOT NULL,
  agreed_by TEXT NOT NULL,
  ended TEXT,
  ended_by TEXT
);
CREATE INDEX elevation_login ON elevation (login, until);
CREATE INDEX elevation_until ON elevation (until);

-- When somebody who may last said that the roles are still needed. What was given before this was asked for counts as confirmed now.
ALTER TABLE person ADD COLUMN confirmed TEXT;
ALTER TABLE post ADD COLUMN confirmed TEXT;
-- sqlite
UPDATE person SET confirmed = strftime('%Y-%m-%dT%H:%M:%fZ', 'now');
UPDATE post SET confirmed = strftime('%Y-%m-%dT%H:%M:%fZ', 'now');
-- postgres
UPDATE person SET confirmed = to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"');
UPDATE post SET confirmed = to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"');
-- both
