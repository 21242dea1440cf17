using Guantong.Decisions.Explaining;
using Guantong.Feel;
using Guantong.Feel.Evaluation;
using Guantong.Feel.Functions;
using Guantong.Feel.Parsing;

namespace Guantong.Decisions.Tables;

/// <summary>A decision table, compiled in the scope where it stands.</summary>
internal sealed class TableCode
{
    private readonly DecisionTable _table;
    private readonly (int Slot, Evaluator Value)[] _inputs;
    private readonly Func<Frame, bool?>?[] _allowed;
    private readonly Func<Frame, bool?>?[][] _tests;
    private readonly Evaluator[][] _results;
    private readonly Evaluator?[] _defaults;
    private readonly FeelValue[]?[] _priorities;
    private readonly string[] _names;
    private readonly bool _first;
    private readonly bool _single;

    public TableCode(DecisionTable table, Scope scope)
    {
        _table = table;
        _first = table.Policy == "FIRST";
        _single = table.Policy is "UNIQUE" or "FIRST" or "ANY" or "PRIORITY";
        _names = [.. table.Outputs.Select(o => o.Name)];
        _inputs = [.. table.Inputs.Select(i => (scope.Layout.NewSlot(), Compiler.Compile(i.Expression, scope)))];
        // In the cells of a column "?" is the column's value.
        var columns = _inputs.Select(i => Column(scope, i.Slot)).ToArray();
        _allowed = [.. table.Inputs.Select((input, i) => input.Allowed?.Tests is null ? null : input.Allowed.Compile(columns[i]))];
        _tests = [.. table.Rules.Select(r => r.Tests.Select((t, i) => t.Tests is null ? null : t.Compile(columns[i])).ToArray())];
        _results = [.. table.Rules.Select(r => r.Results.Select(e => Compiler.Compile(e, scope)).ToArray())];
        _defaults = [.. table.Outputs.Select(o => o.Default is null ? null : Compiler.Compile(o.Default, scope))];
        _priorities = [.. table.Outputs.Select(Priorities)];
    }

    private static Scope Column(Scope scope, int slot)
    {
        var column = scope.Inner();
        column.Alias(Compiler.Tested, slot);
        return column;
    }

    private static FeelValue[]? Priorities(Output output) =>
        output.Allowed?.Tests is { } tests && tests.All(t => t is Expr.Literal) ? [.. tests.Select(t => ((Expr.Literal)t).Value)] : null;

    public FeelValue Run(Frame frame)
    {
        foreach (var (slot, value) in _inputs)
            frame.Slots[slot] = value(frame);
        for (var i = 0; i < _allowed.Length; i++)
        {
            // §8.3.2: a value that the column does not allow is an error.
            if (_allowed[i] is { } allowed && !frame.Slots[_inputs[i].Slot].IsNull && allowed(frame) is not true)
                return frame.Session.Null(NullReason.NotAllowed, frame.Slots[_inputs[i].Slot].Kind.ToString(), _table.Inputs[i].Text);
        }
        return Decide(frame);
    }

    private FeelValue Decide(Frame frame)
    {
        if (frame.Session.Watch is { } watch)
            return Decide(frame, watch);
        var first = NextHit(0, frame);
        if (first < 0)
            return Standard(frame);
        // One hit is all there is under FIRST, and mostly under UNIQUE.
        var second = _first ? -1 : NextHit(first + 1, frame);
        if (second < 0 && _single)
            return Result(first, frame);
        var hits = new List<int> { first };
        for (var hit = second; hit >= 0; hit = NextHit(hit + 1, frame))
            hits.Add(hit);
        return Apply(hits, Results(hits, frame), frame);
    }

    // As above, for somebody who wants to know why the other rules did not fire.
    private FeelValue Decide(Frame frame, Action<object> watch)
    {
        var hits = new List<int>();
        for (var hit = NextHit(0, frame); hit >= 0; hit = _first ? -1 : NextHit(hit + 1, frame))
            hits.Add(hit);
        // What the cells call is told before this table; it is worked out once.
        var traced = Traced(hits, frame);
        var results = Results(hits, frame);
        watch(traced with { Results = results });
        return hits.Count == 0 ? Standard(frame) : hits.Count == 1 && _single ? results[0] : Apply(hits, results, frame);
    }

