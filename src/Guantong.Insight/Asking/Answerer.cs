using Guantong.Data;
using Guantong.Packs;
using Guantong.Trust;

namespace Guantong.Insight;

/// <summary>Answers questions in plain words: with the figures of indicators in force, or by a query over rows that the asker may see.</summary>
public sealed class Answerer(LexiconBook words, Warehouse warehouse, Figures figures, QueryRuns queries, Jurisdiction land) : IDisposable
{
    private const int MostSteps = 60;
    private readonly Figures _figures = figures;
    private readonly Jurisdiction _land = land;

    // Over days that are no period, figures come from rows: few at once.
    private readonly SemaphoreSlim _turns = new(2);

    /// <summary>Understands a question and answers it.</summary>
    /// <param name="home">Code of the asker's region; the jurisdiction's own where it is none of its regions.</param>
    /// <param name="given">Pieces that take the place of what is understood (<see cref="WishParameters"/>).</param>
    /// <param name="who">Whoever asks; rows are for those who may query them (<c>question.ask</c>). Null for anybody.</param>
    /// <exception cref="RefusedException">A query over rows took too long.</exception>
    public async Task<AnsweredQuestion> AskAsync(string question, DateOnly today, string? home = null, IReadOnlyDictionary<string, string>? given = null, Person? who = null, CancellationToken cancel = default)
    {
        // Who says that figures are meant is not asked about rows; who chose rows is understood by these alone.
        var chosen = given?.GetValueOrDefault("rows");
        var isIndicator = given?.GetValueOrDefault("indicators") is { Length: > 0 };
        var rows = who?.May("question.ask") != true || chosen?.Length == 0 || (chosen is null && isIndicator) ? [] : LexiconBook.RowsOf(queries.Askable(who));
        var lexicon = words.Now with { Rows = chosen is null ? rows : [.. rows.Where(r => r.Key == chosen)] };
        // Whoever is at home in a town asks about its county: that is where figures begin.
        var understood = Understanding.Read(question, lexicon, today, home is null ? null : _land.Regions.Upwards(home).FirstOrDefault(r => lexicon.Region(r.Code) is not null)?.Code);
        var (wish, faults) = WishParameters.Change(understood.Wish, given ?? new Dictionary<string, string>(), lexicon, today);
        understood = understood with { Wish = wish };
        return new AnsweredQuestion(understood, faults, [.. wish.Indicators.Select(k => Answer(k, wish, today, understood.Home)).OfType<FigureAnswer>()])
        {
            Rows = wish.Rows is null || who is null ? null : await new RowsAnswerer(queries, _land, who, wish, understood.Home).AnswerAsync(cancel),
        };
    }

    private FigureAnswer? Answer(string key, Wish wish, DateOnly today, string home)
    {
        if (words.Find(key) is not var (pack, indicator))
            return null;
        List<AskedBound?> bounds = [.. wish.When.Select(b => b.In(indicator.Unit))];
        if (bounds.Contains(null))
            return new FigureAnswer(pack, indicator, wish, wish.Time, null, false, [], 0, [], "", "ask.none.unit");
        var asking = new Wanted(this, pack, indicator, wish with { When = [.. bounds.OfType<AskedBound>()] }, today, home);
        return wish.By == "time" ? asking.OverTime() : asking.AtOnce();
    }

