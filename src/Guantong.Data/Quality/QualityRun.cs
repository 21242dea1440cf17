using System.Data.Common;
using Guantong.Packs;
using Guantong.Trust;

namespace Guantong.Data;

/// <summary>Measures a dataset by its quality rules: rows in one scan, figures and distributions beside it; then scores, and some of the rows at fault.</summary>
public static class QualityRun
{
    /// <summary>Rows at fault that are kept of one measure, in all and of one region.</summary>
    private const int MostRows = 200;
    private const int MostOfRegion = 20;

    /// <summary>Measures a dataset as it stands now; the results take the place of its last load's. Nothing is kept where nothing was loaded.</summary>
    public static IReadOnlyList<QualityResult> Again(Warehouse warehouse, Pack pack, Dataset dataset) => warehouse.Write(connection =>
        Measure(connection, pack, dataset, connection.Scalar("SELECT coalesce((SELECT max(load) FROM guantong.quality WHERE pack = ? AND dataset = ?), (SELECT max(id) FROM guantong.load WHERE pack = ? AND dataset = ?))",
            pack.Id, dataset.Id, pack.Id, dataset.Id) as long?, warehouse.Time.GetUtcNow().UtcDateTime));

    /// <summary>Measures all rules and keeps the results under a load; without one the results are only given.</summary>
    internal static IReadOnlyList<QualityResult> Measure(DbConnection connection, Pack pack, Dataset dataset, long? load, DateTime at)
    {
        if (dataset.Quality.Count == 0)
            return [];
        using var scan = new QualityScan(connection, pack, dataset);
        // Conditions of a pack name its own tables without their schema.
        connection.Within(pack.Id, () =>
        {
            scan.Run();
            return 0;
        });
        var measured = dataset.Quality.SelectMany(r => Of(connection, pack, dataset, scan, r, at)).ToList();
        if (load is { } id)
            Keep(connection, pack, dataset, scan, id, measured, at);
        return [.. measured.Select(m => m.Result)];
    }

    // A result with what it comes to in each region; none where the rule judges the dataset as a whole.
    private sealed record Measured(QualityResult Result, IReadOnlyList<RegionResult> Regions);

    private sealed record RegionResult(string Region, long Rows, long Broken, DateTime? Newest, double? Share);

    private static IEnumerable<Measured> Of(DbConnection connection, Pack pack, Dataset dataset, QualityScan scan, QualityRule rule, DateTime at)
    {
        foreach (var measure in scan.Measures.Where(m => m.Rule == rule))
            yield return OfRows(measure, scan.Of(measure), at);
        // What refers to a table that is not there has no measure.
        foreach (var subject in rule.Rule == "reference" && scan.Measures.All(m => m.Rule != rule) ? rule.SubjectsIn(dataset) : [])
            yield return Whole(rule, subject, null, 0, null, at);
        if (rule.Rule == "fresh")
            yield return OfTime(rule, rule.TimeOf(dataset)!, scan.Newest(rule.TimeOf(dataset)!), at);
        else if (rule.Rule == "drift")
        {
            foreach (var field in rule.Of)
                yield return Compared.Drifted(connection, pack, dataset, rule, dataset.Field(field.Name)!, at) is var (index, most, share) ? Whole(rule, field.Name, index, most, share, at) : null!;
        }
        else if (rule.Rule is "agrees" or "volume")
            yield return Compared.Measure(connection, pack, dataset, rule, at) is var (distance, tolerance, share) ? Whole(rule, rule.SubjectsIn(dataset)[0], distance, tolerance, share, at) : null!;
    }

    private static Measured OfRows(RowMeasure measure, IReadOnlyList<Counted> counted, DateTime at)
    {
        var (rows, broken) = (counted.Sum(c => c.Rows), counted.Sum(c => c.Broken));
        var (rule, isShare) = (measure.Rule, measure.Rule.Rule == "complete");
        double? present = rows == 0 ? null : 100.0 * (rows - broken) / rows;
        var result = new QualityResult(rule.Rule, measure.Subject, isShare ? present : broken, isShare ? (double)rule.AtLeast!.Value : Allowed(rule, rows), IsKept(rule, rows, broken), Grade(rule), at)
        {
            Rows = rows, Broken = broken, Share = QualityScore.OfRows(rows, broken), Weight = QualityScore.WeightOf(rule),
        };
        return new Measured(result, [.. counted.Where(c => c.Region is not null && c.Rows > 0).Select(c => new RegionResult(c.Region!, c.Rows, c.Broken, null, QualityScore.OfRows(c.Rows, c.Broken)))]);
    }

