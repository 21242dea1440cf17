using System.Globalization;
using System.Text.RegularExpressions;
using Guantong.Packs.Reading;
using Guantong.Trust;

namespace Guantong.Data;

/// <summary>Something that an entry may not say.</summary>
/// <param name="Field">Its path, as in <see cref="EntryChange"/>.</param>
/// <param name="Code">Its sentence stands under <c>entry.fault.code</c>.</param>
public sealed record EntryFault(string Field, string Code, string Given = "")
{
    /// <summary>The sentence in a reader's language.</summary>
    public string Say(string lang) => CatalogueTexts.Say(lang, "entry.fault." + Code, Given);
}

/// <summary>What an entry has to say, and may not (政务信息资源目录编制指南（试行）§4).</summary>
public static partial class EntryCheck
{
    /// <summary>The longest text of one field, in characters.</summary>
    public const int Longest = 4000;

    /// <summary>The most items, and the most words of a list.</summary>
    public const int MostItems = 1000;

    /// <summary>Types of items.</summary>
    public static readonly IReadOnlyList<string> Types = ["string", "integer", "number", "boolean", "date", "timestamp"];

    /// <summary>Classes of sharing and opening.</summary>
    public static readonly IReadOnlyList<string> Degrees = ["unconditional", "conditional", "none"];

    /// <summary>Classes of resources.</summary>
    public static readonly IReadOnlyList<string> Classes = ["base", "theme", "department"];

    /// <summary>Every fault of an entry, in the order of its fields.</summary>
    public static IReadOnlyList<EntryFault> Of(CatalogueEntry entry, Jurisdiction land) =>
    [
        .. EntryFields.All.Where(f => f.Read(entry).Length > Longest).Select(f => new EntryFault(f.Key, "too-long", $"{Longest}")),
        .. EntryFields.All.Where(f => Control().IsMatch(f.Read(entry))).Select(f => new EntryFault(f.Key, "control")),
        .. Needed("name", entry.Name), .. Needed("about", entry.About), .. Needed("provider", entry.Provider),
        .. OneOf("class", entry.Class, Classes), .. entry.Category.Length == 0 ? [] : OneOf("category", entry.Category, Grammar.Categories.Values),
        .. OneOf("share", entry.Share, Degrees), .. OneOf("open", entry.Open, Degrees), .. OneOf("cycle", entry.Cycle, CatalogueEntry.Cycles),
        .. entry is { Share: "conditional", ShareCondition: "" } ? [new("shareCondition", "condition")] : Nothing,
        .. entry is { Share: "none", Basis: "" } ? [new("basis", "basis")] : Nothing,
        .. entry is { Open: "conditional", OpenCondition: "" } ? [new("openCondition", "condition")] : Nothing,
        .. entry.Opening.Length == 0 ? Nothing : entry.Open == "none" ? [new("opening", "opening-none")] : OneOf("opening", entry.Opening, CatalogueEntry.Openings),
        .. entry.Grade is not null and (< 1 or > 4) ? [new("grade", "grade", $"{entry.Grade}")] : Nothing,
        .. entry is { Open: "unconditional", Grade: > 1, Opening: "" } ? [new("open", "open-graded", $"{entry.Grade}")] : Nothing,
        .. entry.Items.Any(i => i.IsPersonal) && entry is { Open: "unconditional", Opening: "" } ? [new("open", "open-personal")] : Nothing,
        .. entry.Items.Any(i => i.IsPersonal) && entry.Grade is null or 1 && entry.Items.Any(i => i.IsPersonal) ? [new("grade", "personal-grade")] : Nothing,
        .. entry.Published.Length > 0 && !DateOnly.TryParseExact(entry.Published, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _) ? [new("published", "date", entry.Published)] : Nothing,
        .. entry.Region.Length > 0 && land.Regions.Find(entry.Region) is null ? [new("region", "region", entry.Region)] : Nothing,
        .. entry.Page.Length > 0 && !IsAddress(entry.Page) ? [new("page", "address", entry.Page)] : Nothing,
        .. entry.Downloads.Where(d => !IsAddress(d)).Take(1).Select(d => new EntryFault("downloads", "address", d)),
        .. entry.Items.Count > MostItems ? [new("items", "too-many", $"{MostItems}")] : entry.Items.SelectMany(OfItem),
        .. entry.Items.GroupBy(i => i.Id).Where(g => g.Key.Length > 0 && g.Count() > 1).Select(g => new EntryFault($"items.{g.Key}.id", "twice", g.Key)),
    ];

    private static readonly EntryFault[] Nothing = [];

    private static IEnumerable<EntryFault> OfItem(EntryItem item, int at)
    {
        var path = $"items.{(item.Id.Length > 0 ? item.Id : $"{at + 1}")}";
        if (item.Id.Length == 0)
            yield return new EntryFault(path + ".id", "needed");
        if (item.Name.Length == 0)
            yield return new EntryFault(path + ".name", "needed");
        foreach (var fault in OneOf(path + ".type", item.Type, Types))
            yield return fault;
        foreach (var field in EntryFields.OfItem.Where(f => f.Read(item).Length > Longest))
            yield return new EntryFault($"{path}.{field.Key}", "too-long", $"{Longest}");
        foreach (var field in EntryFields.OfItem.Where(f => Control().IsMatch(f.Read(item))))
            yield return new EntryFault($"{path}.{field.Key}", "control");
    }

    private static IEnumerable<EntryFault> Needed(string field, string value) => string.IsNullOrWhiteSpace(value) ? [new EntryFault(field, "needed")] : [];

    private static IEnumerable<EntryFault> OneOf(string field, string value, IEnumerable<string> known) =>
        value.Length == 0 ? [new EntryFault(field, "needed")] : known.Contains(value) ? [] : [new EntryFault(field, "one-of", value)];

    /// <summary>Whether a text is an address that a reader may be led to.</summary>
    internal static bool IsAddress(string text) => Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https";

    [GeneratedRegex(@"[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")]
    private static partial Regex Control();
}
