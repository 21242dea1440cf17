-- Where a sealed value is found again: its keyed hash, never the value.
CREATE TABLE work_sealed (
  case_id TEXT NOT NULL REFERENCES work_case (id),
  field TEXT NOT NULL,
  hash TEXT NOT NULL,
  PRIMARY KEY (case_id, field)
);
CREATE INDEX work_sealed_hash ON work_sealed (hash);
