-- Who took a region's rows back, how far: one line a dataset, region and receiver.
CREATE TABLE region_return (
    pack TEXT NOT NULL,
    dataset TEXT NOT NULL,
    region TEXT NOT NULL,
    receiver TEXT NOT NULL,
    load_id BIGINT NOT NULL,
    row_count BIGINT NOT NULL,
    at TEXT NOT NULL,
    PRIMARY KEY (pack, dataset, region, receiver)
);
