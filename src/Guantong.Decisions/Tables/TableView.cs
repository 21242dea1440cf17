using Guantong.Feel.Checking;

namespace Guantong.Decisions;

/// <summary>A decision table as people read it.</summary>
/// <param name="Id">Its id, as <see cref="MatchedRule"/> names it.</param>
/// <param name="Owner">What people call the decision or the knowledge that it belongs to.</param>
/// <param name="Policy">Its hit policy, as DMN writes it; with the aggregation of COLLECT.</param>
/// <param name="Inputs">What people call its input columns.</param>
/// <param name="Outputs">What people call its output columns.</param>
/// <param name="Rules">Its rows.</param>
public sealed record TableView(string Id, string Owner, string Policy, IReadOnlyList<string> Inputs, IReadOnlyList<string> Outputs, IReadOnlyList<RuleView> Rules)
{
    internal static TableView Of(Evaluation.LogicNode owner, Tables.DecisionTable table, Sources sources) => new(
        table.Id, owner.Label ?? owner.Name, table.Aggregation is { } by ? $"{table.Policy} {by}" : table.Policy,
        [.. table.Inputs.Select(i => i.Label != i.Text ? i.Label : owner.Requirements.FirstOrDefault(r => r.Node.Name == i.Text)?.Node.Label ?? i.Text)],
        [.. table.Outputs.Select(o => o.Label)],
        [.. table.Rules.Select((r, i) => new RuleView(i + 1, [.. r.Tests.Select(t => Text(sources, t, "-"))], [.. r.Results.Select(e => Text(sources, e, ""))], r.Note))]);

    private static string Text(Sources sources, object cell, string none) => sources.Of(cell)?.Text.Trim() is { Length: > 0 } text ? text : none;
}

/// <summary>A row of a table: its number from 1, its cells and outputs in FEEL, and its annotation.</summary>
public sealed record RuleView(int Number, IReadOnlyList<string> Cells, IReadOnlyList<string> Results, string? Note);
