using System.Security.Cryptography;

namespace Guantong.Trust;

/// <summary>The block cipher SM4 (GB/T 32907-2016; GM/T 0002-2012): keys and blocks of 16 bytes.</summary>
/// <remarks>Sealing is what is wanted nearly always. A nonce must never serve twice under one key.</remarks>
public static class Sm4
{
    /// <summary>Length of a key and of a block.</summary>
    public const int Size = 16;

    /// <summary>Length of the nonce of <see cref="Seal"/>.</summary>
    public const int NonceSize = 12;

    /// <summary>Length of the tag of <see cref="Seal"/>.</summary>
    public const int TagSize = 16;

    /// <summary>Encrypts and authenticates (GCM, NIST SP 800-38D; RFC 8998).</summary>
    /// <param name="nonce">12 bytes, new for each text under a key.</param>
    /// <param name="associated">Authenticated beside the text, not encrypted.</param>
    /// <returns>The cipher text with its tag of 16 bytes behind it.</returns>
    public static byte[] Seal(ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> text, ReadOnlySpan<byte> associated = default) =>
        Run(SmSuite.Current, Sm4Mode.Gcm, true, key, nonce, text, associated);

    /// <summary>Opens what <see cref="Seal"/> gave.</summary>
    /// <exception cref="CryptographicException">It was changed, or sealed under another key, nonce or associated text.</exception>
    public static byte[] Open(ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> sealedText, ReadOnlySpan<byte> associated = default) =>
        Run(SmSuite.Current, Sm4Mode.Gcm, false, key, nonce, sealedText, associated);

    /// <summary>Encrypts in CBC with PKCS#7 padding; nothing authenticates it.</summary>
    public static byte[] EncryptCbc(ReadOnlySpan<byte> key, ReadOnlySpan<byte> start, ReadOnlySpan<byte> text) => Run(SmSuite.Current, Sm4Mode.Cbc, true, key, start, text);

    /// <summary>Decrypts CBC.</summary>
    /// <exception cref="CryptographicException">The padding is not as it must be.</exception>
    public static byte[] DecryptCbc(ReadOnlySpan<byte> key, ReadOnlySpan<byte> start, ReadOnlySpan<byte> cipher) => Run(SmSuite.Current, Sm4Mode.Cbc, false, key, start, cipher);

    /// <summary>Encrypts or decrypts with a counter that starts at 16 bytes.</summary>
    public static byte[] Count(ReadOnlySpan<byte> key, ReadOnlySpan<byte> start, ReadOnlySpan<byte> text) => Run(SmSuite.Current, Sm4Mode.Ctr, true, key, start, text);

    /// <summary>Encrypts whole blocks each by itself, for test vectors and the wrapping of single blocks.</summary>
    public static byte[] EncryptBlocks(ReadOnlySpan<byte> key, ReadOnlySpan<byte> blocks) => Run(SmSuite.Current, Sm4Mode.Ecb, true, key, default, blocks);

    /// <summary>Decrypts whole blocks each by itself.</summary>
    public static byte[] DecryptBlocks(ReadOnlySpan<byte> key, ReadOnlySpan<byte> blocks) => Run(SmSuite.Current, Sm4Mode.Ecb, false, key, default, blocks);

    internal static byte[] Run(SmSuite suite, Sm4Mode mode, bool encrypts, ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> text, ReadOnlySpan<byte> associated = default)
    {
        if (key.Length != Size)
            throw new CryptographicException($"An SM4 key has {Size} bytes, not {key.Length}.");
        var wanted = mode switch { Sm4Mode.Ecb => 0, Sm4Mode.Gcm => NonceSize, _ => Size };
        if (nonce.Length != wanted)
            throw new CryptographicException($"SM4 in {mode} starts with {wanted} bytes, not {nonce.Length}.");
        if (mode == Sm4Mode.Ecb && text.Length % Size != 0)
            throw new CryptographicException($"SM4 in {mode} takes whole blocks of {Size} bytes, not {text.Length} bytes.");
        return suite.Sm4(mode, encrypts, key, nonce, text, associated) ?? throw new CryptographicException("The text was changed, or this is not its key.");
    }
}
