using FsCheck;
using FsCheck.Xunit;
using Guantong.Data;

namespace Guantong.Tests.Opening;

/// <summary>Rows made anonymous: whatever comes in, what comes out holds what was declared, or nothing comes out.</summary>
public sealed class AnonymousRowsTests
{
    private const string Declared = """
        fields:
          id: drop
          region: {region: [county, city, province]}
          birth: {date: [day, month, year, decade], or-any: true}
          sex: keep
          education: {category: [education, education-group]}
          income: {bin: [1000, 5000], top: 20000, bottom: 0}
          aid: keep
        quasi: [region, birth, sex, education]
        sensitive: [aid, income]
        k: 3
        l: 2
        suppress: 20%
        """;

    [Property(MaxTest = 150)]
    public void Whatever_comes_in_the_declared_comes_out_or_nothing(int seed, PositiveInt size)
    {
        var people = Population.Make((size.Get * 3 % 400) + 1, seed);
        var (opened, refusal) = Population.Open(Declared, people);
        Assert.True(opened is null != refusal is null);
        if (opened is null)
        {
            Assert.Equal("opening-suppresses-too-much", refusal!.Code);
            return;
        }
        var rows = opened.Rows.ToList();
        Assert.True(people.Count - rows.Count <= people.Count * 0.2);
        foreach (var group in rows.GroupBy(r => string.Join('|', r.Take(4))))
        {
            Assert.True(group.Count() >= 3);
            Assert.True(group.Select(r => r[4]).Distinct().Count() >= 2 && group.Select(r => r[5]).Distinct().Count() >= 2);
        }
        Assert.DoesNotContain("id", opened.Columns.Select(c => c.Name));
    }

    [Property(MaxTest = 40)]
    public void The_order_of_the_rows_changes_nothing_and_is_not_told(int seed)
    {
        var people = Population.Make(300, seed);
        string[] Told(IEnumerable<Resident> given) => [.. Population.Open(Declared, given).Rows?.Rows.Select(r => string.Join('|', r)) ?? []];
        var shuffled = people.ToArray();
        new Random(seed).Shuffle(shuffled);
        Assert.Equal(Told(people), Told(shuffled));
    }

    [Fact]
    public void Where_too_many_would_have_to_be_left_out_nothing_comes_out()
    {
        var (opened, refusal) = Population.Open(Declared.Replace("k: 3", "k: 400", StringComparison.Ordinal).Replace("20%", "1%", StringComparison.Ordinal), Population.Make(1000, 7));
        Assert.Null(opened);
        Assert.Equal("opening-suppresses-too-much", refusal!.Code);
        Assert.Equal(("1000", "10"), (refusal.Args[1], refusal.Args[2]));
        Assert.Equal("opening-no-rows", Population.Open(Declared, []).Refusal!.Code);
    }

    [Fact]
    public void The_same_rows_tell_as_much_as_they_may()
    {
        // Four who are alike to the county and the month, and one apart: he goes, and nothing is coarsened for him.
        List<Resident> people = [.. Enumerable.Range(0, 19).Select(i => new Resident(i, "330106", new DateOnly(1990, 5, 5), "男", "10", 1000 * i, Population.Aids[i % 3])), new(99, "331102", new DateOnly(1931, 1, 1), "女", "80", 5, "无")];
        var (opened, _) = Population.Open(Declared, people);
        Assert.Equal(1, opened!.Report.Suppressed);
        Assert.Equal((0.0, 19), (opened.Report.Loss, (int)opened.Report.K));
        Assert.Equal(["330106", "1990-05-05", "男", "10"], opened.Rows.First().Take(4));
        // Were nobody to be left out, all would be told as little as he.
        var (whole, _) = Population.Open(Declared.Replace("suppress: 20%", "suppress: 0%", StringComparison.Ordinal), people);
        Assert.Null(whole);
    }

    [Fact]
    public void Rows_of_one_person_count_as_one()
    {
        const string Declared = """
            fields: {region: {region: [county]}, aid: keep}
            quasi: [region]
            sensitive: [aid]
            person: id
            k: 3
            """;
        List<Resident> One(int persons) => [.. Enumerable.Range(0, 12).Select(i => new Resident(i % persons, "330106", new DateOnly(1990, 1, 1), "男", "10", 0, "无"))];
        Assert.Equal("opening-suppresses-too-much", Population.Open(Declared, One(2)).Refusal!.Code);
        var report = Population.Open(Declared, One(3)).Rows!.Report;
        Assert.Equal((3, 12, 1.0 / 3), ((int)report.K, (int)report.RowsOut, report.ProsecutorMax));
    }

    [Fact]
    public void A_million_rows_are_done_within_minutes()
    {
        var people = Population.Make(1_000_000, 11);
        var clock = System.Diagnostics.Stopwatch.StartNew();
        var (opened, refusal) = Population.Open(Declared.Replace("suppress: 20%", "suppress: 5%", StringComparison.Ordinal), people);
        var rows = opened!.Rows.Count();
        TestContext.Current.TestOutputHelper?.WriteLine($"{rows} of a million rows in {clock.Elapsed.TotalSeconds:0.0} s, {string.Join(", ", opened.Report.Levels)}");
        Assert.Null(refusal);
        // Ten seconds on two free cores; other work may stand beside it.
        Assert.InRange(clock.Elapsed.TotalSeconds, 0, 300);
    }
}
