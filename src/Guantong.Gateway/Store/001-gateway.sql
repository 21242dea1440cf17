-- How far a node's journal of calls stands in the ledger.
CREATE TABLE gateway_journal (
    segment TEXT PRIMARY KEY,
    lines BIGINT NOT NULL
);
