namespace Guantong.Feel.Parsing;

/// <summary>The names that a text may use, so that names with spaces and symbols are read whole (DMN 1.5 §10.3.1.4).</summary>
internal sealed class Vocabulary
{
    private static readonly Dictionary<char, string[]> Standing = Functions.BuiltIns.Names
        .Concat(FeelType.Names).Where(n => n.Contains(' ', StringComparison.Ordinal)).Distinct()
        .GroupBy(n => n[0]).ToDictionary(g => g.Key, g => g.OrderByDescending(n => n.Length).ToArray());

    private static readonly string[] StandingMembers = ["time offset", "start included", "end included"];

    private readonly HashSet<string> _names;
    private readonly HashSet<string> _members;

    // Those of the names that a path may need to know: a model's under the name of its import.
    private readonly List<string> _odd;
    private readonly IReadOnlyDictionary<string, FeelType> _types;
    private readonly Vocabulary? _outer;

    public static Vocabulary Empty { get; } = new([], [], new Dictionary<string, FeelType>());

    public Vocabulary(IEnumerable<string> names, IEnumerable<string> members, IReadOnlyDictionary<string, FeelType> types) =>
        (_names, _members, _types, _odd) = ([.. names.Where(n => n.Length > 0)], [.. members.Where(n => n.Length > 0 && NameText.HasToBeKnown(n)), .. StandingMembers], types, []);

    private Vocabulary(Vocabulary outer, IEnumerable<string> names)
    {
        (_names, _members, _types, _outer) = ([.. names.Where(n => n.Length > 0)], [], outer._types, outer);
        _odd = [.. _names.Where(NameText.HasToBeKnown)];
        Size = outer.Size + 1 + _names.Count;
    }

    /// <summary>How many names a look-up may go over.</summary>
    public int Size { get; }

    /// <summary>The same with more names in an inner scope.</summary>
    public Vocabulary With(params IEnumerable<string> names) => new(this, names);

    public FeelType? Type(string name) => _types.GetValueOrDefault(name) ?? FeelType.Named(name);

    /// <summary>The longest known name at a place, with where it ends.</summary>
    public (string? Name, int End) Longest(string text, int at)
    {
        var best = Standing.TryGetValue(text[at], out var standing) ? Best(standing, text, at, (null, 0)) : (null, 0);
        for (var scope = this; scope is not null; scope = scope._outer)
            best = Best(scope._names, text, at, best);
        return best;
    }

    /// <summary>The longest known member that is no plain word, after a point.</summary>
    public (string? Name, int End) LongestMember(string text, int at)
    {
        (string?, int) best = (null, 0);
        for (var scope = this; scope is not null; scope = scope._outer)
            best = Best(scope._odd, text, at, Best(scope._members, text, at, best));
        return best;
    }

    public (string? Name, int End) LongestType(string text, int at) => Best(FeelType.Names, text, at, Best(_types.Keys, text, at, (null, 0)));

    /// <summary>Whether members that hold symbols may stand as names too, as within a filter.</summary>
    public Vocabulary Inside()
    {
        var members = new List<string>();
        for (var scope = this; scope is not null; scope = scope._outer)
            members.AddRange(scope._members);
        return With(members);
    }

    private static (string? Name, int End) Best(IEnumerable<string> names, string text, int at, (string? Name, int End) best)
    {
        foreach (var name in names)
        {
            if (name[0] == text[at] && NameText.Match(name, text, at) is var end && end > best.End)
                best = (name, end);
        }
        return best;
    }
}
