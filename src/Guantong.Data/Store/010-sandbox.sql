-- What came of SQL that was run where the rows cannot leave: it stays until somebody who answers for the data has seen it.
CREATE TABLE share_result (
    id TEXT PRIMARY KEY,
    grant_id TEXT NOT NULL,
    about TEXT NOT NULL,
    unit TEXT NOT NULL,
    statement TEXT NOT NULL,
    columns TEXT NOT NULL,
    result TEXT NOT NULL,
    row_count BIGINT NOT NULL,
    findings TEXT NOT NULL,
    made TEXT NOT NULL,
    made_by TEXT NOT NULL,
    state TEXT NOT NULL,
    decided TEXT,
    decided_by TEXT,
    reason TEXT NOT NULL DEFAULT ''
);
CREATE INDEX share_result_state ON share_result (state, made);
CREATE INDEX share_result_grant ON share_result (grant_id, made);
