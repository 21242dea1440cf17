using System.Globalization;
using Guantong.Packs;
using Guantong.Trust;
using Guantong.Work;
using SkiaSharp;

namespace Guantong.Insight;

/// <summary>Draws the charts of a screen on paper: the same figures as on the screen, in colours that are told apart whatever one's eyes, with patterns, marks and words beside them.</summary>
/// <remarks>Okabe and Ito, Color Universal Design (2008), as the style sheet of screens has them.</remarks>
internal sealed class PaperChart(ShownScreen screen, Jurisdiction land, Maps maps, string lang)
{
    private const float Size = 9, Bar = 12, Gap = 5;

    private const int MostBars = 30, MostSlices = 8;

    private static readonly SKColor Ink = SKColor.Parse("#14222f"), Soft = SKColor.Parse("#5b6b79"), Rule = SKColor.Parse("#d5dbe1"), Unknown = SKColor.Parse("#e3e6ea");
    private static readonly SKColor[] Series = [.. ((string[])["#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#a89b00", "#000000"]).Select(SKColor.Parse)];
    private static readonly SKColor[] Steps = [.. ((string[])["#dcebf9", "#aecdee", "#78abe0", "#3f83ca", "#0b5cab"]).Select(SKColor.Parse)];
    private static readonly Dictionary<string, SKColor> Levels = new() { ["none"] = SKColor.Parse("#b8e0d2"), ["green"] = SKColor.Parse("#009e73"), ["blue"] = SKColor.Parse("#56b4e9"), ["yellow"] = SKColor.Parse("#f0e442"), ["orange"] = SKColor.Parse("#e69f00"), ["red"] = SKColor.Parse("#d55e00") };

    // A line over time; Second: whether it is held against the axis to the right.
    private sealed record Curve(string Name, IReadOnlyList<(DateOnly At, double Value)> Points, SKColor Colour, float[] Dash, bool Second);

    // What stands beside others, with a figure for each series.
    private sealed record Group(string Key, string Name, IReadOnlyList<(double? Value, string Unit, SKColor Colour)> Bars);

    /// <summary>The drawing of a card; null where it has nothing to draw.</summary>
    public PdfDrawing? Of(ShownCard card) => card.Card.As switch
    {
        "trend" => Trend(card),
        "bar" => Bars(card, isRank: false),
        "rank" => Bars(card, isRank: true),
        "pie" => Pie(card),
        "gauge" => card.Indicators[0] is { Latest: { } latest } of ? Gauge(of, latest) : null,
        "map" => Map(card.Indicators[0]),
        "heat" when card.Card.By is not null => card.Indicators[0] is { Members.Count: > 0 } of ? Bands(card, of) : null,
        "heat" => card.Indicators[0] is { Series.Count: > 0 } of ? Heat(of) : null,
        _ => null,
    };

    private string Unit(ShownIndicator of) => screen.Pack.Say(lang, of.Indicator.Unit);

    private string Name(ShownIndicator of) => screen.Pack.Say(lang, of.Indicator.Name);

    private static string Say(string lang, string key, params object?[] args) => ScreenTexts.Say(lang, key, args);

