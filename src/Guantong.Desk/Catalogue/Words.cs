using Guantong.Data;
using Guantong.Desk.Frame;
using Guantong.Trust;

namespace Guantong.Desk.Catalogue;

/// <summary>Fields of entries and what stands in them, as readers say it.</summary>
internal static class Words
{
    /// <summary>What a field is called by its path: <c>share</c>, or <c>items.code.type</c>.</summary>
    public static string Path(Reader reader, string path) => path.Split('.') switch
    {
        ["items"] => reader.Say("entry.items-order"),
        ["items", .. var id, var field] => reader.Say("entry.item-field", string.Join('.', id), reader.Say("item." + field)),
        _ => reader.Say("entry." + path),
    };

    /// <summary>What stands in a field.</summary>
    public static string Value(Reader reader, string path, string text, Jurisdiction land) => text.Length == 0 ? "–" : path switch
    {
        "share" or "open" or "category" or "cycle" or "class" => reader.Word(path, text),
        "region" => land.Regions.Find(text) is { } region ? $"{region.Say(reader.Language)}（{text}）" : text,
        "published" => DateOnly.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out var day) ? reader.Day(day) : text,
        "grade" => reader.Say("entry.graded", text),
        _ when path.EndsWith(".type", StringComparison.Ordinal) => reader.Word("type", text),
        _ => text == EntryFields.Yes ? reader.Say("frame.yes") : text,
    };
}
