using System.Collections.Frozen;

namespace Guantong.Trust;

/// <summary>Which passwords are taken: long enough, not among those that leaked, not the login itself. No rules of composition.</summary>
/// <remarks>NIST SP 800-63B §5.1.1.2; OWASP ASVS 4.0.3, 2.1.1–2.1.9. The list: npm <c>@zxcvbn-ts/language-common</c>.</remarks>
public static class Passwords
{
    /// <summary>The fewest characters.</summary>
    public const int Shortest = 10;

    /// <summary>The most characters.</summary>
    public const int Longest = 200;

    private static readonly Lazy<FrozenSet<string>> Breached = new(Read);

    /// <summary>What is wrong with a password, as the tail of <c>problem.password-…</c>; null when it is taken.</summary>
    public static string? Fault(string password, string login)
    {
        var plain = password.ToLowerInvariant();
        return password.EnumerateRunes().Count() < Shortest ? "short"
            : password.Length > Longest ? "long"
            : plain.Distinct().Count() < 5 || (login.Length > 3 && plain.Contains(login.ToLowerInvariant(), StringComparison.Ordinal)) ? "simple"
            : Breached.Value.Contains(plain) || Breached.Value.Contains(Core(plain)) ? "breached"
            : null;
    }

    // A leaked word with figures and signs about it (password2026!) is among the first things tried.
    private static string Core(string plain) => plain.Trim([.. "0123456789!@#$%^&*()-_=+.,?~ "]);

    private static FrozenSet<string> Read()
    {
        using var reader = new StreamReader(typeof(Passwords).Assembly.GetManifestResourceStream("breached.txt")!);
        return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).ToFrozenSet(StringComparer.Ordinal);
    }
}
