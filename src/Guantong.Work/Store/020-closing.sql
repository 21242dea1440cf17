-- Notices (通知): what whom was told about what happened, by which channel, and whether it got there. Addresses are sealed.
CREATE TABLE work_notice (
  id TEXT PRIMARY KEY,
  -- null where it is about no case
  case_id TEXT REFERENCES work_case (id),
  event TEXT NOT NULL,
  -- what happened once: the case, a pause, a task, a document
  about TEXT NOT NULL,
  -- person:KEY, organisation:CODE, case:ID (whoever applied without an account), unit:ID or official:LOGIN
  recipient TEXT NOT NULL,
  channel TEXT NOT NULL,
  -- JSON: subject and text by language
  said TEXT NOT NULL,
  -- waiting, sent, failed, dropped
  state TEXT NOT NULL,
  attempts BIGINT NOT NULL,
  due TEXT NOT NULL,
  made TEXT NOT NULL,
  sent TEXT,
  fault TEXT,
  UNIQUE (event, about, recipient, channel)
);
CREATE INDEX work_notice_due ON work_notice (state, due, id);
CREATE INDEX work_notice_case ON work_notice (case_id);
CREATE INDEX work_notice_inbox ON work_notice (recipient, channel, made);
-- Who has read what stands in an inbox: a person's key or an official's login. What is a unit's is read by each for themselves.
CREATE TABLE work_notice_read (
  notice_id TEXT NOT NULL REFERENCES work_notice (id),
  reader TEXT NOT NULL,
  at TEXT NOT NULL,
  PRIMARY KEY (notice_id, reader)
);
-- Addresses that people gave to be told at. One that is not confirmed yet is told nothing but its code; that of a case without an account was given for it alone.
CREATE TABLE work_contact (
  owner TEXT NOT NULL,
  channel TEXT NOT NULL,
  address TEXT NOT NULL,
  lang TEXT NOT NULL,
  -- in every e-mail: whoever has it may end them, and nothing else
  token TEXT NOT NULL UNIQUE,
  -- SHA-256 of the code, and how often another was tried
  code TEXT,
  tries BIGINT NOT NULL,
  given TEXT NOT NULL,
  confirmed TEXT,
  ended TEXT,
  PRIMARY KEY (owner, channel)
);
-- Late tasks, of which their units are told.
CREATE INDEX work_task_due ON work_task (due) WHERE state = 'open';

-- Service of documents (送达): on whom, in which way, and the receipt. Names and what is said are sealed.
CREATE TABLE work_serving (
  id TEXT PRIMARY KEY,
  document_id TEXT NOT NULL REFERENCES work_document (id),
  case_id TEXT NOT NULL REFERENCES work_case (id),
  -- direct, left, electronic, post, notice
  way TEXT NOT NULL,
  -- person:KEY or organisation:CODE where they have an account or a code; null where they are known by name alone
  party TEXT,
  name TEXT NOT NULL,
  -- sent, served, failed
  state TEXT NOT NULL,
  began TEXT NOT NULL,
  -- the day of service, yyyy-MM-dd
  served TEXT,
  -- who took it, and as what; where it was left, who saw it
  receiver TEXT,
  note TEXT,
  confirmed TEXT,
  by_login TEXT NOT NULL,
  unit TEXT NOT NULL,
  version BIGINT NOT NULL
);
CREATE INDEX work_serving_case ON work_serving (case_id);
CREATE INDEX work_serving_party ON work_serving (party, began);
CREATE UNIQUE INDEX work_serving_once ON work_serving (document_id, coalesce(party, name)) WHERE state <> 'failed';
-- Who has agreed to be served electronically (送达地址确认书).
CREATE TABLE work_consent_to_service (
  party TEXT PRIMARY KEY,
  agreed TEXT,
  ended TEXT
);

-- Since when a case's file is archived: then nothing changes it but its destruction, which moves this too.
ALTER TABLE work_case ADD COLUMN archived TEXT;
-- sqlite
CREATE TRIGGER work_case_archived BEFORE UPDATE ON work_case WHEN OLD.archived IS NOT NULL AND NEW.archived = OLD.archived
BEGIN SELECT RAISE(ABORT, 'This case is archived.'); END;
-- postgres
CREATE FUNCTION work_case_archived() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'This case is archived.'; END $$;
CREATE TRIGGER work_case_archived BEFORE UPDATE ON work_case FOR EACH ROW WHEN (OLD.archived IS NOT NULL AND NEW.archived = OLD.archived) EXECUTE FUNCTION work_case_archived();
-- both
-- Case files (案卷) that were archived: what was handed over, how long it is kept, and what becomes of it.
CREATE TABLE work_archive (
  case_id TEXT PRIMARY KEY REFERENCES work_case (id),
  -- index of the file as it was signed: JSON
  list TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  signature TEXT NOT NULL,
  retention TEXT NOT NULL,
  class TEXT,
  unit TEXT NOT NULL,
  archived TEXT NOT NULL,
  archived_by TEXT NOT NULL,
  -- null: for ever
  until TEXT,
  -- archived, destroyed
  state TEXT NOT NULL,
  held TEXT,
  held_why TEXT,
  destroyed TEXT,
  destroyed_by TEXT,
  version BIGINT NOT NULL
);
CREATE INDEX work_archive_until ON work_archive (state, until);
