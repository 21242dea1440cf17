using Guantong.Data;
using Guantong.Packs;
using Guantong.Trust;

namespace Guantong.Work;

/// <summary>Where something that came in may belong.</summary>
/// <param name="How">rule: a matter's own condition holds; model: the model in force says so.</param>
/// <param name="Confidence">Of a model: 0 to 1.</param>
/// <param name="Model">Its id.</param>
public sealed record Suggestion(string Pack, string Matter, string Unit, string How, double? Confidence = null, string? Model = null);

/// <summary>What is suggested for something, and where it goes by itself; null where a person sorts it.</summary>
public sealed record Sorted(IReadOnlyList<Suggestion> Suggestions, Suggestion? Goes);

/// <summary>Sorts what comes in by the rules that matters declare, then by the model in force (自动分办). A rule alone sorts; of several, or of a model that is not sure enough, a person chooses.</summary>
public sealed class Sorter(PackRegistry packs, SortModels models, Jurisdiction land)
{
    private const int MostOfModel = 3;

    /// <summary>The matters that something can be sorted to in a region: those whose own unit works there.</summary>
    public IReadOnlyList<(AppliedPack Applied, Matter Matter)> Matters(string region) =>
        [.. from applied in packs.Applied.Values
            from matter in applied.Pack.Matters
            where matter.Sort is not null && land.Units.ForRegion(applied.Pack.LeadOf(matter), region) is not null
            orderby applied.Pack.Id, matter.Id
            select (applied, matter)];

    /// <summary>What is suggested for something that was said.</summary>
    public async Task<Sorted> SortAsync(string said, string channel, string region, CancellationToken cancel = default)
    {
        var matters = Matters(region);
        var values = new Dictionary<string, object?> { ["text"] = said, ["channel"] = channel, ["region"] = region };
        var rules = matters.Where(m => m.Matter.Sort!.When is { } when && FormRules.Holds(when.Name, values)).Select(m => new Suggestion(m.Applied.Pack.Id, m.Matter.Id, UnitOf(land, m.Applied.Pack, m.Matter, region), "rule")).ToList();
        var (model, alone, says) = await models.SayAsync(said, cancel);
        var known = matters.ToDictionary(m => $"{m.Applied.Pack.Id}/{m.Matter.Id}");
        var learnt = says.Where(s => known.ContainsKey(s.Label)).Take(MostOfModel).Select(s => (s.Confidence, known[s.Label])).Select(s => new Suggestion(s.Item2.Applied.Pack.Id, s.Item2.Matter.Id, UnitOf(land, s.Item2.Applied.Pack, s.Item2.Matter, region), "model", s.Confidence, model)).ToList();
        return new Sorted([.. rules, .. learnt], rules is [var only] ? only : rules.Count == 0 && learnt is [var surest, ..] && surest.Confidence >= alone ? surest : null);
    }

    /// <summary>The unit that leads a matter in a region.</summary>
    internal static string UnitOf(Jurisdiction land, Pack pack, Matter matter, string region) => land.Units.ForRegion(pack.LeadOf(matter), region)?.Id ?? pack.LeadOf(matter);
}
