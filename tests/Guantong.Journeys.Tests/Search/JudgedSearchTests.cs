using Guantong.Data;
using Guantong.Insight;
using Guantong.Packs;
using Guantong.Packs.Reading;
using Guantong.Trust;

namespace Guantong.Tests;

/// <summary>Search judged by people's words: <c>queries.csv</c> holds everyday queries with the matters that are right, or none. A third of them was written first and is not looked at while the words and weights are worked on.</summary>
public sealed class JudgedSearchTests(ITestOutputHelper output)
{
    private static readonly Jurisdiction Land = Jurisdiction.Read(Path.Combine(Repository.Root, "jurisdictions/zhejiang/jurisdiction.yaml"));
    private static readonly Lazy<(FindIndex Index, FindIndex Passages, IReadOnlyList<(Pack Pack, Matter Matter)> Services)> Shelf = new(Make);

    private sealed record Judged(string Set, string Kind, string Query, string Right);

    private static (FindIndex, FindIndex, IReadOnlyList<(Pack, Matter)>) Make()
    {
        var packs = PackFolder.Below(Path.Combine(Repository.Root, "packs")).Select(f => PackReader.Read(PackFolder.Read(f, f)).Pack!).ToList();
        var services = packs.SelectMany(p => p.Matters.Where(m => m.Face != "governance" && m.StartBy == "application").Select(m => (p, m))).ToList();
        List<Findable> things = [.. services.Select(s => Findables.Of(s.p, s.m, Land)), .. packs.SelectMany(p => p.Guides.Select(g => Findables.Of(p, g, Land))), .. packs.Where(p => p.Screen is not null).Select(p => Findables.Of(p, Land)),
            .. packs.SelectMany(p => p.Datasets.Where(DataRoom.IsPublic).Select(d => Findables.Of(p, d, Land)))];
        var index = new FindIndex(things, Findables.EventWords);
        return (index, new FindIndex([.. GuideAnswers.Passages(services)], index.Words), services);
    }

    private static IReadOnlyList<string> Top(string query) => [.. Shelf.Value.Index.Find(Shelf.Value.Index.Read(query)).Where(f => f.Thing.Kind == "service").Take(3).Select(f => f.Thing.Id)];

    [Fact]
    public void Of_everyday_queries_the_right_matter_is_among_the_first_three_for_95_in_a_hundred()
    {
        var all = File.ReadLines(Path.Combine(Repository.Root, "tests/Guantong.Journeys.Tests/Search/queries.csv")).Skip(1).Select(l => l.Split(',')).Select(l => new Judged(l[0], l[1], l[2], l[3])).ToList();
        Assert.True(all.Count >= 150 && all.Count(q => q.Set == "held") * 4 > all.Count, "the set is too small");
        Assert.Equal(all.Count, all.Select(q => q.Query).Distinct().Count());
        var hits = all.ToLookup(q => q.Right == "none" ? Top(q.Query).Count == 0 : q.Right.Split('|').Any(Top(q.Query).Contains));
        foreach (var kind in all.GroupBy(q => (q.Set, q.Kind)).OrderBy(g => g.Key))
            output.WriteLine($"{kind.Key.Set} {kind.Key.Kind}: {hits[true].Count(q => (q.Set, q.Kind) == kind.Key)} of {kind.Count()}");
        foreach (var set in all.GroupBy(q => q.Set))
            output.WriteLine($"{set.Key}: {hits[true].Count(q => q.Set == set.Key)} of {set.Count()}");
        foreach (var miss in hits[false].Where(q => q.Set == "tuned"))
            output.WriteLine($"missed: {miss.Query}, found {string.Join(", ", Top(miss.Query))}");
        Assert.True(hits[true].Count() >= 0.95 * all.Count, $"{hits[true].Count()} of {all.Count}: {string.Join("; ", hits[false].Where(q => q.Set == "tuned").Select(q => q.Query))}");
    }

    [Theory]
    [InlineData("办出生医学证明要带什么", "materials", "分娩记录")]
    [InlineData("新生儿医保多久能办好", "time", "5 个工作日")]
    [InlineData("高龄津贴要钱吗", "fee", "不收费")]
    [InlineData("落户的依据", "basis", "《户口登记条例》第七条")]
    [InlineData("对亩均评价申诉结果不服怎么办", "appeal", "行政复议")]
    public void A_question_is_answered_by_what_the_matter_declares(string question, string field, string holds)
    {
        var query = Shelf.Value.Index.Read(question);
        Assert.Equal(field, query.Asked);
        var best = Shelf.Value.Index.Find(query).First(f => f.Thing.Kind == "service").Thing;
        var (pack, matter) = Shelf.Value.Services.First(s => s.Pack.Id == best.Pack && s.Matter.Id == best.Id);
        var answer = GuideAnswers.OfField(field, pack, matter, Land, Lang.Zh)!;
        Assert.Contains(answer.Lines, l => l.Contains(holds, StringComparison.Ordinal));
        Assert.StartsWith($"/services/{pack.Id}/{matter.Id}#", answer.Address, StringComparison.Ordinal);
        Assert.NotNull(GuideAnswers.OfField(field, pack, matter, Land, Lang.En));
    }

    [Fact]
    public void A_sentence_that_says_what_is_asked_is_quoted()
    {
        var answer = GuideAnswers.OfText(Shelf.Value.Index.Read("婴儿出生后多久申报"), Shelf.Value.Passages, Lang.Zh, 0.9)!;
        Assert.Equal("婴儿出生后一个月以内应当申报（《户口登记条例》第七条）。", answer.Lines[0]);
        Assert.Equal("/services/society.birth/household#facts", answer.Address);
    }

    [Fact]
    public void What_nobody_declared_is_not_answered()
    {
        foreach (var question in (string[])["护照丢了要带什么？", "省长是谁？", "高龄津贴会不会涨价？"])
        {
            var query = Shelf.Value.Index.Read(question);
            Assert.True(query.IsQuestion, question);
            Assert.Null(GuideAnswers.OfText(query, Shelf.Value.Passages, Lang.Zh));
        }
    }

    [Fact]
    public void Whatever_is_typed_is_read_to_its_end_and_quickly()
    {
        var random = new Random(20);
        var letters = "的高龄津贴临时救助ab1.' \"<>&%()[]\\\0\ud83d\ude00\ufeff㎡ＡＢ９龘gljtyimiao".ToCharArray();
        var watch = System.Diagnostics.Stopwatch.StartNew();
        for (var i = 0; i < 2000; i++)
        {
            var query = new string([.. Enumerable.Range(0, random.Next(0, 200)).Select(_ => letters[random.Next(letters.Length)])]);
            var read = Shelf.Value.Index.Read(query);
            Assert.True(read.Plain.Length <= FindWish.Longest * 4);
            foreach (var found in Shelf.Value.Index.Find(read))
                Assert.Equal(found.Thing.Name, string.Concat(FindIndex.Mark(found.Thing.Name, read).Select(m => m.Text)));
        }
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(60), $"{watch.Elapsed}");
    }
}
