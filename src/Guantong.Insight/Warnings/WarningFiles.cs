using System.Text.Json;
using Guantong.Data;
using Guantong.Packs;
using Guantong.Trust;

namespace Guantong.Insight;

/// <summary>A period of a warning, in words.</summary>
public sealed record ToldDay(string Day, double Value, string Level, IReadOnlyList<string> Why);

/// <summary>All that is known of a warning.</summary>
/// <param name="Days">The periods at a level, each with why, in the reader's language.</param>
/// <param name="Calls">Who was told, and what they said.</param>
/// <param name="Figures">The region's figures around it.</param>
/// <param name="Bands">What was expected of them, where a signal expects something.</param>
public sealed record WarningFile(Warning Warning, IReadOnlyList<ToldDay> Days, IReadOnlyList<WarningCall> Calls, WarningVerdict? Verdict, IReadOnlyList<Figure> Figures, IReadOnlyList<Band> Bands);

/// <summary>Puts together what is known of a warning.</summary>
public sealed class WarningFiles(Warnings warnings, WarningCalls calls, WarningVerdicts verdicts, Figures figures, Foresight foresight, PackRegistry packs, Jurisdiction land)
{
    private const int Before = 60;
    private const int After = 14;

    /// <summary>A warning by id, in a reader's language; or null.</summary>
    public async Task<WarningFile?> OfAsync(string id, string lang, CancellationToken cancel = default)
    {
        if (await warnings.FindAsync(id, cancel) is not { } warning)
            return null;
        var pack = packs.Find(warning.Pack);
        var indicator = pack?.Indicator(warning.Indicator);
        var period = indicator?.Warn?.Period ?? "day";
        var (shown, bands) = pack is null || indicator?.Warn is not { } warn ? ([], []) : Around(pack, indicator, warn, warning);
        return new WarningFile(warning, Days(warning, c => WarningWords.Say(lang, c, pack, indicator, period, land)), await calls.OfAsync(id, cancel), await verdicts.OfAsync(id, cancel), shown, bands);
    }

    private (IReadOnlyList<Figure>, IReadOnlyList<Band>) Around(Pack pack, Indicator indicator, Warn warn, Warning warning)
    {
        if (land.Regions.Find(warning.Region) is not { } region)
            return ([], []);
        var all = figures.Of(pack, indicator, warn.Period, warning.Region);
        var foreseen = foresight.Of(pack, indicator, warn, [new WatchedRegion(region, [region], all)], keep: false)[0].Foreseen;
        var (from, to) = (PeriodSteps.Later(warn.Period, WarningVerdicts.Day(warning.FirstDay), -Before), PeriodSteps.Later(warn.Period, WarningVerdicts.Day(warning.LastDay), After));
        return ([.. all.Where(f => f.At >= from && f.At <= to)], [.. new SignalRun(warn, indicator.HigherIsBetter, all, foreseen).Bands().Where(b => b.At >= from && b.At <= to)]);
    }

    private static List<ToldDay> Days(Warning warning, Func<Cause, string> say)
    {
        var why = Cause.Read(warning.Why);
        using var days = JsonDocument.Parse(warning.Days);
        return [.. days.RootElement.EnumerateArray().Select(d => d.GetProperty("day").GetString()! is var day ? new ToldDay(day, d.GetProperty("value").GetDouble(), d.GetProperty("level").GetString()!, [.. why.GetValueOrDefault(day, []).Select(say)]) : null!)];
    }
}
