-- What people say of open data: how many stars (of the dataset, one line an account), comments with the unit's answer, and requests for what is not open yet.
CREATE TABLE voice_rating (
    dataset TEXT NOT NULL,
    login TEXT NOT NULL,
    stars BIGINT NOT NULL,
    changed TEXT NOT NULL,
    PRIMARY KEY (dataset, login)
);

CREATE TABLE voice_comment (
    id TEXT PRIMARY KEY,
    dataset TEXT NOT NULL,
    unit TEXT,
    login TEXT NOT NULL,
    words TEXT NOT NULL,
    state TEXT NOT NULL,
    made TEXT NOT NULL,
    decided TEXT,
    decided_by TEXT,
    reason TEXT NOT NULL DEFAULT '',
    answer TEXT,
    answered TEXT,
    answered_by TEXT
);
CREATE INDEX voice_comment_dataset ON voice_comment (dataset, state, made);
CREATE INDEX voice_comment_state ON voice_comment (state, made);
CREATE INDEX voice_comment_login ON voice_comment (login, made);

CREATE TABLE voice_request (
    id TEXT PRIMARY KEY,
    title TEXT NOT NULL,
    why TEXT NOT NULL,
    unit TEXT,
    login TEXT NOT NULL,
    state TEXT NOT NULL,
    made TEXT NOT NULL,
    changed TEXT NOT NULL,
    reason TEXT NOT NULL DEFAULT '',
    answered_by TEXT,
    answered_unit TEXT,
    dataset TEXT
);
CREATE INDEX voice_request_state ON voice_request (state, made);
CREATE INDEX voice_request_login ON voice_request (login, made);

-- Whoever asked supports it too.
CREATE TABLE voice_support (
    request TEXT NOT NULL,
    login TEXT NOT NULL,
    at TEXT NOT NULL,
    PRIMARY KEY (request, login)
);
CREATE INDEX voice_support_login ON voice_support (login);
