using Guantong.Data;
using Guantong.Packs;
using Guantong.Trust;
using Guantong.Work;

namespace Guantong.Insight;

/// <summary>A figure of a region over time.</summary>
/// <param name="At">First day of its period.</param>
/// <param name="YearBefore">The figure of the same period of the year before; null where there is none, or none was asked for.</param>
public sealed record ShownFigure(DateOnly At, double Value, long Rows, double? YearBefore);

/// <summary>A region's figure beside those of others.</summary>
public sealed record ShownPart(string Region, double Value, long Rows, double? YearBefore);

/// <summary>A region's figures of one value of a dimension, the earliest first.</summary>
/// <param name="Member">The value; empty where rows do not say.</param>
public sealed record ShownMember(string Member, IReadOnlyList<ShownFigure> Series);

/// <summary>The values of a dimension that have no line of their own.</summary>
/// <param name="Count">How many they are.</param>
/// <param name="Series">Their figures together; none where figures of the indicator do not add up.</param>
public sealed record ShownRest(int Count, IReadOnlyList<ShownFigure> Series);

/// <summary>An indicator on a card, with what is drawn of it.</summary>
/// <param name="Series">The region's own figures, the earliest first.</param>
/// <param name="PartsAt">The period that <paramref name="Parts"/> are of, or those by a dimension.</param>
/// <param name="Light">How the latest figure stands to its target; null where no goal judges it by this period.</param>
/// <param name="IsSynthetic">Whether rows behind it are made up.</param>
/// <param name="Comments">How much has been said about the figure that is shown.</param>
public sealed record ShownIndicator(Indicator Indicator, string Period, IReadOnlyList<ShownFigure> Series, DateOnly? PartsAt, IReadOnlyList<ShownPart> Parts, Light? Light, bool IsSynthetic, long Comments)
{
    /// <summary>The region's figures by the card's dimension, the largest first; one figure each, but over time on a trend, which has the first few alone.</summary>
    public IReadOnlyList<ShownMember> Members { get; init; } = [];

    /// <summary>trend: the other values of the dimension; null where there are none.</summary>
    public ShownRest? Rest { get; init; }

    /// <summary>Whether a warning fires when the region's figure of this period goes wrong.</summary>
    public bool IsWatched { get; init; }

    /// <summary>The warning that runs there; null where none does, or none is declared for this period.</summary>
    public Warning? Warning { get; init; }

    /// <summary>The region's latest figure, or null.</summary>
    public ShownFigure? Latest => Series is [.., var last] ? last : null;

    /// <summary>The period that the card is about: of the regions beside each other, else of the latest figure.</summary>
    public DateOnly? At => PartsAt ?? Latest?.At;
}

/// <summary>A goal with its light.</summary>
public sealed record ShownGoal(Goal Goal, Indicator? Indicator, Light Light);

/// <summary>What a list shows: as much as there is room for, and how many there are.</summary>
public sealed record ShownList(string Of, long Total)
{
    /// <summary>Warnings, the latest first.</summary>
    public IReadOnlyList<Warning> Warnings { get; init; } = [];

    /// <summary>Open cases that the reader sees, the newest first.</summary>
    public IReadOnlyList<Case> Cases { get; init; } = [];

    /// <summary>Open tickets that the reader sees, the newest first.</summary>
    public IReadOnlyList<Ticket> Tickets { get; init; } = [];

    /// <summary>Goals in their order.</summary>
    public IReadOnlyList<ShownGoal> Goals { get; init; } = [];

    /// <summary>Systems that the plan names.</summary>
    public IReadOnlyList<PlanSystem> Systems { get; init; } = [];
}

/// <summary>A card with all that it shows, and its places.</summary>
/// <param name="Place">On a screen of twenty-four columns.</param>
/// <param name="OnWall">On a wall.</param>
public sealed record ShownCard(PlacedCard Place, PlacedCard OnWall, IReadOnlyList<ShownIndicator> Indicators)
{
    /// <summary>What was declared.</summary>
    public Card Card => Place.Card;

    /// <summary>list: what it shows.</summary>
    public ShownList? List { get; init; }

    /// <summary>v: the levels.</summary>
    public IReadOnlyList<StandingLevel>? Levels { get; init; }

    /// <summary>process: the BPMN text.</summary>
    public string? Bpmn { get; init; }

    /// <summary>Whether rows behind it are made up.</summary>
    public bool IsSynthetic => Indicators.Any(i => i.IsSynthetic);
}

/// <summary>A screen with all that it shows at a region and time.</summary>
/// <param name="MapOf">The region whose map is drawn: a county has none, so its city's stays.</param>
/// <param name="Parts">The regions beside each other on its cards.</param>
/// <param name="At">No figure, event or warning begins later; null for now.</param>
/// <param name="Known">It shows what was known on that day; null for what is known now.</param>
/// <param name="WallColumns">How many columns a wall has for it.</param>
/// <param name="Events">What happened there, and above.</param>
/// <param name="Warnings">The latest of the pack there, and below.</param>
public sealed record ShownScreen(Pack Pack, ScreenInForce InForce, Region Region, string MapOf, IReadOnlyList<Region> Parts, DateOnly? At, DateOnly? Known, IReadOnlyList<ShownCard> Cards, int WallColumns, IReadOnlyList<ScreenEvent> Events, IReadOnlyList<Warning> Warnings)
{
    /// <summary>Whether rows behind any card are made up.</summary>
    public bool IsSynthetic => Cards.Any(c => c.IsSynthetic);

    /// <summary>What a card of text says, as cleaned HTML; null for any other.</summary>
    public string? HtmlOf(ShownCard card, string lang) => card.Card.Text is { } text ? ScreenMarkdown.Html(Pack.Say(lang, text)) : null;

    /// <summary>What the dimension of a card is called.</summary>
    public string DimensionOf(ShownCard card, string lang) => DimensionWords.NameOf(Pack, card.Indicators[0].Indicator, card.Card.By!.Name, lang);

    /// <summary>What a value of a card's dimension means.</summary>
    public string MemberOf(ShownCard card, string member, string lang) => member.Length == 0 ? ScreenTexts.Say(lang, "screen.no-member") : DimensionWords.MemberOf(Pack, card.Indicators[0].Indicator, card.Card.By!.Name, member, lang);

    /// <summary>What a card is called.</summary>
    public string TitleOf(ShownCard card, string lang) => card.Card.Title is { } title ? Pack.Say(lang, title)
        : card.Indicators.Count > 0 && card.Card.By is not null ? ScreenTexts.Say(lang, "screen.by", NamesOf(card, lang), DimensionOf(card, lang))
        : card.Indicators.Count > 0 ? NamesOf(card, lang)
        : card.Card.As == "process" && card.Card.Process is { } process && Pack.Processes.TryGetValue(process.Name, out var file) && file.Definition.Name is { Length: > 0 } name ? Pack.Say(lang, name)
        : ScreenTexts.Say(lang, card.Card.Of is { } of ? $"screen.list.{of}" : $"screen.card.{card.Card.As}");

    private string NamesOf(ShownCard card, string lang) => string.Join(lang != Lang.Zh ? ", " : "、", card.Indicators.Select(i => Pack.Say(lang, i.Indicator.Name)));
}
