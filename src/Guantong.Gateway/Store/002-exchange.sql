-- Platforms of other jurisdictions, and every certificate by which one was ever known.
CREATE TABLE exchange_peer (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    address TEXT NOT NULL,
    certificate TEXT NOT NULL,
    state TEXT NOT NULL,
    changed TEXT NOT NULL
);
CREATE TABLE exchange_certificate (
    thumbprint TEXT PRIMARY KEY,
    peer TEXT NOT NULL,
    certificate TEXT NOT NULL,
    since TEXT NOT NULL
);

-- What is posted to a peer, in the order in which it is to come there; it stays until the peer has signed that it has it.
CREATE TABLE exchange_outbox (
    peer TEXT NOT NULL,
    number BIGINT NOT NULL,
    id TEXT NOT NULL UNIQUE,
    unit TEXT,
    topic TEXT NOT NULL,
    content_type TEXT NOT NULL,
    body TEXT NOT NULL,
    made TEXT NOT NULL,
    state TEXT NOT NULL,
    attempts BIGINT NOT NULL,
    due TEXT NOT NULL,
    fault TEXT NOT NULL DEFAULT '',
    delivered TEXT,
    PRIMARY KEY (peer, number)
);
CREATE INDEX exchange_outbox_due ON exchange_outbox (state, due);

-- What peers posted, each once, in their order.
CREATE TABLE exchange_inbox (
    peer TEXT NOT NULL,
    number BIGINT NOT NULL,
    id TEXT NOT NULL,
    unit TEXT,
    topic TEXT NOT NULL,
    content_type TEXT NOT NULL,
    body TEXT NOT NULL,
    received TEXT NOT NULL,
    PRIMARY KEY (peer, number)
);
