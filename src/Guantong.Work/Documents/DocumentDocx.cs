using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Wordprocessing;
using Markdig;
using Markdig.Extensions.Tables;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;
using MdTable = Markdig.Extensions.Tables.Table;
using MdRow = Markdig.Extensions.Tables.TableRow;
using WordTable = DocumentFormat.OpenXml.Wordprocessing.Table;
using WordRow = DocumentFormat.OpenXml.Wordprocessing.TableRow;
using WordCell = DocumentFormat.OpenXml.Wordprocessing.TableCell;

namespace Guantong.Work;

/// <summary>A case's document as a Word file (ISO/IEC 29500), laid out as official documents are.</summary>
/// <remarks>GB/T 9704-2012: A4, 37 mm above and 28 mm to the left, a type area of 156 by 225 mm, 22 lines a page (28 pt), the title in 二号小标宋, text in 三号仿宋, headings in 黑体. Fonts are named, not carried: where one is not there, the reader's program takes another.</remarks>
public static class DocumentDocx
{
    private const string Text = "仿宋_GB2312", Title = "方正小标宋简体", Heading = "黑体";

    // Half points: 三号 is 16 pt, 二号 22 pt, 四号 14 pt.
    private const int Body = 32, Large = 44, Small = 28;

    private static readonly MarkdownPipeline Pipeline = new MarkdownPipelineBuilder().UsePipeTables().DisableHtml().Build();

    /// <summary>The file.</summary>
    /// <param name="unit">What the unit that made it out is called; null where it is not known.</param>
    /// <param name="isSealed">Whether its PDF bears the unit's seal: this file, which anybody can change, then says so.</param>
    public static byte[] Of(CaseDocument document, string? unit, bool isSealed)
    {
        using var stream = new MemoryStream();
        using (var file = WordprocessingDocument.Create(stream, WordprocessingDocumentType.Document))
        {
            var body = new Body();
            if (document.Number is { } number)
                body.Append(Line([Run(number, Text, DocumentDocx.Body)], JustificationValues.Center));
            foreach (var block in Markdown.Parse(document.Markdown, Pipeline))
                Append(body, block, 0);
            if (document.Code is { } code)
                body.Append(Line([Run($"验证码：{DocumentBook.Spaced(code)}{(unit is null ? "" : $"　{unit}")}", Text, Small)], JustificationValues.Left, before: 560));
            if (isSealed)
                body.Append(Line([Run("本文件为可编辑副本，加盖电子印章的版式文件（PDF）为正式件。", Text, Small)], JustificationValues.Left));
            body.Append(new SectionProperties(
                new PageSize { Width = 11906, Height = 16838 },
                new PageMargin { Top = 2098, Bottom = 1984, Left = 1587, Right = 1474, Header = 851, Footer = 992, Gutter = 0 }));
            file.AddMainDocumentPart().Document = new Document(body);
            file.PackageProperties.Title = document.Name;
        }
        return stream.ToArray();
    }

    private static void Append(OpenXmlElement into, Block block, int depth)
    {
        switch (block)
        {
            case HeadingBlock { Level: 1 } heading:
                into.Append(Line(Runs(heading.Inline, Title, Large), JustificationValues.Center, before: 560, after: 560));
                break;
            case HeadingBlock heading:
                into.Append(Line(Runs(heading.Inline, Heading, DocumentDocx.Body), JustificationValues.Left, indents: true));
                break;
            case ParagraphBlock paragraph:
                into.Append(Line(Runs(paragraph.Inline, Text, DocumentDocx.Body), JustificationValues.Both, indents: true));
                break;
            case ListBlock list:
                var number = int.TryParse(list.OrderedStart, out var first) ? first : 1;
                foreach (var item in list.OfType<ListItemBlock>())
                {
                    var isFirst = true;
                    foreach (var part in item)
                    {
                        if (isFirst && part is ParagraphBlock paragraph)
                            into.Append(Line([Run(new string('　', depth) + (list.IsOrdered ? $"{number++}. " : "· "), Text, DocumentDocx.Body), .. Runs(paragraph.Inline, Text, DocumentDocx.Body)], JustificationValues.Both, indents: true));
                        else
                            Append(into, part, depth + 1);
                        isFirst = false;
                    }
                }
                break;
            case MdTable table:
                into.Append(Grid(table));
                break;
            case ThematicBreakBlock:
                into.Append(Line([], JustificationValues.Left));
                break;
            case LeafBlock leaf:
                into.Append(Line([Run(leaf.Lines.ToString(), Text, DocumentDocx.Body)], JustificationValues.Left, indents: true));
                break;
            case ContainerBlock parts:
                foreach (var part in parts)
                    Append(into, part, depth);
                break;
        }
    }

