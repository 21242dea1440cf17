-- What people and businesses built on open data, shown once the bureau released it.
CREATE TABLE gallery_app (
    id TEXT PRIMARY KEY,
    login TEXT NOT NULL,
    author TEXT NOT NULL,
    title TEXT NOT NULL,
    about TEXT NOT NULL,
    link TEXT NOT NULL,
    datasets TEXT NOT NULL,
    sent TEXT NOT NULL,
    state TEXT NOT NULL,
    decided TEXT,
    decided_by TEXT,
    reason TEXT NOT NULL DEFAULT ''
);
CREATE INDEX gallery_app_state ON gallery_app (state, sent);
CREATE INDEX gallery_app_login ON gallery_app (login, sent);

CREATE TABLE competition (
    id TEXT PRIMARY KEY,
    title TEXT NOT NULL,
    title_en TEXT NOT NULL,
    rules TEXT NOT NULL,
    rules_en TEXT NOT NULL,
    from_day TEXT NOT NULL,
    until_day TEXT NOT NULL,
    datasets TEXT NOT NULL,
    declared TEXT NOT NULL,
    declared_by TEXT NOT NULL
);

-- Awards are to applications, never to persons.
CREATE TABLE competition_entry (
    competition TEXT NOT NULL,
    app TEXT NOT NULL,
    entered TEXT NOT NULL,
    award TEXT,
    awarded TEXT,
    awarded_by TEXT,
    PRIMARY KEY (competition, app)
);
CREATE INDEX competition_entry_app ON competition_entry (app);
