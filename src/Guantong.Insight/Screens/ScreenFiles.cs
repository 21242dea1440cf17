using System.Globalization;
using System.Text;
using Guantong.Packs;
using Guantong.Trust;
using Guantong.Work;
using MiniExcelLibs;

namespace Guantong.Insight;

/// <summary>A screen as files that are taken away: a workbook with a sheet for each card, and a document.</summary>
public sealed class ScreenFiles(Jurisdiction land, Maps maps, PdfFonts fonts, TimeProvider clock)
{
    // Excel's own limits of a sheet's name.
    private const int LongestName = 31;
    private const string NotInNames = "[]:*?/\\'";

    // A document is read, not reckoned with: of a long series, the end.
    private const int MostRows = 31;

    /// <summary>The workbook: each sheet says what it shows, in which unit, of when and where, and from where.</summary>
    public byte[] Excel(ShownScreen screen, string lang)
    {
        var sheets = new Dictionary<string, object>();
        foreach (var card in screen.Cards)
        {
            if (CardTable.Of(screen, card, lang, land) is not { } table)
                continue;
            List<IReadOnlyList<object?>> rows = [.. About(screen, card, lang).Select(l => (IReadOnlyList<object?>)[l.What, l.Said]), [], [.. table.Heads], .. table.Rows];
            sheets[Name(screen.TitleOf(card, lang), sheets.Keys)] = rows.Select(r => Enumerable.Range(0, Math.Max(2, table.Heads.Count)).ToDictionary(i => i.ToString(CultureInfo.InvariantCulture), i => i < r.Count ? r[i] : null)).ToList();
        }
        // A workbook has a sheet.
        if (sheets.Count == 0)
            sheets[Name(screen.Pack.Say(lang, screen.InForce.Screen.Name), [])] = new List<Dictionary<string, object?>> { new() { ["0"] = ScreenTexts.Say(lang, "screen.no-figures") } };
        using var stream = new MemoryStream();
        stream.SaveAs(sheets, printHeader: false);
        return stream.ToArray();
    }

    /// <summary>The document; null where this machine has no font with Chinese.</summary>
    public byte[]? Pdf(ShownScreen screen, string lang)
    {
        var (name, now, chart) = (screen.Pack.Say(lang, screen.InForce.Screen.Name), clock.GetUtcNow(), new PaperChart(screen, land, maps, lang));
        var parts = new List<(string, PdfDrawing?)>();
        var text = new StringBuilder().Append(CultureInfo.InvariantCulture, $"# {Plain(screen.Region.Say(lang))} · {Plain(name)}\n\n");
        text.Append(CultureInfo.InvariantCulture, $"{ScreenTexts.Say(lang, "screen.made", now.ToOffset(land.Offset).ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture), screen.At is { } at ? Wording.Day(lang, at) : ScreenTexts.Say(lang, "screen.now"))}\n\n");
        if (screen.Known is { } known)
            text.Append(CultureInfo.InvariantCulture, $"**{ScreenTexts.Say(lang, "screen.known", Wording.Day(lang, known))}**\n\n");
        foreach (var card in screen.Cards)
        {
            parts.Add((text.ToString(), null));
            text.Clear();
            text.Append(CultureInfo.InvariantCulture, $"## {Plain(screen.TitleOf(card, lang))}\n\n");
            if (card.Card.Text is { } markdown)
                text.Append(screen.Pack.Say(lang, markdown)).Append("\n\n");
            if (CardTable.Of(screen, card, lang, land) is not { } table)
                continue;
            text.Append(string.Join(lang != Lang.Zh ? "; " : "；", About(screen, card, lang).Skip(1).Select(l => $"{l.What}：{Plain(l.Said)}"))).Append("\n\n");
            if (chart.Of(card) is { } drawing)
            {
                parts.Add((text.ToString(), drawing));
                text.Clear();
            }
            if (table.Rows.Count == 0)
            {
                text.Append(ScreenTexts.Say(lang, "screen.no-figures")).Append("\n\n");
                continue;
            }
            Row(text, table.Heads);
            Row(text, table.Heads.Select(_ => "---"), isRule: true);
            foreach (var row in card.Card.IsOverTime ? table.Rows.TakeLast(MostRows) : table.Rows)
                Row(text, row.Select(c => c is double number ? Wording.Number(number) : c?.ToString() ?? "–"));
            text.Append('\n');
        }
        parts.Add((text.ToString(), null));
        return DocumentPdf.Of(name, now, parts, fonts);
    }

    private static List<(string What, string Said)> About(ShownScreen screen, ShownCard card, string lang)
    {
        var lines = new List<(string, string)> { (ScreenTexts.Say(lang, "screen.about.card"), screen.TitleOf(card, lang)) };
        void Add(string what, string said) => lines.Add((ScreenTexts.Say(lang, "screen.about." + what), said));
        if (card.Indicators.Count > 0)
        {
            var comma = lang != Lang.Zh ? ", " : "、";
            Add("unit", string.Join(comma, card.Indicators.Select(i => screen.Pack.Say(lang, i.Indicator.Unit)).Distinct()));
            Add("period", string.Join(comma, card.Indicators.Where(i => i.At is not null).Select(i => Wording.Period(lang, i.At!.Value, i.Period)).Distinct().DefaultIfEmpty("–")));
            Add("source", string.Join(comma, card.Indicators.SelectMany(i => i.Indicator.Needs).Select(n => screen.Pack.Dataset(n.Name)).OfType<Dataset>().DistinctBy(d => d.Id).Select(d => $"{screen.Pack.Say(lang, d.Source.Name)} {screen.Pack.Say(lang, d.Name)}").DefaultIfEmpty(screen.Pack.Say(lang, screen.Pack.Name))));
        }
        Add("region", screen.Region.Say(lang));
        if (screen.Known is { } known)
            Add("note", ScreenTexts.Say(lang, "screen.known", Wording.Day(lang, known)));
        if (card.IsSynthetic)
            Add("note", ScreenTexts.Say(lang, "screen.synthetic"));
        return lines;
    }

    private static void Row(StringBuilder text, IEnumerable<string> cells, bool isRule = false) => text.Append("| ").AppendJoin(" | ", cells.Select(c => isRule ? c : Plain(c))).Append(" |\n");

    // What people wrote stays text.
    private static string Plain(string text)
    {
        var plain = new StringBuilder(text.Length + 8);
        foreach (var c in text)
            plain.Append(c is '\\' or '`' or '*' or '_' or '[' or ']' or '<' or '>' or '#' or '|' or '!' or '~' ? $"\\{c}" : char.IsControl(c) ? " " : $"{c}");
        return plain.ToString();
    }

    private static string Name(string title, ICollection<string> taken)
    {
        var clean = new string([.. title.Where(c => !NotInNames.Contains(c) && !char.IsControl(c))]).Trim();
        var name = clean.Length == 0 ? "1" : clean.Length > LongestName ? clean[..LongestName] : clean;
        for (var i = 2; taken.Contains(name, StringComparer.OrdinalIgnoreCase); i++)
        {
            var tail = $" {i.ToString(CultureInfo.InvariantCulture)}";
            name = string.Concat(clean.AsSpan(0, Math.Min(clean.Length, LongestName - tail.Length)), tail);
        }
        return name;
    }
}
