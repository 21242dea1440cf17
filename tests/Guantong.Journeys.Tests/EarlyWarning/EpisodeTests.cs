using Guantong.Insight;
using Guantong.Packs;
using Guantong.Packs.Reading;
using Guantong.Trust;

namespace Guantong.Tests;

/// <summary>What a declaration makes of figures, without a platform.</summary>
public sealed class EpisodeTests
{
    private static readonly Region Province = new("330000", null, "浙江省", "Zhejiang", "province", null, null), City = new("330500", "330000", "湖州市", "Huzhou", "city", null, null);

    private static Warn Declared(string yaml)
    {
        var (warn, findings) = WarnReader.Read(yaml);
        Assert.Empty(findings.Select(f => f.Message("en")));
        return warn!;
    }

    // A figure a period from the first on; a NaN is a gap.
    private static IReadOnlyList<Episode> Evaluate(Warn warn, bool higherIsBetter, DateOnly first, Func<DateOnly, DateOnly> next, params double[] values)
    {
        var (figures, at) = (new List<Figure>(), first);
        foreach (var value in values)
        {
            if (!double.IsNaN(value))
                figures.Add(new Figure(at, City.Code, value, 1));
            at = next(at);
        }
        return Evaluation.Of(warn, higherIsBetter, [new WatchedRegion(City, [City, Province], figures)]);
    }

    private static string Told(IEnumerable<Episode> episodes) => string.Join("; ", episodes.Select(e => $"{e.First:MM-dd}–{e.Last:MM-dd} {e.Peak.Level}{(e.Ended is { } day ? $" ended {day:MM-dd}" : " running")}"));

    [Theory]
    // Without keep, one period below ends it, and so does one without a figure.
    [InlineData("", "80 20 80", "01-01–01-01 blue ended 01-02; 01-03–01-03 blue running")]
    [InlineData("", "80 - 80 20", "01-01–01-01 blue ended 01-02; 01-03–01-03 blue ended 01-04")]
    [InlineData("keep: 2", "80 20 80 20", "01-01–01-03 blue running")]
    [InlineData("keep: 2", "80 20 - 80 20 20 20", "01-01–01-01 blue ended 01-03; 01-04–01-04 blue ended 01-06")]
    [InlineData("quiet: P2D", "80 20 20 120", "01-01–01-04 yellow running")]
    [InlineData("quiet: P2D", "80 20 20 20 120", "01-01–01-01 blue ended 01-02; 01-05–01-05 yellow running")]
    [InlineData("keep: 2\nquiet: P1D", "80 20 20 120 20", "01-01–01-04 yellow running")]
    public void Episodes_are_kept_and_ended_as_it_is_declared(string more, string days, string told) => Assert.Equal(told,
        Told(Evaluate(Declared($"period: day\nregions: [city]\nlevels: {{blue: \"> 75\", yellow: \"> 115\"}}\n{more}\n"), false, new DateOnly(2026, 1, 1), d => d.AddDays(1), [.. days.Split(' ').Select(d => d == "-" ? double.NaN : double.Parse(d, System.Globalization.CultureInfo.InvariantCulture))])));

    [Fact]
    public void A_month_follows_a_month()
    {
        var warn = Declared("period: month\nregions: [city]\nlevels: {blue: \"< 90\"}\nsignals:\n  - {signal: year, by: change, to: last-year, as: absolute, levels: {orange: \">= 5\"}}\n");
        var episodes = Evaluate(warn, true, new DateOnly(2025, 1, 1), d => d.AddMonths(1), 95, 96, 94, 95, 96, 95, 94, 96, 95, 94, 95, 96, 89, 88, 94, 90);
        // It is better to be higher: to fall by five is bad, to rise is not.
        Assert.Equal("01-01–02-01 orange ended 03-01; 04-01–04-01 orange running", Told(episodes));
        Assert.Equal(["levels", "year"], episodes[0].Signals);
        var cause = episodes[1].Days[0].Causes.Single();
        Assert.Equal(("year", "change-last-year-absolute-fall", ">= 5"), (cause.Signal, cause.Code, cause.Bound));
        Assert.Equal((5.0, 95.0, 90.0), (cause.Numbers["change"], cause.Numbers["before"], cause.Numbers["value"]));
    }

