using System.Data.Common;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Guantong.Data;
using Guantong.Packs;
using Guantong.Trust;

namespace Guantong.Work;

/// <summary>Seals what people typed into personal fields before it is kept, and opens it for work: cases, tasks, jobs, messages and documents go through here.</summary>
/// <remarks>A field of a form is personal by <c>"x-personal": true</c>, or by <c>"x-grade"</c> 3 or 4. The key is the pack's, so that destroying it erases what all its cases hold.</remarks>
public sealed partial class CaseSeals(DataKeys keys, PackRegistry packs)
{
    /// <summary>The keys that it seals by.</summary>
    internal DataKeys Keys => keys;

    /// <summary>What a reader who may not see it sees.</summary>
    public const string Masked = "•••";

    /// <summary>What everybody sees once the key is destroyed.</summary>
    public const string Erased = "（已擦除 erased）";

    private const string Message = "message";
    private static readonly ConditionalWeakTable<Pack, HashSet<string>> Fields = [];

    /// <summary>The data key that seals a pack's cases.</summary>
    public static string KeyOf(string pack) => "case." + pack;

    /// <summary>The personal fields of a pack's forms.</summary>
    internal static HashSet<string> Declared(Pack pack) => Fields.GetValue(pack, p => [.. p.Forms.Values.SelectMany(Personal)]);

    private static IEnumerable<string> Personal(string schema)
    {
        using var json = JsonDocument.Parse(schema);
        return [.. Personal(json.RootElement)];
    }

    // Fields of rows are found by their names, as all are.
    private static IEnumerable<string> Personal(JsonElement schema) => !schema.TryGetProperty("properties", out var fields) ? []
        : fields.EnumerateObject().Where(f => f.Value.ValueKind == JsonValueKind.Object)
            .SelectMany(f => (IEnumerable<string>)[.. IsPersonal(f.Value) ? [f.Name] : Array.Empty<string>(), .. f.Value.TryGetProperty("items", out var items) && items.ValueKind == JsonValueKind.Object ? Personal(items) : []]);

    /// <summary>Whether a field of a form is personal.</summary>
    internal static bool IsPersonal(string schema, string field)
    {
        using var json = JsonDocument.Parse(schema);
        return json.RootElement.TryGetProperty("properties", out var fields) && fields.TryGetProperty(field, out var found) && found.ValueKind == JsonValueKind.Object && IsPersonal(found);
    }

    private static bool IsPersonal(JsonElement field) =>
        (field.TryGetProperty("x-personal", out var personal) && personal.ValueKind == JsonValueKind.True)
        || (field.TryGetProperty("x-grade", out var grade) && grade.ValueKind == JsonValueKind.Number && grade.GetDouble() >= 3);

    /// <summary>What seals a held case's texts.</summary>
    /// <param name="known">JSON objects with what the case knows beside what its row says.</param>
    internal async ValueTask<CaseSeal> OfAsync(Change change, Case row, params IReadOnlyList<string> known)
    {
        var declared = Declared(await packs.AtAsync(row.Pack, row.Revision));
        if (declared.Count == 0 && row.Sealed.Count == 0)
            return CaseSeal.None;
        var names = row.Sealed.Count == 0 ? declared : [.. declared, .. row.Sealed];
        return await OfAsync(change, KeyOf(row.Pack), Owner(row), names, [row.Data, .. known]);
    }

    private async ValueTask<CaseSeal> OfAsync(Change change, string key, string owner, HashSet<string> names, IEnumerable<string> known)
    {
        var (found, values) = (false, new HashSet<string>());
        foreach (var text in known.Where(t => names.Any(n => t.Contains($"\"{n}\"", StringComparison.Ordinal))))
            found |= Collect(JsonNode.Parse(text), names, values);
        return found ? new CaseSeal(await keys.RingAsync(change, key), key, owner, names, values) : CaseSeal.None;
    }

