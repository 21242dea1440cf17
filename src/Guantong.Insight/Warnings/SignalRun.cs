using System.Globalization;
using Guantong.Packs;
using Guantong.Packs.Checking;

namespace Guantong.Insight;

/// <summary>What was expected of a period's figure, as a chart shows it.</summary>
/// <param name="Low">The lower end of what is usual.</param>
/// <param name="High">The upper end.</param>
public sealed record Band(DateOnly At, double Expected, double Low, double High);

/// <summary>A figure with what was expected of it by those before it.</summary>
/// <param name="Forecast">Null where nothing could be said.</param>
public sealed record Foreseen(DateOnly At, double Value, Forecast? Forecast);

/// <summary>Holds a region's figures against the signals of a declaration. A pure function: each figure is judged by those before it alone.</summary>
public sealed class SignalRun
{
    // A wrong date among the rows must not stretch the series over centuries.
    private const int Longest = 20_000;
    private const int UsualBase = 20;
    private const double Share = 0.95;

    private readonly Warn _warn;
    private readonly int _bad;
    private readonly IReadOnlyList<Figure> _figures;
    private readonly int _first;
    private readonly double?[] _series;
    private readonly long[] _rows;
    private readonly IReadOnlyDictionary<string, IReadOnlyList<Foreseen>> _foreseen;

    /// <summary>Takes figures of one region and period.</summary>
    /// <param name="figures">In the order of time.</param>
    /// <param name="foreseen">What was expected of figures when they were looked at before, by <see cref="Way"/>: it holds as long as they and all before them are the same.</param>
    public SignalRun(Warn warn, bool higherIsBetter, IReadOnlyList<Figure> figures, IReadOnlyDictionary<string, IReadOnlyList<Foreseen>>? foreseen = null)
    {
        (_warn, _bad, _foreseen) = (warn, higherIsBetter ? -1 : 1, foreseen ?? new Dictionary<string, IReadOnlyList<Foreseen>>());
        if (figures.Count == 0)
        {
            (_figures, _series, _rows) = ([], [], []);
            return;
        }
        var last = PeriodSteps.Number(warn.Period, figures[^1].At);
        _first = Math.Max(PeriodSteps.Number(warn.Period, figures[0].At), last - Longest);
        _figures = [.. figures.Where(f => PeriodSteps.Number(warn.Period, f.At) >= _first)];
        _series = new double?[last - _first + 1];
        _rows = new long[_series.Length];
        foreach (var figure in _figures)
            (_series[Place(figure.At)], _rows[Place(figure.At)]) = (double.IsFinite(figure.Value) ? figure.Value : null, figure.Rows);
    }

    /// <summary>Why each period is at a warning level, fixed levels first; periods that are at none are left out.</summary>
    public IReadOnlyDictionary<DateOnly, IReadOnlyList<Cause>> Causes()
    {
        var causes = new Dictionary<DateOnly, List<Cause>>();
        void Add(Figure figure, Cause? cause)
        {
            if (cause is null)
                return;
            if (!causes.TryGetValue(figure.At, out var list))
                causes[figure.At] = list = [];
            list.Add(cause);
        }
        foreach (var figure in _figures)
            Add(figure, Fixed(figure.Value));
        foreach (var signal in _warn.Signals)
        {
            var judge = Judge(signal);
            foreach (var figure in _figures)
                Add(figure, judge(figure, Place(figure.At)));
        }
        return causes.ToDictionary(r => r.Key, r => (IReadOnlyList<Cause>)r.Value);
    }

    /// <summary>What was expected of each period by the first signal that expects something; none where no signal does.</summary>
    public IReadOnlyList<Band> Bands()
    {
        foreach (var signal in _warn.Signals)
        {
            List<Band> bands = [.. signal.By switch { "forecast" => Forecasts(signal), "control" => Limits(signal), "ears" => Baselines(signal), _ => [] }];
            if (bands.Count > 0)
                return bands;
        }
        return [];
    }

    private int Place(DateOnly at) => PeriodSteps.Number(_warn.Period, at) - _first;

    private Cause? Fixed(double value)
    {
        var shown = value is > -1e27 and < 1e27 ? (decimal)value : value > 0 ? 1e27m : -1e27m;
        return _warn.LevelOf(shown) is { } level
            ? Cause.Because(WarnProof.FixedLevels, "levels", level, _warn.Levels.First(l => l.Level == level).When.ToString(), ("value", value)) : null;
    }

