using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml;

namespace Guantong.Processes;

/// <summary>Within what time something is to be done, as a matter's <c>limit</c> or a task's <c>due</c> says it.</summary>
/// <param name="Months">Calendar months; a year is twelve.</param>
/// <param name="Days">Days, of the kind that <paramref name="IsWorking"/> says.</param>
/// <param name="Time">Hours and minutes.</param>
/// <param name="IsWorking">Working days or working time count alone (行政许可法 §82), not the calendar's.</param>
/// <remarks>Written as an ISO 8601 duration, with the word <c>working</c> behind it where that is meant: <c>P15D</c>, <c>PT2H</c>, <c>P10D working</c>, <c>PT8H working</c>.</remarks>
public sealed partial record TimeLimit(int Months, int Days, TimeSpan Time, bool IsWorking)
{
    /// <summary>What a limit looks like, over the whole text.</summary>
    public const string Pattern = @"(?=[^1-9]*[1-9])P(([0-9]{1,2}Y)?([0-9]{1,3}M)?([0-9]{1,4}D)?(T(?=[0-9])([0-9]{1,4}H)?([0-9]{1,4}M)?)?|([0-9]{1,4}D|T(?=[0-9])([0-9]{1,4}H)?([0-9]{1,4}M)?) working)";

    private const string Working = " working";

    /// <summary>Whether whole days are counted: then the day of the start is not one of them (民法典 §201), and the last ends with business (§203). Else time runs from the moment of the start.</summary>
    public bool CountsDays => Time == TimeSpan.Zero;

    /// <summary>Reads a limit; null where the text is none.</summary>
    public static TimeLimit? Read(string text)
    {
        if (!Whole().IsMatch(text))
            return null;
        var isWorking = text.EndsWith(Working, StringComparison.Ordinal);
        var parts = (isWorking ? text[..^Working.Length] : text)[1..].Split('T');
        var counts = Count().Matches(parts[0]).ToDictionary(m => m.Groups[2].Value, m => int.Parse(m.Groups[1].ValueSpan, CultureInfo.InvariantCulture));
        return new TimeLimit((counts.GetValueOrDefault("Y") * 12) + counts.GetValueOrDefault("M"), counts.GetValueOrDefault("D"), parts.Length > 1 ? XmlConvert.ToTimeSpan("PT" + parts[1]) : TimeSpan.Zero, isWorking);
    }

    /// <summary>Reads a limit that was checked.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static TimeLimit Of(string text) => Read(text) ?? throw new FormatException($"“{text}” is no time limit.");

    [GeneratedRegex($@"\A(?:{Pattern})\z", RegexOptions.CultureInvariant)]
    private static partial Regex Whole();

    [GeneratedRegex("([0-9]+)([YMD])")]
    private static partial Regex Count();
}
