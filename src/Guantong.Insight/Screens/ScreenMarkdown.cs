using Markdig;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace Guantong.Insight;

/// <summary>Markdown of a card as HTML that can do nothing: no markup of its own, no pictures from elsewhere, links to pages alone.</summary>
public static class ScreenMarkdown
{
    private static readonly MarkdownPipeline Pipeline = new MarkdownPipelineBuilder().UsePipeTables().DisableHtml().Build();

    /// <summary>The HTML.</summary>
    public static string Html(string markdown)
    {
        var document = Markdown.Parse(markdown, Pipeline);
        foreach (var link in document.Descendants<LinkInline>().ToList())
        {
            // A picture would tell its server who looks at the screen, and when.
            link.IsImage = false;
            if (!IsPage(link.Url))
                link.Url = "";
        }
        foreach (var link in document.Descendants<AutolinkInline>().Where(l => l.IsEmail || !IsPage(l.Url)).ToList())
            link.ReplaceBy(new LiteralInline(link.Url));
        return document.ToHtml(Pipeline);
    }

    private static bool IsPage(string? url) => url is ['/', not ('/' or '\\'), ..] or "/" or ['#', ..]
        || (Uri.TryCreate(url, UriKind.Absolute, out var to) && (to.Scheme == Uri.UriSchemeHttps || to.Scheme == Uri.UriSchemeHttp));
}
