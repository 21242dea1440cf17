using System.Collections.Frozen;
using System.Globalization;
using System.Reflection;
using System.Text.Json;

namespace Guantong.Packs;

/// <summary>The user-facing sentences of one room, keyed by where they show, in Chinese and English.</summary>
/// <remarks>Each room embeds one <c>texts.json</c>: key → {"zh": "…", "en": "…"}, with {0}, {1} … for arguments.</remarks>
public sealed class Texts
{
    private readonly FrozenDictionary<string, (string Zh, string En)> _entries;
    private readonly string _room;

    private Texts(string room, FrozenDictionary<string, (string, string)> entries) => (_room, _entries) = (room, entries);

    /// <summary>Reads the sentences embedded in a room's assembly.</summary>
    /// <exception cref="InvalidOperationException">The assembly embeds no texts.json.</exception>
    public static Texts Of(Assembly room)
    {
        using var stream = room.GetManifestResourceStream("texts.json")
            ?? throw new InvalidOperationException($"{room.GetName().Name} embeds no texts.json");
        using var json = JsonDocument.Parse(stream);
        return new Texts(room.GetName().Name!, json.RootElement.EnumerateObject().ToFrozenDictionary(
            e => e.Name,
            e => (e.Value.GetProperty("zh").GetString()!, e.Value.GetProperty("en").GetString()!)));
    }

    /// <summary>The keys that have a sentence.</summary>
    public IEnumerable<string> Keys => _entries.Keys;

    /// <summary>True when this room has a sentence of that key.</summary>
    public bool Has(string key) => _entries.ContainsKey(key);

    /// <summary>A sentence in a language, its arguments filled in; one that the language's file does not have (<see cref="Languages"/>) in English.</summary>
    /// <param name="lang">"zh-CN", "en" or a language that was read from a file.</param>
    public string Say(string lang, string key, params object?[] args)
    {
        if (!_entries.TryGetValue(key, out var entry))
            return key;
        var sentence = lang.StartsWith("zh", StringComparison.OrdinalIgnoreCase) ? entry.Zh : lang == "en" ? entry.En : Languages.Said(lang, _room, key) ?? entry.En;
        return args.Length == 0 ? sentence : string.Format(CultureInfo.InvariantCulture, sentence, args);
    }
}
