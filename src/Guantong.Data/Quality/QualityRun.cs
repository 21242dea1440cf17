using System.Xml;
using DuckDB.NET.Data;
using Guantong.Packs;

namespace Guantong.Data;

/// <summary>Measures a dataset by its quality rules.</summary>
internal static class QualityRun
{
    /// <summary>Measures all rules and keeps the results under a load; without one the results are only given.</summary>
    public static IReadOnlyList<QualityResult> Measure(DuckDBConnection connection, Pack pack, Dataset dataset, long? load, DateTime at)
    {
        var results = dataset.Quality.SelectMany(r => Measure(connection, pack, dataset, r, at)).ToList();
        if (load is not null)
        {
            // What follows from a load may be done again after a crash.
            connection.Run("DELETE FROM guantong.quality WHERE load = ? AND pack = ? AND dataset = ?", load, pack.Id, dataset.Id);
            foreach (var r in results)
                connection.Run("INSERT INTO guantong.quality VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", load, pack.Id, dataset.Id, r.Rule, r.Field, r.Measured, r.Wanted, r.Passed, r.Grade, r.At);
        }
        return results;
    }

    private static IEnumerable<QualityResult> Measure(DuckDBConnection connection, Pack pack, Dataset dataset, QualityRule rule, DateTime at)
    {
        var table = Sql.Table(pack.Id, dataset.Table);
        var grade = rule.IsError ? "error" : "warning";
        switch (rule.Rule)
        {
            case "complete":
                var wanted = (double)rule.AtLeast!.Value;
                var shares = connection.Rows($"SELECT {string.Join(", ", rule.Of.Select(f => $"100.0 * count({Sql.Name(f.Name)}) / nullif(count(*), 0)"))} FROM {table}",
                    r => rule.Of.Select((_, i) => r.IsDBNull(i) ? (double?)null : r.GetDouble(i)).ToList())[0];
                return rule.Of.Select((f, i) => new QualityResult("complete", f.Name, shares[i], wanted, shares[i] >= wanted, grade, at));
            case "fresh":
                var time = dataset.Fields.First(f => f.Type is "date" or "timestamp").Id;
                var limit = XmlConvert.ToTimeSpan(rule.Within!).TotalHours;
                var newest = connection.Scalar($"SELECT CAST(max({Sql.Name(time)}) AS TIMESTAMP) FROM {table}") as DateTime?;
                var age = newest is null ? (double?)null : Math.Round((at - newest.Value).TotalHours, 1);
                return [new QualityResult("fresh", time, age, limit, age <= limit, grade, at)];
            default:
                var breaches = connection.Count($"SELECT count(*) FROM {table} AS {Sql.Name(dataset.Table)} WHERE NOT ({rule.That})");
                return [new QualityResult("holds", rule.That!.Name, breaches, 0, breaches == 0, grade, at)];
        }
    }
}
