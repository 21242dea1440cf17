using System.Text.Json;

namespace Guantong.Work;

/// <summary>A place that two editors wrote differently.</summary>
/// <param name="Key">By which theirs is chosen.</param>
/// <param name="Part">Its name in texts.json: <c>channel-part.PART</c>.</param>
/// <param name="Of">The piece of news or the zone that it is; empty for the channel's own.</param>
public sealed record ChannelClash(string Key, string Part, string Of, string Mine, string Theirs);

/// <summary>Puts together what two editors wrote apart from each other: what one of them left as it was is the other's. Pure.</summary>
public sealed class ChannelMerge
{
    private readonly List<ChannelClash> _clashes = [];
    private readonly IReadOnlySet<string> _theirs;

    private ChannelMerge(IReadOnlySet<string> theirs) => _theirs = theirs;

    /// <summary>Both together, and where they clash: mine stands there, unless theirs is chosen.</summary>
    /// <param name="was">From which both began.</param>
    /// <param name="takeTheirs">Keys of clashes.</param>
    public static (ChannelContent Content, IReadOnlyList<ChannelClash> Clashes) Of(ChannelContent was, ChannelContent mine, ChannelContent theirs, IReadOnlySet<string> takeTheirs)
    {
        var merge = new ChannelMerge(takeTheirs);
        var content = new ChannelContent(
            merge.Pick("title", "", was.Title, mine.Title, theirs.Title, t => t), merge.Pick("title-en", "", was.TitleEn, mine.TitleEn, theirs.TitleEn, t => t),
            merge.Pick("about", "", was.About, mine.About, theirs.About, t => t), merge.Pick("about-en", "", was.AboutEn, mine.AboutEn, theirs.AboutEn, t => t),
            merge.Pick("picture", "", was.Picture, mine.Picture, theirs.Picture, p => p is null ? "" : $"{p.Id}\n{p.Alt}\n{p.AltEn}"),
            merge.Pick("matters", "", was.Matters, mine.Matters, theirs.Matters, m => string.Join('\n', m)),
            merge.Items("news", was.News, mine.News, theirs.News, n => n.Id, n => n.Title, ChannelCompare.Text),
            merge.Pick("links", "", was.Links, mine.Links, theirs.Links, ChannelCompare.Text),
            merge.Items("zone", was.Zones, mine.Zones, theirs.Zones, z => z.Id, z => z.Title, ChannelCompare.Text));
        return (content, merge._clashes);
    }

    // Mine in my order, then what they alone have.
    private List<T> Items<T>(string part, IReadOnlyList<T> was, IReadOnlyList<T> mine, IReadOnlyList<T> theirs, Func<T, string> id, Func<T, string> title, Func<T?, string> say) where T : class
    {
        // Until a fault is mended, two may bear one id.
        IEnumerable<string> Keys(IReadOnlyList<T> all) => all.Select((one, i) => all.Take(i).Count(other => id(other) == id(one)) is > 0 and var before ? $"{id(one)}#{before}" : id(one));
        T? At(IReadOnlyList<T> all, string key) => Keys(all).Zip(all).FirstOrDefault(one => one.First == key).Second;
        return [.. Keys(mine).Concat(Keys(theirs)).Distinct().Select(key => Pick(part, (At(mine, key) ?? At(theirs, key)) is { } one ? title(one) : "", At(was, key), At(mine, key), At(theirs, key), say, key)).OfType<T>()];
    }

    private T Pick<T>(string part, string of, T was, T mine, T theirs, Func<T, string> say, string id = "")
    {
        if (Same(mine, theirs) || Same(was, theirs))
            return mine;
        if (Same(was, mine))
            return theirs;
        var key = id.Length == 0 ? part : $"{part}.{id}";
        _clashes.Add(new ChannelClash(key, part, of, say(mine), say(theirs)));
        return _theirs.Contains(key) ? theirs : mine;
    }

    private static bool Same<T>(T one, T other) => JsonSerializer.Serialize(one, Json.Plain) == JsonSerializer.Serialize(other, Json.Plain);
}
