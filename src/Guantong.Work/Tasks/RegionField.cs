using System.Text.Json;
using System.Text.Json.Nodes;
using Guantong.Trust;

namespace Guantong.Work;

/// <summary>What a field for a region offers (x-region).</summary>
/// <param name="Below">The region within which it lies; null for the whole jurisdiction.</param>
/// <param name="Levels">province, city, county or street.</param>
public sealed record RegionRule(string? Below, IReadOnlyList<string> Levels)
{
    private static readonly IReadOnlyList<string> Usual = ["city", "county"];

    /// <summary>Reads it.</summary>
    internal static RegionRule Of(JsonElement said) => new(
        said.TryGetProperty("below", out var below) ? below.GetString() : null,
        said.TryGetProperty("levels", out var levels) ? [.. levels.EnumerateArray().Select(l => l.GetString()!)] : Usual);

    /// <summary>Whether a code is one of those that are offered.</summary>
    public bool Has(Jurisdiction land, string code) => land.Regions.Find(code) is { To: null } region && Levels.Contains(region.Level) && land.Regions.Within(code, Below ?? land.Root) && land.Regions.Within(code, land.Root);

    /// <summary>What is offered, each below the region that it is listed under: counties under their city, in the order of their codes.</summary>
    public IReadOnlyList<(string Group, IReadOnlyList<(string Value, string Label)> Options)> Groups(Jurisdiction land, string lang) =>
    [
        .. land.Regions.All.Where(r => Has(land, r.Code)).OrderBy(r => r.Code, StringComparer.Ordinal).GroupBy(r => r.Level is "county" or "street" ? r.Parent ?? r.Code : r.Code)
            .OrderBy(g => g.Key, StringComparer.Ordinal).Select(g => (land.Regions.Find(g.Key)!.Say(lang), (IReadOnlyList<(string, string)>)[.. g.Select(r => (r.Code, r.Say(lang)))])),
    ];
}

/// <summary>Fields for regions: kept as codes (GB/T 2260), shown by name.</summary>
public static class RegionField
{
    /// <summary>A region as people call it, with the city it belongs to: 杭州市西湖区.</summary>
    public static string Say(Jurisdiction land, string lang, string code) => land.Regions.Find(code) is not { } region ? code
        : !lang.StartsWith("zh", StringComparison.OrdinalIgnoreCase) ? string.Join(", ", Named(land, region).Select(r => r.Say(lang))) : string.Concat(Named(land, region).Reverse().Select(r => r.Name));

    // The jurisdiction itself goes without saying.
    private static IEnumerable<Region> Named(Jurisdiction land, Region region) => region.Code == land.Root ? [region] : land.Regions.Upwards(region.Code).TakeWhile(r => r.Code != land.Root);

    /// <summary>What was filled in, with regions by their names: for documents and files, which are read without the list of codes.</summary>
    public static JsonObject Named(IEnumerable<FormField> fields, JsonObject data, Jurisdiction land, string lang)
    {
        var named = data.DeepClone().AsObject();
        foreach (var field in fields)
        {
            if (field.Region is not null && named[field.Name] is JsonValue code)
                named[field.Name] = Say(land, lang, code.ToString());
            else if (field.Columns.Count > 0 && named[field.Name] is JsonArray rows)
                named[field.Name] = new JsonArray([.. rows.Select(r => r is JsonObject row ? (JsonNode?)Named(field.Columns, row, land, lang) : r?.DeepClone())]);
        }
        return named;
    }

    /// <summary>The places of regions that are not among those offered: county, members[0].county.</summary>
    internal static IEnumerable<FormFault> Faults(IEnumerable<FormField> fields, JsonObject data, Jurisdiction land, string prefix = "") => fields.SelectMany(f =>
        f.Region is { } rule && data[f.Name] is JsonValue code && !rule.Has(land, code.ToString()) ? [new FormFault(prefix + f.Name, "region")]
        : f.Columns.Count > 0 && data[f.Name] is JsonArray rows ? rows.SelectMany((r, i) => r is JsonObject row ? Faults(f.Columns, row, land, FormattableString.Invariant($"{prefix}{f.Name}[{i}].")) : [])
        : []);
}
