using System.Text;
using System.Text.RegularExpressions;
using MimeKit.Text;

namespace Guantong.Work;

/// <summary>What a mail says, as plain text. Pure.</summary>
internal static partial class MailText
{
    // What a browser begins a line with.
    private static readonly HashSet<HtmlTagId> Blocks =
    [
        HtmlTagId.P, HtmlTagId.Div, HtmlTagId.Br, HtmlTagId.LI, HtmlTagId.UL, HtmlTagId.OL, HtmlTagId.TR, HtmlTagId.Table, HtmlTagId.BlockQuote, HtmlTagId.HR, HtmlTagId.Pre,
        HtmlTagId.H1, HtmlTagId.H2, HtmlTagId.H3, HtmlTagId.H4, HtmlTagId.H5, HtmlTagId.H6, HtmlTagId.Section, HtmlTagId.Article, HtmlTagId.Header, HtmlTagId.Footer, HtmlTagId.DL, HtmlTagId.DT, HtmlTagId.DD,
    ];

    // What no reader of a page sees.
    private static readonly HashSet<HtmlTagId> Unseen = [HtmlTagId.Script, HtmlTagId.Style, HtmlTagId.Title, HtmlTagId.NoScript, HtmlTagId.TextArea, HtmlTagId.Select, HtmlTagId.Object];

    /// <summary>The words of an HTML text, line by line: no markup, script, style or address of anything that it would fetch is left.</summary>
    public static string OfHtml(string html)
    {
        var said = new StringBuilder();
        var tokens = new HtmlTokenizer(new StringReader(html)) { DecodeCharacterReferences = true };
        HtmlTagId? within = null;
        while (tokens.ReadNextToken(out var token))
        {
            if (token is HtmlTagToken tag)
            {
                if (within == tag.Id && tag.IsEndTag)
                    within = null;
                else if (within is null && !tag.IsEndTag && !tag.IsEmptyElement && Unseen.Contains(tag.Id))
                    within = tag.Id;
                if (within is null && Blocks.Contains(tag.Id))
                    said.Append('\n');
                else if (within is null && tag.Id is HtmlTagId.TD or HtmlTagId.TH)
                    said.Append(' ');
            }
            // In HTML a line break is a space as any other.
            else if (within is null && token is HtmlDataToken { Kind: HtmlTokenKind.Data or HtmlTokenKind.CData } data)
                said.Append(Spaces().Replace(data.Data, " "));
        }
        return said.ToString();
    }

    /// <summary>A text as it is kept: no controls, nothing that turns the direction of writing or has no width, no more than one empty line at a time.</summary>
    public static string Clean(string text)
    {
        var kept = new StringBuilder(text.Length);
        foreach (var rune in text.ReplaceLineEndings("\n").EnumerateRunes())
        {
            if (rune.Value is '\n' or '\t' || Rune.GetUnicodeCategory(rune) is not (System.Globalization.UnicodeCategory.Control or System.Globalization.UnicodeCategory.Format or System.Globalization.UnicodeCategory.Surrogate))
                kept.Append(rune.ToString());
        }
        return Empty().Replace(Trailing().Replace(kept.ToString(), "\n"), "\n\n").Trim();
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();

    [GeneratedRegex(@"[^\S\n]+\n")]
    private static partial Regex Trailing();

    [GeneratedRegex(@"\n{3,}")]
    private static partial Regex Empty();
}
