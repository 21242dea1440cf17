-- Entries so far were chained by SHA-256 and stay as they are; new ones are chained by SM3. Whom an entry concerns can be asked for.
ALTER TABLE ledger ADD COLUMN unit TEXT;
ALTER TABLE ledger ADD COLUMN subject TEXT;
ALTER TABLE ledger ADD COLUMN dataset TEXT;
ALTER TABLE ledger ADD COLUMN alg TEXT NOT NULL DEFAULT 'sha256';
-- postgres
ALTER TABLE ledger RENAME TO ledger_1;
ALTER TABLE ledger_1 RENAME CONSTRAINT ledger_pkey TO ledger_1_pkey;
ALTER INDEX ledger_about RENAME TO ledger_1_about;
CREATE TABLE ledger (LIKE ledger_1 INCLUDING DEFAULTS) PARTITION BY RANGE (seq);
CREATE TABLE ledger_part (low BIGINT PRIMARY KEY, high BIGINT NOT NULL, name TEXT NOT NULL);
-- A partition holds low <= seq < high; 2^20 entries, so that it ends where tiles of the tree end.
CREATE FUNCTION ledger_partition(low BIGINT, high BIGINT) RETURNS void LANGUAGE plpgsql AS $$
DECLARE part TEXT := 'ledger_' || low;
BEGIN
  IF to_regclass(part) IS NULL THEN
    EXECUTE format('CREATE TABLE %I (LIKE ledger INCLUDING DEFAULTS INCLUDING INDEXES, CHECK (seq >= %s AND seq < %s))', part, low, high);
    EXECUTE format('CREATE TRIGGER ledger_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON %I FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuses()', part);
  END IF;
  EXECUTE format('ALTER TABLE ledger ATTACH PARTITION %I FOR VALUES FROM (%s) TO (%s)', part, low, high);
  INSERT INTO ledger_part VALUES (low, high, part);
END $$;
-- Called by writers while they hold the chain's end: there is always a partition more than is needed.
CREATE FUNCTION ledger_ahead(seq BIGINT) RETURNS BIGINT LANGUAGE plpgsql AS $$
DECLARE top BIGINT := (SELECT max(high) FROM ledger_part);
BEGIN
  WHILE top <= seq + 1048577 LOOP
    PERFORM ledger_partition(top, top + 1048576);
    top := top + 1048576;
  END LOOP;
  RETURN top;
END $$;
ALTER TABLE ledger ADD PRIMARY KEY (seq);
CREATE INDEX ledger_about ON ledger (about, seq);
SELECT ledger_partition(1, coalesce((SELECT (max(seq) - 1) / 1048576 FROM ledger_1), 0) * 1048576 + 1048577);
SELECT ledger_ahead(coalesce((SELECT max(seq) FROM ledger_1), 0));
CREATE TRIGGER ledger_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuses();
-- both
CREATE INDEX ledger_actor ON ledger (actor, seq);
CREATE INDEX ledger_at ON ledger (at);
CREATE INDEX ledger_unit ON ledger (unit, seq) WHERE unit IS NOT NULL;
CREATE INDEX ledger_subject ON ledger (subject, seq) WHERE subject IS NOT NULL;
CREATE INDEX ledger_dataset ON ledger (dataset, seq) WHERE dataset IS NOT NULL;

CREATE TABLE ledger_checkpoint (
  size BIGINT PRIMARY KEY,
  root TEXT NOT NULL,
  at TEXT NOT NULL,
  key TEXT NOT NULL,
  signature TEXT NOT NULL,
  token TEXT
);

CREATE TABLE ledger_archive (
  last BIGINT PRIMARY KEY,
  first BIGINT NOT NULL,
  at TEXT NOT NULL,
  head TEXT NOT NULL,
  alg TEXT NOT NULL,
  root TEXT NOT NULL,
  file TEXT NOT NULL
);
-- sqlite
CREATE TABLE ledger_tile (level BIGINT NOT NULL, idx BIGINT NOT NULL, hashes BLOB NOT NULL, PRIMARY KEY (level, idx));
CREATE TRIGGER ledger_checkpoint_no_update BEFORE UPDATE ON ledger_checkpoint BEGIN SELECT RAISE(ABORT, 'checkpoints stay'); END;
CREATE TRIGGER ledger_checkpoint_no_delete BEFORE DELETE ON ledger_checkpoint BEGIN SELECT RAISE(ABORT, 'checkpoints stay'); END;
-- postgres
CREATE TABLE ledger_tile (level BIGINT NOT NULL, idx BIGINT NOT NULL, hashes BYTEA NOT NULL, PRIMARY KEY (level, idx));
CREATE TRIGGER ledger_checkpoint_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_checkpoint FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuses();
-- both
