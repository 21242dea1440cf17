using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using Guantong.Data;

namespace Guantong.Tests;

/// <summary>An indicator's value taken apart gives what it gives over all rows at once.</summary>
public sealed class ValuePartsTests
{
    private static readonly string[] Values =
    [
        "count(*)", "sum(a)", "avg(a)", "min(a)", "max(b)", "count(a)", "100.0 * count(*) filter (where a > 0) / nullif(count(a), 0)", "sum(a) / nullif(sum(b), 0)", "avg(a) filter (where b > 1) - avg(b)",
        "CASE WHEN count(*) > 3 THEN sum(a) ELSE 0 END", "coalesce(sum(a) FILTER (WHERE k = 'it''s (x)'), 0) + count(*)", "round(avg(a), 2)", "greatest(max(a), max(b)) - least(min(a), min(b))", "sum(a * b) / nullif(sum(abs(b)), 0)", "count(*) filter(where a is null)",
    ];

    private static readonly string[] NotAdded =
    [
        "count(distinct k)", "stddev(a)", "sum(a) / count(distinct k)", "(select 1)", "sum(a) -- and more", "sum(a) /* more */", "var_pop(b)", "sum(a) over ()", "count(DISTINCT k) filter (where a > 0)",
    ];

    [Theory, MemberData(nameof(Added))]
    public void What_days_keep_makes_what_their_rows_make(string value, string? where)
    {
        var parts = ValueParts.Of(value, where);
        Assert.NotNull(parts);
        using var warehouse = Warehouse.Open(null, TimeProvider.System);
        using var connection = warehouse.Read();
        // A day whose every row leaves the condition open is rare among random ones.
        Agree([(1, 4, null, null)]);
        Prop.ForAll(Rows().ToArbitrary(), Agree).QuickCheckThrowOnFailure();

        void Agree((int Day, int? A, int? B, string? K)[] rows)
        {
            var table = $"(VALUES {string.Join(", ", rows.Select(r => $"({r.Day}, {N(r.A)}, {N(r.B)}, {(r.K is null ? "NULL" : Sql.Text(r.K))})"))}) AS t(day, a, b, k)";
            var direct = connection.Scalar($"SELECT CAST({value} AS DOUBLE) FROM {table} {(where is null ? "" : $"WHERE {where}")}");
            var cells = $"(SELECT {string.Join(", ", parts.Parts.Select((p, i) => $"CAST({p.DuckSql} AS {(p.Together == "count" ? "BIGINT" : "DOUBLE")}) AS c{i}"))} FROM {table} GROUP BY day) AS cells";
            var columns = parts.Parts.Select((p, i) => (p, Sql: p.Together == "count" ? $"CAST(sum(c{i}) AS BIGINT)" : $"{p.Together}(c{i})")).ToDictionary(c => c.p, c => c.Sql);
            var whole = connection.Scalar($"SELECT CAST({parts.Over(p => columns[p])} AS DOUBLE) FROM {cells}");
            Assert.Equal(Rounded(direct), Rounded(whole));
        }

        static double? Rounded(object? value) => value is double number ? Math.Round(number, 6) : null;
        static string N(int? n) => n is { } number ? $"CAST({number.ToString(CultureInfo.InvariantCulture)} AS DOUBLE)" : "CAST(NULL AS DOUBLE)";
    }

    public static TheoryData<string, string?> Added()
    {
        var data = new TheoryData<string, string?>();
        foreach (var value in Values)
        {
            data.Add(value, null);
            data.Add(value, "b >= 0 OR k = 'it''s (x)'");
        }
        return data;
    }

    [Theory, MemberData(nameof(Others))]
    public void What_does_not_add_up_is_told(string value) => Assert.Null(ValueParts.Of(value, null));

    public static TheoryData<string> Others() => [.. NotAdded];

    [Fact]
    public void No_text_breaks_it() => Prop.ForAll<string>(text => ValueParts.Of(text ?? "", text) is null or { Parts.Count: > 0 }).QuickCheckThrowOnFailure();

    private static Gen<(int Day, int? A, int? B, string? K)[]> Rows() => (
        from day in Gen.Choose(1, 4)
        from a in Gen.Choose(-6, 6)
        from b in Gen.Choose(-2, 4)
        from k in Gen.Elements("x", "y", "it's (x)", null)
        select (day, a == 6 ? (int?)null : a, b == 4 ? (int?)null : b, k)).ArrayOf().Where(r => r.Length > 0);
}
