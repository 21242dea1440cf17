using Guantong.Data;
using Guantong.Packs;
using Guantong.Packs.Checking;
using Guantong.Packs.Reading;
using Guantong.Trust;

namespace Guantong.Insight;

/// <summary>A warning that would have fired.</summary>
/// <param name="Why">Why it would have been at its gravest.</param>
public sealed record ReplayedWarning(string Region, string FirstDay, string LastDay, string? EndedOn, string Level, double Value, IReadOnlyList<string> Signals, IReadOnlyList<Cause> Why);

/// <summary>What a declaration would have made of past figures.</summary>
/// <param name="Figures">How many figures of the regions that it watches were looked at.</param>
/// <param name="ByLevel">How many warnings of each level.</param>
/// <param name="Measures">How they would have done against the events that are recorded: all together first, then signal by signal; without precision.</param>
public sealed record Replayed(int Figures, IReadOnlyDictionary<string, int> ByLevel, IReadOnlyList<ReplayedWarning> Warnings, IReadOnlyList<WarningMeasure> Measures);

/// <summary>Runs a declaration over past figures without firing anything (回测), so that thresholds can be tuned.</summary>
public sealed class WarningReplay(Figures figures, Foresight foresight, WarningVerdicts verdicts, Jurisdiction land)
{
    /// <summary>The most characters of a declaration.</summary>
    public const int Longest = 10_000;

    /// <summary>Replays.</summary>
    /// <param name="declaration">What would stand under <c>warn</c>, in YAML; null or empty for what is declared.</param>
    /// <param name="region">Of this region and those below it; null for all.</param>
    /// <returns>Null where the declaration is not sound; then there are findings.</returns>
    public async Task<(Replayed? Replayed, IReadOnlyList<Finding> Findings)> RunAsync(Pack pack, Indicator indicator, string? declaration, string? region = null, DateOnly? from = null, DateOnly? to = null, CancellationToken cancel = default)
    {
        var (warn, findings) = string.IsNullOrWhiteSpace(declaration) ? (indicator.Warn, []) : WarnReader.Read(declaration);
        if (warn is not null)
            findings = WarnProof.OfTried(indicator, warn);
        if (warn is null || findings.Any(f => f.Severity == Severity.Error))
            return (null, findings);
        var watched = foresight.Of(pack, indicator, warn, WatchedRegions.Of(figures.Of(pack, indicator, warn.Period), land), keep: false);
        // What was before the time that is asked for counts for what is judged within it.
        var episodes = Evaluation.Of(warn, indicator.HigherIsBetter, watched)
            .Where(e => (region is null || land.Regions.Within(e.Region, region)) && (from is null || e.Last >= from) && (to is null || e.First <= to)).ToList();
        var events = (await verdicts.EventsAsync(pack.Id, indicator.Id, from, to, cancel)).Where(e => region is null || land.Regions.Within(e.Region, region)).Select(e => (e.Region, WarningVerdicts.Day(e.Day))).ToList();
        return (new Replayed(
            watched.Where(w => warn.Regions.Contains(w.Region.Level) && (region is null || land.Regions.Within(w.Region.Code, region))).Sum(w => w.Figures.Count(f => (from is null || f.At >= from) && (to is null || f.At <= to))),
            Warn.Order.Reverse().ToDictionary(l => l, l => episodes.Count(e => e.Peak.Level == l)),
            [.. episodes.OrderByDescending(e => e.First).ThenBy(e => e.Region, StringComparer.Ordinal).Select(Told)],
            // What never fired was judged by nobody.
            [.. Measures.Of([.. episodes.Select(e => new MeasuredWarning(e.Region, e.First, e.Last, e.Days.First(d => d.Level == e.Peak.Level).Day, e.Signals, null))], events).Select(m => m with { Precision = null })]), findings);
    }

    private static ReplayedWarning Told(Episode e) => new(e.Region, PeriodSteps.Write(e.First), PeriodSteps.Write(e.Last), e.Ended is { } day ? PeriodSteps.Write(day) : null, e.Peak.Level, Math.Round(e.Peak.Value, 1), e.Signals, e.Peak.Causes);
}
