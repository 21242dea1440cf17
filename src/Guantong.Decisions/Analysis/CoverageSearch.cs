namespace Guantong.Decisions.Analysis;

/// <summary>One search for what rules leave uncovered of a box of pieces: column by column, each set of rules that is left looked at once.</summary>
/// <remarks>
/// A part of the box is done with when one rule takes all of it, or when rules that do not meet fill it. Whether they do is counted: a rule has
/// as many points as the product of its pieces, and rules apart from each other that have together as many as the part has, cover it.
/// </remarks>
internal sealed class CoverageSearch
{
    // Doubles count exactly up to here.
    private const double MostPoints = 1L << 53;

    private readonly Coverage _coverage;
    private readonly int _most;

    // Columns with few pieces first: after them most rules are out.
    private readonly int[] _order;

    // All that follows is by place in that order. Pieces that the rules take alike are one group, told by its first piece.
    private readonly (int Piece, RuleSet Passing)[][] _groups;

    // The rules that take whatever comes from there on, and how many points a rule, and the box, has from there on.
    private readonly RuleSet[] _whole;
    private readonly double[][] _points;
    private readonly double[] _allPoints;
    private readonly int[] _chosen;
    private readonly HashSet<(int, RuleSet)> _seen = [];
    private long _budget;

    public CoverageSearch(Coverage coverage, RuleSet by, int[][] pieces, int most)
    {
        (_coverage, By, _most) = (coverage, by, most);
        _order = [.. Enumerable.Range(0, pieces.Length).OrderBy(c => pieces[c].Length)];
        _groups = [.. _order.Select(c => pieces[c].Select(p => (Piece: p, Passing: by.And(coverage.Passing(c, p)))).DistinctBy(g => g.Passing).ToArray())];
        _chosen = [.. pieces.Select(_ => -1)];
        var end = _order.Length;
        (_whole, _points, _allPoints) = (new RuleSet[end + 1], new double[end + 1][], new double[end + 1]);
        (_whole[end], _points[end], _allPoints[end]) = (by, [.. Enumerable.Repeat(1.0, coverage.Rules)], 1);
        for (var at = end - 1; at >= 0; at--)
        {
            var counts = new double[coverage.Rules];
            foreach (var (_, passing) in _groups[at])
            {
                Work += coverage.Rules / 8;
                foreach (var rule in passing.Rules)
                    counts[rule]++;
            }
            var all = _groups[at].Length;
            _whole[at] = _whole[at + 1].Where(r => counts[r] == all);
            _points[at] = [.. counts.Select((n, r) => n * _points[at + 1][r])];
            _allPoints[at] = all * _allPoints[at + 1];
        }
    }

    /// <summary>The rules that may cover.</summary>
    public RuleSet By { get; }

    /// <summary>What was found: a piece for each column, −1 where any does.</summary>
    public List<int[]> Found { get; } = [];

    /// <summary>How much was looked at: rules and groups of pieces.</summary>
    public long Work { get; private set; }

    /// <summary>Whether it was not cut short; what was found stands either way.</summary>
    public bool IsWhole { get; private set; } = true;

    /// <summary>Searches until enough is found, all is looked at, or the work is done that it may take.</summary>
    public void Run(long budget)
    {
        _budget = budget;
        Look(0, By);
    }

    private void Look(int at, RuleSet left)
    {
        if (Found.Count >= _most || !IsWhole)
            return;
        if (left.IsEmpty)
        {
            Found.Add([.. _chosen]);
            return;
        }
        if (at == _order.Length || left.Meets(_whole[at]) || !_seen.Add((at, left)) || IsFilled(at, left))
            return;
        Work += 20 + 4 * _groups[at].Length;
        if (Work > _budget)
        {
            IsWhole = false;
            return;
        }
        foreach (var (piece, rest) in Parts(at, left))
        {
            _chosen[_order[at]] = piece;
            Look(at + 1, rest);
            _chosen[_order[at]] = -1;
        }
    }

    // Each part once; where one example is enough, parts that few rules take go first.
    private IEnumerable<(int Piece, RuleSet Left)> Parts(int at, RuleSet left)
    {
        var parts = _groups[at].Select(g => (g.Piece, Left: left.And(g.Passing))).DistinctBy(p => p.Left);
        return _most > 1 ? parts : parts.OrderBy(p => p.Left.Count);
    }

    private bool IsFilled(int at, RuleSet left)
    {
        var (points, all) = (_points[at], _allPoints[at]);
        Work += left.Count;
        if (all > MostPoints || left.Rules.Sum(r => points[r]) < all)
            return false;
        var apart = RuleSet.None(_coverage.Rules);
        var filled = 0.0;
        foreach (var rule in left.Rules)
        {
            if (_coverage.Meeting(rule).Meets(apart))
                continue;
            apart.Add(rule);
            filled += points[rule];
        }
        return filled >= all;
    }
}
