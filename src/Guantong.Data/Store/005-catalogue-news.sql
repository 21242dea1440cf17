-- Versions from before this were seen by nobody who watches.
ALTER TABLE catalogue_version ADD COLUMN seq BIGINT NOT NULL DEFAULT 0;
