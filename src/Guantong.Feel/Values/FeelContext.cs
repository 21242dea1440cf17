namespace Guantong.Feel;

/// <summary>A context that never changes: keys with values, in the order in which they were written.</summary>
public sealed class FeelContext
{
    private const int Few = 8;
    private readonly string[] _keys;
    private readonly FeelValue[] _values;
    private Dictionary<string, int>? _places;

    public static readonly FeelContext Empty = new([], []);

    /// <summary>Keys have to be distinct.</summary>
    public FeelContext(string[] keys, FeelValue[] values) => (_keys, _values) = (keys, values);

    public int Count => _values.Length;

    public ReadOnlySpan<string> Keys => _keys.AsSpan(0, Count);

    public ReadOnlySpan<FeelValue> Values => _values;

    public bool TryGet(string key, out FeelValue value)
    {
        var at = Place(key);
        value = at >= 0 ? _values[at] : default;
        return at >= 0;
    }

    public FeelValue Get(string key) => TryGet(key, out var value) ? value : default;

    /// <summary>The context with a key set, in its place or at the end.</summary>
    public FeelContext With(string key, FeelValue value)
    {
        var at = Place(key);
        var values = new FeelValue[at < 0 ? Count + 1 : Count];
        _values.CopyTo(values, 0);
        values[at < 0 ? Count : at] = value;
        return new FeelContext(at < 0 ? [.. Keys, key] : _keys, values);
    }

    private int Place(string key)
    {
        if (Count > Few)
            return (_places ??= Index()).TryGetValue(key, out var place) ? place : -1;
        for (var i = 0; i < _values.Length; i++)
        {
            if (ReferenceEquals(_keys[i], key))
                return i;
        }
        for (var i = 0; i < _values.Length; i++)
        {
            if (_keys[i] == key)
                return i;
        }
        return -1;
    }

    private Dictionary<string, int> Index()
    {
        var places = new Dictionary<string, int>(Count);
        for (var i = 0; i < Count; i++)
            places[_keys[i]] = i;
        return places;
    }
}

/// <summary>Gathers the entries of a context; a key that comes again takes the later value.</summary>
internal sealed class ContextBuilder
{
    private readonly Dictionary<string, int> _places = [];
    private readonly List<FeelValue> _values = [];

    public bool Has(string key) => _places.ContainsKey(key);

    public void Set(string key, FeelValue value)
    {
        if (_places.TryAdd(key, _values.Count))
            _values.Add(value);
        else
            _values[_places[key]] = value;
    }

    public FeelContext ToContext() => new([.. _places.OrderBy(p => p.Value).Select(p => p.Key)], [.. _values]);
}
