-- A document's number in its unit's series (发文字号), who made it out, and the code by which anybody checks that it is real.
ALTER TABLE work_document ADD COLUMN number TEXT;
ALTER TABLE work_document ADD COLUMN unit TEXT;
ALTER TABLE work_document ADD COLUMN code TEXT;
CREATE UNIQUE INDEX work_document_code ON work_document (code);