    private PdfDrawing? Trend(ShownCard card)
    {
        var period = card.Indicators[0].Period;
        var units = card.Indicators.Select(Unit).Distinct().ToList();
        var curves = card.Card.By is null ? [.. card.Indicators.SelectMany((of, i) => CurvesOf(card, of, i, units))] : MembersOf(card, card.Indicators[0]);
        if (curves.All(c => c.Points.Count < 2))
            return null;
        var times = curves.SelectMany(c => c.Points).Select(p => p.At).Distinct().Order().ToList();
        var legend = curves.Count > 1;
        var levels = card.Indicators is [{ Indicator.Warn: { } warn }] && card.Card.By is null ? warn.Levels : [];
        return new PdfDrawing(legend ? 190 : 170, (brush, box) =>
        {
            var top = box.Top + (legend ? Legend(brush, box.Left, box.Top, box.Width, [.. curves.Select(c => (c.Name, c.Colour, c.Dash))]) : 0) + 12;
            var area = new SKRect(box.Left + 40, top, box.Right - (units.Count == 2 ? 40 : 8), box.Bottom - 16);
            var scales = units.Count == 2
                ? (Scale(curves.Where(c => !c.Second), levels.Count > 0), Scale(curves.Where(c => c.Second), false))
                : (Scale(curves, levels.Count > 0), default);
            brush.Write(units.Count > 2 ? "" : units[0], box.Left, top - 4, Size, colour: Soft);
            if (units.Count == 2)
                brush.Write(units[1], box.Right, top - 4, Size, SKTextAlign.Right, Soft);
            float X(DateOnly at) => area.Left + (area.Width * (times.Count == 1 ? 0.5f : times.IndexOf(at) / (float)(times.Count - 1)));
            float Y(double value, (double Least, double Most, double Step) scale) => area.Bottom - (float)((value - scale.Least) / (scale.Most - scale.Least) * area.Height);
            for (var tick = scales.Item1.Least; tick <= scales.Item1.Most + (scales.Item1.Step / 2); tick += scales.Item1.Step)
            {
                brush.Line(area.Left, Y(tick, scales.Item1), area.Right, Y(tick, scales.Item1), Rule, 0.5f);
                brush.Write(Wording.Number(tick), area.Left - 4, Y(tick, scales.Item1) + 3, Size, SKTextAlign.Right, Soft);
            }
            for (var tick = scales.Item2.Least; units.Count == 2 && tick <= scales.Item2.Most + (scales.Item2.Step / 2); tick += scales.Item2.Step)
                brush.Write(Wording.Number(tick), area.Right + 4, Y(tick, scales.Item2) + 3, Size, SKTextAlign.Left, Soft);
            foreach (var (level, when) in levels.Where(l => (double)l.When.Bound <= scales.Item1.Most && (double)l.When.Bound >= scales.Item1.Least))
                brush.Stroke($"M{PdfBrush.At(area.Left, Y((double)when.Bound, scales.Item1))}L{PdfBrush.At(area.Right, Y((double)when.Bound, scales.Item1))}", Levels[level], 1, 4, 3);
            var (every, last) = (Math.Max(1, (int)Math.Ceiling(times.Count / 8.0)), times.Count - 1);
            for (var i = 0; i < times.Count; i += every)
                brush.Write(Short(times[i], period), X(times[i]), box.Bottom - 3, Size, i == 0 ? SKTextAlign.Left : i == last ? SKTextAlign.Right : SKTextAlign.Center, Soft);
            foreach (var curve in curves)
            {
                var scale = curve.Second ? scales.Item2 : scales.Item1;
                brush.Stroke(string.Concat(curve.Points.Select((p, i) => $"{(i == 0 || times.IndexOf(p.At) - times.IndexOf(curve.Points[i - 1].At) > 1 ? 'M' : 'L')}{PdfBrush.At(X(p.At), Y(p.Value, scale))}")), curve.Colour, 1.4f, curve.Dash);
                if (curve.Points is [.., var end])
                {
                    brush.Fill(X(end.At) - 2, Y(end.Value, scale) - 2, 4, 4, curve.Colour);
                    brush.Write(Wording.Number(end.Value), X(end.At), Y(end.Value, scale) - 4, Size, SKTextAlign.Right, Ink);
                }
            }
        });
    }

    private IEnumerable<Curve> CurvesOf(ShownCard card, ShownIndicator of, int at, List<string> units)
    {
        var second = units.Count == 2 && units.IndexOf(Unit(of)) == 1;
        yield return new Curve(Name(of), [.. of.Series.Select(f => (f.At, f.Value))], Series[at % Series.Length], at % 2 == 0 ? [] : [5, 3], second);
        if (of.Series.Any(f => f.YearBefore is not null))
            yield return new Curve(Say(lang, "screen.table.year-before", Name(of)), [.. of.Series.Where(f => f.YearBefore is not null).Select(f => (f.At, f.YearBefore!.Value))], Series[(at + (card.Indicators.Count == 1 ? 1 : 0)) % Series.Length], [1.5f, 2], second);
    }

