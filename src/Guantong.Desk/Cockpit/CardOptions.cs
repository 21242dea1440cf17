using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Guantong.Desk.Frame;
using Guantong.Insight;
using Guantong.Packs;
using Guantong.Trust;

namespace Guantong.Desk.Cockpit;

/// <summary>How a card is drawn: an ECharts option as JSON, the same in words, and what its colours mean.</summary>
/// <param name="Json">Colours are named as in the style sheet; a datum's <c>tip</c> is what pointing at it says, its <c>code</c> the region that a click leads to, its <c>to</c> the page.</param>
/// <param name="Map">The region whose map lies beneath; null for none.</param>
public sealed record CardDrawing(string Json, string Summary, string? Map, IReadOnlyList<(string Colour, string Text)> Legend)
{
    /// <summary>What it leaves out; null where it leaves nothing out.</summary>
    public string? Left { get; init; }
}

/// <summary>Makes the drawings of cards.</summary>
public sealed class CardOptions(ShownScreen screen, Reader reader, Jurisdiction land, Maps maps)
{
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private const int LeastPoints = 2, MostSlices = 8;

    /// <summary>The drawing of a card; null where it has nothing to draw, or is no drawing.</summary>
    public CardDrawing? Of(ShownCard card) => card.Card.As switch
    {
        "map" => Map(card.Indicators[0]),
        "trend" when card.Card.By is not null => card.Indicators[0].Members.Any(m => m.Series.Count >= LeastPoints) ? MembersTrend(card, card.Indicators[0]) : null,
        "trend" => card.Indicators.Any(i => i.Series.Count >= LeastPoints) ? Trend(card) : null,
        "bar" => card.Indicators.Any(i => PartsOf(card, i).Count > 0) ? Bar(card) : null,
        "rank" => PartsOf(card, card.Indicators[0]) is { Count: > 0 } parts ? Rank(card, card.Indicators[0], parts) : null,
        "pie" => PartsOf(card, card.Indicators[0]).Where(p => p.Value > 0).OrderByDescending(p => p.Value).ToList() is { Count: > 0 } shares ? Pie(card.Indicators[0], shares) : null,
        "gauge" => card.Indicators[0].Latest is { } latest ? Gauge(card.Indicators[0], latest) : null,
        "heat" when card.Card.By is not null => card.Indicators[0].Members.Count > 0 ? Bands(card, card.Indicators[0]) : null,
        "heat" => card.Indicators[0].Series.Count > 0 ? Heat(card.Indicators[0]) : null,
        _ => null,
    };

    private string Unit(ShownIndicator of) => screen.Pack.Say(reader.Language, of.Indicator.Unit);

    private string Name(ShownIndicator of) => screen.Pack.Say(reader.Language, of.Indicator.Name);

    private string Figure(ShownIndicator of, double value) => Wording.Figure(value, Unit(of));

    private string NameOf(string region) => land.Regions.Find(region)?.Say(reader.Language) ?? region;

    private static string Write(object option) => JsonSerializer.Serialize(option, Plain);

    private string Join(IEnumerable<string> said) => string.Join(reader.English ? "; " : "；", said);

    // What stands beside others: a region, to which a click leads, or a value of a dimension, whose figure has a page.
    private sealed record Part(string Key, string Name, double Value, double? YearBefore, string? Code, string? To);

    // Only the regions that lie side by side, not what an older map calls by another code.
    private List<Part> PartsOf(ShownCard card, ShownIndicator of) => card.Card.By is not null
        ? [.. of.Members.Select(m => new Part(m.Member, screen.MemberOf(card, m.Member, reader.Language), m.Series[^1].Value, m.Series[^1].YearBefore, null, Address(screen, card, of, m.Member)))]
        : [.. screen.Parts.Select(r => of.Parts.FirstOrDefault(p => p.Region == r.Code)).OfType<ShownPart>().Select(p => new Part(p.Region, NameOf(p.Region), p.Value, p.YearBefore, p.Region, null))];

