using System.Globalization;
using Guantong.Packs.Reading;

namespace Guantong.Data;

/// <summary>信息资源代码: class, subject and region before the stroke, a running number behind it. It is given once and stays when the entry changes.</summary>
/// <remarks>政务信息资源目录编制指南（试行）§4.2: 类 (one digit), 项 (two), 目 (three) and 细目 before “/”, the sequence behind. The region's code stands for 目 and 细目: six digits, so that what belongs to a town is numbered in its county.</remarks>
internal static class EntryCode
{
    /// <summary>The code of an entry as the so-manieth.</summary>
    public static string Of(CatalogueEntry entry, long number)
    {
        var kind = entry.Class switch { "base" => 1, "theme" => 2, _ => 3 };
        var subject = Grammar.Categories.Values.ToList().IndexOf(entry.Category) + 1;
        return string.Create(CultureInfo.InvariantCulture, $"{kind}{subject:00}{(entry.Region.Length >= 6 ? entry.Region[..6] : "000000")}/{number:000000}");
    }
}
