using System.Text.Json;
using System.Text.Json.Nodes;
using Guantong.Trust;

namespace Guantong.Work;

/// <summary>What seals the texts of one case before they are kept; without personal fields it leaves them as they are.</summary>
/// <param name="ring">Null where nothing is to be sealed.</param>
/// <param name="key">The data key's name.</param>
/// <param name="owner">What a sealed text is bound to.</param>
/// <param name="names">The personal fields.</param>
/// <param name="values">What people typed into them: it is sealed under whatever name it goes on.</param>
internal sealed class CaseSeal(KeyRing? ring, string key, string owner, IReadOnlySet<string> names, IReadOnlyCollection<string> values)
{
    // Shorter ones stand in too many words; the fields themselves are sealed however short.
    private const int LeastLatin = 4;
    private const int LeastOther = 2;

    // Where a process's state keeps what is known; the rest of it says how the process stands.
    private static readonly HashSet<string> Known = ["data", "items", "results"];

    private readonly List<string> _telling = [.. values.Where(v => v.Length >= (v.All(char.IsAscii) ? LeastLatin : LeastOther))];

    /// <summary>Seals nothing.</summary>
    public static CaseSeal None { get; } = new(null, "", "", new HashSet<string>(), []);

    /// <summary>Whether there is anything to seal.</summary>
    public bool IsNone => ring is null;

    /// <summary>The personal fields.</summary>
    public IReadOnlySet<string> Names => names;

    /// <summary>The same, bound to something else: a message, the case that called.</summary>
    public CaseSeal For(string other) => IsNone ? this : new CaseSeal(ring, key, other, names, values);

    /// <summary>A JSON object with its personal values sealed, each a text in its place.</summary>
    public string Json(string text) => IsNone ? text : Sealed(JsonNode.Parse(text), byName: true)!.ToJsonString(Work.Json.Plain);

    /// <summary>A process's state with its personal values sealed.</summary>
    public string State(string text) => IsNone ? text : Structure(JsonNode.Parse(text))!.ToJsonString(Work.Json.Plain);

    /// <summary>A whole text sealed.</summary>
    public string Whole(string text) => IsNone ? text : ring!.Seal(key, text, owner);

    /// <summary>The fields of an object that are sealed, by their own name or by what they hold.</summary>
    public HashSet<string> Carried(JsonObject data) => IsNone ? [] : [.. data.Where(d => d.Value is not null && (names.Contains(d.Key) || Tells(d.Value))).Select(d => d.Key)];

    /// <summary>What a case's personal values are found by.</summary>
    public IEnumerable<(string Field, string Hash)> Index(JsonObject data) => IsNone ? [] :
        from field in data
        where names.Contains(field.Key) && field.Value is JsonValue && !KeyRing.IsSealed(field.Value.ToString())
        select (field.Key, ring!.Hash(key, field.Value!.ToString()));

    private JsonNode? Sealed(JsonNode? node, bool byName)
    {
        switch (node)
        {
            case JsonObject o:
                foreach (var (name, value) in o.ToList())
                    o[name] = value is not null && byName && names.Contains(name) ? Closed(value) : Apart(Sealed(value, byName), value);
                return o;
            case JsonArray a:
                for (var i = 0; i < a.Count; i++)
                    a[i] = Apart(Sealed(a[i], byName), a[i]);
                return a;
            default:
                return node is not null && Tells(node) ? Closed(node) : node;
        }
    }

    private JsonNode? Structure(JsonNode? node)
    {
        switch (node)
        {
            case JsonObject o:
                foreach (var (name, value) in o.ToList())
                    o[name] = Apart(Known.Contains(name) ? Sealed(value, byName: true) : name == "key" ? Sealed(value, byName: false) : Structure(value), value);
                return o;
            case JsonArray a:
                for (var i = 0; i < a.Count; i++)
                    a[i] = Apart(Structure(a[i]), a[i]);
                return a;
            default:
                return node;
        }
    }

    // A node has one parent: what stays where it is is put there as a copy of itself.
    private static JsonNode? Apart(JsonNode? node, JsonNode? was) => ReferenceEquals(node, was) ? node?.DeepClone() : node;

    private JsonValue Closed(JsonNode value)
    {
        var text = value.ToJsonString(Work.Json.Plain);
        // What was erased stays as it is.
        return value is JsonValue v && v.TryGetValue<string>(out var plain) && KeyRing.IsSealed(plain) ? JsonValue.Create(plain) : JsonValue.Create(ring!.Seal(key, text, owner));
    }

    private bool Tells(JsonNode value) => value is JsonValue v && v.GetValueKind() is JsonValueKind.String or JsonValueKind.Number && v.ToString() is var text
        && !KeyRing.IsSealed(text) && _telling.Exists(t => text.Contains(t, StringComparison.Ordinal));
}