    /// <summary>The page of a figure on a card.</summary>
    /// <param name="member">A value of the card's dimension; null for the whole.</param>
    /// <param name="at">Its period; null for the card's own.</param>
    internal static string Address(ShownScreen screen, ShownCard card, ShownIndicator of, string? member = null, DateOnly? at = null) =>
        $"/desk/indicators/{screen.Pack.Id}/{of.Indicator.Id}?period={of.Period}&region={screen.Region.Code}&at={(at ?? of.At)?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}"
        + (screen.Known is { } known ? $"&known={known.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}" : "")
        + (card.Card.By is not { } by ? "" : $"&dimension={by.Name}{(member is null ? "" : $"&member={Uri.EscapeDataString(member)}")}");

    // Many values of a dimension make no chart: as many as there is room for, and what is left out is said.
    private string? Left(int count, int drawn) => count > drawn ? ScreenTexts.Say(reader.Language, "screen.rest-left", count - drawn) : null;

    private static string ColourOf(ShownIndicator of, double value, double least, double most) =>
        of.Indicator.Warn is { } warn ? Levels.Colour(warn.LevelOf((decimal)value)) : Levels.Step(value, least, most);

    private string Level(ShownIndicator of, double value) => of.Indicator.Warn is { } warn ? $" · {reader.Say("level." + (warn.LevelOf((decimal)value) ?? "none"))}" : "";

    private CardDrawing? Map(ShownIndicator of)
    {
        if (maps.Draw(screen.MapOf) is not { } map)
            return null;
        var figures = of.Parts.ToDictionary(p => p.Region);
        var shown = map.Areas.Select(a => (Area: a, Figures: a.Now.Select(n => figures.GetValueOrDefault(n)).OfType<ShownPart>().ToList())).ToList();
        var (least, most) = of.Parts.Count == 0 ? (0, 1) : (of.Parts.Min(p => p.Value), of.Parts.Max(p => p.Value));
        var lifted = screen.MapOf == screen.Region.Code ? "" : screen.Region.Code;
        string Fill(List<ShownPart> some) => some.Count == 1 ? ColourOf(of, some[0].Value, least, most) : Levels.Unknown;
        var option = new
        {
            tooltip = new { trigger = "item" },
            series = new[]
            {
                new
                {
                    type = "map", map = screen.MapOf, nameProperty = "code", roam = false, selectedMode = false, layoutCenter = (string[])["50%", "50%"], layoutSize = "96%",
                    label = new { show = false },
                    emphasis = new { label = new { show = false }, itemStyle = new { areaColor = "inherit", borderColor = "var(--ink)", borderWidth = 2 } },
                    data = shown.Select(s => new
                    {
                        name = s.Area.Code,
                        code = s.Area.Now.Count > 0 ? s.Area.Now[0] : null,
                        tip = Tip(of, s.Area, s.Figures),
                        // An area that several regions hold by now has no one figure, so it bears no colour of one.
                        itemStyle = new
                        {
                            areaColor = Fill(s.Figures),
                            borderColor = s.Area.Now.Contains(lifted) ? "var(--ink)" : s.Area.IsDated ? "var(--soft)" : "var(--card)",
                            borderWidth = s.Area.Now.Contains(lifted) ? 3 : 1.2,
                            borderType = s.Area.IsDated ? "dashed" : "solid",
                        },
                        emphasis = new { itemStyle = new { areaColor = Fill(s.Figures) } },
                    }).ToArray(),
                },
            },
        };
        return new CardDrawing(Write(option), $"{Name(of)}：{Join(shown.Select(s => Tip(of, s.Area, s.Figures)))}", screen.MapOf, [.. Legend(of, least, most)]);
    }

