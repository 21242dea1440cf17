-- What brought an overdue task, or a case, before leaders waited for ever where they did not act, also of what was done long since: a unit's list went through all of it.
UPDATE work_ask_of SET state = 'over', ended = coalesce((SELECT t.ended FROM work_task t WHERE t.id = work_ask_of.task_id), (SELECT c.ended FROM work_case c WHERE c.id = work_ask_of.case_id)), ended_by = 'process'
WHERE kind = 'escalation' AND state = 'waiting'
  AND ((SELECT t.state FROM work_task t WHERE t.id = work_ask_of.task_id) = 'done' OR (SELECT c.state FROM work_case c WHERE c.id = work_ask_of.case_id) = 'ended');
-- Who does not lead a unit has nothing of what is overdue in their list, and what they signed is found by who they are.
CREATE INDEX work_ask_of_waits ON work_ask_of (unit) WHERE state = 'waiting' AND kind <> 'hand-over' AND kind <> 'escalation';
CREATE INDEX work_ask_of_signed ON work_ask_of (signed_by) WHERE signed_by IS NOT NULL;
