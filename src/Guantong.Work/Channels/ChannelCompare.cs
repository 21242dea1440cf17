namespace Guantong.Work;

/// <summary>A place at which two versions of a channel differ.</summary>
/// <param name="Part">Its name in texts.json: <c>channel-part.PART</c>.</param>
/// <param name="Of">The piece of news, the zone or the section that it is of; empty for the channel's own.</param>
/// <param name="Before">Empty where it was not there.</param>
public sealed record ChannelChange(string Part, string Of, string Before, string After);

/// <summary>Compares two versions of a channel, place by place. Pure.</summary>
public static class ChannelCompare
{
    private sealed record Place(string Key, string Part, string Of, string Text);

    /// <summary>What differs, in the order in which it stands on the page.</summary>
    /// <param name="before">Null where there was none.</param>
    public static IReadOnlyList<ChannelChange> Of(ChannelContent? before, ChannelContent after)
    {
        var (was, now) = (before is null ? [] : Places(before).ToList(), Places(after).ToList());
        var (wasAt, nowAt) = (was.ToLookup(p => p.Key), now.ToLookup(p => p.Key));
        return [.. from place in now.Concat(was.Where(w => !nowAt.Contains(w.Key)))
                   let earlier = wasAt[place.Key].FirstOrDefault()?.Text ?? ""
                   let later = nowAt[place.Key].FirstOrDefault()?.Text ?? ""
                   where earlier != later
                   select new ChannelChange(place.Part, place.Of, earlier, later)];
    }

    /// <summary>What a piece of news says, as text.</summary>
    internal static string Text(ChannelNews? news) => news is null ? "" : Text(Places(news));

    /// <summary>What a zone says, as text.</summary>
    internal static string Text(ChannelZone? zone) => zone is null ? "" : Text(Places(zone));

    /// <summary>What links say, as text.</summary>
    internal static string Text(IReadOnlyList<ChannelLink> links) => string.Join('\n', links.Select(l => string.Join(" · ", ((string[])[l.Title, l.TitleEn, l.Address]).Where(t => t.Length > 0))));

    private static string Text(IEnumerable<Place> places) => string.Join('\n', places.Select(p => p.Text).Where(t => t.Length > 0));

    private static IEnumerable<Place> Places(ChannelContent of) =>
    [
        new("title", "title", "", of.Title), new("titleEn", "title-en", "", of.TitleEn), new("about", "about", "", of.About), new("aboutEn", "about-en", "", of.AboutEn),
        new("picture", "picture", "", of.Picture?.Id ?? ""), new("alt", "alt", "", of.Picture?.Alt ?? ""), new("altEn", "alt-en", "", of.Picture?.AltEn ?? ""),
        new("matters", "matters", "", string.Join('\n', of.Matters)), new("links", "links", "", Text(of.Links)),
        new("news", "news-order", "", Order(of.News.Select(n => n.Title))), .. of.News.SelectMany(n => Places(n)),
        new("zones", "zones-order", "", Order(of.Zones.Select(z => z.Title))), .. of.Zones.SelectMany(z => Places(z)),
    ];

    private static string Order(IEnumerable<string> titles) => string.Join('\n', titles.Select((t, i) => $"{i + 1}. {t}"));

    private static IEnumerable<Place> Places(ChannelNews of) =>
    [
        new($"news.{of.Id}.title", "title", of.Title, of.Title), new($"news.{of.Id}.titleEn", "title-en", of.Title, of.TitleEn), new($"news.{of.Id}.text", "text", of.Title, of.Text), new($"news.{of.Id}.textEn", "text-en", of.Title, of.TextEn),
        new($"news.{of.Id}.days", "days", of.Title, of.From.Length + of.Until.Length == 0 ? "" : $"{of.From} – {of.Until}"),
    ];

    private static IEnumerable<Place> Places(ChannelZone of) =>
    [
        new($"zone.{of.Id}.id", "zone-id", of.Title, of.Id), new($"zone.{of.Id}.title", "title", of.Title, of.Title), new($"zone.{of.Id}.titleEn", "title-en", of.Title, of.TitleEn),
        new($"zone.{of.Id}.text", "text", of.Title, of.Text), new($"zone.{of.Id}.textEn", "text-en", of.Title, of.TextEn),
        .. of.Sections.Select((s, i) => new Place($"zone.{of.Id}.section.{i}", "section", of.Title, string.Join('\n', ((string[])[s.Title, s.TitleEn, .. s.Things, Text(s.Policies)]).Where(t => t.Length > 0)))),
    ];
}
