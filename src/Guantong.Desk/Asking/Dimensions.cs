using Guantong.Packs;

namespace Guantong.Desk.Asking;

/// <summary>What the dimensions of indicators are called.</summary>
internal static class Dimensions
{
    /// <summary>A dimension's name: that of its field.</summary>
    public static string NameOf(Pack pack, Indicator indicator, string path, string lang)
    {
        var parts = path.Split('.');
        var field = indicator.Needs is [var need, ..] ? pack.Dataset(need.Name)?.Field(parts[0]) : null;
        if (parts.Length == 2)
            field = field?.Refers?.Name.Split('.') is [var other, _] ? pack.Dataset(other)?.Field(parts[1]) : null;
        return field is { Name.Length: > 0 } ? pack.Say(lang, field.Name) : path;
    }
}