    private string Tip(ShownIndicator of, MapArea area, List<ShownPart> figures) =>
        (figures.Count == 0 ? $"{(area.Now.Count == 1 ? NameOf(area.Now[0]) : area.Name)} {reader.Say("map.no-figure")}" : Join(figures.Select(f => $"{NameOf(f.Region)} {Figure(of, f.Value)}{Level(of, f.Value)}")))
        + (area.IsDated ? $"（{reader.Say("map.older")}）" : "");

    private IEnumerable<(string, string)> Legend(ShownIndicator of, double least, double most)
    {
        if (of.Indicator.Warn is { } warn)
        {
            yield return (Levels.Colour(null), reader.Say("level.none"));
            foreach (var (level, when) in warn.Levels)
                yield return (Levels.Colour(level), $"{reader.Say("level." + level)} {Wording.Bound(when, "")}");
        }
        else if (of.Parts.Count > 0)
        {
            yield return (Levels.Steps[0], Figure(of, least));
            yield return (Levels.Steps[4], Figure(of, most));
        }
        yield return (Levels.Unknown, reader.Say("map.no-figure"));
    }

    private CardDrawing Trend(ShownCard card)
    {
        var period = card.Indicators[0].Period;
        var times = card.Indicators.SelectMany(i => i.Series).Select(f => f.At).Distinct().Order().ToList();
        var units = card.Indicators.Select(Unit).Distinct().ToList();
        var alone = card.Indicators.Count == 1 ? card.Indicators[0] : null;
        var most = card.Indicators.SelectMany(i => i.Series).Max(f => f.Value);
        var series = new List<object>();
        for (var i = 0; i < card.Indicators.Count; i++)
        {
            var (of, at) = (card.Indicators[i], card.Indicators[i].Series.ToDictionary(f => f.At));
            object Line(string name, string colour, string dash, Func<ShownFigure, double?> value, object? lines, object? areas) => new
            {
                name, type = "line", yAxisIndex = units.IndexOf(Unit(of)) == 1 && units.Count == 2 ? 1 : 0,
                symbol = times.Count > 60 ? "none" : new[] { "circle", "rect", "triangle", "diamond" }[i % 4], symbolSize = 6, connectNulls = false,
                lineStyle = new { width = 2.2, color = colour, type = dash }, itemStyle = new { color = colour },
                data = times.Select(t => at.GetValueOrDefault(t) is { } f && value(f) is { } v ? (object)new { value = Math.Round(v, 4), tip = $"{reader.Period(t, period)}  {name} {Figure(of, v)}" } : new { value = "-" }).ToArray(),
                markLine = lines, markArea = areas,
            };
            var isFirst = i == 0;
            series.Add(Line(Name(of), Levels.Series(i), isFirst || units.Count > 1 ? "solid" : (i % 2 == 0 ? "solid" : "dashed"), f => f.Value, isFirst ? Marks(alone, times, period, most) : null, isFirst ? Spans(times, period) : null));
            if (of.Series.Any(f => f.YearBefore is not null))
                series.Add(Line($"{Name(of)}{reader.Say("screen.year-before-tail")}", Levels.Series(i + (card.Indicators.Count == 1 ? 1 : 0)), "dotted", f => f.YearBefore, null, null));
        }
        var hasLegend = series.Count > 1;
        var option = new
        {
            grid = new { left = 8, right = 16, top = hasLegend ? 56 : 30, bottom = 8, containLabel = true },
            legend = new { show = hasLegend, top = 0, type = "scroll" },
            tooltip = new { trigger = "axis" },
            xAxis = new { type = "category", data = times.Select(t => Short(t, period)).ToArray(), axisLabel = new { hideOverlap = true } },
            yAxis = (units.Count == 2 ? units : units.Take(1)).Select((u, i) => new { type = "value", name = units.Count > 2 ? "" : u, nameTextStyle = new { align = i == 0 ? "left" : "right" }, scale = alone?.Indicator.Warn is null, splitLine = new { show = i == 0 } }).ToArray(),
            series,
        };
        return new CardDrawing(Write(option), Join(card.Indicators.Where(i => i.Series.Count > 0).Select(i =>
            reader.Say("trend.label", Name(i), reader.Period(i.Series[0].At, period), reader.Period(i.Series[^1].At, period), Figure(i, i.Series.Min(f => f.Value)), Figure(i, i.Series.Max(f => f.Value))))), null, []);
    }

