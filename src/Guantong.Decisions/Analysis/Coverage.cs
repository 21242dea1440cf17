namespace Guantong.Decisions.Analysis;

/// <summary>A set of rules.</summary>
internal readonly struct RuleSet : IEquatable<RuleSet>
{
    private readonly ulong[] _words;

    private RuleSet(ulong[] words) => _words = words;

    public static RuleSet Of(int rules, Func<int, bool> holds)
    {
        var words = new ulong[(rules + 63) / 64];
        for (var rule = 0; rule < rules; rule++)
        {
            if (holds(rule))
                words[rule / 64] |= 1UL << rule % 64;
        }
        return new RuleSet(words);
    }

    public bool IsEmpty => !Array.Exists(_words, w => w != 0);

    public RuleSet And(RuleSet other)
    {
        var words = new ulong[_words.Length];
        for (var i = 0; i < words.Length; i++)
            words[i] = _words[i] & other._words[i];
        return new RuleSet(words);
    }

    public RuleSet Or(RuleSet other)
    {
        var words = new ulong[_words.Length];
        for (var i = 0; i < words.Length; i++)
            words[i] = _words[i] | other._words[i];
        return new RuleSet(words);
    }

    public bool Has(int rule) => (_words[rule / 64] >> rule % 64 & 1) != 0;

    public bool Equals(RuleSet other) => _words.AsSpan().SequenceEqual(other._words);

    public override bool Equals(object? obj) => obj is RuleSet other && Equals(other);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (var word in _words)
            hash.Add(word);
        return hash.ToHashCode();
    }
}

/// <summary>Looks for what a set of rules leaves uncovered: column by column, each set of rules that is left looked at once.</summary>
/// <param name="columns">The columns.</param>
/// <param name="rules">How many rules there are.</param>
/// <param name="unclear">Whether a cell that cannot be judged is taken to let everything pass, or nothing.</param>
internal sealed class Coverage(IReadOnlyList<Column> columns, int rules, bool unclear)
{
    private const int MostSteps = 200_000;
    private readonly RuleSet[][] _passing = [.. columns.Select(c => Enumerable.Range(0, c.Pieces.Count).Select(p => RuleSet.Of(rules, r => c.Cells[r]?[p] ?? unclear)).ToArray())];
    private int _steps;

    /// <summary>Whether the search was not cut short.</summary>
    public bool IsWhole => _steps < MostSteps;

    /// <summary>The rules that let a piece of a column pass.</summary>
    public RuleSet Passing(int column, int piece) => _passing[column][piece];

    /// <summary>Pieces by column, up to so many, that none of the rules covers; −1 where any piece does.</summary>
    /// <param name="by">The rules that cover.</param>
    /// <param name="within">The pieces looked at.</param>
    /// <param name="most">How many are wanted.</param>
    public List<int[]> Uncovered(RuleSet by, Func<int, int, bool> within, int most)
    {
        var found = new List<int[]>();
        var pieces = columns.Select((column, c) => Enumerable.Range(0, column.Pieces.Count).Where(p => within(c, p)).ToArray()).ToArray();
        if (!Array.Exists(pieces, p => p.Length == 0))
            Search(0, by, by, new int[columns.Count], pieces, most, found, []);
        return found;
    }

    private void Search(int column, RuleSet left, RuleSet by, int[] chosen, int[][] pieces, int most, List<int[]> found, HashSet<(int, RuleSet)> seen)
    {
        if (found.Count >= most || ++_steps >= MostSteps)
            return;
        if (left.IsEmpty)
        {
            var plain = Plain([.. chosen.Select((piece, c) => c < column ? piece : -1)], by);
            if (!found.Exists(f => f.AsSpan().SequenceEqual(plain)))
                found.Add(plain);
            return;
        }
        if (column == columns.Count || !seen.Add((column, left)))
            return;
        foreach (var piece in pieces[column])
        {
            chosen[column] = piece;
            Search(column + 1, left.And(_passing[column][piece]), by, chosen, pieces, most, found, seen);
        }
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
