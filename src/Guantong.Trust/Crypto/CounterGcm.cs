using System.Buffers.Binary;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using System.Security.Cryptography;

namespace Guantong.Trust;

/// <summary>GCM made of a library's counter mode and the hash GHASH (NIST SP 800-38D §6.4, §7), for libraries that have no GCM of their own.</summary>
internal static class CounterGcm
{
    /// <summary>Seals or opens; null when the tag does not fit.</summary>
    public static byte[]? Run(SmSuite suite, bool encrypts, ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> text, ReadOnlySpan<byte> associated)
    {
        if (!encrypts && text.Length < Sm4.TagSize)
            return null;
        Span<byte> counter = stackalloc byte[16];
        counter.Clear();
        var subkey = suite.Sm4(Sm4Mode.Ecb, true, key, default, counter)!;
        nonce.CopyTo(counter);
        counter[15] = 1;
        var mask = suite.Sm4(Sm4Mode.Ecb, true, key, default, counter)!;
        counter[15] = 2;
        var body = encrypts ? text : text[..^Sm4.TagSize];
        if (!encrypts)
        {
            Span<byte> expected = stackalloc byte[16];
            Tag(subkey, associated, body, mask, expected);
            if (!CryptographicOperations.FixedTimeEquals(expected, text[^Sm4.TagSize..]))
                return null;
            return suite.Sm4(Sm4Mode.Ctr, true, key, counter, body);
        }
        var cipher = suite.Sm4(Sm4Mode.Ctr, true, key, counter, body)!;
        var output = new byte[cipher.Length + Sm4.TagSize];
        cipher.CopyTo(output, 0);
        Tag(subkey, associated, cipher, mask, output.AsSpan(cipher.Length));
        return output;
    }

    private static void Tag(ReadOnlySpan<byte> subkey, ReadOnlySpan<byte> associated, ReadOnlySpan<byte> cipher, ReadOnlySpan<byte> mask, Span<byte> tag)
    {
        Span<byte> lengths = stackalloc byte[16];
        BinaryPrimitives.WriteUInt64BigEndian(lengths, (ulong)associated.Length * 8);
        BinaryPrimitives.WriteUInt64BigEndian(lengths[8..], (ulong)cipher.Length * 8);
        var h = BinaryPrimitives.ReadUInt128BigEndian(subkey);
        var sum = Absorb(Absorb(Absorb(0, h, associated), h, cipher), h, lengths);
        BinaryPrimitives.WriteUInt128BigEndian(tag, sum ^ BinaryPrimitives.ReadUInt128BigEndian(mask));
    }

    private static UInt128 Absorb(UInt128 sum, UInt128 h, ReadOnlySpan<byte> data)
    {
        for (; data.Length >= 16; data = data[16..])
            sum = Multiply(sum ^ BinaryPrimitives.ReadUInt128BigEndian(data), h);
        if (data.IsEmpty)
            return sum;
        Span<byte> last = stackalloc byte[16];
        last.Clear();
        data.CopyTo(last);
        return Multiply(sum ^ BinaryPrimitives.ReadUInt128BigEndian(last), h);
    }

    /// <summary>The product in GF(2^128), whose bits GCM writes the other way round.</summary>
    internal static UInt128 Multiply(UInt128 a, UInt128 b) => Pclmulqdq.IsSupported ? MultiplyCarryless(a, b) : MultiplyBitwise(a, b);

    // SP 800-38D §6.3, in constant time.
    internal static UInt128 MultiplyBitwise(UInt128 a, UInt128 b)
    {
        UInt128 product = 0;
        var reduction = (UInt128)0xe1 << 120;
        for (var i = 127; i >= 0; i--)
        {
            product ^= b & (0 - (a >> i & 1));
            b = b >> 1 ^ (reduction & (0 - (b & 1)));
        }
        return product;
    }

    // Gueron and Kounavis, "Intel Carry-Less Multiplication Instruction and its Usage for Computing the GCM Mode", algorithms 1 and 5.
    private static UInt128 MultiplyCarryless(UInt128 a, UInt128 b)
    {
        var (x, y) = (Vector128.Create((ulong)a, (ulong)(a >> 64)), Vector128.Create((ulong)b, (ulong)(b >> 64)));
        var low = Pclmulqdq.CarrylessMultiply(x, y, 0x00);
        var high = Pclmulqdq.CarrylessMultiply(x, y, 0x11);
        var middle = Pclmulqdq.CarrylessMultiply(x, y, 0x10) ^ Pclmulqdq.CarrylessMultiply(x, y, 0x01);
        low ^= Sse2.ShiftLeftLogical128BitLane(middle, 8);
        high ^= Sse2.ShiftRightLogical128BitLane(middle, 8);
        var (l, h) = (new UInt128(low[1], low[0]), new UInt128(high[1], high[0]));
        // The bits stand reversed: the product comes out one place too low.
        (h, l) = (h << 1 | l >> 127, l << 1);
        l ^= l << 127 ^ l << 126 ^ l << 121;
        return h ^ l ^ l >> 1 ^ l >> 2 ^ l >> 7;
    }
}
