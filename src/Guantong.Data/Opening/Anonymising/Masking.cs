using System.Globalization;

namespace Guantong.Data;

/// <summary>Hides all but a part of a text.</summary>
/// <remarks>GB/T 37964-2019, annex A.2 (masking); what is left is as little as still says anything: a masked field counts among the quasi-identifiers.</remarks>
internal static class Masking
{
    // 百家姓 names these of two characters that are in use.
    private static readonly HashSet<string> Compound = ["欧阳", "上官", "司马", "诸葛", "东方", "皇甫", "尉迟", "公孙", "慕容", "令狐", "宇文", "长孙", "司徒", "夏侯", "轩辕", "端木", "呼延", "南宫", "独孤", "申屠", "钟离", "闻人", "澹台", "公冶", "太史", "赫连", "濮阳"];

    private static readonly char[] Divisions = ['区', '县', '旗', '市', '州', '盟', '省'];

    /// <summary>A text masked in a way.</summary>
    /// <param name="way">id-number, name, phone, address, email, <c>first N</c> or <c>last N</c>.</param>
    public static string Of(string way, string text) => way switch
    {
        "id-number" => First(text, 2),
        "name" => First(text, text.Length > 2 && Compound.Contains(text[..2]) ? 2 : 1),
        "phone" => First(text, 3),
        "address" => Division(text),
        "email" => text.LastIndexOf('@') is >= 0 and var at ? "***" + text[at..] : "***",
        _ when way.StartsWith("last ", StringComparison.Ordinal) => text.Length <= Number(way) ? Stars(text.Length) : Stars(text.Length - Number(way)) + text[^Number(way)..],
        _ => First(text, Number(way)),
    };

    private static int Number(string way) => int.Parse(way.AsSpan(way.IndexOf(' ', StringComparison.Ordinal) + 1), CultureInfo.InvariantCulture);

    // A text no longer than what may be left is hidden whole: else it would stand as it is.
    private static string First(string text, int left) => text.Length <= left ? Stars(text.Length) : text[..left] + Stars(text.Length - left);

    private static string Stars(int count) => new('*', Math.Max(0, count));

    // Down to the county; how long the rest is would tell something.
    private static string Division(string text)
    {
        foreach (var division in Divisions)
        {
            if (text.IndexOf(division, 1 > text.Length ? 0 : 1) is > 0 and < 16 and var at)
                return text[..(at + 1)] + "***";
        }
        return "***";
    }
}