    private CardDrawing MembersTrend(ShownCard card, ShownIndicator of)
    {
        var lines = of.Members.Select(m => (Name: screen.MemberOf(card, m.Member, reader.Language), m.Series, To: (string?)Address(screen, card, of, m.Member))).ToList();
        if (of.Rest is { Series.Count: > 0 } rest)
            lines.Add((ScreenTexts.Say(reader.Language, "screen.rest", rest.Count), rest.Series, null));
        var times = lines.SelectMany(l => l.Series).Select(f => f.At).Distinct().Order().ToList();
        var series = lines.Select((l, i) =>
        {
            var at = l.Series.ToDictionary(f => f.At);
            var colour = l.To is null ? "var(--soft)" : Levels.Series(i);
            return new
            {
                name = l.Name, type = "line", symbol = times.Count > 60 ? "none" : new[] { "circle", "rect", "triangle", "diamond" }[i % 4], symbolSize = 6, connectNulls = false,
                lineStyle = new { width = 2.2, color = colour, type = l.To is null ? "dotted" : i % 2 == 0 ? "solid" : "dashed" }, itemStyle = new { color = colour },
                data = times.Select(t => at.GetValueOrDefault(t) is { } f ? (object)new { value = Math.Round(f.Value, 4), to = l.To, tip = $"{reader.Period(t, of.Period)}  {l.Name} {Figure(of, f.Value)}" } : new { value = "-" }).ToArray(),
                markLine = i == 0 ? Marks(null, times, of.Period, 0) : null, markArea = i == 0 ? Spans(times, of.Period) : null,
            };
        }).ToArray();
        var option = new
        {
            grid = new { left = 8, right = 16, top = 56, bottom = 8, containLabel = true },
            legend = new { show = true, top = 0, type = "scroll" },
            tooltip = new { trigger = "axis" },
            xAxis = new { type = "category", data = times.Select(t => Short(t, of.Period)).ToArray(), axisLabel = new { hideOverlap = true } },
            yAxis = new[] { new { type = "value", name = Unit(of), nameTextStyle = new { align = "left" }, scale = true } },
            series,
        };
        return new CardDrawing(Write(option), Join(lines.Where(l => l.Series.Count > 0).Select(l =>
            reader.Say("trend.label", l.Name, reader.Period(l.Series[0].At, of.Period), reader.Period(l.Series[^1].At, of.Period), Figure(of, l.Series.Min(f => f.Value)), Figure(of, l.Series.Max(f => f.Value))))), null, [])
        { Left = of.Rest is { Series.Count: 0 } left ? ScreenTexts.Say(reader.Language, "screen.rest-left", left.Count) : null };
    }

    // Levels that warn lie across; events of one day stand upright.
    private object Marks(ShownIndicator? alone, List<DateOnly> times, string period, double most)
    {
        var lines = (alone?.Indicator.Warn?.Levels ?? []).Where(l => (double)l.When.Bound <= most * 1.25)
            .Select(l => (object)new { yAxis = l.When.Bound, lineStyle = new { color = Levels.Colour(l.Level), type = "dashed", width = 1.6 }, label = new { show = false } });
        var days = screen.Events.Where(e => e.FirstDay == e.LastDay && Place(e.FirstDay, times, period) is not null)
            .Select(e => (object)new { xAxis = Place(e.FirstDay, times, period), lineStyle = new { color = "var(--soft)", width = 1.4 }, label = new { show = true, formatter = e.Words, color = "var(--ink)", position = "insideEndTop" }, tip = $"{e.FirstDay} {e.Words}" });
        return new { symbol = "none", silent = true, data = lines.Concat(days).ToArray() };
    }

