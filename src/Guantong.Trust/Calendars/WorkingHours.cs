using System.Globalization;

namespace Guantong.Trust;

/// <summary>Between which times of a working day business is done, by the jurisdiction's clock; in order, none over midnight.</summary>
public sealed record WorkingHours(IReadOnlyList<(TimeOnly From, TimeOnly To)> Spans)
{
    /// <summary>When business begins.</summary>
    public TimeOnly Opens => Spans[0].From;

    /// <summary>When business stops: a term by days ends then (民法典 §203).</summary>
    public TimeOnly Closes => Spans[^1].To;

    /// <summary>How much of a day is worked.</summary>
    public TimeSpan Length { get; } = Spans.Aggregate(TimeSpan.Zero, (sum, s) => sum + (s.To - s.From));

    /// <summary>Reads spans such as <c>08:30-12:00</c>; null where one is none, or they are not in order.</summary>
    public static WorkingHours? Read(IReadOnlyList<string> spans)
    {
        var read = new List<(TimeOnly From, TimeOnly To)>();
        foreach (var span in spans)
        {
            if (span.Split('-') is not [var from, var to] || !Clock(from, out var opens) || !Clock(to, out var closes) || closes <= opens || (read.Count > 0 && opens < read[^1].To))
                return null;
            read.Add((opens, closes));
        }
        return read.Count == 0 ? null : new WorkingHours(read);
    }

    private static bool Clock(string text, out TimeOnly time) => TimeOnly.TryParseExact(text, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out time);
}