    private static Measured OfTime(QualityRule rule, Field time, IReadOnlyList<(string? Region, DateTime? Newest)> newest, DateTime at)
    {
        var limit = Compared.HoursOf(rule);
        double? Age(DateTime? of) => of is { } n ? Math.Round((at - n).TotalHours, 1) : null;
        var age = Age(newest.Max(n => n.Newest));
        var result = new QualityResult("fresh", time.Id, age, limit, age <= limit, Grade(rule), at) { Share = QualityScore.OfAge(age, limit), Weight = QualityScore.WeightOf(rule) };
        return new Measured(result, [.. newest.Where(n => n.Region is not null).Select(n => new RegionResult(n.Region!, 0, 0, n.Newest, QualityScore.OfAge(Age(n.Newest), limit)))]);
    }

    private static Measured Whole(QualityRule rule, string subject, double? measured, double wanted, double? share, DateTime at) =>
        new(new QualityResult(rule.Rule, subject, measured, wanted, measured is null || measured <= wanted, Grade(rule), at) { Share = share, Weight = QualityScore.WeightOf(rule) }, []);

    /// <summary>Whether so many rows at fault are few enough.</summary>
    internal static bool IsKept(QualityRule rule, long rows, long broken) => rows == 0 || broken <= Allowed(rule, rows);

    internal static double Allowed(QualityRule rule, long rows) => Math.Floor(rows * (double)(100 - (rule.AtLeast ?? 100)) / 100);

    private static string Grade(QualityRule rule) => rule.IsError ? "error" : "warning";

    private static void Keep(DbConnection connection, Pack pack, Dataset dataset, QualityScan scan, long load, IReadOnlyList<Measured> measured, DateTime at)
    {
        // What follows from a load may be done again after a crash. Of regions and rows, the last run is kept; of scores, every run.
        foreach (var table in (string[])["quality", "quality_score"])
            connection.Run($"DELETE FROM guantong.{table} WHERE load = ? AND pack = ? AND dataset = ?", load, pack.Id, dataset.Id);
        foreach (var table in (string[])["quality_region", "quality_row"])
            connection.Run($"DELETE FROM guantong.{table} WHERE pack = ? AND dataset = ?", pack.Id, dataset.Id);
        foreach (var (r, regions) in measured)
        {
            connection.Run("INSERT INTO guantong.quality (load, pack, dataset, rule, field, measured, wanted, passed, grade, measured_at, row_count, broken, share, weight) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                load, pack.Id, dataset.Id, r.Rule, r.Field, r.Measured, r.Wanted, r.Passed, r.Grade, r.At, r.Rows, r.Broken, r.Share, r.Weight);
            connection.Append("guantong", "quality_region", regions.Select(g => (object?[])[load, pack.Id, dataset.Id, r.Rule, r.Field, g.Region, g.Rows, g.Broken, g.Newest, g.Share, r.Weight]));
        }
        KeepScores(connection, pack, dataset, load, measured, at);
        var failing = connection.Within(pack.Id, () => scan.Measures.SelectMany(m => FailingRow.Of(pack, dataset, scan, m, MostRows, MostOfRegion).Select(f => (Measure: m, Row: f))).ToList());
        connection.Append("guantong", "quality_row", failing.Select(f => (object?[])[load, pack.Id, dataset.Id, f.Measure.Rule.Rule, f.Measure.Subject, f.Row.Region, f.Row.Key, f.Row.Value]));
    }

    // Counts add up to the city and the province, so a region's score holds all below it.
    private static void KeepScores(DbConnection connection, Pack pack, Dataset dataset, long load, IReadOnlyList<Measured> measured, DateTime at)
    {
        var scores = new List<(string Kind, string Id, double? Score)> { ("dataset", "", QualityScore.Of(measured.Select(m => new Weighed(m.Result.Weight, m.Result.Share)))) };
        var parts = measured.SelectMany((m, i) => m.Regions.SelectMany(r => RegionCode.Counted(r.Region).Select(code => (Code: code, Measure: i, Part: r))));
        foreach (var region in parts.GroupBy(p => p.Code))
            scores.Add(("region", region.Key, QualityScore.Of(region.GroupBy(p => p.Measure).Select(g => new Weighed(measured[g.Key].Result.Weight, Together(g.Select(p => p.Part)))))));
        connection.Append("guantong", "quality_score", scores.Where(s => s.Score is not null).Select(s => (object?[])[load, pack.Id, dataset.Id, s.Kind, s.Id, s.Score, at]));
    }

    private static double? Together(IEnumerable<RegionResult> parts) => parts.ToList() is var all && all.Sum(p => p.Rows) is > 0 and var rows
        ? QualityScore.OfRows(rows, all.Sum(p => p.Broken)) : all.OrderByDescending(p => p.Newest).Select(p => p.Share).FirstOrDefault();
}
