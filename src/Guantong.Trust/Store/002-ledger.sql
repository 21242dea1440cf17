-- On PostgreSQL the chain is extended where it stands: whoever appends holds its end for one call and the commit that comes with it.
-- postgres
CREATE FUNCTION ledger_field(field text) RETURNS text LANGUAGE sql IMMUTABLE STRICT AS $$ SELECT octet_length(convert_to(field, 'UTF8'))::text || ':' || field $$;
-- The chain of Ledger.Chain, line by line; gives the last number.
CREATE FUNCTION ledger_append(stamp text, actors text[], actions text[], abouts text[], details text[]) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  number bigint;
  head text;
  fresh text;
BEGIN
  PERFORM pg_advisory_xact_lock(7236981);
  SELECT l.seq, l.hash INTO number, head FROM ledger l ORDER BY l.seq DESC LIMIT 1;
  IF NOT FOUND THEN
    number := 0;
    head := repeat('0', 64);
  END IF;
  FOR i IN 1 .. cardinality(actors) LOOP
    number := number + 1;
    fresh := encode(sha256(convert_to(ledger_field(number::text) || ledger_field(stamp) || ledger_field(actors[i]) || ledger_field(actions[i])
      || ledger_field(abouts[i]) || ledger_field(details[i]) || ledger_field(head), 'UTF8')), 'hex');
    INSERT INTO ledger (seq, at, actor, action, about, detail, previous, hash) VALUES (number, stamp, actors[i], actions[i], abouts[i], details[i], head, fresh);
    head := fresh;
  END LOOP;
  RETURN number;
END $$;
-- both
