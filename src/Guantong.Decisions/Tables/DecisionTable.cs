using Guantong.Feel;
using Guantong.Feel.Checking;
using Guantong.Feel.Parsing;

namespace Guantong.Decisions.Tables;

/// <summary>An input column: its expression, what it has to be, and the values that it may take.</summary>
internal sealed record Input(string Text, Expr Expression, FeelType Type, CellTests? Allowed)
{
    /// <summary>What people call it.</summary>
    public string Label { get; init; } = Text;
}

/// <summary>Where something stands in the file.</summary>
internal readonly record struct Place(int Line, int Column);

/// <summary>An output column: its name, its values in the order of priority, what it gives when no rule fires.</summary>
internal sealed record Output(string Name, FeelType Type, CellTests? Allowed, Expr? Default)
{
    /// <summary>What people call it.</summary>
    public string Label { get; init; } = Name;
}

/// <summary>A row of a decision table.</summary>
internal sealed record Rule(IReadOnlyList<CellTests> Tests, IReadOnlyList<Expr> Results)
{
    /// <summary>Where its input cells stand.</summary>
    public IReadOnlyList<Place> Places { get; init; } = [];

    /// <summary>Its annotations (§8.2.4), or its description.</summary>
    public string? Note { get; init; }
}

/// <summary>A decision table as read (DMN 1.5, clause 8).</summary>
internal sealed record DecisionTable(string Id, string Policy, string? Aggregation, IReadOnlyList<Input> Inputs, IReadOnlyList<Output> Outputs, IReadOnlyList<Rule> Rules)
{
    public Place Place { get; init; }

    /// <summary>The expressions that it reads names by.</summary>
    public IReadOnlyList<Expr> Expressions => [.. Inputs.Select(i => i.Expression), .. Outputs.Select(o => o.Default).OfType<Expr>(), .. Rules.SelectMany(r => r.Results),
        .. Rules.SelectMany(r => r.Tests).SelectMany(t => t.Tests ?? [])];

    /// <summary>The type of what it gives; wrong cells and outputs are noted.</summary>
    public FeelType Infer(Checker checker, Names names)
    {
        for (var i = 0; i < Inputs.Count; i++)
        {
            var found = checker.Infer(Inputs[i].Expression, names);
            var type = ReferenceEquals(Inputs[i].Type, FeelType.Any) ? found : Inputs[i].Type;
            foreach (var rule in Rules)
                checker.Check(rule.Tests[i], type, names);
        }
        var outputs = Outputs.Select((output, i) => (output.Name, Type: Rules.Select(r => r.Results[i]).Append(output.Default).OfType<Expr>()
            .Select(e => checker.Infer(e, names)).Aggregate(FeelType.Null, Feel.Checking.Types.Join))).ToList();
        if (Aggregation == "COUNT")
            return FeelType.Number;
        var one = outputs is [var single] ? single.Type : new ContextType(outputs);
        return Aggregation is null && Policy is "COLLECT" or "RULE ORDER" or "OUTPUT ORDER" ? new ListType(one) : one;
    }
}
