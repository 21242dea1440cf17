using System.Globalization;

namespace Guantong.Packs.Checking;

/// <summary>Warnings: signals that have what their method needs, triggers that can fire, and none over natural persons.</summary>
public static class WarnProof
{
    /// <summary>The word by which a trigger names the fixed levels.</summary>
    public const string FixedLevels = "levels";

    internal static IEnumerable<Finding> Of(Pack pack, Surroundings around) => pack.Indicators.Where(i => i.Warn is not null).SelectMany(i => (IEnumerable<Finding>)
    [
        .. OfTried(i, i.Warn!),
        .. around.Units is { } units ? i.Warn!.Call.Units.SelectMany(u => NamesProof.Known("unit", u, units)) : [],
        .. OnPersons(pack, i),
    ]);

    /// <summary>The findings of what warns, declared or tried out.</summary>
    public static IReadOnlyList<Finding> OfTried(Indicator indicator, Warn warn) =>
        [.. OfWarn(indicator.Id, indicator.Unit, warn), .. indicator.Periods.Contains(warn.Period) ? (IEnumerable<Finding>)[] : [Finding.Error("warn-period-not-computed", warn.PeriodMark, indicator.Id, warn.Period)]];

    private static IEnumerable<Finding> OfWarn(string indicator, string unit, Warn warn)
    {
        if (warn.Levels.Count == 0 && warn.Signals.Count == 0)
            yield return Finding.Error("warn-nothing", warn.Mark, indicator);
        if (warn.Keep is < 1 or > 366)
            yield return OutOfRange(warn.KeepMark ?? warn.Mark, "keep", "1 – 366");
        foreach (var finding in NamesProof.Twice("signal", warn.Signals.Select(s => (s.Id, s.Mark))).Concat(NamesProof.Twice("trigger", warn.Together.Select(t => (t.Id, t.Mark)))))
            yield return finding;
        foreach (var finding in warn.Signals.SelectMany(s => OfSignal(s, unit)))
            yield return finding;
        var known = warn.Signals.Select(s => s.Id).Concat(warn.Levels.Count > 0 ? [FixedLevels] : []).ToList();
        foreach (var trigger in warn.Together)
        {
            foreach (var finding in trigger.Of.SelectMany(o => NamesProof.Known("signal", o, known)))
                yield return finding;
            if (trigger.Least is < 1 or > 1000)
                yield return OutOfRange(trigger.Mark, "least", "1 – 1000");
        }
    }

    private static IEnumerable<Finding> OfSignal(Signal signal, string unit)
    {
        foreach (var key in signal.Written.Where(k => k.Name is not ("signal" or "name" or "by") && !Signal.Methods[signal.By].Contains(k.Name)))
            yield return Finding.Error("signal-key-idle", key.Mark, signal.Id, key.Name, signal.By, string.Join(", ", Signal.Methods[signal.By]));
        // A level where levels are wanted was meant for them, and is told above.
        if (signal.IsGraded ? signal.Levels.Count == 0 && signal.Level is null : signal.Level is null && signal.Levels.Count == 0)
            yield return Finding.Error("signal-lacks", signal.Mark, signal.Id, signal.By, signal.IsGraded ? "levels" : "level");
        if (signal is { By: "forecast", Season: 0 } && signal.Written.All(k => k.Name != "season"))
            yield return Finding.Error("signal-lacks", signal.Mark, signal.Id, signal.By, "season");
        else if (signal is { By: "forecast", Season: < 2 or > 366 })
            yield return OutOfRange(MarkOf(signal, "season"), "season", "2 – 366");
        if (signal.Smoothing is var (a, b, g) && !((double[])[a, b, g]).All(p => p is >= 0 and <= 1))
            yield return OutOfRange(MarkOf(signal, "smoothing"), "smoothing", "0 – 1");
        if (signal.By == "cusum" && signal.K is not (>= 0 and <= 100))
            yield return OutOfRange(MarkOf(signal, "k"), "k", "0 – 100");
        if (signal.By == "cusum" && signal.H is not (> 0 and <= 1000))
            yield return OutOfRange(MarkOf(signal, "h"), "h", "> 0");
        if (signal.By == "ears" && signal.Least is not (>= 0 and <= 1e9))
            yield return OutOfRange(MarkOf(signal, "least"), "least", ">= 0");
        if (signal.Written.Any(k => k.Name == "base") && signal.By is "control" or "cusum" && (signal.Base is not var (first, last) || last < first))
            yield return OutOfRange(MarkOf(signal, "base"), "base", "2026-01-01 … 2026-03-31");
        if (signal is { By: "control", Chart: "p" } && unit != "%")
            yield return Finding.Error("signal-chart-unit", MarkOf(signal, "chart"), signal.Id, unit);
    }

    // rights.md 1: figures of a pattern are counted over what happened, not over people.
    private static IEnumerable<Finding> OnPersons(Pack pack, Indicator indicator)
    {
        if (indicator.Warn is { Signals: [var first, ..] } && indicator.Needs is [var need, ..] && pack.Dataset(need.Name) is { } data && data.Key.Any(k => RightsProof.IsPerson(pack, data.Field(k.Name))))
            yield return Finding.Error("signals-on-persons", first.Mark, indicator.Id, data.Id);
    }

    private static Mark MarkOf(Signal signal, string key) => signal.Written.FirstOrDefault(k => k.Name == key)?.Mark ?? signal.Mark;

    private static Finding OutOfRange(Mark mark, string key, string range) => Finding.Error("warn-out-of-range", mark, key, string.Create(CultureInfo.InvariantCulture, $"{range}"));
}
