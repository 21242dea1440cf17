using Guantong.Decisions.Tables;
using Guantong.Feel;
using Guantong.Feel.Evaluation;
using Guantong.Feel.Parsing;

namespace Guantong.Decisions.Analysis;

/// <summary>Finds gaps, overlaps, unreachable, masked and subsumed rules of a table by cutting its columns into pieces.</summary>
internal sealed class TableAnalysis
{
    private const int MostRules = 2000;
    private const int MostTold = 50;
    private readonly DecisionTable _table;
    private readonly Column[] _columns;
    private readonly bool[] _isClear;
    private readonly int[] _clear;
    private readonly Coverage _sure;
    private readonly Coverage _perhaps;
    private readonly string[] _results;
    private readonly RuleSet?[] _wider;

    private TableAnalysis(DecisionTable table, IReadOnlyList<FeelType> types)
    {
        _table = table;
        _columns = [.. table.Inputs.Select((_, i) => Column.Of(table, i, types[i]))];
        _isClear = [.. table.Rules.Select((_, r) => Array.TrueForAll(_columns, c => c.Cells[r] is not null))];
        _clear = [.. Enumerable.Range(0, table.Rules.Count).Where(r => _isClear[r])];
        (_sure, _perhaps) = (new Coverage(_columns, table.Rules.Count, false), new Coverage(_columns, table.Rules.Count, true));
        _wider = [.. table.Rules.Select((_, r) => _isClear[r] ? Wider(r) : default(RuleSet?))];
        _results = [.. table.Rules.Select(r => string.Join("\n", r.Results.Select(e => Printer.Print(e))))];
    }

    /// <param name="decision">Whose table it is.</param>
    /// <param name="table">The table.</param>
    /// <param name="types">What the inputs are known to be, one for each.</param>
    public static TableReport Of(string decision, DecisionTable table, IReadOnlyList<FeelType> types)
    {
        if (table.Rules.Count > MostRules || table.Inputs.Count == 0)
            return new TableReport(decision, table.Id, [], [], [], [], [], [], false, table.Inputs.Count == 0) { Table = table };
        return new TableAnalysis(table, types).Report(decision);
    }

    private TableReport Report(string decision)
    {
        var (unreachable, masked) = (Unreachable(), Masked());
        var never = unreachable.Select(u => u.Rule).Concat(masked).ToHashSet();
        var (gaps, overlaps, subsumed, isUnused) = (Gaps(), Overlaps(), Subsumed().Where(s => !never.Contains(s.Rule)).ToList(), DefaultIsUnused());
        var unclear = Enumerable.Range(0, _table.Rules.Count).Except(_clear).Select(r => r + 1).ToList();
        return new TableReport(decision, _table.Id, gaps, overlaps, unreachable, masked, subsumed, unclear, isUnused, _sure.IsWhole && _perhaps.IsWhole) { Table = _table };
    }

    private RuleSet Rules(Func<int, bool> holds) => RuleSet.Of(_table.Rules.Count, holds);

    private bool Passes(int rule, int column, int piece) => _columns[column].Cells[rule]![piece];

    private bool IsExpected(int column, int piece) => _columns[column].Pieces[piece].IsExpected;

    private bool HasDefault => _table.Outputs.Any(o => o.Default is not null);

    // COLLECT gives an empty list, or a sum of nothing, where no rule fires: that is no gap (8.2.11).
    private List<Gap> Gaps() => HasDefault || _table.Policy == "COLLECT" ? []
        : [.. _perhaps.Uncovered(Rules(_ => true), IsExpected, MostTold).Select(pieces => new Gap(Shown(pieces)))];

    private bool DefaultIsUnused() => HasDefault && _sure.IsCovered(Rules(r => _isClear[r]), (_, _) => true) is true;

    private List<Unreachable> Unreachable() =>
        [.. from rule in Enumerable.Range(0, _table.Rules.Count)
            from column in Enumerable.Range(0, _columns.Length)
            where _columns[column].Cells[rule] is { } cell && !Array.Exists(cell, p => p)
            select new Unreachable(rule + 1, column + 1)];