    private IReadOnlyList<Figure>? Computed(Pack pack, Indicator indicator, AskedTime time, string dimension)
    {
        _turns.Wait();
        try
        {
            return SpanFigures.Of(warehouse, pack, indicator, time.From, time.To, dimension)?.Where(v => _land.Regions.Find(v.Region) is not null).Select(v => new Figure(v.At, v.Region, v.Value, v.Rows) { Member = v.Member }).ToList();
        }
        finally
        {
            _turns.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _turns.Dispose();

    // One indicator and what is asked of it.
    private sealed class Wanted(Answerer all, Pack pack, Indicator indicator, Wish wish, DateOnly today, string home)
    {
        private readonly Figures _figures = all._figures;
        private readonly RegionTree _regions = all._land.Regions;

        private static readonly string[] Longest = ["year", "quarter", "month", "week", "day"];

        private string Dimension => wish.Dimension is { } word ? DimensionWords.Meant(pack, indicator, word) : "";

        /// <summary>Figures of one time: of regions, of their parts, by a dimension.</summary>
        public FigureAnswer AtOnce()
        {
            if (Time() is not { } time)
                return Empty("ask.none.ever");
            var dimension = Dimension;
            if (wish.Dimension is not null && dimension.Length == 0)
                return Empty("ask.none.dimension");
            var places = Places();
            if (Of(time, dimension) is not var (found, isComputed))
                return Empty("ask.none.days", time);
            var against = Against(time);
            var before = against is null ? null : Of(against, dimension)?.Found;
            var now = found.ToLookup(f => f.Region);
            var then = (before ?? []).ToDictionary(f => (f.Region, f.Member));
            var lines = places.SelectMany(p => Members(now[p], dimension), (p, f) => Line(p, f, time, f is null ? null : then.GetValueOrDefault((p, f.Member)))).ToList();
            // Of regions that were named it is said that there is no figure; of parts those with figures are told.
            if (wish.By != "whole")
                lines.RemoveAll(l => l.Value is null);
            var shown = Shown(lines);
            var (series, steps) = places.Count == 1 && dimension.Length == 0 ? Course(places[0], time) : ([], "");
            return new FigureAnswer(pack, indicator, wish, time, against, isComputed, shown, lines.Count, series, steps, lines.All(l => l.Value is null) ? "ask.none.time" : shown.Count == 0 ? "ask.none.bounds" : null);
        }

        /// <summary>Figures of one region, or several, period by period.</summary>
        public FigureAnswer OverTime()
        {
            var time = wish.Time is { } said && wish.Basis == "ytd" ? said.ToDate() : wish.Time;
            if ((wish.Period is { } wanted && indicator.Periods.Contains(wanted) ? wanted : time is null ? ((string[])["month", "quarter", "year", "week", "day"]).FirstOrDefault(indicator.Periods.Contains) : Finer(time)) is not { } period)
                return Empty("ask.none.steps", time);
            var (places, lines) = (Places(), new List<AnswerLine>());
            foreach (var place in places)
            {
                var all = _figures.Of(pack, indicator, period, place);
                var byDay = all.ToDictionary(f => f.At);
                foreach (var f in time is null ? all.TakeLast(MostSteps) : all.Where(f => f.At >= AskedTime.Of(time.From, period).From && f.At <= time.To))
                {
                    var step = AskedTime.Of(f.At, period);
                    var other = wish.Compare switch { "year" => period == "week" ? f.At.AddDays(-364) : step.YearBefore().From, "previous" => step.Previous().From, _ => (DateOnly?)null };
                    lines.Add(Line(place, f, step, other is { } day ? byDay.GetValueOrDefault(day) : null));
                }
            }
            if (lines.Count == 0)
                return Empty("ask.none.time", time);
            var shown = Shown(lines);
            return new FigureAnswer(pack, indicator, wish, time ?? new AskedTime(lines.Min(l => l.Time.From), lines.Max(l => l.Time.To), period), null, false, shown, lines.Count,
                places.Count == 1 ? [.. lines.Select(l => new Figure(l.Time.From, l.Region, l.Value!.Value, l.Rows))] : [], period, shown.Count == 0 ? "ask.none.bounds" : null);
        }

        private static IEnumerable<Figure?> Members(IEnumerable<Figure> of, string dimension) => dimension.Length == 0 ? of.Take(1).DefaultIfEmpty(null) : of.OrderBy(f => f.Member, StringComparer.Ordinal);

        private FigureAnswer Empty(string note, AskedTime? time = null) => new(pack, indicator, wish, time, null, false, [], 0, [], "", note);

        private AnswerLine Line(string region, Figure? now, AskedTime time, Figure? then) => new(region, now?.Member ?? "", time, now?.Value, now?.Rows ?? 0, then?.Value,
            now is null || then is null ? null : indicator.Unit.StartsWith('%') ? now.Value - then.Value : then.Value == 0 ? null : 100 * (now.Value - then.Value) / Math.Abs(then.Value));

        private List<AnswerLine> Shown(List<AnswerLine> lines)
        {
            var isOne = wish.By == "whole" && lines.Count == 1;
            // Whether a single figure keeps a bound is said in words.
            var kept = lines.Where(l => isOne || l.Value is not { } v ? isOne || wish.When.Count == 0 : wish.When.All(b => b.Holds(v)));
            var isDown = wish.Order switch { "highest" => true, "lowest" => false, "best" => indicator.HigherIsBetter, _ => !indicator.HigherIsBetter };
            if (wish.Order != "none")
                kept = isDown ? kept.OrderByDescending(l => l.Value ?? double.MinValue) : kept.OrderBy(l => l.Value ?? double.MaxValue);
            return [.. kept.Take(wish.Limit ?? Wish.MostLines)];
        }

        // The days asked for; of the latest period where none are said.
        private AskedTime? Time()
        {
            if (wish.Time is { } time)
                return wish.Basis == "ytd" ? time.ToDate() : time;
            if (wish.Basis == "ytd")
                return new AskedTime(new DateOnly(today.Year, 1, 1), today, "month");
            var period = wish.Period is { } wanted && indicator.Periods.Contains(wanted) ? wanted : Longest.FirstOrDefault(indicator.Periods.Contains);
            return period is not null && _figures.Latest(pack, indicator, period) is { } day ? AskedTime.Of(day, period) : null;
        }

        // Of a period that is not over, the same days of the year before are those until the same day.
        private AskedTime? Against(AskedTime time) => wish.Compare switch
        {
            "none" => null,
            "year" when time.From <= today && today < time.To => time.YearBefore() with { To = today.AddYears(-1) },
            "year" => time.YearBefore(),
            "previous" => time.Previous(),
            var said => AskedTime.Parse(said),
        };

        // The figures of a period where these days are one; else what rows of these days come to.
        private (IReadOnlyList<Figure> Found, bool IsComputed)? Of(AskedTime time, string dimension)
        {
            if (time.IsOne && indicator.Periods.Contains(time.Grain))
                return (_figures.Of(pack, indicator, new FigureQuery(time.Grain, null, time.From, time.From) { Dimension = dimension }), false);
            // What stands of the year to date has no line of a region or member that had no rows in the last month: only what cannot come from rows is taken from it.
            if (indicator.Composite is not null && time.From is { Month: 1, Day: 1 } && time.From.Year == time.To.Year && time.To.AddDays(1).Day == 1 && indicator.Periods.Contains(Indicator.YearToDate) && new DateOnly(time.To.Year, time.To.Month, 1) is var last)
                return (_figures.Of(pack, indicator, new FigureQuery(Indicator.YearToDate, null, last, last) { Dimension = dimension }), false);
            return all.Computed(pack, indicator, time, dimension) is { } found ? (found, true) : null;
        }

        private List<string> Places()
        {
            var named = wish.Regions.Count > 0 ? wish.Regions : [wish.By is "whole" or "time" || Parts(home).Count > 0 ? home : all._land.Root];
            return wish.By is "whole" or "time" || wish.Dimension is not null ? [.. named] : [.. named.SelectMany(Parts).Distinct()];
        }

        private List<string> Parts(string place)
        {
            var below = wish.By == "below" ? [] : _regions.All.Where(r => r.Level == wish.By && r.To is null && r.Code != place && _regions.Within(r.Code, place)).Select(r => r.Code).Order(StringComparer.Ordinal).ToList();
            // Where a jurisdiction has no cities, what lies right below it is meant.
            return below.Count > 0 ? below : wish.By == "county" ? [] : [.. _regions.Parts(place).Select(r => r.Code)];
        }

        private string? Finer(AskedTime time)
        {
            string[] finer = time.Grain switch { "year" => ["month", "quarter", "week", "day"], "half" or "quarter" => ["month", "week", "day"], "month" or "week" => ["day"], _ when time.Days > 92 => ["month", "week", "day"], _ => ["day", "week", "month"] };
            return (time.IsOne ? finer : finer.Prepend(time.Grain)).FirstOrDefault(indicator.Periods.Contains);
        }

        // What led to a figure: its own steps, or those before it.
        private (IReadOnlyList<Figure> Series, string Steps) Course(string region, AskedTime time)
        {
            if (Finer(time) is { } finer && wish.Time is not null && _figures.Of(pack, indicator, finer, region, AskedTime.Of(time.From, finer).From, time.To) is { Count: > 1 } steps)
                return (steps, finer);
            return indicator.Periods.Contains(time.Grain) && time.IsOne ? ([.. _figures.Of(pack, indicator, time.Grain, region, null, time.From).TakeLast(MostSteps)], time.Grain) : ([], "");
        }
    }
}
