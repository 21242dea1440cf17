using System.Globalization;
using System.Text;
using System.Xml;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Spreadsheet;
using Guantong.Packs;

namespace Guantong.Data;

/// <summary>Reads a sheet of an Excel workbook (ECMA-376) row by row, in little memory.</summary>
/// <remarks>What the eye cannot see is refused rather than guessed at: cells that are merged, formulas without a value or in error, numbers that lost digits.</remarks>
internal sealed class ExcelRows : IDisposable
{
    private static readonly XmlReaderSettings Careful = new() { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, IgnoreComments = true, IgnoreProcessingInstructions = true, CloseInput = true };

    private readonly string _name;
    private readonly IReadOnlyList<string> _wanted;
    private readonly IReadOnlyList<string> _missing;
    private readonly SharedTexts _shared;
    private readonly HashSet<int> _dateStyles;
    private readonly bool _from1904;
    private readonly StagedText _text;
    private List<int>? _columns;
    private int _headerRow;

    private ExcelRows(SpreadsheetDocument book, string name, Feed feed, IReadOnlyList<string> wanted, string made)
    {
        (_name, _wanted, _missing) = (name, wanted, feed.Missing);
        _shared = new SharedTexts(made + ".texts");
        _dateStyles = DateStyles(book.WorkbookPart!.WorkbookStylesPart?.Stylesheet);
        _from1904 = book.WorkbookPart.Workbook?.WorkbookProperties?.Date1904?.Value == true;
        _text = new StagedText(made, name, wanted);
    }

    /// <summary>Reads a file.</summary>
    /// <exception cref="LoadRefusedException">It is none, its sheet or its headers are missing, or cells say what cannot be taken for certain.</exception>
    public static ProbedFile Read(string path, string name, Feed feed, IReadOnlyList<string> wanted, string made, CancellationToken stop)
    {
        RefuseOther(path, name);
        Packed.Check(path, name, stop);
        using var book = SpreadsheetDocument.Open(path, false);
        var part = SheetOf(book, name, feed.Sheet);
        using var rows = new ExcelRows(book, name, feed, wanted, made);
        rows.ReadShared(book.WorkbookPart!.SharedStringTablePart, stop);
        rows.ReadSheet(part, stop);
        return rows._text.End(FileText.Digest(path));
    }

    // The format of before 2007, which is also what a workbook with a password becomes.
    private static void RefuseOther(string path, string name)
    {
        Span<byte> head = stackalloc byte[4];
        using var stream = File.OpenRead(path);
        if (stream.Length == 0)
            throw new LoadRefusedException(name, 0, "file-empty");
        stream.ReadAtLeast(head, 4, throwOnEndOfStream: false);
        if (head is [0xd0, 0xcf, 0x11, 0xe0])
            throw new LoadRefusedException(name, 0, "excel-old-or-locked");
        if (head is not [(byte)'P', (byte)'K', ..])
            throw new LoadRefusedException(name, 0, "excel-none");
    }

    private static WorksheetPart SheetOf(SpreadsheetDocument book, string name, string? wanted)
    {
        if (book.WorkbookPart is null)
            throw new LoadRefusedException(name, 0, "excel-none");
        var sheets = book.WorkbookPart.Workbook?.Sheets?.Elements<Sheet>().ToList() ?? [];
        var sheet = wanted is null ? sheets.FirstOrDefault() : sheets.FirstOrDefault(s => s.Name?.Value == wanted);
        return sheet?.Id?.Value is { } id && book.WorkbookPart!.TryGetPartById(id, out var part) && part is WorksheetPart found ? found
            : throw new LoadRefusedException(name, 0, "excel-no-sheet", wanted ?? "1", string.Join(", ", sheets.Select(s => s.Name?.Value)));
    }

    private void ReadShared(SharedStringTablePart? part, CancellationToken stop)
    {
        if (part is null)
            return;
        using var xml = XmlReader.Create(part.GetStream(), Careful);
        while (xml.Read())
        {
            if (xml.NodeType == XmlNodeType.Element && xml.LocalName == "si")
            {
                stop.ThrowIfCancellationRequested();
                _shared.Add(RichText(xml));
            }
        }
    }

