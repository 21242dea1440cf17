using Guantong.Feel;
using Guantong.Feel.Parsing;

namespace Guantong.Decisions.Tables;

/// <summary>An input column: its expression, what it has to be, and the values that it may take.</summary>
internal sealed record Input(string Text, Expr Expression, FeelType Type, CellTests? Allowed);

/// <summary>An output column: its name, its values in the order of priority, what it gives when no rule fires.</summary>
internal sealed record Output(string Name, FeelType Type, CellTests? Allowed, Expr? Default);

/// <summary>A row of a decision table.</summary>
internal sealed record Rule(IReadOnlyList<CellTests> Tests, IReadOnlyList<Expr> Results);

/// <summary>A decision table as read (DMN 1.5, clause 8).</summary>
internal sealed record DecisionTable(string Id, string Policy, string? Aggregation, IReadOnlyList<Input> Inputs, IReadOnlyList<Output> Outputs, IReadOnlyList<Rule> Rules)
{
    /// <summary>The expressions that it reads names by.</summary>
    public IReadOnlyList<Expr> Expressions => [.. Inputs.Select(i => i.Expression), .. Outputs.Select(o => o.Default).OfType<Expr>(), .. Rules.SelectMany(r => r.Results)];
}
