namespace Guantong.Trust;

/// <summary>An official's post: in which unit, with which roles, from when to when.</summary>
/// <param name="Kind">main, concurrent (兼任), seconded (借调) or acting (代理).</param>
/// <param name="From">First day, ISO 8601.</param>
/// <param name="To">Last day, or null while it is open.</param>
/// <param name="Ended">When it was taken away before its time.</param>
public sealed record Post(string Id, string Login, string Unit, string Title, IReadOnlyList<string> Roles, string Kind, string From, string? To, string? Ended)
{
    /// <summary>When somebody last confirmed that its roles are needed (ISO 8601).</summary>
    public string? Confirmed { get; init; }

    /// <summary>The kinds of post, the one that counts without a choice first.</summary>
    public static readonly IReadOnlyList<string> Kinds = ["main", "concurrent", "seconded", "acting"];

    /// <summary>Whether it is over, or was taken away.</summary>
    public bool IsOverOn(DateOnly day) => Ended is not null || !Days.Holds("", To, day);

    /// <summary>Whether it is held on a day of the jurisdiction.</summary>
    public bool StandsOn(DateOnly day) => Ended is null && Days.Holds(From, To, day);
}

/// <summary>Days written as yyyy-MM-dd, both ends included.</summary>
internal static class Days
{
    public static bool Holds(string from, string? to, DateOnly day)
    {
        var text = day.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
        return string.CompareOrdinal(from, text) <= 0 && (to is null || string.CompareOrdinal(text, to) <= 0);
    }

    public static bool Is(string? text) => DateOnly.TryParseExact(text, "yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture, System.Globalization.DateTimeStyles.None, out _);
}
