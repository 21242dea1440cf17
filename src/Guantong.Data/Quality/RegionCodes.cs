namespace Guantong.Data;

/// <summary>Codes of regions as texts (GB/T 2260-2007 §4): digits 1–2 province, 3–4 city, 5–6 county.</summary>
internal static class RegionCodes
{
    /// <summary>The codes that a row of a region counts for: its county, city and province; a code of another shape stands for itself.</summary>
    public static IEnumerable<string> Upwards(string code)
    {
        if (code.Length < 6 || !code.All(char.IsAsciiDigit))
            return [code];
        return ((string[])[$"{code[..2]}0000", $"{code[..4]}00", code[..6]]).Distinct();
    }
}
