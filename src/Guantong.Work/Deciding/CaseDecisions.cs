using System.Text.Json;
using System.Text.Json.Nodes;
using Guantong.Decisions;
using Guantong.Decisions.Explaining;
using Guantong.Feel;
using Guantong.Packs;
using Guantong.Trust;

namespace Guantong.Work;

/// <summary>A decision that a case's process took by its tables, in words.</summary>
/// <param name="At">When it was taken.</param>
public sealed record CaseDecision(string At, Explanation Explanation);

/// <summary>
/// Decisions inside cases. What a case keeps is what was asked and what came out, as <c>decided.ID</c> of its data:
/// on the pack's revision that the case runs on, that tells at any time, in either language, how it came about.
/// </summary>
public static class CaseDecisions
{
    /// <summary>Where a case keeps them.</summary>
    internal const string Kept = "decided";

    /// <summary>Whether data from outside would pass for what tables decided.</summary>
    internal static bool IsForged(System.Text.Json.Nodes.JsonObject? data) => data?.ContainsKey(Kept) == true;

    /// <summary>The decisions of a case, in the order in which they were taken.</summary>
    public static IReadOnlyList<CaseDecision> Of(Case row, Pack pack, string lang) =>
        JsonNode.Parse(row.Data)?[Kept] is not JsonObject decided ? [] :
        [
            .. from entry in decided
               let kept = entry.Value!.AsObject()
               // Of what is masked or erased no explanation would be true.
               where kept["inputs"]!.ToJsonString(Json.Plain) is var asked && !asked.Contains(CaseSeals.Masked, StringComparison.Ordinal) && !asked.Contains(CaseSeals.Erased, StringComparison.Ordinal) && !KeyRing.HoldsSealed(asked)
               let at = (string)kept["at"]!
               orderby at
               select new CaseDecision(at, Explanation.Of(Trace(pack, (string)kept["decision"]!, kept["inputs"]!.AsObject(), Time.Read(at)), lang, text => pack.Say(lang, text))),
        ];

    /// <summary>A decision as the API tells it.</summary>
    internal static JsonObject Write(CaseDecision decision) => new() { ["at"] = decision.At, ["explanation"] = DecisionJson.Write(decision.Explanation) };

    /// <summary>Takes a decision on a case's data; inputs that the data does not hold are null.</summary>
    /// <returns>The result under the decision's id, and what is kept of it.</returns>
    internal static JsonObject Take(Pack pack, string decision, JsonObject data, DateTimeOffset at)
    {
        var (file, id) = Split(decision);
        var names = pack.Decisions[file].Model.Decisions.First(d => d.Id == id).Inputs;
        var inputs = new JsonObject(names.Where(n => data[n] is not null).Select(n => KeyValuePair.Create(n, data[n]?.DeepClone())));
        var result = DecisionJson.Write(Trace(pack, decision, inputs, at).Value);
        var decided = data[Kept]?.DeepClone().AsObject() ?? [];
        decided[id] = new JsonObject { ["decision"] = decision, ["at"] = Time.Write(at), ["inputs"] = inputs, ["result"] = result?.DeepClone() };
        return new JsonObject { [id] = result, [Kept] = decided };
    }

    /// <summary>What decisions of this file and id were asked in cases, from their data.</summary>
    internal static IEnumerable<IReadOnlyDictionary<string, object?>> Asked(string data, string decision, DmnModel model)
    {
        using var json = JsonDocument.Parse(data);
        if (!json.RootElement.TryGetProperty(Kept, out var decided))
            yield break;
        foreach (var kept in decided.EnumerateObject().Where(d => d.Value.GetProperty("decision").GetString() == decision))
            yield return DecisionJson.Inputs(model, kept.Value.GetProperty("inputs")).Inputs;
    }

    private static DecisionOutcome Trace(Pack pack, string decision, JsonObject inputs, DateTimeOffset at)
    {
        var (file, id) = Split(decision);
        var model = pack.Decisions[file].Model;
        using var json = JsonDocument.Parse(inputs.ToJsonString());
        return model.Trace(id, DecisionJson.Inputs(model, json.RootElement).Inputs, new FeelSession(FeelLimits.Default, at));
    }

    private static (string File, string Id) Split(string decision) => decision.Split('#') is [var file, var id] ? (file, id) : throw new InvalidOperationException($"“{decision}” is no FILE#DECISION.");
}
