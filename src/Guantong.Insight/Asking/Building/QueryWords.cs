using System.Globalization;
using Guantong.Data;
using Guantong.Packs;
using Guantong.Trust;

namespace Guantong.Insight;

/// <summary>Says a built query in words, and names its columns.</summary>
public static class QueryWords
{
    /// <summary>What a column is called.</summary>
    public static string Label(BuiltColumn column, Pack pack, string lang)
    {
        var name = column.Way is null ? "" : NameOf(column.Way, pack, lang);
        return column.As is { } measure ? AskingTexts.Say(lang, "query.as." + measure, name) : column.IsRegion ? AskingTexts.Say(lang, "query.by." + column.By) : column.By is { } step ? AskingTexts.Say(lang, "query.step", name, AskingTexts.Say(lang, "query.by." + step)) : name;
    }

    /// <summary>What a field is called, wherever a reference leads to it.</summary>
    public static string NameOf(AskableWay way, Pack pack, string lang) => way.As is { } measure
        ? AskingTexts.Say(lang, "query.referring", pack.Say(lang, way.Table!.Dataset.Name), AskingTexts.Say(lang, "query.as." + measure, way.Of is null ? "" : NameOf(pack, way.Of, lang)))
        : way.Through is { } through ? AskingTexts.Say(lang, "query.through", NameOf(pack, through, lang), NameOf(pack, way.Field, lang)) : NameOf(pack, way.Field, lang);

    private static string NameOf(Pack pack, Field field, string lang) => field.Name.Length == 0 ? field.Id : pack.Say(lang, field.Name);

    /// <summary>The columns' names, each its own.</summary>
    public static IReadOnlyList<string> Labels(IReadOnlyList<BuiltColumn> columns, Pack pack, string lang)
    {
        var all = new List<string>();
        foreach (var column in columns)
        {
            var label = Label(column, pack, lang);
            all.Add(all.Contains(label) ? $"{label} ({column.Name})" : label);
        }
        return all;
    }

    /// <summary>A value as it is shown: a region by its name.</summary>
    public static object? Shown(BuiltColumn column, object? value, Jurisdiction land, string lang) => column.IsRegion && value is string code && land.Regions.Find(code) is { } region ? region.Say(lang) : value;

    /// <summary>The whole query in one sentence.</summary>
    public static string Say(BuiltQuery query, AskableDataset data, IReadOnlyList<BuiltColumn> columns, Jurisdiction land, string lang)
    {
        var (pack, and) = (data.Pack, lang != Lang.Zh ? ", " : "、");
        string Listed(IEnumerable<BuiltColumn> of) => string.Join(and, of.Select(c => Label(c, pack, lang)));
        var parts = new List<string> { AskingTexts.Say(lang, "query.from", pack.Say(lang, data.Dataset.Name)) };
        if (query.Show.Count > 0)
            parts.Add(AskingTexts.Say(lang, "query.shows", Listed(columns)));
        if (query.Group.Count > 0)
            parts.Add(AskingTexts.Say(lang, "query.grouped", Listed(columns.Where(c => c.As is null))));
        if (query.Measure.Count > 0)
            parts.Add(AskingTexts.Say(lang, "query.measured", Listed(columns.Where(c => c.As is not null))));
        if (query.Filter.Count > 0)
            parts.Add(AskingTexts.Say(lang, "query.where", string.Join(lang != Lang.Zh ? " and " : "，且", query.Filter.Select(f => Say(f, data, land, lang)))));
        if (query.Order.Count > 0)
            parts.Add(AskingTexts.Say(lang, "query.ordered", string.Join(and, query.Order.Where(o => o.Column >= 0 && o.Column < columns.Count).Select(o => AskingTexts.Say(lang, o.Down ? "query.down" : "query.up", Label(columns[o.Column], pack, lang))))));
        parts.Add(AskingTexts.Say(lang, "query.limited", query.Limit.ToString(CultureInfo.InvariantCulture)));
        return string.Join(lang != Lang.Zh ? "; " : "；", parts) + (lang != Lang.Zh ? "." : "。");
    }

    private static string Say(BuiltFilter filter, AskableDataset data, Jurisdiction land, string lang)
    {
        var name = filter.Field == data.Regions && filter.Field.Contains('.', StringComparison.Ordinal) ? AskingTexts.Say(lang, "query.region") : data.Way(filter.Field) is { } way ? NameOf(way, data.Pack, lang) : filter.Field;
        var values = filter.Is == "within" ? filter.Values.Select(v => land.Regions.Find(v)?.Say(lang) ?? v).ToList() : [.. filter.Values];
        return AskingTexts.Say(lang, "query.is." + filter.Is, name, filter.Is == "between" ? values[0] : string.Join(lang != Lang.Zh ? ", " : "、", values), values.Count > 1 ? values[1] : "");
    }
}