    private object? Spans(List<DateOnly> times, string period)
    {
        var spans = screen.Events.Where(e => e.FirstDay != e.LastDay).Select(e => (Event: e, From: Place(e.FirstDay, times, period, early: true), To: Place(e.LastDay, times, period))).Where(s => s.From is not null && s.To is not null)
            .Select(s => new object[] { new { xAxis = s.From, name = s.Event.Words, itemStyle = new { color = "var(--span)" }, label = new { color = "var(--ink)", position = "insideTop" } }, new { xAxis = s.To } }).ToArray();
        return spans.Length == 0 ? null : new { silent = true, data = spans };
    }

    // The period in which a day lies, as the axis writes it; of a day before all of them the first, where a span begins earlier.
    private static string? Place(string day, List<DateOnly> times, string period, bool early = false)
    {
        var on = DateOnly.ParseExact(day, "yyyy-MM-dd", CultureInfo.InvariantCulture);
        var at = times.FindLastIndex(t => t <= on);
        // What lies far behind the last period is not drawn on it.
        return at < 0 ? (early ? Short(times[0], period) : null) : at == times.Count - 1 && !early && on > Ends(times[^1], period) ? null : Short(times[at], period);
    }

    private static DateOnly Ends(DateOnly starts, string period) => period switch
    {
        "day" => starts,
        "week" => starts.AddDays(6),
        "quarter" => starts.AddMonths(3).AddDays(-1),
        "year" => starts.AddYears(1).AddDays(-1),
        _ => starts.AddMonths(1).AddDays(-1),
    };

    private static string Short(DateOnly at, string period) => period switch
    {
        "year" => at.ToString("yyyy", CultureInfo.InvariantCulture),
        "quarter" => $"{at.Year.ToString(CultureInfo.InvariantCulture)} Q{((at.Month + 2) / 3).ToString(CultureInfo.InvariantCulture)}",
        "day" or "week" => at.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        _ => at.ToString("yyyy-MM", CultureInfo.InvariantCulture),
    };

    private CardDrawing Bar(ShownCard card)
    {
        var units = card.Indicators.Select(Unit).Distinct().ToList();
        var all = card.Card.By is null ? [.. screen.Parts.Select(r => (Key: r.Code, Name: NameOf(r.Code)))] : card.Indicators.SelectMany(i => PartsOf(card, i)).DistinctBy(p => p.Key).Select(p => (p.Key, p.Name)).ToList();
        var places = card.Card.By is null ? all : [.. all.Take(Math.Max(6, card.Place.Span))];
        var series = new List<object>();
        for (var i = 0; i < card.Indicators.Count; i++)
        {
            var (of, at) = (card.Indicators[i], PartsOf(card, card.Indicators[i]).ToDictionary(p => p.Key));
            object Bars(string name, string colour, Func<Part, double?> value, string? pattern) => new
            {
                name, type = "bar", yAxisIndex = units.IndexOf(Unit(of)) == 1 && units.Count == 2 ? 1 : 0, barMaxWidth = 28, itemStyle = new { color = colour, decal = pattern is null ? null : new { symbol = pattern, dashArrayX = (int[])[1, 0], dashArrayY = (int[])[3, 3], rotation = -0.78, color = "rgba(255,255,255,.55)" } },
                data = places.Select(c => at.GetValueOrDefault(c.Key) is { } p && value(p) is { } v ? (object)new { value = Math.Round(v, 4), code = p.Code, to = p.To, tip = $"{p.Name}  {name} {Figure(of, v)}" } : new { value = "-" }).ToArray(),
            };
            series.Add(Bars(Name(of), Levels.Series(i), p => p.Value, i % 2 == 1 ? "rect" : null));
            if (at.Values.Any(p => p.YearBefore is not null))
                series.Add(Bars($"{Name(of)}{reader.Say("screen.year-before-tail")}", Levels.Series(i + (card.Indicators.Count == 1 ? 1 : 0)), p => p.YearBefore, "rect"));
        }
        var hasLegend = series.Count > 1;
        var option = new
        {
            grid = new { left = 8, right = 16, top = hasLegend ? 56 : 30, bottom = 8, containLabel = true },
            legend = new { show = hasLegend, top = 0, type = "scroll" },
            tooltip = new { trigger = "axis", axisPointer = new { type = "shadow" } },
            xAxis = new { type = "category", data = places.Select(p => p.Name).ToArray(), axisLabel = new { interval = 0, hideOverlap = true, rotate = places.Count > 8 || places.Any(p => p.Name.Length > 6) ? 35 : 0, width = 96, overflow = "truncate" } },
            yAxis = (units.Count == 2 ? units : units.Take(1)).Select((u, i) => new { type = "value", name = units.Count > 2 ? "" : u, nameTextStyle = new { align = i == 0 ? "left" : "right" }, splitLine = new { show = i == 0 } }).ToArray(),
            series,
        };
        return new CardDrawing(Write(option), Join(card.Indicators.SelectMany(i => PartsOf(card, i).Select(p => $"{p.Name} {Name(i)} {Figure(i, p.Value)}"))), null, []) { Left = Left(all.Count, places.Count) };
    }

