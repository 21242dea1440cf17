using System.Security.Cryptography;

namespace Guantong.Trust;

/// <summary>The hash SM3 (GB/T 32905-2016; GM/T 0004-2012): 32 bytes of any text.</summary>
public static class Sm3
{
    /// <summary>Length of a hash in bytes.</summary>
    public const int Size = 32;

    private const int Block = 64;

    /// <summary>Hashes a whole text.</summary>
    public static byte[] Hash(ReadOnlySpan<byte> data)
    {
        var digest = new byte[Size];
        Hash(data, digest);
        return digest;
    }

    /// <summary>Hashes a whole text into <paramref name="digest"/>, 32 bytes.</summary>
    public static void Hash(ReadOnlySpan<byte> data, Span<byte> digest) => SmSuite.Current.Sm3(data, digest);

    /// <summary>Begins a hash that is fed piece by piece.</summary>
    public static Sm3Stream Begin() => SmSuite.Current.Sm3Begin();

    /// <summary>Keyed hash (HMAC, RFC 2104, with SM3; GM/T 0042).</summary>
    public static byte[] Hmac(ReadOnlySpan<byte> key, ReadOnlySpan<byte> data) => Hmac(SmSuite.Current, key, data);

    internal static byte[] Hmac(SmSuite suite, ReadOnlySpan<byte> key, ReadOnlySpan<byte> data)
    {
        Span<byte> pad = stackalloc byte[Block];
        pad.Clear();
        if (key.Length > Block)
            suite.Sm3(key, pad[..Size]);
        else
            key.CopyTo(pad);
        for (var i = 0; i < Block; i++)
            pad[i] ^= 0x36;
        using var hash = suite.Sm3Begin();
        hash.Append(pad);
        hash.Append(data);
        var digest = new byte[Size];
        hash.Finish(digest);
        for (var i = 0; i < Block; i++)
            pad[i] ^= 0x36 ^ 0x5c;
        hash.Append(pad);
        hash.Append(digest);
        hash.Finish(digest);
        CryptographicOperations.ZeroMemory(pad);
        return digest;
    }
}

/// <summary>An SM3 hash under way. One thread at a time.</summary>
public abstract class Sm3Stream : IDisposable
{
    /// <summary>Takes the next piece.</summary>
    public abstract void Append(ReadOnlySpan<byte> data);

    /// <summary>Gives the hash, 32 bytes, and begins afresh.</summary>
    public abstract void Finish(Span<byte> digest);

    /// <inheritdoc/>
    public virtual void Dispose() => GC.SuppressFinalize(this);
}
