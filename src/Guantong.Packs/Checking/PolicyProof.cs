using System.Text.Json;
using Guantong.Packs.Reading;

namespace Guantong.Packs.Checking;

/// <summary>Policies: their names lead somewhere, what the decision reads are facts that may be read, what it gives is known, and whoever is led on can apply.</summary>
/// <remarks>rights.md 1 and 5: organisations alone, and of them what the unit may read without asking for a grant first.</remarks>
internal static class PolicyProof
{
    /// <param name="told">Where other faults of matters stand: what cannot be opened is told once.</param>
    public static IEnumerable<Finding> Of(Pack pack, Surroundings around, IReadOnlySet<Mark> told) =>
        [.. NamesProof.Twice("policy", pack.Policies.Select(p => (p.Id, p.Mark))), .. pack.Policies.SelectMany(p => OfPolicy(pack, p, around, told))];

    private static IEnumerable<Finding> OfPolicy(Pack pack, SupportPolicy policy, Surroundings around, IReadOnlySet<Mark> told) =>
        [.. Term(policy), .. OfDecision(pack, policy), .. policy.Facts.SelectMany(f => OfFact(pack, policy, f, around)), .. OfMatter(pack, policy, around, told)];

    private static IEnumerable<Finding> Term(SupportPolicy policy)
    {
        if (policy.FirstDay is null)
            yield return Finding.Error("policy-term", policy.From.Mark, policy.Id);
        else if (policy.Until is { } until && (policy.LastDay is not { } last || last < policy.FirstDay))
            yield return Finding.Error("policy-term", until.Mark, policy.Id);
    }

    private static IEnumerable<Finding> OfDecision(Pack pack, SupportPolicy policy)
    {
        var known = pack.Decisions.Values.SelectMany(d => d.Model.Decisions.Select(x => $"{d.Path}#{x.Id}"));
        if (!pack.Decisions.TryGetValue(policy.File, out var file) || file.Model.Decisions.FirstOrDefault(d => d.Id == policy.DecisionId) is not { } decision)
        {
            yield return NamesProof.Unknown("decision", policy.Decision.Mark, policy.Decision.Name, known);
            yield break;
        }
        var given = policy.Facts.SelectMany(f => f.Fields).Select(f => f.Input).ToList();
        foreach (var finding in NamesProof.Twice("fact", given.Select(g => (g.Name, g.Mark))))
            yield return finding;
        foreach (var input in given.Where(g => !decision.Inputs.Contains(g.Name)))
            yield return Finding.Error("policy-input", input.Mark, input.Name, string.Join(", ", decision.Inputs));
        foreach (var input in decision.Inputs.Except(given.Select(g => g.Name)))
            yield return Finding.Error("policy-unasked", policy.Mark, policy.Id, input);
        foreach (var result in file.Model.Tables.Where(t => t.Owner == decision.Label).SelectMany(t => t.Rules).SelectMany(r => r.Results).Distinct().Where(r => !SupportPolicy.Outcomes.Contains(r.Trim('"'))))
            yield return Finding.Error("policy-outcome", policy.Decision.Mark, result, string.Join("、", SupportPolicy.Outcomes));
    }

    private static IEnumerable<Finding> OfFact(Pack pack, SupportPolicy policy, PolicyFact fact, Surroundings around)
    {
        var far = FarField.Of(fact.Data);
        if (QualityProof.Home(pack, far, around, out var fault) is not { } home)
            return fault is null ? [] : [fault];
        if (home.Dataset(far.Dataset) is not { } data)
            return [NamesProof.Unknown("dataset", fact.Data.Mark, far.Dataset, home.Datasets.Select(d => d.Id))];
        var unknown = fact.Fields.Select(f => f.Field).Concat(fact.Only.Select(o => o.Field)).Append(fact.Key).Append(fact.Newest).SelectMany(f => NamesProof.Known("field", f, data.Fields.Select(x => x.Id))).ToList();
        if (unknown.Count > 0)
            return unknown;
        if (data.Fields.Any(f => f.Personal is not null || RightsProof.IsPerson(home, f)) || (data.Share != "unconditional" && data.Source.Name != policy.Unit.Name))
            return [Finding.Error("policy-fact-closed", fact.Data.Mark, fact.Data.Name, data.Source.Name)];
        if (data.Field(fact.Key.Name)!.Type != "string")
            return [Finding.Error("policy-key", fact.Key.Mark, fact.Key.Name, data.Field(fact.Key.Name)!.Type)];
        // Which of several rows counts is for the policy to say.
        return fact.Newest is null && (data.Key.Count > 1 || data.Key[0].Name != fact.Key.Name) ? [Finding.Error("policy-several", fact.Data.Mark, fact.Data.Name)] : [];
    }

    private static IEnumerable<Finding> OfMatter(Pack pack, SupportPolicy policy, Surroundings around, IReadOnlySet<Mark> told)
    {
        if (policy.Matter is not { } named)
            return policy.IsAutomatic ? [Finding.Error("policy-automatic", policy.Mark, policy.Id)] : [];
        var far = FarField.Of(named);
        if (QualityProof.Home(pack, far, around, out var fault) is not { } home)
            return fault is null ? [] : [fault];
        if (home.Matter(far.Dataset) is not { } matter)
            return [NamesProof.Unknown("matter", named.Mark, far.Dataset, home.Matters.Select(m => m.Id))];
        if (told.Contains(matter.Mark))
            return [];
        if (matter.StartBy != "application" || matter.Face == "governance" || !matter.Audience.Contains("business"))
            return [Finding.Error("policy-matter", named.Mark, named.Name)];
        // One application is one confirmation, and nothing of it is left to be typed.
        var isShared = pack.Policies.Any(p => p != policy && p.MatterOf(pack) == policy.MatterOf(pack));
        return policy.IsAutomatic && (isShared || Left(home, matter, policy).Any()) ? [Finding.Error("policy-automatic", policy.Mark, policy.Id)] : [];
    }

    // What a form asks for that neither a fact nor data fills in.
    private static IEnumerable<string> Left(Pack home, Matter matter, SupportPolicy policy)
    {
        if (matter.Materials.Any(m => m.Required && m.From is null))
            return ["materials"];
        if (matter.Form is not { } form || !home.Forms.TryGetValue(form.Name, out var schema))
            return [];
        using var json = JsonDocument.Parse(schema);
        var required = json.RootElement.TryGetProperty("required", out var list) ? list.EnumerateArray().Select(r => r.GetString()!).ToList() : [];
        return required.Except(policy.Facts.SelectMany(f => f.Fields).Select(f => f.Input.Name)).Except(FormReader.Sources(schema).Select(s => s.Field));
    }
}
