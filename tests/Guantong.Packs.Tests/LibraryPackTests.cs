using Guantong.Data;
using Guantong.Packs;
using Guantong.Packs.Reading;

namespace Guantong.Tests;

/// <summary>The libraries that ship: what the plan asks for is there, in layers, and no person is in any of them.</summary>
public sealed class LibraryPackTests
{
    private static readonly IReadOnlyList<Pack> Libraries =
        [.. SoundPack.Shipped.Where(f => PackFolder.IdOf(f) is { } id && (id.StartsWith("base.", StringComparison.Ordinal) || id.StartsWith("subject.", StringComparison.Ordinal)))
            .Select(f => PackReader.Read(PackFolder.Read(f, f)).Pack!)];

    public static TheoryData<string> Ids => [.. Libraries.Select(p => p.Id)];

    private static Pack Find(string id) => Libraries.First(p => p.Id == id);

    [Fact]
    public void Six_base_libraries_and_two_subject_libraries_ship() =>
        Assert.Equal(["base.credit", "base.economy", "base.legal-entities", "base.licences", "base.places", "base.population", "subject.elder-care", "subject.market-vitality"], Libraries.Select(p => p.Id).Order(StringComparer.Ordinal));

    // Plan, annex 6 four(4): base libraries hold no rows of persons here (rights.md 1).
    [Theory, MemberData(nameof(Ids))]
    public void No_field_is_about_a_person_and_no_rule_takes_an_identity_number(string id)
    {
        Assert.All(Find(id).Datasets.SelectMany(d => d.Fields), f => Assert.Null(f.Personal));
        Assert.All(Find(id).Datasets.SelectMany(d => d.Quality), r => Assert.DoesNotContain(r.Form?.Name, (string[])["id-number", "phone", "email"]));
    }

    [Theory, MemberData(nameof(Ids))]
    public void What_is_delivered_is_closed_and_what_is_computed_rests_on_it(string id)
    {
        var pack = Find(id);
        var raw = pack.Datasets.Where(d => d.Id.StartsWith("raw-", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(raw);
        Assert.All(raw, d => Assert.True(d is { Open: "none", Listing.Class: "department", Feed.IsDelivered: true }, d.Id));
        var subject = pack.Datasets.Where(d => d.Listing.Class == "theme").ToList();
        Assert.NotEmpty(subject);
        // A subject is computed from what was made uniform, never from what was delivered.
        Assert.All(subject, d => Assert.All(d.Feed!.Needs, n => Assert.DoesNotContain(n.Name, raw.Select(r => r.Id))));
    }

    [Theory, MemberData(nameof(Ids))]
    public void Every_text_has_its_English(string id)
    {
        var pack = Find(id);
        string[] texts =
        [
            pack.Name, pack.About, pack.Screen!.Name, .. pack.Goals.Select(g => g.Name), .. pack.Indicators.SelectMany(i => (string[])[i.Name, i.About, i.Unit]),
            .. pack.Datasets.SelectMany(d => (string?[])[d.Name, d.About, d.Listing.Condition, d.Listing.OpenCondition, .. d.Fields.SelectMany(f => (string?[])[f.Name, f.Unit]), .. d.Quality.Select(r => r.Name)]).OfType<string>(),
            .. pack.CodeLists.SelectMany(c => c.Values.Select(v => v.Means).Append(c.Name)), .. pack.Elements.SelectMany(e => (string[])[e.Name, e.About]),
        ];
        Assert.Equal([], texts.Where(t => t.Any(c => c is >= '\u4e00' and <= '\u9fff') && !pack.English.ContainsKey(t)).Distinct());
    }
}
