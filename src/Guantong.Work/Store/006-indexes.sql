-- Queues in the order in which they are taken: without the id, whatever is due at the same moment would be sorted for each that is taken.
DROP INDEX work_job_ready;
CREATE INDEX work_job_ready ON work_job (state, due, id);
DROP INDEX work_timer_ready;
CREATE INDEX work_timer_ready ON work_timer (state, due, id);
DROP INDEX work_message_ready;
CREATE INDEX work_message_ready ON work_message (state, due, id);
-- Who waits for a message, by name and key.
CREATE INDEX work_wait_key ON work_wait (kind, name, key);
CREATE INDEX work_wait_ref ON work_wait (kind, ref, key);
-- The lists of the Desk, in their order.
CREATE INDEX work_task_list ON work_task (unit, (CASE WHEN state = 'open' THEN 0 ELSE 1 END), (coalesce(due, '9999')), opened, id);
CREATE INDEX work_case_list ON work_case (opened, id);
