using Guantong.Packs;

namespace Guantong.Insight;

/// <summary>One period of an episode at a warning level: its figure, the gravest level that it reaches, and why.</summary>
/// <param name="Day">The period's first day.</param>
public sealed record EpisodeDay(DateOnly Day, double Value, string Level)
{
    /// <summary>Why, fixed levels first.</summary>
    public IReadOnlyList<Cause> Causes { get; init; } = [];
}

/// <summary>Periods in which an indicator stood at warning levels in a region, without an end between them.</summary>
/// <param name="Days">The periods at a level, in the order of time.</param>
/// <param name="HighIsGrave">Whether a higher figure is the graver one.</param>
public sealed record Episode(string Region, IReadOnlyList<EpisodeDay> Days, bool HighIsGrave)
{
    /// <summary>The first day.</summary>
    public DateOnly First => Days[0].Day;

    /// <summary>The first day of the last period at a level.</summary>
    public DateOnly Last => Days[^1].Day;

    /// <summary>The period with which it was normal again (green); null while it runs.</summary>
    public DateOnly? Ended { get; init; }

    /// <summary>The gravest day: of the gravest level, the most extreme figure.</summary>
    public EpisodeDay Peak => Days.OrderByDescending(d => Rank(d.Level)).ThenBy(d => HighIsGrave ? -d.Value : d.Value).First();

    /// <summary>What warned: signals, triggers and <c>levels</c>, by id.</summary>
    public IReadOnlyList<string> Signals => [.. Days.SelectMany(d => d.Causes).Select(r => r.Signal).Distinct().Order(StringComparer.Ordinal)];

    /// <summary>How grave a level is: blue 0 … red 3; −1 for none.</summary>
    public static int Rank(string? level) => Array.IndexOf(Warn.Order, level);

    /// <summary>Cuts a region's periods at a level into episodes.</summary>
    /// <param name="grave">Those at a level.</param>
    /// <param name="latest">The latest period with a figure.</param>
    /// <remarks>
    /// An episode ends with the last of so many periods in a row (<see cref="Warn.Keep"/>) that are below every level or without a figure.
    /// What crosses again within the quiet time after that belongs to it all the same.
    /// </remarks>
    public static IReadOnlyList<Episode> Cut(string region, IEnumerable<EpisodeDay> grave, DateOnly latest, Warn warn, bool highIsGrave)
    {
        var episodes = new List<Episode>();
        var running = new List<EpisodeDay>();
        void Close()
        {
            var end = End(running[^1].Day, warn);
            episodes.Add(new Episode(region, [.. running], highIsGrave) { Ended = latest >= end ? end : null });
            running.Clear();
        }
        foreach (var day in grave.OrderBy(d => d.Day))
        {
            if (running.Count > 0 && !Belongs(running[^1].Day, day.Day, warn))
                Close();
            running.Add(day);
        }
        if (running.Count > 0)
            Close();
        return episodes;
    }

    private static DateOnly End(DateOnly last, Warn warn) => PeriodSteps.Later(warn.Period, last, warn.Keep);

    private static bool Belongs(DateOnly last, DateOnly next, Warn warn) =>
        PeriodSteps.Number(warn.Period, next) - PeriodSteps.Number(warn.Period, last) - 1 < warn.Keep
        || (warn.Quiet is { } quiet && next.DayNumber <= End(last, warn).DayNumber + System.Xml.XmlConvert.ToTimeSpan(quiet).TotalDays);
}
