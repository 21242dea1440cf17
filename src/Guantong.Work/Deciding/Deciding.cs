using System.Text.Json.Nodes;
using Dapper;
using Guantong.Data;
using Guantong.Decisions;
using Guantong.Feel;
using Guantong.Packs;
using Guantong.Trust;

namespace Guantong.Work;

/// <summary>How often a rule fired over what a decision was asked before.</summary>
public sealed record RuleCount(string Table, int Rule, long Rows);

/// <summary>A past row on which two versions of a decision differ.</summary>
public sealed record Difference(JsonObject Inputs, JsonNode? Was, JsonNode? Becomes);

/// <summary>Two versions of a decision on the same past rows.</summary>
public sealed record VersionComparison(long Rows, long Changed, IReadOnlyList<Difference> Examples);

/// <summary>Tries decisions of the packs in force: on inputs at hand, on the rows and cases that they have judged, one version against another.</summary>
public sealed class Deciding(PackRegistry packs, Warehouse warehouse, Store store, Jurisdiction land, TimeProvider clock)
{
    /// <summary>The most past rows that are looked at.</summary>
    public const int MostRows = 2000;

    private const int MostExamples = 20;

    /// <summary>A decision file of a pack in force, or null.</summary>
    public DecisionFile? Find(string pack, string file) => packs.Find(pack)?.Decisions.GetValueOrDefault(file);

    /// <summary>Reads a changed version of a pack's decision file; its imports are the pack's.</summary>
    public DmnReading Read(string pack, string file, string dmn) => DmnModel.Read(dmn, file, (space, _) =>
        packs.Find(pack)?.Decisions.Values.FirstOrDefault(d => d.Path != file && d.Model.Xml.Contains($"namespace=\"{space}\"", StringComparison.Ordinal))?.Model.Xml);

    /// <summary>A session with this moment's clock.</summary>
    public FeelSession Session() => new(FeelLimits.Default, clock.GetUtcNow());

    /// <summary>What a decision has been asked: by the rows of derived datasets and by the cases that the person sees, the latest first, at most <see cref="MostRows"/> of each.</summary>
    public async Task<IReadOnlyList<IReadOnlyDictionary<string, object?>>> PastAsync(string packId, string file, string decision, Person? who, CancellationToken cancel = default) =>
        Find(packId, file) is not { } found ? [] : [.. Rows(packId, file, decision, who), .. await CasesAsync(packId, found.Model, $"{file}#{decision}", who.Rows("case.read", land), cancel)];

    private List<IReadOnlyDictionary<string, object?>> Rows(string packId, string file, string decision, Person? who)
    {
        var pack = packs.Find(packId)!;
        if (pack.Datasets.FirstOrDefault(d => d.Feed?.Decide is { } by && by.File == file && by.Id == decision) is not { } dataset)
            return [];
        var page = DatasetRows.Page(warehouse, pack, dataset, new RowQuery(dataset.Key[^1].Name, Descending: true, Take: MostRows), RowsSeen.Of(who, pack, dataset, land));
        var columns = page.Columns.Select((name, i) => (name, i)).ToDictionary(c => c.name, c => c.i);
        return [.. page.Rows.Select(r => (IReadOnlyDictionary<string, object?>)dataset.Feed!.Decide!.Inputs.ToDictionary(i => i.Input.Name, i => r[columns[i.Field.Name]]))];
    }

    private async Task<IEnumerable<IReadOnlyDictionary<string, object?>>> CasesAsync(string pack, DmnModel model, string decision, RowRights rights, CancellationToken cancel)
    {
        var wanted = $"%\"{decision}\"%";
        var data = await store.ReadAsync(c => c.QueryAsync<string>($"SELECT data FROM work_case WHERE pack = @pack AND data LIKE @wanted{rights.OfCase("work_case")} ORDER BY opened DESC, id DESC LIMIT @MostRows", rights.With(new { pack, wanted, MostRows })), cancel);
        // What is sealed is not read for trying rules.
        return data.Where(d => !KeyRing.HoldsSealed(d)).SelectMany(d => CaseDecisions.Asked(d, decision, model));
    }

    /// <summary>How often each rule of a decision, and of what it calls, fired over past rows.</summary>
    public IReadOnlyList<RuleCount> Coverage(DmnModel model, string decision, IReadOnlyList<IReadOnlyDictionary<string, object?>> past) =>
        [.. past.SelectMany(inputs => model.Evaluate(decision, inputs, Session()).Matched.Distinct()).GroupBy(m => m).Select(g => new RuleCount(g.Key.Table, g.Key.Rule, g.LongCount())).OrderBy(c => c.Table, StringComparer.Ordinal).ThenBy(c => c.Rule)];

    /// <summary>Holds a changed version against the one in force, on past rows.</summary>
    public VersionComparison Compare(DmnModel now, DmnModel changed, string decision, IReadOnlyList<IReadOnlyDictionary<string, object?>> past)
    {
        var (differ, examples) = (0L, new List<Difference>());
        foreach (var inputs in past)
        {
            var (was, becomes) = (Result(now, decision, inputs), Result(changed, decision, inputs));
            if (JsonNode.DeepEquals(was, becomes))
                continue;
            differ++;
            if (examples.Count < MostExamples)
                examples.Add(new Difference(new JsonObject(inputs.Select(i => KeyValuePair.Create(i.Key, DecisionJson.Write(i.Value)))), was, becomes));
        }
        return new VersionComparison(past.Count, differ, examples);
    }

    private JsonNode? Result(DmnModel model, string decision, IReadOnlyDictionary<string, object?> inputs) => DecisionJson.Write(model.Evaluate(decision, inputs, Session()).Value);
}
