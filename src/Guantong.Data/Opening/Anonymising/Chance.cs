using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Guantong.Data;

/// <summary>Draws that nobody can foresee, exact: by whole numbers alone.</summary>
/// <remarks>Noise made of floating numbers tells what it was added to by its last bits (Mironov 2012).</remarks>
internal sealed class Chance(Action<Span<byte>> fill)
{
    private readonly byte[] _bytes = new byte[4096];
    private int _used = 4096;

    /// <summary>From the system's secure source.</summary>
    public static Chance Secure() => new(RandomNumberGenerator.Fill);

    /// <summary>A whole number from 0 up to a bound, each alike.</summary>
    public long Below(long bound)
    {
        // What is above the last whole multiple is drawn anew: else small numbers would come more often.
        var last = ulong.MaxValue - ((ulong.MaxValue % (ulong)bound + 1) % (ulong)bound);
        ulong drawn;
        do
            drawn = Draw();
        while (drawn > last);
        return (long)(drawn % (ulong)bound);
    }

    /// <summary>True with the chance exp(−part / whole), for a part of the whole.</summary>
    /// <remarks>Canonne, Kamath and Steinke 2020, “The Discrete Gaussian for Differential Privacy”, algorithm 1.</remarks>
    public bool Exponential(long part, long whole)
    {
        long tries = 1;
        while (Below(whole) < part && Below(tries) == 0)
            tries++;
        return tries % 2 == 1;
    }

    private ulong Draw()
    {
        if (_used == _bytes.Length)
        {
            fill(_bytes);
            _used = 0;
        }
        _used += sizeof(ulong);
        return BinaryPrimitives.ReadUInt64LittleEndian(_bytes.AsSpan(_used - sizeof(ulong)));
    }
}

/// <summary>Whole-numbered noise: z comes with a chance proportional to exp(−|z| · ε / sensitivity) (the two-sided geometric distribution).</summary>
/// <remarks>Ghosh, Roughgarden and Sundararajan 2009; drawn as by Canonne, Kamath and Steinke 2020, algorithm 2.</remarks>
internal static class DiscreteLaplace
{
    /// <summary>A draw.</summary>
    /// <param name="numerator">Of ε / sensitivity.</param>
    /// <param name="denominator">Of ε / sensitivity.</param>
    public static long Draw(Chance chance, long numerator, long denominator)
    {
        while (true)
        {
            var part = chance.Below(denominator);
            if (!chance.Exponential(part, denominator))
                continue;
            long whole = 0;
            while (chance.Exponential(1, 1))
                whole++;
            var size = (part + (denominator * whole)) / numerator;
            var isNegative = chance.Below(2) == 1;
            // Nought has no sign: it would come twice as often.
            if (size == 0 && isNegative)
                continue;
            return isNegative ? -size : size;
        }
    }
}