    private void ReadSheet(WorksheetPart part, CancellationToken stop)
    {
        using var xml = XmlReader.Create(part.GetStream(), Careful);
        var number = 0;
        while (xml.Read())
        {
            if (xml.NodeType != XmlNodeType.Element)
                continue;
            if (xml.LocalName == "row")
            {
                stop.ThrowIfCancellationRequested();
                number = int.TryParse(xml.GetAttribute("r"), CultureInfo.InvariantCulture, out var told) ? told : number + 1;
                if (!xml.IsEmptyElement)
                    Take(number, ReadRow(xml, number));
            }
            else if (xml.LocalName == "mergeCell" && xml.GetAttribute("ref") is { } range)
                RefuseMerged(range);
        }
        if (_columns is null)
            throw new LoadRefusedException(_name, 0, "file-empty");
        if (_text.Count == 0)
            throw new LoadRefusedException(_name, _headerRow, "file-only-header");
    }

    private void Take(int number, Dictionary<int, string> cells)
    {
        if (cells.Count == 0)
            return;
        if (_columns is null)
        {
            // A title above the table is passed over: the header is the first row that holds a wanted one.
            if (_wanted.Any(w => cells.Values.Any(c => c.Trim() == w)) || number >= 20)
                TakeHeader(number, cells);
            return;
        }
        _text.Add([.. _columns.Select(c => cells.GetValueOrDefault(c))], number);
    }

    private void TakeHeader(int number, Dictionary<int, string> cells)
    {
        var header = cells.OrderBy(c => c.Key).Select(c => c.Value.Trim()).ToList();
        ProbedFile.CheckHeader(_name, number, _wanted, header);
        _headerRow = number;
        _columns = [.. _wanted.Select(w => cells.First(c => c.Value.Trim() == w).Key)];
    }

    private Dictionary<int, string> ReadRow(XmlReader xml, int row)
    {
        var (cells, column) = (new Dictionary<int, string>(), -1);
        using var inside = xml.ReadSubtree();
        inside.Read();
        while (inside.Read())
        {
            if (inside.NodeType != XmlNodeType.Element || inside.LocalName != "c")
                continue;
            column = inside.GetAttribute("r") is { } told ? ColumnOf(told) : column + 1;
            if (!inside.IsEmptyElement && ReadCell(inside, row, column) is { Length: > 0 } value)
                cells[column] = value;
        }
        return cells;
    }

    private string? ReadCell(XmlReader xml, int row, int column)
    {
        var (type, style) = (xml.GetAttribute("t") ?? "n", int.TryParse(xml.GetAttribute("s"), CultureInfo.InvariantCulture, out var s) ? s : 0);
        string? value = null, inline = null;
        var isFormula = false;
        using (var inside = xml.ReadSubtree())
        {
            inside.Read();
            while (inside.Read())
            {
                if (inside.NodeType != XmlNodeType.Element)
                    continue;
                if (inside.LocalName == "is")
                    inline = RichText(inside);
                else if (inside.LocalName == "f")
                    isFormula = true;
                else if (inside.LocalName == "v")
                    value = Content(inside);
            }
        }
        if (_columns?.Contains(column) == false)
            return null;
        if (isFormula && value is null && inline is null)
            throw Refuse(row, column, "excel-formula");
        return type switch
        {
            _ when value is null => inline,
            "s" => int.TryParse(value, CultureInfo.InvariantCulture, out var number) && number >= 0 && number < _shared.Count ? _shared[number] : throw Refuse(row, column, "excel-broken-cell"),
            "b" => value == "1" ? "true" : "false",
            "e" => _missing.Contains(value) ? null : throw Refuse(row, column, "excel-error", value),
            "n" => Number(value, style, row, column),
            _ => value,
        };
    }

