using Guantong.Decisions.Tables;
using Guantong.Feel;
using Guantong.Feel.Evaluation;
using Guantong.Feel.Parsing;

namespace Guantong.Decisions.Analysis;

/// <summary>Finds gaps, overlaps, masked and subsumed rules of a table by cutting its columns into pieces.</summary>
internal sealed class TableAnalysis
{
    private const int MostRules = 2000;
    private const int MostTold = 50;
    private readonly DecisionTable _table;
    private readonly Column[] _columns;
    private readonly int[] _clear;
    private readonly bool[] _isClear;
    private readonly Coverage _coverage;

    private TableAnalysis(DecisionTable table)
    {
        _table = table;
        _columns = [.. table.Inputs.Select((_, i) => Column.Of(table, i))];
        _isClear = [.. table.Rules.Select((_, r) => Array.TrueForAll(_columns, c => c.Cells[r] is not null))];
        _clear = [.. Enumerable.Range(0, table.Rules.Count).Where(r => _isClear[r])];
        _coverage = new Coverage(_columns, table.Rules.Count);
    }

    public static TableReport Of(string decision, DecisionTable table)
    {
        if (table.Rules.Count > MostRules || table.Inputs.Count == 0)
            return new TableReport(decision, table.Id, [], [], [], [], [], table.Inputs.Count == 0);
        return new TableAnalysis(table).Report(decision);
    }

    private TableReport Report(string decision)
    {
        var (gaps, overlaps, masked, subsumed) = (Gaps(), Overlaps(), Masked(), Subsumed());
        var unclear = Enumerable.Range(0, _table.Rules.Count).Except(_clear).Select(r => r + 1).ToList();
        return new TableReport(decision, _table.Id, gaps, overlaps, masked, subsumed, unclear, _coverage.IsWhole);
    }

    private RuleSet Rules(Func<int, bool> holds) => RuleSet.Of(_table.Rules.Count, holds);

    private bool Passes(int rule, int column, int piece) => _columns[column].Cells[rule]![piece];

    private List<Gap> Gaps()
    {
        if (_clear.Length < _table.Rules.Count || _table.Outputs.Any(o => o.Default is not null))
            return [];
        return [.. _coverage.Uncovered(Rules(_ => true), null, MostTold).Select(pieces => new Gap(Shown(pieces)))];
    }

    // UNIQUE allows no two rules at once, ANY only such as say the same (8.2.8).
    private List<Overlap> Overlaps()
    {
        var found = new List<Overlap>();
        if (_table.Policy is not ("UNIQUE" or "ANY"))
            return found;
        for (var i = 0; i < _clear.Length; i++)
        {
            for (var j = i + 1; j < _clear.Length && found.Count < MostTold; j++)
            {
                if (Common(_clear[i], _clear[j]) is { } pieces && (_table.Policy == "UNIQUE" || !SameOutputs(_clear[i], _clear[j])))
                    found.Add(new Overlap(_clear[i] + 1, _clear[j] + 1, Shown(pieces)));
            }
        }
        return found;
    }

    private int[]? Common(int a, int b)
    {
        var pieces = new int[_columns.Length];
        for (var c = 0; c < pieces.Length; c++)
        {
            pieces[c] = Enumerable.Range(0, _columns[c].Pieces.Count).FirstOrDefault(p => Passes(a, c, p) && Passes(b, c, p), -1);
            if (pieces[c] < 0)
                return null;
        }
        return pieces;
    }

    // Under FIRST the rules above go before, under PRIORITY those whose outputs rank higher.
    private List<int> Masked() => _table.Policy is not ("FIRST" or "PRIORITY") ? []
        : [.. _clear.Where(rule => Rules(other => _isClear[other] && GoesBefore(other, rule)) is var before
            && !before.IsEmpty && _coverage.Uncovered(before, (c, p) => Passes(rule, c, p), 1).Count == 0 && _coverage.IsWhole).Select(r => r + 1)];

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
            var by = Array.FindIndex(_clear, other => other != rule && SameOutputs(rule, other) && LiesWithin(rule, other) && (other < rule || !LiesWithin(other, rule)));
            if (by >= 0 && (_table.Policy != "FIRST" || _clear[by] < rule))
                found.Add(new Subsumption(rule + 1, _clear[by] + 1));
        }
        return found;
    }

    private bool LiesWithin(int rule, int other)
    {
        for (var c = 0; c < _columns.Length; c++)
        {
            for (var p = 0; p < _columns[c].Pieces.Count; p++)
            {
                if (Passes(rule, c, p) && !Passes(other, c, p))
                    return false;
            }
        }
        return true;
    }

    private bool SameOutputs(int a, int b) => _table.Rules[a].Results.Zip(_table.Rules[b].Results).All(p => Printer.Print(p.First) == Printer.Print(p.Second));

    private Example Shown(int[] pieces) => new([.. _columns.Select((c, i) => (c.Text, pieces[i] < 0 || c.Pieces[pieces[i]].IsNull ? (FeelValue?)null : c.Pieces[pieces[i]]))]);
}
