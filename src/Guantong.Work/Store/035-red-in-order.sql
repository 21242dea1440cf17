-- Much falls due at the same minute, the end of a working day: without the id in them, each look for the next of what is overdue sorted all that were due with it.
DROP INDEX work_task_red;
CREATE INDEX work_task_red ON work_task (due, id) WHERE state = 'open' AND escalated IS NULL;
DROP INDEX work_case_red;
CREATE INDEX work_case_red ON work_case (due, id) WHERE ended IS NULL AND escalated IS NULL;
