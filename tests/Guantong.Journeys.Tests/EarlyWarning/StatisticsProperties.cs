using FsCheck;
using FsCheck.Xunit;
using Guantong.Insight;

namespace Guantong.Tests;

/// <summary>What holds of the statistics whatever the figures.</summary>
public sealed class StatisticsProperties
{
    private static double?[] Of(NonEmptyArray<int> counts) => [.. Enumerable.Range(0, 30).Select(t => (double?)(Math.Abs(counts.Get[t % counts.Get.Length] % 1000) + t % 3))];

    private static void Alike(IReadOnlyList<Judged> a, IReadOnlyList<Judged> b)
    {
        Assert.Equal(a.Select(j => j.Why), b.Select(j => j.Why));
        Assert.All(a.Zip(b).Where(p => p.First.Score is not null), p => Assert.Equal(p.First.Score!.Value, p.Second.Score!.Value, 6));
    }

    [Property(MaxTest = 200)]
    public void A_constant_added_to_all_leaves_EARS_alone(NonEmptyArray<int> counts, byte constant)
    {
        var series = Of(counts);
        double?[] moved = [.. series.Select(x => x + constant)];
        Alike(Ears.C1(series), Ears.C1(moved));
        Alike(Ears.C2(series), Ears.C2(moved));
        Alike(Ears.C3(series), Ears.C3(moved));
    }

    [Property(MaxTest = 200)]
    public void A_scale_changes_neither_EARS_nor_a_cumulative_sum_whose_deviation_is_scaled_too(NonEmptyArray<int> counts, byte by)
    {
        var (series, scale) = (Of(counts), 1.0 + by);
        double?[] scaled = [.. series.Select(x => x * scale)];
        Alike(Ears.C2(series), Ears.C2(scaled));
        Alike(Cusum.Upward(series, 100, 30, 0.5), Cusum.Upward(scaled, 100 * scale, 30 * scale, 0.5));
    }

    [Property(MaxTest = 200)]
    public void A_cumulative_sum_is_never_below_nothing_and_falls_by_no_more_than_its_step(NonEmptyArray<int> counts)
    {
        var sums = Cusum.Upward(Of(counts), 100, 30, 0.5);
        Assert.All(sums, s => Assert.True(s.Score >= 0));
        // Mirrored figures give the mirrored sum.
        Alike(sums, Cusum.Downward([.. Of(counts).Select(x => -x)], -100, 30, 0.5));
    }

    [Property(MaxTest = 200)]
    public void C3_is_never_below_what_C2_exceeds_one_by(NonEmptyArray<int> counts)
    {
        var (c2, c3) = (Ears.C2(Of(counts)), Ears.C3(Of(counts)));
        Assert.All(c3.Zip(c2).Where(p => p.First.Score is not null), p => Assert.True(p.First.Score >= Math.Max(0, p.Second.Score!.Value - 1)));
    }

    [Property(MaxTest = 200)]
    public void No_figure_however_large_or_wrong_gives_an_infinity_or_a_fault(double[] figures, byte season)
    {
        double?[] series = [.. figures.Select((x, i) => i % 5 == 4 ? (double?)null : x)];
        var judged = Ears.C1(series).Concat(Ears.C2(series)).Concat(Ears.C3(series)).Concat(Cusum.Upward(series, 0, 1, 0.5)).Concat(Cusum.TwoSided(series, 1e300, 1e-300, 0.5));
        Assert.All(judged, j => Assert.True(j.Why is not null ^ j.Score is not null));
        Assert.All(judged.Where(j => j.Score is not null), j => Assert.True(double.IsFinite(j.Score!.Value)));
        Assert.All(SeasonalForecast.Each(series, 2 + season % 12), f => Assert.True(f.Forecast is { } forecast ? f.Why is null && double.IsFinite(forecast.Expected) && forecast.Error > 0 && double.IsFinite(forecast.Error) : f.Why is not null));
        var (limits, _) = ControlChart.Individuals(series);
        Assert.True(limits is null || (double.IsFinite(limits.Lower) && double.IsFinite(limits.Upper)));
    }

