namespace Guantong.Packs.Checking;

/// <summary>Quality: rules that lack what they need, name fields that are not declared, or cannot be measured on them.</summary>
internal static class QualityProof
{
    // Rules that look into a value, which a sealed field does not show.
    private static readonly HashSet<string> Looking = ["valid", "range", "codes", "drift"];

    public static IEnumerable<Finding> Of(Pack pack, Dataset dataset, SqlTogether sql, Surroundings around)
    {
        var seen = new Dictionary<(string, string), Mark>();
        foreach (var rule in dataset.Quality)
        {
            var findings = OfRule(pack, dataset, rule, sql, around).ToList();
            foreach (var finding in findings)
                yield return finding;
            // One that cannot be measured names no measure.
            foreach (var subject in findings.Count == 0 ? rule.SubjectsIn(dataset) : [])
            {
                if (!seen.TryAdd((rule.Rule, subject), rule.Mark))
                    yield return Finding.Error("rule-twice", rule.Mark, rule.Rule, subject, seen[(rule.Rule, subject)].ToString());
            }
        }
    }

    private static IEnumerable<Finding> OfRule(Pack pack, Dataset dataset, QualityRule rule, SqlTogether sql, Surroundings around)
    {
        var (needs, may) = QualityRule.Kinds[rule.Rule];
        var given = rule.Given.Select(g => g.Name).ToHashSet();
        foreach (var foreign in rule.Given.Where(g => !needs.Contains(g.Name) && !may.Contains(g.Name) && g.Name is not ("rule" or "name" or "about" or "grade" or "weight")))
            yield return Finding.Error("rule-key-foreign", foreign.Mark, rule.Rule, foreign.Name);
        var missing = needs.Where(n => !given.Contains(n)).ToList();
        foreach (var key in missing.Take(1))
            yield return Finding.Error("rule-incomplete", rule.Mark, rule.Rule, key);
        if (rule.Rule == "valid" && rule.Form is null == rule.Pattern is null)
            yield return rule.Form is null ? Finding.Error("rule-incomplete", rule.Mark, rule.Rule, "form | pattern") : Finding.Error("rule-key-foreign", rule.MarkOf("pattern"), rule.Rule, "pattern");
        foreach (var finding in rule.Of.SelectMany(f => OfField(pack, dataset, rule, f)).Concat(Times(dataset, rule)))
            yield return finding;
        if (rule is { Rule: "range", Least: { } least, Most: { } most } && least > most)
            yield return Finding.Error("range-upside-down", rule.MarkOf("between"), string.Join(", ", rule.Of), $"{least}", $"{most}");
        if (rule.Pattern is { } pattern && !ValueForm.IsPortable(pattern.Name))
            yield return Finding.Error("pattern-not-portable", pattern.Mark, pattern.Name);
        if (rule.Base is var (from, until) && (from == DateOnly.MinValue || from > until))
            yield return Finding.Error("base-no-days", rule.MarkOf("base"), $"{from:yyyy-MM-dd}, {until:yyyy-MM-dd}");
        if (rule is { Rule: "holds", That: { } that } && sql.BindCondition(dataset, that.Name) is { } fault)
            yield return DataProof.Told(fault, that);
        if (rule.To is { } to)
        {
            foreach (var finding in Reference(pack, dataset, rule, to, around))
                yield return finding;
        }
        if (rule is { Rule: "agrees", Value: { } value, With: { } with, As: { } other })
        {
            if (sql.BindValue(dataset, value.Name) is { } valueFault)
                yield return DataProof.Told(valueFault, value);
            foreach (var finding in Agreeing(pack, with, other, sql, around))
                yield return finding;
        }
    }

    private static IEnumerable<Finding> OfField(Pack pack, Dataset dataset, QualityRule rule, Ref name)
    {
        if (dataset.Field(name.Name) is not { } field)
            yield return NamesProof.Unknown("field", name.Mark, name.Name, dataset.Fields.Select(f => f.Id));
        else if (Looking.Contains(rule.Rule) && pack.HomeOf(dataset, field) is not null)
            yield return Finding.Error("rule-on-sealed", name.Mark, name.Name, rule.Rule);
        else if (rule.Rule == "valid" && field.Type != "string")
            yield return Finding.Error("rule-without-text", name.Mark, field.Id, field.Type);
        else if (rule.Rule == "range" && field.Type is not ("number" or "integer"))
            yield return Finding.Error("rule-without-number", name.Mark, field.Id, field.Type);
    }

    private static IEnumerable<Finding> Times(Dataset dataset, QualityRule rule)
    {
        if (rule.At is { } at)
        {
            if (dataset.Field(at.Name) is not { } field)
                yield return NamesProof.Unknown("field", at.Mark, at.Name, dataset.Fields.Select(f => f.Id));
            else if (field.Type is not ("date" or "timestamp"))
                yield return Finding.Error("rule-without-time", at.Mark, rule.Rule, at.Name);
        }
        else if (rule.Rule is "fresh" && rule.TimeOf(dataset) is null)
            yield return Finding.Error("fresh-without-time", rule.Mark, dataset.Id);
        else if (rule.Rule is "volume" or "drift" && rule.TimeOf(dataset) is null)
            yield return Finding.Error("rule-without-time", rule.Mark, rule.Rule, dataset.Id);
    }

    private static IEnumerable<Finding> Reference(Pack pack, Dataset dataset, QualityRule rule, FarField to, Surroundings around)
    {
        if (Home(pack, to, around, out var fault) is not { } home)
            return fault is null ? [] : [fault];
        if (home.Dataset(to.Dataset) is not { } other)
            return [NamesProof.Unknown("dataset", to.Mark, to.Dataset, home.Datasets.Select(d => d.Id))];
        if (other.Field(to.Field!) is not { } target)
            return [NamesProof.Unknown("field", to.Mark, to.Field!, other.Fields.Select(f => f.Id))];
        return rule.Of.Where(f => dataset.Field(f.Name) is { } field && field.Type != target.Type)
            .Select(f => Finding.Error("reference-of-other-type", f.Mark, f.Name, dataset.Field(f.Name)!.Type, to.ToString(), target.Type));
    }

    private static IEnumerable<Finding> Agreeing(Pack pack, FarField with, Ref other, SqlTogether sql, Surroundings around)
    {
        if (Home(pack, with, around, out var unknown) is not { } home)
            return unknown is null ? [] : [unknown];
        if (home.Dataset(with.Dataset) is not { } data)
            return [NamesProof.Unknown("dataset", with.Mark, with.Dataset, home.Datasets.Select(d => d.Id))];
        var fault = with.Pack is null ? sql.BindValue(data, other.Name) : new SqlTogether(home, [], around).BindValue(data, other.Name);
        return fault is null ? [] : [DataProof.Told(fault, other)];
    }

    // The pack that declares it; null where that cannot be known here.
    internal static Pack? Home(Pack pack, FarField far, Surroundings around, out Finding? fault)
    {
        fault = null;
        if (far.Pack is not { } id)
            return pack;
        if (around.Packs is { } known && !known.ContainsKey(id))
            fault = NamesProof.Unknown("pack", far.Mark, id, known.Keys);
        else if (pack.Uses.All(u => !u.Name.StartsWith(id + " ", StringComparison.Ordinal)))
            fault = Finding.Error("pack-not-used", far.Mark, id);
        return fault is null ? around.Other?.Invoke(id) : null;
    }
}
