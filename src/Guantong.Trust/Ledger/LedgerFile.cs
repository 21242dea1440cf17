using System.Runtime.CompilerServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Guantong.Trust;

/// <summary>Entries in a file: a line of JSON each, oldest first. Exports and archives are written alike.</summary>
public static class LedgerFile
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    /// <summary>Writes entries.</summary>
    public static async Task WriteAsync(Stream to, IAsyncEnumerable<LedgerEntry> entries, CancellationToken cancel = default)
    {
        var buffer = new System.Buffers.ArrayBufferWriter<byte>(64 * 1024);
        await using var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = Json.Encoder });
        await foreach (var entry in entries.WithCancellation(cancel))
        {
            JsonSerializer.Serialize(writer, entry, Json);
            writer.Reset();
            buffer.GetSpan(1)[0] = (byte)'\n';
            buffer.Advance(1);
            if (buffer.WrittenCount < 48 * 1024)
                continue;
            await to.WriteAsync(buffer.WrittenMemory, cancel);
            buffer.ResetWrittenCount();
        }
        await to.WriteAsync(buffer.WrittenMemory, cancel);
    }

    /// <summary>Reads entries.</summary>
    /// <exception cref="JsonException">A line is no entry.</exception>
    public static async IAsyncEnumerable<LedgerEntry> ReadAsync(string file, [EnumeratorCancellation] CancellationToken cancel = default)
    {
        using var reader = new StreamReader(file, System.Text.Encoding.UTF8);
        while (await reader.ReadLineAsync(cancel) is { } line)
            yield return JsonSerializer.Deserialize<LedgerEntry>(line, Json) is { Actor: not null, Detail: not null, Hash: not null, Previous: not null, Alg: not null, At: not null, Action: not null, About: not null } entry
                ? entry : throw new JsonException("A line is no entry.");
    }
}
