using System.Collections.Frozen;
using System.Globalization;
using Guantong.Packs.Reading;
using Guantong.Trust;

namespace Guantong.Data;

/// <summary>The form that departments fill in (公共数据资源目录编制表): one sheet of resources, one of data items, Chinese headers and words after GB/T 21063.3.</summary>
/// <remarks>A resource and its items are held together by the running number in the first column of both sheets. Codes are the catalogue's: an empty one asks for a new entry.</remarks>
public static class CatalogueForm
{
    /// <summary>The sheets' names.</summary>
    public const string Resources = "信息资源", Items = "信息项";

    /// <summary>The running number that holds a resource and its items together.</summary>
    internal const string Number = "number";

    /// <summary>Columns of the sheet of resources: keys of <see cref="EntryFields"/>, the running number first.</summary>
    public static readonly IReadOnlyList<string> ResourceColumns = [Number, .. EntryFields.All.Select(f => f.Key)];

    /// <summary>Columns of the sheet of items; the resource's name stands there for people and is not read.</summary>
    public static readonly IReadOnlyList<string> ItemColumns = [Number, "of", .. EntryFields.OfItem.Select(f => f.Key)];

    /// <summary>A column's header.</summary>
    /// <param name="sheet">resource or item.</param>
    public static string Header(string sheet, string key) => CatalogueTexts.Say(Lang.Zh, $"form.{sheet}.{key}");

    // What stands in a cell for a word of ours, by column.
    private static readonly FrozenDictionary<string, IReadOnlyList<(string Word, string Said)>> Words = new Dictionary<string, IReadOnlyList<(string, string)>>
    {
        ["class"] = Said("class", EntryCheck.Classes), ["category"] = Said("category", Grammar.Categories.Values), ["share"] = Said("share", EntryCheck.Degrees), ["open"] = Said("open", EntryCheck.Degrees), ["opening"] = Said("opening", CatalogueEntry.Openings),
        ["cycle"] = Said("cycle", CatalogueEntry.Cycles), ["type"] = Said("type", EntryCheck.Types), ["key"] = [(EntryFields.Yes, "是"), ("", "否")], ["personal"] = [(EntryFields.Yes, "是"), ("", "否")],
    }.ToFrozenDictionary();

    /// <summary>What stands in a cell for a value.</summary>
    public static string Write(string column, string value) => Words.TryGetValue(column, out var words) ? words.FirstOrDefault(w => w.Word == value) is { Said: { } said } ? value.Length == 0 ? "" : said : value : value;

    /// <summary>The value that a cell stands for: our own word is taken too, and what is neither stays and is told as a fault.</summary>
    public static string Read(string column, string cell)
    {
        var text = cell.Trim();
        return Words.TryGetValue(column, out var words) ? words.FirstOrDefault(w => w.Said == text) is { Said: not null } known ? known.Word : text : text;
    }

    /// <summary>What may stand in a cell, or null where anything may.</summary>
    internal static IReadOnlyList<string>? Choices(string column) => Words.TryGetValue(column, out var words) ? [.. words.Select(w => w.Said)] : null;

    /// <summary>The rows of both sheets for entries, headers first.</summary>
    internal static IEnumerable<IReadOnlyList<string>> ResourceRows(IEnumerable<CatalogueEntry> entries) =>
        entries.Select((e, i) => (IReadOnlyList<string>)[$"{i + 1}", .. EntryFields.All.Select(f => Write(f.Key, f.Read(e)))]).Prepend([.. ResourceColumns.Select(c => Header("resource", c))]);

    /// <inheritdoc cref="ResourceRows"/>
    internal static IEnumerable<IReadOnlyList<string>> ItemRows(IEnumerable<CatalogueEntry> entries) =>
        entries.SelectMany((e, i) => e.Items.Select(item => (IReadOnlyList<string>)[$"{i + 1}", e.Name, .. EntryFields.OfItem.Select(f => Write(f.Key, f.Read(item)))])).Prepend([.. ItemColumns.Select(c => Header("item", c))]);

    private static List<(string, string)> Said(string kind, IEnumerable<string> words) => [.. words.Select(w => (w, CatalogueTexts.Say(Lang.Zh, $"form.{kind}.{w}")))];

    /// <summary>A column as a spreadsheet names it: A, B … AA.</summary>
    internal static string Letters(int column)
    {
        var letters = "";
        for (var n = column + 1; n > 0; n = (n - 1) / 26)
            letters = (char)('A' + (n - 1) % 26) + letters;
        return letters;
    }

    /// <summary>A cell as a text, whatever a spreadsheet took it for.</summary>
    internal static string Text(object? cell) => cell switch
    {
        null => "",
        DateTime { TimeOfDay.Ticks: 0 } day => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        DateTime time => time.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture),
        bool truth => truth ? "是" : "否",
        double number => number.ToString("R", CultureInfo.InvariantCulture),
        _ => Convert.ToString(cell, CultureInfo.InvariantCulture) ?? "",
    };
}
