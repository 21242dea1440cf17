CREATE TABLE warning (
  id TEXT PRIMARY KEY,
  pack TEXT NOT NULL,
  indicator TEXT NOT NULL,
  region TEXT NOT NULL,
  first_day TEXT NOT NULL,
  last_day TEXT NOT NULL,
  level TEXT NOT NULL,
  value DOUBLE PRECISION NOT NULL,
  days TEXT NOT NULL,
  case_id TEXT,
  fired TEXT NOT NULL,
  UNIQUE (pack, indicator, region, first_day)
);
CREATE INDEX warning_last ON warning (last_day);
