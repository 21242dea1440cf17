namespace Guantong.Work;

/// <summary>A document of a case as it is served on somebody (送达), and the receipt of it (送达回证).</summary>
/// <param name="Way">direct: handed over; left: left behind where it was refused; electronic: here, with consent; post: by registered post; notice: by public notice.</param>
/// <param name="Name">On whom.</param>
/// <param name="State">sent: on its way; served; failed: it did not reach them.</param>
/// <param name="Began">When it was handed over or sent.</param>
/// <param name="Served">The day of service (yyyy-MM-dd), from which deadlines count; of an electronic one the day on which it came to be here, of a public notice the thirtieth day after it.</param>
/// <param name="Receiver">Who took it, and as what.</param>
/// <param name="Note">Who saw it left behind and why it was refused, the number of the letter, where the notice was put up, why it failed.</param>
/// <param name="Confirmed">When its party confirmed that they have it.</param>
/// <param name="Unit">The unit that served it.</param>
public sealed record ServedDocument(string Id, string DocumentId, string CaseId, string CaseNumber, string Document, string? Number, string Way, string Name, string State, string Began, string? Served, string? Receiver, string? Note, string? Confirmed, string Unit)
{
    /// <summary>Until when a review can be applied for, and a lawsuit filed; null while it is not served.</summary>
    public string? ReviewUntil { get; init; }

    /// <inheritdoc cref="ReviewUntil"/>
    public string? LawsuitUntil { get; init; }

    /// <summary>Which organ reviews, where the matter says.</summary>
    public string? ReviewBy { get; init; }
}

/// <summary>What serving asks for.</summary>
/// <param name="Way">As in <see cref="ServedDocument.Way"/>.</param>
/// <param name="Organisation">The unified social credit code of the organisation on which it is served; null for the case's applicant, or a name.</param>
/// <param name="Name">Whoever is known by name alone; of an organisation that is not known here, its name.</param>
/// <param name="Served">direct, left: the day (yyyy-MM-dd); today when left out.</param>
/// <param name="Receiver">direct: who took it.</param>
/// <param name="Note">left, notice, post: as in <see cref="ServedDocument.Note"/>.</param>
public sealed record NewServing(string Way, string? Organisation = null, string? Name = null, string? Served = null, string? Receiver = null, string? Note = null);
