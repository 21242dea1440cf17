namespace Guantong.Packs;

/// <summary>From where a field of a form is prefilled (x-from, 免填): a field of the row that is the applicant's.</summary>
/// <param name="Field">The form's field.</param>
/// <param name="Dataset">The dataset, one of the matter's needs.</param>
/// <param name="Of">The dataset's field.</param>
/// <param name="By">The dataset's field that names the person or organisation; it is compared with what <paramref name="Who"/> says.</param>
/// <param name="Who"><see cref="Applicant"/> or <see cref="Organisation"/>.</param>
/// <param name="IsOnly">Whether nothing else counts: nobody types it or says that it is not right, and whom it cannot be filled in for cannot apply.</param>
public sealed record FieldSource(string Field, string Dataset, string Of, string By, string Who = FieldSource.Applicant, bool IsOnly = false)
{
    /// <summary>By what the applicant is known: the identity number (GB 11643) that was proved for their account.</summary>
    public const string Applicant = "applicant.id";

    /// <summary>By what an organisation is known that somebody applies for: its unified social credit code (GB 32100).</summary>
    public const string Organisation = "applicant.code";
}
