using Guantong.Data;
using Guantong.Packs;
using Guantong.Trust;
using Guantong.Work;
using Microsoft.AspNetCore.Http;

namespace Guantong.Insight;

/// <summary>What anyone can find: services, packs with a public screen, open datasets.</summary>
public sealed record PublicThings(IReadOnlyList<(AppliedPack Applied, Matter Matter)> Services, IReadOnlyList<Pack> Screens, IReadOnlyList<(Pack Pack, Dataset Dataset)> Datasets)
{
    /// <summary>How many in all.</summary>
    public int Count => Services.Count + Screens.Count + Datasets.Count;
}

/// <summary>Finds what is public by everyday words, and answers questions about it from what is declared. Start reading here: words are read by <see cref="FindQuery"/>, held against things by <see cref="FindIndex"/>.</summary>
public sealed class Finder(PackRegistry packs, Applications applications, CatalogueBook book, RegionChannels channels, OpenedTogether opened, Jurisdiction land)
{
    // A field of a matter is told only of one that the rest of the question clearly means.
    private const double Clearly = 0.6;

    // A sentence that says all of what is asked is a better answer than a field: within what time a birth is declared is not how long that takes.
    private const double Wholly = 0.9;

    private Shelf? _shelf;

    private sealed record Shelf(IReadOnlyDictionary<string, AppliedPack> Of, IReadOnlySet<string> Open, IReadOnlyList<ChannelOnShow> Channels, FindIndex Index, FindIndex Passages, IReadOnlyDictionary<string, (AppliedPack Applied, Matter Matter)> Services);

    /// <summary>All that is public.</summary>
    public async Task<PublicThings> AllAsync(CancellationToken cancel = default) => All(await book.PublicAsync(cancel));

    private PublicThings All(IReadOnlySet<string> open)
    {
        var all = packs.Applied.Values.Select(a => a.Pack).ToList();
        return new PublicThings([.. applications.Services()], [.. all.Where(p => p.Screen is not null)],
            [.. all.SelectMany(p => p.Datasets.Where(d => DataRoom.IsPublic(d) || open.Contains($"{p.Id}:{d.Id}")).Select(d => (p, d)))]);
    }

    /// <summary>The events of a life and of a business that have something to be handled.</summary>
    public IReadOnlyList<LifeEvent> Events() => [.. LifeEvent.All.Where(e => applications.Services().Any(s => s.Matter.Events.Contains(e.Id)))];

    /// <summary>Guided questions of the packs in force.</summary>
    public IReadOnlyList<(Pack Pack, Guide Guide)> Guides() => [.. packs.Applied.Values.SelectMany(a => a.Pack.Guides.Select(g => (a.Pack, g)))];

    /// <summary>What a wish finds.</summary>
    public async Task<FoundPage> FindAsync(FindWish wish, string lang, CancellationToken cancel = default)
    {
        var shelf = await ShelfAsync(cancel);
        var words = FindText.Cut(wish.Words);
        var query = shelf.Index.Read(words);
        var found = query.Plain.Length == 0 ? [.. shelf.Index.Things.Select(t => new FoundThing(t, 1, t.IsJoint ? 1 : 0)).OrderByDescending(f => f.Score)] : shelf.Index.Find(query, await opened.OfAsync(query.Plain, cancel));
        // What was chosen elsewhere narrows a facet, its own choice does not: so one sees what else there is.
        IReadOnlyList<FoundThing> But(string? without) => [.. found.Where(f => (wish.Kind is null || f.Thing.Kind == wish.Kind) && (without == "subject" || wish.Subject is null || f.Thing.Subject == wish.Subject)
            && (without == "unit" || wish.Unit is null || f.Thing.Unit == wish.Unit) && (without == "audience" || wish.Audience is null || f.Thing.Audience.Contains(wish.Audience)) && (without == "event" || wish.Event is null || f.Thing.Events.Contains(wish.Event)))];
        var left = But(null);
        var region = land.Regions.Find(wish.Region)?.Code;
        var kinds = left.GroupBy(f => f.Thing.Kind).OrderByDescending(g => query.Plain.Length == 0 ? 0 : g.Max(f => f.Score)).ThenBy(g => Findable.Kinds.ToList().IndexOf(g.Key))
            .Select(g => new FoundKind(g.Key, g.Count(), [.. g.Select(f => (f, Offered: IsOffered(shelf, f.Thing, region))).OrderByDescending(f => f.Offered).Skip(wish.Skip).Take(wish.Take).Select(f => Show(shelf, f.f.Thing, query, f.Offered, lang))])).ToList();
        var (answer, isQuestion) = wish.Kind is null or "service" && query.Plain.Length > 0 ? Answer(shelf, query, left, lang) : (null, false);
        return new FoundPage(words, query.Understood is { } meant && FindText.Plain(meant) != query.Plain && found.Count > 0 ? meant : null, kinds, answer, isQuestion,
            found.Count == 0 ? Offers(shelf, query) : [],
            Facet(But("subject").Select(f => f.Thing.Subject), v => CatalogueTexts.Say(lang, "form.category." + v)),
            Facet(But("unit").Select(f => f.Thing.Unit), v => land.Units.Find(v)?.Say(lang) ?? v),
            [.. Facet(But("audience").Where(f => f.Thing.Kind == "service").SelectMany(f => f.Thing.Audience), v => AskingTexts.Say(lang, "audience." + v)).OrderByDescending(a => a.Value, StringComparer.Ordinal)],
            [.. LifeEvent.All.Select(e => new FoundFacet(e.Id, e.Say(lang), But("event").Count(f => f.Thing.Kind == "service" && f.Thing.Events.Contains(e.Id)))).Where(e => e.Count > 0)]);
    }

