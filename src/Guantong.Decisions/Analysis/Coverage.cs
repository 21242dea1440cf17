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
internal sealed class Coverage(IReadOnlyList<Column> columns, int rules)
{
    private const int MostSteps = 200_000;
    private readonly RuleSet[][] _passing = [.. columns.Select(c => Enumerable.Range(0, c.Pieces.Count).Select(p => RuleSet.Of(rules, r => c.Cells[r]?[p] == true)).ToArray())];
    private int _steps;

    /// <summary>Whether the search was not cut short.</summary>
    public bool IsWhole => _steps < MostSteps;

    /// <summary>Pieces by column, up to so many, that none of the rules covers; −1 where any piece does.</summary>
    /// <param name="by">The rules that cover.</param>
    /// <param name="within">The pieces looked at; null for all.</param>
    /// <param name="most">How many are wanted.</param>
    public List<int[]> Uncovered(RuleSet by, Func<int, int, bool>? within, int most)
    {
        var found = new List<int[]>();
        Search(0, by, new int[columns.Count], within, most, found, []);
        return found;
    }

    private void Search(int column, RuleSet left, int[] chosen, Func<int, int, bool>? within, int most, List<int[]> found, HashSet<(int, RuleSet)> seen)
    {
        if (found.Count >= most || ++_steps >= MostSteps)
            return;
        if (left.IsEmpty)
        {
            found.Add([.. chosen.Select((piece, c) => c < column ? piece : within is null ? -1 : FirstWithin(c, within))]);
            return;
        }
        if (column == columns.Count || !seen.Add((column, left)))
            return;
        var wasEmpty = false;
        for (var piece = 0; piece < columns[column].Pieces.Count; piece++)
        {
            if (within is not null && !within(column, piece))
                continue;
            var next = left.And(_passing[column][piece]);
            // Pieces side by side that nothing covers are one gap.
            if (next.IsEmpty && wasEmpty)
                continue;
            wasEmpty = next.IsEmpty && columns[column].IsOrdered;
            chosen[column] = piece;
            Search(column + 1, next, chosen, within, most, found, seen);
        }
    }

    private int FirstWithin(int column, Func<int, int, bool> within) => Enumerable.Range(0, columns[column].Pieces.Count).FirstOrDefault(p => within(column, p), -1);
}