    [Fact]
    public void A_p_chart_has_limits_by_what_each_share_is_taken_of()
    {
        var warn = Declared("period: day\nregions: [city]\nsignals:\n  - {signal: shift, by: control, chart: p, base: [2026-01-01, 2026-01-05], level: blue}\n");
        Figure At(int day, double share, long of) => new(new DateOnly(2026, 1, day), City.Code, share, of);
        Figure[] figures = [At(1, 90, 100), At(2, 92, 100), At(3, 90, 100), At(4, 88, 100), At(5, 90, 100), At(6, 78, 10), At(7, 78, 400)];
        var episode = Assert.Single(Evaluation.Of(warn, true, [new WatchedRegion(City, [City], figures)]));
        // Of ten, seventy-eight percent is nothing special; of four hundred it is.
        Assert.Equal(new DateOnly(2026, 1, 7), episode.First);
        Assert.Equal(85.5, episode.Peak.Causes.Single().Numbers["low"], 6);
    }

    [Theory]
    // The base has mean 50 and a mean moving range of 10, so a standard deviation of 8.87; test 4 wants fourteen after it.
    [InlineData("nelson: [3]", "51 52 53 54 55 56", "02-04–02-04 blue running", "连续六点持续上升或下降；中心线 50，")]
    [InlineData("nelson: [3]", "56 55 54 53 52 51", "", null)]
    [InlineData("nelson: [4]", "51 49 51 49 51 49 51 49 51 49 51 49 51 49", "02-12–02-12 blue running", "连续十四点升降交替；中心线 50，")]
    [InlineData("nelson: [1, 2, 4, 5, 6, 7, 8]", "51 52 53 54 55 56", "", null)]
    // Without rules, that of Western Electric does not count; with them both do, and say it once.
    [InlineData("nelson: [7]", "90", "", null)]
    [InlineData("rules: [1], nelson: [1]", "90", "01-30–01-30 blue running", "超出三倍标准差的控制限；中心线 50，")]
    public void Tests_of_Nelsons_warn_where_they_are_named(string keys, string days, string told, string? why)
    {
        var warn = Declared($"period: day\nregions: [city]\nsignals:\n  - {{signal: shift, by: control, {keys}, base: [2026-01-10, 2026-01-29], level: blue}}\n");
        var episodes = Evaluate(warn, false, new DateOnly(2026, 1, 10), d => d.AddDays(1), [.. Enumerable.Range(0, 20).Select(t => t % 2 == 0 ? 45.0 : 55), .. days.Split(' ').Select(d => double.Parse(d, System.Globalization.CultureInfo.InvariantCulture))]);
        Assert.Equal(told, Told(episodes));
        if (why is not null)
            Assert.StartsWith(why, string.Join('|', episodes[0].Days[0].Causes.Select(c => WarningWords.Say("zh", c, null, null, "day", null!))), StringComparison.Ordinal);
    }

    [Fact]
    public void Days_without_a_figure_are_zero_where_it_is_declared()
    {
        Figure[] figures = [.. new[] { 1, 4, 7, 9, 11, 12 }.Select(d => new Figure(new DateOnly(2026, 1, d), City.Code, d == 12 ? 9 : 1, 1))];
        string Run(string gaps) => Told(Evaluation.Of(Declared($"period: day\nregions: [city]\nsignals:\n  - {{signal: cluster, by: ears, form: C1{gaps}, levels: {{red: \"> 3\"}}}}\n"), false, [new WatchedRegion(City, [City], figures)]));
        Assert.Equal("", Run(""));
        Assert.Equal("01-12–01-12 red running", Run(", gaps: zero"));
    }

