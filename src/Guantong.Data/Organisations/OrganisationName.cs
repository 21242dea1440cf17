using System.Collections.Immutable;
using System.Text;
using System.Text.RegularExpressions;

namespace Guantong.Data;

/// <summary>An organisation's name taken apart: 浙江省杭州市云达科技有限公司 has the core 云达科技 and the places 浙江 and 杭州.</summary>
/// <param name="Core">What is left without the places and the kind of body: narrow, upper case, letters and digits alone.</param>
/// <param name="Places">The places that it begins with or has in brackets, without 省 and 市.</param>
public sealed partial record OrganisationName(string Core, ImmutableArray<string> Places)
{
    // The kinds of body that enterprises register as (企业名称登记管理规定 §6, 公司法 §7, 合伙企业法 §15), longest first: they tell little of which one it is.
    private static readonly ImmutableArray<string> Kinds =
        ["股份有限责任公司", "有限责任公司", "股份有限公司", "集团有限公司", "有限合伙企业", "个人独资企业", "普通合伙企业", "有限公司", "股份公司", "责任公司", "有限合伙", "普通合伙", "总公司", "公司", "集团"];

    /// <summary>Takes a name apart.</summary>
    public static OrganisationName Of(string? name, PlaceNames places)
    {
        var found = new List<string>();
        var text = Bracketed().Replace((name ?? "").Normalize(NormalizationForm.FormKC), bracketed =>
        {
            if (!places.Has(bracketed.Groups[1].Value))
                return bracketed.Value;
            found.Add(bracketed.Groups[1].Value);
            return "";
        });
        var core = WithoutKind(Plain(text));
        while (places.Before(core) is { } place && core.Length >= place.Length + 2)
        {
            found.Add(place);
            core = core[place.Length..];
        }
        return new OrganisationName(core, [.. found.Select(PlaceNames.Short).Distinct()]);
    }

    /// <summary>An address without the places before it: 文三路1号.</summary>
    public static string Address(string? address, PlaceNames places)
    {
        var text = Plain(address);
        while (places.Before(text) is { } place && text.Length > place.Length)
            text = text[place.Length..];
        return text;
    }

    /// <summary>The last eight digits of a telephone, which stay however its area is written; empty where there are fewer than seven.</summary>
    public static string Phone(string? phone)
    {
        var digits = new string([.. Plain(phone).Where(char.IsAsciiDigit)]);
        return digits.Length < 7 ? "" : digits[^Math.Min(8, digits.Length)..];
    }

    // A branch (分公司) is another body than its parent, and keeps the word.
    private static string WithoutKind(string name)
    {
        while (!name.EndsWith("分公司", StringComparison.Ordinal) && Kinds.FirstOrDefault(k => name.EndsWith(k, StringComparison.Ordinal) && name.Length > k.Length) is { } kind)
            name = name[..^kind.Length];
        return name;
    }

    private static string Plain(string? text)
    {
        var plain = new StringBuilder();
        foreach (var rune in (text ?? "").Normalize(NormalizationForm.FormKC).ToUpperInvariant().EnumerateRunes())
        {
            if (Rune.IsLetterOrDigit(rune))
                plain.Append(rune);
        }
        return plain.ToString();
    }

    [GeneratedRegex(@"\(([^()]{2,20})\)")]
    private static partial Regex Bracketed();
}

/// <summary>The names that places go by before and within names of organisations: 杭州市, 杭州.</summary>
public sealed class PlaceNames
{
    private readonly HashSet<string> _names;
    private readonly int _longest;

    /// <summary>Knows a jurisdiction's places.</summary>
    /// <param name="regions">Names and levels; those below the city go by their whole name alone, for 西湖 and 江北 are also names of organisations.</param>
    public PlaceNames(IEnumerable<(string Name, string Level)> regions)
    {
        _names = [.. regions.SelectMany(r => (string[])(r.Level is "province" or "city" ? [r.Name, Short(r.Name)] : [r.Name]))];
        _longest = _names.Count == 0 ? 0 : _names.Max(n => n.Length);
    }

    /// <summary>Whether a text is a place.</summary>
    public bool Has(string text) => _names.Contains(text);

    /// <summary>The longest place that a text begins with, or null.</summary>
    public string? Before(string text)
    {
        for (var length = Math.Min(_longest, text.Length); length >= 2; length--)
        {
            if (_names.TryGetValue(text[..length], out var place))
                return place;
        }
        return null;
    }

    internal static string Short(string place) => place.Length > 2 && place[^1] is '省' or '市' ? place[..^1] : place;
}
