using System.Globalization;
using Guantong.Trust;
using Lucene.Net.Documents;
using Lucene.Net.Util;

namespace Guantong.Data;

/// <summary>An entry as a document of the index.</summary>
internal static class CatalogueDocument
{
    /// <summary>Fields that words are looked for in, and how much a hit there weighs. The judged queries of the tests decide.</summary>
    public static readonly IReadOnlyList<(string Field, float Weight)> Searched = [("name", 6), ("keywords", 4), ("items", 1.2f), ("about", 1), ("provider", 1.5f)];

    /// <summary>Facets of which an entry has one value; the others may have several.</summary>
    public static readonly string[] Single = ["category", "provider", "level", "grade", "share", "open", "origin", "state"];

    private static readonly CompareInfo Chinese = CultureInfo.GetCultureInfo("zh-CN").CompareInfo;

    public static Document Of(KeptEntry kept, Jurisdiction land)
    {
        var e = kept.Entry;
        var document = new Document
        {
            new StringField("id", e.Id, Field.Store.YES),
            new StringField("code", e.Code, Field.Store.NO),
            new StringField("exact", e.Name.ToLowerInvariant(), Field.Store.NO),
            new StringField("public", e.IsPublic && kept.State == "current" ? "1" : "0", Field.Store.NO),
            new TextField("name", $"{e.Name}\n{e.NameEn}", Field.Store.NO),
            new TextField("keywords", string.Join('\n', e.Keywords.Concat(e.Labels)), Field.Store.NO),
            new TextField("items", string.Join('\n', e.Items.Select(i => $"{i.Name} {i.NameEn} {i.Id}")), Field.Store.NO),
            new TextField("about", $"{e.About}\n{e.AboutEn}", Field.Store.NO),
            new TextField(CatalogueAnalyzer.Whole, $"{e.Name}\n{e.NameEn}\n{string.Join('\n', e.Keywords)}\n{string.Join('\n', e.Items.Select(i => $"{i.NameEn} {i.Id}"))}", Field.Store.NO),
            new TextField("provider", $"{e.Provider} {e.Custodian} {land.Units.Find(e.ProviderCode)?.NameEn}", Field.Store.NO),
            new SortedDocValuesField("by-name", new BytesRef(Chinese.GetSortKey(e.Name, CompareOptions.IgnoreCase).KeyData)),
            new NumericDocValuesField("by-change", kept.Seq),
        };
        foreach (var facet in Single)
            document.Add(new SortedDocValuesField("f." + facet, new BytesRef(Value(kept, facet, land))));
        foreach (var (facet, values) in ((string, IReadOnlyList<string>)[])[("format", e.Formats), ("label", e.Labels)])
        {
            foreach (var value in values)
                document.Add(new SortedSetDocValuesField("f." + facet, new BytesRef(value)));
        }
        return document;
    }

    private static string Value(KeptEntry kept, string facet, Jurisdiction land) => facet switch
    {
        "category" => kept.Entry.Category,
        "provider" => kept.Entry.Provider,
        "level" => land.Regions.Find(kept.Entry.Region)?.Level ?? "",
        "grade" => kept.Entry.Grade?.ToString(CultureInfo.InvariantCulture) ?? "",
        "share" => kept.Entry.Share,
        "open" => kept.Entry.Open,
        "origin" => kept.Origin,
        _ => kept.State,
    };
}
