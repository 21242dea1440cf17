using System.Globalization;

namespace Guantong.Trust;

/// <summary>Shows so much of a personal value that it can be told apart in a conversation, and no more.</summary>
/// <remarks>The forms that GB/T 37964-2019 annex A.3 gives for concealing (掩码): the same value always has the same mask, and a mask never tells how long what it hides is, but for identity and phone numbers, whose length everybody knows.</remarks>
public static class Mask
{
    /// <summary>What stands for a value of which nothing is shown.</summary>
    public const string All = "•••";

    /// <summary>Masks a value.</summary>
    /// <param name="personal">What kind of personal data it is, as a pack's <c>personal:</c> says; null or a kind without a form of its own shows nothing.</param>
    /// <param name="value">The value; null stays null.</param>
    public static string? Of(string? personal, string? value) => value is null or "" ? value : personal switch
    {
        "identity" => Identity(value),
        "name" => First(value, 1) + "**",
        "contact" => Contact(value),
        "address" => Address(value),
        _ => All,
    };

    // Province and city of an identity number, and nothing of birth and order; of other numbers the first two.
    private static string Identity(string value) => value.Length is 18 or 15 ? value[..4] + new string('*', value.Length - 4) : First(value, 2) + "****";

    private static string Contact(string value)
    {
        if (value.IndexOf('@', StringComparison.Ordinal) is > 0 and var at)
            return First(value, 1) + "***" + value[at..];
        var digits = value.Count(char.IsAsciiDigit);
        return value.Length == 11 && digits == 11 ? $"{value[..3]}****{value[7..]}" : digits >= 7 ? First(value, 3) + "****" : All;
    }

    // As far as the county; who lives there lies behind it.
    private static string Address(string value)
    {
        var end = value.IndexOfAny(['县', '区', '旗']);
        if (end < 0)
            end = value.IndexOf('市', StringComparison.Ordinal);
        return end > 0 ? value[..(end + 1)] + "***" : All;
    }

    // By what a reader takes for a character.
    private static string First(string value, int count)
    {
        var walk = StringInfo.GetTextElementEnumerator(value);
        var taken = "";
        while (count-- > 0 && walk.MoveNext())
            taken += walk.GetTextElement();
        return taken;
    }
}