    private static bool Collect(JsonNode? node, HashSet<string> names, HashSet<string> values)
    {
        var found = false;
        if (node is JsonObject o)
        {
            foreach (var (name, value) in o)
            {
                if (value is not null && names.Contains(name))
                {
                    found = true;
                    Leaves(value, values);
                }
                else
                {
                    found |= Collect(value, names, values);
                }
            }
        }
        else if (node is JsonArray a)
        {
            foreach (var item in a)
                found |= Collect(item, names, values);
        }
        return found;
    }

    private static void Leaves(JsonNode? node, HashSet<string> values)
    {
        switch (node)
        {
            case JsonObject o:
                foreach (var (_, value) in o)
                    Leaves(value, values);
                break;
            case JsonArray a:
                foreach (var item in a)
                    Leaves(item, values);
                break;
            case JsonValue v when v.GetValueKind() is JsonValueKind.String or JsonValueKind.Number && v.ToString().Trim() is var text && !KeyRing.IsSealed(text):
                values.Add(text);
                break;
        }
    }

    /// <summary>A held case, opened for work. What was erased stays sealed.</summary>
    internal async ValueTask<Case> OpenAsync(Change change, Case row) => Holds(row) ? Opened(await keys.RingAsync(change), row) : row;

    /// <summary>A case that is read, opened for work.</summary>
    internal async ValueTask<Case> OpenAsync(DbConnection connection, Case row) => Holds(row) ? Opened(await keys.RingAsync(connection), row) : row;

    /// <summary>A text of a held case, opened for work, and the names under which it had sealed values.</summary>
    internal async ValueTask<(string Text, Case Row)> OpenAsync(Change change, Case row, string text, bool isMessage = false)
    {
        if (!KeyRing.HoldsSealed(text))
            return (text, row);
        var names = new HashSet<string>(row.Sealed);
        var opened = Replace(await keys.RingAsync(change), text, isMessage ? Message : Owner(row), names);
        return (opened, row with { Sealed = names });
    }

    /// <summary>A text that was sealed whole, opened for work.</summary>
    internal async ValueTask<string> WholeAsync(Change change, Case row, string text) =>
        KeyRing.IsSealed(text) && (await keys.RingAsync(change)).Open(text, Owner(row)) is { Opening: Opening.Clear } opened ? opened.Text! : text;

    /// <summary>What a message from outside carries, sealed where some pack in force takes it for personal.</summary>
    internal async ValueTask<string> MessageAsync(Change change, string data)
    {
        HashSet<string> names = [.. packs.Applied.Values.SelectMany(a => Declared(a.Pack))];
        return names.Count == 0 ? data : (await OfAsync(change, Message, Message, names, [data])).Json(data);
    }

    /// <summary>What a message carries, opened.</summary>
    internal async ValueTask<(string Text, IReadOnlySet<string> Names)> MessageAsync(DbConnection connection, string data) =>
        KeyRing.HoldsSealed(data) ? Replaced(await keys.RingAsync(connection), data) : (data, new HashSet<string>());

    /// <summary>What a message carries, opened within a change.</summary>
    internal async ValueTask<(string Text, IReadOnlySet<string> Names)> OpenMessageAsync(Change change, string data) =>
        KeyRing.HoldsSealed(data) ? Replaced(await keys.RingAsync(change), data) : (data, new HashSet<string>());

    private static (string, IReadOnlySet<string>) Replaced(KeyRing ring, string data)
    {
        var names = new HashSet<string>();
        return (Replace(ring, data, Message, names), names);
    }

    /// <summary>What a message from a case carries, sealed.</summary>
    internal async ValueTask<string> MessageAsync(Change change, Case from, string data) => (await OfAsync(change, from, data)).For(Message).Json(data);

