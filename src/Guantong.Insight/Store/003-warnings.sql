-- How a warning stands: running, ended (normal again). Of old ones it is not known when they ended.
ALTER TABLE warning ADD COLUMN state TEXT NOT NULL DEFAULT 'ended';
ALTER TABLE warning ADD COLUMN ended_on TEXT;
-- What warned, between commas; and why, JSON by day.
ALTER TABLE warning ADD COLUMN signals TEXT NOT NULL DEFAULT ',levels,';
ALTER TABLE warning ADD COLUMN why TEXT;
-- What it turned out to be: confirmed or false.
ALTER TABLE warning ADD COLUMN verdict TEXT;
ALTER TABLE warning ADD COLUMN verdict_note TEXT;
ALTER TABLE warning ADD COLUMN verdict_by TEXT;
ALTER TABLE warning ADD COLUMN verdict_at TEXT;
ALTER TABLE warning ADD COLUMN version BIGINT NOT NULL DEFAULT 1;
CREATE INDEX warning_list ON warning (pack, indicator, last_day);
CREATE INDEX warning_region ON warning (region, last_day);

-- Who of a unit is on call (值班) from when to when; without a login, the unit itself.
CREATE TABLE on_call (
  id TEXT PRIMARY KEY,
  unit TEXT NOT NULL,
  login TEXT,
  begins TEXT NOT NULL,
  ends TEXT NOT NULL,
  declared TEXT NOT NULL,
  by_login TEXT NOT NULL
);
CREATE INDEX on_call_unit ON on_call (unit, ends);

-- A unit that was told of a warning at a level; told anew at a graver one.
CREATE TABLE warning_call (
  id TEXT PRIMARY KEY,
  warning_id TEXT NOT NULL REFERENCES warning (id),
  unit TEXT NOT NULL,
  region TEXT NOT NULL,
  level TEXT NOT NULL,
  asked TEXT NOT NULL,
  due TEXT NOT NULL,
  -- waiting; passed: nobody answered in time, the leaders were told; answered; replaced by one of a graver level
  state TEXT NOT NULL,
  passed TEXT,
  answered TEXT,
  by_login TEXT,
  note TEXT,
  UNIQUE (warning_id, unit, level)
);
CREATE INDEX warning_call_due ON warning_call (due) WHERE state = 'waiting';
CREATE INDEX warning_call_unit ON warning_call (unit, state, asked);

-- What really happened, as an official records it: warnings are measured by it.
CREATE TABLE warning_event (
  id TEXT PRIMARY KEY,
  pack TEXT NOT NULL,
  indicator TEXT NOT NULL,
  region TEXT NOT NULL,
  day TEXT NOT NULL,
  words TEXT NOT NULL,
  recorded TEXT NOT NULL,
  by_login TEXT NOT NULL,
  withdrawn TEXT
);
CREATE INDEX warning_event_day ON warning_event (pack, indicator, day);
