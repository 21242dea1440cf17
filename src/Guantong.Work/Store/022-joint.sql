-- Of a part of one thing (一件事): the joint case that it belongs to.
ALTER TABLE work_case ADD COLUMN joint TEXT REFERENCES work_case (id);
CREATE INDEX work_case_joint ON work_case (joint, opened, id) WHERE joint IS NOT NULL;
