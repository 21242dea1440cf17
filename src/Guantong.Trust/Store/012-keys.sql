-- The unit that a machine's key acts for; null for keys of before, and those that the machine's operator makes.
ALTER TABLE api_key ADD COLUMN unit TEXT;
