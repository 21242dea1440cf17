using System.Globalization;
using Guantong.Data;

namespace Guantong.Tests;

/// <summary>What packs may say in SQL comes to the same on DuckDB and on PostgreSQL.</summary>
public sealed class SameFiguresTests
{
    private static readonly string[] Expressions =
    [
        "count(*)", "count(n)", "count(DISTINCT k)", "sum(n)", "sum(k)", "avg(n)", "avg(k)", "min(s)", "max(s)", "min(d)", "max(t)", "stddev(n)", "stddev_samp(n)", "stddev_pop(n)", "variance(n)", "var_samp(n)", "var_pop(n)",
        "sum(k) / count(*)", "count(*) / 7", "100 * sum(k) / count(n)", "sum(n) / (count(*) - count(*))", "count(*) / (count(*) - count(*))", "sum(k) % 7", "sum(n) % 3", "sum(k) % (count(*) - count(*))", "mod(sum(n), 3)",
        "round(avg(n))", "round(avg(n), 2)", "round(2.5)", "round(CAST(2.5 AS DOUBLE))", "round(CAST(-2.5 AS DOUBLE))", "round(CAST(0.125 AS DOUBLE), 2)", "abs(min(n))", "ceil(avg(n))", "ceiling(avg(n))", "floor(avg(n))", "trunc(avg(n))", "sign(min(n))",
        "greatest(max(n), 3)", "least(max(n), 3)", "greatest(NULL, 3)", "power(2, 10)", "sqrt(max(k))", "max(n) * 1.5", "max(k) - 1", "-max(k)", "max(k) / 2", "CAST(max(n) AS DOUBLE) / 3", "CAST(max(k) AS DOUBLE PRECISION)",
        "count(*) FILTER (WHERE n > 1)", "sum(CASE WHEN s LIKE 'a%' THEN 1 ELSE 0 END)", "sum(CASE WHEN s NOT LIKE '%乙' THEN n END)", "coalesce(max(nullif(k, 3)), 0)", "max(length(s))", "min(lower(s))", "max(upper(s))", "max(substr(s, 1, 1))", "max(substring(s, 2))", "min(trim('  ' || s))", "max(replace(s, 'a', 'b'))",
        "max(concat(s, '-', k))", "max(left(s, 1))", "max(right(s, 1))", "max(s || k)", "max(date_part('hour', t))", "max(date_part('month', d))", "max(EXTRACT(year FROM t))", "max(date_trunc('month', t))", "max(date_trunc('week', t))", "max(date_trunc('hour', t))", "max(CAST(date_trunc('quarter', d) AS DATE))",
        "max(t + to_hours(3))", "max(t - to_days(k))", "max(CAST(d AS TIMESTAMP) + to_months(1))", "max(t + to_minutes(90))", "max(t - to_years(1))", "max(d) - min(d)", "max(CAST(t AS DATE))", "count(*) > 3", "CAST(round(avg(n)) AS BIGINT)", "max(CAST(b AS VARCHAR))", "sum(CASE WHEN b THEN 1 ELSE 0 END)",
    ];

    private const string Rows = """
        (SELECT CAST(k AS BIGINT) AS k, CAST(n AS DOUBLE) AS n, CAST(s AS VARCHAR) AS s, CAST(d AS DATE) AS d, CAST(t AS TIMESTAMP) AS t, CAST(b AS BOOLEAN) AS b FROM (VALUES
            (1, -2.25, 'a', '2026-01-31', '2026-01-31 23:59:59', true), (2, 0.5, 'ab', '2024-02-29', '2024-02-29 00:00:00', false), (3, 1.005, '甲乙', '2025-12-01', '2025-12-01 12:30:00', NULL),
            (4, 1e10, '', '2026-03-02', '2026-03-02 07:00:01', true), (5, NULL, NULL, NULL, NULL, NULL), (7, 0.1, 'A', '1999-12-31', '1999-12-31 18:00:00', false)) AS v(k, n, s, d, t, b)) AS rows_of
        """;

    [Fact]
    public async Task Every_function_of_the_subset_gives_the_same_on_both()
    {
        using var here = Warehouse.Open(null, TimeProvider.System);
        using var there = Warehouse.Open(await FreshStore.MakeAsync("postgres"), TimeProvider.System);
        using var duck = here.Read();
        using var postgres = there.Read();
        Assert.Equal("", string.Join("\n", Expressions.Where(e => Of(duck, e) != Of(postgres, e)).Select(e => $"{e}: {Of(duck, e)} on DuckDB, {Of(postgres, e)} on PostgreSQL")));

        static string Of(System.Data.Common.DbConnection connection, string expression)
        {
            try
            {
                return Said(connection.Scalar($"SELECT {expression} FROM {Rows}"));
            }
            catch (System.Data.Common.DbException e)
            {
                return e.Message;
            }
        }
    }

    [Fact]
    public async Task Windows_and_order_are_the_same_on_both()
    {
        using var here = Warehouse.Open(null, TimeProvider.System);
        using var there = Warehouse.Open(await FreshStore.MakeAsync("postgres"), TimeProvider.System);
        const string sql = $"""
            SELECT k, row_number() OVER (ORDER BY n, k), rank() OVER (ORDER BY b NULLS LAST), dense_rank() OVER (ORDER BY length(s)), lag(n) OVER (ORDER BY k), lead(s) OVER (ORDER BY k), first_value(s) OVER (ORDER BY k), last_value(k) OVER (ORDER BY k)
            FROM {Rows} ORDER BY s NULLS LAST, k
            """;
        Assert.Equal(Read(here), Read(there));

        static string Read(Warehouse warehouse)
        {
            using var connection = warehouse.Read();
            return string.Join('\n', connection.Rows(sql, r => string.Join('|', Enumerable.Range(0, r.FieldCount).Select(i => r.IsDBNull(i) ? "" : Said(r.GetValue(i))))));
        }
    }

    // A sum of whole numbers has another type in each engine; its value has to be one.
    private static string Said(object? value) => value switch
    {
        null => "",
        string or bool => $"{value}",
        DateTime t => t.ToString("s", CultureInfo.InvariantCulture),
        DateOnly d => d.ToDateTime(default).ToString("s", CultureInfo.InvariantCulture),
        System.Numerics.BigInteger n => ((double)n).ToString("G12", CultureInfo.InvariantCulture),
        _ => Convert.ToDouble(value, CultureInfo.InvariantCulture).ToString("G12", CultureInfo.InvariantCulture),
    };
}
