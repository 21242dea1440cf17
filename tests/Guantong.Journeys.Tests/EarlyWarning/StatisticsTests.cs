using Guantong.Insight;

namespace Guantong.Tests;

/// <summary>The statistics of early warning against worked examples that others have published.</summary>
public sealed class StatisticsTests
{
    // D. C. Montgomery, Introduction to Statistical Quality Control, 7th ed., table 9.1: μ₀ = 10, σ = 1, k = 0.5; the last ten come from a mean of 11.
    private static readonly double?[] Shifted =
        [9.45, 7.99, 9.29, 11.66, 12.16, 10.18, 8.04, 11.46, 9.20, 10.34, 9.03, 11.47, 10.51, 9.40, 10.08, 9.37, 10.62, 10.31, 8.52, 10.84, 10.90, 9.33, 12.29, 11.50, 10.60, 11.08, 10.38, 11.62, 11.31, 10.52];

    // NIST/SEMATECH e-Handbook of Statistical Methods, 6.3.2.3: target 325, k = 0.3175 (half of a standard deviation of 0.6350).
    private static readonly double?[] Nist = [324.925, 324.675, 324.725, 324.350, 325.350, 325.225, 324.125, 324.525, 325.225, 324.600, 324.625, 325.150, 328.325, 327.250, 327.825, 328.500, 326.675, 327.775, 326.875, 328.350];

    [Fact]
    public void A_cumulative_sum_is_that_of_Montgomerys_table()
    {
        var (up, down) = (Cusum.Upward(Shifted, 10, 1, 0.5), Cusum.Downward(Shifted, 10, 1, 0.5));
        Assert.Equal([0, 0, 0, 1.16, 2.82, 2.50, 0.04, 1.00, 0, 0], up.Take(10).Select(c => Math.Round(c.Score!.Value, 2)));
        Assert.Equal([0.05, 1.56, 1.77, 0, 0, 0, 1.46, 0, 0.30, 0], down.Take(10).Select(c => Math.Round(c.Score!.Value, 2)));
        // With h = 5 it is first exceeded at the twenty-ninth.
        Assert.Equal(29, 1 + up.ToList().FindIndex(c => c.Score > 5));
        Assert.Equal((5.28, 5.30), (Math.Round(up[28].Score!.Value, 2), Math.Round(up[29].Score!.Value, 2)));
        Assert.All(Cusum.TwoSided(Shifted, 10, 1, 0.5).Zip(up.Zip(down)), c => Assert.Equal(Math.Max(c.Second.First.Score!.Value, c.Second.Second.Score!.Value), c.First.Score));
    }

    [Fact]
    public void A_cumulative_sum_is_that_of_the_NIST_handbook()
    {
        var sums = Cusum.Upward(Nist, 325, 0.6350, 0.5).Select(c => c.Score!.Value * 0.6350).ToList();
        Assert.Equal([3.01, 4.94, 7.45, 10.63, 11.99, 14.44, 16.00, 19.04], sums[12..], (published, here) => Math.Abs(published - here) < 0.0051);
    }

    [Theory]
    // NIST/SEMATECH e-Handbook 6.3.2.2, ten batches.
    [InlineData("49.6 47.6 49.9 51.3 47.8 51.2 52.6 52.4 53.6 52.1", 50.81, 45.8159, 55.8041)]
    // Montgomery, table 6.6: costs of processing loan applications.
    [InlineData("310 288 297 298 307 303 294 297 308 306 294 299 297 299 314 295 293 306 301 304", 300.5, 279.78, 321.22)]
    public void Limits_of_individual_figures_are_those_that_were_published(string figures, double centre, double lower, double upper)
    {
        var (limits, why) = ControlChart.Individuals([.. figures.Split(' ').Select(f => (double?)double.Parse(f, System.Globalization.CultureInfo.InvariantCulture))]);
        Assert.Null(why);
        Assert.Equal((centre, lower, upper), (Math.Round(limits!.Centre, 2), Math.Round(limits.Lower, upper > 100 ? 2 : 4), Math.Round(limits.Upper, upper > 100 ? 2 : 4)), (a, b) => Math.Abs(a.Item1 - b.Item1) < 0.005 && Math.Abs(a.Item2 - b.Item2) < 0.006 && Math.Abs(a.Item3 - b.Item3) < 0.006);
    }

