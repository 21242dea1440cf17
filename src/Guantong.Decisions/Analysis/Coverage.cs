namespace Guantong.Decisions.Analysis;

/// <summary>What the rules of a table cover, each cell as the pieces of its column that it lets pass.</summary>
/// <param name="columns">The columns.</param>
/// <param name="rules">How many rules there are.</param>
/// <param name="unclear">Whether a cell that cannot be judged is taken to let everything pass, or nothing.</param>
internal sealed class Coverage(IReadOnlyList<Column> columns, int rules, bool unclear)
{
    // Counted by what is looked at, so that what is decided does not hang on the machine: a second or two, and a tenth of it for one search.
    private const long MostWork = 200_000_000;
    private const long MostWorkOfOne = 20_000_000;

    private readonly RuleSet[][] _passing = [.. columns.Select(c => Enumerable.Range(0, c.Pieces.Count).Select(p => RuleSet.Of(rules, r => c.Cells[r]?[p] ?? unclear)).ToArray())];
    private readonly RuleSet?[] _meeting = new RuleSet?[rules];
    private long _work = MostWork;

    /// <summary>Whether no search was cut short.</summary>
    public bool IsWhole { get; private set; } = true;

    public int Rules => rules;

    /// <summary>The rules that let a piece of a column pass.</summary>
    public RuleSet Passing(int column, int piece) => _passing[column][piece];

    /// <summary>The rules that share a piece with a rule in every column, itself among them.</summary>
    public RuleSet Meeting(int rule) => _meeting[rule] ??= Meeting(rule, (_, _) => true);

    /// <summary>The same, where only some pieces count.</summary>
    public RuleSet Meeting(int rule, Func<int, int, bool> within)
    {
        var meeting = RuleSet.Of(rules, _ => true);
        for (var c = 0; c < columns.Count; c++)
        {
            var here = RuleSet.None(rules);
            for (var p = 0; p < _passing[c].Length; p++)
            {
                if (_passing[c][p].Has(rule) && within(c, p))
                    here.AddAll(_passing[c][p]);
            }
            meeting.KeepAll(here);
        }
        return meeting;
    }

    /// <summary>Whether rules take everything of a box; null when that was not found out.</summary>
    /// <param name="by">The rules.</param>
    /// <param name="within">The pieces of the box, by column and piece.</param>
    public bool? IsCovered(RuleSet by, Func<int, int, bool> within) =>
        Search(by, within, 1) is not { } search || (search.Found.Count == 0 && search.IsWhole) ? true : search.Found.Count > 0 ? false : null;

    /// <summary>What no rule takes of a box: pieces by column, −1 where any piece does.</summary>
    /// <param name="by">The rules.</param>
    /// <param name="within">The pieces of the box, by column and piece.</param>
    /// <param name="most">How many examples are wanted.</param>
    public IReadOnlyList<int[]> Uncovered(RuleSet by, Func<int, int, bool> within, int most) =>
        Search(by, within, most) is { } search ? [.. search.Found.Select(found => Plain(found, search.By)).DistinctBy(f => string.Join(',', f))] : [];

    private CoverageSearch? Search(RuleSet by, Func<int, int, bool> within, int most)
    {
        var pieces = columns.Select((column, c) => Enumerable.Range(0, column.Pieces.Count).Where(p => within(c, p)).ToArray()).ToArray();
        if (Array.Exists(pieces, p => p.Length == 0))
            return null;
        // A rule that no value meets covers nothing.
        var reaching = by.Where(rule => Array.TrueForAll(_passing, column => Array.Exists(column, p => p.Has(rule))));
        var search = new CoverageSearch(this, reaching, pieces, most);
        search.Run(Math.Min(_work, MostWorkOfOne));
        _work -= search.Work;
        IsWhole &= search.IsWhole;
        return search;
    }

    // A value that the gap does not hang on is left out of the example.
    private int[] Plain(int[] chosen, RuleSet by)
    {
        for (var c = 0; c < chosen.Length; c++)
        {
            var kept = chosen[c];
            chosen[c] = -1;
            if (kept >= 0 && !chosen.Select((piece, column) => (piece, column)).Where(x => x.piece >= 0).Aggregate(by, (set, x) => set.And(_passing[x.column][x.piece])).IsEmpty)
                chosen[c] = kept;
        }
        return chosen;
    }
}
