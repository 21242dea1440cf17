namespace Guantong.Work;

/// <summary>Why somebody does what is out of the ordinary: mends, moves or migrates cases. The ledger keeps it.</summary>
public static class Reason
{
    /// <summary>The most characters that it has.</summary>
    public const int Longest = 500;

    /// <summary>A reason as it is kept, without what stands around it.</summary>
    /// <exception cref="ConflictException">reason-missing: there is none, or it is too long.</exception>
    internal static string Of(string? given) => string.IsNullOrWhiteSpace(given) || given.Length > Longest ? throw new ConflictException("reason-missing") : given.Trim();
}
