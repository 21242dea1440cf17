namespace Guantong.Data;

/// <summary>Labels that follow from what an entry says of itself.</summary>
public static class LabelRules
{
    private static readonly (string Label, Func<CatalogueEntry, bool> Fits)[] All =
    [
        ("含个人信息", e => e.Items.Any(i => i.IsPersonal)),
        ("实时更新", e => e.Cycle is "continuous" or "hourly"),
        ("空间数据", e => e.Formats.Any(f => f is "shp" or "geojson" or "kml" or "gpkg") || Any(e, "经度", "纬度", "坐标", "longitude", "latitude")),
        ("法人数据", e => Any(e, "统一社会信用代码", "企业名称", "法定代表人")),
        ("涉敏待核", e => e is { Grade: >= 3, Open: not "none" }),
    ];

    /// <summary>The labels whose rule an entry meets.</summary>
    public static IReadOnlyList<string> Of(CatalogueEntry entry) => [.. All.Where(r => r.Fits(entry)).Select(r => r.Label)];

    private static bool Any(CatalogueEntry entry, params string[] words) => entry.Items.Any(i => words.Any(w => i.Name.Contains(w, StringComparison.OrdinalIgnoreCase) || i.NameEn.Contains(w, StringComparison.OrdinalIgnoreCase)));
}
