-- Whose matter a case is, where they applied with an account: the key that the ledger knows them by; who did it for them, and under which authority.
ALTER TABLE work_case ADD COLUMN applicant TEXT;
ALTER TABLE work_case ADD COLUMN agent TEXT;
ALTER TABLE work_case ADD COLUMN authority TEXT;
CREATE INDEX work_case_applicant ON work_case (applicant, opened, id) WHERE applicant IS NOT NULL;
CREATE INDEX work_case_agent ON work_case (agent, opened, id) WHERE agent IS NOT NULL;
-- For which unit somebody acted who goes on acting after they have left.
ALTER TABLE work_migration ADD COLUMN unit TEXT;
