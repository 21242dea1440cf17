namespace Guantong.Work;

/// <summary>Something that has to be paid in a case (缴款单).</summary>
/// <param name="Number">Its number, which a channel and its statement name.</param>
/// <param name="Code">By which it is looked up and paid (缴款码). It tells what is to be paid, never by whom.</param>
/// <param name="Charge">The charge of the case's matter.</param>
/// <param name="Kind">fee or fine.</param>
/// <param name="Payee">Into whose account.</param>
/// <param name="Basis">The law or price document by which it is asked.</param>
/// <param name="Unit">The unit that asks, by id.</param>
/// <param name="Fen">How much, in fen (1/100 yuan, CNY).</param>
/// <param name="State">due, paid, refunding (on its way back), refunded, lapsed or cancelled.</param>
/// <param name="Due">Until when it can be paid.</param>
/// <param name="Channel">By which it is or was paid.</param>
/// <param name="Trade">The channel's own number of what was paid.</param>
/// <param name="Ended">Since when it is refunded, lapsed or cancelled.</param>
/// <param name="Reason">Why it goes or went back.</param>
/// <param name="Receipt">The number of its receipt.</param>
/// <param name="ReceiptCode">The code by which the receipt is checked.</param>
public sealed record Payment(string Id, string Number, string Code, string CaseId, string Charge, string Kind, string Name, string Payee, string Basis, string Unit, long Fen,
    string State, string Made, string Due, string? Channel, string? Trade, string? Paid, string? Ended, string? Reason, string? Receipt, string? ReceiptCode, string? Next, long Attempts, long Version,
    string CaseNumber, string Title, string Region, string Pack, string Revision, string Matter)
{
    internal const string Columns = """
        p.id AS Id, p.number AS Number, p.code AS Code, p.case_id AS CaseId, p.charge AS Charge, p.kind AS Kind, p.name AS Name, p.payee AS Payee, p.basis AS Basis, p.unit AS Unit, p.fen AS Fen,
        p.state AS State, p.made AS Made, p.due AS Due, p.channel AS Channel, p.trade AS Trade, p.paid AS Paid, p.ended AS Ended, p.reason AS Reason, p.receipt AS Receipt, p.receipt_code AS ReceiptCode,
        p.next AS Next, p.attempts AS Attempts, p.version AS Version, c.number AS CaseNumber, c.title AS Title, c.region AS Region, c.pack AS Pack, c.revision AS Revision, c.matter AS Matter
        """;

    internal const string From = "FROM work_payment p JOIN work_case c ON c.id = p.case_id";
}

/// <summary>Where a channel's word and the orders differ.</summary>
/// <param name="Unit">The unit whose order it is; null where there is none.</param>
/// <param name="Kind">unknown (money for no order), amount, late (after the order was over), twice, missing (paid here, not in the statement) or refund (went back there alone).</param>
/// <param name="Ours">Fen of the order.</param>
/// <param name="Theirs">Fen by the channel's word.</param>
/// <param name="How">refund or explained, once a person has said what became of it.</param>
public sealed record PaymentDifference(string Id, string? Unit, string Region, string Channel, string Kind, string Number, string Trade, long? Ours, long? Theirs, string Found, string? How, string? Reason, string? Resolved, string? ResolvedBy)
{
    /// <summary>Whether there is money that can go back.</summary>
    public bool MayRefund => Resolved is null && Kind is "unknown" or "amount" or "late" or "twice";

    internal const string Columns = "d.id AS Id, d.unit AS Unit, d.region AS Region, d.channel AS Channel, d.kind AS Kind, d.number AS Number, d.trade AS Trade, d.ours AS Ours, d.theirs AS Theirs, d.found AS Found, d.how AS How, d.reason AS Reason, d.resolved AS Resolved, d.resolved_by AS ResolvedBy";
}
