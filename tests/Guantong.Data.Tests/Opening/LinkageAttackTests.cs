using System.Globalization;
using Guantong.Data;

namespace Guantong.Tests.Opening;

/// <summary>A hundred thousand people made up: the k and l that were declared come out, and whoever links them with a register from elsewhere succeeds no more often than the report says.</summary>
public sealed class LinkageAttackTests
{
    private const int Targets = 5000;

    private static readonly string[] Quasi = ["region", "birth", "sex", "education"];

    private const string Declared = """
        fields:
          id: hash
          region: {region: [county, city, province], or-any: true}
          birth: {date: [month, year, decade], or-any: true}
          sex: {or-any: true}
          education: {category: [education, education-group], or-any: true}
          aid: keep
        quasi: [region, birth, sex, education]
        sensitive: [aid]
        k: 5
        l: 3
        suppress: 5%
        """;

    private static readonly List<Resident> People = Population.Make(100_000, 20261129);

    private static (OpenedRows Opened, List<object?[]> Rows) Publish(string declared)
    {
        var (opened, refusal) = Population.Open(declared, People);
        Assert.Null(refusal);
        return (opened!, [.. opened!.Rows]);
    }

    private static int Place(OpenedRows opened, string field) => opened.Columns.Select(c => c.Name).ToList().IndexOf(field);

    private static Dictionary<string, List<object?[]>> ClassesOf(OpenedRows opened, List<object?[]> rows) =>
        rows.GroupBy(r => string.Join('|', Quasi.Select(q => r[Place(opened, q)]))).ToDictionary(g => g.Key, g => g.ToList());

    [Theory]
    [InlineData(5, "distinct", 3), InlineData(20, "distinct", 5), InlineData(5, "entropy", 4), InlineData(10, "frequent", 3), InlineData(2, "distinct", 2)]
    public void What_was_declared_is_what_comes_out_counted_by_another(int k, string by, int l)
    {
        var (opened, rows) = Publish(Declared.Replace("k: 5", $"k: {k}", StringComparison.Ordinal).Replace("l: 3", $"l: {l}\nl-by: {by}", StringComparison.Ordinal));
        var classes = ClassesOf(opened, rows).Values;
        var aid = Place(opened, "aid");
        Assert.All(classes, c => Assert.True(c.Count >= k, $"{c.Count} rows"));
        Assert.All(classes, c =>
        {
            var shares = c.GroupBy(r => r[aid]).Select(g => (double)g.Count() / c.Count).ToList();
            Assert.True(by switch { "entropy" => -shares.Sum(s => s * Math.Log(s)) >= Math.Log(l) - 1e-9, "frequent" => shares.Max() <= (1.0 / l) + 1e-9, _ => shares.Count >= l }, $"{by} {l} in {c.Count} rows");
        });
        // What is left out is within what may be, and the report says what there is.
        var report = opened.Report;
        Assert.InRange(report.SuppressedShare, 0, 0.05);
        Assert.Equal((People.Count, rows.Count, People.Count - rows.Count), ((int)report.RowsIn, (int)report.RowsOut, (int)report.Suppressed));
        Assert.Equal((classes.Min(c => c.Count), classes.Count), ((int)report.K, (int)report.Classes));
        Assert.Equal(1.0 / classes.Min(c => c.Count), report.ProsecutorMax, 12);
        Assert.Equal((double)classes.Count / rows.Count, report.ProsecutorMean, 12);
        Assert.Equal(classes.Min(c => c.Select(r => r[aid]).Distinct().Count()), report.Sensitive[0].Distinct);
        Assert.Equal((double)classes.Sum(c => c.GroupBy(r => r[aid]).Max(g => g.Count())) / rows.Count, report.Sensitive[0].BestGuess, 12);
        Assert.Equal(classes.Sum(c => (double)c.Count * c.Count) + ((double)(People.Count - rows.Count) * People.Count), report.Discernibility);
        // Each row tells the truth about the one it is of, and nobody is in it twice.
        var id = Place(opened, "id");
        Assert.All(rows.Take(2000), r => Assert.All(Quasi, q => Assert.True(Population.Fits(q, r[Place(opened, q)], People[Id(r[id])]))));
        Assert.Equal(rows.Count, rows.Select(r => r[id]).Distinct().Count());
    }