    private int NextHit(int from, Frame frame)
    {
        for (var rule = from; rule < _tests.Length; rule++)
        {
            if (!Fires(_tests[rule], frame))
                continue;
            frame.Session.Fired?.Add((_table.Id, rule + 1));
            return rule;
        }
        return -1;
    }

    private TableTrace Traced(List<int> hits, Frame frame) => new(_table, [.. _inputs.Select(i => frame.Slots[i.Slot])], [.. hits], [],
        [.. _tests.Select(row => Enumerable.Range(0, row.Length).Where(c => row[c] is { } test && test(frame) is not true).ToList())]);

    private static bool Fires(Func<Frame, bool?>?[] tests, Frame frame)
    {
        frame.Session.Step();
        foreach (var test in tests)
        {
            if (test is not null && test(frame) is not true)
                return false;
        }
        return true;
    }

    private FeelValue Standard(Frame frame)
    {
        if (Array.Exists(_defaults, d => d is not null))
            return Compose(i => _defaults[i]?.Invoke(frame) ?? default);
        return _table is { Policy: "COLLECT", Aggregation: "COUNT" } ? 0 : default(FeelValue);
    }

    private FeelValue Result(int rule, Frame frame) => Compose(i => _results[rule][i](frame));

    private FeelValue Compose(Func<int, FeelValue> output)
    {
        if (_names.Length == 1)
            return output(0);
        var values = new FeelValue[_names.Length];
        for (var i = 0; i < values.Length; i++)
            values[i] = output(i);
        return new FeelContext(_names, values);
    }

    private FeelValue[] Results(List<int> hits, Frame frame) => _table.Policy == "UNIQUE" && hits.Count > 1 ? [] : [.. hits.Select(h => Result(h, frame))];

    private FeelValue Apply(List<int> hits, FeelValue[] results, Frame frame)
    {
        if (_table.Policy == "UNIQUE" && hits.Count > 1)
            return frame.Session.Null(NullReason.HitPolicy, _table.Id, _table.Policy);
        return _table.Policy switch
        {
            "ANY" => Array.TrueForAll(results, r => Comparing.Equal(r, results[0], frame.Session) is true) ? results[0] : frame.Session.Null(NullReason.HitPolicy, _table.Id, _table.Policy),
            "PRIORITY" => Ranked(results, frame.Session)[0],
            "OUTPUT ORDER" => new FeelList(Ranked(results, frame.Session)),
            "COLLECT" => Aggregate(new FeelList(results), frame.Session),
            _ => new FeelList(results),
        };
    }

    // Outputs rank from left to right, each by the order of its allowed values (§8.2.10).
    private FeelValue[] Ranked(FeelValue[] results, FeelSession session)
    {
        IOrderedEnumerable<FeelValue> sorted = results.OrderBy(_ => 0);
        for (var i = 0; i < _names.Length; i++)
        {
            if (_priorities[i] is not { } order)
                continue;
            var output = i;
            sorted = sorted.ThenBy(r => Rank(order, _names.Length == 1 ? r : r.Context!.Values[output], session));
        }
        return [.. sorted];
    }

    private static int Rank(FeelValue[] order, FeelValue value, FeelSession session)
    {
        var rank = Array.FindIndex(order, o => o.Kind == value.Kind && Comparing.Equal(o, value, session) is true);
        return rank < 0 ? int.MaxValue : rank;
    }

    private FeelValue Aggregate(FeelList results, FeelSession session) => _table.Aggregation switch
    {
        null => results,
        "COUNT" => results.Count,
        "SUM" => BuiltIns.Find("sum")!.Call([results], session),
        "MIN" => BuiltIns.Find("min")!.Call([results], session),
        "MAX" => BuiltIns.Find("max")!.Call([results], session),
        _ => default,
    };
}
