using System.Xml;
using Guantong.Packs;

namespace Guantong.Data;

/// <summary>How long a unit has to mend a fault.</summary>
internal static class Deadlines
{
    private static readonly TimeSpan Vital = TimeSpan.FromHours(4);
    private static readonly TimeSpan Error = TimeSpan.FromDays(3);
    private static readonly TimeSpan Warning = TimeSpan.FromDays(10);
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    /// <summary>What the dataset declares for the grade, else four hours for rows of a vital dataset that stay away, three days for an error, ten for a warning.</summary>
    public static TimeSpan Of(Dataset? dataset, string grade, bool isUrgent) =>
        dataset?.Mend.GetValueOrDefault(grade) is { } declared ? XmlConvert.ToTimeSpan(declared) : isUrgent ? Vital : grade == "error" ? Error : Warning;

    /// <summary>From when on a light is yellow: the last quarter of the time, but no more than a day.</summary>
    public static DateTimeOffset Near(DateTimeOffset due, TimeSpan time) => due - (time / 4 < Day ? time / 4 : Day);
}
