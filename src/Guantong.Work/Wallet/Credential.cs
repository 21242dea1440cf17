namespace Guantong.Work;

/// <summary>A certificate that somebody was granted (证照), as its holder sees it.</summary>
/// <param name="CaseNumber">The number that they know.</param>
/// <param name="Number">The document's number; null where it bears none.</param>
/// <param name="Unit">The unit that granted it, by id.</param>
/// <param name="Issued">When.</param>
/// <param name="ValidUntil">Its last day (yyyy-MM-dd); null where it does not end.</param>
/// <param name="Revoked">Since when it is revoked; null while it is not.</param>
/// <param name="Reason">Why it was.</param>
public sealed record Credential(string Id, string CaseId, string DocumentId, string Holder, string Unit, string Name, string Fields, string Issued, string? ValidUntil, string? Revoked, string? Reason, string CaseNumber, string? Joint, string Pack, string Revision, string Matter, string? Number)
{
    internal const string Columns = """
        k.id AS Id, k.case_id AS CaseId, k.document_id AS DocumentId, k.holder AS Holder, k.unit AS Unit, k.name AS Name, k.fields AS Fields, k.issued AS Issued, k.valid_until AS ValidUntil, k.revoked AS Revoked, k.reason AS Reason,
        c.number AS CaseNumber, c.joint AS Joint, c.pack AS Pack, c.revision AS Revision, c.matter AS Matter, d.number AS Number
        """;

    internal const string From = "FROM work_credential k JOIN work_case c ON c.id = k.case_id JOIN work_document d ON d.id = k.document_id";

    /// <summary>How it stands on a day (yyyy-MM-dd): valid, expired or revoked.</summary>
    public string StateOn(string day) => Revoked is not null ? "revoked" : ValidUntil is { } last && string.CompareOrdinal(day, last) > 0 ? "expired" : "valid";

    /// <summary>The number of the application: of a part of one thing, that of the whole.</summary>
    public string ToldNumber => Joint is null ? CaseNumber : CaseNumber[..CaseNumber.LastIndexOf('-')];
}

/// <summary>A field of a credential.</summary>
/// <param name="Title">What it is called, in Chinese; the pack has it in other languages.</param>
public sealed record CredentialField(string Name, string Title, string Value);

/// <summary>What a holder shows of a credential.</summary>
/// <param name="Fields">Which fields; none shows that it is there and stands, and nothing else.</param>
/// <param name="Purpose">What for, in the holder's words.</param>
/// <param name="Minutes">How long it can be read: one of <see cref="Wallets.Terms"/>.</param>
/// <param name="Once">Whether it is read once.</param>
public sealed record NewPresentation(IReadOnlyList<string>? Fields, string? Purpose, int Minutes = 5, bool Once = true);

/// <summary>A presentation as its holder sees it.</summary>
/// <param name="State">open, read (once, and it was), expired or ended.</param>
/// <param name="Readers">Who read it, as they say themselves, and when.</param>
public sealed record Presentation(string Id, string CredentialId, IReadOnlyList<string> Fields, string Purpose, bool Once, string Made, string Expires, string State, IReadOnlyList<(string At, string Reader)> Readers);

/// <summary>What whoever reads a presentation is told.</summary>
/// <param name="Name">What kind of document.</param>
/// <param name="Unit">Who granted it, by id.</param>
/// <param name="State">valid, expired or revoked, now.</param>
/// <param name="Fields">What the holder chose to show.</param>
/// <param name="Signed">The same as an SD-JWT that can be verified without asking anybody.</param>
public sealed record Shown(string Name, string Unit, string Issued, string? ValidUntil, string State, string Purpose, string Read, string Expires, IReadOnlyList<CredentialField> Fields, string Signed, string Pack, string Revision);