    /// <summary>A case with all that is about it, opened for a reader, or with what is personal masked.</summary>
    internal async ValueTask<CaseFile> ShowAsync(DbConnection connection, CaseFile file, bool isOpen)
    {
        if (!Holds(file))
            return file;
        var ring = await keys.RingAsync(connection);
        var owner = Owner(file.Case);
        string Json(string text) => Show(ring, text, owner, isOpen);
        return file with
        {
            Personal = Names(file),
            Case = file.Case with { Data = Json(file.Case.Data), Process = Json(file.Case.Process), Given = file.Case.Given is { } given ? Json(given) : null },
            Tasks = [.. file.Tasks.Select(t => t.Data is { } data ? t with { Data = Json(data) } : t)],
            Documents = [.. file.Documents.Select(d => KeyRing.IsSealed(d.Markdown) ? d with { Markdown = ring.Open(d.Markdown, owner) is var o && o.Opening == Opening.Erased ? Erased : isOpen && o.Text is { } text ? text : Masked } : d)],
        };
    }

    private static string[] Names(CaseFile file) => [.. file.Tasks.Select(t => t.Data).Prepend(file.Case.Data).OfType<string>()
        .SelectMany(d => Place().Matches(d)).Where(m => m.Groups[2].Success).Select(m => JsonSerializer.Deserialize<string>(m.Groups[2].Value)!).Distinct().Order(StringComparer.Ordinal)];

    /// <summary>A JSON text with what is sealed in it masked.</summary>
    public static string Mask(string text) => KeyRing.HoldsSealed(text) ? Place().Replace(text, m => $"{m.Groups[1].Value}\"{Masked}\"") : text;

    /// <summary>A case with what is sealed in it masked, for lists.</summary>
    internal static Case Mask(Case row) => Holds(row) ? row with { Data = Mask(row.Data), Process = Mask(row.Process), Given = row.Given is { } given ? Mask(given) : null } : row;

    /// <summary>Whether something of a case is sealed.</summary>
    internal static bool Holds(CaseFile file) => Holds(file.Case) || file.Tasks.Any(t => KeyRing.HoldsSealed(t.Data)) || file.Documents.Any(d => KeyRing.IsSealed(d.Markdown));

    private static bool Holds(Case row) => KeyRing.HoldsSealed(row.Data) || KeyRing.HoldsSealed(row.Process) || KeyRing.HoldsSealed(row.Given);

    private static string Owner(Case row) => "case:" + row.Id;

    private static Case Opened(KeyRing ring, Case row)
    {
        var names = new HashSet<string>(row.Sealed);
        var owner = Owner(row);
        return row with
        {
            Data = Replace(ring, row.Data, owner, names),
            Given = row.Given is { } given ? Replace(ring, given, owner, names) : null,
            // Where it is deep in the state it is no field of the case's own.
            Process = Replace(ring, row.Process, owner, []),
            Sealed = names,
        };
    }

    private static string Replace(KeyRing ring, string text, string owner, HashSet<string> names) => Place().Replace(text, m =>
    {
        if (m.Groups[2].Success)
            names.Add(JsonSerializer.Deserialize<string>(m.Groups[2].Value)!);
        return ring.Open(m.Groups[3].Value, owner) is { Opening: Opening.Clear } opened ? m.Groups[1].Value + opened.Text : m.Value;
    });

    private static string Show(KeyRing ring, string text, string owner, bool isOpen) => Place().Replace(text, m => m.Groups[1].Value + (ring.Open(m.Groups[3].Value, owner) switch
    {
        { Opening: Opening.Erased } => $"\"{Erased}\"",
        { Opening: Opening.Clear } opened when isOpen => opened.Text,
        _ => $"\"{Masked}\"",
    }));

    /// <summary>The hashes to look for a value by; none where nothing is sealed yet.</summary>
    internal async Task<IReadOnlyList<string>> HashesAsync(DbConnection connection, string value) => (await keys.RingAsync(connection)).Hashes(value);

    // A sealed value, with the name in front of it where it has one.
    [GeneratedRegex("""(("(?:[^"\\]|\\.)*")\s*:\s*)?"(sealed:1:[a-z0-9._-]+:[0-9]+:[A-Za-z0-9_-]+)["]""")]
    private static partial Regex Place();
}
