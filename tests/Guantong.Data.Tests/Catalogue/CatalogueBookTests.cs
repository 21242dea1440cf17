using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Guantong.Data;
using Guantong.Trust;

namespace Guantong.Tests;

/// <summary>Keeping entries: what they may say, who may change them, and every version with what changed.</summary>
public sealed class CatalogueBookTests
{
    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task Each_change_is_a_version_that_says_field_by_field_who_changed_what(string store)
    {
        await using var bed = await CatalogueBed.MakeAsync(store);
        var first = (await bed.Book.AddAsync(CatalogueBed.Ecology, CatalogueBed.Entry())).Kept!;
        // The unit's name and region are the jurisdiction's; class 3, the environment's subject, the region, the number.
        Assert.Equal(("省生态环境厅", "zj-ecology", "330000", "309330000/000001"), (first.Entry.Provider, first.Entry.ProviderCode, first.Entry.Region, first.Entry.Code));
        var second = (await bed.Book.ChangeAsync(CatalogueBed.Bureau, first.Entry.Id, first.Entry with { Share = "none", Basis = "水法第十六条", Items = [first.Entry.Items[0], first.Entry.Items[1] with { Unit = "cm" }, new("flow", "流量", "", "number")] }, 1)).Kept!;
        Assert.Equal((2, first.Entry.Code), (second.Version, second.Entry.Code));
        var same = await bed.Book.ChangeAsync(CatalogueBed.Bureau, first.Entry.Id, second.Entry with { Name = " 水库水位 " }, 2);
        Assert.Equal(2, same.Kept!.Version);
        var versions = await bed.Book.VersionsAsync(first.Entry.Id);
        Assert.Equal([2, 1], versions.Select(v => v.Version));
        Assert.Equal(("data-bureau", "zj-data"), (versions[0].By, versions[0].Unit));
        Assert.Equal(["share: unconditional → none", "basis:  → 水法第十六条", "items.level.unit: m → cm", "items.flow.id:  → flow", "items.flow.name:  → 流量", "items.flow.type:  → number"],
            versions[0].Changes.Select(c => $"{c.Path}: {c.Was} → {c.Becomes}"));
        Assert.Null((await new Ledger(bed.Store).VerifyAsync()).FirstBad);
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task Nobody_changes_what_moved_meanwhile_or_is_another_unit_s(string store)
    {
        await using var bed = await CatalogueBed.MakeAsync(store);
        var kept = (await bed.Book.AddAsync(CatalogueBed.Ecology, CatalogueBed.Entry())).Kept!;
        Assert.Equal("entry-not-yours", (await bed.Book.AddAsync(CatalogueBed.Ecology, CatalogueBed.Entry(provider: "省气象局"))).Refused);
        Assert.Equal("entry-not-yours", (await bed.Book.ChangeAsync(CatalogueBed.Ecology, kept.Entry.Id, kept.Entry with { Provider = "省气象局", ProviderCode = "" }, 1)).Refused);
        Assert.Equal("entry-moved", (await bed.Book.ChangeAsync(CatalogueBed.Ecology, kept.Entry.Id, kept.Entry with { Name = "别的" }, 7)).Refused);
        Assert.Equal("entry-gone", (await bed.Book.ChangeAsync(CatalogueBed.Ecology, "none", kept.Entry, 1)).Refused);
        // Of two at once, one stands.
        var both = await Task.WhenAll(bed.Book.ChangeAsync(CatalogueBed.Ecology, kept.Entry.Id, kept.Entry with { Name = "甲" }, 1), bed.Book.ChangeAsync(CatalogueBed.Bureau, kept.Entry.Id, kept.Entry with { Name = "乙" }, 1));
        Assert.Equal([null, "entry-moved"], both.Select(b => b.Refused).Order());
        Assert.Equal(2, (await bed.Book.FindAsync(kept.Entry.Id))!.Version);
    }

    public static TheoryData<string, string> Faults => new()
    {
        { "name", "needed" }, { "about", "needed" }, { "provider", "needed" }, { "share", "one-of" }, { "basis", "basis" }, { "shareCondition", "condition" }, { "openCondition", "condition" }, { "grade", "grade" },
        { "open", "open-graded" }, { "cycle", "one-of" }, { "category", "one-of" }, { "published", "date" }, { "region", "region" }, { "page", "address" }, { "downloads", "address" }, { "items.level.type", "one-of" }, { "items.level.id", "twice" }, { "items.3.id", "needed" },
        { "keywords", "control" }, { "about", "too-long" },
    };

    [Theory, MemberData(nameof(Faults))]
    public async Task What_an_entry_may_not_say_is_told_by_field_with_the_mend_and_nothing_is_kept(string field, string code)
    {
        await using var bed = await CatalogueBed.MakeAsync("sqlite");
        var entry = CatalogueBed.Entry();
        entry = (field, code) switch
        {
            ("name", _) => entry with { Name = " " }, ("about", "needed") => entry with { About = "" }, ("about", _) => entry with { About = new string('水', 4001) }, ("provider", _) => entry with { Provider = "" },
            ("share", _) => entry with { Share = "some" }, ("basis", _) => entry with { Share = "none" }, ("shareCondition", _) => entry with { Share = "conditional" }, ("openCondition", _) => entry with { Open = "conditional" },
            ("grade", _) => entry with { Grade = 5, Open = "none" }, ("open", _) => entry with { Grade = 3 }, ("cycle", _) => entry with { Cycle = "sometimes" }, ("category", _) => entry with { Category = "weather" },
            ("published", _) => entry with { Published = "2026-02-30" }, ("region", _) => entry with { Region = "990000" }, ("page", _) => entry with { Page = "javascript:alert(1)" }, ("downloads", _) => entry with { Downloads = ["file:///etc/passwd"] },
            ("items.level.type", _) => entry with { Items = [entry.Items[1] with { Type = "text" }] }, ("items.level.id", _) => entry with { Items = [entry.Items[1], entry.Items[1]] },
            ("items.3.id", _) => entry with { Items = [.. entry.Items, new("", "无名", "", "string")] }, _ => entry with { Keywords = ["a\u0001b"] },
        };
        var saving = await bed.Book.AddAsync(CatalogueBed.Bureau, entry);
        var fault = Assert.Single(saving.Faults);
        Assert.Equal((field, code), (fault.Field, fault.Code));
        Assert.All((string[])["zh-CN", "en"], lang => Assert.DoesNotContain("{0}", fault.Say(lang), StringComparison.Ordinal));
        Assert.NotEqual(fault.Say("zh-CN"), fault.Say("en"));
        Assert.Empty(await bed.Book.AllAsync(false).ToListAsync());
    }

    // What one version becomes by its changes is the next, whatever was changed.
    [Property(MaxTest = 300)]
    public Property Changes_say_everything_that_differs() => Prop.ForAll(Entries.Pair.ToArbitrary(), pair =>
    {
        var (was, becomes) = pair;
        var changes = EntryFields.Changes(was, becomes);
        return (changes.Count == 0) == (Entries.Same(was, becomes))
            && EntryFields.Changes(becomes, becomes).Count == 0
            && EntryFields.Changes(becomes, was).Count == changes.Count
            && Entries.Same(EntryFields.Normal(was), EntryFields.Normal(EntryFields.Normal(was)));
    });
}
