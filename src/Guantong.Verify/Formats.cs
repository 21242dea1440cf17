using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Org.BouncyCastle.Crypto.Digests;

namespace Guantong.Verify;

/// <summary>An entry as it stands in an export (docs/ledger.md).</summary>
internal sealed record Entry(long Seq, string At, string Actor, string Action, string About, string Detail, string? Unit, string? Subject, string? Dataset, string Alg, string Previous, string Hash)
{
    private readonly ArrayBufferWriter<byte> _text = new();

    /// <summary>SM3 over a zero byte and the entry's fields, each after its length.</summary>
    public byte[] Leaf()
    {
        _text.ResetWrittenCount();
        _text.Write((ReadOnlySpan<byte>)[0]);
        foreach (var field in (string[])[Seq.ToString(CultureInfo.InvariantCulture), At, Actor, Action, About, Detail, Previous])
            Add(field);
        if (Alg != "sha256" || Unit is not null || Subject is not null || Dataset is not null)
        {
            Add(Unit);
            Add(Subject);
            Add(Dataset);
        }
        return Sm3(_text.WrittenSpan);
    }

    /// <summary>What the hash must be; the leaf was made just before.</summary>
    public string Seal(byte[] leaf) => Convert.ToHexStringLower(Alg == "sm3" ? leaf : SHA256.HashData(_text.WrittenSpan[1..]));

    private void Add(string? field)
    {
        if (field is null)
        {
            _text.Write("-"u8);
            return;
        }
        var bytes = Encoding.UTF8.GetBytes(field);
        _text.Write(Encoding.ASCII.GetBytes(bytes.Length.ToString(CultureInfo.InvariantCulture) + ":"));
        _text.Write(bytes);
    }

    public static byte[] Sm3(ReadOnlySpan<byte> text)
    {
        var hash = new SM3Digest();
        hash.BlockUpdate(text);
        var digest = new byte[32];
        hash.DoFinal(digest);
        return digest;
    }
}

/// <summary>A checkpoint.</summary>
internal sealed record Checkpoint(long Size, string Root, string At, string Key, string Signature, string? Token)
{
    public byte[] Body() => Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"guantong ledger checkpoint 1\nsize {Size}\nroot {Root}\nat {At}\nkey {Key}\n"));
}

/// <summary>A proof that an entry stands in the ledger.</summary>
internal sealed record Inclusion(long Seq, long Size, Entry? Entry, string Leaf, string[] Path, string Root);

/// <summary>A proof that one ledger begins another.</summary>
internal sealed record Consistency(long From, long To, string[] Path, string FromRoot, string ToRoot);

/// <summary>Reads files. What a file says twice, or says and nobody checks, is refused: it would be shown as if it had been verified.</summary>
internal static class Files
{
    private static readonly JsonSerializerOptions Strict = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        AllowDuplicateProperties = false,
        PropertyNameCaseInsensitive = false,
        RespectNullableAnnotations = true,
        // Attributes that an entry does not have may be left out.
        RespectRequiredConstructorParameters = false,
    };

    public static T Read<T>(string file) => JsonSerializer.Deserialize<T>(File.ReadAllText(file), Strict) ?? throw new JsonException("null");

    public static IEnumerable<Entry> Entries(string file)
    {
        foreach (var line in File.ReadLines(file))
            yield return JsonSerializer.Deserialize<Entry>(line, Strict) is { At: not null, Actor: not null, Action: not null, About: not null, Detail: not null, Alg: not null, Previous: not null, Hash: not null } entry
                ? entry : throw new JsonException(line);
    }
}
