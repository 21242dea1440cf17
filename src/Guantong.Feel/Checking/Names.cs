namespace Guantong.Feel.Checking;

/// <summary>The names in reach with their types.</summary>
internal sealed class Names
{
    private readonly IReadOnlyDictionary<string, FeelType> _types;
    private readonly Names? _outer;
    private readonly bool _open;

    private Names(IReadOnlyDictionary<string, FeelType> types, Names? outer, bool open) => (_types, _outer, _open) = (types, outer, open);

    public static Names Of(IReadOnlyDictionary<string, FeelType> declared) => new(declared, null, false);

    /// <summary>Whether an item of unknown shape may bring names that are not known here.</summary>
    public bool MayHoldMore => _open || _outer?.MayHoldMore == true;

    public IEnumerable<string> All => _outer is null ? _types.Keys : _types.Keys.Concat(_outer.All);

    public FeelType? Find(string name) => _types.TryGetValue(name, out var type) ? type : _outer?.Find(name);

    public Names With(string name, FeelType type) => new(new Dictionary<string, FeelType> { [name] = type }, this, false);

    /// <summary>An inner scope, with the dictionary that its names are put into.</summary>
    public (Names Names, Dictionary<string, FeelType> Types) Inner()
    {
        var types = new Dictionary<string, FeelType>();
        return (new Names(types, this, false), types);
    }

    /// <summary>The entries of an item as names.</summary>
    public Names Inside(FeelType item) => Types.Plain(item) switch
    {
        ContextType { Entries.Count: > 0 } context => new Names(context.Entries.DistinctBy(e => e.Name).ToDictionary(e => e.Name, e => e.Type), this, false),
        KindType { Kind: not FeelKind.Null } or RangeType or FunctionType => this,
        _ => new Names(new Dictionary<string, FeelType>(), this, true),
    };
}