    [Fact]
    public void What_was_expected_of_figures_is_taken_over_up_to_the_first_that_came_went_or_changed()
    {
        var warn = Declared("period: day\nregions: [city]\nsignals:\n  - {signal: unusual, by: forecast, season: 7, levels: {blue: \"> 3\"}}\n");
        var (signal, first) = (warn.Signals[0], new DateOnly(2026, 1, 1));
        Figure[] figures = [.. Enumerable.Range(0, 40).Select(t => new Figure(first.AddDays(t), City.Code, 40 + t % 7 + t * 37 % 5, 1))];
        IReadOnlyList<Foreseen> Anew(IReadOnlyList<Figure> of) => new SignalRun(warn, false, of).Foresee(signal);
        // It is believed, whatever it is.
        Foreseen[] told = [.. Anew(figures).Take(30).Select(f => f with { Forecast = null })];
        void Holds(int places, params IReadOnlyList<Figure> of) => Assert.Equal([.. told[..places], .. Anew(of).Skip(places)], new SignalRun(warn, false, of, new Dictionary<string, IReadOnlyList<Foreseen>> { [SignalRun.Way(signal)] = told }).Foresee(signal));
        Holds(30, figures);
        Holds(15, figures[..15]);
        Holds(20, [.. figures[..20], figures[20] with { Value = 60 }, .. figures[21..]]);
        Holds(10, [.. figures[..10], .. figures[11..]]);
        Holds(0, [new Figure(first.AddDays(-1), City.Code, 41, 1), .. figures]);
        // Another way of reckoning knows nothing of it.
        Assert.NotEqual(SignalRun.Way(signal), SignalRun.Way(Declared("period: day\nregions: [city]\nsignals:\n  - {signal: unusual, by: forecast, season: 7, smoothing: [0.3, 0.1, 0.2], levels: {blue: \"> 3\"}}\n").Signals[0]));
    }

    [Fact]
    public void Figures_and_declarations_however_odd_give_episodes_and_no_fault()
    {
        var warn = Declared("""
            period: day
            regions: [city]
            levels: {blue: "> 999999999999999"}
            signals:
              - {signal: a, by: change, levels: {blue: "> 1"}}
              - {signal: b, by: forecast, season: 366, levels: {blue: "> 1"}}
              - {signal: c, by: control, rules: [1, 2, 3, 4], nelson: [1, 2, 3, 4, 5, 6, 7, 8], level: red}
              - {signal: d, by: ears, form: C3, levels: {blue: "> 0"}}
              - {signal: e, by: cusum, base: [2026-01-01, 2026-01-02], level: yellow}
            together:
              - {trigger: t, of: [a, b, c, d, e, levels], least: 1, within: P9999D, area: province, level: red}
            """);
        Assert.Empty(Evaluation.Of(warn, false, []));
        Assert.Empty(Evaluation.Of(warn, false, [new WatchedRegion(City, [City, Province], [])]));
        Assert.NotNull(Evaluate(warn, false, new DateOnly(2026, 1, 1), d => d.AddDays(1), 0, 0, double.NaN, 1e300, -1e300, double.MaxValue, double.MinValue, 0, 1, double.Epsilon, 0, 0, 0));
        // A date far off does not stretch the series over centuries.
        Assert.NotNull(Evaluation.Of(warn, true, [new WatchedRegion(City, [City], [new Figure(new DateOnly(2, 1, 1), City.Code, 5, 1), new Figure(new DateOnly(2026, 1, 1), City.Code, 5, 1), new Figure(new DateOnly(9998, 1, 1), City.Code, 7, 1)])]));
    }

    [Fact]
    public void What_is_declared_is_written_as_it_can_be_read_again()
    {
        var pack = PackReader.Read(PackFiles("""
            - indicator: i
              name: 指标
              unit: "%"
              by: {region: region, period: [day], at: day}
              value: "count(*)"
              better: lower
              warn:
                period: day
                regions: [province, city]
                levels: {blue: "> 75", red: "> 250"}
                keep: 2
                signals:
                  - {signal: jump, name: "突“升", by: change, levels: {yellow: "> 50"}}
                together:
                  - {trigger: several, of: [jump], least: 2, within: P3D, area: city, level: red}
            """)).Pack!;
        var (indicator, written) = (pack.Indicators[0], WarnReader.Write(pack.Indicators[0]));
        var read = Declared(written);
        Assert.Equal((2, "突“升", "> 50", 2), (read.Keep, read.Signals[0].Name, read.Signals[0].Levels[0].When.ToString(), read.Together[0].Least));
        Assert.Equal(indicator.Warn!.Levels, read.Levels);
    }

    private static PackFiles PackFiles(string indicators) => new("", new Dictionary<string, string>
    {
        ["pack.yaml"] = "pack: test.warn\nversion: 1.0.0\nname: 试\napplication: platform\nlead: 省生态环境厅\n",
        ["indicators.yaml"] = indicators,
    });
}
