using System.Security.Cryptography;
using System.Text;
using Guantong.Packs;

namespace Guantong.Data;

/// <summary>The agreement under which somebody uses what is open on condition (数据使用协议): the text that an applicant reads, its version, and its hash, by which it is known later.</summary>
/// <param name="Hash">SHA-256 of the text, UTF-8, in lower-case hexadecimal.</param>
/// <param name="Text">Chinese, which binds, and English after it; a paragraph a line.</param>
/// <remarks>Plan, annex 6 §5(4)6. 公共数据开放 rules of Zhejiang (2020) art. 18: whoever is given data on condition signs an agreement about purpose, term, safeguards and what they answer for.</remarks>
public sealed record OpeningAgreement(string Version, string Hash, string Text)
{
    private const string Current = "2026-1";

    /// <summary>The agreement about a dataset as it stands now: another condition or another unit makes it another text.</summary>
    public static OpeningAgreement Of(Pack pack, Dataset dataset)
    {
        var text = $"{Worded(pack, dataset, "zh-CN")}\n\n{Worded(pack, dataset, "en")}";
        return new OpeningAgreement(Current, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text))), text);
    }

    /// <summary>What of it a reader of a language reads.</summary>
    public IReadOnlyList<string> Paragraphs(string lang) => Text.Split("\n\n")[!lang.StartsWith("zh", StringComparison.OrdinalIgnoreCase) ? 1 : 0].Split('\n');

    private static string Worded(Pack pack, Dataset dataset, string lang) => CatalogueTexts.Say(lang, "opening.agreement", pack.Say(lang, dataset.Name), pack.Say(lang, dataset.Source.Name),
        dataset.Listing.OpenCondition is { } condition ? pack.Say(lang, condition) : "–", Current);
}
