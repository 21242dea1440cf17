-- What somebody does not want to be told, by kind and channel: the inbox has all of it.
CREATE TABLE work_notice_off (
  owner TEXT NOT NULL,
  kind TEXT NOT NULL,
  channel TEXT NOT NULL,
  PRIMARY KEY (owner, kind, channel)
);
-- Quiet hours (HH:mm by the jurisdiction's clock): what goes by e-mail or SMS waits until they are over.
CREATE TABLE work_quiet (
  owner TEXT PRIMARY KEY,
  begins TEXT NOT NULL,
  ends TEXT NOT NULL
);
