-- By which number (GB 11643) registers know who an account is, once an official has seen the document (实名核验); sealed.
CREATE TABLE work_identity (
  login TEXT PRIMARY KEY,
  number TEXT NOT NULL,
  hash TEXT NOT NULL UNIQUE,
  proved TEXT NOT NULL
);
-- What of an application came from data (免填、免提交), and why not what did not. A material stands under material:ID.
CREATE TABLE work_prefill (
  case_id TEXT NOT NULL REFERENCES work_case (id),
  field TEXT NOT NULL,
  dataset TEXT NOT NULL,
  -- used: as the data has it; objected: the applicant says otherwise; asked: asked for as ever.
  state TEXT NOT NULL,
  -- Of what was asked: why.
  why TEXT,
  grant_id TEXT,
  as_of TEXT,
  -- What the data has, and what the applicant says against it; sealed.
  was TEXT,
  words TEXT,
  ticket TEXT,
  PRIMARY KEY (case_id, field)
);
-- What is typed into a task's form and not sent yet; sealed by the pack's key. One for a task, whoever works on it.
CREATE TABLE work_task_draft (
  task_id TEXT PRIMARY KEY REFERENCES work_task (id),
  data TEXT NOT NULL,
  version BIGINT NOT NULL,
  saved TEXT NOT NULL,
  login TEXT NOT NULL
);
-- Applications that are not sent yet; sealed. Their owner's alone, and gone with the account.
CREATE TABLE work_draft (
  id TEXT PRIMARY KEY,
  login TEXT NOT NULL,
  pack TEXT NOT NULL,
  matter TEXT NOT NULL,
  data TEXT NOT NULL,
  version BIGINT NOT NULL,
  saved TEXT NOT NULL
);
CREATE INDEX work_draft_login ON work_draft (login, saved);
CREATE INDEX work_draft_saved ON work_draft (saved);
-- sqlite
CREATE TRIGGER work_person_ended AFTER UPDATE OF ended ON person WHEN NEW.ended IS NOT NULL BEGIN
  DELETE FROM work_draft WHERE login = NEW.login;
  DELETE FROM work_identity WHERE login = NEW.login;
END;
CREATE TRIGGER work_person_gone AFTER DELETE ON person BEGIN
  DELETE FROM work_draft WHERE login = OLD.login;
  DELETE FROM work_identity WHERE login = OLD.login;
END;
-- postgres
CREATE FUNCTION work_forget_person() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' OR NEW.ended IS NOT NULL THEN
    DELETE FROM work_draft WHERE login = OLD.login;
    DELETE FROM work_identity WHERE login = OLD.login;
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER work_person_gone AFTER UPDATE OF ended OR DELETE ON person FOR EACH ROW EXECUTE FUNCTION work_forget_person();
-- both
