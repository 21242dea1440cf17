namespace Guantong.Trust;

/// <summary>The national algorithms as one library gives them. <see cref="Sm2"/>, <see cref="Sm3"/> and <see cref="Sm4"/> are the face of the one in use.</summary>
internal abstract class SmSuite
{
    /// <summary>OpenSSL where its library is on this machine, Bouncy Castle otherwise: chosen once.</summary>
    public static SmSuite Current { get; } = OpenSsl.Suite ?? Bouncy.Suite;

    /// <summary>Those that this machine has.</summary>
    public static IReadOnlyList<SmSuite> All { get; } = OpenSsl.Suite is { } native ? [native, Bouncy.Suite] : [Bouncy.Suite];

    /// <summary>What to call it to an operator.</summary>
    public abstract string Name { get; }

    /// <summary>Hashes a whole text.</summary>
    /// <param name="digest">32 bytes to fill.</param>
    public abstract void Sm3(ReadOnlySpan<byte> data, Span<byte> digest);

    /// <summary>Begins a hash that is fed piece by piece.</summary>
    public abstract Sm3Stream Sm3Begin();

    /// <summary>Ciphers; <paramref name="mode"/> says how.</summary>
    /// <returns>The other text; null when a padding or a tag is not as it must be.</returns>
    public abstract byte[]? Sm4(Sm4Mode mode, bool encrypts, ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> text, ReadOnlySpan<byte> associated = default);

    /// <summary>Signs; gives r and s, 32 bytes each.</summary>
    public abstract byte[] Sm2Sign(Sm2Key key, ReadOnlySpan<byte> id, ReadOnlySpan<byte> data);

    /// <summary>Whether r and s are the key's owner's over these data.</summary>
    public abstract bool Sm2Verify(Sm2PublicKey key, ReadOnlySpan<byte> id, ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature);

    /// <summary>Encrypts to C1‖C3‖C2.</summary>
    public abstract byte[] Sm2Encrypt(Sm2PublicKey key, ReadOnlySpan<byte> text);

    /// <summary>Decrypts C1‖C3‖C2; null when it was not made with this key.</summary>
    public abstract byte[]? Sm2Decrypt(Sm2Key key, ReadOnlySpan<byte> cipher);

    /// <inheritdoc/>
    public override string ToString() => Name;
}

/// <summary>How SM4 goes from block to block.</summary>
internal enum Sm4Mode
{
    /// <summary>Each block by itself, unpadded.</summary>
    Ecb,

    /// <summary>Chained, with a nonce of 16 bytes and PKCS#7 padding.</summary>
    Cbc,

    /// <summary>A counter that starts at 16 bytes.</summary>
    Ctr,

    /// <summary>A counter with a nonce of 12 bytes, and a tag of 16 bytes behind the cipher text.</summary>
    Gcm,
}
