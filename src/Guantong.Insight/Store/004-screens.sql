-- Screens that were changed in place, each for a region and what lies below it; where there is none, the declared one stands.
CREATE TABLE screen_version (
  pack TEXT NOT NULL,
  region TEXT NOT NULL,
  -- counts from 1 within a pack and region: who changes it says which they saw
  version BIGINT NOT NULL,
  -- JSON in the form of screen.yaml; null where the change was taken back
  screen TEXT,
  note TEXT NOT NULL,
  made TEXT NOT NULL,
  by_login TEXT NOT NULL,
  by_unit TEXT,
  PRIMARY KEY (pack, region, version)
);
-- What officials say about a figure.
CREATE TABLE figure_comment (
  id TEXT PRIMARY KEY,
  pack TEXT NOT NULL,
  indicator TEXT NOT NULL,
  period TEXT NOT NULL,
  -- first day of the period
  starts TEXT NOT NULL,
  region TEXT NOT NULL,
  words TEXT NOT NULL,
  made TEXT NOT NULL,
  by_login TEXT NOT NULL,
  by_name TEXT NOT NULL,
  by_unit TEXT,
  withdrawn TEXT
);
CREATE INDEX figure_comment_figure ON figure_comment (pack, region, indicator, period, starts);
-- What happened, drawn as a mark on trends: of a region, for it and all below it.
CREATE TABLE screen_event (
  id TEXT PRIMARY KEY,
  pack TEXT NOT NULL,
  region TEXT NOT NULL,
  first_day TEXT NOT NULL,
  last_day TEXT NOT NULL,
  words TEXT NOT NULL,
  made TEXT NOT NULL,
  by_login TEXT NOT NULL,
  withdrawn TEXT
);
CREATE INDEX screen_event_list ON screen_event (pack, region, first_day);
-- Who is sent a screen, and when next.
CREATE TABLE screen_subscription (
  id TEXT PRIMARY KEY,
  login TEXT NOT NULL,
  -- whose addresses are theirs: person:KEY, or login:LOGIN
  owner TEXT NOT NULL,
  pack TEXT NOT NULL,
  region TEXT NOT NULL,
  -- weekly: day 1 (Monday) to 7; monthly: day 1 to 28
  every TEXT NOT NULL,
  day BIGINT NOT NULL,
  due TEXT NOT NULL,
  sent TEXT,
  made TEXT NOT NULL,
  ended TEXT
);
CREATE INDEX screen_subscription_due ON screen_subscription (due) WHERE ended IS NULL;
CREATE UNIQUE INDEX screen_subscription_once ON screen_subscription (login, pack, region, every, day) WHERE ended IS NULL;
