namespace Guantong.Trust;

/// <summary>A legal person or other organisation: an enterprise, a social organisation, a public institution.</summary>
/// <param name="Code">Its unified social credit code (GB 32100).</param>
/// <param name="Kind">enterprise, social or institution.</param>
/// <param name="Representative">Login of its legal representative (法定代表人), who alone gives authority for it.</param>
public sealed record Organisation(string Code, string Name, string NameEn, string Kind, string Region, string Representative, string Added);

/// <summary>The unified social credit code: eighteen figures and letters, the last of which checks the others.</summary>
public static class CreditCode
{
    // GB 32100-2015 §4: figures and letters without I, O, S, V, Z.
    private const string Letters = "0123456789ABCDEFGHJKLMNPQRTUWXY";

    /// <summary>Whether a code is of the form and its check character right.</summary>
    public static bool IsValid(string code) =>
        code.Length == 18 && code.All(c => Letters.Contains(c, StringComparison.Ordinal)) && code[2..8].All(char.IsAsciiDigit) && Check(code[..17]) == code[17];

    /// <summary>The check character of the first seventeen.</summary>
    /// <remarks>GB 32100-2015 annex A: 31 − (Σ value × 3^(i−1) mod 31) mod 31.</remarks>
    public static char Check(string first)
    {
        var (sum, weight) = (0, 1);
        foreach (var c in first)
            (sum, weight) = (sum + Letters.IndexOf(c, StringComparison.Ordinal) * weight, weight * 3 % 31);
        return Letters[(31 - sum % 31) % 31];
    }
}