    private string Number(string text, int style, int row, int column)
    {
        if (!double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number))
            throw Refuse(row, column, "excel-broken-cell");
        if (_dateStyles.Contains(style))
            return Moment(number);
        // A cell holds 15 digits: of a longer number, such as an identity number, the rest are zeros by now.
        if (Math.Abs(number) >= 1e15 && _columns is not null)
            throw Refuse(row, column, "excel-digits");
        return number.ToString("R", CultureInfo.InvariantCulture) is var plain && plain.Contains('E', StringComparison.Ordinal) ? number.ToString("0.####################", CultureInfo.InvariantCulture) : plain;
    }

    // Excel takes 1900 for a leap year: day 60 is its 29 February, which is no date and is rejected as such.
    private string Moment(double serial)
    {
        if (!_from1904 && (int)serial == 60)
            return "1900-02-29";
        var days = _from1904 ? serial + 1462 : serial < 60 ? serial + 1 : serial;
        if (days is < 1 or >= 2958466)
            return serial.ToString("R", CultureInfo.InvariantCulture);
        var at = new DateTime(1899, 12, 30).AddMilliseconds(Math.Round(days * 86_400_000));
        return at.TimeOfDay == TimeSpan.Zero ? at.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) : at.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
    }

    private void RefuseMerged(string range)
    {
        var ends = range.Split(':');
        var (first, last) = (RowOf(ends[0]), RowOf(ends[^1]));
        if (_columns is not null && last > _headerRow && _columns.Any(c => c >= ColumnOf(ends[0]) && c <= ColumnOf(ends[^1])))
            throw new LoadRefusedException(_name, first, "excel-merged", range);
    }

    private LoadRefusedException Refuse(int row, int column, string code, params string[] args) => new(_name, row, code, [$"{Letters(column)}{row}", .. args]);

    // Phonetic guides stand beside the text and are not it.
    private static string RichText(XmlReader xml)
    {
        var text = new StringBuilder();
        using var inside = xml.ReadSubtree();
        inside.Read();
        var more = inside.Read();
        while (more)
        {
            if (inside.NodeType == XmlNodeType.Element && inside.LocalName == "rPh")
            {
                inside.Skip();
                continue;
            }
            if (inside.NodeType == XmlNodeType.Element && inside.LocalName == "t")
                text.Append(Content(inside));
            more = inside.Read();
        }
        return text.ToString();
    }

    // The text of the element at hand; the reader stands on its end afterwards.
    private static string Content(XmlReader xml)
    {
        if (xml.IsEmptyElement)
            return "";
        var (text, depth) = ("", xml.Depth);
        while (xml.Read() && xml.Depth > depth)
        {
            if (xml.NodeType is XmlNodeType.Text or XmlNodeType.CDATA or XmlNodeType.SignificantWhitespace or XmlNodeType.Whitespace)
                text += xml.Value;
        }
        return text;
    }

    private static int ColumnOf(string cell)
    {
        var column = 0;
        foreach (var letter in cell.Where(char.IsAsciiLetterUpper))
            column = column > 20_000 ? column : column * 26 + letter - 'A' + 1;
        return column - 1;
    }

    private static int RowOf(string cell) => int.TryParse(cell.AsSpan(cell.IndexOfAny([.. "0123456789"]) is >= 0 and var at ? at : cell.Length), CultureInfo.InvariantCulture, out var row) ? row : 0;

    private static string Letters(int column) => column < 26 ? $"{(char)('A' + column)}" : Letters(column / 26 - 1) + (char)('A' + column % 26);

    // Number formats that show dates: the built-in ones (ECMA-376 part 1, §18.8.30), and those whose code says day, month, year or hour.
    private static HashSet<int> DateStyles(Stylesheet? sheet)
    {
        if (sheet?.CellFormats is not { } formats)
            return [];
        var own = sheet.NumberingFormats?.Elements<NumberingFormat>().Where(f => f.NumberFormatId?.HasValue == true && IsDate(f.FormatCode?.Value ?? "")).Select(f => f.NumberFormatId!.Value).ToHashSet() ?? [];
        return [.. formats.Elements<CellFormat>().Select((f, i) => (Id: f.NumberFormatId?.Value ?? 0, Index: i)).Where(f => f.Id is (>= 14 and <= 22) or (>= 27 and <= 36) or (>= 45 and <= 47) or (>= 50 and <= 58) || own.Contains(f.Id)).Select(f => f.Index)];
    }

    private static bool IsDate(string code)
    {
        var (inQuotes, inBrackets) = (false, false);
        foreach (var c in code)
        {
            if (c == '"')
                inQuotes = !inQuotes;
            else if (!inQuotes && c is '[' or ']')
                inBrackets = c == '[';
            else if (!inQuotes && !inBrackets && char.ToLowerInvariant(c) is 'y' or 'd' or 'h' or 's')
                return true;
        }
        return false;
    }

    public void Dispose()
    {
        _text.Dispose();
        _shared.Dispose();
    }
}
