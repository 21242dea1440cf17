-- The mailbox of the reception: how far it was read, and what is in the way of reading it. One row for each mailbox that was ever named.
CREATE TABLE work_mailbox (
  name TEXT PRIMARY KEY,
  -- Since when it is read: what came before is not taken.
  began TEXT NOT NULL,
  -- Up to where, as IMAP counts (RFC 3501 §2.3.1.1).
  uidvalidity BIGINT NOT NULL,
  uid BIGINT NOT NULL,
  -- open, or what is in the way; since when; how often it was tried in vain
  state TEXT NOT NULL,
  since TEXT NOT NULL,
  tries BIGINT NOT NULL,
  looked TEXT,
  due TEXT NOT NULL
);
-- What was found in it, each once.
CREATE TABLE work_mail (
  mailbox TEXT NOT NULL REFERENCES work_mailbox (name),
  uidvalidity BIGINT NOT NULL,
  uid BIGINT NOT NULL,
  -- SHA-256 of what makes it the same mail wherever it lies: its Message-Id and sender.
  identity TEXT NOT NULL,
  at TEXT NOT NULL,
  -- taken, or why it was left
  outcome TEXT NOT NULL,
  reception_id TEXT REFERENCES work_reception (id),
  -- SHA-256 of the sender's address, for a day: nobody is answered without end.
  sender TEXT,
  PRIMARY KEY (mailbox, uidvalidity, uid)
);
CREATE UNIQUE INDEX work_mail_identity ON work_mail (mailbox, identity) WHERE outcome <> 'known';
CREATE INDEX work_mail_list ON work_mail (at);
CREATE INDEX work_mail_sender ON work_mail (sender, at) WHERE sender IS NOT NULL;
-- Sealed JSON: what of a mail was left in the mailbox.
ALTER TABLE work_reception ADD COLUMN left_out TEXT;
-- Files that came with what somebody said; they go to its case with it.
ALTER TABLE work_attachment ADD COLUMN reception_id TEXT REFERENCES work_reception (id);
CREATE INDEX work_attachment_reception ON work_attachment (reception_id, at) WHERE reception_id IS NOT NULL;

-- One model is in force at a time.
UPDATE work_sort_model SET state = 'retired' WHERE state = 'used' AND id <> (SELECT u.id FROM work_sort_model u WHERE u.state = 'used' ORDER BY u.used DESC, u.id DESC LIMIT 1);
CREATE UNIQUE INDEX work_sort_model_used ON work_sort_model (state) WHERE state = 'used';

-- What a hand-over is called: hand-over (转办), hand-down (下派) or report-up (上报). Those of before are told from the ledger.
ALTER TABLE work_ask ADD COLUMN way TEXT;
UPDATE work_ask SET way = 'hand-over' WHERE kind = 'hand-over';
UPDATE work_ask SET way = 'hand-down' WHERE kind = 'hand-over' AND (asked, by_login) IN (SELECT l.at, l.actor FROM ledger l WHERE l.action = 'task.handed-down');
UPDATE work_ask SET way = 'report-up' WHERE kind = 'hand-over' AND (asked, by_login) IN (SELECT l.at, l.actor FROM ledger l WHERE l.action = 'task.reported-up');

-- The years by whose days open terms were counted, and since when.
CREATE TABLE work_calendar_year (
  year BIGINT PRIMARY KEY,
  counted TEXT NOT NULL
);
