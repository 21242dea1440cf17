using Guantong.Feel;

namespace Guantong.Packs.Checking;

/// <summary>What has to be paid: each charge once, its amount worked out by FEEL, and processes that collect only what is declared.</summary>
internal static class ChargeProof
{
    /// <summary>The service that asks for a payment.</summary>
    public const string Service = "collect-payment";

    public static IEnumerable<Finding> Of(Pack pack) =>
    [
        .. pack.Matters.SelectMany(m => NamesProof.Twice("charge", m.Charges.Select(c => (c.Id, c.Mark)))),
        .. from matter in pack.Matters
           from charge in matter.Charges
           where FeelExpression.Parse(charge.Amount.Name, []).Expression is null
           select Finding.Error("charge-amount", charge.Amount.Mark, charge.Amount.Name),
        .. pack.Matters.SelectMany(m => Collected(pack, m)),
    ];

    private static IEnumerable<Finding> Collected(Pack pack, Matter matter) =>
        from part in pack.PartsOf(matter)
        from node in part.Definition.Nodes
        where node.Attributes.GetValueOrDefault("service") == Service && node.Attributes.TryGetValue("charge", out var named) && matter.Charges.All(c => c.Id != named)
        select NamesProof.Unknown("charge", pack.MarkOf(part.File, node), node.Attributes["charge"], matter.Charges.Select(c => c.Id));
}
