using Guantong.Data;
using Guantong.Packs;
using Guantong.Trust;
using Guantong.Work;

namespace Guantong.Insight;

/// <summary>What anyone can find: services, packs with a public screen, open datasets.</summary>
public sealed record PublicThings(IReadOnlyList<(AppliedPack Applied, Matter Matter)> Services, IReadOnlyList<Pack> Screens, IReadOnlyList<(Pack Pack, Dataset Dataset)> Datasets)
{
    /// <summary>How many in all.</summary>
    public int Count => Services.Count + Screens.Count + Datasets.Count;
}

/// <summary>Finds what is public by everyday words, and answers questions about it from what is declared. Start reading here: words are read by <see cref="FindQuery"/>, held against things by <see cref="FindIndex"/>.</summary>
public sealed class Finder(PackRegistry packs, Applications applications, CatalogueBook book, OpenedTogether opened, Jurisdiction land)
{
    // A field of a matter is told only of one that the rest of the question clearly means.
    private const double Clearly = 0.6;

    private Shelf? _shelf;

    private sealed record Shelf(IReadOnlyDictionary<string, AppliedPack> Of, IReadOnlySet<string> Open, FindIndex Index, FindIndex Passages, IReadOnlyDictionary<string, (AppliedPack Applied, Matter Matter)> Services);

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
        IReadOnlyList<FoundThing> But(string? without) => [.. found.Where(f => (without == "subject" || wish.Subject is null || f.Thing.Subject == wish.Subject)
            && (without == "unit" || wish.Unit is null || f.Thing.Unit == wish.Unit) && (without == "audience" || wish.Audience is null || f.Thing.Audience.Contains(wish.Audience)) && (without == "event" || wish.Event is null || f.Thing.Events.Contains(wish.Event)))];
        var left = But(null);
        var region = land.Regions.Find(wish.Region)?.Code;
        var kinds = left.GroupBy(f => f.Thing.Kind).OrderByDescending(g => query.Plain.Length == 0 ? 0 : g.Max(f => f.Score)).ThenBy(g => FindThing.Kinds.ToList().IndexOf(g.Key)).Where(g => wish.Kind is null || g.Key == wish.Kind)
            .Select(g => new FoundKind(g.Key, g.Count(), [.. g.Select(f => (f, Offered: IsOffered(shelf, f.Thing, region))).OrderByDescending(f => f.Offered).Skip(wish.Skip).Take(wish.Take).Select(f => Show(shelf, f.f.Thing, query, f.Offered, lang))])).ToList();
        var (answer, isQuestion) = wish.Kind is null or "service" && query.Plain.Length > 0 ? Answer(shelf, query, left, lang) : (null, false);
        return new FoundPage(words, query.Understood is { } meant && FindText.Plain(meant) != query.Plain && found.Count > 0 ? meant : null, kinds, answer, isQuestion,
            found.Count == 0 ? Offers(shelf, query) : [],
            Facet(But("subject").Select(f => f.Thing.Subject), v => CatalogueTexts.Say(lang, "form.category." + v)),
            Facet(But("unit").Select(f => f.Thing.Unit), v => land.Units.Find(v)?.Say(lang) ?? v),
            [.. Facet(But("audience").Where(f => f.Thing.Kind == "service").SelectMany(f => f.Thing.Audience), v => AskingTexts.Say(lang, "audience." + v)).OrderByDescending(a => a.Value, StringComparer.Ordinal)],
            [.. LifeEvent.All.Select(e => new FoundFacet(e.Id, e.Say(lang), But("event").Count(f => f.Thing.Kind == "service" && f.Thing.Events.Contains(e.Id)))).Where(e => e.Count > 0)]);
    }

    /// <summary>What a visitor opens after a search: where it stands, having been counted; null where the words do not find it.</summary>
    internal async Task<string?> OpenAsync(string words, string key, string? visitor, CancellationToken cancel = default)
    {
        var shelf = await ShelfAsync(cancel);
        var query = shelf.Index.Read(FindText.Cut(words));
        if (shelf.Index.Things.FirstOrDefault(t => t.Key == key) is not { } thing)
            return null;
        if (visitor is not null && shelf.Index.Find(query).Any(f => f.Thing == thing))
            await opened.TakeAsync(query.Plain, key, visitor, cancel);
        return thing.Address;
    }

    private (FoundAnswer? Answer, bool IsQuestion) Answer(Shelf shelf, FindQuery query, IReadOnlyList<FoundThing> found, string lang)
    {
        if (!query.IsQuestion)
            return (null, false);
        var best = found.FirstOrDefault(f => f.Thing.Kind == "service");
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

    private bool IsOffered(Shelf shelf, FindThing thing, string? region) =>
        region is null || !shelf.Services.TryGetValue(thing.Key, out var service) || applications.Regions(service.Matter).Any(r => land.Regions.Within(region, r.Code) || land.Regions.Within(r.Code, region));

    private static Found Show(Shelf shelf, FindThing thing, FindQuery query, bool isOffered, string lang)
    {
        var (limit, fee) = shelf.Services.TryGetValue(thing.Key, out var service) ? (service.Matter.Limit, service.Matter.Fee is { } f ? service.Applied.Pack.Say(lang, f) : null) : (null, null);
        return new Found(thing.Kind, thing.Pack, thing.Id, thing.Key, thing.Address, FindIndex.Mark(thing.Say(lang), query), FindIndex.Mark(thing.SayAbout(lang), query), isOffered, limit, fee);
    }

    // Made anew when a pack or what is open has changed.
    private async Task<Shelf> ShelfAsync(CancellationToken cancel)
    {
        var open = await book.PublicAsync(cancel);
        if (_shelf is { } known && ReferenceEquals(known.Of, packs.Applied) && known.Open.SetEquals(open))
            return known;
        var of = packs.Applied;
        var all = All(open);
        List<FindThing> things = [.. all.Services.Select(s => Thing(s.Applied.Pack, s.Matter)), .. Guides().Select(g => Thing(g.Pack, g.Guide)), .. all.Screens.Select(Thing), .. all.Datasets.Select(d => Thing(d.Pack, d.Dataset))];
        var index = new FindIndex(things, LifeEvent.All.SelectMany(e => e.Also.Append(e.Zh)));
        return _shelf = new Shelf(of, open, index, new FindIndex([.. GuideAnswers.Passages(all.Services.Select(s => (s.Applied.Pack, s.Matter)))], index.Words), all.Services.ToDictionary(s => $"service:{s.Applied.Pack.Id}/{s.Matter.Id}"));
    }

    private FindThing Thing(Pack pack, Matter matter)
    {
        var lead = land.Units.Named(pack.LeadOf(matter));
        var events = matter.Events.Select(LifeEvent.Find).OfType<LifeEvent>().ToList();
        var materials = string.Join('\n', matter.Materials.Select(m => m.Name));
        return new FindThing("service", pack.Id, matter.Id, matter.Name, pack.Say(Lang.En, matter.Name), matter.About, pack.Say(Lang.En, matter.About),
            [(string.Join('\n', matter.Also.Prepend(matter.Name)), FindIndex.NameWorth), (string.Join('\n', events.SelectMany(e => e.Also.Append(e.Zh))), matter.Joint is null ? 0.8 : 0.95), (matter.About, 0.7), (matter.Document ?? "", 0.6), (lead?.Name ?? "", 0.55), (materials, 0.45)],
            [(string.Join('\n', matter.Also.Append(pack.Say(Lang.En, matter.Name))), FindIndex.NameWorth), (string.Join('\n', events.SelectMany(e => e.Also.Append(e.En))), matter.Joint is null ? 0.8 : 0.95), (pack.Say(Lang.En, matter.About), 0.7), (lead?.NameEn ?? "", 0.55)])
        { Subject = pack.SubjectOf(matter), Unit = lead?.Id, Audience = matter.Audience, Events = matter.Events, IsJoint = matter.Joint is not null };
    }

    private FindThing Thing(Pack pack, Guide guide) =>
        new("guide", pack.Id, guide.Id, guide.Name, pack.Say(Lang.En, guide.Name), guide.About, pack.Say(Lang.En, guide.About),
            [(string.Join('\n', guide.Also.Prepend(guide.Name)), FindIndex.NameWorth), (guide.About, 0.6), (string.Join('\n', guide.Questions.SelectMany(q => q.Choices)), 0.5)],
            [(pack.Say(Lang.En, guide.Name), FindIndex.NameWorth), (pack.Say(Lang.En, guide.About), 0.6)])
        { Unit = land.Units.Named(pack.Lead.Name)?.Id, Events = guide.Events };

    private FindThing Thing(Pack pack)
    {
        var screen = pack.Screen!;
        return new("screen", pack.Id, screen.Id, screen.Name, pack.Say(Lang.En, screen.Name), pack.About, pack.Say(Lang.En, pack.About),
            [($"{screen.Name}\n{pack.Name}", FindIndex.NameWorth), (string.Join('\n', pack.Indicators.SelectMany(i => i.Also.Prepend(i.Name))), 0.8)],
            [($"{pack.Say(Lang.En, screen.Name)}\n{pack.Say(Lang.En, pack.Name)}", FindIndex.NameWorth), (string.Join('\n', pack.Indicators.Select(i => pack.Say(Lang.En, i.Name))), 0.8)])
        { Unit = land.Units.Named(pack.Lead.Name)?.Id, Subject = pack.Datasets.Select(d => d.Listing.Category).FirstOrDefault(c => !string.IsNullOrEmpty(c)) };
    }

    private FindThing Thing(Pack pack, Dataset dataset) =>
        new("dataset", pack.Id, dataset.Id, dataset.Name, pack.Say(Lang.En, dataset.Name), dataset.About, pack.Say(Lang.En, dataset.About),
            [(string.Join('\n', dataset.Listing.Keywords.Prepend(dataset.Name)), FindIndex.NameWorth), (dataset.About, 0.6), (string.Join('\n', dataset.Fields.Select(f => $"{f.Name} {f.Id}")), 0.6)],
            [(pack.Say(Lang.En, dataset.Name), FindIndex.NameWorth), (pack.Say(Lang.En, dataset.About), 0.6), (string.Join('\n', dataset.Fields.Select(f => $"{pack.Say(Lang.En, f.Name)} {f.Id}")), 0.6)])
        { Subject = dataset.Listing.Category, Unit = land.Units.Named(dataset.Source.Name)?.Id };
}
