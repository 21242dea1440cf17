namespace Guantong.Feel.Parsing;

/// <summary>Names by their first word, so that few are looked at where one stands.</summary>
internal sealed class NameIndex
{
    private readonly Dictionary<string, List<string>> _byWord = [];
    private readonly HashSet<string> _all = [];

    public IEnumerable<string> All => _all;

    public NameIndex(params IEnumerable<string> names)
    {
        foreach (var name in names)
            Add(name);
    }

    public void Add(string name)
    {
        if (name.Length == 0 || !_all.Add(name))
            return;
        var word = FirstWord(name, 0).ToString();
        if (!_byWord.TryGetValue(word, out var names))
            _byWord[word] = names = [];
        names.Add(name);
    }

    /// <summary>The longer of what was found and what is found here; each name looked at is counted.</summary>
    public (string? Name, int End) Longest(string text, int at, (string? Name, int End) best, ref int looked)
    {
        looked++;
        if (!_byWord.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(FirstWord(text, at), out var names))
            return best;
        looked += names.Count;
        foreach (var name in names)
        {
            if (NameText.Match(name, text, at) is var end && end > best.End)
                best = (name, end);
        }
        return best;
    }

    private static ReadOnlySpan<char> FirstWord(string text, int at)
    {
        var end = at;
        while (end < text.Length && NameText.IsPart(text[end]))
            end++;
        return text.AsSpan(at, Math.Max(end - at, 1));
    }
}

/// <summary>The names that a text may use, so that names with spaces and symbols are read whole (DMN 1.5 §10.3.1.4).</summary>
internal sealed class Vocabulary
{
    private static readonly NameIndex Standing = new(Functions.BuiltIns.Names.Concat(FeelType.Names).Where(n => n.Contains(' ', StringComparison.Ordinal)));
    private static readonly NameIndex StandingMembers = new("time offset", "start included", "end included");
    private static readonly NameIndex StandingTypes = new(FeelType.Names);

    private readonly NameIndex _names;

    // Those of the names, and members of types, that a path can read only by knowing them.
    private readonly NameIndex _odd;
    private readonly IReadOnlyDictionary<string, FeelType> _types;
    private readonly NameIndex _typeNames;
    private readonly NameIndex _members;
    private readonly Vocabulary? _outer;

    public static Vocabulary Empty { get; } = new([], [], new Dictionary<string, FeelType>());

    public Vocabulary(IEnumerable<string> names, IEnumerable<string> members, IReadOnlyDictionary<string, FeelType> types)
    {
        (_types, _typeNames, _members) = (types, new NameIndex(types.Keys), new NameIndex(members.Where(NameText.HasToBeKnown)));
        (_names, _odd) = (new NameIndex(), new NameIndex());
        foreach (var name in names)
            Add(name);
    }

    private Vocabulary(Vocabulary outer, IEnumerable<string> names)
    {
        (_types, _typeNames, _members, _outer) = (outer._types, outer._typeNames, outer._members, outer);
        (_names, _odd) = (new NameIndex(), new NameIndex());
        foreach (var name in names)
            Add(name);
    }

    /// <summary>The same with more names in an inner scope.</summary>
    public Vocabulary With(params IEnumerable<string> names) => new(this, names);

    /// <summary>Puts a name into this scope, as contexts do entry by entry.</summary>
    public void Add(string name)
    {
        _names.Add(name);
        if (NameText.HasToBeKnown(name))
            _odd.Add(name);
    }

    /// <summary>The names, and members, that can be read only by knowing them.</summary>
    public IEnumerable<string> Odd => _odd.All.Concat(_members.All).Concat(_outer?.Odd ?? []);

    public FeelType? Type(string name) => _types.GetValueOrDefault(name) ?? FeelType.Named(name);

    /// <summary>The longest known name at a place, with where it ends; inside a filter members count as names.</summary>
    public (string? Name, int End) Longest(string text, int at, bool withMembers, ref int looked)
    {
        var best = Standing.Longest(text, at, (null, 0), ref looked);
        for (var scope = this; scope is not null; scope = scope._outer)
            best = scope._names.Longest(text, at, best, ref looked);
        return withMembers ? _members.Longest(text, at, best, ref looked) : best;
    }

    /// <summary>The longest known member that is no plain word, after a point.</summary>
    public (string? Name, int End) LongestMember(string text, int at, ref int looked)
    {
        var best = _members.Longest(text, at, StandingMembers.Longest(text, at, (null, 0), ref looked), ref looked);
        for (var scope = this; scope is not null; scope = scope._outer)
            best = scope._odd.Longest(text, at, best, ref looked);
        return best;
    }

    public (string? Name, int End) LongestType(string text, int at, ref int looked) =>
        _typeNames.Longest(text, at, StandingTypes.Longest(text, at, (null, 0), ref looked), ref looked);
}
