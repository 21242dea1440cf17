using Guantong.Packs;
using Guantong.Trust;

namespace Guantong.Data;

/// <summary>What a unit has to do for a dataset (责任清单).</summary>
/// <param name="Does">provide, update or quality.</param>
/// <param name="Wanted">By when or how well: the update cycle, or the rule.</param>
/// <param name="Stands">met, late or unknown.</param>
/// <param name="Measured">What was measured, or empty.</param>
public sealed record DataDuty(string Unit, string UnitCode, string Entry, string Name, string Does, string Wanted, string Stands, string Measured);

/// <summary>Which duties are wanted; null for any.</summary>
/// <param name="Unit">The id or name of the unit that has them.</param>
public sealed record DutyQuery(string? Unit = null, string? Does = null, string? Stands = null);

/// <summary>The list of responsibility: unit × dataset × what it must do, from the entries and the quality rules of packs in force, with how it stands.</summary>
/// <remarks>谁提供、谁负责: plan, annex 6 §6.6.</remarks>
public sealed class DutyList(CatalogueBook book, PackRegistry packs, Warehouse warehouse, TimeProvider clock)
{
    /// <summary>What there is to do.</summary>
    public static IReadOnlyList<string> Doings { get; } = ["provide", "update", "quality"];

    /// <summary>How it may stand.</summary>
    public static IReadOnlyList<string> Stands { get; } = ["late", "met", "unknown"];

    /// <summary>The duties that fit, by unit.</summary>
    public async Task<IReadOnlyList<DataDuty>> FindAsync(DutyQuery query, CancellationToken cancel = default)
    {
        var unit = query.Unit;
        var duties = new List<DataDuty>();
        await foreach (var kept in book.AllAsync(false, cancel))
        {
            if (kept.Origin != "harvest" && kept.State == "current" && (string.IsNullOrEmpty(unit) || kept.Entry.ProviderCode == unit || kept.Entry.Provider == unit))
                duties.AddRange(Of(kept).Where(d => (string.IsNullOrEmpty(query.Does) || d.Does == query.Does) && (string.IsNullOrEmpty(query.Stands) || d.Stands == query.Stands)));
        }
        return [.. duties.OrderBy(d => d.Unit, StringComparer.Ordinal).ThenBy(d => d.Name, StringComparer.Ordinal)];
    }

    /// <summary>What a duty calls a rule: its name, else its kind and what it is on.</summary>
    public static string NameOf(QualityRule rule, Dataset dataset) => rule.Name ?? $"{rule.Rule} {string.Join(", ", rule.SubjectsIn(dataset))}";

    private IEnumerable<DataDuty> Of(KeptEntry kept)
    {
        var e = kept.Entry;
        DataDuty Duty(string does, string wanted, string stands, string measured = "") => new(e.Provider, e.ProviderCode, e.Id, e.Name, does, wanted, stands, measured);
        if (kept.Origin != "pack" || e.Id.Split(':') is not [var id, var name] || packs.Find(id) is not { } pack || pack.Dataset(name) is not { } dataset)
        {
            yield return Duty("provide", e.Share, "unknown");
            if (e.Cycle != "irregular")
                yield return Duty("update", e.Cycle, "unknown");
            yield break;
        }
        var status = DatasetStatus.Of(warehouse, pack, dataset);
        yield return Duty("provide", e.Share, status.Rows > 0 ? "met" : "late", $"{status.Rows}");
        if (dataset.Updated is { } updated)
            yield return Duty("update", e.Cycle, status.Newest is not { } newest ? "late" : clock.GetUtcNow().UtcDateTime - newest <= 2 * System.Xml.XmlConvert.ToTimeSpan(updated) ? "met" : "late", status.Newest is { } at ? at.ToString("yyyy-MM-dd HH:mm", System.Globalization.CultureInfo.InvariantCulture) : "");
        foreach (var rule in dataset.Quality)
        {
            var subjects = rule.SubjectsIn(dataset);
            var measured = status.Quality.Where(q => q.Rule == rule.Rule && subjects.Contains(q.Field)).ToList();
            yield return Duty("quality", NameOf(rule, dataset), measured.Count == 0 ? "unknown" : measured.All(m => m.Passed) ? "met" : "late");
        }
    }
}
