using System.IO.Compression;
using System.Text;
using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Spreadsheet;
using DuckDB.NET.Data;

namespace Guantong.Tests;

/// <summary>Makes files of the formats that rows come in.</summary>
internal static class Formats
{
    public static readonly Encoding Gb18030 = CodePagesEncodingProvider.Instance.GetEncoding("GB18030")!;

    /// <summary>A workbook of one sheet; a cell is a text, a number, or XML of its own where it begins with a bracket.</summary>
    public static byte[] Excel(IEnumerable<object?[]> rows, string sheet = "Sheet1", string? after = null, bool from1904 = false)
    {
        var xml = new StringBuilder("<worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><sheetData>");
        foreach (var (cells, row) in rows.Select((r, i) => (r, i + 1)))
        {
            xml.Append(System.Globalization.CultureInfo.InvariantCulture, $"<row r=\"{row}\">");
            foreach (var (cell, column) in cells.Select((c, i) => (c, (char)('A' + i))))
            {
                xml.Append(cell switch
                {
                    null => "",
                    string own when own.StartsWith('<') => own.Replace("<c ", $"<c r=\"{column}{row}\" ", StringComparison.Ordinal),
                    string text => $"<c r=\"{column}{row}\" t=\"inlineStr\"><is><t>{System.Security.SecurityElement.Escape(text)}</t></is></c>",
                    DateTime at => FormattableString.Invariant($"<c r=\"{column}{row}\" s=\"1\"><v>{at.ToOADate()}</v></c>"),
                    _ => FormattableString.Invariant($"<c r=\"{column}{row}\"><v>{cell}</v></c>"),
                });
            }
            xml.Append("</row>");
        }
        xml.Append("</sheetData>").Append(after).Append("</worksheet>");
        return Workbook(xml.ToString(), sheet, from1904);
    }

    public static byte[] Workbook(string worksheet, string sheet = "Sheet1", bool from1904 = false)
    {
        using var stream = new MemoryStream();
        using (var book = SpreadsheetDocument.Create(stream, SpreadsheetDocumentType.Workbook))
        {
            var main = book.AddWorkbookPart();
            main.Workbook = new Workbook(new WorkbookProperties { Date1904 = from1904 }, new Sheets());
            var styles = main.AddNewPart<WorkbookStylesPart>();
            styles.Stylesheet = new Stylesheet(new Fonts(new Font()), new Fills(new Fill()), new Borders(new Border()), new CellStyleFormats(new CellFormat()), new CellFormats(new CellFormat(), new CellFormat { NumberFormatId = 14, ApplyNumberFormat = true }));
            var part = main.AddNewPart<WorksheetPart>();
            using (var to = part.GetStream(FileMode.Create))
                to.Write(Encoding.UTF8.GetBytes(worksheet));
            main.Workbook.Sheets!.Append(new Sheet { Id = main.GetIdOfPart(part), SheetId = 1, Name = sheet });
        }
        return stream.ToArray();
    }

    public static byte[] Zip(params (string Name, byte[] Bytes)[] files)
    {
        using var stream = new MemoryStream();
        using (var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, bytes) in files)
            {
                using var entry = archive.CreateEntry(name).Open();
                entry.Write(bytes);
            }
        }
        return stream.ToArray();
    }

    public static byte[] Gzip(byte[] bytes)
    {
        using var stream = new MemoryStream();
        using (var gzip = new GZipStream(stream, CompressionMode.Compress, leaveOpen: true))
            gzip.Write(bytes);
        return stream.ToArray();
    }

    public static byte[] Parquet(string select)
    {
        var path = Path.GetTempFileName();
        using (var engine = new DuckDBConnection("DataSource=:memory:"))
        {
            engine.Open();
            using var command = engine.CreateCommand();
            command.CommandText = $"COPY ({select}) TO '{path}' (FORMAT parquet)";
            command.ExecuteNonQuery();
        }
        var bytes = File.ReadAllBytes(path);
        File.Delete(path);
        return bytes;
    }

    public static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);

    /// <summary>Bytes with a piece of them replaced: what an archive says of itself may lie.</summary>
    public static byte[] Cut(byte[] bytes, int length) => bytes[..length];
}
