using System.Globalization;

namespace Guantong.Data;

/// <summary>A field of an entry as a text: how it is compared, shown, and written on the departments' form.</summary>
/// <param name="Key">Its name in paths and sentences.</param>
public sealed record EntryField(string Key, Func<CatalogueEntry, string> Read, Func<CatalogueEntry, string, CatalogueEntry> Write);

/// <summary>A field of a data item, likewise.</summary>
public sealed record ItemField(string Key, Func<EntryItem, string> Read, Func<EntryItem, string, EntryItem> Write);

/// <summary>The fields of entries and items, in the order of GB/T 21063: differences, forms and sheets all go by this one list.</summary>
public static class EntryFields
{
    /// <summary>What sets words of a list apart on a form.</summary>
    public const char Apart = '；';

    /// <summary>The fields of an entry, but for its id.</summary>
    public static readonly IReadOnlyList<EntryField> All =
    [
        new("code", e => e.Code, (e, v) => e with { Code = v }),
        new("name", e => e.Name, (e, v) => e with { Name = v }),
        new("nameEn", e => e.NameEn, (e, v) => e with { NameEn = v }),
        new("about", e => e.About, (e, v) => e with { About = v }),
        new("aboutEn", e => e.AboutEn, (e, v) => e with { AboutEn = v }),
        new("provider", e => e.Provider, (e, v) => e with { Provider = v }),
        new("providerCode", e => e.ProviderCode, (e, v) => e with { ProviderCode = v }),
        new("custodian", e => e.Custodian, (e, v) => e with { Custodian = v }),
        new("class", e => e.Class, (e, v) => e with { Class = v }),
        new("category", e => e.Category, (e, v) => e with { Category = v }),
        new("keywords", e => Join(e.Keywords), (e, v) => e with { Keywords = Split(v) }),
        new("formats", e => Join(e.Formats), (e, v) => e with { Formats = Split(v) }),
        new("share", e => e.Share, (e, v) => e with { Share = v }),
        new("shareCondition", e => e.ShareCondition, (e, v) => e with { ShareCondition = v }),
        new("basis", e => e.Basis, (e, v) => e with { Basis = v }),
        new("open", e => e.Open, (e, v) => e with { Open = v }),
        new("openCondition", e => e.OpenCondition, (e, v) => e with { OpenCondition = v }),
        new("opening", e => e.Opening, (e, v) => e with { Opening = v }),
        new("grade", e => e.Grade?.ToString(CultureInfo.InvariantCulture) ?? "", (e, v) => e with { Grade = int.TryParse(v, NumberStyles.None, CultureInfo.InvariantCulture, out var grade) ? grade : null }),
        new("cycle", e => e.Cycle, (e, v) => e with { Cycle = v }),
        new("published", e => e.Published, (e, v) => e with { Published = v }),
        new("licence", e => e.Licence, (e, v) => e with { Licence = v }),
        new("region", e => e.Region, (e, v) => e with { Region = v }),
        new("page", e => e.Page, (e, v) => e with { Page = v }),
        new("downloads", e => Join(e.Downloads), (e, v) => e with { Downloads = Split(v) }),
        new("labels", e => Join(e.Labels), (e, v) => e with { Labels = Split(v) }),
    ];

    /// <summary>The fields of an item, its id first.</summary>
    public static readonly IReadOnlyList<ItemField> OfItem =
    [
        new("id", i => i.Id, (i, v) => i with { Id = v }),
        new("name", i => i.Name, (i, v) => i with { Name = v }),
        new("nameEn", i => i.NameEn, (i, v) => i with { NameEn = v }),
        new("type", i => i.Type, (i, v) => i with { Type = v }),
        new("unit", i => i.Unit, (i, v) => i with { Unit = v }),
        new("codes", i => i.Codes, (i, v) => i with { Codes = v }),
        new("element", i => i.Element, (i, v) => i with { Element = v }),
        new("key", i => Truth(i.IsKey), (i, v) => i with { IsKey = v == Yes }),
        new("personal", i => Truth(i.IsPersonal), (i, v) => i with { IsPersonal = v == Yes }),
    ];

    /// <summary>How a form says yes.</summary>
    public const string Yes = "yes";

    /// <summary>What an item is before anything is said of it.</summary>
    public static readonly EntryItem NoItem = new("", "", "", "");

    /// <summary>A field by its key, or null.</summary>
    public static EntryField? Find(string key) => All.FirstOrDefault(f => f.Key == key);

    /// <summary>An entry in its normal form: no blanks around a text, one line end, no word of a list twice or empty.</summary>
    public static CatalogueEntry Normal(CatalogueEntry entry) => All.Aggregate(entry, (e, f) => f.Write(e, Plain(f.Read(e)))) with
    {
        Items = [.. entry.Items.Where(i => i is not null).Select(i => OfItem.Aggregate(i, (item, f) => f.Write(item, Plain(f.Read(item)))))],
    };

    private static string Plain(string text) => text.ReplaceLineEndings("\n").Trim();

    /// <summary>What differs, field by field, items by their ids; an empty side means that it is not there.</summary>
    public static IReadOnlyList<EntryChange> Changes(CatalogueEntry? was, CatalogueEntry becomes) =>
    [
        .. All.Select(f => new EntryChange(f.Key, was is null ? "" : f.Read(was), f.Read(becomes))).Where(c => c.Was != c.Becomes),
        .. Items(was?.Items ?? [], becomes.Items),
    ];

    private static IEnumerable<EntryChange> Items(IReadOnlyList<EntryItem> was, IReadOnlyList<EntryItem> becomes)
    {
        var (before, after) = (was.DistinctBy(i => i.Id).ToDictionary(i => i.Id), becomes.DistinctBy(i => i.Id).ToDictionary(i => i.Id));
        foreach (var id in before.Keys.Union(after.Keys))
        {
            var (a, b) = (before.GetValueOrDefault(id), after.GetValueOrDefault(id));
            foreach (var field in OfItem)
            {
                var (x, y) = (a is null ? "" : field.Read(a), b is null ? "" : field.Read(b));
                if (x != y)
                    yield return new EntryChange($"items.{id}.{field.Key}", x, y);
            }
        }
        if (was.Count == becomes.Count && !was.Select(i => i.Id).SequenceEqual(becomes.Select(i => i.Id)) && before.Keys.ToHashSet().SetEquals(after.Keys))
            yield return new EntryChange("items", Join(was.Select(i => i.Id)), Join(becomes.Select(i => i.Id)));
    }

    internal static string Join(IEnumerable<string> words) => string.Join(Apart, words);

    internal static IReadOnlyList<string> Split(string text) => [.. text.Split(Apart, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Distinct()];

    private static string Truth(bool value) => value ? Yes : "";
}
