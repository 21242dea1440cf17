using Guantong.Data;
using Guantong.Trust;

namespace Guantong.Tests;

/// <summary>Smart labels and subscriptions: what is suggested, how well, and what somebody who watches is told.</summary>
public sealed class LabelTests
{
    [Fact]
    public void What_is_learned_from_entries_like_it_is_right_more_often_than_not()
    {
        // The judged entries, their subject as their label; each is asked for with itself left out.
        var all = CatalogueBed.Judged().Select(e => e with { Labels = [e.Category] }).GroupBy(e => e.Category).Where(g => g.Count() >= 3).SelectMany(g => g).ToList();
        var neighbours = new LabelNeighbours(all);
        var (asked, told, right) = (0, 0, 0);
        foreach (var entry in all)
        {
            asked++;
            if (neighbours.Of(entry with { Labels = [] }).FirstOrDefault(l => l.Score >= LabelBook.Least) is not { } first)
                continue;
            told++;
            right += first.Label == entry.Category ? 1 : 0;
        }
        TestContext.Current.TestOutputHelper?.WriteLine($"{right} of {told} first suggestions right, for {asked} entries");
        Assert.True(right >= 0.75 * told && told >= 0.5 * asked, $"{right} of {told} right, for {asked} entries");
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task A_steward_confirms_or_declines_a_label_once(string store)
    {
        await using var bed = await CatalogueBed.MakeAsync(store);
        var labels = new LabelBook(bed.Store, bed.Book, TimeProvider.System);
        var kept = (await bed.Book.AddAsync(CatalogueBed.Ecology, CatalogueBed.Entry() with { Items = [new("lon", "经度", "", "number")] })).Kept!;
        Assert.Equal(["实时更新", "空间数据"], (await labels.WaitingAsync(CatalogueBed.Ecology, 10)).Select(s => s.Label).Order(StringComparer.Ordinal));
        Assert.Null(await labels.DecideAsync(CatalogueBed.Ecology, kept.Entry.Id, "空间数据", true));
        Assert.Null(await labels.DecideAsync(CatalogueBed.Ecology, kept.Entry.Id, "实时更新", false));
        Assert.Empty(await labels.WaitingAsync(CatalogueBed.Ecology, 10));
        Assert.Equal(["空间数据"], (await bed.Book.FindAsync(kept.Entry.Id))!.Entry.Labels);
        Assert.Equal(1, (await bed.Search.FindAsync(new CatalogueQuery(Chosen: new Dictionary<string, IReadOnlyList<string>> { ["label"] = ["空间数据"] }))).Total);
        Assert.Equal("label-words", await labels.DecideAsync(CatalogueBed.Ecology, kept.Entry.Id, " ", true));
        var other = (await bed.Book.AddAsync(CatalogueBed.Bureau, CatalogueBed.Entry("风速", "省气象局"))).Kept!;
        Assert.Equal("entry-not-yours", await labels.DecideAsync(CatalogueBed.Ecology, other.Entry.Id, "气象", true));
        // Another reservoir is like the first, and is told so by its name.
        await bed.Book.AddAsync(CatalogueBed.Ecology, CatalogueBed.Entry("水库水位日报") with { Cycle = "daily" });
        var learned = Assert.Single(await labels.WaitingAsync(CatalogueBed.Ecology, 10), s => s.Way != "rule");
        Assert.Equal(("空间数据", "水库水位"), (learned.Label, learned.Way));
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task Whoever_watches_is_told_of_changes_and_of_schemas_first(string store)
    {
        await using var bed = await CatalogueBed.MakeAsync(store);
        var watches = new Watches(bed.Store, bed.Book, bed.Search, TimeProvider.System);
        var (one, two) = ((await bed.Book.AddAsync(CatalogueBed.Bureau, CatalogueBed.Entry())).Kept!, (await bed.Book.AddAsync(CatalogueBed.Bureau, CatalogueBed.Entry("河道流量"))).Kept!);
        Assert.Null(await watches.BeginAsync(CatalogueBed.Ecology, "entry", one.Entry.Id));
        Assert.Null(await watches.BeginAsync(CatalogueBed.Ecology, "search", "q=流量"));
        Assert.Equal("watch-what", await watches.BeginAsync(CatalogueBed.Ecology, "entry", "none"));
        Assert.Empty(await watches.NewsAsync(CatalogueBed.Ecology));
        await bed.Book.ChangeAsync(CatalogueBed.Bureau, one.Entry.Id, one.Entry with { Items = [one.Entry.Items[0]] }, 1);
        await bed.Book.ChangeAsync(CatalogueBed.Bureau, two.Entry.Id, two.Entry with { About = "别的说明" }, 1);
        var news = await watches.NewsAsync(CatalogueBed.Ecology);
        Assert.Equal([(one.Entry.Id, true), (two.Entry.Id, false)], news.Select(n => (n.Kept.Entry.Id, n.IsSchema)));
        Assert.Empty(await watches.NewsAsync(CatalogueBed.Bureau));
        await watches.SeenAsync(CatalogueBed.Ecology);
        Assert.Empty(await watches.NewsAsync(CatalogueBed.Ecology));
        Assert.True(await watches.EndAsync(CatalogueBed.Ecology, (await watches.OfAsync(CatalogueBed.Ecology))[0].Id));
        Assert.False(await watches.EndAsync(CatalogueBed.Bureau, (await watches.OfAsync(CatalogueBed.Ecology))[0].Id));
    }
}
