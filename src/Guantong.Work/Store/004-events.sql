-- What happened in cases, step by step; written in the step's own transaction and never changed. Units, no people.
-- Cases that were begun before this have no row "opened", and no figure or export takes them for whole.
CREATE TABLE work_event (
  case_id TEXT NOT NULL REFERENCES work_case (id),
  seq BIGINT NOT NULL,
  -- Milliseconds since 1970 in UTC: unlike text, both stores can subtract them.
  at BIGINT NOT NULL,
  what TEXT NOT NULL,
  -- A node, of "taken" a flow, of "opened" the process's file.
  node TEXT NOT NULL,
  token TEXT,
  unit TEXT,
  -- Since when the token stood there, where the event is its end.
  since BIGINT,
  PRIMARY KEY (case_id, seq)
);
CREATE INDEX work_event_opened ON work_event (node, case_id) WHERE what = 'opened';
