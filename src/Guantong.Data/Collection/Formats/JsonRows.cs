using System.Text;
using System.Text.Json;
using Guantong.Packs;

namespace Guantong.Data;

/// <summary>Reads records from JSON: an array of objects, one object a line, or a list that a JSON pointer (RFC 6901) leads to.</summary>
internal static class JsonRows
{
    /// <summary>The longest document that is read whole, to follow a pointer in it.</summary>
    public const long LargestWhole = 256L << 20;

    public static ProbedFile Read(string path, string name, Feed feed, IReadOnlyList<string> wanted, string made, CancellationToken stop)
    {
        using var rows = new JsonRecords(made, name, wanted);
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16, FileOptions.SequentialScan);
        using var stream = feed.Encoding == "gb18030" ? Encoding.CreateTranscodingStream(file, FileText.Gb18030, Encoding.UTF8) : file;
        try
        {
            if (feed.Records is { } pointer)
                AddListed(stream, file.Length, name, pointer, rows);
            else
                AddStreamed(stream, StartsList(path, feed), rows, stop);
        }
        catch (JsonException e)
        {
            throw new LoadRefusedException(name, (e.LineNumber ?? 0) + 1, "json-broken", $"{(e.BytePositionInLine ?? 0) + 1}");
        }
        catch (DecoderFallbackException)
        {
            throw new LoadRefusedException(name, rows.Count + 1, feed.Encoding == "gb18030" ? "file-not-gb18030" : "file-not-utf8");
        }
        return rows.End(FileText.Digest(path));
    }

    private static void AddStreamed(Stream stream, bool isList, JsonRecords rows, CancellationToken stop)
    {
        foreach (var record in JsonSerializer.DeserializeAsyncEnumerable<JsonElement>(stream, topLevelValues: !isList, cancellationToken: stop).ToBlockingEnumerable(stop))
            rows.Add(record);
    }

    private static void AddListed(Stream stream, long length, string name, string pointer, JsonRecords rows)
    {
        if (length > LargestWhole)
            throw new LoadRefusedException(name, 0, "json-too-large", $"{LargestWhole >> 20} MB");
        using var document = JsonDocument.Parse(stream);
        if (At(document.RootElement, pointer) is not { ValueKind: JsonValueKind.Array } list)
            throw new LoadRefusedException(name, 0, "json-no-list", pointer);
        foreach (var record in list.EnumerateArray())
            rows.Add(record);
    }

    /// <summary>What a JSON pointer leads to, or null.</summary>
    public static JsonElement? At(JsonElement from, string pointer)
    {
        foreach (var step in pointer.Split('/').Skip(1).Select(s => s.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal)))
        {
            if (from.ValueKind == JsonValueKind.Object && from.TryGetProperty(step, out var member))
                from = member;
            else if (from.ValueKind == JsonValueKind.Array && int.TryParse(step, out var i) && i >= 0 && i < from.GetArrayLength())
                from = from[i];
            else
                return null;
        }
        return from;
    }

    private static bool StartsList(string path, Feed feed)
    {
        using var reader = new StreamReader(path, feed.Encoding == "gb18030" ? FileText.Gb18030 : Encoding.UTF8);
        var first = reader.Read();
        while (first >= 0 && (char.IsWhiteSpace((char)first) || first == '\uFEFF'))
            first = reader.Read();
        return first == '[';
    }
}

/// <summary>Takes JSON records to texts, and finds out when their members are no longer those that the feed names.</summary>
internal sealed class JsonRecords : IDisposable
{
    private readonly string _name;
    private readonly IReadOnlyList<string> _wanted;
    private readonly StagedText _text;
    private readonly HashSet<string> _missing, _others = [];

    /// <param name="made">The file to make.</param>
    /// <param name="name">What the source is called.</param>
    /// <param name="wanted">Member names, or JSON pointers into a record.</param>
    public JsonRecords(string made, string name, IReadOnlyList<string> wanted)
    {
        (_name, _wanted, _missing) = (name, wanted, [.. wanted]);
        _text = new StagedText(made, name, wanted);
    }

    public long Count => _text.Count;

    public void Add(JsonElement record)
    {
        if (record.ValueKind != JsonValueKind.Object)
            throw new LoadRefusedException(_name, Count + 1, "json-no-record");
        var values = _wanted.Select(w => Find(record, w)).ToList();
        if (_missing.Count > 0)
        {
            for (var i = 0; i < values.Count; i++)
            {
                if (values[i] is not null)
                    _missing.Remove(_wanted[i]);
            }
            if (_others.Count < 100)
                _others.UnionWith(record.EnumerateObject().Select(m => m.Name).Where(n => !_wanted.Contains(n) && !_wanted.Any(w => w.StartsWith($"/{n}", StringComparison.Ordinal))));
        }
        _text.Add([.. values.Select(Text)], Count + 1);
    }

    /// <summary>Ends the file.</summary>
    /// <exception cref="LoadRefusedException">There is no record, or a member that the feed names is in none while there are others that it does not name: it was renamed.</exception>
    public ProbedFile End(string digest)
    {
        if (Count == 0)
            throw new LoadRefusedException(_name, 0, "json-empty");
        if (_missing.Count > 0 && _others.Count > 0)
            throw new LoadRefusedException(_name, 0, "header-missing", string.Join(", ", _missing), CsvText.Cut(string.Join(", ", _others)));
        return _text.End(digest);
    }

    public void Dispose() => _text.Dispose();

    private static JsonElement? Find(JsonElement record, string wanted) =>
        wanted.StartsWith('/') ? JsonRows.At(record, wanted) : record.TryGetProperty(wanted, out var member) ? member : null;

    private static string? Text(JsonElement? value) => value switch
    {
        null or { ValueKind: JsonValueKind.Null or JsonValueKind.Undefined } => null,
        { ValueKind: JsonValueKind.String } text => text.GetString(),
        { ValueKind: JsonValueKind.True } => "true",
        { ValueKind: JsonValueKind.False } => "false",
        { } other => other.GetRawText(),
    };
}
