using FsCheck;
using FsCheck.Xunit;
using Guantong.Data;

namespace Guantong.Tests.Opening;

/// <summary>Counts with noise: one person more or less changes the chance of any answer by e^ε at most, and the noise leads nowhere.</summary>
public sealed class NoisyCountsTests
{
    private const string Declared = """
        fields: {sex: keep, income: {bottom: 0, top: 10000}}
        counts: {by: [sex], sums: [income], epsilon: 1, budget: 10, small: 0}
        """;

    private static NoisyCounts Counting(string declared, IEnumerable<Resident> people, params string[] regions)
    {
        var (pack, dataset) = Population.Declare(declared);
        var (counts, refusal) = NoisyCounts.Begin(pack, dataset, regions);
        Assert.Null(refusal);
        foreach (var resident in people)
            counts!.Add([.. counts.Takes.Select(resident.Of)]);
        return counts!;
    }

    private static List<Resident> Some(int count) => [.. Enumerable.Range(0, count).Select(i => new Resident(i, "330106", new DateOnly(1990, 1, 1), "男", "10", 5000, "无"))];

    private static Chance Seeded(int seed) => new(new Random(seed).NextBytes);

    [Theory, InlineData(1, 1), InlineData(1, 4), InlineData(3, 2), InlineData(1, 20)]
    public void Noise_comes_as_often_as_the_two_sided_geometric_distribution_says(int numerator, int denominator)
    {
        const int Draws = 200_000;
        var chance = Seeded(numerator * 100 + denominator);
        var drawn = Enumerable.Range(0, Draws).Select(_ => DiscreteLaplace.Draw(chance, numerator, denominator)).ToList();
        var alpha = Math.Exp(-(double)numerator / denominator);
        foreach (var z in Enumerable.Range(-3 * denominator, (6 * denominator) + 1))
        {
            var expected = (1 - alpha) / (1 + alpha) * Math.Pow(alpha, Math.Abs(z)) * Draws;
            // Five standard deviations.
            Assert.InRange(drawn.Count(d => d == z), expected - (5 * Math.Sqrt(expected)) - 5, expected + (5 * Math.Sqrt(expected)) + 5);
        }
        var deviation = Math.Sqrt(2 * alpha) / (1 - alpha);
        Assert.InRange(drawn.Average(), -5 * deviation / Math.Sqrt(Draws), 5 * deviation / Math.Sqrt(Draws));
    }

    [Theory, InlineData("count"), InlineData("sum_income")]
    public void One_person_more_changes_the_chance_of_any_answer_by_e_to_the_epsilon_at_most(string figure)
    {
        const int Runs = 60_000;
        // Both figures of the cell change when somebody joins: each spends half of ε, which is 1.
        var (with, without) = (Answers(Some(51), figure, 1), Answers(Some(50), figure, 2));
        foreach (var answer in with.Keys.Where(a => with[a] >= 200 && without.GetValueOrDefault(a) >= 200))
        {
            var tolerance = 5 * Math.Sqrt((1.0 / with[answer]) + (1.0 / without[answer]));
            Assert.InRange(Math.Log((double)with[answer] / without[answer]), -0.5 - tolerance, 0.5 + tolerance);
        }
        Assert.True(with.Keys.Count(a => with[a] >= 200) >= 5);

        Dictionary<long, int> Answers(List<Resident> people, string name, int seed)
        {
            var (counts, chance) = (Counting(Declared, people), Seeded(seed));
            return Enumerable.Range(0, Runs).Select(_ => Answer(counts.Open(chance), name)).GroupBy(a => a).ToDictionary(g => g.Key, g => g.Count());
        }

        // Sums in steps of ten thousand, so that each answer comes often enough to be counted.
        static long Answer(OpenedRows opened, string name) => opened.Rows.First()[opened.Columns.Select(c => c.Name).ToList().IndexOf(name)] switch { long count => count, double sum => (long)Math.Floor(sum / 10_000), _ => long.MinValue };
    }

    [Fact]
    public void Noise_leads_nowhere()
    {
        var (counts, chance) = (Counting(Declared, Some(1000)), Seeded(5));
        var runs = Enumerable.Range(0, 20_000).Select(_ => counts.Open(chance).Rows.First()).ToList();
        // ε is 1/2 for each figure: deviations of about √2 / ε, five of which a mean of 20,000 stays within.
        Assert.InRange(runs.Average(r => (long)r[1]!), 1000 - (5 * 2.9 / Math.Sqrt(20_000)), 1000 + (5 * 2.9 / Math.Sqrt(20_000)));
        Assert.InRange(runs.Average(r => (double)r[2]!), 5_000_000 - (5 * 29_000 / Math.Sqrt(20_000)), 5_000_000 + (5 * 29_000 / Math.Sqrt(20_000)));
        // ln 20 / ε, and as much for each unit of what one person may add.
        Assert.Equal((6.0, 59_915.0), (counts.Open(chance).Report.Within["count"], counts.Open(chance).Report.Within["sum_income"]));
    }

    [Fact]
    public void Every_cell_that_there_could_be_is_told_and_small_ones_have_no_figure()
    {
        var counts = Counting("""
            fields: {region: {region: [city]}, aid: keep}
            counts: {by: [region, aid], epsilon: 1, budget: 1}
            """, Some(100), "330100", "330106", "330200", "330000");
        var opened = counts.Open(Seeded(3));
        var rows = opened.Rows.ToList();
        // Three cities (the province itself counts as one code), and what is none of them; eight kinds, and none of them.
        Assert.Equal(4 * 9, rows.Count);
        Assert.Equal(["330100", "无"], rows.Where(r => r[2] is > 50L).Select(r => new { Region = r[0], Kind = r[1] }).SelectMany(r => new[] { r.Region, r.Kind }));
        Assert.All(rows, r => Assert.True(r[2] is null or >= 5L));
        Assert.Equal(rows.Count(r => r[2] is null), (int)opened.Report.SmallCells);
        Assert.Equal(0, opened.Report.RowsIn);
    }

    [Property(MaxTest = 30)]
    public void Of_one_person_no_more_rows_count_than_declared(PositiveInt rows)
    {
        var most = (rows.Get % 5) + 1;
        var counts = Counting($$"""
            fields: {sex: keep}
            person: id
            counts: {by: [sex], epsilon: 100, budget: 100, small: 0, rows: {{most}}}
            """, Enumerable.Repeat(Some(1)[0], 10).Concat(Some(50).Skip(1)));
        var noisy = (long)counts.Open(Seeded(rows.Get)).Rows.First()[1]!;
        Assert.InRange(noisy, 49 + most - 3, 49 + most + 3);
    }

    [Fact]
    public void Draws_below_a_bound_come_alike()
    {
        var chance = Chance.Secure();
        var drawn = Enumerable.Range(0, 70_000).Select(_ => chance.Below(7)).GroupBy(d => d).ToDictionary(g => g.Key, g => g.Count());
        Assert.Equal(7, drawn.Count);
        Assert.All(drawn.Values, d => Assert.InRange(d, 10_000 - 500, 10_000 + 500));
    }
}
