using System.Text;

namespace Guantong.Data;

/// <summary>CSV text, field by field.</summary>
internal static class CsvText
{
    /// <summary>A record's fields, quotes taken off; header names also lose the blanks around them.</summary>
    public static List<string> Fields(ReadOnlySpan<byte> record)
    {
        var fields = new List<string>();
        var text = Encoding.UTF8.GetString(record);
        var at = 0;
        while (true)
        {
            var field = new StringBuilder();
            if (at < text.Length && text[at] == '"')
                at = Quoted(text, at + 1, field);
            while (at < text.Length && text[at] != ',')
                field.Append(text[at++]);
            fields.Add(field.ToString().Trim());
            if (at++ >= text.Length)
                return fields;
        }
    }

    /// <summary>The bytes without a leading byte-order mark.</summary>
    public static ReadOnlySpan<byte> WithoutMark(ReadOnlySpan<byte> bytes) =>
        bytes.StartsWith("\uFEFF"u8) ? bytes[3..] : bytes;

    /// <summary>A text short enough to be shown.</summary>
    public static string Cut(string text) => text.Length <= 200 ? text : text[..199] + "…";

    private static int Quoted(string text, int at, StringBuilder into)
    {
        for (; at < text.Length; at++)
        {
            if (text[at] != '"')
                into.Append(text[at]);
            else if (at + 1 < text.Length && text[at + 1] == '"')
                into.Append(text[at++]);
            else
                return at + 1;
        }
        return at;
    }
}
