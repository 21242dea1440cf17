using System.Globalization;
using Guantong.Trust;
using Markdig;
using Markdig.Extensions.Tables;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;
using QRCoder;
using SkiaSharp;

namespace Guantong.Work;

/// <summary>A case's document as a PDF (made as PDF/A-2b, ISO 19005-2, which no validator has confirmed), laid out as official documents are; its text can be searched and copied, its fonts are embedded.</summary>
/// <remarks>GB/T 9704-2012: A4, 37 mm above and 28 mm to the left, a type area of 156 by 225 mm, 22 lines a page, the title in 二号, text in 三号, the page's number in 四号 to the outside. Where 仿宋 is not there, 宋体 stands for it.</remarks>
public sealed class DocumentPdf : IDisposable
{
    private const float Wide = 595.28f, High = 841.89f, Left = 28 / Mm, Top = 37 / Mm, Area = 156 / Mm, Deep = 225 / Mm, Mm = 25.4f / 72;

    // 三号, 二号 and 四号 in points, and the height of a line.
    private const float Body = 16, Large = 22, Small = 14, Line = 28, Code = 84;

    // What begins no line in Chinese (GB/T 15834), and what ends none.
    private const string NotFirst = "，。、；：！？）》〉】〕」』”’…—·,.;:!?)]}%", NotLast = "（《〈【〔「『“‘([{";

    private static readonly MarkdownPipeline Pipeline = new MarkdownPipelineBuilder().UsePipeTables().DisableHtml().Build();

    private readonly MemoryStream _stream = new();
    private readonly SKDocument _pdf;
    private readonly (SKTypeface Text, SKTypeface Heading) _faces;
    private readonly SKPaint _ink = new() { Color = SKColors.Black, IsAntialias = true };
    private SKCanvas? _page;
    private float _at;
    private int _number;

    private DocumentPdf(CaseDocument document, (SKTypeface, SKTypeface) faces)
    {
        _faces = faces;
        var made = Time.Read(document.Made).UtcDateTime;
        _pdf = SKDocument.CreatePdf(_stream, new SKDocumentPdfMetadata { Title = $"{document.Name}{(document.Number is { } number ? $" {number}" : "")}", Creator = "Guantong", Producer = "Guantong", Creation = made, Modified = made, PdfA = true, RasterDpi = 300 });
    }

    /// <summary>The file.</summary>
    /// <param name="unit">What the unit that made it out is called; null where it is not known.</param>
    /// <param name="site">Where codes are checked; empty where it is not known.</param>
    /// <param name="seal">The picture of its seal, and the day on which it was made out; null where it has none.</param>
    /// <returns>Null where this machine has no font with Chinese.</returns>
    public static byte[]? Of(CaseDocument document, string? unit, PdfFonts fonts, string site, (byte[] Picture, string Day)? seal = null)
    {
        if (fonts.Found is not { } faces)
            return null;
        using var pdf = new DocumentPdf(document, faces);
        if (document.Number is { } number)
            pdf.Write([new Run(number, false)], Body, faces.Text, centred: true);
        foreach (var block in Markdown.Parse(document.Markdown, Pipeline))
            pdf.Write(block, 0);
        if (seal is var (picture, day))
            pdf.Stamp(picture, document.Markdown, unit, day);
        if (document.Code is { } code)
            pdf.Check(code, unit, site);
        pdf.EndPage();
        pdf._pdf.Close();
        return pdf._stream.ToArray();
    }

