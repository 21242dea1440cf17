using Guantong.Processes;
using Guantong.Trust;

namespace Guantong.Data;

/// <summary>What the system finds of a request before anybody reads it.</summary>
/// <param name="Code">Its sentence stands under <c>share.check.CODE</c>.</param>
/// <param name="Passes">Whether it holds; null where an approver should look at it.</param>
/// <param name="Args">What fills the sentence.</param>
public sealed record ShareCheck(string Code, bool? Passes, IReadOnlyList<string> Args);

/// <summary>A step of an approval that is to be done.</summary>
/// <param name="Kind">source: the unit that answers for the data; bureau: the data bureau; security: a security officer.</param>
/// <param name="Unit">The unit of the step; null where any person of the role decides.</param>
/// <param name="Days">Working days.</param>
public sealed record ShareStepWanted(string Kind, string? Unit, int Days);

/// <summary>Which checks a request goes through by itself, and who decides on it after them: by the data's share class and grade.</summary>
/// <remarks>
/// What is shared without condition and no more than internal is granted at once where every check holds (plan, annex 6 §5(4)2: 审批时间压缩). The days are this platform's own default; a
/// jurisdiction's rules may allow more, never less care.
/// </remarks>
public static class Approvals
{
    /// <summary>The longest term of a grant over data of grade 3 and above, in days.</summary>
    public const int LongestGraded = 183;

    /// <summary>The checks, in the order in which they are shown.</summary>
    /// <param name="needed">The fields that the matter declares as its need of this dataset; null where it names no matter, or none that declares it.</param>
    /// <param name="unit">The unit that asks.</param>
    /// <param name="land">Whose regions and units count.</param>
    public static IReadOnlyList<ShareCheck> Check(ShareTerms terms, Shared shared, IReadOnlyList<string>? needed, Unit unit, Jurisdiction land)
    {
        var personal = terms.Fields.Where(shared.Personal.ContainsKey).ToList();
        var unknown = terms.Fields.Concat(terms.Rows.Keys).Concat(terms.Clear).Where(f => !shared.Fields.Contains(f)).Distinct().ToList();
        var checks = new List<ShareCheck>
        {
            new("shared", shared.Share != "none", shared.Share == "none" ? [shared.Basis ?? "–"] : []),
            new("fields", unknown.Count == 0, [string.Join("、", unknown)]),
        };
        if (personal.Count > 0)
        {
            checks.Add(new("matter", terms.Matter is not null || terms.Purpose == "statistics", []));
            checks.Add(new("least", needed is null ? null : !terms.Fields.Except(needed).Any(), [string.Join("、", needed is null ? personal : terms.Fields.Except(needed))]));
        }
        if (terms.Clear.Any(shared.Personal.ContainsKey))
            checks.Add(new("clear", null, [string.Join("、", terms.Clear.Where(shared.Personal.ContainsKey))]));
        if (Fitting(terms, shared) is { } form)
            checks.Add(new("form", false, [form]));
        if (shared.Grade >= 3)
            checks.Add(new("term", terms.Days <= LongestGraded, [LongestGraded.ToString(System.Globalization.CultureInfo.InvariantCulture)]));
        if (shared.Region is not null)
            checks.Add(new("region", terms.Region is { } region ? land.Regions.Within(region, unit.Region) ? true : null : unit.Region == land.Root ? true : null, [terms.Region ?? land.Root, unit.Name]));
        if (terms.Within != "any")
            checks.Add(new("fresh", IsFresh(terms.Within, shared.Updated), [shared.Updated ?? "–"]));
        return checks;
    }

    /// <summary>Who decides, in order; nobody where it is granted at once. Nothing where it cannot be granted at all.</summary>
    public static IReadOnlyList<ShareStepWanted> Steps(ShareTerms terms, Shared shared, IReadOnlyList<ShareCheck> checks)
    {
        var isClear = terms.Clear.Any(shared.Personal.ContainsKey);
        if (shared is { Share: "unconditional", Grade: <= 2 } && !isClear && checks.All(c => c.Passes == true))
            return [];
        var steps = new List<ShareStepWanted> { new("source", shared.Source, shared.Share == "unconditional" ? 2 : 5) };
        if (shared.Grade >= 3 || checks.Any(c => c.Passes is null && c.Code is "region" or "least"))
            steps.Add(new("bureau", null, 3));
        if (shared.Grade >= 4 || (isClear && shared.Grade >= 3))
            steps.Add(new("security", null, 3));
        return steps;
    }

    // Rows about persons leave one by one; of what is most sensitive, not even those: only whether what is known already is right.
    private static string? Fitting(ShareTerms terms, Shared shared)
    {
        if (shared.IsInterface)
            return terms.Forms.FirstOrDefault(f => f != "service");
        if (terms.Forms.Contains("service"))
            return "service";
        if (!shared.IsAboutPersons)
            return null;
        return terms.Forms.FirstOrDefault(f => shared.Grade >= 4 ? f is not ("verify" or "sandbox") : f == "file" && terms.Purpose != "statistics");
    }

    private static bool IsFresh(string within, string? updated)
    {
        if (updated is null)
            return false;
        try
        {
            return System.Xml.XmlConvert.ToTimeSpan(updated) <= within switch { "minute" => TimeSpan.FromMinutes(1), "hour" => TimeSpan.FromHours(1), _ => TimeSpan.FromDays(1) };
        }
        catch (FormatException)
        {
            return false;
        }
    }

    /// <summary>The end of a working day so many working days from now.</summary>
    public static DateTimeOffset Due(DateTimeOffset from, int days, Jurisdiction land) => land.Calendars.Of(land.Root).Due(from, new TimeLimit(0, days, TimeSpan.Zero, true));
}
