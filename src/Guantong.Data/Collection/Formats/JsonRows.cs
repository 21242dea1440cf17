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
        using var rows = new JsonRecords(made, name, wanted, feed.Omits);
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

/// <summary>Takes JSON records to texts. A record that lacks a member which the feed names is no longer what it was: it is refused, unless the feed says that its source leaves out what has no value.</summary>
/// <param name="made">The file to make.</param>
/// <param name="name">What the source is called.</param>
/// <param name="wanted">Member names, or JSON pointers into a record.</param>
/// <param name="omits">Whether members without value are left out.</param>
internal sealed class JsonRecords(string made, string name, IReadOnlyList<string> wanted, bool omits) : IDisposable
{
    private readonly StagedText _text = new(made, name, wanted);

    public long Count => _text.Count;

    public void Add(JsonElement record)
    {
        try
        {
            Take(record);
        }
        catch (InvalidOperationException e) when (e.InnerException is DecoderFallbackException)
        {
            throw new LoadRefusedException(name, Count + 1, "file-not-utf8");
        }
    }

    private void Take(JsonElement record)
    {
        if (record.ValueKind != JsonValueKind.Object)
            throw new LoadRefusedException(name, Count + 1, "json-no-record");
        var values = wanted.Select(w => Find(record, w)).ToList();
        if (!omits && values.Contains(null))
            throw new LoadRefusedException(name, Count + 1, "json-member-missing", string.Join(", ", wanted.Where((_, i) => values[i] is null)), CsvText.Cut(string.Join(", ", record.EnumerateObject().Select(m => m.Name))));
        _text.Add([.. values.Select(Text)], Count + 1);
    }

    /// <summary>Ends the file.</summary>
    /// <exception cref="LoadRefusedException">There is no record.</exception>
    public ProbedFile End(string digest) => Count == 0 ? throw new LoadRefusedException(name, 0, "json-empty") : _text.End(digest);

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