    private CardDrawing Rank(ShownCard card, ShownIndicator of, List<Part> parts)
    {
        List<Part> all = [.. of.Indicator.HigherIsBetter ? parts.OrderByDescending(p => p.Value) : parts.OrderBy(p => p.Value)];
        // Levels that warn are of regions.
        var isJudged = of.Indicator.Warn is not null && card.Card.By is null;
        var ranked = card.Card.By is null ? all : [.. all.Take(Math.Max(8, 4 * (card.Place.Rows - 1)))];
        var (least, most) = (ranked.Min(p => p.Value), ranked.Max(p => p.Value));
        var option = new
        {
            grid = new { left = 8, right = 64, top = 6, bottom = 6, containLabel = true },
            tooltip = new { trigger = "item" },
            xAxis = new { type = "value", show = false, scale = false },
            yAxis = new { type = "category", inverse = true, data = ranked.Select((p, i) => $"{(i + 1).ToString(CultureInfo.InvariantCulture)} {p.Name}").ToArray(), axisTick = new { show = false }, axisLine = new { show = false }, axisLabel = new { interval = 0, width = 150, overflow = "truncate" } },
            series = new[]
            {
                new
                {
                    type = "bar", barMaxWidth = 18, label = new { show = true, position = "right", color = "var(--ink)" },
                    data = ranked.Select((p, i) => new
                    {
                        value = Math.Round(p.Value, 4), code = p.Code, to = p.To, label = new { formatter = Wording.Number(p.Value) }, tip = $"{i + 1}. {p.Name} {Figure(of, p.Value)}{(isJudged ? Level(of, p.Value) : "")}",
                        itemStyle = new { color = !isJudged ? Levels.Series(0) : ColourOf(of, p.Value, least, most), borderRadius = 3 },
                    }).ToArray(),
                },
            },
        };
        return new CardDrawing(Write(option), Join(all.Select((p, i) => $"{i + 1}. {p.Name} {Figure(of, p.Value)}")), null, !isJudged ? [] : [.. Legend(of, least, most)]) { Left = Left(all.Count, ranked.Count) };
    }

