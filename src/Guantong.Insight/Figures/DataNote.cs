using Guantong.Data;
using Guantong.Packs;

namespace Guantong.Insight;

/// <summary>What is to be said of the data behind a figure, beside every figure.</summary>
/// <param name="Dataset">Id of the dataset.</param>
/// <param name="IsSynthetic">Whether its rows come from a sample that was made up.</param>
/// <param name="Score">Of its last quality run, 0 to 100; null where nothing was measured.</param>
/// <param name="Failed">Rules that it does not keep.</param>
/// <param name="Newest">Its newest time; null where its key has none.</param>
/// <param name="Loaded">When rows came in last; null where none did.</param>
/// <param name="Rejected">Rows of the loads remembered that were refused.</param>
public sealed record DatasetNote(string Dataset, string Name, bool IsSynthetic, double? Score, IReadOnlyList<string> Failed, DateTime? Newest, DateTime? Loaded, long Rejected);

/// <summary>What is to be said of all the data that an indicator is computed from.</summary>
public sealed record DataNote(IReadOnlyList<DatasetNote> Datasets)
{
    /// <summary>Whether any of it was made up.</summary>
    public bool IsSynthetic => Datasets.Any(d => d.IsSynthetic);

    /// <summary>good, fair (a rule of a dataset is not kept), or unmeasured.</summary>
    public string State => Datasets.Any(d => d.Failed.Count > 0) ? "fair" : Datasets.All(d => d.Score is null) ? "unmeasured" : "good";

    internal static DataNote Of(Warehouse warehouse, Pack pack, Indicator indicator) => new([.. Needs(pack, indicator).Select(dataset =>
    {
        var status = DatasetStatus.Of(warehouse, pack, dataset);
        return new DatasetNote(dataset.Id, dataset.Name, status.Synthetic, QualityView.Of(warehouse, pack.Id, dataset.Id).Scores is [var last, ..] ? last.Score : null,
            [.. status.Quality.Where(q => !q.Passed).Select(q => q.Field.Length == 0 ? q.Rule : $"{q.Rule} {q.Field}")], status.Newest, status.Loads is [var load, ..] ? load.Ended : null, status.Loads.Sum(l => l.Rejected));
    })]);

    /// <summary>The datasets that an indicator is computed from; of a composite index, those of all its parts.</summary>
    internal static IEnumerable<Dataset> Needs(Pack pack, Indicator indicator) => Needs(pack, indicator, []);

    private static IEnumerable<Dataset> Needs(Pack pack, Indicator indicator, HashSet<string> seen) => indicator.Composite is not { } index
        ? indicator.Needs.Select(n => pack.Dataset(n.Name)).OfType<Dataset>().Where(d => seen.Add(d.Id))
        : index.Of.Select(p => pack.Indicator(p.Indicator.Name)).OfType<Indicator>().SelectMany(i => Needs(pack, i, seen).ToList());
}
