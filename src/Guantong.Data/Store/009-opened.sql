-- What is published instead of a dataset's rows: the edition that stands, what all of them spent of the budget (in ten-thousandths of epsilon), and why the last try was refused.
CREATE TABLE opening (
  pack TEXT NOT NULL,
  dataset TEXT NOT NULL,
  edition BIGINT,
  spent BIGINT NOT NULL,
  refused TEXT,
  refused_at TEXT,
  PRIMARY KEY (pack, dataset)
);

-- Each edition: declared and stood tell under which declaration and of which rows it was computed.
CREATE TABLE opening_edition (
  pack TEXT NOT NULL,
  dataset TEXT NOT NULL,
  edition BIGINT NOT NULL,
  declared TEXT NOT NULL,
  stood TEXT NOT NULL,
  columns TEXT NOT NULL,
  report TEXT NOT NULL,
  row_count BIGINT NOT NULL,
  epsilon BIGINT NOT NULL,
  at TEXT NOT NULL,
  login TEXT NOT NULL,
  PRIMARY KEY (pack, dataset, edition)
);