    [Property(MaxTest = 40)]
    public void Forecasts_from_a_place_on_are_those_of_the_whole_series(NonEmptyArray<int> counts, byte from, byte gap, byte phase, byte season)
    {
        double?[] series = [.. Enumerable.Range(0, 70).Select(t => t % (5 + gap % 40) == 4 ? (double?)null : counts.Get[t % counts.Get.Length] % 100 + t % 3)];
        var (length, place) = (2 + season % 8, from % 70);
        var whole = SeasonalForecast.Each(series, length, null, phase);
        Assert.Equal(whole.Skip(place), SeasonalForecast.Each(series, length, null, phase, place).Skip(place));
    }

    // Figures from −3.5 to 3.5 in steps of a half, a gap now and then, and runs that chance would seldom give.
    private static double?[] Charted(NonEmptyArray<byte> bytes) =>
        [.. bytes.Get.SelectMany((b, i) => b < 6 ? (IEnumerable<double?>)[null] : Enumerable.Range(0, 1 + b % 16).Select(j => (double?)((b / 16 % 5) switch { 0 => j % 2 == 0 ? 0.5 : -0.5, 1 => (b % 3 - 1) * j / 2.0, 2 => j % 3 == 0 ? -1.5 : 1.5, 3 => 0.5 + b % 7, _ => (b + i + j) * 7 % 15 / 2.0 - 3.5 }))).Take(200)];

    [Property(MaxTest = 300)]
    public void Nelsons_tests_are_what_their_sentences_say(NonEmptyArray<byte> bytes)
    {
        var series = Charted(bytes);
        var tests = ControlChart.Nelson(series);
        for (var t = 0; t < series.Length; t++)
        {
            bool Of(int last, Func<IReadOnlyList<double>, bool> holds) => t + 1 >= last && series[(t + 1 - last)..(t + 1)] is var run && run.All(z => z is not null) && holds([.. run.Select(z => z!.Value)]);
            var runs = new[]
            {
                Of(1, z => Math.Abs(z[0]) > 3),
                Of(9, z => z.All(x => x > 0) || z.All(x => x < 0)),
                Of(6, z => z.SequenceEqual(z.Distinct().Order()) || z.SequenceEqual(z.Distinct().OrderDescending())),
                Of(14, z => Enumerable.Range(1, 12).All(i => (z[i] > z[i - 1] && z[i] > z[i + 1]) || (z[i] < z[i - 1] && z[i] < z[i + 1]))),
                Of(15, z => z.All(x => x is >= -1 and <= 1)),
                Of(8, z => z.All(x => x is < -1 or > 1) && z.Any(x => x > 0) && z.Any(x => x < 0)),
            };
            Assert.Equal(runs, ((int[])[1, 2, 3, 4, 7, 8]).Select(tests[t].ContainsKey));
            // What the two have in common they see alike.
            var rules = ControlChart.WesternElectric(series)[t];
            Assert.Equal((rules.GetValueOrDefault(1), rules.GetValueOrDefault(2), rules.GetValueOrDefault(3)), (tests[t].GetValueOrDefault(1), tests[t].GetValueOrDefault(5), tests[t].GetValueOrDefault(6)));
            Assert.True(!tests[t].TryGetValue(2, out var side) || rules.GetValueOrDefault(4) == side);
        }
    }

    [Property(MaxTest = 200)]
    public void Figures_turned_upside_down_fail_the_same_tests_on_the_other_side(NonEmptyArray<byte> bytes)
    {
        var series = Charted(bytes);
        Assert.All(ControlChart.Nelson(series).Zip(ControlChart.Nelson([.. series.Select(z => -z)])), p => Assert.Equal(p.First.OrderBy(t => t.Key).Select(t => (t.Key, -t.Value)), p.Second.OrderBy(t => t.Key).Select(t => (t.Key, t.Value))));
    }

    [Property(MaxTest = 200)]
    public void A_quantile_grows_with_its_share_and_mirrors_itself(ushort a, ushort b)
    {
        var (p, q) = ((Math.Min(a, b) + 1) / 65537.0, (Math.Max(a, b) + 1) / 65537.0);
        Assert.True(Quantiles.Normal(p) <= Quantiles.Normal(q));
        Assert.Equal(-Quantiles.Normal(p), Quantiles.Normal(1 - p), 9);
        Assert.True(Quantiles.Student(p, 5) <= Quantiles.Student(q, 5));
    }
}
