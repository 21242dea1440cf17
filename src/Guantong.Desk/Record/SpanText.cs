using Guantong.Desk.Frame;
using Guantong.Trust;

namespace Guantong.Desk.Record;

/// <summary>How long something took, as people say it.</summary>
internal static class SpanText
{
    /// <summary>In the unit in which it is a handy number.</summary>
    public static string Of(Reader reader, TimeSpan span) => span switch
    {
        { TotalSeconds: < 100 } => reader.Say("span.seconds", Wording.Number(Math.Round(span.TotalSeconds))),
        { TotalMinutes: < 100 } => reader.Say("span.minutes", Wording.Number(Math.Round(span.TotalMinutes))),
        { TotalHours: < 48 } => reader.Say("span.hours", Wording.Number(span.TotalHours)),
        _ => reader.Say("span.days", Wording.Number(span.TotalDays)),
    };
}
