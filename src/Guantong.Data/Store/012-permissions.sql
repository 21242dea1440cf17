-- Agreements as applicants read them: what was accepted is kept, whatever the text says later.
CREATE TABLE opening_agreement (
    hash TEXT PRIMARY KEY,
    version TEXT NOT NULL,
    text TEXT NOT NULL,
    kept TEXT NOT NULL
);

-- Who asked for what is open on condition, and what came of it.
CREATE TABLE opening_application (
    id TEXT PRIMARY KEY,
    pack TEXT NOT NULL,
    dataset TEXT NOT NULL,
    login TEXT NOT NULL,
    principal TEXT NOT NULL,
    name TEXT NOT NULL,
    form TEXT NOT NULL,
    purpose TEXT NOT NULL,
    product TEXT NOT NULL,
    days BIGINT NOT NULL,
    safeguards TEXT NOT NULL,
    agreement TEXT NOT NULL,
    agreement_version TEXT NOT NULL,
    grade BIGINT NOT NULL,
    asked TEXT NOT NULL,
    due TEXT NOT NULL,
    state TEXT NOT NULL,
    decided TEXT,
    decided_by TEXT,
    reason TEXT NOT NULL DEFAULT ''
);
CREATE INDEX opening_application_login ON opening_application (login, asked);
CREATE INDEX opening_application_state ON opening_application (state, due);

-- Permissions: the id is the application's.
CREATE TABLE opening_permission (
    id TEXT PRIMARY KEY,
    pack TEXT NOT NULL,
    dataset TEXT NOT NULL,
    login TEXT NOT NULL,
    principal TEXT NOT NULL,
    form TEXT NOT NULL,
    grade BIGINT NOT NULL,
    from_at TEXT NOT NULL,
    until_at TEXT NOT NULL,
    state TEXT NOT NULL,
    ended TEXT,
    ended_by TEXT,
    reason TEXT NOT NULL DEFAULT ''
);
CREATE INDEX opening_permission_login ON opening_permission (login, pack, dataset);

-- Cells of a permission's notebook, each with the result of its last run.
CREATE TABLE opening_cell (
    id TEXT PRIMARY KEY,
    permission TEXT NOT NULL,
    place BIGINT NOT NULL,
    statement TEXT NOT NULL,
    result TEXT,
    made TEXT NOT NULL,
    changed TEXT NOT NULL
);
CREATE INDEX opening_cell_permission ON opening_cell (permission, place);