    // UNIQUE allows no two rules at once, ANY only such as say the same (8.2.8).
    private List<Overlap> Overlaps()
    {
        var found = new List<Overlap>();
        if (_table.Policy is not ("UNIQUE" or "ANY"))
            return found;
        foreach (var rule in _clear)
        {
            var meeting = _sure.Meeting(rule, IsExpected);
            for (var other = rule + 1; other < _table.Rules.Count && found.Count < MostTold; other++)
            {
                if (_isClear[other] && meeting.Has(other) && (_table.Policy == "UNIQUE" || Disagree(rule, other)))
                    found.Add(new Overlap(rule + 1, other + 1, Shown(Common(rule, other))));
            }
        }
        return found;
    }

    private int[] Common(int a, int b) =>
        [.. _columns.Select((column, c) => Enumerable.Range(0, column.Pieces.Count).First(p => IsExpected(c, p) && Passes(a, c, p) && Passes(b, c, p)))];

    // Only literals are known to differ without running them.
    private bool Disagree(int a, int b) => _table.Rules[a].Results.Zip(_table.Rules[b].Results)
        .Any(p => p is (Expr.Literal { Value: var x }, Expr.Literal { Value: var y }) && Comparing.Equal(x, y, new FeelSession()) is not true);

    // Under FIRST the rules above go before, under PRIORITY those whose outputs rank higher.
    private List<int> Masked() => _table.Policy is not ("FIRST" or "PRIORITY") ? []
        : [.. _clear.Where(IsSatisfiable).Where(rule => IsTaken(rule, _sure.Meeting(rule).Where(other => _isClear[other] && GoesBefore(other, rule)))).Select(r => r + 1)];

    // Mostly by one rule alone, or by none at all.
    private bool IsTaken(int rule, RuleSet before) => before.Meets(_wider[rule]!.Value) || (!before.IsEmpty && _sure.IsCovered(before, (c, p) => Passes(rule, c, p)) is true);

    private bool IsSatisfiable(int rule) => Array.TrueForAll(_columns, c => Array.Exists(c.Cells[rule]!, p => p));

    private bool GoesBefore(int other, int rule)
    {
        if (_table.Policy == "FIRST")
            return other < rule;
        for (var o = 0; o < _table.Outputs.Count; o++)
        {
            if (Rank(o, other) is not { } theirs || Rank(o, rule) is not { } mine)
                return false;
            if (theirs != mine)
                return theirs < mine;
        }
        return false;
    }

    private int? Rank(int output, int rule)
    {
        if (_table.Outputs[output].Allowed?.Tests is not { } order || _table.Rules[rule].Results[output] is not Expr.Literal { Value: var value })
            return null;
        var session = new FeelSession();
        var rank = order.ToList().FindIndex(t => t is Expr.Literal { Value: var allowed } && allowed.Kind == value.Kind && Comparing.Equal(allowed, value, session) is true);
        return rank < 0 ? null : rank;
    }

    private List<Subsumption> Subsumed()
    {
        var found = new List<Subsumption>();
        if (_table.Policy is "COLLECT" or "RULE ORDER" or "OUTPUT ORDER")
            return found;
        foreach (var rule in _clear)
        {
            // Of two alike the later one is needless.
            var by = Array.FindIndex(_clear, other => other != rule && _wider[rule]!.Value.Has(other) && _results[rule] == _results[other] && (other < rule || !_wider[other]!.Value.Has(rule)));
            if (by >= 0 && (_table.Policy != "FIRST" || _clear[by] < rule))
                found.Add(new Subsumption(rule + 1, _clear[by] + 1));
        }
        return found;
    }

    // The clear rules that let pass whatever a rule lets pass.
    private RuleSet Wider(int rule)
    {
        var wider = Rules(r => _isClear[r]);
        for (var c = 0; c < _columns.Length; c++)
        {
            for (var p = 0; p < _columns[c].Pieces.Count; p++)
            {
                if (Passes(rule, c, p))
                    wider.KeepAll(_sure.Passing(c, p));
            }
        }
        return wider;
    }

    private Example Shown(int[] pieces) => new([.. _columns.Select((c, i) => (c.Text, pieces[i] < 0 ? null : c.Pieces[pieces[i]].Value))]);
}
