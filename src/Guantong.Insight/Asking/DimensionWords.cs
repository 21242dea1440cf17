using Guantong.Packs;

namespace Guantong.Insight;

/// <summary>What the dimensions of indicators are called, and what stands in them.</summary>
public static class DimensionWords
{
    /// <summary>The dimension of an indicator that a word means: its id, or a part of its name; empty where none is.</summary>
    public static string Meant(Pack pack, Indicator indicator, string word) => indicator.Dimensions.Select(d => d.Name).FirstOrDefault(d => d == word)
        ?? indicator.Dimensions.Select(d => d.Name).FirstOrDefault(d => NameOf(pack, indicator, d, "zh-CN").Contains(word, StringComparison.Ordinal)) ?? "";

    /// <summary>A dimension's name: that of its field.</summary>
    public static string NameOf(Pack pack, Indicator indicator, string path, string lang) => FieldOf(pack, indicator, path) is { Name.Length: > 0 } field ? pack.Say(lang, field.Name) : path;

    /// <summary>What a value of a dimension means: as its code list says, else as it is.</summary>
    public static string MemberOf(Pack pack, Indicator indicator, string path, string member, string lang) =>
        FieldOf(pack, indicator, path)?.Codes is { } codes && pack.CodeLists.Where(c => c.Id == codes.Name).SelectMany(c => c.Values).Where(v => v.Code == member).Select(v => v.Means).FirstOrDefault() is { } means ? pack.Say(lang, means) : member;

    private static Field? FieldOf(Pack pack, Indicator indicator, string path)
    {
        var parts = path.Split('.');
        var field = indicator.Needs is [var need, ..] ? pack.Dataset(need.Name)?.Field(parts[0]) : null;
        return parts.Length == 1 ? field : field?.Refers?.Name.Split('.') is [var other, _] ? pack.Dataset(other)?.Field(parts[1]) : null;
    }
}
