-- What people opened who searched with the same words: only words that at least five different visitors typed before opening the same thing, and never by whom or when (rights.md 1, 3).
CREATE TABLE insight_opened (
  query TEXT NOT NULL,
  -- kind:pack/id
  thing TEXT NOT NULL,
  -- in steps of five
  people BIGINT NOT NULL,
  -- the day of the last step; half a year after it the row goes
  last_day TEXT NOT NULL,
  PRIMARY KEY (query, thing)
);
CREATE INDEX insight_opened_last ON insight_opened (last_day);
