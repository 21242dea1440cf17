using System.Runtime.InteropServices;

namespace Guantong.Data;

/// <summary>Numbers things that agree in several columns of codes alike, from 0 on in the order of their first.</summary>
internal static class RowGroups
{
    /// <summary>Each thing's number.</summary>
    /// <param name="count">How many things.</param>
    /// <param name="columns">How many columns.</param>
    /// <param name="size">How many codes a column has.</param>
    /// <param name="code">The code of a thing in a column.</param>
    /// <param name="groups">How many numbers were given.</param>
    public static int[] Of(int count, int columns, Func<int, int> size, Func<int, int, int> code, out int groups)
    {
        var keys = new long[count];
        var numbers = new int[count];
        long room = 1;
        groups = count > 0 ? 1 : 0;
        for (var column = 0; column < columns; column++)
        {
            // Codes are set side by side in one number for as long as they have room; then they are numbered and go on.
            if (room > long.MaxValue / Math.Max(1, size(column)) / 2)
            {
                groups = Number(keys, numbers);
                for (var i = 0; i < count; i++)
                    keys[i] = numbers[i];
                room = Math.Max(1, groups);
            }
            var width = Math.Max(1, size(column));
            for (var i = 0; i < count; i++)
                keys[i] = (keys[i] * width) + code(i, column);
            room *= width;
        }
        groups = Number(keys, numbers);
        return numbers;
    }

    private static int Number(long[] keys, int[] numbers)
    {
        var known = new Dictionary<long, int>();
        for (var i = 0; i < keys.Length; i++)
        {
            ref var number = ref CollectionsMarshal.GetValueRefOrAddDefault(known, keys[i], out var isKnown);
            if (!isKnown)
                number = known.Count - 1;
            numbers[i] = number;
        }
        return known.Count;
    }
}
