using System.Globalization;
using Dapper;
using Guantong.Data;
using Guantong.Packs;
using Guantong.Trust;
using Guantong.Work;

namespace Guantong.Insight;

/// <summary>How far back a screen goes.</summary>
/// <param name="At">No figure, event or warning begins later; null for now.</param>
/// <param name="Known">As it was known at the end of that day; null for what is known now.</param>
public sealed record TimeBack(DateOnly? At = null, DateOnly? Known = null)
{
    /// <summary>Now.</summary>
    public static readonly TimeBack Now = new();

    /// <summary>The last instant of <see cref="Known"/>.</summary>
    /// <param name="offset">Of the jurisdiction's clock.</param>
    public DateTimeOffset? KnownAt(TimeSpan offset) => Known is { } day ? new DateTimeOffset(day.AddDays(1).ToDateTime(default), offset).AddMilliseconds(-1) : null;
}

/// <summary>Gathers all that a screen shows in one go: one query to the warehouse for every figure, and none where no figure changed, one trip to the store for what was said and changed, one for each list of work that is on it.</summary>
public sealed class ScreenData(Store store, Warehouse warehouse, FigureSheets sheets, ScreenBook book, Maps maps, StandingV standing, PlanSystems systems, Cases cases, Tickets tickets, Jurisdiction land)
{
    /// <summary>How many lines of a list are shown.</summary>
    public const int Lines = 8;

    /// <summary>How many values of a dimension have a line of their own on a trend.</summary>
    public const int MostLines = 6;

    /// <summary>How many have a row of their own on a heat map.</summary>
    public const int MostBands = 12;

    private static readonly DateOnly Always = new(9999, 1, 1);

    // Computed columns differ in type between the stores: a class takes them, a record does not.
    private sealed class Told
    {
        public string Indicator { get; set; } = "";

        public string Period { get; set; } = "";

        public string Starts { get; set; } = "";

        public long Count { get; set; }
    }

    /// <summary>A screen as a reader sees it.</summary>
    /// <param name="when">How far back it goes.</param>
    /// <param name="preview">A screen that is not in force, to be looked at; null for the one that is.</param>
    public async Task<ShownScreen> ReadAsync(Pack pack, Region region, TimeBack when, Person reader, Screen? preview = null, CancellationToken cancel = default)
    {
        var (inForce, events, told, warnings, fired, running) = await FromStoreAsync(pack, region, when, cancel);
        var screen = preview ?? inForce.Screen;
        // Below a county there are no boundaries: its city's map stays, with the county lifted out.
        var mapOf = land.Regions.Upwards(region.Code).FirstOrDefault(r => r.Level is "province" or "city")?.Code ?? land.Root;
        Region[] parts = [.. land.Regions.Parts(mapOf)];
        var shown = Figures(pack, screen, region, mapOf, parts, when, told, running);
        var (narrow, (columns, wide)) = (ScreenLayout.Of(screen.Cards), ScreenLayout.OnWall(screen.Cards));
        var cards = new List<ShownCard>(screen.Cards.Count);
        for (var i = 0; i < screen.Cards.Count; i++)
        {
            var card = screen.Cards[i];
            cards.Add(new ShownCard(narrow[i], wide[i], shown.Of(card))
            {
                List = card.Of switch
                {
                    "warnings" => new ShownList("warnings", fired) { Warnings = warnings },
                    "cases" => await CasesAsync(pack, region, reader, cancel),
                    "tickets" => await tickets.PageAsync(reader, new TicketQuery("open", Pack: pack.Id, Take: Lines), cancel) is var page ? new ShownList("tickets", page.Total) { Tickets = page.Items } : null,
                    "goals" => new ShownList("goals", pack.Goals.Count) { Goals = [.. pack.Goals.Select(g => shown.GoalOf(pack, g))] },
                    "systems" => systems.All() is var all ? new ShownList("systems", all.Count) { Systems = all } : null,
                    _ => null,
                },
                Levels = card.As == "v" ? await standing.OfAsync(pack, cancel) : null,
                Bpmn = card.Process is { } process ? pack.Files.Texts.GetValueOrDefault(process.Name) : null,
            });
        }
        return new ShownScreen(pack, preview is null ? inForce : inForce with { Screen = preview }, region, mapOf, parts, when.At, when.Known, cards, columns, events, warnings);
    }

