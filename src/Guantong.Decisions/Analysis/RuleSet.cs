using System.Numerics;

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

    public static RuleSet None(int rules) => new(new ulong[(rules + 63) / 64]);

    public bool IsEmpty => !_words.AsSpan().ContainsAnyExcept(0UL);

    public int Count
    {
        get
        {
            var count = 0;
            foreach (var word in _words)
                count += BitOperations.PopCount(word);
            return count;
        }
    }

    public RuleSet And(RuleSet other)
    {
        var words = new ulong[_words.Length];
        for (var i = 0; i < words.Length; i++)
            words[i] = _words[i] & other._words[i];
        return new RuleSet(words);
    }

    public RuleSet Where(Func<int, bool> holds)
    {
        var kept = new RuleSet(new ulong[_words.Length]);
        foreach (var rule in Rules)
        {
            if (holds(rule))
                kept.Add(rule);
        }
        return kept;
    }

    public bool Has(int rule) => (_words[rule / 64] >> rule % 64 & 1) != 0;

    /// <summary>Whether a rule is in both.</summary>
    public bool Meets(RuleSet other)
    {
        for (var i = 0; i < _words.Length; i++)
        {
            if ((_words[i] & other._words[i]) != 0)
                return true;
        }
        return false;
    }

    /// <summary>Puts rules into this very set.</summary>
    public void AddAll(RuleSet other)
    {
        for (var i = 0; i < _words.Length; i++)
            _words[i] |= other._words[i];
    }

    /// <summary>Takes out of this very set what is not in the other.</summary>
    public void KeepAll(RuleSet other)
    {
        for (var i = 0; i < _words.Length; i++)
            _words[i] &= other._words[i];
    }

    public void Add(int rule) => _words[rule / 64] |= 1UL << rule % 64;

    /// <summary>Its rules, in order.</summary>
    public IEnumerable<int> Rules
    {
        get
        {
            for (var i = 0; i < _words.Length; i++)
            {
                for (var word = _words[i]; word != 0; word &= word - 1)
                    yield return i * 64 + BitOperations.TrailingZeroCount(word);
            }
        }
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
