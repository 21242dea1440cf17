-- A channel of a region (频道): one for each, of the unit that began it, with the one draft that its editors write together.
CREATE TABLE work_channel (
  region TEXT PRIMARY KEY,
  unit TEXT NOT NULL,
  draft TEXT NOT NULL,
  -- Counts the saves: who saves says which one they saw.
  revision BIGINT NOT NULL,
  -- Who wrote it, each with the revision that they saved last: none of them approves it.
  authors TEXT NOT NULL,
  saved TEXT NOT NULL,
  saved_by TEXT NOT NULL
);
-- What was submitted of it, as it was: waiting, returned, approved, replaced by a later one, withdrawn, or a draft that was put aside.
CREATE TABLE work_channel_version (
  region TEXT NOT NULL REFERENCES work_channel (region),
  no BIGINT NOT NULL,
  content TEXT NOT NULL,
  state TEXT NOT NULL,
  revision BIGINT NOT NULL,
  authors TEXT NOT NULL,
  submitted TEXT NOT NULL,
  submitted_by TEXT NOT NULL,
  decided TEXT,
  decided_by TEXT,
  reason TEXT,
  -- From when the public sees it.
  begins TEXT,
  PRIMARY KEY (region, no)
);
CREATE INDEX work_channel_version_shown ON work_channel_version (state, begins);
-- Pictures of channels lie with the other files.
ALTER TABLE work_attachment ADD COLUMN channel TEXT;
CREATE INDEX work_attachment_channel ON work_attachment (channel) WHERE channel IS NOT NULL;
