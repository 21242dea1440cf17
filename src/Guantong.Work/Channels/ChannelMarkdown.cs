using System.Text.Encodings.Web;
using Markdig;
using Markdig.Renderers.Html;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace Guantong.Work;

/// <summary>The small Markdown of channels: headings, lists, emphasis, quotes, and links to pages of this site or by https. No markup of its own, no pictures. Pure.</summary>
public static class ChannelMarkdown
{
    // Below the title of the page, of a section and of a piece of news.
    private const int Above = 3;

    private static readonly MarkdownPipeline Safe = new MarkdownPipelineBuilder().DisableHtml().Build();

    // Markup is seen only where it is read as such.
    private static readonly MarkdownPipeline Plain = new MarkdownPipelineBuilder().Build();

    /// <summary>What is wrong with a text: markup, picture, target (a link that leads to neither), nested; null where nothing is.</summary>
    public static string? Fault(string text)
    {
        if (Parse(text, Plain) is not { } document)
            return "nested";
        if (document.Descendants<HtmlBlock>().Any() || document.Descendants<HtmlInline>().Any())
            return "markup";
        var links = document.Descendants<LinkInline>().ToList();
        return links.Any(l => l.IsImage) ? "picture" : links.Any(l => !IsAllowed(l.Url)) || document.Descendants<AutolinkInline>().Any(l => l.IsEmail || !IsAllowed(l.Url)) ? "target" : null;
    }

    /// <summary>The text as HTML that can do nothing, whatever it was: markup stays text, pictures and other links become their words.</summary>
    /// <param name="leaves">What is said behind a link that leaves the site.</param>
    public static string Html(string text, string leaves)
    {
        if (Parse(text, Safe) is not { } document)
            return HtmlEncoder.Default.Encode(text);
        foreach (var heading in document.Descendants<HeadingBlock>())
            heading.Level = Math.Min(6, heading.Level + Above);
        foreach (var auto in document.Descendants<AutolinkInline>().ToList())
            auto.ReplaceBy(auto.IsEmail || !IsAllowed(auto.Url) ? new LiteralInline(auto.Url) : new LinkInline(auto.Url, "").AppendChild(new LiteralInline(auto.Url)));
        foreach (var link in document.Descendants<LinkInline>().ToList())
        {
            if (link.IsImage || !IsAllowed(link.Url))
                link.ReplaceBy(new LiteralInline(string.Concat(link.Descendants<LiteralInline>().Select(l => l.Content.ToString()))), copyChildren: false);
            else if (link.Url![0] != '/')
            {
                link.GetAttributes().AddProperty("rel", "external noopener nofollow");
                link.AppendChild(new LiteralInline($" ({leaves})"));
            }
        }
        return document.ToHtml(Safe);
    }

    /// <summary>The text's words alone.</summary>
    public static string Words(string text) => Parse(text, Safe) is { } document ? string.Join(' ', document.Descendants<LiteralInline>().Select(l => l.Content.ToString().Trim()).Where(t => t.Length > 0)) : text;

    /// <summary>Whether an address leads to another site, by https and with no name or password in it.</summary>
    public static bool IsOutside(string? address) => Uri.TryCreate(address, UriKind.Absolute, out var to) && to.Scheme == Uri.UriSchemeHttps && to.UserInfo.Length == 0 && to.Host.Contains('.', StringComparison.Ordinal) && !address!.Any(char.IsWhiteSpace);

    private static bool IsAllowed(string? address) => (address is ['/', not ('/' or '\\'), ..] or "/" && !address.Any(char.IsControl)) || IsOutside(address);

    // What is nested too deeply is not read at all.
    private static MarkdownDocument? Parse(string text, MarkdownPipeline pipeline)
    {
        try
        {
            return Markdown.Parse(text, pipeline);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }
}
