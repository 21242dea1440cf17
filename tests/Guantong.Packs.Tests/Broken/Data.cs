using static Guantong.Tests.Broken.BrokenPack;

namespace Guantong.Tests.Broken;

/// <summary>SQL that does not bind, quality rules and feeds that miss their fields.</summary>
internal static class Data
{
    public static IReadOnlyList<BrokenPack> Cases { get; } =
    [
        // portable SQL
        Air("indicators.yaml", "\"avg(pm25)\"", "\"avg(pm99)\"", "sql-unbound", 16, 10),
        Air("indicators.yaml", "\"avg(pm25)\"", "\"pm25\"", "sql-unbound", 16, 10),
        Air("indicators.yaml", "\"avg(pm25)\"", "\"avg(pm25\"", "sql-broken", 16, 10),
        Air("indicators.yaml", "\"avg(pm25)\"", "\"avg(pm25); select 1\"", "sql-several", 16, 10),
        Air("indicators.yaml", "\"avg(pm25)\"", "\"median(pm25)\"", "sql-not-portable", 16, 10),
        Air("indicators.yaml", "\"avg(pm25)\"", "\"max(getenv('HOME'))\"", "sql-not-portable", 16, 10),
        Permit("indicators.yaml", "where: \"permits > 0\"", "where: \"permit > 0\"", "sql-unbound", 7, 10),
        Air("datasets/air-hourly.yaml", "that: \"pm25 <= pm10 * 1.5\"", "that: \"pm25 <= pm11 * 1.5\"", "sql-unbound", 23, 25),
        Air("datasets/air-hourly.yaml", "that: \"pm25 <= pm10 * 1.5\"", "that: \"pm25 <= <= pm10\"", "sql-broken", 23, 25),
        Air("datasets/air-daily.yaml", "from air_hourly\n", "from air_hours\n", "sql-unbound", 32, 8),
        Air("datasets/air-daily.yaml", "      from air_hourly\n", "      from read_csv('samples/air-hourly.csv')\n", "sql-not-portable", 32, 8),
        Air("datasets/air-daily.yaml", "count(*) as hours", "count(*) as hour_count", "sql-column-missing", 32, 8),
        Permit("datasets/applicant-last.yaml", "\"select applicant, max(day) as last, max(stall) as stall from application group by applicant\"", "\"drop table application\"", "sql-broken", 17, 8),
        Permit("datasets/applicant-last.yaml", "from application group", "from other_pack.application group", "sql-not-portable", 17, 8),

        // feeds
        Air("datasets/station.yaml", "from: csv\n  path: samples/station.csv\n  synthetic: true\n  columns: {code: code, name: name, region: region}", "from: fixed-width\n  path: samples/station.csv\n  synthetic: true\n  columns: {code: code, name: 7-20, region: 21-26}", "fixed-width-place", 20, 13),

        // placement
        Air("datasets/air-hourly.yaml", "retention: P10Y\n", "retention: P10Y\npartition: {by: pm25, every: month}\n", "partition-without-time", 9, 17),
        Air("datasets/air-hourly.yaml", "retention: P10Y\n", "retention: P10Y\npartition: {by: hours, every: month}\n", "unknown-field", 9, 17),
        Air("datasets/air-hourly.yaml", "retention: P10Y\n", "retention: P10Y\ndistribute: stations\n", "unknown-field", 9, 13),

        // quality
        Air("datasets/air-hourly.yaml", "of: [pm25, pm10, so2", "of: [pm25, pm1, so2", "unknown-field", 21, 33),
        Air("datasets/air-hourly.yaml", "of: [pm25, pm10, so2, no2, co, o3], ", "", "rule-incomplete", 21, 5),
        Air("datasets/air-hourly.yaml", ", at-least: 95%", "", "rule-incomplete", 21, 5),
        Air("datasets/air-hourly.yaml", ", within: PT3H", "", "rule-incomplete", 22, 5),
        Air("datasets/air-hourly.yaml", ", that: \"pm25 <= pm10 * 1.5\"", "", "rule-incomplete", 23, 5),
        Air("datasets/station.yaml", "quality:\n", "quality:\n  - {rule: fresh, within: PT3H}\n", "fresh-without-time", 15, 5),

        Air("datasets/air-hourly.yaml", "quality:\n", "quality:\n  - {rule: unique, of: [station, hours]}\n", "unknown-field", 21, 34),
        Air("datasets/air-hourly.yaml", "quality:\n", "quality:\n  - {rule: unique, of: [station], within: PT3H}\n", "rule-key-foreign", 21, 35),
        Air("datasets/air-hourly.yaml", "  - {rule: fresh, within: PT3H}\n", "  - {rule: fresh, within: PT3H}\n  - {rule: fresh, within: PT6H, grade: error}\n", "rule-twice", 23, 5),
        Air("datasets/air-hourly.yaml", "quality:\n", "quality:\n  - {rule: valid, of: [station]}\n", "rule-incomplete", 21, 5),
        Air("datasets/air-hourly.yaml", "quality:\n", "quality:\n  - {rule: valid, of: [station], form: region-code, pattern: \"[0-9]+\"}\n", "rule-key-foreign", 21, 53),
        Air("datasets/air-hourly.yaml", "quality:\n", "quality:\n  - {rule: valid, of: [pm25], form: phone}\n", "rule-without-text", 21, 24),
        Air("datasets/air-hourly.yaml", "quality:\n", "quality:\n  - {rule: valid, of: [station], pattern: \"(?=a)b\"}\n", "pattern-not-portable", 21, 43),
        Air("datasets/air-hourly.yaml", "quality:\n", "quality:\n  - {rule: valid, of: [station], pattern: \"[0-9\"}\n", "pattern-not-portable", 21, 43),
        Air("datasets/air-hourly.yaml", "quality:\n", "quality:\n  - {rule: range, of: [station], between: [0, 1]}\n", "rule-without-number", 21, 24),
        Air("datasets/air-hourly.yaml", "quality:\n", "quality:\n  - {rule: range, of: [pm25], between: [9, 1]}\n", "range-upside-down", 21, 31),
        Air("datasets/air-hourly.yaml", "quality:\n", "quality:\n  - {rule: range, of: [pm25]}\n", "rule-incomplete", 21, 5),
        Air("datasets/air-hourly.yaml", "quality:\n", "quality:\n  - {rule: codes, of: [station]}\n", "rule-incomplete", 21, 5),
        Air("datasets/air-hourly.yaml", "quality:\n", "quality:\n  - {rule: reference, of: [station], to: stations.code}\n", "unknown-dataset", 21, 42),
        Air("datasets/air-hourly.yaml", "quality:\n", "quality:\n  - {rule: reference, of: [station], to: station.id}\n", "unknown-field", 21, 42),
        Air("datasets/air-hourly.yaml", "quality:\n", "quality:\n  - {rule: reference, of: [pm25], to: station.code}\n", "reference-of-other-type", 21, 28),
        Air("datasets/air-hourly.yaml", "quality:\n", "quality:\n  - {rule: reference, of: [station], to: market.stall-permits/stall.code}\n", "unknown-pack", 21, 42),
        Air("datasets/air-hourly.yaml", "quality:\n", "quality:\n  - {rule: reference, of: [station], to: market.stall-permit/stall.code}\n", "pack-not-used", 21, 42),
        Air("datasets/air-hourly.yaml", "quality:\n", "quality:\n  - {rule: agrees, value: \"count(*)\", with: air-day, as: \"count(*)\"}\n", "unknown-dataset", 21, 45),
        Air("datasets/air-hourly.yaml", "quality:\n", "quality:\n  - {rule: agrees, value: \"sum(pm99)\", with: air-daily, as: \"count(*)\"}\n", "sql-unbound", 21, 27),
        Air("datasets/air-hourly.yaml", "quality:\n", "quality:\n  - {rule: agrees, value: \"count(*)\", with: air-daily, as: \"sum(pm99)\"}\n", "sql-unbound", 21, 60),
        Air("datasets/air-hourly.yaml", "quality:\n", "quality:\n  - {rule: volume, by: day}\n", "rule-incomplete", 21, 5),
        Air("datasets/air-hourly.yaml", "quality:\n", "quality:\n  - {rule: volume, by: day, tolerance: 50%, at: pm25}\n", "rule-without-time", 21, 49),
        Air("datasets/station.yaml", "quality:\n", "quality:\n  - {rule: volume, by: day, tolerance: 50%}\n", "rule-without-time", 15, 5),
        Air("datasets/air-hourly.yaml", "quality:\n", "quality:\n  - {rule: drift, of: [pm25], by: month, base: [2026-01-01, 2025-01-01]}\n", "base-no-days", 21, 42),
        Air("datasets/air-hourly.yaml", "quality:\n", "quality:\n  - {rule: drift, of: [pm25], by: month, base: [2026-02-01, 2026-02-30]}\n", "base-no-days", 21, 42),
        Permit("datasets/applicant.yaml", "feed: ", "quality:\n  - {rule: valid, of: [id], form: id-number}\nfeed: ", "rule-on-sealed", 14, 24),

        // ranges
        Air("datasets/air-hourly.yaml", "range: [0, 2000]", "range: [2000, 0]", "range-upside-down", 14, 3),
        Air("datasets/air-hourly.yaml", "{type: timestamp, name: 时间}", "{type: timestamp, name: 时间, range: [0, 1]}", "range-without-number", 13, 3),

        // feeds
        Air("datasets/air-hourly.yaml", "    o3: O3\n", "", "field-without-column", 19, 3),
        Air("datasets/air-hourly.yaml", "    pm25: PM2.5", "    pm25: {timestamp: [year, month, day, hour]}", "timestamp-for-other", 33, 5),
        Air("datasets/station.yaml", "  columns: {code: code, name: name, region: region}\n", "", "feed-incomplete", 17, 3),
        Air("datasets/air-daily.yaml", "  needs: [air-hourly]\n", "", "feed-incomplete", 30, 3),
        Permit("datasets/applicant-last.yaml", "  sql: \"select applicant, max(day) as last, max(stall) as stall from application group by applicant\"\n", "", "feed-incomplete", 15, 3),

        // indicators in time
        Air("indicators.yaml", "at: day}", "at: aqi}", "at-is-no-time", 5, 64),
        Air("indicators.yaml", "count(distinct station), 0)\"\n  better: lower", "count(distinct station), 0)\"\n  better: lower\n  warn:\n    period: day\n    regions: [province]\n    levels: {red: \"> 5\"}", "warn-period-not-computed", 33, 13),
    ];
}