    private Func<Figure, int, Cause?> Judge(Signal signal) => signal.By switch
    {
        "change" => Change(signal),
        "forecast" => Forecast(signal),
        "control" => Control(signal),
        "ears" => Cluster(signal),
        _ => Drift(signal),
    };

    private Func<Figure, int, Cause?> Change(Signal signal) => (figure, place) =>
    {
        var before = signal.To == "previous" ? Moments.At(_series, place - 1) : Moments.At(_series, Place(PeriodSteps.LastYear(_warn.Period, figure.At)));
        var judged = signal.As == "percent" ? RateOfChange.Percent(figure.Value, before) : RateOfChange.Absolute(figure.Value, before);
        return judged is { Score: { } change, Expected: { } was } && signal.LevelOf(_bad * change) is var (level, when)
            ? Cause.Because(signal.Id, $"change-{signal.To}-{signal.As}-{(change < 0 ? "fall" : "rise")}", level, when.ToString(), ("change", Math.Abs(change)), ("before", was), ("value", figure.Value)) : null;
    };

    private Func<Figure, int, Cause?> Forecast(Signal signal)
    {
        var forecasts = All(signal);
        return (figure, place) =>
        {
            if (forecasts[place] is not { } forecast)
                return null;
            var score = _bad * (figure.Value - forecast.Expected) / forecast.Error;
            var (low, high) = forecast.Interval(Share);
            return double.IsFinite(score) && signal.LevelOf(score) is var (level, when)
                ? Cause.Because(signal.Id, "forecast", level, when.ToString(), ("score", score), ("expected", forecast.Expected), ("low", low), ("high", high), ("value", figure.Value)) : null;
        };
    }

    /// <summary>The way in which a forecast signal reckons: signals of the same way expect the same.</summary>
    // The number before it is another one where the method comes to something else.
    public static string Way(Signal signal) => string.Create(CultureInfo.InvariantCulture, $"1/{signal.Season}{(signal.Smoothing is var (a, b, g) ? $"/{a}/{b}/{g}" : "")}");

    /// <summary>What a forecast signal expects of each figure. What was expected before is taken as it is, up to the first figure that came, went or changed since.</summary>
    public IReadOnlyList<Foreseen> Foresee(Signal signal)
    {
        IReadOnlyList<Foreseen> before = _foreseen.GetValueOrDefault(Way(signal)) ?? [];
        var same = 0;
        while (same < _figures.Count && same < before.Count && before[same].At == _figures[same].At && before[same].Value == _figures[same].Value)
            same++;
        if (same == _figures.Count)
            return before.Count == same ? before : [.. before.Take(same)];
        var fresh = SeasonalForecast.Each(_series, signal.Season, signal.Smoothing is var (a, b, g) ? new Smoothing(a, b, g) : null, _first, Place(_figures[same].At));
        return [.. before.Take(same), .. _figures.Skip(same).Select(f => new Foreseen(f.At, f.Value, fresh[Place(f.At)].Forecast))];
    }

    private Forecast?[] All(Signal signal)
    {
        var all = new Forecast?[_series.Length];
        foreach (var figure in Foresee(signal))
            all[Place(figure.At)] = figure.Forecast;
        return all;
    }

    private IEnumerable<Band> Forecasts(Signal signal)
    {
        var forecasts = All(signal);
        return from f in _figures
               let forecast = forecasts[Place(f.At)]
               where forecast is not null
               let interval = forecast.Interval(Share)
               select new Band(f.At, forecast.Expected, interval.Low, interval.High);
    }

    private Func<Figure, int, Cause?> Control(Signal signal)
    {
        var limits = Charted(signal);
        double?[] deviations = [.. limits.Select((l, place) => l is null ? (double?)null : Moments.At(_series, place) is { } x ? (x - l.Centre) / l.Sigma : null)];
        var (broken, failed) = (ControlChart.WesternElectric(deviations), ControlChart.Nelson(deviations));
        return (figure, place) =>
        {
            // What has no side is of a process that is not itself, which is bad on either.
            List<string> rules =
            [
                .. signal.Rules.Where(r => broken[place].GetValueOrDefault(r) == _bad).Order().Select(r => $"{r}"),
                .. signal.Nelson.Where(n => failed[place].TryGetValue(n, out var side) && (side == _bad || side == 0)).Order().Select(n => $"{Cause.NelsonTest}{n}"),
            ];
            return rules.Count > 0 && limits[place] is { } l
                ? Cause.Because(signal.Id, "control", signal.Level!, null, ("centre", l.Centre), ("low", l.Lower), ("high", l.Upper), ("value", figure.Value)) with { Of = rules } : null;
        };
    }

