-- What units ask to be given of others' data, who decides, and what was granted.
CREATE TABLE share_request (
    id TEXT PRIMARY KEY,
    about TEXT NOT NULL,
    name TEXT NOT NULL,
    unit TEXT NOT NULL,
    asked TEXT NOT NULL,
    asked_by TEXT NOT NULL,
    terms TEXT NOT NULL,
    checks TEXT NOT NULL,
    grade BIGINT NOT NULL,
    state TEXT NOT NULL,
    due TEXT,
    ended TEXT,
    reason TEXT NOT NULL DEFAULT '',
    renews TEXT
);
CREATE INDEX share_request_unit ON share_request (unit, asked);
CREATE INDEX share_request_state ON share_request (state, due);
CREATE INDEX share_request_about ON share_request (about);

CREATE TABLE share_step (
    request TEXT NOT NULL,
    step BIGINT NOT NULL,
    kind TEXT NOT NULL,
    unit TEXT,
    due TEXT,
    decided TEXT,
    decided_by TEXT,
    verdict TEXT,
    reason TEXT NOT NULL DEFAULT '',
    days BIGINT NOT NULL,
    PRIMARY KEY (request, step)
);

CREATE TABLE share_grant (
    id TEXT PRIMARY KEY,
    request TEXT NOT NULL,
    about TEXT NOT NULL,
    unit TEXT NOT NULL,
    terms TEXT NOT NULL,
    grade BIGINT NOT NULL,
    from_at TEXT NOT NULL,
    until_at TEXT NOT NULL,
    state TEXT NOT NULL,
    reason TEXT NOT NULL DEFAULT '',
    changed TEXT NOT NULL
);
CREATE INDEX share_grant_unit ON share_grant (unit);
CREATE INDEX share_grant_about ON share_grant (about);

-- A unit's own HTTP interface that the gateway stands in front of.
CREATE TABLE share_interface (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    about TEXT NOT NULL,
    unit TEXT NOT NULL,
    version TEXT NOT NULL,
    connection TEXT NOT NULL,
    share TEXT NOT NULL,
    grade BIGINT NOT NULL,
    fields TEXT NOT NULL,
    mock TEXT,
    state TEXT NOT NULL,
    sunset TEXT,
    successor TEXT,
    changed TEXT NOT NULL,
    changed_by TEXT NOT NULL
);

-- Counts up with every change of grants, interfaces and keys that nodes of the gateway have to see.
CREATE TABLE share_version (
    id BIGINT PRIMARY KEY,
    version BIGINT NOT NULL
);
INSERT INTO share_version (id, version) VALUES (1, 0);

-- How the gateway served, minute by minute: what a grant or what it is about was called for.
CREATE TABLE share_minute (
    at TEXT NOT NULL,
    node TEXT NOT NULL,
    grant_id TEXT NOT NULL,
    about TEXT NOT NULL,
    calls BIGINT NOT NULL,
    failed BIGINT NOT NULL,
    refused BIGINT NOT NULL,
    cached BIGINT NOT NULL,
    times TEXT NOT NULL,
    PRIMARY KEY (at, node, grant_id)
);
CREATE INDEX share_minute_about ON share_minute (about, at);
