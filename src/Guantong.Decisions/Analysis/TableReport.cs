using Guantong.Feel;

namespace Guantong.Decisions.Analysis;

/// <summary>What is wrong with a decision table, told without running it on data (DMN 1.5, clause 8).</summary>
/// <param name="Decision">The decision, or knowledge model, that it belongs to.</param>
/// <param name="Table">Its id.</param>
/// <param name="Gaps">Inputs that no rule covers; none where the table has default outputs.</param>
/// <param name="Overlaps">Pairs of rules that fire together where the hit policy does not allow it.</param>
/// <param name="Masked">Rules that never decide, because earlier or higher ones always do.</param>
/// <param name="Subsumed">Rules that another rule makes needless.</param>
/// <param name="Unclear">Rules whose cells hold more than literals: what was told leaves them out, and gaps are not told at all.</param>
/// <param name="IsWhole">Whether everything was looked at; false when the table is too large for that.</param>
public sealed record TableReport(string Decision, string Table, IReadOnlyList<Gap> Gaps, IReadOnlyList<Overlap> Overlaps, IReadOnlyList<int> Masked, IReadOnlyList<Subsumption> Subsumed, IReadOnlyList<int> Unclear, bool IsWhole)
{
    /// <summary>Whether nothing was found.</summary>
    public bool IsClean => Gaps.Count + Overlaps.Count + Masked.Count + Subsumed.Count == 0;
}

/// <summary>One value for each input column, in the columns' order; null where any value does.</summary>
public sealed record Example(IReadOnlyList<(string Input, FeelValue? Value)> Values)
{
    /// <summary>"age = 17, risk = "high"".</summary>
    public override string ToString() => string.Join(", ", Values.Where(v => v.Value is not null).Select(v => $"{v.Input} = {Feel.Values.Print.Literal(v.Value!.Value)}"));
}

/// <summary>Inputs that no rule covers.</summary>
public sealed record Gap(Example Example);

/// <summary>Two rules, numbered from 1, that fire together.</summary>
public sealed record Overlap(int First, int Second, Example Example);

/// <summary>A rule that fires only where another with the same outputs does.</summary>
public sealed record Subsumption(int Rule, int By);