    /// <summary>A document of other things than a case: text with drawings in it.</summary>
    /// <param name="parts">Markdown, and the drawing that follows it.</param>
    /// <returns>Null where this machine has no font with Chinese.</returns>
    public static byte[]? Of(string name, DateTimeOffset made, IEnumerable<(string Markdown, PdfDrawing? Drawing)> parts, PdfFonts fonts)
    {
        if (fonts.Found is not { } faces)
            return null;
        using var pdf = new DocumentPdf(new CaseDocument("", "", name, "", "", Time.Write(made), null, null, null), faces);
        foreach (var (markdown, drawing) in parts)
        {
            // What stands above a drawing stands on its page.
            if (drawing is not null)
                pdf.Room(Math.Min(Deep, drawing.High + (4 * Line)));
            foreach (var block in Markdown.Parse(markdown, Pipeline))
                pdf.Write(block, 0);
            if (drawing is null)
                continue;
            pdf.Room(drawing.High + Small);
            drawing.Draw(new PdfBrush(pdf._page!, faces), SKRect.Create(Left, pdf._at, Area, drawing.High));
            pdf._at += drawing.High + Small;
        }
        pdf.EndPage();
        pdf._pdf.Close();
        return pdf._stream.ToArray();
    }

    private sealed record Run(string Text, bool IsBold);

    private void Write(Block block, int depth)
    {
        switch (block)
        {
            case HeadingBlock { Level: 1 } heading:
                Space(Line);
                Write(Runs(heading.Inline), Large, _faces.Heading, centred: true);
                Space(Line);
                break;
            case HeadingBlock heading:
                Write(Runs(heading.Inline), Body, _faces.Heading, indent: 2 * Body);
                break;
            case ParagraphBlock paragraph:
                Write(Runs(paragraph.Inline), Body, _faces.Text, indent: 2 * Body);
                break;
            case ListBlock list:
                var number = int.TryParse(list.OrderedStart, out var first) ? first : 1;
                foreach (var item in list.OfType<ListItemBlock>())
                {
                    var isFirst = true;
                    foreach (var part in item)
                    {
                        if (isFirst && part is ParagraphBlock paragraph)
                            Write([new Run(list.IsOrdered ? $"{(number++).ToString(CultureInfo.InvariantCulture)}. " : "· ", false), .. Runs(paragraph.Inline)], Body, _faces.Text, indent: (2 + depth) * Body);
                        else
                            Write(part, depth + 1);
                        isFirst = false;
                    }
                }
                break;
            case Table table:
                Write(table);
                break;
            case ThematicBreakBlock:
                Space(Line);
                break;
            case LeafBlock leaf:
                Write([new Run(leaf.Lines.ToString(), false)], Body, _faces.Text, indent: 2 * Body);
                break;
            case ContainerBlock parts:
                foreach (var part in parts)
                    Write(part, depth);
                break;
        }
    }

    private static IEnumerable<Run> Runs(ContainerInline? inline, bool isBold = false)
    {
        for (var part = inline?.FirstChild; part is not null; part = part.NextSibling)
        {
            switch (part)
            {
                case LiteralInline literal:
                    yield return new Run(literal.Content.ToString(), isBold);
                    break;
                case CodeInline code:
                    yield return new Run(code.Content, isBold);
                    break;
                case HtmlEntityInline entity:
                    yield return new Run(entity.Transcoded.ToString(), isBold);
                    break;
                case LineBreakInline { IsHard: true }:
                    yield return new Run("\n", isBold);
                    break;
                case EmphasisInline emphasis:
                    foreach (var run in Runs(emphasis, isBold || emphasis.DelimiterCount == 2))
                        yield return run;
                    break;
                case ContainerInline container:
                    foreach (var run in Runs(container, isBold))
                        yield return run;
                    break;
            }
        }
    }

    // A piece that is not broken: a character of Chinese, a word of Latin letters or digits, or the end of a line.
    private sealed record Atom(string Text, bool IsBold, float Width);

    private void Write(IEnumerable<Run> runs, float size, SKTypeface face, bool centred = false, float indent = 0)
    {
        foreach (var line in Broken(Atoms(runs, size, face), Area, centred ? 0 : indent))
        {
            Room(Line);
            Draw(line.Atoms, Left + (centred ? (Area - line.Width) / 2 : line.Indent), _at + (Line + size * 0.76f) / 2, size, face);
            _at += Line;
        }
    }