    [Fact]
    public void Limits_of_a_share_are_those_of_the_NIST_handbook()
    {
        // 6.3.3.2: p̄ = 0.2313 over samples of fifty.
        var (limits, _) = ControlChart.Share(0.2313, 50);
        Assert.Equal((0.0524, 0.4102), (Math.Round(limits!.Lower, 4), Math.Round(limits.Upper, 4)), (a, b) => Math.Abs(a.Item1 - b.Item1) < 0.0002 && Math.Abs(a.Item2 - b.Item2) < 0.0002);
        // Where few are counted, it is wide, and never below nothing or above all.
        Assert.Equal(0, ControlChart.Share(0.2313, 5).Limits!.Lower);
        Assert.Equal(1, ControlChart.Share(0.9, 2).Limits!.Upper);
    }

    [Fact]
    public void The_four_rules_of_Western_Electric_fire_where_they_are_broken_and_nowhere_else()
    {
        static string Broken(params double?[] z) => string.Join(' ', ControlChart.WesternElectric(z).Select(b => b.Count == 0 ? "-" : string.Join('+', b.OrderBy(r => r.Key).Select(r => $"{r.Key}{(r.Value > 0 ? "↑" : "↓")}"))));
        Assert.Equal("- - 1↑ -", Broken(0, 1, 3.1, 2));
        Assert.Equal("- - 2↓", Broken(-2.1, 0.5, -2.2));
        Assert.Equal("- - - -", Broken(2.1, 0.5, 0.5, 2.2));
        Assert.Equal("- - - - 3↑", Broken(1.1, 1.2, 0.2, 1.3, 1.4));
        Assert.Equal("- - - - - - - 4↓ 4↓", Broken(-0.1, -0.2, -0.1, -0.3, -0.1, -0.2, -0.1, -0.3, -0.2));
        // A gap ends what runs over it.
        Assert.Equal("- - - - - - - - -", Broken(0.1, 0.2, 0.1, 0.3, null, 0.1, 0.2, 0.1, 0.3));
    }

    [Theory]
    [InlineData("0 1 3.1 2", "- - 1↑ -")]
    // Nine, where Western Electric's rule wants eight.
    [InlineData("-.1 -.2 -.1 -.3 -.1 -.2 -.1 -.3 -.2 -.1", "- - - - - - - - 2↓ 2↓")]
    // Six that rise are five steps; figures that are alike do not rise.
    [InlineData("-.9 -.5 -.2 .1 .4 .8 .9", "- - - - - 3↑ 3↑")]
    [InlineData("2.5 1.9 .9 .4 -.2 -1.5", "- - - - - 3↓")]
    [InlineData("-.9 -.5 -.2 -.2 .4 .8 .9", "- - - - - - -")]
    [InlineData(".5 -.5 .6 -.4 .7 -.5 .2 -.6 .3 -1.2 .4 -.3 .8 -.1", "- - - - - - - - - - - - - 4")]
    // One that does not turn, and it begins anew.
    [InlineData(".5 -.5 .6 -.4 .7 -.5 .2 1.2 .3 1.4 .4 .8 -.2 .9 .1", "- - - - - - - - - - - - - - -")]
    [InlineData("-2.1 .5 -2.2", "- - 5↓")]
    [InlineData("2.1 .5 -2.2", "- - -")]
    [InlineData("1.1 1.2 .2 1.3 1.4", "- - - - 6↑")]
    [InlineData(".1 -.9 .4 1 .2 .3 -1 .5 .4 -.3 -.2 .6 .7 .2 -.1 1.1", "- - - - - - - - - - - - - - 7 -")]
    [InlineData("1.1 -1.2 1.3 1.4 -1.1 -1.5 1.2 -1.3 1.1 .9", "- - - - - - - 8 8 -")]
    // All on one side they are no mixture, but four of five beyond one.
    [InlineData("1.1 1.2 1.3 1.2 1.1 1.5 1.2 1.3", "- - - 6↑ 6↑ 6↑ 6↑ 6↑")]
    // A gap ends what runs over it.
    [InlineData("-.9 -.5 -.2 x .4 .8 .9 1.1 1.2", "- - - - - - - - -")]
    public void The_eight_tests_of_Nelson_fire_where_they_are_failed_and_nowhere_else(string z, string broken) =>
        Assert.Equal(broken, string.Join(' ', ControlChart.Nelson([.. z.Split(' ').Select(f => double.TryParse(f, System.Globalization.CultureInfo.InvariantCulture, out var x) ? x : (double?)null)])
            .Select(b => b.Count == 0 ? "-" : string.Join('+', b.OrderBy(r => r.Key).Select(r => $"{r.Key}{(r.Value > 0 ? "↑" : r.Value < 0 ? "↓" : "")}")))));

