using Guantong.Decisions.Tables;
using Guantong.Feel;

namespace Guantong.Decisions.Analysis;

/// <summary>What is wrong with a decision table, told without running it on data (DMN 1.5, clause 8).</summary>
/// <param name="Decision">The decision, or knowledge model, that it belongs to.</param>
/// <param name="TableId">Its id.</param>
/// <param name="Gaps">Inputs that no rule covers; none where the table has default outputs.</param>
/// <param name="Overlaps">Pairs of rules that fire together where the hit policy does not allow it.</param>
/// <param name="Unreachable">Cells that no value meets: contradictory, or outside what the column takes.</param>
/// <param name="Masked">Rules that never decide, because earlier or higher ones always do.</param>
/// <param name="Subsumed">Rules that another rule makes needless.</param>
/// <param name="Unclear">Rules whose cells hold more than literals: what was told leaves them out, and what they might cover is not told as a gap.</param>
/// <param name="DefaultIsUnused">Whether there is a default output although some rule always fires.</param>
/// <param name="IsWhole">Whether everything was looked at; false when the table is too large for that.</param>
public sealed record TableReport(string Decision, string TableId, IReadOnlyList<Gap> Gaps, IReadOnlyList<Overlap> Overlaps, IReadOnlyList<Unreachable> Unreachable, IReadOnlyList<int> Masked, IReadOnlyList<Subsumption> Subsumed, IReadOnlyList<int> Unclear, bool DefaultIsUnused, bool IsWhole)
{
    internal DecisionTable? Table { get; init; }

    /// <summary>Whether nothing was found.</summary>
    public bool IsClean => Gaps.Count + Overlaps.Count + Unreachable.Count + Masked.Count + Subsumed.Count == 0 && !DefaultIsUnused;

    /// <summary>What was found, each with its cell.</summary>
    public IReadOnlyList<TableFinding> Findings => TableFinding.Of(this);
}

/// <summary>One value for each input column, in the columns' order; null where any value does.</summary>
public sealed record Example(IReadOnlyList<(string Input, FeelValue? Value)> Values)
{
    /// <summary>"-" where anything does, else "age = 17, risk = "high"".</summary>
    public override string ToString() => string.Join(", ", Values.Where(v => v.Value is not null).Select(v => $"{v.Input} = {Feel.Values.Print.Literal(v.Value!.Value)}")) is { Length: > 0 } said ? said : "-";
}

/// <summary>Inputs that no rule covers.</summary>
public sealed record Gap(Example Example);

/// <summary>Two rules, numbered from 1, that fire together.</summary>
public sealed record Overlap(int First, int Second, Example Example);

/// <summary>A cell that no value meets, by its rule and its input, both numbered from 1.</summary>
public sealed record Unreachable(int Rule, int Input);

/// <summary>A rule that fires only where another with the same outputs does.</summary>
public sealed record Subsumption(int Rule, int By);