    private List<Atom> Atoms(IEnumerable<Run> runs, float size, SKTypeface face)
    {
        var atoms = new List<Atom>();
        foreach (var run in runs)
        {
            var walk = StringInfo.GetTextElementEnumerator(run.Text);
            var word = "";
            void End()
            {
                if (word.Length > 0)
                    atoms.Add(new Atom(word, run.IsBold, Measure(word, size, face)));
                word = "";
            }
            while (walk.MoveNext())
            {
                var text = walk.GetTextElement();
                if (text is "\n" or "\r\n" or "\r")
                {
                    End();
                    atoms.Add(new Atom("\n", run.IsBold, 0));
                }
                // Control characters have no glyph, whoever typed them.
                else if (text.All(char.IsControl))
                {
                }
                else if (text.Length == 1 && char.IsAscii(text[0]) && text[0] != ' ' && word.Length < 40)
                {
                    word += text;
                }
                else
                {
                    End();
                    atoms.Add(new Atom(text, run.IsBold, Measure(text, size, face)));
                }
            }
            End();
        }
        return atoms;
    }

    private static List<(List<Atom> Atoms, float Width, float Indent)> Broken(List<Atom> atoms, float wide, float indent)
    {
        var lines = new List<(List<Atom>, float, float)>();
        var (line, width, from) = (new List<Atom>(), 0f, indent);
        void End()
        {
            lines.Add((line, width, from));
            (line, width, from) = ([], 0, 0);
        }
        foreach (var atom in atoms)
        {
            if (atom.Text == "\n")
            {
                End();
                continue;
            }
            if (from + width + atom.Width > wide && line.Count > 0)
            {
                // A mark that begins no line takes the character before it along; one that ends none goes along.
                var carried = new List<Atom>();
                while (line.Count > 1 && (NotFirst.Contains((carried.Count > 0 ? carried[0] : atom).Text[0]) || NotLast.Contains(line[^1].Text[^1])))
                {
                    carried.Insert(0, line[^1]);
                    width -= line[^1].Width;
                    line.RemoveAt(line.Count - 1);
                }
                End();
                line.AddRange(carried);
                width = carried.Sum(c => c.Width);
                if (atom.Text == " " && line.Count == 0)
                    continue;
            }
            line.Add(atom);
            width += atom.Width;
        }
        if (line.Count > 0 || lines.Count == 0)
            End();
        return lines;
    }

    private void Draw(IReadOnlyList<Atom> atoms, float x, float y, float size, SKTypeface face)
    {
        // Neighbours in one font go together: so they are copied as they are read.
        for (var i = 0; i < atoms.Count;)
        {
            var (text, bold, used) = ("", atoms[i].IsBold, FaceOf(atoms[i].Text, face));
            var width = 0f;
            for (; i < atoms.Count && atoms[i].IsBold == bold && FaceOf(atoms[i].Text, face) == used; i++)
            {
                text += atoms[i].Text;
                width += atoms[i].Width;
            }
            using var font = Font(used, size);
            font.Embolden = bold;
            _page!.DrawText(text, x, y, SKTextAlign.Left, font, _ink);
            x += width;
        }
    }

    private void Write(Table table)
    {
        var columns = table.OfType<TableRow>().Max(r => r.Count);
        if (columns == 0)
            return;
        var wide = Area / columns;
        const float high = 22, pad = 4;
        using var edge = new SKPaint { Style = SKPaintStyle.Stroke, StrokeWidth = 0.7f, Color = SKColors.Black };
        foreach (var row in table.OfType<TableRow>())
        {
            var face = row.IsHeader ? _faces.Heading : _faces.Text;
            var cells = row.OfType<TableCell>().Select(c => Broken(Atoms(Runs((c.LastChild as ParagraphBlock)?.Inline), Small, face), wide - (2 * pad), 0)).ToList();
            var deep = (cells.Max(c => c.Count) * high) + (2 * pad);
            Room(deep);
            for (var i = 0; i < cells.Count; i++)
            {
                _page!.DrawRect(Left + (i * wide), _at, wide, deep, edge);
                for (var j = 0; j < cells[i].Count; j++)
                    Draw(cells[i][j].Atoms, Left + (i * wide) + pad, _at + pad + (j * high) + ((high + Small * 0.76f) / 2), Small, face);
            }
            _at += deep;
        }
    }