    private CardDrawing Pie(ShownIndicator of, List<Part> parts)
    {
        var sum = parts.Sum(p => p.Value);
        // Thin slices tell nothing; shares add up, so that what is left makes one.
        if (parts is [{ Code: null }, ..] && parts.Count > MostSlices)
            parts = [.. parts.Take(MostSlices - 1), new Part("", ScreenTexts.Say(reader.Language, "screen.rest", parts.Count - MostSlices + 1), parts.Skip(MostSlices - 1).Sum(p => p.Value), null, null, null)];
        string Said(Part p) => $"{p.Name} {Figure(of, p.Value)}（{Reader.Percent(p.Value / sum)}）";
        var option = new
        {
            tooltip = new { trigger = "item" },
            // Patterns tell neighbours apart where colours do not.
            aria = new { enabled = true, label = new { enabled = false }, decal = new { show = true } },
            series = new[]
            {
                new
                {
                    type = "pie", radius = (string[])["36%", "60%"], label = new { formatter = "{d}%", edgeDistance = 2 }, labelLine = new { length = 8, length2 = 6 }, itemStyle = new { borderColor = "var(--card)", borderWidth = 1 },
                    data = parts.Select((p, i) => new { name = p.Name, value = Math.Round(p.Value, 4), code = p.Code, to = p.To, tip = Said(p), itemStyle = new { color = Levels.Series(i) } }).ToArray(),
                },
            },
        };
        // Names stand below: beside a slice of a narrow card they would be cut into single characters.
        return new CardDrawing(Write(option), Join(parts.Select(Said)), null, [.. parts.Select((p, i) => (Levels.Series(i), $"{p.Name} {Reader.Percent(p.Value / sum)}"))]);
    }

    private CardDrawing Gauge(ShownIndicator of, ShownFigure latest)
    {
        var target = of.Light?.Target is { } bound ? (double)bound.Bound : (double?)null;
        var most = of.Indicator.Unit.StartsWith('%') && latest.Value <= 100 && target is null or <= 100 ? 100 : Round(Math.Max(latest.Value, target ?? 0) * 1.25);
        var colour = of.Light?.State switch { "met" => "var(--met)", "unmet" => "var(--unmet)", _ => Levels.Series(0) };
        var option = new
        {
            tooltip = new { trigger = "item" },
            series = new object[]
            {
                new
                {
                    type = "gauge", startAngle = 200, endAngle = -20, min = 0, max = most, radius = "100%", center = (string[])["50%", "64%"], splitNumber = 4,
                    progress = new { show = true, width = 14, itemStyle = new { color = colour } }, axisLine = new { lineStyle = new { width = 14, color = new object[] { new object[] { 1, "var(--line)" } } } },
                    axisTick = new { show = false }, splitLine = new { show = false }, axisLabel = new { distance = 20 }, pointer = new { show = false },
                    detail = new { formatter = Figure(of, latest.Value), fontSize = 22, fontWeight = 700, offsetCenter = (string[])["0%", "-8%"] }, title = new { show = false },
                    data = new[] { new { value = Math.Round(latest.Value, 4), tip = $"{reader.Period(latest.At, of.Period)} {Name(of)} {Figure(of, latest.Value)}" } },
                },
                new
                {
                    type = "gauge", startAngle = 200, endAngle = -20, min = 0, max = most, radius = "100%", center = (string[])["50%", "64%"], silent = true,
                    progress = new { show = false }, axisLine = new { show = false }, axisTick = new { show = false }, splitLine = new { show = false }, axisLabel = new { show = false }, detail = new { show = false }, title = new { show = false },
                    pointer = new { show = target is not null, length = "24%", width = 4, offsetCenter = (string[])["0%", "-78%"], itemStyle = new { color = "var(--ink)" } },
                    data = new[] { new { value = target ?? 0 } },
                },
            },
        };
        return new CardDrawing(Write(option), $"{reader.Period(latest.At, of.Period)} {Name(of)} {Figure(of, latest.Value)}", null, []);
    }

    private static double Round(double value)
    {
        if (value <= 0)
            return 1;
        var step = Math.Pow(10, Math.Floor(Math.Log10(value)));
        return Math.Ceiling(value / step * 2) / 2 * step;
    }

