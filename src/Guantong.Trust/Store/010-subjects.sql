-- What the ledger knows a person by: random, so that it tells neither name nor login, and another one for whoever comes to the same login later.
ALTER TABLE person ADD COLUMN key TEXT;
-- sqlite
UPDATE person SET key = lower(hex(randomblob(16)));
-- postgres
UPDATE person SET key = replace(gen_random_uuid()::text, '-', '');
-- both
CREATE UNIQUE INDEX person_key ON person (key);
