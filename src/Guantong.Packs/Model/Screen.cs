namespace Guantong.Packs;

/// <summary>A cockpit: its cards, in the order in which they stand below each other on a phone.</summary>
public sealed record Screen(string Id, string Name, IReadOnlyList<Card> Cards, Mark Mark)
{
    /// <summary>Whether an indicator of its pack is on it: on a card of its own, or among the goals.</summary>
    public bool Shows(Pack pack, string indicator) => Cards.Any(c => c.Shows(pack, indicator));
}

/// <summary>One card of a cockpit.</summary>
/// <param name="Id">Its own, or made of what it shows; no two cards of a screen have one.</param>
/// <param name="As">One of <see cref="Kinds"/>.</param>
/// <param name="Indicators">What it shows; none for a list, a text, the V or a process.</param>
public sealed record Card(string Id, string As, IReadOnlyList<Ref> Indicators, string? Period, Mark Mark)
{
    /// <summary>Columns that a screen is laid out on, and the least and most of them, and the most rows, that a card takes.</summary>
    public const int Columns = 24, LeastSpan = 3, MostRows = 12;

    /// <summary>What a card can be.</summary>
    public static readonly IReadOnlyList<string> Kinds = ["light", "gauge", "map", "trend", "bar", "rank", "pie", "table", "heat", "list", "text", "v", "process"];

    /// <summary>What a list can be of.</summary>
    public static readonly IReadOnlyList<string> Lists = ["warnings", "cases", "tickets", "goals", "systems"];

    /// <summary>Kinds that show several indicators side by side.</summary>
    public static readonly IReadOnlyList<string> Many = ["trend", "bar", "table"];

    /// <summary>Kinds that can set the same period of the year before beside a figure.</summary>
    public static readonly IReadOnlyList<string> Comparing = ["light", "trend", "bar", "table"];

    /// <summary>Kinds that can show the values of a dimension in place of regions.</summary>
    public static readonly IReadOnlyList<string> Breaking = ["trend", "bar", "rank", "pie", "table", "heat"];

    /// <summary>The dimension whose values it shows, of one region; null where it shows regions, or one region alone.</summary>
    public Ref? By { get; init; }

    /// <summary>Its title; null for the name of what it shows.</summary>
    public string? Title { get; init; }

    /// <summary>Whether figures run from the first of January.</summary>
    public bool IsYearToDate { get; init; }

    /// <summary>Whether the same period of the year before stands beside a figure.</summary>
    public bool ComparesLastYear { get; init; }

    /// <summary>list: of what.</summary>
    public string? Of { get; init; }

    /// <summary>text: Markdown.</summary>
    public string? Text { get; init; }

    /// <summary>process: the BPMN file.</summary>
    public Ref? Process { get; init; }

    /// <summary>How many columns it takes; null for what suits its kind.</summary>
    public int? Span { get; init; }

    /// <summary>How many rows it takes; null for what suits its kind.</summary>
    public int? Rows { get; init; }

    /// <summary>The keys that were written, with their places.</summary>
    public IReadOnlyList<Ref> Written { get; init; } = [];

    /// <summary>What it shows first; null where it shows no indicator.</summary>
    public Ref? Indicator => Indicators is [var first, ..] ? first : null;

    /// <summary>Whether it shows figures of indicators.</summary>
    public bool IsOfFigures => IsFigures(As);

    /// <summary>Whether cards of a kind show figures of indicators.</summary>
    public static bool IsFigures(string kind) => kind is not ("list" or "text" or "v" or "process");

    /// <summary>Whether it shows figures of regions beside each other.</summary>
    public bool IsByRegion => By is null && As is "map" or "bar" or "rank" or "pie" or "table";

    /// <summary>Whether it shows figures over time: each row of its table is a period.</summary>
    public bool IsOverTime => As is "trend" or "heat" or "light" or "gauge";

    /// <summary>Whether it shows the days of a year; with a dimension its values stand in rows, and periods beside each other.</summary>
    public bool IsCalendar => As == "heat" && By is null;

    /// <summary>Whether it shows an indicator.</summary>
    public bool Shows(string indicator) => Indicators.Any(i => i.Name == indicator);

    /// <summary>The same, or lists it among its pack's goals.</summary>
    public bool Shows(Pack pack, string indicator) => Shows(indicator) || (Of == "goals" && pack.Goals.Any(g => g.Indicator?.Name == indicator));

    /// <summary>The period whose figures of an indicator it shows.</summary>
    public string PeriodOf(Indicator indicator) => IsYearToDate ? "year-to-date" : IsCalendar ? "day" : Period ?? indicator.Periods[0];
}
