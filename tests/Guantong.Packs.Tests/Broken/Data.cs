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

        // quality
        Air("datasets/air-hourly.yaml", "of: [pm25, pm10, so2", "of: [pm25, pm1, so2", "unknown-field", 21, 33),
        Air("datasets/air-hourly.yaml", "of: [pm25, pm10, so2, no2, co, o3], ", "", "rule-incomplete", 21, 5),
        Air("datasets/air-hourly.yaml", ", at-least: 95%", "", "rule-incomplete", 21, 5),
        Air("datasets/air-hourly.yaml", ", within: PT3H", "", "rule-incomplete", 22, 5),
        Air("datasets/air-hourly.yaml", ", that: \"pm25 <= pm10 * 1.5\"", "", "rule-incomplete", 23, 5),
        Air("datasets/station.yaml", "quality:\n", "quality:\n  - {rule: fresh, within: PT3H}\n", "fresh-without-time", 15, 5),

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
        Air("indicators.yaml", "period: [day, month, year], at: day}\n  needs: [air-daily]\n  value: \"avg", "period: [month, year], at: day}\n  needs: [air-daily]\n  value: \"avg", "warn-period-not-computed", 19, 13),
    ];
}
