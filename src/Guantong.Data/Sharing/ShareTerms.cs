using System.Collections.Frozen;

namespace Guantong.Data;

/// <summary>What a unit asks to be given of a dataset or an interface, and what it is granted: whose purpose, which fields and rows, in which forms, how often and how long.</summary>
/// <param name="Purpose">One of <see cref="Purposes"/>.</param>
/// <param name="For">What for, in words.</param>
/// <param name="Matter">The matter (PACK/MATTER) in which it is used; every call names it then. Null where it is used in none.</param>
/// <param name="Fields">The fields asked for.</param>
/// <param name="Rows">Field → value that a row must have; empty for all rows.</param>
/// <param name="Region">Only rows of this region and below (GB/T 2260); null for wherever the dataset goes.</param>
/// <param name="Forms">Some of <see cref="AllForms"/>.</param>
/// <param name="Within">How fresh it has to be: minute, hour, day or any.</param>
/// <param name="PerMinute">Calls a minute.</param>
/// <param name="PerDay">Calls a day.</param>
/// <param name="Days">For how long, from the day on which it is granted.</param>
/// <param name="Clear">Personal fields that are needed unmasked.</param>
/// <param name="CacheSeconds">For how long an answer may be given again from memory; 0 for never.</param>
/// <remarks>Plan, annex 6 §5(4)2 (共享域); rights.md 5.</remarks>
public sealed record ShareTerms(string Purpose, string For, string? Matter, IReadOnlyList<string> Fields, IReadOnlyDictionary<string, string> Rows, string? Region,
    IReadOnlyList<string> Forms, string Within, int PerMinute, long PerDay, int Days, IReadOnlyList<string> Clear, int CacheSeconds = 0)
{
    /// <summary>What data may be asked for.</summary>
    public static readonly IReadOnlyList<string> Purposes = ["handling", "verification", "supervision", "statistics", "emergency"];

    /// <summary>The forms of service: query, verify (yes or no without the data), file, subscription, sandbox, service (calls passed on to the provider's own interface).</summary>
    public static readonly IReadOnlyList<string> AllForms = ["query", "verify", "file", "subscription", "sandbox", "service"];

    /// <summary>How fresh it may be wanted.</summary>
    public static readonly IReadOnlyList<string> Freshness = ["minute", "hour", "day", "any"];

    /// <summary>The longest text in characters.</summary>
    public const int Longest = 500;

    /// <summary>Field → code of what is wrong with it, by itself; empty where nothing is.</summary>
    public IReadOnlyDictionary<string, string> Faults()
    {
        var faults = new Dictionary<string, string>();
        if (!Purposes.Contains(Purpose))
            faults["purpose"] = "share-purpose";
        if (string.IsNullOrWhiteSpace(For) || For.Length > Longest || For.Trim().Length < 4)
            faults["for"] = "share-for";
        if (Fields.Count is 0 or > 500 || Fields.Distinct().Count() != Fields.Count)
            faults["fields"] = "share-fields";
        if (Forms.Count == 0 || Forms.Except(AllForms).Any() || Forms.Distinct().Count() != Forms.Count)
            faults["forms"] = "share-forms";
        if (!Freshness.Contains(Within))
            faults["within"] = "share-within";
        if (PerMinute is < 1 or > 600_000)
            faults["perMinute"] = "share-per-minute";
        if (PerDay is < 1 or > 100_000_000)
            faults["perDay"] = "share-per-day";
        if (Days is < 1 or > 1096)
            faults["days"] = "share-days";
        if (Clear.Except(Fields).Any())
            faults["clear"] = "share-clear";
        if (CacheSeconds is < 0 or > 3600)
            faults["cacheSeconds"] = "share-cache";
        return faults;
    }
}

/// <summary>What is asked about: a dataset of a pack in force, or an interface of a unit.</summary>
/// <param name="Id">PACK/DATASET, or interface:ID.</param>
/// <param name="Share">unconditional, conditional or none.</param>
/// <param name="Grade">1 to 4.</param>
/// <param name="Source">The unit that answers for it: an id, or its name where the jurisdiction has no such unit.</param>
/// <param name="Personal">Field → kind of personal data; fields that are none have no entry.</param>
/// <param name="Fields">The fields that it has.</param>
/// <param name="Identifying">Fields of which each by itself, or all key fields together, name one row.</param>
/// <param name="Key">The key fields.</param>
/// <param name="Updated">How often it comes anew, ISO 8601; null where nobody said.</param>
/// <param name="Basis">By which law it is not shared.</param>
public sealed record Shared(string Id, string Name, string Share, int Grade, string Source, FrozenDictionary<string, string> Personal, IReadOnlyList<string> Fields,
    IReadOnlyList<string> Identifying, IReadOnlyList<string> Key, string? Region, string? Updated, string? Basis)
{
    /// <summary>Whether it is an interface, whose calls are passed on.</summary>
    public bool IsInterface => Id.StartsWith(InterfacePrefix, StringComparison.Ordinal);

    /// <summary>What an interface's id begins with.</summary>
    public const string InterfacePrefix = "interface:";

    /// <summary>Whether rows are about natural persons so that nobody pages through them: graded 3 and above with a personal field.</summary>
    public bool IsAboutPersons => Grade >= 3 && Personal.Count > 0;
}
