using System.Security.Cryptography;
using System.Text;

namespace Guantong.Trust;

/// <summary>How a data key seals and finds: a cipher that authenticates, and a keyed hash.</summary>
/// <remarks>SM4-GCM with HMAC-SM3 (RFC 8998; GM/T 0042), AES-256-GCM with HMAC-SHA256 (NIST SP 800-38D; RFC 2104).</remarks>
public sealed class Suite
{
    internal const int NonceSize = 12;
    private const int TagSize = 16;

    private readonly int _keySize;
    private readonly bool _isNational;

    private Suite(string name, int keySize, bool isNational) => (Name, _keySize, _isNational) = (name, keySize, isNational);

    /// <summary>The national one.</summary>
    public static Suite Sm4Gcm { get; } = new("sm4-gcm", Sm4.Size, true);

    /// <summary>The international one.</summary>
    public static Suite Aes256Gcm { get; } = new("aes-256-gcm", 32, false);

    /// <summary>Those that a setting may name.</summary>
    public static IReadOnlyList<Suite> All { get; } = [Sm4Gcm, Aes256Gcm];

    /// <summary>What settings and rows call it.</summary>
    public string Name { get; }

    /// <summary>One by its name.</summary>
    /// <exception cref="ConfigurationException">There is none of that name.</exception>
    public static Suite Named(string name) => All.FirstOrDefault(s => s.Name == name)
        ?? throw new ConfigurationException($"{name} is no cipher suite; use {string.Join(" or ", All.Select(s => s.Name))}");

    /// <summary>A key for one use, made of a secret: what is learnt of the one tells nothing of another (NIST SP 800-108 §4.1, one round).</summary>
    internal byte[] Derive(ReadOnlySpan<byte> secret, string use) => Hash(secret, Encoding.UTF8.GetBytes("guantong 1 " + use));

    /// <summary>Seals under a fresh random nonce, which goes in front.</summary>
    /// <param name="key">As <see cref="Derive"/> gives it.</param>
    internal byte[] Seal(ReadOnlySpan<byte> key, ReadOnlySpan<byte> text, ReadOnlySpan<byte> associated) => Seal(key, text, associated, RandomNumberGenerator.GetBytes(NonceSize));

    /// <summary>Seals under a nonce that the caller answers for, which goes in front.</summary>
    internal byte[] Seal(ReadOnlySpan<byte> key, ReadOnlySpan<byte> text, ReadOnlySpan<byte> associated, ReadOnlySpan<byte> nonce)
    {
        var output = new byte[NonceSize + text.Length + TagSize];
        nonce.CopyTo(output);
        if (_isNational)
        {
            Sm4.Seal(key[.._keySize], nonce, text, associated).CopyTo(output, NonceSize);
            return output;
        }
        using var aes = new AesGcm(key[.._keySize], TagSize);
        aes.Encrypt(nonce, text, output.AsSpan(NonceSize, text.Length), output.AsSpan(NonceSize + text.Length), associated);
        return output;
    }

    /// <summary>Opens what sealing gave.</summary>
    /// <exception cref="CryptographicException">It was changed, or sealed under another key or beside another text.</exception>
    internal byte[] Open(ReadOnlySpan<byte> key, ReadOnlySpan<byte> sealedText, ReadOnlySpan<byte> associated)
    {
        if (sealedText.Length < NonceSize + TagSize)
            throw new CryptographicException("The text is cut off.");
        var nonce = sealedText[..NonceSize];
        var body = sealedText[NonceSize..];
        if (_isNational)
            return Sm4.Open(key[.._keySize], nonce, body, associated);
        var text = new byte[body.Length - TagSize];
        using var aes = new AesGcm(key[.._keySize], TagSize);
        aes.Decrypt(nonce, body[..^TagSize], body[^TagSize..], text, associated);
        return text;
    }

    /// <summary>Keyed hash, 32 bytes.</summary>
    internal byte[] Hash(ReadOnlySpan<byte> key, ReadOnlySpan<byte> data) => _isNational ? Sm3.Hmac(key, data) : HMACSHA256.HashData(key, data);

    /// <inheritdoc/>
    public override string ToString() => Name;
}
