using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Guantong.Packs;

/// <summary>A language beside Chinese and English, from a file.</summary>
/// <param name="Code">BCP 47, such as ja.</param>
/// <param name="Name">What its readers call it.</param>
/// <param name="Said">Of how many sentences of the platform there are how many: the rest is said in English.</param>
public sealed record Language(string Code, string Name, int Said, int Of);

/// <summary>Languages beside Chinese and English (GUANTONG_LANGUAGES): a file each, LANG.json, with the sentences of the rooms and of packs. What a file does not say is said in English.</summary>
/// <remarks>
/// <c>{"language": "日本語", "rooms": {"Guantong.Portal": {"nav.services": "…"}}, "packs": {"society.birth": {"出生一件事": "…"}}}</c>.
/// The sentences are the process's, as those of the rooms are; which languages a reader is offered is said by this.
/// </remarks>
public sealed partial class Languages
{
    private const int LargestFile = 8 << 20;
    private static readonly ConcurrentDictionary<string, Sentences> Known = new(StringComparer.OrdinalIgnoreCase);

    private Languages(IReadOnlyList<Language> all) => All = all;

    /// <summary>Those that there are, by code.</summary>
    public IReadOnlyList<Language> All { get; }

    /// <summary>None beside Chinese and English.</summary>
    public static readonly Languages None = new([]);

    /// <summary>One by its code, or null.</summary>
    public Language? Find(string? code) => All.FirstOrDefault(l => l.Code.Equals(code, StringComparison.OrdinalIgnoreCase));

    /// <summary>Reads those of a folder.</summary>
    /// <param name="rooms">The sentences that there are, by the name of the room that says them.</param>
    /// <exception cref="LanguageException">The folder is not there, or a file of it cannot be read: no JSON, of no language, a sentence that nobody says or with other places than the English one.</exception>
    public static Languages Read(string folder, IReadOnlyDictionary<string, Texts> rooms)
    {
        if (!Directory.Exists(folder))
            throw new LanguageException(folder, "there is no such folder; name the one with the files of languages, such as ja.json");
        return new Languages([.. Directory.EnumerateFiles(folder, "*.json").Order(StringComparer.Ordinal).Select(file => ReadOne(file, rooms))]);
    }

    /// <summary>What is said of a key of a room in one of them; null where its file does not say it.</summary>
    internal static string? Said(string lang, string room, string key) => Known.TryGetValue(lang, out var of) && of.Rooms.TryGetValue(room, out var sentences) ? sentences.GetValueOrDefault(key) : null;

    /// <summary>A pack's text in one of them; null where neither its file nor the pack says it.</summary>
    internal static string? Said(string lang, Pack pack, string text) =>
        pack.Translations.GetValueOrDefault(lang)?.GetValueOrDefault(text) ?? (Known.TryGetValue(lang, out var of) && of.Packs.TryGetValue(pack.Id, out var sentences) ? sentences.GetValueOrDefault(text) : null);

    private static Language ReadOne(string file, IReadOnlyDictionary<string, Texts> rooms)
    {
        var code = Path.GetFileNameWithoutExtension(file);
        if (!Code().IsMatch(code) || code.StartsWith("zh", StringComparison.OrdinalIgnoreCase) || code.StartsWith("en", StringComparison.OrdinalIgnoreCase))
            throw new LanguageException(file, "it is named by no language beside Chinese and English; name it by a tag of BCP 47, such as ja.json");
        if (new FileInfo(file).Length > LargestFile)
            throw new LanguageException(file, "it is larger than eight megabytes; leave out what is no sentence");
        FileShape? read;
        try
        {
            read = JsonSerializer.Deserialize<FileShape>(File.ReadAllText(file), Options);
        }
        catch (JsonException e)
        {
            throw new LanguageException(file, $"line {e.LineNumber + 1}: {e.Message.Split(" Path:")[0]} Mend it, such as {{\"language\": \"日本語\", \"rooms\": {{\"Guantong.Portal\": {{\"nav.services\": \"…\"}}}}}}");
        }
        if (string.IsNullOrWhiteSpace(read?.Language))
            throw new LanguageException(file, "it does not say what its readers call the language; add \"language\"");
        foreach (var (room, sentences) in read.Rooms)
        {
            if (!rooms.TryGetValue(room, out var texts))
                throw new LanguageException(file, $"there is no room {room}; write one of {string.Join(", ", rooms.Keys.Order(StringComparer.Ordinal))}");
            foreach (var (key, sentence) in sentences)
            {
                if (!texts.Has(key))
                    throw new LanguageException(file, $"{room} says nothing under {key}; remove it, or name what it says");
                // A place more could not be filled in; one less may be how the language says it.
                if (Places(sentence) is { Count: > 0 } places && !places.IsSubsetOf(Places(texts.Say("en", key)).Union(Places(texts.Say("zh-CN", key)))))
                    throw new LanguageException(file, $"{room} {key} has places that there are none for; use those of “{texts.Say("en", key)}” alone");
            }
        }
        Known[code] = new Sentences(
            read.Rooms.ToFrozenDictionary(r => r.Key, r => r.Value.Where(s => s.Value.Length > 0).ToFrozenDictionary()),
            read.Packs.ToFrozenDictionary(p => p.Key, p => p.Value.Where(s => s.Value.Length > 0).ToFrozenDictionary()));
        return new Language(code, read.Language.Trim(), read.Rooms.Values.Sum(r => r.Count(s => s.Value.Length > 0)), rooms.Values.Sum(r => r.Keys.Count()));
    }

    private static HashSet<string> Places(string sentence) => [.. Place().Matches(sentence).Select(m => m.Value)];

    private static readonly JsonSerializerOptions Options = new() { PropertyNameCaseInsensitive = true, UnmappedMemberHandling = System.Text.Json.Serialization.JsonUnmappedMemberHandling.Disallow };

    private sealed record FileShape(string? Language)
    {
        public Dictionary<string, Dictionary<string, string>> Rooms { get; init; } = [];

        public Dictionary<string, Dictionary<string, string>> Packs { get; init; } = [];
    }

    private sealed record Sentences(FrozenDictionary<string, FrozenDictionary<string, string>> Rooms, FrozenDictionary<string, FrozenDictionary<string, string>> Packs);

    [GeneratedRegex("^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$")]
    private static partial Regex Code();

    [GeneratedRegex(@"\{[0-9]+\}")]
    private static partial Regex Place();
}

/// <summary>A file of a language cannot be read.</summary>
public sealed class LanguageException(string file, string why) : Exception($"GUANTONG_LANGUAGES: {file}: {why}");
