-- Words are looked for in the titles and numbers of all cases of a unit's open tasks: read from here, none of them is fetched for it.
CREATE INDEX work_case_words ON work_case (id, number, title);
