using Guantong.Decisions.Tables;

namespace Guantong.Decisions.Analysis;

/// <summary>One thing that analysis found, at its cell.</summary>
/// <param name="Code">table-overlap, table-gap, table-masked, table-unreachable, table-subsumed, table-default-unused, unclear or table-too-large.</param>
/// <param name="Rules">The rules that it is about, numbered from 1; none where it is about the table.</param>
/// <param name="Input">The input column, from 1; 0 where it is about the whole rule or table.</param>
/// <param name="Line">Line in the file.</param>
/// <param name="Column">Column in the file.</param>
/// <param name="Args">What fills the message: the table's owner first, then rules, cell or example.</param>
public sealed record TableFinding(string Code, IReadOnlyList<int> Rules, int Input, int Line, int Column, IReadOnlyList<string> Args)
{
    // More examples of one table help nobody; the rest shows when these are mended.
    private const int MostGaps = 5;

    internal static IReadOnlyList<TableFinding> Of(TableReport report) => report.Table is not { } table ? [] :
    [
        .. report.Overlaps.Select(o => At("table-overlap", table, [o.First, o.Second], FirstSaid(table, o.Second), report.Decision, $"{o.First}", $"{o.Second}", $"{o.Example}")),
        .. report.Gaps.Take(MostGaps).Select(g => At("table-gap", table, [], 0, report.Decision, $"{g.Example}")),
        .. report.Unreachable.Select(u => At("table-unreachable", table, [u.Rule], u.Input, report.Decision, $"{u.Rule}", table.Inputs[u.Input - 1].Label, table.Rules[u.Rule - 1].Tests[u.Input - 1].ToString())),
        .. report.Masked.Select(r => At("table-masked", table, [r], FirstSaid(table, r), report.Decision, $"{r}")),
        .. report.Subsumed.Select(s => At("table-subsumed", table, [s.Rule, s.By], FirstSaid(table, s.Rule), report.Decision, $"{s.Rule}", $"{s.By}")),
        .. report.DefaultIsUnused ? [At("table-default-unused", table, [], 0, report.Decision)] : (TableFinding[])[],
        .. report.Unclear.Select(r => At("unclear", table, [r], FirstUnclear(table, r), report.Decision, $"{r}")),
        .. report.IsWhole ? [] : (TableFinding[])[At("table-too-large", table, [], 0, report.Decision)],
    ];

    private static TableFinding At(string code, DecisionTable table, int[] rules, int input, params string[] args)
    {
        var place = rules.Length == 0 ? table.Place : table.Rules[(code == "table-overlap" ? rules[1] : rules[0]) - 1].Places[Math.Max(0, input - 1)];
        return new TableFinding(code, rules, input, place.Line, place.Column, args);
    }

    // The first cell that says more than "anything".
    private static int FirstSaid(DecisionTable table, int rule) => table.Rules[rule - 1].Tests.ToList().FindIndex(t => t.Tests is not null) + 1;

    private static int FirstUnclear(DecisionTable table, int rule) => table.Rules[rule - 1].Tests.ToList().FindIndex(t => !Clear.Is(t)) + 1;
}
