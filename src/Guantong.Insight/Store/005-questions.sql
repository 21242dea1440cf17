-- Questions that somebody keeps: in plain words, put together, or in SQL.
CREATE TABLE insight_question (
  id TEXT PRIMARY KEY,
  -- ask, build, sql
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  note TEXT NOT NULL,
  -- me, unit, all
  visibility TEXT NOT NULL,
  owner TEXT NOT NULL,
  unit TEXT,
  -- JSON, by kind
  body TEXT NOT NULL,
  version BIGINT NOT NULL,
  created TEXT NOT NULL,
  changed TEXT NOT NULL
);
CREATE INDEX insight_question_owner ON insight_question (owner);
-- What each was, version by version.
CREATE TABLE insight_question_version (
  question TEXT NOT NULL REFERENCES insight_question (id) ON DELETE CASCADE,
  version BIGINT NOT NULL,
  name TEXT NOT NULL,
  note TEXT NOT NULL,
  visibility TEXT NOT NULL,
  body TEXT NOT NULL,
  by_login TEXT NOT NULL,
  at TEXT NOT NULL,
  PRIMARY KEY (question, version)
);
-- Those that somebody wants on the page.
CREATE TABLE insight_question_pin (
  question TEXT NOT NULL REFERENCES insight_question (id) ON DELETE CASCADE,
  login TEXT NOT NULL,
  PRIMARY KEY (question, login)
);
-- Statements that analysts ran, for themselves to find again; that they ran stands in the ledger.
CREATE TABLE insight_sql_run (
  id TEXT PRIMARY KEY,
  login TEXT NOT NULL,
  purpose TEXT NOT NULL,
  statement TEXT NOT NULL,
  -- done, refused, ended
  state TEXT NOT NULL,
  row_count BIGINT NOT NULL,
  made TEXT NOT NULL
);
CREATE INDEX insight_sql_run_mine ON insight_sql_run (login, made);