    // The seal stands over the last lines, the unit and the day, and never on a page without text (GB/T 9704-2012 §7.3.5).
    private void Stamp(byte[] picture, string markdown, string? unit, string day)
    {
        const float side = 42 / Mm;
        using var image = SKImage.FromEncodedData(picture);
        if (image is null)
            return;
        // Where the text does not end in them, they are written, to the right as the standard has it.
        if (unit is not null && markdown.LastIndexOf(unit, StringComparison.Ordinal) < markdown.TrimEnd().Length - unit.Length - 40)
        {
            Space(2 * Line);
            foreach (var text in (string[])[unit, day])
            {
                Room(Line);
                Draw([new Atom(text, false, Measure(text, Body, _faces.Text))], Left + Area - Measure(text, Body, _faces.Text) - (4 * Body), _at + (Line + Body * 0.76f) / 2, Body, _faces.Text);
                _at += Line;
            }
        }
        if (_page is null)
            return;
        var (wide, high) = image.Width >= image.Height ? (side, side * image.Height / image.Width) : (side * image.Width / image.Height, side);
        _page.DrawImage(image, SKRect.Create(Left + Area - wide - (2 * Body), Math.Max(Top, Math.Min(_at - Line - (high / 2), Top + Deep - high)), wide, high), new SKSamplingOptions(SKCubicResampler.Mitchell));
    }

    // The code by which anybody checks the document, for eyes and for a camera. The address ends in the code behind #, which no server is sent.
    private void Check(string code, string? unit, string site)
    {
        Space(Line);
        Room(Code);
        using var data = QRCodeGenerator.GenerateQrCode(site.Length > 0 ? $"{site}/documents#{code}" : code, QRCodeGenerator.ECCLevel.M);
        var modules = data.ModuleMatrix;
        var one = Code / modules.Count;
        for (var y = 0; y < modules.Count; y++)
        {
            for (var x = 0; x < modules.Count; x++)
            {
                if (modules[y][x])
                    _page!.DrawRect(Left + (x * one), _at + (y * one), one + 0.05f, one + 0.05f, _ink);
            }
        }
        foreach (var (text, i) in ((string[])[$"验证码：{DocumentBook.Spaced(code)}", unit ?? "", site.Length > 0 ? $"核验：{site}/documents" : "核验：在平台“文书核验”页输入验证码"]).Where(t => t.Length > 0).Select((t, i) => (t, i)))
            Draw(Atoms([new Run(text, false)], 12, _faces.Text), Left + Code + 12, _at + 22 + (i * 20), 12, _faces.Text);
        _at += Code;
    }

    private float Measure(string text, float size, SKTypeface face)
    {
        using var font = Font(FaceOf(text, face), size);
        return font.MeasureText(text);
    }

    // What the one font lacks the other may have.
    private SKTypeface FaceOf(string text, SKTypeface face) => PdfFonts.Has(face, text) || !PdfFonts.Has(_faces.Heading, text) ? face : _faces.Heading;

    private static SKFont Font(SKTypeface face, float size) => new(face, size) { Subpixel = true, Hinting = SKFontHinting.None };

    private void Space(float high)
    {
        if (_page is not null && _at > Top)
            _at += high;
    }

    private void Room(float high)
    {
        if (_page is not null && _at + high <= Top + Deep)
            return;
        EndPage();
        _page = _pdf.BeginPage(Wide, High);
        (_at, _number) = (Top, _number + 1);
    }

    private void EndPage()
    {
        if (_page is null)
            return;
        var text = $"— {_number.ToString(CultureInfo.InvariantCulture)} —";
        var width = Measure(text, Small, _faces.Text);
        Draw([new Atom(text, false, width)], _number % 2 == 1 ? Left + Area - width - Small : Left + Small, Top + Deep + 7 / Mm, Small, _faces.Text);
        _pdf.EndPage();
        _page = null;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _pdf.Dispose();
        _ink.Dispose();
        _stream.Dispose();
    }
}
