using System.Text;
using System.Text.Json;

namespace Guantong.Packs.Reading;

/// <summary>Reads one JSON text into a <see cref="Node"/> with positions.</summary>
internal sealed class JsonText
{
    private const int DeepestNesting = 40;

    private readonly string _file;
    private readonly byte[] _bytes;
    private readonly List<Finding> _findings;

    private JsonText(string file, string text, List<Finding> findings) =>
        (_file, _bytes, _findings) = (file, Encoding.UTF8.GetBytes(text), findings);

    /// <summary>The text's root, or null with a finding when it is no JSON.</summary>
    public static Node? Read(string file, string text, List<Finding> findings)
    {
        var reading = new JsonText(file, text, findings);
        var reader = new Utf8JsonReader(reading._bytes, new JsonReaderOptions { MaxDepth = DeepestNesting });
        try
        {
            reader.Read();
            var root = reading.ReadNode(ref reader);
            // Whatever follows the value is refused here.
            reader.Read();
            return root;
        }
        catch (JsonException e)
        {
            findings.Add(Finding.Error("json-broken", reading.At((int)(e.LineNumber ?? 0), (int)(e.BytePositionInLine ?? 0))));
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair: "\ud83d" alone is no character.
            findings.Add(Finding.Error("json-broken", reading.At(reader.TokenStartIndex)));
        }
        return null;
    }

    private Node ReadNode(ref Utf8JsonReader reader)
    {
        var mark = At(reader.TokenStartIndex);
        return reader.TokenType switch
        {
            JsonTokenType.StartObject => ReadMap(ref reader, mark),
            JsonTokenType.StartArray => ReadList(ref reader, mark),
            JsonTokenType.String => new ScalarNode(mark, reader.GetString()!, Quoted: true),
            _ => new ScalarNode(mark, Encoding.UTF8.GetString(reader.ValueSpan), Quoted: false),
        };
    }

    private MapNode ReadMap(ref Utf8JsonReader reader, Mark mark)
    {
        var entries = new List<Entry>();
        var seen = new HashSet<string>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var key = new ScalarNode(At(reader.TokenStartIndex), reader.GetString()!, Quoted: true);
            reader.Read();
            var value = ReadNode(ref reader);
            if (seen.Add(key.Value))
                entries.Add(new Entry(key, value));
            else
                _findings.Add(Finding.Error("duplicate-key", key.Mark, key.Value));
        }
        return new MapNode(mark, entries);
    }

    private ListNode ReadList(ref Utf8JsonReader reader, Mark mark)
    {
        var items = new List<Node>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            items.Add(ReadNode(ref reader));
        return new ListNode(mark, items);
    }

    private Mark At(long index)
    {
        var before = _bytes.AsSpan(0, (int)index);
        return At(before.Count((byte)'\n'), before.Length - (before.LastIndexOf((byte)'\n') + 1));
    }

    // The reader counts bytes; people and editors count characters.
    private Mark At(int line, int bytes)
    {
        var rest = _bytes.AsSpan();
        for (var i = 0; i < line && rest.IndexOf((byte)'\n') is >= 0 and var end; i++)
            rest = rest[(end + 1)..];
        var within = rest.IndexOf((byte)'\n') is >= 0 and var length ? rest[..length] : rest;
        return new Mark(_file, line + 1, Encoding.UTF8.GetCharCount(within[..Math.Min(bytes, within.Length)]) + 1);
    }
}
