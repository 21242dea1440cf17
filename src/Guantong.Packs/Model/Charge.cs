namespace Guantong.Packs;

/// <summary>What somebody has to pay in a matter (收费、罚款).</summary>
/// <param name="Id">Its id within the matter.</param>
/// <param name="Name">What people call it.</param>
/// <param name="Kind">One of <see cref="Kinds"/>.</param>
/// <param name="Amount">In yuan: a number, or FEEL over what the case knows.</param>
/// <param name="Basis">The law or price document by which it is asked.</param>
/// <param name="Payee">Into whose account; null for the unit that leads the matter.</param>
/// <param name="Within">How long it can be paid, as limits are written.</param>
/// <param name="Refund">Of <see cref="Ends"/>: when what was paid goes back by itself.</param>
public sealed record Charge(string Id, string Name, string Kind, Ref Amount, string Basis, string? Payee, string Within, IReadOnlyList<string> Refund, Mark Mark)
{
    /// <summary>fee: a price for a service; fine: a penalty, which is never paid to who decides it (行政处罚法 §67).</summary>
    public static readonly IReadOnlyList<string> Kinds = ["fee", "fine"];

    /// <summary>How a case may end so that what was paid in it goes back.</summary>
    public static readonly IReadOnlyList<string> Ends = ["withdrawn", "terminated", "refused"];
}