    private static int Id(object? told) => int.Parse((string)told!, CultureInfo.InvariantCulture);

    [Theory, InlineData(1), InlineData(2), InlineData(3)]
    public void Whoever_links_a_register_from_elsewhere_finds_no_more_than_the_report_says(int seed)
    {
        var (opened, rows) = Publish(Declared);
        var (id, index, random) = (Place(opened, "id"), new Index(opened, rows), new Random(seed));
        var (right, tried, expected) = (0, 0, 0.0);
        foreach (var target in Sample(random))
        {
            // The register holds the quasi-identifiers as they are; of the rows that fit any may be the target's.
            var fitting = index.Fitting(target);
            if (fitting.Count == 0)
                continue;
            Assert.True(fitting.Count >= 5, "fewer than k rows fit");
            (tried, expected) = (tried + 1, expected + (1.0 / fitting.Count));
            if (Id(fitting[random.Next(fitting.Count)][id]) == target.Id)
                right++;
        }
        Assert.InRange(tried, Targets * 0.9, Targets);
        Within(opened.Report.ProsecutorMean, right, tried);
        Assert.True((double)right / tried <= opened.Report.ProsecutorMax);
    }

    [Theory, InlineData(1), InlineData(2)]
    public void Whoever_guesses_the_sensitive_value_is_right_no_more_often_than_one_in_l(int seed)
    {
        var (opened, rows) = Publish(Declared.Replace("l: 3", "l: 3\nl-by: frequent", StringComparison.Ordinal));
        var (aid, index, random) = (Place(opened, "aid"), new Index(opened, rows), new Random(seed));
        var (right, tried) = (0, 0);
        foreach (var target in Sample(random))
        {
            var fitting = index.Fitting(target);
            if (fitting.Count == 0)
                continue;
            tried++;
            if (Equals(fitting.GroupBy(r => r[aid]).OrderByDescending(g => g.Count()).First().Key, target.Aid))
                right++;
        }
        var risk = opened.Report.Sensitive[0];
        Within(risk.BestGuess, right, tried);
        Within(1.0 / 3, right, tried);
        Assert.True(risk.WorstGuess <= (1.0 / 3) + 1e-9);
        Assert.Equal(0, risk.Homogeneous);
    }

    [Fact]
    public void Values_lie_as_close_to_those_of_all_as_was_declared()
    {
        var (opened, rows) = Publish(Declared.Replace("l: 3", "t: 0.25", StringComparison.Ordinal));
        var aid = Place(opened, "aid");
        var all = People.GroupBy(p => p.Aid).ToDictionary(g => g.Key, g => (double)g.Count() / People.Count);
        var distances = ClassesOf(opened, rows).Values.Select(c => all.Sum(a => Math.Abs(((double)c.Count(r => Equals(r[aid], a.Key)) / c.Count) - a.Value)) / 2).ToList();
        Assert.True(distances.Max() <= 0.25 + 1e-9);
        Assert.Equal(distances.Max(), opened.Report.Sensitive[0].T, 9);
    }

    private static IEnumerable<Resident> Sample(Random random) => Enumerable.Range(0, Targets).Select(_ => People[random.Next(People.Count)]).DistinctBy(p => p.Id);

    // Four standard deviations of a binomial: one attack in thirty thousand may be luckier.
    private static void Within(double risk, int right, int tried) =>
        Assert.True(right <= (risk * tried) + (4 * Math.Sqrt(tried * risk * (1 - risk))), string.Create(CultureInfo.InvariantCulture, $"{right} of {tried} with a stated risk of {risk:0.0000}"));

    // The published rows by region, so that a target is not compared with all of them.
    private sealed class Index(OpenedRows opened, List<object?[]> rows)
    {
        private readonly ILookup<object?, object?[]> _byRegion = rows.ToLookup(r => r[Place(opened, "region")]);
        private readonly List<(string Name, int Place)> _quasi = [.. Quasi.Select(q => (q, Place(opened, q)))];

        public List<object?[]> Fitting(Resident target) => [.. _byRegion.Where(g => Population.Fits("region", g.Key, target)).SelectMany(g => g).Where(r => _quasi.All(q => Population.Fits(q.Name, r[q.Place], target)))];
    }
}
