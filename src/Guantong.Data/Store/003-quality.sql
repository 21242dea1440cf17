-- A fault of data on its way round the loop (问题工单). open_key is the measure and the unit while the ticket is open, so that there is never a second.
CREATE TABLE quality_ticket (
  id TEXT PRIMARY KEY,
  number TEXT NOT NULL UNIQUE,
  pack TEXT NOT NULL,
  dataset TEXT NOT NULL,
  kind TEXT NOT NULL,
  rule TEXT NOT NULL,
  field TEXT NOT NULL,
  unit TEXT,
  region TEXT NOT NULL,
  grade TEXT NOT NULL,
  state TEXT NOT NULL,
  opened TEXT NOT NULL,
  sent TEXT,
  near TEXT,
  due TEXT,
  overdue TEXT,
  mended TEXT,
  mended_by TEXT,
  held TEXT,
  verified TEXT,
  verified_by TEXT,
  closed TEXT,
  row_count BIGINT NOT NULL,
  broken BIGINT NOT NULL,
  measured DOUBLE PRECISION,
  wanted DOUBLE PRECISION,
  rounds BIGINT NOT NULL,
  reason TEXT,
  reporter TEXT,
  words TEXT,
  which_rows TEXT,
  code TEXT,
  touches TEXT NOT NULL,
  open_key TEXT UNIQUE
);
CREATE INDEX quality_ticket_list ON quality_ticket (opened, id);
CREATE INDEX quality_ticket_unit ON quality_ticket (unit, state);
CREATE INDEX quality_ticket_dataset ON quality_ticket (pack, dataset, state);
CREATE INDEX quality_ticket_due ON quality_ticket (due) WHERE state = 'sent' AND overdue IS NULL;

CREATE TABLE quality_step (
  ticket TEXT NOT NULL REFERENCES quality_ticket (id),
  place BIGINT NOT NULL,
  at TEXT NOT NULL,
  action TEXT NOT NULL,
  login TEXT NOT NULL,
  unit TEXT,
  note TEXT,
  PRIMARY KEY (ticket, place)
);

-- Who is told of a step: a unit, or one person.
CREATE TABLE quality_notice (
  id TEXT PRIMARY KEY,
  ticket TEXT NOT NULL REFERENCES quality_ticket (id),
  event TEXT NOT NULL,
  unit TEXT,
  login TEXT,
  at TEXT NOT NULL
);
CREATE INDEX quality_notice_unit ON quality_notice (unit, at);
CREATE INDEX quality_notice_login ON quality_notice (login, at);

-- The bureau's list of what faults come from.
CREATE TABLE quality_reason (
  id TEXT PRIMARY KEY,
  zh TEXT NOT NULL,
  en TEXT NOT NULL,
  ended TEXT
);
INSERT INTO quality_reason (id, zh, en) VALUES
  ('entry', '源头录入有误', 'Entered wrongly at the source'),
  ('interface', '接口或归集链路故障', 'A fault of the interface or the feed'),
  ('late', '业务办理或报送滞后', 'Handled or reported late'),
  ('standard', '标准或编码不一致', 'Standards or codes differ'),
  ('double', '重复报送', 'Reported twice'),
  ('rule', '规则不符合业务实际', 'The rule does not fit the business'),
  ('other', '其他', 'Other');
