-- sqlite
-- An entry's number becomes its row's own: one tree less to write to, and a run of entries is read without looking each one up.
CREATE TABLE ledger_rows (
  seq INTEGER PRIMARY KEY,
  at TEXT NOT NULL,
  actor TEXT NOT NULL,
  action TEXT NOT NULL,
  about TEXT NOT NULL,
  detail TEXT NOT NULL,
  previous TEXT NOT NULL,
  hash TEXT NOT NULL,
  unit TEXT,
  subject TEXT,
  dataset TEXT,
  alg TEXT NOT NULL
);
INSERT INTO ledger_rows SELECT seq, at, actor, action, about, detail, previous, hash, unit, subject, dataset, alg FROM ledger ORDER BY seq;
DROP TABLE ledger;
ALTER TABLE ledger_rows RENAME TO ledger;
CREATE INDEX ledger_about ON ledger (about, seq);
CREATE INDEX ledger_actor ON ledger (actor, seq);
CREATE INDEX ledger_at ON ledger (at);
CREATE INDEX ledger_unit ON ledger (unit, seq) WHERE unit IS NOT NULL;
CREATE INDEX ledger_subject ON ledger (subject, seq) WHERE subject IS NOT NULL;
CREATE INDEX ledger_dataset ON ledger (dataset, seq) WHERE dataset IS NOT NULL;
CREATE TRIGGER ledger_no_update BEFORE UPDATE ON ledger BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER ledger_no_delete BEFORE DELETE ON ledger BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
-- both
