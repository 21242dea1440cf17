namespace Guantong.Processes;

/// <summary>What becomes of a node of the version that cases run on.</summary>
/// <param name="From">The node.</param>
/// <param name="To">Its counterpart; null when it is gone.</param>
public sealed record NodeFate(ProcessNode From, ProcessNode? To)
{
    /// <summary>same, moved or gone.</summary>
    public string Fate => To is null ? "gone" : To.Id == From.Id ? "same" : "moved";

    /// <summary>True where a case may stand, so that the mapping matters to it.</summary>
    public bool CanStand => From.IsWork || From.Loop is not null || Soundness.LevelNet.IsJoin(From)
        || From.Kind is NodeKind.ReceiveTask or NodeKind.SubProcess or NodeKind.EventGateway
        || (From.Kind == NodeKind.CatchEvent && From.Events.Any(e => e.Kind != EventKind.Link));

    /// <summary>What is different for a case that stands there: name, unit, form, due, service, decision; timer, message, signal, condition (that is waited for anew).</summary>
    public IReadOnlyList<string> Changes => To is null ? [] : [.. Different(From, To)];

    private static IEnumerable<string> Different(ProcessNode a, ProcessNode b)
    {
        if (a.Name != b.Name)
            yield return "name";
        if (a.Kind is NodeKind.UserTask or NodeKind.ManualTask && a.Lane != b.Lane)
            yield return "unit";
        foreach (var attribute in (string[])["form", "due", "service", "decision"])
        {
            if (a.Attributes.GetValueOrDefault(attribute) != b.Attributes.GetValueOrDefault(attribute))
                yield return attribute;
        }
        foreach (var what in Caught(a).Zip(Caught(b)).Where(p => !Migrating.Waiting.IsSame(p.First, p.Second)).Select(p => p.First.Kind).Distinct())
            yield return what == EventKind.Conditional ? "condition" : $"{what}".ToLowerInvariant();
    }

    private static IEnumerable<EventSpec> Caught(ProcessNode node) => node.Kind == NodeKind.ThrowEvent ? [] : node.Events;
}
