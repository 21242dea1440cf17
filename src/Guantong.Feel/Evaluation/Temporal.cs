using System.Globalization;
using System.Xml;

namespace Guantong.Feel.Evaluation;

/// <summary>Dates, times and durations from text (DMN 1.5, 10.3.4.1; ISO 8601).</summary>
internal static class Temporal
{
    public static object? Any(string text) => Date(text) ?? DateTime(text) ?? Time(text) ?? Duration(text);

    public static object? Date(string text) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var d) ? d : null;

    public static object? Time(string text) =>
        TimeOnly.TryParseExact(text.TrimEnd('Z'), ["HH:mm:ss", "HH:mm:ss.FFFFFFF"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var t) ? t : null;

    public static object? DateTime(string text) =>
        text.Contains('T', StringComparison.Ordinal) && DateTimeOffset.TryParseExact(text,
            ["yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd'T'HH:mm:ss", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF"],
            CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var t) ? t : null;

    public static object? Duration(string text)
    {
        var body = text.TrimStart('-');
        if (!body.StartsWith('P') || body.Length < 3)
            return null;
        try
        {
            if (body.IndexOfAny(['D', 'T']) >= 0)
                return body.IndexOfAny(['Y']) >= 0 ? null : XmlConvert.ToTimeSpan(text);
            var (years, months) = (0, 0);
            var rest = body[1..];
            if (rest.IndexOf('Y', StringComparison.Ordinal) is var y and >= 0)
                (years, rest) = (int.Parse(rest[..y], NumberStyles.None, CultureInfo.InvariantCulture), rest[(y + 1)..]);
            if (rest.IndexOf('M', StringComparison.Ordinal) is var m and >= 0)
                (months, rest) = (int.Parse(rest[..m], NumberStyles.None, CultureInfo.InvariantCulture), rest[(m + 1)..]);
            var total = checked(years * 12 + months);
            return rest.Length > 0 ? null : new YearsMonths(text[0] == '-' ? -total : total);
        }
        catch (Exception e) when (e is FormatException or OverflowException)
        {
            return null;
        }
    }
}
