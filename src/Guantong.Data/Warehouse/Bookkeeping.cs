namespace Guantong.Data;

/// <summary>The tables in which the warehouse remembers what was loaded, refused and measured.</summary>
internal static class Bookkeeping
{
    /// <summary>Made at each opening; forward only, so that an older file gains what it lacks.</summary>
    // "shape" fingerprints the declaration a load was made under: the same file under another declaration is another load.
    public const string Tables = """
        CREATE SCHEMA IF NOT EXISTS guantong;
        CREATE SEQUENCE IF NOT EXISTS guantong.load_id;
        CREATE TABLE IF NOT EXISTS guantong.load (
            id BIGINT, pack VARCHAR, dataset VARCHAR, file VARCHAR, sha256 VARCHAR, shape VARCHAR,
            started TIMESTAMP, ended TIMESTAMP,
            rows_in BIGINT, rows_added BIGINT, rows_changed BIGINT, rows_same BIGINT, rows_rejected BIGINT);
        CREATE TABLE IF NOT EXISTS guantong.reject (
            load BIGINT, file VARCHAR, line BIGINT, field VARCHAR, value VARCHAR, rule VARCHAR);
        CREATE TABLE IF NOT EXISTS guantong.quality (
            load BIGINT, pack VARCHAR, dataset VARCHAR, rule VARCHAR, field VARCHAR,
            measured DOUBLE PRECISION, wanted DOUBLE PRECISION, passed BOOLEAN, grade VARCHAR, measured_at TIMESTAMP);
        CREATE TABLE IF NOT EXISTS guantong.indicator_value (
            pack VARCHAR, indicator VARCHAR, period VARCHAR, starts DATE, region VARCHAR, value DOUBLE PRECISION, row_count BIGINT);
        ALTER TABLE guantong.indicator_value ADD COLUMN IF NOT EXISTS dimension VARCHAR DEFAULT '';
        ALTER TABLE guantong.indicator_value ADD COLUMN IF NOT EXISTS member VARCHAR DEFAULT '';
        ALTER TABLE guantong.indicator_value ADD COLUMN IF NOT EXISTS known TIMESTAMP;
        CREATE TABLE IF NOT EXISTS guantong.indicator_revision (
            pack VARCHAR, indicator VARCHAR, period VARCHAR, starts DATE, region VARCHAR, dimension VARCHAR, member VARCHAR,
            value DOUBLE PRECISION, row_count BIGINT, known TIMESTAMP, until TIMESTAMP, became DOUBLE PRECISION);
        ALTER TABLE guantong.indicator_revision ADD COLUMN IF NOT EXISTS provisional BOOLEAN DEFAULT FALSE;
        CREATE TABLE IF NOT EXISTS guantong.figure_version (pack VARCHAR, version VARCHAR);
        CREATE TABLE IF NOT EXISTS guantong.watched_region (pack VARCHAR, indicator VARCHAR, region VARCHAR, digest VARCHAR);
        CREATE TABLE IF NOT EXISTS guantong.watched_figure (
            pack VARCHAR, indicator VARCHAR, period VARCHAR, region VARCHAR, way VARCHAR, starts DATE,
            value DOUBLE PRECISION, expected DOUBLE PRECISION, error DOUBLE PRECISION, freedom BIGINT);
        CREATE TABLE IF NOT EXISTS guantong.indicator_cells (name VARCHAR, pack VARCHAR, dataset VARCHAR, shape VARCHAR, load BIGINT, computed TIMESTAMP);
        CREATE TABLE IF NOT EXISTS guantong.seal (key VARCHAR, version BIGINT);
        ALTER TABLE guantong.quality ADD COLUMN IF NOT EXISTS row_count BIGINT;
        ALTER TABLE guantong.quality ADD COLUMN IF NOT EXISTS broken BIGINT;
        ALTER TABLE guantong.quality ADD COLUMN IF NOT EXISTS share DOUBLE PRECISION;
        ALTER TABLE guantong.quality ADD COLUMN IF NOT EXISTS weight DOUBLE PRECISION;
        CREATE TABLE IF NOT EXISTS guantong.quality_region (
            load BIGINT, pack VARCHAR, dataset VARCHAR, rule VARCHAR, field VARCHAR, region VARCHAR,
            row_count BIGINT, broken BIGINT, newest TIMESTAMP, share DOUBLE PRECISION, weight DOUBLE PRECISION);
        CREATE TABLE IF NOT EXISTS guantong.quality_row (
            load BIGINT, pack VARCHAR, dataset VARCHAR, rule VARCHAR, field VARCHAR, region VARCHAR, row_key VARCHAR, value VARCHAR);
        CREATE TABLE IF NOT EXISTS guantong.quality_score (
            load BIGINT, pack VARCHAR, dataset VARCHAR, kind VARCHAR, id VARCHAR, score DOUBLE PRECISION, measured_at TIMESTAMP);
        ALTER TABLE guantong.load ADD COLUMN IF NOT EXISTS rows_removed BIGINT DEFAULT 0;
        CREATE TABLE IF NOT EXISTS guantong.position (pack VARCHAR, dataset VARCHAR, source VARCHAR, position VARCHAR, moved TIMESTAMP);
        CREATE TABLE IF NOT EXISTS guantong.erased (pack VARCHAR, dataset VARCHAR, before TIMESTAMP);
        CREATE TABLE IF NOT EXISTS guantong.feed (pack VARCHAR, dataset VARCHAR, started TIMESTAMP, succeeded TIMESTAMP, failures BIGINT, fault VARCHAR, due TIMESTAMP, row_count BIGINT);
        """;

    /// <summary>What PostgreSQL needs beside them: it knows no number of rows without counting, and finds nothing without an index.</summary>
    public const string PostgresTables = """
        CREATE TABLE IF NOT EXISTS guantong.row_count (schema_name VARCHAR, table_name VARCHAR, row_count BIGINT, PRIMARY KEY (schema_name, table_name));
        CREATE INDEX IF NOT EXISTS load_number ON guantong.load (id);
        CREATE INDEX IF NOT EXISTS load_dataset ON guantong.load (pack, dataset);
        CREATE INDEX IF NOT EXISTS reject_load ON guantong.reject (load);
        CREATE INDEX IF NOT EXISTS quality_dataset ON guantong.quality (pack, dataset);
        CREATE INDEX IF NOT EXISTS quality_region_dataset ON guantong.quality_region (pack, dataset);
        CREATE INDEX IF NOT EXISTS quality_row_dataset ON guantong.quality_row (pack, dataset);
        CREATE INDEX IF NOT EXISTS quality_score_dataset ON guantong.quality_score (pack, dataset);
        CREATE INDEX IF NOT EXISTS indicator_value_indicator ON guantong.indicator_value (pack, indicator, period, starts);
        CREATE INDEX IF NOT EXISTS indicator_revision_indicator ON guantong.indicator_revision (pack, indicator, period, starts);
        CREATE INDEX IF NOT EXISTS watched_region_indicator ON guantong.watched_region (pack, indicator);
        CREATE INDEX IF NOT EXISTS watched_figure_region ON guantong.watched_figure (pack, indicator, period, region);
        CREATE INDEX IF NOT EXISTS indicator_value_region ON guantong.indicator_value (pack, indicator, period, region, starts);
        """;
}
