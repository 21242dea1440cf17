-- What a root key wrapped; a destroyed version keeps its row, without the key.
CREATE TABLE data_key (
  name TEXT NOT NULL,
  version BIGINT NOT NULL,
  suite TEXT NOT NULL,
  state TEXT NOT NULL,
  root TEXT NOT NULL,
  wrapped TEXT,
  made TEXT NOT NULL,
  retired TEXT,
  destroyed TEXT,
  PRIMARY KEY (name, version)
);
CREATE UNIQUE INDEX data_key_current ON data_key (name) WHERE state = 'current';