    private async Task<ShownList> CasesAsync(Pack pack, Region region, Person reader, CancellationToken cancel)
    {
        var page = await cases.OpenOfAsync(pack.Id, RegionCode.Stem(region.Code), reader.Rows("case.read", land), Lines, cancel);
        return new ShownList("cases", page.Total) { Cases = page.Items };
    }

    private Task<(ScreenInForce, IReadOnlyList<ScreenEvent>, ILookup<(string, string), Told>, IReadOnlyList<Warning>, long, ILookup<string, Warning>)> FromStoreAsync(Pack pack, Region region, TimeBack when, CancellationToken cancel) => store.ReadAsync(async c =>
    {
        var within = RegionCode.Stem(region.Code);
        const string of = "FROM warning WHERE pack = @pack AND region LIKE @begins AND first_day <= @until AND fired <= @known";
        await using var all = await c.QueryMultipleAsync($"""
            {ScreenBook.LatestSql(store)};
            SELECT {ScreenEvent.Columns} FROM screen_event WHERE pack = @pack AND region {ScreenBook.Among(store)} AND (withdrawn IS NULL OR withdrawn > @known) AND made <= @known AND first_day <= @until ORDER BY first_day, id;
            SELECT indicator AS Indicator, period AS Period, starts AS Starts, count(*) AS Count FROM figure_comment WHERE pack = @pack AND region = @region AND withdrawn IS NULL AND made <= @known GROUP BY indicator, period, starts;
            SELECT {Warning.Columns} {of} ORDER BY last_day DESC, first_day DESC, region LIMIT {Lines.ToString(CultureInfo.InvariantCulture)};
            SELECT count(*) {of};
            SELECT {Warning.Columns} FROM warning WHERE pack = @pack AND region = @region AND first_day <= @until AND fired <= @known AND (state = 'running' OR ended_on > @until) ORDER BY first_day DESC;
            """, new { pack = pack.Id, up = book.Upwards(region.Code), region = region.Code, begins = within + "%", until = (when.At ?? Always).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), known = Time.Write(when.KnownAt(land.Offset) ?? DateTimeOffset.MaxValue.AddDays(-1)) });
        var inForce = book.Choose(pack, region.Code, await all.ReadAsync<ScreenVersion>());
        IReadOnlyList<ScreenEvent> events = [.. await all.ReadAsync<ScreenEvent>()];
        var told = (await all.ReadAsync<Told>()).ToLookup(t => (t.Indicator, t.Period));
        IReadOnlyList<Warning> warnings = [.. await all.ReadAsync<Warning>()];
        var fired = await all.ReadSingleAsync<long>();
        return (inForce, events, told, warnings, fired, (await all.ReadAsync<Warning>()).ToLookup(w => w.Indicator));
    }, cancel);

    private Sheet Figures(Pack pack, Screen screen, Region region, string mapOf, Region[] parts, TimeBack when, ILookup<(string, string), Told> told, ILookup<string, Warning> running)
    {
        var wanted = screen.Cards.SelectMany(c => c.Indicators.Select(i => pack.Indicator(i.Name)).OfType<Indicator>().Select(i => (Card: c, Indicator: i, Period: c.PeriodOf(i)))).ToList();
        IEnumerable<Indicator> judged = screen.Cards.Any(c => c.Of == "goals") ? pack.Goals.Select(g => pack.Indicator(g.Indicator?.Name ?? "")).OfType<Indicator>() : [];
        var series = wanted.Select(w => (w.Indicator, w.Period, Days: DaysOf(w.Card, w.Period))).Concat(judged.Select(i => (Indicator: i, Period: Yearly(i), Days: 1)))
            .GroupBy(w => (w.Indicator.Id, w.Period)).Select(g => new SeriesAsked(g.Key.Id, g.Key.Period, g.Max(w => w.Days))).ToList();
        var beside = wanted.Where(w => w.Card.IsByRegion).GroupBy(w => (w.Indicator.Id, w.Period)).Select(g => new PartsAsked(g.Key.Id, g.Key.Period, g.Any(w => w.Card.ComparesLastYear))).ToList();
        var members = wanted.Where(w => w.Card.By is { } by && w.Indicator.Dimensions.Any(d => d.Name == by.Name)).GroupBy(w => (w.Indicator.Id, w.Period, w.Card.By!.Name))
            .Select(g => new MembersAsked(g.Key.Id, g.Key.Period, g.Key.Name, g.Max(w => w.Card.IsOverTime ? DaysOf(w.Card, w.Period) : 1), g.Any(w => w.Card.ComparesLastYear))).ToList();
        // What an area of an older map is called now may lie elsewhere.
        IReadOnlyCollection<string> places = beside.Count == 0 ? [] : [.. parts.Select(p => p.Code).Concat(maps.Draw(mapOf)?.Areas.SelectMany(a => a.Now) ?? []).Distinct()];
        var read = sheets.Read(pack, new SheetAsked(region.Code, places, when.At ?? Always, when.KnownAt(land.Offset)?.UtcDateTime) { Series = series, Parts = beside, Members = members }).ToLookup(f => (f.Indicator, f.Period, f.IsPart, f.Dimension));
        var synthetic = wanted.SelectMany(w => DataNote.Needs(pack, w.Indicator)).Distinct().Where(d => DatasetStatus.IsSynthetic(warehouse, pack, d)).Select(d => d.Id).ToHashSet();
        return new Sheet(pack, region, read, synthetic, told, running);
    }

    // How far back a card looks, in days; a year more where that is set beside it.
    private static int DaysOf(Card card, string period) => (card.IsCalendar ? 371 : period switch
    {
        "day" => 90,
        "week" => 371,
        "month" => 1100,
        "quarter" => 1830,
        "year-to-date" => 740,
        _ => 7310,
    }) + (card.ComparesLastYear ? 366 : 0);

    /// <summary>The period by which a goal judges an indicator.</summary>
    internal static string Yearly(Indicator indicator) => indicator.Periods.Contains("year") ? "year" : indicator.Periods[^1];

    private sealed record Sheet(Pack Pack, Region Place, ILookup<(string, string, bool, string), SheetFigure> Read, HashSet<string> Synthetic, ILookup<(string, string), Told> Told, ILookup<string, Warning> Running)
    {
        private string Region => Place.Code;

        public IReadOnlyList<ShownIndicator> Of(Card card) => [.. card.Indicators.Select(i => Pack.Indicator(i.Name)).OfType<Indicator>().Select(i => Of(card, i))];

        private ShownIndicator Of(Card card, Indicator indicator)
        {
            var period = card.PeriodOf(indicator);
            var series = SeriesOf(card, indicator, period);
            var (partsAt, parts) = card.IsByRegion ? PartsOf(card, indicator, period) : (null, []);
            var (members, rest) = card.By is { } by ? MembersOf(card, indicator, period, by.Name) : ([], null);
            partsAt ??= members is [{ Series: [.., var latest] }, ..] ? latest.At : (DateOnly?)null;
            var goal = Pack.Goals.FirstOrDefault(g => g.Indicator?.Name == indicator.Id);
            var light = goal is not null && period == Yearly(indicator) ? Light.Of(goal, Region, series is [.., var last] ? new Figure(last.At, Region, last.Value, last.Rows) : null) : null;
            var at = (partsAt ?? (series is [.., var newest] ? newest.At : null))?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
            return new ShownIndicator(indicator, period, series, partsAt, parts, light, DataNote.Needs(Pack, indicator).Any(d => Synthetic.Contains(d.Id)),
                Told[(indicator.Id, period)].FirstOrDefault(t => t.Starts == at)?.Count ?? 0)
            {
                Members = members,
                Rest = rest,
                IsWatched = indicator.Warn is { } warn && warn.Period == period && warn.Regions.Contains(Place.Level),
                Warning = indicator.Warn?.Period == period ? Running[indicator.Id].FirstOrDefault() : null,
            };
        }

        // The largest first: by what they are where figures add up, else by how many rows they rest on.
        private (IReadOnlyList<ShownMember>, ShownRest?) MembersOf(Card card, Indicator indicator, string period, string dimension)
        {
            var figures = Read[(indicator.Id, period, false, dimension)].ToList();
            if (figures.Count == 0)
                return ([], null);
            var at = figures.Max(f => f.At);
            if (!card.IsOverTime)
            {
                var before = figures.Where(f => card.ComparesLastYear && f.At == YearBefore(period, at)).ToDictionary(f => f.Member, f => f.Value);
                return ([.. figures.Where(f => f.At == at).OrderByDescending(f => f.Value).Select(f => new ShownMember(f.Member, [new ShownFigure(f.At, f.Value, f.Rows, before.TryGetValue(f.Member, out var value) ? value : null)]))], null);
            }
            var isSum = ValueParts.Of(indicator.Value.Name, indicator.Where?.Name)?.IsSum == true;
            var from = at.AddDays(-DaysOf(card, period));
            var ranked = figures.Where(f => f.At > from).GroupBy(f => f.Member).OrderByDescending(g => g.Last().At == at).ThenByDescending(g => isSum ? g.Last().Value : g.Last().Rows).ToList();
            IReadOnlyList<ShownFigure> Shown(IEnumerable<SheetFigure> some) => [.. some.Select(f => new ShownFigure(f.At, f.Value, f.Rows, null))];
            // A sum of others would outshine every row of a heat map.
            var (many, isBands) = (card.As == "heat" ? MostBands : MostLines, card.As == "heat");
            var others = ranked.Skip(many).ToList();
            return ([.. ranked.Take(many).Select(g => new ShownMember(g.Key, Shown(g)))], others.Count == 0 ? null
                : new ShownRest(others.Count, isSum && !isBands ? [.. others.SelectMany(g => g).GroupBy(f => f.At).OrderBy(g => g.Key).Select(g => new ShownFigure(g.Key, g.Sum(f => f.Value), g.Sum(f => f.Rows), null))] : []));
        }

        private IReadOnlyList<ShownFigure> SeriesOf(Card card, Indicator indicator, string period)
        {
            var figures = Read[(indicator.Id, period, false, "")].ToList();
            if (figures.Count == 0)
                return [];
            var from = figures[^1].At.AddDays(-DaysOf(card with { ComparesLastYear = false }, period));
            var before = card.ComparesLastYear ? figures.ToDictionary(f => f.At, f => f.Value) : [];
            return [.. figures.Where(f => f.At > from).Select(f => new ShownFigure(f.At, f.Value, f.Rows, card.ComparesLastYear && before.TryGetValue(YearBefore(period, f.At), out var value) ? value : null))];
        }

        private (DateOnly?, IReadOnlyList<ShownPart>) PartsOf(Card card, Indicator indicator, string period)
        {
            var figures = Read[(indicator.Id, period, true, "")].ToList();
            if (figures.Count == 0)
                return (null, []);
            var at = figures.Max(f => f.At);
            var before = figures.Where(f => card.ComparesLastYear && f.At == YearBefore(period, at)).ToDictionary(f => f.Region, f => f.Value);
            return (at, [.. figures.Where(f => f.At == at).Select(f => new ShownPart(f.Region, f.Value, f.Rows, before.TryGetValue(f.Region, out var value) ? value : null))]);
        }

        public ShownGoal GoalOf(Pack pack, Goal goal)
        {
            var indicator = pack.Indicator(goal.Indicator?.Name ?? "");
            var figure = indicator is null ? null : Read[(indicator.Id, Yearly(indicator), false, "")].LastOrDefault();
            return new ShownGoal(goal, indicator, Light.Of(goal, Region, figure is null ? null : new Figure(figure.At, figure.Region, figure.Value, figure.Rows)));
        }

        // A week's is the one fifty-two weeks before.
        private static DateOnly YearBefore(string period, DateOnly at) => period == "week" ? at.AddDays(-364) : at.AddYears(-1);
    }
}
