using System.Globalization;
using System.Text;

namespace Guantong.Trust;

/// <summary>CSV for people and machines (RFC 4180), the same everywhere.</summary>
public static class Csv
{
    /// <summary>A writer over a stream, which stays open; the mark tells a spreadsheet the encoding.</summary>
    public static StreamWriter Writer(Stream to) => new(to, new UTF8Encoding(true), leaveOpen: true) { NewLine = "\r\n" };

    /// <summary>One record, without its line end.</summary>
    public static string Line(params IEnumerable<object?> cells) => string.Join(',', cells.Select(Cell));

    // A text that begins like a formula would be run by a spreadsheet; a negative number is a number and stays one.
    private static string Cell(object? cell)
    {
        var text = Convert.ToString(cell, CultureInfo.InvariantCulture) ?? "";
        if (cell is string && text is ['=' or '+' or '-' or '@' or '\t' or '\r' or '＝' or '＋' or '－' or '＠', ..] && !double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out _))
            text = "'" + text;
        return text.AsSpan().IndexOfAny(",\"\r\n") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }
}
