using Guantong.Packs;
using Guantong.Trust;
using Guantong.Work;

namespace Guantong.Insight;

/// <summary>What packs declare, as things to be found: which texts, and what a hit in each is worth.</summary>
internal static class Findables
{
    /// <summary>How people say events of a life and of a business.</summary>
    public static IEnumerable<string> EventWords => LifeEvent.All.SelectMany(e => e.Also);

    /// <summary>A service.</summary>
    public static Findable Of(Pack pack, Matter matter, Jurisdiction land)
    {
        var lead = land.Units.Named(pack.LeadOf(matter));
        var events = matter.Events.Select(LifeEvent.Find).OfType<LifeEvent>().ToList();
        var materials = string.Join('\n', matter.Materials.Select(m => m.Name));
        return new Findable("service", pack.Id, matter.Id, matter.Name, pack.Say(Lang.En, matter.Name), matter.About, pack.Say(Lang.En, matter.About),
            [(string.Join('\n', matter.Also.Prepend(matter.Name)), FindIndex.NameWorth), (string.Join('\n', events.SelectMany(e => e.Also)), matter.Joint is null ? 0.8 : 0.95), (matter.About, 0.7), (matter.Document ?? "", 0.6), (lead?.Name ?? "", 0.55), (materials, 0.45)],
            [(string.Join('\n', matter.Also.Append(pack.Say(Lang.En, matter.Name))), FindIndex.NameWorth), (string.Join('\n', events.SelectMany(e => e.Also)), matter.Joint is null ? 0.8 : 0.95), (pack.Say(Lang.En, matter.About), 0.7), (lead?.NameEn ?? "", 0.55)])
        { Subject = pack.SubjectOf(matter), Unit = lead?.Id, Audience = matter.Audience, Events = matter.Events, IsJoint = matter.Joint is not null };
    }

    /// <summary>Guided questions.</summary>
    public static Findable Of(Pack pack, Guide guide, Jurisdiction land) =>
        new("guide", pack.Id, guide.Id, guide.Name, pack.Say(Lang.En, guide.Name), guide.About, pack.Say(Lang.En, guide.About),
            [(string.Join('\n', guide.Also.Prepend(guide.Name)), FindIndex.NameWorth), (guide.About, 0.6), (string.Join('\n', guide.Questions.SelectMany(q => q.Choices)), 0.5)],
            [(pack.Say(Lang.En, guide.Name), FindIndex.NameWorth), (pack.Say(Lang.En, guide.About), 0.6)])
        { Unit = land.Units.Named(pack.Lead.Name)?.Id, Events = guide.Events };

    /// <summary>A public screen.</summary>
    public static Findable Of(Pack pack, Jurisdiction land)
    {
        var screen = pack.Screen!;
        return new("screen", pack.Id, screen.Id, screen.Name, pack.Say(Lang.En, screen.Name), pack.About, pack.Say(Lang.En, pack.About),
            [($"{screen.Name}\n{pack.Name}", FindIndex.NameWorth), (string.Join('\n', pack.Indicators.SelectMany(i => i.Also.Prepend(i.Name))), 0.8)],
            [($"{pack.Say(Lang.En, screen.Name)}\n{pack.Say(Lang.En, pack.Name)}", FindIndex.NameWorth), (string.Join('\n', pack.Indicators.Select(i => pack.Say(Lang.En, i.Name))), 0.8)])
        { Unit = land.Units.Named(pack.Lead.Name)?.Id, Subject = pack.Datasets.Select(d => d.Listing.Category).FirstOrDefault(c => !string.IsNullOrEmpty(c)) };
    }

    /// <summary>A region's channel, and its zones.</summary>
    public static IEnumerable<Findable> Of(ChannelOnShow shown, Jurisdiction land)
    {
        var (content, region) = (shown.Content, land.Regions.Find(shown.Region)!);
        yield return Of(shown, Findable.ItsChannel, content.Title, content.TitleEn, content.About, content.AboutEn, string.Join('\n', content.News.Select(n => n.Title)), $"{region.Name}频道", $"{region.NameEn} channel");
        foreach (var zone in content.Zones)
            yield return Of(shown, zone.Id, zone.Title, zone.TitleEn, zone.Text, zone.TextEn, string.Join('\n', zone.Sections.Select(s => s.Title)), $"{region.Name}{zone.Title}", $"{region.NameEn} {zone.TitleEn}");
    }

    private static Findable Of(ChannelOnShow shown, string id, string name, string nameEn, string about, string aboutEn, string more, string also, string alsoEn) =>
        new("channel", shown.Region, id, name, nameEn.Length > 0 ? nameEn : name, ChannelMarkdown.Words(about), ChannelMarkdown.Words(aboutEn.Length > 0 ? aboutEn : about),
            [($"{name}\n{also}", FindIndex.NameWorth), (about, 0.5), (more, 0.6)], [($"{nameEn}\n{alsoEn}", FindIndex.NameWorth), (aboutEn, 0.5)])
        { Unit = shown.Unit };

    /// <summary>An open dataset.</summary>
    public static Findable Of(Pack pack, Dataset dataset, Jurisdiction land) =>
        new("dataset", pack.Id, dataset.Id, dataset.Name, pack.Say(Lang.En, dataset.Name), dataset.About, pack.Say(Lang.En, dataset.About),
            [(string.Join('\n', dataset.Listing.Keywords.Prepend(dataset.Name)), FindIndex.NameWorth), (dataset.About, 0.6), (string.Join('\n', dataset.Fields.Select(f => $"{f.Name} {f.Id}")), 0.6)],
            [(pack.Say(Lang.En, dataset.Name), FindIndex.NameWorth), (pack.Say(Lang.En, dataset.About), 0.6), (string.Join('\n', dataset.Fields.Select(f => $"{pack.Say(Lang.En, f.Name)} {f.Id}")), 0.6)])
        { Subject = dataset.Listing.Category, Unit = land.Units.Named(dataset.Source.Name)?.Id };
}