    private List<Curve> MembersOf(ShownCard card, ShownIndicator of)
    {
        List<Curve> curves = [.. of.Members.Select((m, i) => new Curve(screen.MemberOf(card, m.Member, lang), [.. m.Series.Select(f => (f.At, f.Value))], Series[i % Series.Length], i % 2 == 0 ? [] : [5, 3], false))];
        if (of.Rest is { } rest)
            curves.Add(new Curve(Say(lang, rest.Series.Count > 0 ? "screen.rest" : "screen.rest-left", rest.Count), [.. rest.Series.Select(f => (f.At, f.Value))], Soft, [1.5f, 2], false));
        return curves;
    }

    // Bars lie: so names and figures are read without turning the page.
    private PdfDrawing? Bars(ShownCard card, bool isRank)
    {
        var (series, groups) = Groups(card);
        if (isRank)
            groups = [.. (card.Indicators[0].Indicator.HigherIsBetter ? groups.OrderByDescending(g => g.Bars[0].Value) : groups.OrderBy(g => g.Bars[0].Value)).Select((g, i) => g with { Name = $"{(i + 1).ToString(CultureInfo.InvariantCulture)} {g.Name}" })];
        if (groups.Count == 0)
            return null;
        var drawn = groups.Take(MostBars).ToList();
        var high = (series.Count * Bar) + Gap;
        var head = series.Count > 1 ? 16 : 0;
        return new PdfDrawing(head + (drawn.Count * high) + (groups.Count > drawn.Count ? 12 : 0), (brush, box) =>
        {
            if (series.Count > 1)
                Legend(brush, box.Left, box.Top, box.Width, [.. series.Select(s => (s.Name, s.Colour, Array.Empty<float>()))]);
            var wide = Math.Min(150, drawn.Max(g => brush.Measure(g.Name)) + 6);
            // Indicators of other units have a scale of their own.
            var most = series.Select((s, j) => (s.Unit, Most: drawn.Max(g => Math.Abs(g.Bars[j].Value ?? 0)))).GroupBy(s => s.Unit).ToDictionary(g => g.Key, g => g.Max(s => s.Most));
            var (left, room) = (box.Left + wide, box.Width - wide - 76);
            for (var i = 0; i < drawn.Count; i++)
            {
                var y = box.Top + head + (i * high);
                brush.Write(brush.Fit(drawn[i].Name, wide - 4), box.Left, y + (((series.Count * Bar) + 6) / 2), Size, colour: Ink);
                for (var j = 0; j < drawn[i].Bars.Count; j++)
                {
                    if (drawn[i].Bars[j] is not { Value: { } value } bar)
                        continue;
                    var length = most[bar.Unit] > 0 ? (float)(Math.Max(0, value) / most[bar.Unit] * room) : 0;
                    brush.Fill(left, y + (j * Bar), length, Bar - 2, bar.Colour);
                    brush.Write(Wording.Figure(value, bar.Unit), left + length + 3, y + (j * Bar) + 8.5f, Size, colour: Ink);
                }
            }
            if (groups.Count > drawn.Count)
                brush.Write(Say(lang, "screen.rest-left", groups.Count - drawn.Count), box.Left, box.Bottom - 2, Size, colour: Soft);
        });
    }

    private (List<(string Name, SKColor Colour, string Unit)> Series, List<Group> Groups) Groups(ShownCard card)
    {
        var columns = new List<(string Name, SKColor Colour, string Unit, Dictionary<string, double> By)>();
        foreach (var of in card.Indicators)
        {
            var figures = card.Card.By is null ? of.Parts.Select(p => (Key: p.Region, p.Value, p.YearBefore)) : of.Members.Select(m => (Key: m.Member, m.Series[^1].Value, m.Series[^1].YearBefore));
            var all = figures.ToList();
            columns.Add((Name(of), Series[columns.Count % Series.Length], Unit(of), all.ToDictionary(f => f.Key, f => f.Value)));
            if (all.Any(f => f.YearBefore is not null))
                columns.Add((Say(lang, "screen.table.year-before", Name(of)), Series[columns.Count % Series.Length], Unit(of), all.Where(f => f.YearBefore is not null).ToDictionary(f => f.Key, f => f.YearBefore!.Value)));
        }
        IEnumerable<(string Key, string Name)> places = card.Card.By is null ? screen.Parts.Select(r => (r.Code, r.Say(lang))) : columns.SelectMany(c => c.By.Keys).Distinct().Select(m => (m, screen.MemberOf(card, m, lang)));
        return ([.. columns.Select(c => (c.Name, c.Colour, c.Unit))],
            [.. places.Where(p => columns.Any(c => c.By.ContainsKey(p.Key))).Select(p => new Group(p.Key, p.Name, [.. columns.Select(c => (c.By.TryGetValue(p.Key, out var value) ? value : (double?)null, c.Unit, c.Colour))]))]);
    }

