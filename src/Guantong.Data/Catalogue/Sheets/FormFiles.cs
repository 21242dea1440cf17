using System.IO.Compression;
using System.Text;
using System.Xml;
using MiniExcelLibs;

namespace Guantong.Data;

/// <summary>The form's two sheets as files: an Excel workbook, or two CSV files.</summary>
internal static class FormFiles
{
    // What unpacks to more than this is no form.
    private const long LargestUnpacked = 256 << 20;

    /// <summary>Writes a workbook of both sheets.</summary>
    public static void WriteExcel(Stream to, IReadOnlyList<CatalogueEntry> entries)
    {
        to.SaveAs(new Dictionary<string, object> { [CatalogueForm.Resources] = Cells(CatalogueForm.ResourceRows(entries)), [CatalogueForm.Items] = Cells(CatalogueForm.ItemRows(entries)) }, printHeader: false);
    }

    /// <summary>Reads both sheets of a workbook; one that is not there is empty.</summary>
    /// <exception cref="FormFileException">It is no workbook, or unpacks to too much.</exception>
    public static (List<IReadOnlyList<string>> Resources, List<IReadOnlyList<string>> Items) ReadExcel(Stream from)
    {
        try
        {
            using (var zip = new ZipArchive(from, ZipArchiveMode.Read, leaveOpen: true))
            {
                if (zip.Entries.Sum(e => e.Length) > LargestUnpacked)
                    throw new FormFileException("unpacks");
            }
            from.Position = 0;
            var names = from.GetSheetNames();
            return (Rows(from, names, CatalogueForm.Resources), Rows(from, names, CatalogueForm.Items));
        }
        catch (Exception broken) when (broken is InvalidDataException or XmlException or FormatException or KeyNotFoundException or NotSupportedException or ArgumentException or InvalidOperationException or NullReferenceException or IOException or OverflowException)
        {
            throw new FormFileException("no-workbook");
        }
    }

    /// <summary>Writes one sheet as CSV.</summary>
    public static async Task WriteCsvAsync(Stream to, IEnumerable<IReadOnlyList<string>> rows)
    {
        await using var writer = Trust.Csv.Writer(to);
        foreach (var row in rows)
            await writer.WriteLineAsync(Trust.Csv.Line(row.Select(c => IsGuarded(c) ? "'" + c : c)));
    }

    /// <summary>Reads one sheet from CSV.</summary>
    /// <exception cref="FormFileException">It is neither UTF-8 nor GB18030, or its quotes are broken.</exception>
    public static List<IReadOnlyList<string>> ReadCsv(byte[] bytes)
    {
        var text = Decode(bytes);
        var rows = new List<IReadOnlyList<string>>();
        for (var at = 0; at < text.Length;)
        {
            var row = new List<string>();
            do
                row.Add(Unguarded(Cell(text, ref at)));
            while (at < text.Length && text[at++] == ',');
            if (at < text.Length && text[at - 1] == '\r' && text[at] == '\n')
                at++;
            rows.Add(row);
        }
        return rows;
    }

    // Up to the comma or line end behind it (RFC 4180), on which it stops.
    private static string Cell(string text, ref int at)
    {
        var cell = new StringBuilder();
        var quoted = at < text.Length && text[at] == '"';
        for (at += quoted ? 1 : 0; at < text.Length; at++)
        {
            if (quoted && text[at] == '"')
            {
                if (at + 1 < text.Length && text[at + 1] == '"')
                    at++;
                else
                {
                    quoted = false;
                    continue;
                }
            }
            else if (!quoted && text[at] is (',' or '\r' or '\n'))
                break;
            cell.Append(text[at]);
        }
        return quoted ? throw new FormFileException("quote") : cell.ToString();
    }

    // Excel in Chinese saves CSV in the machine's code page.
    private static string Decode(byte[] bytes)
    {
        try
        {
            return new UTF8Encoding(false, true).GetString(bytes).TrimStart('\uFEFF');
        }
        catch (DecoderFallbackException)
        {
            Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
            try
            {
                return Encoding.GetEncoding("GB18030", EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback).GetString(bytes);
            }
            catch (DecoderFallbackException)
            {
                throw new FormFileException("encoding");
            }
        }
    }

    // Csv.Line writes a mark before what a spreadsheet would run as a formula; here it is taken off again. What begins so of itself is given one more.
    private static string Unguarded(string cell) => IsGuarded(cell) ? cell[1..] : cell;

    private static bool IsGuarded(string cell) => cell is ['\'', ..] && cell.TrimStart('\'') is ['=' or '+' or '-' or '@' or '\t' or '\r' or '＝' or '＋' or '－' or '＠', ..];

    private static List<IReadOnlyList<string>> Rows(Stream from, List<string> names, string sheet)
    {
        if (names.FirstOrDefault(n => n.Trim() == sheet) is not { } name)
            return [];
        from.Position = 0;
        return [.. from.Query(false, name).Take(FormReader.MostRows + 1).Select(r => (IReadOnlyList<string>)[.. ((IDictionary<string, object?>)r).Values.Select(CatalogueForm.Text)])];
    }

    private static IEnumerable<Dictionary<string, object>> Cells(IEnumerable<IReadOnlyList<string>> rows) => rows.Select(r => r.Select((c, i) => (c, i)).ToDictionary(c => CatalogueForm.Letters(c.i), c => (object)c.c));
}

/// <summary>A file that is no form: <c>no-workbook</c>, <c>unpacks</c>, <c>encoding</c> or <c>quote</c>.</summary>
internal sealed class FormFileException(string code) : Exception(code)
{
    /// <summary>Which of these.</summary>
    public string Code { get; } = code;
}
