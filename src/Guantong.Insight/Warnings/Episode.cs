using Guantong.Packs;

namespace Guantong.Insight;

/// <summary>One day of an episode: its figure and the level that it reaches.</summary>
public sealed record EpisodeDay(DateOnly Day, double Value, string Level);

/// <summary>A run of consecutive days on which an indicator stood at a warning level in a region.</summary>
/// <param name="HighIsGrave">Whether a higher figure is the graver one.</param>
public sealed record Episode(string Region, IReadOnlyList<EpisodeDay> Days, bool HighIsGrave)
{
    /// <summary>The first day.</summary>
    public DateOnly First => Days[0].Day;

    /// <summary>The last day.</summary>
    public DateOnly Last => Days[^1].Day;

    /// <summary>The gravest day: of the gravest level, the most extreme figure.</summary>
    public EpisodeDay Peak => Days.OrderByDescending(d => Rank(d.Level)).ThenBy(d => HighIsGrave ? -d.Value : d.Value).First();

    /// <summary>How grave a level is: blue 0 … red 3; −1 for none.</summary>
    public static int Rank(string? level) => Array.IndexOf(Warn.Order, level);

    /// <summary>Cuts a region's days into episodes; a day without a figure, or below every level, ends one.</summary>
    public static IReadOnlyList<Episode> Cut(string region, IEnumerable<(DateOnly Day, double Value)> figures, Warn warn)
    {
        var high = warn.Levels.All(l => l.When.Operator.StartsWith('>'));
        var episodes = new List<Episode>();
        var running = new List<EpisodeDay>();
        foreach (var (day, value) in figures.OrderBy(f => f.Day))
        {
            var level = warn.LevelOf((decimal)value);
            if (running.Count > 0 && (level is null || running[^1].Day.AddDays(1) != day))
            {
                episodes.Add(new Episode(region, [.. running], high));
                running.Clear();
            }
            if (level is not null)
                running.Add(new EpisodeDay(day, value, level));
        }
        if (running.Count > 0)
            episodes.Add(new Episode(region, [.. running], high));
        return episodes;
    }
}