    private static WordTable Grid(MdTable table)
    {
        var edge = (Func<BorderType, BorderType>)(b => { b.Val = BorderValues.Single; b.Size = 4; return b; });
        var grid = new WordTable(new TableProperties(new TableWidth { Width = "5000", Type = TableWidthUnitValues.Pct }, new TableBorders(edge(new TopBorder()), edge(new LeftBorder()), edge(new BottomBorder()), edge(new RightBorder()), edge(new InsideHorizontalBorder()), edge(new InsideVerticalBorder()))));
        foreach (var row in table.OfType<MdRow>())
            grid.Append(new WordRow(row.OfType<Markdig.Extensions.Tables.TableCell>().Select(cell => new WordCell(Line(Runs((cell.LastChild as ParagraphBlock)?.Inline, row.IsHeader ? Heading : Text, Small), JustificationValues.Left)))));
        return grid;
    }

    private static IEnumerable<Run> Runs(ContainerInline? inline, string font, int size, bool bold = false)
    {
        for (var part = inline?.FirstChild; part is not null; part = part.NextSibling)
        {
            switch (part)
            {
                case LiteralInline literal:
                    yield return Run(literal.Content.ToString(), font, size, bold);
                    break;
                case CodeInline code:
                    yield return Run(code.Content, font, size, bold);
                    break;
                case HtmlEntityInline entity:
                    // What was typed over several lines is kept as entities.
                    foreach (var run in Broken(entity.Transcoded.ToString(), font, size, bold))
                        yield return run;
                    break;
                case LineBreakInline { IsHard: true }:
                    yield return new Run(new Break());
                    break;
                case LineBreakInline:
                    break;
                case EmphasisInline { DelimiterCount: 2 } strong:
                    foreach (var run in Runs(strong, font, size, true))
                        yield return run;
                    break;
                case ContainerInline container:
                    foreach (var run in Runs(container, font, size, bold))
                        yield return run;
                    break;
            }
        }
    }

    private static IEnumerable<Run> Broken(string text, string font, int size, bool bold)
    {
        var lines = text.Split('\n');
        for (var i = 0; i < lines.Length; i++)
        {
            if (i > 0)
                yield return new Run(new Break());
            if (lines[i].Length > 0)
                yield return Run(lines[i], font, size, bold);
        }
    }

    private static Run Run(string text, string font, int size, bool bold = false)
    {
        var look = new RunProperties(new RunFonts { Ascii = "Times New Roman", HighAnsi = "Times New Roman", EastAsia = font });
        if (bold)
            look.Append(new Bold());
        look.Append(new FontSize { Val = $"{size}" });
        // Control characters have no place in XML, whoever typed them.
        return new Run(look, new Text(new string([.. text.Where(c => !char.IsControl(c) && c is not ('\uFFFE' or '\uFFFF'))])) { Space = SpaceProcessingModeValues.Preserve });
    }

    private static Paragraph Line(IEnumerable<Run> runs, JustificationValues side, bool indents = false, int before = 0, int after = 0)
    {
        var look = new ParagraphProperties(new SpacingBetweenLines { Before = $"{before}", After = $"{after}", Line = "560", LineRule = LineSpacingRuleValues.Exact });
        // Two characters in, as Chinese paragraphs begin.
        if (indents)
            look.Append(new Indentation { FirstLineChars = 200 });
        look.Append(new Justification { Val = side });
        return new Paragraph([look, .. runs]);
    }
}