    private PdfDrawing? Pie(ShownCard card)
    {
        var (series, groups) = Groups(card);
        var slices = groups.Where(g => g.Bars[0].Value > 0).OrderByDescending(g => g.Bars[0].Value).Select(g => (g.Name, Value: g.Bars[0].Value!.Value)).ToList();
        if (slices.Count == 0)
            return null;
        if (card.Card.By is not null && slices.Count > MostSlices)
            slices = [.. slices.Take(MostSlices - 1), (Say(lang, "screen.rest", slices.Count - MostSlices + 1), slices.Skip(MostSlices - 1).Sum(s => s.Value))];
        var sum = slices.Sum(s => s.Value);
        return new PdfDrawing(Math.Max(140, (slices.Count * 13) + 8), (brush, box) =>
        {
            var (x, y, outer, inner) = (box.Left + 74, box.Top + 70, 64f, 34f);
            var from = -Math.PI / 2;
            for (var i = 0; i < slices.Count; i++)
            {
                // A whole ring has no two ends.
                var to = from + Math.Min(2 * Math.PI * slices[i].Value / sum, (2 * Math.PI) - 0.001);
                brush.Fill(Slice(x, y, outer, inner, from, to), Series[i % Series.Length], isHatched: i % 2 == 1);
                brush.Stroke(Slice(x, y, outer, inner, from, to), SKColors.White, 1);
                from = to;
                var line = box.Top + 12 + (i * 13);
                brush.Fill(box.Left + 160, line - 7, 9, 9, Series[i % Series.Length]);
                if (i % 2 == 1)
                    brush.Line(box.Left + 160, line + 2, box.Left + 169, line - 7, SKColors.White, 1.4f);
                brush.Write(brush.Fit($"{slices[i].Name}  {Wording.Figure(slices[i].Value, series[0].Unit)}（{(slices[i].Value / sum).ToString("0.#%", CultureInfo.InvariantCulture)}）", box.Width - 176), box.Left + 174, line, Size, colour: Ink);
            }
        });
    }

    private static string Slice(float x, float y, float outer, float inner, double from, double to)
    {
        string At(double angle, float radius) => PdfBrush.At(x + (float)(radius * Math.Cos(angle)), y + (float)(radius * Math.Sin(angle)));
        var isLarge = to - from > Math.PI ? 1 : 0;
        return string.Create(CultureInfo.InvariantCulture, $"M{At(from, outer)}A{outer} {outer} 0 {isLarge} 1 {At(to, outer)}L{At(to, inner)}A{inner} {inner} 0 {isLarge} 0 {At(from, inner)}Z");
    }

    // A bar towards its target: a dial says no more, and takes more ink.
    private PdfDrawing Gauge(ShownIndicator of, ShownFigure latest) => new(40, (brush, box) =>
    {
        var target = of.Light?.Target is { } bound ? (double)bound.Bound : (double?)null;
        var scale = Scale([latest.Value, target ?? 0], fromZero: true);
        float X(double value) => box.Left + (float)((value - scale.Least) / (scale.Most - scale.Least) * (box.Width - 70));
        brush.Fill(box.Left, box.Top + 10, box.Width - 70, 14, Rule);
        brush.Fill(X(Math.Min(0, latest.Value)), box.Top + 10, X(Math.Max(0, latest.Value)) - X(Math.Min(0, latest.Value)), 14, of.Light?.State == "unmet" ? Series[5] : Series[0]);
        brush.Write(Wording.Figure(latest.Value, Unit(of)), box.Right - 64, box.Top + 21, 10, colour: Ink);
        if (target is { } wanted)
        {
            brush.Line(X(wanted), box.Top + 6, X(wanted), box.Top + 28, Ink, 2);
            brush.Write($"{Say(lang, "screen.table.target")} {Wording.Bound(of.Light!.Target!, Unit(of))} · {Say(lang, "screen.table.light." + of.Light.State)}", box.Left, box.Top + 37, Size, colour: Soft);
        }
    });

    private PdfDrawing? Map(ShownIndicator of)
    {
        if (maps.Draw(screen.MapOf) is not { } map)
            return null;
        var figures = of.Parts.ToDictionary(p => p.Region);
        var (least, most) = figures.Count == 0 ? (0, 1) : (figures.Values.Min(p => p.Value), figures.Values.Max(p => p.Value));
        return new PdfDrawing(300, (brush, box) =>
        {
            var scale = (float)Math.Min(box.Width / map.Width, 276 / map.Height);
            var left = box.Left + ((box.Width - (float)(map.Width * scale)) / 2);
            var shown = map.Areas.Select(a => (Area: a, Figure: a.Now.Count == 1 ? figures.GetValueOrDefault(a.Now[0]) : null)).ToList();
            brush.Moved(left, box.Top, scale, () =>
            {
                foreach (var (area, figure) in shown)
                {
                    brush.Fill(area.Path, figure is null ? Unknown : ColourOf(of, figure.Value, least, most));
                    brush.Stroke(area.Path, Soft, 0.6f / scale, area.IsDated ? [3 / scale, 2 / scale] : []);
                }
            });
            foreach (var (area, figure) in shown)
            {
                var bounds = PdfBrush.Bounds(area.Path);
                var (x, y) = (left + (bounds.MidX * scale), box.Top + (bounds.MidY * scale));
                brush.Write(area.Now.Count == 1 ? land.Regions.Find(area.Now[0])?.Say(lang) ?? area.Name : area.Name, x, y - 1, 8, SKTextAlign.Center, Ink);
                if (figure is not null)
                    brush.Write(Wording.Number(figure.Value), x, y + 9, 9, SKTextAlign.Center, Ink);
            }
            Keys(brush, box, of, least, most);
        });
    }

    private void Keys(PdfBrush brush, SKRect box, ShownIndicator of, double least, double most)
    {
        List<(string, SKColor, float[])> keys = of.Indicator.Warn is { } warn
            ? [(Say(lang, "screen.table.level.none"), Levels["none"], []), .. warn.Levels.Select(l => ($"{Say(lang, "screen.table.level." + l.Level)} {Wording.Bound(l.When, "")}", Levels[l.Level], Array.Empty<float>()))]
            : [(Wording.Figure(least, Unit(of)), Steps[0], []), (Wording.Figure(most, Unit(of)), Steps[4], [])];
        Legend(brush, box.Left, box.Bottom - 14, box.Width, keys);
    }

    private PdfDrawing Heat(ShownIndicator of)
    {
        var (least, most, last) = (of.Series.Min(f => f.Value), of.Series.Max(f => f.Value), of.Series[^1].At);
        var first = of.Series[0].At is var begins && begins < last.AddMonths(-3) ? begins : last.AddMonths(-3);
        // Weeks stand beside each other, from Monday down.
        static DateOnly Monday(DateOnly day) => day.AddDays(-(((int)day.DayOfWeek + 6) % 7));
        var weeks = ((Monday(last).DayNumber - Monday(first).DayNumber) / 7) + 1;
        return new PdfDrawing(112, (brush, box) =>
        {
            var cell = Math.Min(11, (box.Width - 10) / weeks);
            foreach (var figure in of.Series)
            {
                var (week, day) = ((Monday(figure.At).DayNumber - Monday(first).DayNumber) / 7, ((int)figure.At.DayOfWeek + 6) % 7);
                brush.Fill(box.Left + (week * cell), box.Top + 14 + (day * cell), cell - 0.8f, cell - 0.8f, ColourOf(of, figure.Value, least, most));
            }
            for (var month = new DateOnly(first.Year, first.Month, 1); month <= last; month = month.AddMonths(1))
            {
                if (month >= first)
                    brush.Write(Short(month, "month"), box.Left + ((Monday(month).DayNumber - Monday(first).DayNumber) / 7 * cell), box.Top + 9, 6.5f, colour: Soft);
            }
            Keys(brush, box, of, least, most);
        });
    }

    private PdfDrawing Bands(ShownCard card, ShownIndicator of)
    {
        var times = of.Members.SelectMany(m => m.Series).Select(f => f.At).Distinct().Order().ToList();
        var (least, most) = (of.Members.Min(m => m.Series.Min(f => f.Value)), of.Members.Max(m => m.Series.Max(f => f.Value)));
        const float left = 110, row = 13;
        return new PdfDrawing((row * of.Members.Count) + 40, (brush, box) =>
        {
            var wide = (box.Width - left - 8) / times.Count;
            // As many times are written as there is room for.
            var every = (int)Math.Ceiling(42 / wide);
            for (var i = 0; i < times.Count; i += every)
                brush.Write(Short(times[i], of.Period), box.Left + left + (i * wide), box.Top + 9, 6.5f, colour: Soft);
            foreach (var (member, i) in of.Members.Select((m, i) => (m, i)))
            {
                var top = box.Top + 14 + (i * row);
                brush.Write(brush.Fit(screen.MemberOf(card, member.Member, lang), left - 6, Size), box.Left, top + 9, Size);
                foreach (var figure in member.Series)
                    brush.Fill(box.Left + left + (times.IndexOf(figure.At) * wide), top, wide - 0.8f, row - 0.8f, Step(figure.Value, least, most));
            }
            Legend(brush, box.Left, box.Bottom - 14, box.Width, [(Wording.Figure(least, Unit(of)), Steps[0], []), (Wording.Figure(most, Unit(of)), Steps[4], []), .. of.Rest is { } rest ? [(Say(lang, "screen.rest-left", rest.Count), SKColors.White, Array.Empty<float>())] : Array.Empty<(string, SKColor, float[])>()]);
        });
    }

    private static SKColor Step(double value, double least, double most) => Steps[most > least ? Math.Min(4, (int)((value - least) / (most - least) * 5)) : 2];

    private static SKColor ColourOf(ShownIndicator of, double value, double least, double most) =>
        of.Indicator.Warn is { } warn ? Levels[warn.LevelOf((decimal)value) ?? "none"] : Step(value, least, most);

    // Writes what colours and dashes mean, on as many lines as it takes; how high it is.
    private static float Legend(PdfBrush brush, float left, float top, float wide, IReadOnlyList<(string Text, SKColor Colour, float[] Dash)> keys)
    {
        var (x, y) = (left, top + 9);
        foreach (var (text, colour, dash) in keys)
        {
            var said = brush.Fit(text, 140);
            var width = brush.Measure(said) + 26;
            if (x > left && x + width > left + wide)
                (x, y) = (left, y + 11);
            if (dash.Length == 0)
                brush.Fill(x, y - 6, 12, 6, colour);
            else
                brush.Stroke($"M{PdfBrush.At(x, y - 3)}L{PdfBrush.At(x + 12, y - 3)}", colour, 2, dash);
            brush.Write(said, x + 15, y, Size, colour: Ink);
            x += width;
        }
        return y - top;
    }

    private static (double Least, double Most, double Step) Scale(IEnumerable<Curve> curves, bool fromZero) => Scale([.. curves.SelectMany(c => c.Points).Select(p => p.Value)], fromZero);

    // Round steps, four or so, around what there is.
    private static (double Least, double Most, double Step) Scale(double[] values, bool fromZero)
    {
        if (values.Length == 0)
            return (0, 1, 1);
        var (least, most) = (fromZero ? Math.Min(0, values.Min()) : values.Min(), values.Max());
        if (most - least < 1e-9)
            (least, most) = (Math.Min(least, 0), Math.Max(most, least + 1));
        var rough = (most - least) / 4;
        var power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        var step = power * (rough / power) switch { <= 1 => 1, <= 2 => 2, <= 5 => 5, _ => 10 };
        return (Math.Floor(least / step) * step, Math.Ceiling(most / step) * step, step);
    }

    private static string Short(DateOnly at, string period) => at.ToString(period switch { "year" => "yyyy", "day" or "week" => "MM-dd", _ => "yyyy-MM" }, CultureInfo.InvariantCulture);
}
