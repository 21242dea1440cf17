using Guantong.Data;
using Guantong.Desk.Frame;
using Guantong.Insight;
using Guantong.Packs;
using Guantong.Trust;
using Microsoft.AspNetCore.Components;

namespace Guantong.Desk.EarlyWarning;

/// <summary>What the pages of early warning have in common: words for indicators, regions and signals.</summary>
public abstract class WarningDesk : Duties.DutyPage
{
    /// <summary>Whose units and regions.</summary>
    [Inject] protected Jurisdiction Land { get; set; } = null!;

    /// <summary>The packs whose indicators warn.</summary>
    [Inject] protected PackRegistry Packs { get; set; } = null!;

    /// <summary>The indicators that can warn, each with its pack.</summary>
    protected IReadOnlyList<(Pack Pack, Indicator Indicator)> Watched => [.. Packs.Applied.Values.Select(a => a.Pack).OrderBy(p => p.Id, StringComparer.Ordinal).SelectMany(p => p.Indicators.Where(i => i.Warn is not null).Select(i => (p, i)))];

    /// <summary>A region's name.</summary>
    protected string RegionOf(string code) => Land.Regions.Find(code)?.Say(Reader.Language) ?? code;

    /// <summary>A unit's name.</summary>
    protected string UnitOf(string unit) => Land.Units.Find(unit)?.Say(Reader.Language) ?? unit;

    /// <summary>An indicator's name.</summary>
    protected string NameOf(string pack, string indicator) => Packs.Find(pack) is { } p && p.Indicator(indicator) is { } i ? p.Say(Reader.Language, i.Name) : indicator;

    /// <summary>What a signal is called.</summary>
    protected string SignalOf(string pack, string indicator, string signal) => WarningWords.Named(Reader.Language, signal, Packs.Find(pack), Packs.Find(pack)?.Indicator(indicator));

    /// <summary>A figure of an indicator with its unit.</summary>
    protected string FigureOf(string pack, string indicator, double value) => Packs.Find(pack) is { } p && p.Indicator(indicator) is { } i ? Wording.Figure(value, p.Say(Reader.Language, i.Unit)) : Wording.Number(value);

    /// <summary>The first and the last day, or the one there is.</summary>
    protected static string Days(string first, string last) => first == last ? first : $"{first} – {last}";

    /// <summary>A share of one in percent, or a dash.</summary>
    protected static string Share(double? share) => share is { } s ? Reader.Percent(s) : "–";

    /// <summary>Cities and the top region, which a list is narrowed to.</summary>
    protected IEnumerable<Region> Places => Land.Regions.Children(Land.Root).Where(r => r.To is null).Prepend(Land.Regions.Find(Land.Root)!);

    /// <summary>A day as it is written in an address, or null.</summary>
    protected static DateOnly? DayOf(string? text) => DateOnly.TryParseExact(text, "yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture, System.Globalization.DateTimeStyles.None, out var day) ? day : null;
}
