using System.Text.RegularExpressions;
using Guantong.Trust;

namespace Guantong.Work;

/// <summary>What is wrong at a place of a channel.</summary>
/// <param name="Field">title, aboutEn, picture.alt, news.0.text, zones.1.sections.0.policies.2.address and so on.</param>
/// <param name="Code">Its sentence stands in texts.json under <c>channel-fault.CODE</c>.</param>
public sealed record ChannelFault(string Field, string Code, params object?[] Args)
{
    /// <summary>The sentence in a reader's language.</summary>
    public string Say(string lang) => WorkTexts.Say(lang, "channel-fault." + Code, Args);
}

/// <summary>Holds what a channel says against what may be shown to the public. Pure.</summary>
public sealed partial class ChannelCheck
{
    /// <summary>The longest title.</summary>
    public const int LongestTitle = 60;

    /// <summary>The longest text.</summary>
    public const int LongestText = 5000;

    /// <summary>The longest address.</summary>
    public const int LongestAddress = 500;

    /// <summary>The most of each: featured matters, pieces of news, links, zones, sections of a zone, things and policies of a section.</summary>
    public const int MostMatters = 12, MostNews = 30, MostLinks = 20, MostZones = 8, MostSections = 8, MostThings = 20;

    private readonly List<ChannelFault> _faults = [];
    private readonly IReadOnlySet<string> _things;

    private ChannelCheck(IReadOnlySet<string> things) => _things = things;

    /// <summary>The faults of a channel, in the order in which they stand on its page.</summary>
    /// <param name="things">What may be featured (<see cref="ChannelThings"/>), by key.</param>
    /// <param name="pictures">Ids of the pictures that the channel has.</param>
    public static IReadOnlyList<ChannelFault> Of(ChannelContent content, IReadOnlySet<string> things, IReadOnlySet<string> pictures)
    {
        var check = new ChannelCheck(things);
        check.Title("title", content.Title, content.TitleEn);
        check.Texts("about", content.About, content.AboutEn, isNeeded: true);
        if (content.Picture is { } picture)
        {
            if (!pictures.Contains(picture.Id))
                check.Add("picture", "no-picture");
            check.Title("picture.alt", picture.Alt, picture.AltEn, LongestTitle * 2, "alt");
        }
        check.Things("matters", content.Matters, MostMatters);
        if (content.Matters.Any(m => !m.StartsWith("service:", StringComparison.Ordinal)))
            check.Add("matters", "thing");
        check.Many("news", content.News.Count, MostNews);
        foreach (var (i, news) in content.News.Index())
            check.Look($"news.{i}", news);
        check.Links("links", content.Links);
        check.Many("zones", content.Zones.Count, MostZones);
        foreach (var (i, zone) in content.Zones.Index())
        {
            check.Look($"zones.{i}", zone);
            if (content.Zones.Take(i).Any(z => z.Id == zone.Id))
                check.Add($"zones.{i}.id", "twice");
        }
        return check._faults;
    }

    private void Look(string at, ChannelNews news)
    {
        Title($"{at}.title", news.Title, news.TitleEn);
        Texts($"{at}.text", news.Text, news.TextEn, isNeeded: true);
        if (ChannelNews.Day(news.From) is null)
            Add($"{at}.from", "day");
        if (news.Until.Length > 0 && ChannelNews.Day(news.Until) is null)
            Add($"{at}.until", "day");
        else if (ChannelNews.Day(news.Until) < ChannelNews.Day(news.From))
            Add($"{at}.until", "until");
    }

    private void Look(string at, ChannelZone zone)
    {
        Title($"{at}.title", zone.Title, zone.TitleEn);
        if (!Ending().IsMatch(zone.Id))
            Add($"{at}.id", "zone-id");
        Texts($"{at}.text", zone.Text, zone.TextEn, isNeeded: false);
        Many($"{at}.sections", zone.Sections.Count, MostSections);
        foreach (var (i, section) in zone.Sections.Index())
        {
            var part = $"{at}.sections.{i}";
            Title($"{part}.title", section.Title, section.TitleEn);
            Things($"{part}.things", section.Things, MostThings);
            Links($"{part}.policies", section.Policies);
            if (section.Things.Count + section.Policies.Count == 0)
                Add($"{part}.things", "section-empty");
        }
    }

    private void Links(string at, IReadOnlyList<ChannelLink> links)
    {
        Many(at, links.Count, MostLinks);
        foreach (var (i, link) in links.Index())
        {
            Title($"{at}.{i}.title", link.Title, link.TitleEn);
            if (link.Address.Length > LongestAddress || !ChannelMarkdown.IsOutside(link.Address))
                Add($"{at}.{i}.address", "address", LongestAddress);
        }
    }

    private void Things(string at, IReadOnlyList<string> things, int most)
    {
        Many(at, things.Count, most);
        if (things.Any(t => !_things.Contains(t)))
            Add(at, "thing");
    }

    private void Title(string at, string zh, string en, int longest = LongestTitle, string missing = "missing")
    {
        if (zh.Length == 0)
            Add(at, missing);
        else if (zh.Length > longest)
            Add(at, "long", longest);
        // English takes more letters for the same.
        if (en.Length > longest * 2)
            Add(at + "En", "long", longest * 2);
    }

    private void Texts(string at, string zh, string en, bool isNeeded)
    {
        if (zh.Length == 0 && isNeeded)
            Add(at, "missing");
        Text(at, zh, LongestText);
        Text(at + "En", en, LongestText * 2);
    }

    private void Text(string at, string text, int longest)
    {
        if (text.Length > longest)
            Add(at, "long", longest);
        else if (ChannelMarkdown.Fault(text) is { } fault)
            Add(at, fault);
    }

    private void Many(string at, int count, int most)
    {
        if (count > most)
            Add(at, "many", most);
    }

    private void Add(string field, string code, params object?[] args) => _faults.Add(new ChannelFault(field, code, args));

    [GeneratedRegex("^[a-z0-9](-?[a-z0-9]){1,29}$")]
    private static partial Regex Ending();
}
