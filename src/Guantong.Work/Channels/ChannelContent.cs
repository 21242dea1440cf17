using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Guantong.Work;

/// <summary>What a region's channel (频道) says, each text in Chinese and, where there is one, in English.</summary>
/// <param name="About">Introduction, in Markdown (<see cref="ChannelMarkdown"/>).</param>
/// <param name="Matters">Featured matters, <c>service:PACK/MATTER</c>, in order.</param>
/// <param name="News">Notices and news, in order.</param>
/// <param name="Links">Links that leave the site.</param>
/// <param name="Zones">Service zones (专区), in order.</param>
/// <remarks>Plan, annex 6 §5(1)1: channels run by each city, service zones.</remarks>
public sealed record ChannelContent(string Title, string TitleEn, string About, string AboutEn, ChannelPicture? Picture, IReadOnlyList<string> Matters, IReadOnlyList<ChannelNews> News, IReadOnlyList<ChannelLink> Links, IReadOnlyList<ChannelZone> Zones)
{
    /// <summary>The most characters of one, as it is kept.</summary>
    public const int Longest = 300_000;

    internal static ChannelContent Read(string text) => JsonSerializer.Deserialize<ChannelContent>(text, Json.Plain)!;

    internal string Write() => JsonSerializer.Serialize(this, Json.Plain) is { Length: <= Longest } text ? text : throw new ConflictException("channel-long", Longest);

    /// <summary>The same without blank ends, controls, turned reading directions, and what is null in lists.</summary>
    public ChannelContent Tidy() => new(Line(Title), Line(TitleEn), Block(About), Block(AboutEn), Picture is null ? null : Picture with { Alt = Line(Picture.Alt), AltEn = Line(Picture.AltEn) },
        Named(Matters), [.. News.OfType<ChannelNews>().Select(n => n with { Title = Line(n.Title), TitleEn = Line(n.TitleEn), Text = Block(n.Text), TextEn = Block(n.TextEn), From = Line(n.From), Until = Line(n.Until) })], Tidy(Links),
        [.. Zones.OfType<ChannelZone>().Select(z => new ChannelZone(Line(z.Id), Line(z.Title), Line(z.TitleEn), Block(z.Text), Block(z.TextEn), [.. z.Sections.OfType<ZoneSection>().Select(s => new ZoneSection(Line(s.Title), Line(s.TitleEn), Named(s.Things), Tidy(s.Policies)))]))]);

    private static List<ChannelLink> Tidy(IReadOnlyList<ChannelLink> links) => [.. links.OfType<ChannelLink>().Select(l => new ChannelLink(Line(l.Title), Line(l.TitleEn), Line(l.Address)))];

    private static List<string> Named(IReadOnlyList<string> things) => [.. things.Where(t => !string.IsNullOrWhiteSpace(t)).Distinct()];

    private static string Line(string text) => Plain(text.ReplaceLineEndings(" ")).Trim();

    private static string Block(string text) => Plain(text.ReplaceLineEndings("\n")).Trim();

    // Formats of which a reader sees nothing but another order (U+202A–202E, U+2066–2069) go with the controls.
    private static string Plain(string text)
    {
        var plain = new StringBuilder(text.Length);
        foreach (var c in text.Where(c => c == '\n' || !(char.IsControl(c) || c is >= '\u202A' and <= '\u202E' or >= '\u2066' and <= '\u2069')))
            plain.Append(c);
        return plain.ToString();
    }
}

/// <summary>The picture of a channel.</summary>
/// <param name="Id">Of the stored file.</param>
/// <param name="Alt">What it shows, for those who do not see it.</param>
public sealed record ChannelPicture(string Id, string Alt, string AltEn);

/// <summary>A notice or a piece of news, shown from a day until another by the jurisdiction's clock.</summary>
/// <param name="Id">By which it is known when it is written anew.</param>
/// <param name="Text">Markdown.</param>
/// <param name="From">YYYY-MM-DD.</param>
/// <param name="Until">The last day; empty where it stays.</param>
public sealed record ChannelNews(string Id, string Title, string TitleEn, string Text, string TextEn, string From, string Until)
{
    /// <summary>Whether it is shown on a day.</summary>
    public bool StandsOn(DateOnly day) => Day(From) <= day && (Until.Length == 0 || Day(Until) >= day);

    internal static DateOnly? Day(string text) => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null;
}

/// <summary>A link to another site, by https.</summary>
public sealed record ChannelLink(string Title, string TitleEn, string Address)
{
    /// <summary>Whose site it is; empty where the address is none.</summary>
    public string Host => Uri.TryCreate(Address, UriKind.Absolute, out var to) ? to.Host : "";
}

/// <summary>A service zone (专区): a page on one theme.</summary>
/// <param name="Id">How its address ends.</param>
/// <param name="Text">Markdown.</param>
public sealed record ChannelZone(string Id, string Title, string TitleEn, string Text, string TextEn, IReadOnlyList<ZoneSection> Sections);

/// <summary>A part of a zone.</summary>
/// <param name="Things">Matters, guided questions and open datasets: <c>service:</c>, <c>guide:</c> or <c>dataset:</c> and <c>PACK/ID</c>.</param>
/// <param name="Policies">Policy documents, where they are published.</param>
public sealed record ZoneSection(string Title, string TitleEn, IReadOnlyList<string> Things, IReadOnlyList<ChannelLink> Policies);