    // A row for each value of the dimension, a column for each period.
    private CardDrawing Bands(ShownCard card, ShownIndicator of)
    {
        var bands = of.Members.Select(m => (m.Member, Name: screen.MemberOf(card, m.Member, reader.Language), m.Series)).ToList();
        var times = bands.SelectMany(b => b.Series).Select(f => f.At).Distinct().Order().ToList();
        var (least, most) = (bands.Min(b => b.Series.Min(f => f.Value)), bands.Max(b => b.Series.Max(f => f.Value)));
        var option = new
        {
            grid = new { left = 8, right = 16, top = 8, bottom = 8, containLabel = true },
            tooltip = new { trigger = "item" },
            xAxis = new { type = "category", data = times.Select(t => Short(t, of.Period)).ToArray(), axisTick = new { show = false }, axisLabel = new { hideOverlap = true } },
            yAxis = new { type = "category", inverse = true, data = bands.Select(b => b.Name).ToArray(), axisTick = new { show = false }, axisLabel = new { interval = 0, width = 150, overflow = "truncate" } },
            series = new[]
            {
                new
                {
                    type = "heatmap",
                    data = bands.SelectMany((b, row) => b.Series.Select(f => new
                    {
                        value = (object[])[times.IndexOf(f.At), row, Math.Round(f.Value, 4)], to = Address(screen, card, of, b.Member, f.At), tip = $"{reader.Period(f.At, of.Period)}  {b.Name} {Figure(of, f.Value)}",
                        itemStyle = new { color = Levels.Step(f.Value, least, most), borderColor = "var(--card)", borderWidth = 1 },
                    })).ToArray(),
                },
            },
        };
        return new CardDrawing(Write(option), Join(bands.Select(b => reader.Say("trend.label", b.Name, reader.Period(b.Series[0].At, of.Period), reader.Period(b.Series[^1].At, of.Period), Figure(of, b.Series.Min(f => f.Value)), Figure(of, b.Series.Max(f => f.Value))))),
            null, [(Levels.Steps[0], Figure(of, least)), (Levels.Steps[4], Figure(of, most))])
        { Left = of.Rest is { } left ? ScreenTexts.Say(reader.Language, "screen.rest-left", left.Count) : null };
    }

    private CardDrawing Heat(ShownIndicator of)
    {
        var (least, most, last) = (of.Series.Min(f => f.Value), of.Series.Max(f => f.Value), of.Series[^1].At);
        // Whole months, and never fewer than four: a few days alone would be drawn as large as a year.
        var first = new DateOnly[] { of.Series[0].At, last.AddMonths(-3) }.Min();
        var option = new
        {
            tooltip = new { trigger = "item" },
            calendar = new
            {
                range = (string[])[first.ToString("yyyy-MM-01", CultureInfo.InvariantCulture), last.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)],
                left = 34, right = 10, top = 26, bottom = 6, cellSize = (string[])["auto", "auto"],
                dayLabel = new { firstDay = 1, nameMap = reader.English ? "EN" : "ZH" }, monthLabel = new { nameMap = reader.English ? "EN" : "ZH" }, yearLabel = new { show = false },
            },
            series = new[]
            {
                new
                {
                    type = "heatmap", coordinateSystem = "calendar",
                    data = of.Series.Select(f => new { value = (object[])[f.At.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), Math.Round(f.Value, 4)], tip = $"{reader.Day(f.At)} {Figure(of, f.Value)}{Level(of, f.Value)}", itemStyle = new { color = ColourOf(of, f.Value, least, most) } }).ToArray(),
                },
            },
        };
        return new CardDrawing(Write(option), reader.Say("trend.label", Name(of), reader.Day(of.Series[0].At), reader.Day(of.Series[^1].At), Figure(of, least), Figure(of, most)), null, [.. Legend(of, least, most)]);
    }
}
