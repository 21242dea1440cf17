using Guantong.Packs;
using Guantong.Trust;

namespace Guantong.Data;

/// <summary>A rule that fails for the rows of one unit.</summary>
/// <param name="Unit">Who answers for them; null where the jurisdiction has no such unit.</param>
internal sealed record Fault(string Rule, string Field, string Grade, Unit? Unit, long Rows, long Broken, double? Measured, double? Wanted)
{
    /// <summary>What is at fault in a dataset by its last run: rows are judged by the unit that answers for their region, a dataset as a whole by its source.</summary>
    /// <remarks>谁提供谁负责: the unit of the source's line at the row's region, or nearest above it.</remarks>
    public static IReadOnlyList<Fault> Of(Warehouse warehouse, Pack pack, Dataset dataset, Jurisdiction land, DateTime now)
    {
        var regions = QualityView.Of(warehouse, pack.Id, dataset.Id).Measures.ToLookup(m => (m.Rule, m.Field));
        return [.. QualityView.Last(warehouse, pack.Id, dataset.Id).SelectMany(r => Of(dataset, r, [.. regions[(r.Rule, r.Field)]], land, now))];
    }

    private static IEnumerable<Fault> Of(Dataset dataset, QualityResult result, IReadOnlyList<RegionQuality> regions, Jurisdiction land, DateTime now)
    {
        if (dataset.Quality.FirstOrDefault(q => q.Rule == result.Rule && q.SubjectsIn(dataset).Contains(result.Field)) is not { } rule)
            return [];
        var source = land.Units.Named(dataset.Source.Name);
        Fault Whole(double? measured) => new(result.Rule, result.Field, result.Grade, source, result.Rows, result.Broken, measured, result.Wanted);
        if (result.Rule == "fresh")
            return OfTime(dataset, rule, result, regions, land, source, now, Whole);
        if (regions.Count == 0)
            return result.Passed ? [] : [Whole(result.Measured)];
        // Rows whose region is not known are the source's own.
        var unplaced = (Unit: source, Rows: result.Rows - regions.Sum(r => r.Rows), Broken: result.Broken - regions.Sum(r => r.Broken));
        return regions.Select(r => (Unit: land.Units.ForRegion(dataset.Source.Name, r.Region) ?? source, r.Rows, r.Broken)).Append(unplaced).GroupBy(r => r.Unit)
            .Select(g => new Fault(result.Rule, result.Field, result.Grade, g.Key, g.Sum(r => r.Rows), g.Sum(r => r.Broken), null, null))
            .Where(f => !QualityRun.IsKept(rule, f.Rows, f.Broken))
            .Select(f => f with { Measured = result.Rule == "complete" ? 100.0 * (f.Rows - f.Broken) / f.Rows : f.Broken, Wanted = result.Rule == "complete" ? result.Wanted : QualityRun.Allowed(rule, f.Rows) });
    }

    // Where everything stands still it is the source's; else that of each unit whose own rows stay away.
    private static IEnumerable<Fault> OfTime(Dataset dataset, QualityRule rule, QualityResult result, IReadOnlyList<RegionQuality> regions, Jurisdiction land, Unit? source, DateTime now, Func<double?, Fault> whole)
    {
        var limit = Compared.HoursOf(rule);
        // The newest row is as old as the clock says now, not as it was when it came.
        double? Age(double? then) => then + (now - result.At).TotalHours;
        if (!(Age(result.Measured) <= limit))
            return [whole(Age(result.Measured) is { } age ? Math.Round(age, 1) : null)];
        return regions.Where(r => r.Newest is not null).GroupBy(r => land.Units.ForRegion(dataset.Source.Name, r.Region) ?? source)
            .Select(g => (Unit: g.Key, Hours: Math.Round((now - g.Max(r => r.Newest)!.Value).TotalHours, 1))).Where(g => g.Hours > limit)
            .Select(g => new Fault(result.Rule, result.Field, result.Grade, g.Unit, 0, 0, g.Hours, limit));
    }

    /// <summary>The regions whose rows a unit answers for.</summary>
    public static IReadOnlySet<string> RegionsOf(Warehouse warehouse, string pack, Dataset dataset, string unit, Jurisdiction land) =>
        QualityView.Of(warehouse, pack, dataset.Id).Measures.Select(m => m.Region).Where(r => (land.Units.ForRegion(dataset.Source.Name, r) ?? land.Units.Named(dataset.Source.Name))?.Id == unit).ToHashSet();
}
