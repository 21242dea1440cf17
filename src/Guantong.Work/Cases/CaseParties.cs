using System.Data.Common;
using Guantong.Trust;

namespace Guantong.Work;

/// <summary>Whose matter a case is, and who applied for it: subjects, as the ledger knows them.</summary>
/// <param name="Subject">The applicant.</param>
/// <param name="Agent">Who applied for them, or null.</param>
/// <param name="Authority">Id of the authority under which they did; null for a legal representative.</param>
public sealed record Applicant(string Subject, string? Agent, string? Authority);

/// <summary>The same as an official sees it, by names.</summary>
/// <param name="Applicant">A natural person's name is masked as what is personal in the case is.</param>
/// <param name="Organisation">The applicant's unified social credit code, where it is an organisation.</param>
/// <param name="Agent">The name of who applied for them, or null.</param>
/// <param name="Authority">Id of the authority under which they did; null for a legal representative.</param>
public sealed record CaseParties(string Applicant, string? Organisation, string? Agent, string? Authority)
{
    internal static async Task<CaseParties?> OfAsync(DbConnection connection, Case row, bool isOpen)
    {
        if (row.Applicant is not { } applicant)
            return null;
        var names = await Subjects.NamesAsync(connection, [applicant, .. row.Agent is { } agent ? [agent] : Array.Empty<string>()]);
        string Name(string subject, bool isShown) => !isShown ? CaseSeals.Masked : names.GetValueOrDefault(subject) ?? "—";
        var code = Subjects.CodeOf(applicant);
        return new CaseParties(Name(applicant, isOpen || code is not null), code, row.Agent is { } by ? Name(by, isOpen) : null, row.Authority);
    }
}