    // Limits of each place after the base; none within it.
    private ControlLimits?[] Charted(Signal signal)
    {
        var limits = new ControlLimits?[_series.Length];
        if (Base(signal) is not var (from, to))
            return limits;
        var individuals = signal.Chart == "p" ? null : ControlChart.Individuals(_series[from..(to + 1)]).Limits;
        var (counted, all) = (0.0, 0.0);
        for (var place = from; signal.Chart == "p" && place <= to; place++)
        {
            if (_series[place] is not { } share)
                continue;
            counted += share / 100 * _rows[place];
            all += _rows[place];
        }
        for (var place = to + 1; place < limits.Length; place++)
        {
            limits[place] = signal.Chart != "p" ? individuals
                : all > 0 && ControlChart.Share(counted / all, _rows[place]).Limits is { } l ? new ControlLimits(100 * l.Centre, 100 * l.Sigma, 100 * l.Lower, 100 * l.Upper) : null;
        }
        return limits;
    }

    private IEnumerable<Band> Limits(Signal signal)
    {
        var limits = Charted(signal);
        foreach (var figure in _figures)
        {
            if (limits[Place(figure.At)] is { } l)
                yield return new Band(figure.At, l.Centre, l.Lower, l.Upper);
        }
    }

    private Func<Figure, int, Cause?> Cluster(Signal signal)
    {
        var judged = Counted(signal);
        return (figure, place) => judged[place] is { Score: { } score, Expected: { } mean, Spread: { } spread } && signal.LevelOf(score) is var (level, when)
            ? Cause.Because(signal.Id, "ears", level, when.ToString(), ("score", score), ("mean", _bad * mean), ("spread", spread), ("value", figure.Value)) with { Of = [signal.Form] } : null;
    }

    private IReadOnlyList<Judged> Counted(Signal signal)
    {
        double?[] counts = [.. _series.Select(x => _bad * (x ?? (signal.GapsAreZero ? 0.0 : (double?)null)))];
        return signal.Form switch { "C1" => Ears.C1(counts, signal.Least), "C2" => Ears.C2(counts, signal.Least), _ => Ears.C3(counts, signal.Least) };
    }

    private IEnumerable<Band> Baselines(Signal signal)
    {
        var judged = Counted(signal);
        foreach (var figure in _figures)
        {
            if (judged[Place(figure.At)] is { Expected: { } mean, Spread: { } spread })
                yield return new Band(figure.At, _bad * mean, _bad * mean - 3 * spread, _bad * mean + 3 * spread);
        }
    }

    private Func<Figure, int, Cause?> Drift(Signal signal)
    {
        if (Base(signal) is not var (from, to))
            return (_, _) => null;
        double[] baseline = [.. _series[from..(to + 1)].OfType<double>()];
        if (baseline.Length < 2)
            return (_, _) => null;
        var (mean, deviation) = Moments.Of(baseline);
        double?[] after = [.. _series.Select((x, place) => place > to ? _bad * x : null)];
        var sums = Cusum.Upward(after, _bad * mean, deviation, signal.K);
        return (figure, place) => sums[place] is { Score: { } score } && score > signal.H
            ? Cause.Because(signal.Id, "cusum", signal.Level!, $"> {signal.H.ToString(CultureInfo.InvariantCulture)}", ("score", score), ("mean", mean), ("spread", deviation), ("value", figure.Value)) : null;
    }

    // First and last place of the figures that the others are compared with; null where there are too few.
    private (int From, int To)? Base(Signal signal)
    {
        var figures = signal.Base is var (first, last) ? [.. _figures.Where(f => f.At >= first && f.At <= last)] : (IReadOnlyList<Figure>)[.. _figures.Take(UsualBase)];
        return figures.Count == 0 || (signal.Base is null && figures.Count < UsualBase) ? null : (Place(figures[0].At), Place(figures[^1].At));
    }
}
