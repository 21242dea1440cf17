using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.Pkcs;
using System.Text;

namespace Guantong.Trust;

/// <summary>A signed word on the ledger at one moment: so many entries, with this root. Whoever holds one finds out if any of them is changed or taken away.</summary>
/// <param name="Size">Entries that it covers, from the first.</param>
/// <param name="Root">Root of their tree, in hex.</param>
/// <param name="At">When it was signed, by the platform's clock.</param>
/// <param name="Key">Id of the SM2 key that signed.</param>
/// <param name="Signature">SM2 over <see cref="Body"/>, DER in base64.</param>
/// <param name="Token">A time-stamp authority's token over the signature (RFC 3161), DER in base64; null without an authority.</param>
public sealed record Checkpoint(long Size, string Root, string At, string Key, string Signature, string? Token)
{
    internal const string Columns = "size, root, at, key, signature, token";

    /// <summary>What is signed: a line each, as docs/ledger.md says.</summary>
    public byte[] Body() => Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"guantong ledger checkpoint 1\nsize {Size}\nroot {Root}\nat {At}\nkey {Key}\n"));

    /// <summary>Signs the word.</summary>
    public static Checkpoint Sign(long size, ReadOnlySpan<byte> root, DateTimeOffset at, Sm2Key key)
    {
        var word = new Checkpoint(size, Convert.ToHexStringLower(root), Time.Write(at), key.Public.Id, "", null);
        return word with { Signature = Convert.ToBase64String(Sm2.Sign(key, word.Body())) };
    }

    /// <summary>Whether the key signed just this.</summary>
    public bool IsSignedBy(Sm2PublicKey key) => key.Id == Key && Bytes(Signature) is { } signature && Sm2.Verify(key, Body(), signature);

    /// <summary>When the authority saw the signature; null when the token is not a sound one over it. Whether to trust the authority is for the reader.</summary>
    public DateTimeOffset? StampedAt() =>
        Token is not null && Bytes(Token) is { } token && Bytes(Signature) is { } signature && Rfc3161TimestampToken.TryDecode(token, out var decoded, out var read) && read == token.Length
            && decoded.VerifySignatureForData(signature, out _) ? decoded.TokenInfo.Timestamp : null;

    // What is not base64, written the one way it can be, is no signature.
    private static byte[]? Bytes(string base64)
    {
        var bytes = new byte[base64.Length];
        return Convert.TryFromBase64String(base64, bytes, out var length) && Convert.ToBase64String(bytes, 0, length) == base64 ? bytes[..length] : null;
    }
}