    /// <summary>What a visitor opens after a search: where it stands, having been counted; null where there is no such thing.</summary>
    /// <param name="key">kind:pack/id.</param>
    /// <param name="visitor">Their request; null where it is not to be counted. What the words do not find is not counted either.</param>
    public async Task<string?> OpenAsync(string words, string key, HttpContext? visitor, CancellationToken cancel = default)
    {
        var shelf = await ShelfAsync(cancel);
        var query = shelf.Index.Read(FindText.Cut(words));
        if (shelf.Index.Things.FirstOrDefault(t => t.Key == key) is not { } thing)
            return null;
        if (visitor is not null && shelf.Index.Find(query).Any(f => f.Thing == thing))
            await opened.TakeAsync(query.Plain, key, OpenedTogether.Visitor(visitor), cancel);
        return thing.Address;
    }

    private (FoundAnswer? Answer, bool IsQuestion) Answer(Shelf shelf, FindQuery query, IReadOnlyList<FoundThing> found, string lang)
    {
        if (!query.IsQuestion)
            return (null, false);
        var best = found.FirstOrDefault(f => f.Thing.Kind == "service");
        if (GuideAnswers.OfText(query, shelf.Passages, lang, Wholly) is { } said)
            return (said, true);
        if (query.Asked is { } field && best is not null && best.Covered >= Clearly && query.Terms.Any(t => !t.IsWeak) && shelf.Services.TryGetValue(best.Thing.Key, out var service)
            && GuideAnswers.OfField(field, service.Applied.Pack, service.Matter, land, lang) is { } declared)
            return (declared, true);
        return (GuideAnswers.OfText(query, shelf.Passages, lang), true);
    }

    private static IReadOnlyList<FoundFacet> Facet(IEnumerable<string?> values, Func<string, string> name) =>
        [.. values.OfType<string>().GroupBy(v => v).Select(g => new FoundFacet(g.Key, name(g.Key), g.Count())).OrderByDescending(f => f.Count).ThenBy(f => f.Name, StringComparer.Ordinal)];

    // Names that share at least half of their characters with what was typed.
    private static IReadOnlyList<string> Offers(Shelf shelf, FindQuery query) => query.Core.Length is < 2 or > 20 ? [] :
        [.. shelf.Index.Words.Names.Where(n => n.Length > 2).Select(n => (Name: n, Like: 2.0 * n.Intersect(query.Core).Count() / (n.Distinct().Count() + query.Core.Distinct().Count()))).Where(n => n.Like >= 0.6)
            .OrderByDescending(n => n.Like).ThenBy(n => n.Name, StringComparer.Ordinal).Select(n => n.Name).Take(3)];

    private bool IsOffered(Shelf shelf, Findable thing, string? region) =>
        region is null || !shelf.Services.TryGetValue(thing.Key, out var service) || applications.Regions(service.Matter).Any(r => land.Regions.Within(region, r.Code) || land.Regions.Within(r.Code, region));

    private static Found Show(Shelf shelf, Findable thing, FindQuery query, bool isOffered, string lang)
    {
        var (limit, fee) = shelf.Services.TryGetValue(thing.Key, out var service) ? (service.Matter.Limit, service.Matter.Fee is { } f ? service.Applied.Pack.Say(lang, f) : null) : (null, null);
        return new Found(thing.Kind, thing.Pack, thing.Id, thing.Key, thing.Address, FindIndex.Mark(thing.Say(lang), query), FindIndex.Mark(thing.SayAbout(lang), query), isOffered, limit, fee);
    }

    // Made anew when a pack, what is open or a channel has changed.
    private async Task<Shelf> ShelfAsync(CancellationToken cancel)
    {
        var open = await book.PublicAsync(cancel);
        var shown = await channels.OnShowAsync(cancel);
        if (_shelf is { } known && ReferenceEquals(known.Of, packs.Applied) && ReferenceEquals(known.Channels, shown) && known.Open.SetEquals(open))
            return known;
        var of = packs.Applied;
        var all = All(open);
        List<Findable> things = [.. all.Services.Select(s => Findables.Of(s.Applied.Pack, s.Matter, land)), .. Guides().Select(g => Findables.Of(g.Pack, g.Guide, land)), .. all.Screens.Select(p => Findables.Of(p, land)), .. all.Datasets.Select(d => Findables.Of(d.Pack, d.Dataset, land)), .. shown.SelectMany(c => Findables.Of(c, land))];
        var index = new FindIndex(things, Findables.EventWords);
        return _shelf = new Shelf(of, open, shown, index, new FindIndex([.. GuideAnswers.Passages(all.Services.Select(s => (s.Applied.Pack, s.Matter)))], index.Words), all.Services.ToDictionary(s => $"service:{s.Applied.Pack.Id}/{s.Matter.Id}"));
    }
}
