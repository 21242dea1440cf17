namespace Guantong.Trust;

/// <summary>What the digits of a region's code say by themselves, for SQL and wherever there is no tree.</summary>
/// <remarks>
/// GB/T 2260-2007 §4: digits 1–2 province, 3–4 city, 5–6 county; 00 where a code stands for the whole. GB/T 10114-2003: three more below the county, which may well end in 00.
/// </remarks>
public static class RegionCode
{
    /// <summary>The digits with which the codes of a region and of all below it begin: 33 of 330000, 3305 of 330500; all of a county's and of a street's.</summary>
    public static string Stem(string code)
    {
        while (code.Length is > 2 and <= 6 && code.EndsWith("00", StringComparison.Ordinal))
            code = code[..^2];
        return code;
    }

    /// <summary>The code right above one; empty above a province.</summary>
    public static string Above(string code) => code.Length > 6 ? code[..6] : Stem(code).Length switch
    {
        <= 2 => "",
        <= 4 => code[..2] + "0000",
        _ => code[..4] + "00",
    };

    /// <summary>The codes that a row of a region counts for: its county, city and province; a code of another shape stands for itself.</summary>
    public static IEnumerable<string> Counted(string code) =>
        code.Length < 6 || !code.All(char.IsAsciiDigit) ? [code] : ((string[])[$"{code[..2]}0000", $"{code[..4]}00", code[..6]]).Distinct();
}
