using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Guantong.Data;

/// <summary>A number as somebody writes it, with its unit: 5亿元, 3.5 万, 1,200, 90%, 2 million yuan.</summary>
/// <param name="Number">As it is written.</param>
/// <param name="Scale">What 十, 百, 千, 万, 亿 or million make of it.</param>
/// <param name="Unit">The unit without that; empty where none is written.</param>
public sealed partial record UnitNumber(decimal Number, decimal Scale, string Unit)
{
    /// <summary>All that is written behind the number.</summary>
    public string Written { get; private init; } = "";

    private const int Longest = 40;

    // Any of them is meant by 个.
    private static readonly string[] Counted = ["个", "家", "件", "户", "人", "人次", "条", "项", "次", "起", "宗", "座", "所", "张", "台", "辆", "份", "名", "天"];

    /// <summary>Reads one; null where it is none.</summary>
    public static UnitNumber? Read(string text)
    {
        if (text.Length > Longest || Shape().Match(Plain(text)) is not { Success: true } m
            || !decimal.TryParse(m.Groups["n"].Value, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowThousands, CultureInfo.InvariantCulture, out var number))
            return null;
        return Split(m.Groups["u"].Value) is var (scale, unit) ? new UnitNumber(number, scale, unit) { Written = m.Groups["u"].Value.Trim() } : null;
    }

    /// <summary>The number in another unit; null where what is written is not of that kind, or too large to be reckoned with. Without a unit it is taken to be in that one already.</summary>
    /// <param name="unit">Such as 万元; null or empty where nothing is declared.</param>
    public decimal? In(string? unit)
    {
        if (Scale == 1 && Unit.Length == 0)
            return Number;
        if (Split(unit ?? "") is not var (scale, kind))
            return null;
        // A tenth (成) and a share in percent are the same kind.
        var (mine, own) = Unit == "成" ? (Scale * 10, "%") : (Scale, Unit);
        try
        {
            return (own.Length == 0 && kind.StartsWith('%')) || !IsOf(own, kind) ? null : Number * mine / scale;
        }
        catch (OverflowException)
        {
            return null;
        }
    }

    // Of 万元/亩 people say 5万元.
    private static bool IsOf(string own, string kind) => own.Length == 0 || own == kind || kind.StartsWith(own + "/", StringComparison.Ordinal) || (own == "%" && kind.StartsWith('%')) || (own == "个" && Counted.Contains(kind));

    // 亿元 → 100 million of 元
    private static (decimal Scale, string Unit)? Split(string text)
    {
        var plain = Plain(text).ToLowerInvariant();
        var (scale, at) = (1m, 0);
        foreach (var (word, times) in ((string, decimal)[])[("thousand", 1e3m), ("million", 1e6m), ("billion", 1e9m)])
        {
            if (plain.StartsWith(word, StringComparison.Ordinal))
                (scale, at) = (times, word.Length);
        }
        // Of 百分点 and 千克 the first character belongs to the unit.
        for (; at < plain.Length && ScaleOf(plain[at]) is { } times && !Whole().IsMatch(plain[at..]); at++)
        {
            if (scale > 1e16m)
                return null;
            scale *= times;
        }
        var unit = plain[at..].Trim();
        return (scale, unit switch { "yuan" or "rmb" or "cny" or "块" or "块钱" or "元人民币" => "元", "people" or "persons" or "人口" => "人", "percent" => "%", "微克/立方米" => "μg/m3", "毫克/立方米" => "mg/m3", _ when unit.StartsWith("ug/", StringComparison.Ordinal) => "μ" + unit[1..], _ => unit });
    }

    // Width makes no difference. Half of a surrogate pair cannot be normalised.
    private static string Plain(string text) => string.Concat(text.Select(c => char.IsSurrogate(c) ? c.ToString() : c.ToString().Normalize(NormalizationForm.FormKC))).Trim();

    private static decimal? ScaleOf(char c) => c switch { '十' => 10, '百' => 100, '千' => 1000, '万' => 1e4m, '亿' => 1e8m, _ => null };

    [GeneratedRegex(@"^(?<n>-?[0-9][0-9,]*(?:\.[0-9]+)?)\s*(?<u>[\p{L}%‰°][\p{L}%‰°/·³²0-9 ]{0,15})?$")]
    private static partial Regex Shape();

    [GeneratedRegex("^(?:百分|千[克米瓦卡帕焦])")]
    private static partial Regex Whole();
}
