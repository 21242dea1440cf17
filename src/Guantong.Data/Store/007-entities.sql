-- Pairs of rows that may be one organisation: what a run sends to a person (verdict is null), and what people decided (same, different). left comes before right in the order of dataset and key.
CREATE TABLE entity_pair (
  id TEXT PRIMARY KEY,
  left_data TEXT NOT NULL,
  left_row TEXT NOT NULL,
  right_data TEXT NOT NULL,
  right_row TEXT NOT NULL,
  left_name TEXT,
  right_name TEXT,
  score BIGINT NOT NULL,
  parts TEXT NOT NULL,
  verdict TEXT,
  login TEXT,
  decided TEXT,
  UNIQUE (left_data, left_row, right_data, right_row)
);
CREATE INDEX entity_pair_waiting ON entity_pair (score, id) WHERE verdict IS NULL;
CREATE INDEX entity_pair_decided ON entity_pair (decided, id) WHERE verdict IS NOT NULL;

-- The last run over the warehouse; stood is what the datasets were, so that the next one runs only when they changed.
CREATE TABLE entity_run (
  at TEXT NOT NULL,
  login TEXT NOT NULL,
  stood TEXT NOT NULL,
  row_count BIGINT NOT NULL,
  organisations BIGINT NOT NULL,
  waiting BIGINT NOT NULL
);
