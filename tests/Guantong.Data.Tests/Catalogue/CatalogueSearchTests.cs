using Guantong.Data;
using Guantong.Trust;

namespace Guantong.Tests;

/// <summary>Finding entries: ranking that judged queries decide, facets, misspelt words, marks, order, and what was changed a moment ago.</summary>
public sealed class CatalogueSearchTests
{
    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task Judged_queries_find_what_was_meant_first(string store)
    {
        await using var bed = await FilledAsync(store);
        var (gains, wrong) = (new List<double>(), new List<string>());
        foreach (var line in File.ReadLines(Path.Combine(Repository.Root, "tests/material/catalogue/judged.tsv")).Skip(1))
        {
            var (words, relevant) = (line.Split('\t')[0], line.Split('\t')[1].Split(' '));
            var found = (await bed.Search.FindAsync(new CatalogueQuery(words, Take: 10))).Items.Select(i => i.Kept.Entry.Id).ToList();
            gains.Add(Gain(found, relevant));
            if (found is not [var first, ..] || !relevant.Contains(first))
                wrong.Add($"{words}: {string.Join(' ', found.Take(4))}");
        }
        Assert.Empty(wrong);
        TestContext.Current.TestOutputHelper?.WriteLine($"nDCG@10 over {gains.Count} judged queries: {gains.Average():0.000}");
        Assert.True(gains.Average() >= 0.95, $"nDCG@10 {gains.Average():0.000}");
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task A_facet_counts_what_the_other_choices_leave(string store)
    {
        await using var bed = await FilledAsync(store);
        var all = await bed.Search.FindAsync(new CatalogueQuery());
        Assert.Equal(45, all.Total);
        Assert.Equal(7, Count(all, "category", "environment"));
        Assert.Equal(7, Count(all, "format", "csv"));
        Assert.Equal(2, Count(all, "open", "conditional"));
        Assert.Equal(45, Count(all, "level", "province"));
        var environment = await bed.Search.FindAsync(new CatalogueQuery(Chosen: Chosen("category", "environment")));
        Assert.Equal(7, environment.Total);
        // Its own facet still says what else could be chosen; the others count within the choice.
        Assert.Equal(6, Count(environment, "category", "transport"));
        Assert.Equal((5, 0), (Count(environment, "provider", "省生态环境厅"), Count(environment, "provider", "省教育厅")));
        var two = await bed.Search.FindAsync(new CatalogueQuery(Chosen: new Dictionary<string, IReadOnlyList<string>> { ["category"] = ["environment", "transport"], ["provider"] = ["省生态环境厅"] }));
        Assert.Equal(5, two.Total);
        Assert.Equal(0, (await bed.Search.FindAsync(new CatalogueQuery(Chosen: Chosen("category", "nothing")))).Total);
        // Whoever is nobody in particular sees what is open.
        Assert.Equal(43, (await bed.Search.FindAsync(new CatalogueQuery(PublicAlone: true))).Total);
        Assert.Empty((await bed.Search.FindAsync(new CatalogueQuery("开庭公告", PublicAlone: true))).Items);
    }

    [Fact]
    public async Task What_was_looked_for_is_marked_and_a_misspelt_word_is_said_to_come_near()
    {
        await using var bed = await FilledAsync("sqlite");
        var exact = await bed.Search.FindAsync(new CatalogueQuery("饮用水"));
        Assert.False(exact.Near);
        Assert.Equal(["集中式", "[饮用水]", "水源地水质"], exact.Items[0].Name.Select(p => p.Hit ? $"[{p.Text}]" : p.Text));
        var near = await bed.Search.FindAsync(new CatalogueQuery("空汽质量"));
        Assert.True(near.Near);
        Assert.Equal("[空]气[质量]日报", string.Concat(near.Items.First(i => i.Kept.Entry.Id == "air-day").Name.Select(p => p.Hit ? $"[{p.Text}]" : p.Text)));
        var none = await bed.Search.FindAsync(new CatalogueQuery("量子纠缠实验"));
        Assert.Equal((0, false), (none.Total, none.Near));
        // Whatever somebody types is words, and nothing of a language of queries.
        foreach (var odd in (string[])["*", "name:空气", "\"", "空气 AND (", "%", "' OR 1=1", "\ud83d\ude00", new string('水', 5000), "   "])
            Assert.InRange((await bed.Search.FindAsync(new CatalogueQuery(odd))).Total, 0, 45);
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task What_changes_is_found_as_it_is_now_and_what_is_withdrawn_is_not(string store)
    {
        await using var bed = await CatalogueBed.MakeAsync(store);
        var added = (await bed.Book.AddAsync(CatalogueBed.Bureau, CatalogueBed.Entry("地热井温度"))).Kept!;
        Assert.Equal(1, (await bed.Search.FindAsync(new CatalogueQuery("地热"))).Total);
        var changed = await bed.Book.ChangeAsync(CatalogueBed.Bureau, added.Entry.Id, added.Entry with { Name = "温泉水温" }, 1);
        Assert.Equal(2, changed.Kept!.Version);
        Assert.Equal((0, 1), ((await bed.Search.FindAsync(new CatalogueQuery("地热"))).Total, (await bed.Search.FindAsync(new CatalogueQuery("温泉"))).Total));
        Assert.Equal(added.Entry.Id, Assert.Single((await bed.Search.FindAsync(new CatalogueQuery(added.Entry.Code))).Items).Kept.Entry.Id);
        Assert.Null(await bed.Book.WithdrawAsync(CatalogueBed.Bureau, added.Entry.Id));
        Assert.Equal(0, (await bed.Search.FindAsync(new CatalogueQuery("温泉"))).Total);
    }

    [Fact]
    public async Task An_index_goes_on_where_it_was_and_one_of_another_store_is_made_anew()
    {
        await using var bed = await FilledAsync("sqlite");
        var folder = Path.Combine(bed.Folder, "index");
        using (var search = new CatalogueSearch(bed.Book, CatalogueBed.Land, folder))
            Assert.Equal(45, (await search.FindAsync(new CatalogueQuery())).Total);
        await bed.Book.AddAsync(CatalogueBed.Bureau, CatalogueBed.Entry("地热井温度"));
        using (var search = new CatalogueSearch(bed.Book, CatalogueBed.Land, folder))
            Assert.Equal(46, (await search.FindAsync(new CatalogueQuery())).Total);
        await using var other = await CatalogueBed.MakeAsync("sqlite");
        await other.Book.AddAsync(CatalogueBed.Bureau, CatalogueBed.Entry());
        using (var search = new CatalogueSearch(other.Book, CatalogueBed.Land, folder))
            Assert.Equal(1, (await search.FindAsync(new CatalogueQuery())).Total);
    }

    [Fact]
    public async Task Names_stand_in_the_order_of_Chinese_and_pages_follow_each_other()
    {
        await using var bed = await FilledAsync("sqlite");
        var names = new List<string>();
        for (var skip = 0; skip < 45; skip += 10)
            names.AddRange((await bed.Search.FindAsync(new CatalogueQuery(Sort: "name", Skip: skip, Take: 10))).Items.Select(i => i.Kept.Entry.Name));
        Assert.Equal(names.Order(StringComparer.Create(System.Globalization.CultureInfo.GetCultureInfo("zh-CN"), true)), names);
        Assert.Equal(45, names.Distinct().Count());
    }

    private static async Task<CatalogueBed> FilledAsync(string store)
    {
        var bed = await CatalogueBed.MakeAsync(store);
        await bed.Store.ChangeAsync(DateTimeOffset.UtcNow, change => CatalogueBook.PutAllAsync(change, CatalogueBed.Judged(), "import", "judged", "test", null, "imported"));
        return bed;
    }

    private static int Count(FoundEntries page, string facet, string value) => page.Facets[facet].FirstOrDefault(c => c.Value == value)?.Count ?? 0;

    private static Dictionary<string, IReadOnlyList<string>> Chosen(string facet, params string[] values) => new() { [facet] = values };

    // nDCG@10: what was judged best weighs most.
    private static double Gain(List<string> found, string[] relevant)
    {
        double Sum(IEnumerable<string> order) => order.Take(10).Select((id, i) => Math.Max(0, Array.IndexOf(relevant, id) < 0 ? 0 : relevant.Length - Array.IndexOf(relevant, id)) / Math.Log2(i + 2)).Sum();
        return Sum(found) / Sum(relevant);
    }
}