    [Fact]
    public void A_shift_of_one_standard_deviation_escapes_a_chart_that_a_cumulative_sum_sees()
    {
        // Montgomery, 7th ed., §9.1: no figure of table 9.1 lies beyond the limits; the last eight run above the centre, which is one short of Nelson's nine.
        double?[] z = [.. Shifted.Select(x => x - 10)];
        Assert.All(ControlChart.Nelson(z), Assert.Empty);
        Assert.Equal([(29, 4)], ControlChart.WesternElectric(z).SelectMany((b, t) => b.Keys.Select(rule => (t, rule))));
        Assert.Equal(2, ControlChart.Nelson([.. z, 0.3])[30].Keys.Single());
    }

    [Theory]
    [InlineData(0.5, 0), InlineData(0.975, 1.959963984540054), InlineData(0.999, 3.090232306167813), InlineData(1e-10, -6.361340902404056)]
    public void Normal_quantiles_are_those_of_the_tables(double p, double z) => Assert.Equal(z, Quantiles.Normal(p), 12);

    [Theory]
    // Abramowitz and Stegun, table 26.10.
    [InlineData(0.975, 1, 12.706), InlineData(0.975, 2, 4.303), InlineData(0.995, 5, 4.032), InlineData(0.95, 10, 1.812), InlineData(0.975, 30, 2.042), InlineData(0.975, 120, 1.980), InlineData(0.025, 10, -2.228), InlineData(0.975, 100_000, 1.960)]
    public void Students_quantiles_are_those_of_the_tables(double p, int freedom, double t) => Assert.Equal(t, Quantiles.Student(p, freedom), 3);

    [Fact]
    public void The_three_statistics_of_EARS_are_what_their_definition_says()
    {
        // The first week has mean 2 and variance 1.
        double?[] counts = [1, 3, 1, 3, 1, 3, 2, 2, 2, 9, 6, 5];
        Assert.Equal(0, Ears.C1(counts)[7].Score!.Value, 12);
        Assert.Equal(7, Ears.C2(counts)[9].Score!.Value, 12);
        Assert.Equal(NoJudgement.Short, Ears.C2(counts)[8].Why);
        // C3 wants C2 of three days.
        Assert.Equal(NoJudgement.Short, Ears.C3(counts)[10].Why);
        var c2 = Ears.C2(counts);
        Assert.Equal(c2[9].Score!.Value - 1 + (c2[10].Score!.Value - 1) + (c2[11].Score!.Value - 1), Ears.C3(counts)[11].Score!.Value, 12);
    }

    [Fact]
    public void A_count_by_Rossi_is_about_normal()
    {
        // Rossi et al. (1999): what was expected comes out at 0, and a Poisson count has about unit variance.
        Assert.Equal(0, Cusum.Rossi(4, 4)!.Value, 12);
        Assert.Equal((9 - 12 + 2 * Math.Sqrt(36)) / 4, Cusum.Rossi(9, 4)!.Value, 12);
        Assert.Null(Cusum.Rossi(-1, 4));
        Assert.Null(Cusum.Rossi(1, 0));
    }

