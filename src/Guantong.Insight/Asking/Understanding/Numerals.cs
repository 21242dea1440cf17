using System.Globalization;

namespace Guantong.Insight;

/// <summary>Numbers as questions write them: 12, 十二, 二〇二四.</summary>
internal static class Numerals
{
    /// <summary>A number of up to four places, as a pattern.</summary>
    public const string Pattern = "(?:[0-9]{1,4}|[〇零一二两三四五六七八九十百]{1,5})";

    private const string Digits = "零一二三四五六七八九";

    /// <summary>Its value; null where it is none that anybody writes.</summary>
    public static int? Read(string text)
    {
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            return number;
        if (!text.Contains('十', StringComparison.Ordinal) && !text.Contains('百', StringComparison.Ordinal))
            return text.Length is > 0 and <= 4 && text.All(c => Digit(c) >= 0) ? text.Aggregate(0, (n, c) => n * 10 + Digit(c)) : null;
        var (sum, last) = (0, -1);
        foreach (var c in text)
        {
            if (c is '十' or '百')
            {
                sum += (last < 0 ? 1 : last) * (c == '十' ? 10 : 100);
                last = -1;
            }
            else if (last > 0 || Digit(c) is var digit && digit < 0)
                return null;
            else
                last = Digit(c);
        }
        return sum + Math.Max(0, last);
    }

    private static int Digit(char c) => c switch { '〇' => 0, '两' => 2, _ => Digits.IndexOf(c, StringComparison.Ordinal) };
}
