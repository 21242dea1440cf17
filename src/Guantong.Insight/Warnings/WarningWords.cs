using System.Globalization;
using Guantong.Packs;
using Guantong.Trust;

namespace Guantong.Insight;

/// <summary>Puts into words why a warning fired.</summary>
public static class WarningWords
{
    private static readonly Texts Sentences = Texts.Of(typeof(WarningWords).Assembly);

    /// <summary>A sentence in a reader's language, such as “较前一日上升 62%，超过 50%”.</summary>
    /// <param name="period">The period that is watched.</param>
    public static string Say(string lang, Cause cause, Pack? pack, Indicator? indicator, string period, Jurisdiction land)
    {
        var unit = indicator is null || pack is null ? "" : pack.Say(lang, indicator.Unit);
        string Figure(string name) => Wording.Figure(Of(cause, name), unit).Trim();
        string Plain(string name) => Number(Of(cause, name));
        var bound = Bound(lang, cause);
        return cause.Code switch
        {
            "levels" => Tell(lang, "why.levels", Figure("value"), bound + Unit(unit)),
            "forecast" => Tell(lang, "why.forecast", Plain("low"), Figure("high"), Figure("value"), Plain("score"), bound),
            "control" => Tell(lang, "why.control", string.Join(Tell(lang, "why.and"), (cause.Of ?? []).Select(r => Rule(lang, r)).Distinct()), Figure("centre"), Plain("low"), Figure("high"), Figure("value")),
            "ears" => Tell(lang, "why.ears", cause.Of is [var form, ..] ? form : "", Plain("score"), bound, Figure("mean"), Plain("spread"), Figure("value")),
            "cusum" => Tell(lang, "why.cusum", Figure("mean"), Plain("score"), bound, Figure("value")),
            "together" => Tell(lang, "why.together", Plain("days"), Plain("count"), Plain("least"), string.Join(lang != Lang.Zh ? ", " : "、", (cause.Of ?? []).Select(o => Point(lang, o, pack, indicator, land)))),
            _ when cause.Code.Split('-') is ["change", ..] => Changed(lang, cause, unit, period, Figure("before"), Figure("value")),
            _ => cause.Code,
        };
    }

    /// <summary>What a signal is called: by its declaration; fixed levels and what is declared no more by their word.</summary>
    public static string Named(string lang, string signal, Pack? pack, Indicator? indicator)
    {
        var name = indicator?.Warn?.Signals.FirstOrDefault(s => s.Id == signal)?.Name ?? indicator?.Warn?.Together.FirstOrDefault(t => t.Id == signal)?.Name;
        return name is not null && pack is not null ? pack.Say(lang, name) : signal == "levels" ? Tell(lang, "why.fixed") : signal;
    }

    private static string Rule(string lang, string rule) => Tell(lang, rule.StartsWith(Cause.NelsonTest, StringComparison.Ordinal) ? "why." + rule : "why.rule." + rule);

    private static string Changed(string lang, Cause cause, string unit, string period, string before, string value)
    {
        var isPercent = cause.Code.Contains("-percent-", StringComparison.Ordinal);
        var way = Tell(lang, cause.Code.EndsWith("-fall", StringComparison.Ordinal) ? "why.fall" : "why.rise");
        var against = Tell(lang, cause.Code.StartsWith("change-last-year", StringComparison.Ordinal) ? "why.last-year" : "why.previous." + period);
        return Tell(lang, "why.change", against, way, isPercent ? Number(Of(cause, "change")) + "%" : Wording.Figure(Of(cause, "change"), unit).Trim(), Bound(lang, cause) + (isPercent ? "%" : Unit(unit)), before, value);
    }

    private static string Point(string lang, string point, Pack? pack, Indicator? indicator, Jurisdiction land) =>
        point.Split('/') is [var region, var signal] ? Tell(lang, "why.point", land.Regions.Find(region)?.Say(lang) ?? region, Named(lang, signal, pack, indicator)) : point;

    private static string Bound(string lang, Cause cause) =>
        cause.Bound?.Split(' ') is [var sign, var number] ? Tell(lang, "why.bound." + sign, decimal.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out var n) ? n.ToString("#,0.####", CultureInfo.InvariantCulture) : number) : "";

    private static string Unit(string unit) => unit.Length == 0 || unit.StartsWith('%') ? unit : " " + unit;

    private static double Of(Cause cause, string name) => cause.Numbers.GetValueOrDefault(name);

    private static string Number(double value) => Wording.Number(value);

    /// <summary>A sentence of this room.</summary>
    internal static string Tell(string lang, string key, params object?[] args) => Sentences.Say(lang, key, args);
}
