using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Guantong.Data;

namespace Guantong.Tests;

/// <summary>Entries that may stand in the catalogue, drawn at random, with texts that forms and files are apt to spoil.</summary>
internal static class Entries
{
    private static readonly string[] Nasty = ["水", "a", "Ａ", "=1+1", "+86", "-5", "@x", "\"", "'", ",", ";", "\n", "  ", "\t", "<b>", "&", "]]>", "\\", "%", "\ud83d\ude00", "_x000D_", "0001", "1e5", "2026-01-02", "TRUE", "＝", "|", "{", "}", "、", "：", "（", "）"];

    /// <summary>A text of a few such parts, perhaps empty.</summary>
    public static Gen<string> Text(int least = 0) => Gen.Elements(Nasty).ListOf().Select(parts => string.Concat(parts.Take(6)).Trim()).Where(t => t.Length >= least);

    private static Gen<IReadOnlyList<string>> Words => Text(1).Where(t => !t.Contains(EntryFields.Apart, StringComparison.Ordinal)).ListOf().Select(w => (IReadOnlyList<string>)[.. w.Take(3).Distinct()]);

    private static Gen<EntryItem> Item(int n) =>
        from name in Text(1) from en in Text() from type in Gen.Elements(EntryCheck.Types.ToArray()) from unit in Text() from codes in Text() from element in Text() from key in ArbMap.Default.GeneratorFor<bool>()
        select new EntryItem($"field_{n}", name, en, type, unit, codes, element, key);

    /// <summary>One entry.</summary>
    public static Gen<CatalogueEntry> One =>
        from name in Text(1) from en in Text() from about in Text(1) from aboutEn in Text() from custodian in Text() from keywords in Words from formats in Words from labels in Words
        from share in Gen.Elements(EntryCheck.Degrees.ToArray()) from open in Gen.Elements("conditional", "none") from condition in Text(1) from cycle in Gen.Elements(CatalogueEntry.Cycles.ToArray())
        from grade in Gen.Elements<int?>(null, 1, 2, 3, 4) from kind in Gen.Elements(EntryCheck.Classes.ToArray()) from category in Gen.Elements(Packs.Reading.Grammar.Categories.Values.Append("").ToArray())
        from count in Gen.Choose(0, 4) from items in Gen.CollectToArray(Enumerable.Range(0, count), Item)
        select EntryFields.Normal(new CatalogueEntry
        {
            Id = "e", Code = "309330000/000001", Name = name, NameEn = en, About = about, AboutEn = aboutEn, Provider = "省生态环境厅", ProviderCode = "zj-ecology", Custodian = custodian, Keywords = keywords, Formats = formats, Labels = labels, Class = kind, Category = category,
            Share = share, ShareCondition = share == "conditional" ? condition : "", Basis = share == "none" ? condition : "", Open = open, OpenCondition = open == "conditional" ? condition : "", Grade = grade, Cycle = cycle, Published = "2026-11-28", Region = "330000", Items = [.. items],
        });

    /// <summary>Two entries, the second perhaps the first with little changed.</summary>
    public static Gen<(CatalogueEntry, CatalogueEntry)> Pair => Gen.OneOf(
        One.Select(e => (e, e)), One.SelectMany(e => One.Select(o => (e, o))), One.SelectMany(e => Text().Select(t => (e, EntryFields.Normal(e with { About = t })))), One.Select(e => (e, e with { Items = [.. e.Items.Reverse()] })));

    /// <summary>Whether two say the same.</summary>
    public static bool Same(CatalogueEntry one, CatalogueEntry other) => JsonSerializer.Serialize(one) == JsonSerializer.Serialize(other);
}
