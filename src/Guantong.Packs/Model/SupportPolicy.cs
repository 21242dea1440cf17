using System.Globalization;
using Guantong.Decisions;
using Guantong.Packs.Reading;

namespace Guantong.Packs;

/// <summary>A policy for organisations (惠企政策, <c>policies/*.yaml</c>): what it gives, by which rule it fits, and how one has it. No natural person is ever matched.</summary>
/// <param name="Unit">The unit that answers for it.</param>
/// <param name="Basis">The document and clause by which it is given.</param>
/// <param name="From">Its first day, as yyyy-MM-dd.</param>
/// <param name="Until">Its last day; null without end.</param>
/// <param name="Facts">What the decision reads.</param>
/// <param name="Decision">FILE.dmn#ID; what it gives is one of <see cref="Outcomes"/>.</param>
/// <param name="Matter">The matter by which one applies, PACK/MATTER where it is of another pack; null where nothing is applied for.</param>
/// <param name="IsAutomatic">Whether nothing is filled in (免申即享): the organisation confirms and a case is opened.</param>
/// <remarks>Plan, annex 2 §2(2)5 and annex 3 project 5: policies find the enterprises they fit.</remarks>
public sealed record SupportPolicy(string Id, string Name, string About, IReadOnlyList<string> Also, Ref Unit, string Basis, string Gives, Ref From, Ref? Until,
    IReadOnlyList<PolicyFact> Facts, Ref Decision, Ref? Matter, bool IsAutomatic, Node Origin, Mark Mark)
{
    /// <summary>It fits.</summary>
    public const string Fits = "符合";

    /// <summary>It nearly fits: the rules say what lacks.</summary>
    public const string Nearly = "接近";

    /// <summary>What a decision may give.</summary>
    public static readonly IReadOnlyList<string> Outcomes = [Fits, Nearly, "不符合"];

    /// <summary>The DMN file.</summary>
    public string File => Decision.Name.Split('#')[0];

    /// <summary>The decision's id in it.</summary>
    public string DecisionId => Decision.Name.Split('#')[^1];

    /// <summary>Its first day; null where that is no day.</summary>
    public DateOnly? FirstDay => Day(From);

    /// <summary>Its last day; null without end.</summary>
    public DateOnly? LastDay => Until is { } until ? Day(until) : null;

    /// <summary>coming, in-force or over.</summary>
    public string StateOn(DateOnly day) => day < FirstDay ? "coming" : LastDay < day ? "over" : "in-force";

    /// <summary>The matter as authority names it, of the pack that declares the policy; null where there is none.</summary>
    public string? MatterOf(Pack pack) => Matter is null ? null : Matter.Name.Contains('/', StringComparison.Ordinal) ? Matter.Name : $"{pack.Id}/{Matter.Name}";

    internal static DateOnly? Day(Ref said) => DateOnly.TryParseExact(said.Name, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null;
}

/// <summary>Facts about an organisation that a policy's decision reads.</summary>
/// <param name="Key">The field with the unified social credit code.</param>
/// <param name="Newest">Of several rows that with the greatest value of this field counts; null where there is one at most.</param>
/// <param name="Only">field → the value that a row must have to count.</param>
/// <param name="Fields">input of the decision → field.</param>
public sealed record PolicyFact(Ref Data, Ref Key, Ref? Newest, IReadOnlyList<(Ref Field, Ref Value)> Only, IReadOnlyList<(Ref Input, Ref Field)> Fields);