    [Fact]
    public void What_nothing_can_be_said_of_is_said_so_and_never_an_infinity()
    {
        double?[] flat = [3, 3, 3, 3, 3, 3, 3, 3, 3, 9];
        Assert.Equal(NoJudgement.Flat, Ears.C1(flat)[9].Why);
        Assert.Equal(6 / 0.5, Ears.C1(flat, 0.5)[9].Score);
        Assert.Equal(NoJudgement.Missing, Ears.C1([1, 2, 3, 4, 5, 6, 7, null])[7].Why);
        Assert.Equal(NoJudgement.Missing, Ears.C1([1, 2, 3, 4, 5, 6, 7, double.NaN])[7].Why);
        Assert.Equal(NoJudgement.Gap, Ears.C1([1, null, 3, 4, 5, 6, 7, 8])[7].Why);
        Assert.All(Cusum.Upward(flat, 3, 0, 0.5), c => Assert.Equal(NoJudgement.Flat, c.Why));
        Assert.Equal(NoJudgement.Flat, ControlChart.Individuals([2, 2, 2, 2]).Why);
        Assert.Equal(NoJudgement.Short, ControlChart.Individuals([2, null, 3, null]).Why);
        Assert.Equal(NoJudgement.Domain, ControlChart.Share(1.2, 50).Why);
        Assert.Equal(NoJudgement.Domain, ControlChart.Share(0.2, 0).Why);
        Assert.Equal(NoJudgement.Zero, RateOfChange.Percent(5, 0).Why);
        Assert.Equal(NoJudgement.Gap, RateOfChange.Percent(5, null).Why);
        Assert.Equal((62.5, 56), (RateOfChange.Percent(91, 56).Score, RateOfChange.Percent(91, 56).Expected));
        // From a negative figure, up is up.
        Assert.Equal(150, RateOfChange.Percent(1, -2).Score);
        Assert.Equal(NoJudgement.Short, SeasonalForecast.Next([1, 2, 3], 7).Why);
        Assert.Equal(NoJudgement.Flat, SeasonalForecast.Next([.. Enumerable.Repeat<double?>(5, 30)], 7).Why);
        Assert.Equal(NoJudgement.Overflow, RateOfChange.Absolute(double.MaxValue, double.MinValue).Why);
        Assert.Throws<ArgumentOutOfRangeException>(() => Quantiles.Normal(1));
    }

    [Fact]
    public void A_short_history_is_forecast_by_its_seasons_mean()
    {
        // Two weeks and a day: the next is a second day of the week.
        double?[] weeks = [10, 20, 12, 12, 12, 12, 30, 14, 24, 12, 14, 12, 16, 34, 12];
        var (forecast, why) = SeasonalForecast.Next(weeks, 7);
        Assert.Null(why);
        Assert.Equal(("seasonal-mean", 22.0), (forecast!.How, forecast.Expected));
        // Squares about the means: 8 + 8 + 0 + 2 + 0 + 8 + 8 of eight degrees of freedom, for a mean of two.
        Assert.Equal(8, forecast.Freedom);
        Assert.Equal(Math.Sqrt(34 / 8.0 * 1.5), forecast.Error, 12);
        var (low, high) = forecast.Interval(0.95);
        Assert.Equal(Quantiles.Student(0.975, 8) * forecast.Error, (high - low) / 2, 12);
    }

    [Fact]
    public void A_season_that_is_well_known_is_forecast_and_what_breaks_it_stands_out()
    {
        var noise = new[] { 0.6, -0.4, 0.1, -0.7, 0.3, 0.5, -0.2, -0.5, 0.4, -0.1, 0.2 };
        double?[] series = [.. Enumerable.Range(0, 84).Select(t => (double?)(50 + 0.2 * t + new[] { 0, 3, 5, 6, 4, -8, -10 }[t % 7] + noise[t % 11]))];
        var (forecast, _) = SeasonalForecast.Next(series, 7);
        Assert.Equal("smoothing", forecast!.How);
        Assert.InRange(forecast.Expected, 50 + 0.2 * 84 - 1, 50 + 0.2 * 84 + 1);
        Assert.InRange(forecast.Error, 0.1, 1.5);
        var fitted = HoltWinters.Fit(series, 7)!;
        // The line goes on, and is the less certain the further.
        Assert.InRange(fitted.Ahead(8).Expected - fitted.Ahead(1).Expected, 1.0, 1.8);
        Assert.True(fitted.Ahead(15).Error >= fitted.Ahead(1).Error);
        Assert.Equal(fitted.Smoothing, HoltWinters.Fit(series, 7)!.Smoothing);
    }

    [Fact]
    public void A_figure_is_judged_by_those_before_it_alone_and_a_gap_is_stepped_over()
    {
        double?[] series = [.. Enumerable.Range(0, 60).Select(t => (double?)(20 + t % 7 + t * 37 % 5))];
        var whole = SeasonalForecast.Each(series, 7);
        var part = SeasonalForecast.Each(series[..40], 7);
        Assert.Equal(part, whole.Take(40));
        series[30] = null;
        var holed = SeasonalForecast.Each(series, 7);
        Assert.Equal(whole.Take(30), holed.Take(30));
        Assert.Equal(NoJudgement.Missing, holed[30].Why);
        Assert.NotNull(holed[31].Forecast);
    }
}
