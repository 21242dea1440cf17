namespace Guantong.Processes.Migrating;

/// <summary>Which nodes of two versions are counterparts: as told, else by id, else by kind and name; what is around them first.</summary>
internal sealed class Matching
{
    private readonly ProcessDefinition _from;
    private readonly ProcessDefinition _to;
    private readonly IReadOnlyDictionary<string, string?> _told;
    private readonly Dictionary<ProcessNode, ProcessNode> _counterparts = [];

    /// <param name="from">The version that cases run on.</param>
    /// <param name="to">The version that they are to run on.</param>
    /// <param name="told">Ids of the one to ids of the other; null for none.</param>
    public Matching(ProcessDefinition from, ProcessDefinition to, IReadOnlyDictionary<string, string?> told)
    {
        (_from, _to, _told) = (from, to, told);
        Faults = [.. Told()];
        foreach (var depth in from.Nodes.GroupBy(Depth).OrderBy(g => g.Key))
        {
            Match([.. depth.Where(n => n.Kind != NodeKind.BoundaryEvent)]);
            Match([.. depth.Where(n => n.Kind == NodeKind.BoundaryEvent)]);
        }
    }

    /// <summary>What is wrong with what was told.</summary>
    public IReadOnlyList<MigrationFault> Faults { get; private set; }

    /// <summary>The counterpart of a node, or null.</summary>
    public ProcessNode? Of(ProcessNode node) => _counterparts.GetValueOrDefault(node);

    /// <summary>The nodes that a node may become, once what is around it is mapped.</summary>
    public IEnumerable<ProcessNode> Candidates(ProcessNode node) => _to.Nodes.Where(n => Misfit(node, n) is null);

    private IEnumerable<MigrationFault> Told()
    {
        foreach (var (id, target) in _told)
        {
            if (_from.Find(id) is not { } node)
                yield return new MigrationFault(MigrationRefusal.NoSuchNode, id);
            else if (target is not null && _to.Find(target) is null)
                yield return new MigrationFault(MigrationRefusal.NoSuchTarget, node.Label, target);
        }
    }

    private void Match(List<ProcessNode> nodes)
    {
        foreach (var node in nodes.Where(n => _told.GetValueOrDefault(n.Id) is { } target && _to.Find(target) is not null))
        {
            var target = _to.Node(_told[node.Id]!);
            if (Misfit(node, target) is { } why)
                Faults = [.. Faults, new MigrationFault(why, node.Label, target.Label)];
            else
                _counterparts[node] = target;
        }
        var open = nodes.FindAll(n => !_told.ContainsKey(n.Id));
        foreach (var node in open.Where(n => _to.Find(n.Id) is { } same && Misfit(n, same) is null))
            _counterparts[node] = _to.Node(node.Id);
        open.RemoveAll(_counterparts.ContainsKey);
        var taken = _counterparts.Values.ToHashSet();
        foreach (var node in open)
        {
            // What has no name is only told apart by what it sits on.
            var alike = _to.Nodes.Where(n => !taken.Contains(n) && _from.Find(n.Id) is null && IsNamedAlike(node, n) && Misfit(node, n) is null).ToList();
            if (alike.Count == 1 && open.Count(o => IsNamedAlike(o, alike[0]) && Misfit(o, alike[0]) is null) == 1)
                _counterparts[node] = alike[0];
        }
    }

    private static bool IsNamedAlike(ProcessNode node, ProcessNode other) => node.Name == other.Name && (node.Name.Length > 0 || node.Kind == NodeKind.BoundaryEvent);

    private static int Depth(ProcessNode node) => node.Parent is { } around ? Depth(around) + 1 : 0;

    private MigrationRefusal? Misfit(ProcessNode node, ProcessNode other) =>
        Kind(node) != Kind(other) || node.IsWork != other.IsWork || node.Body?.Kind != other.Body?.Kind || node.ForCompensation != other.ForCompensation
            || (IsCaught(node) && !node.Events.Select(e => e.Kind).SequenceEqual(other.Events.Select(e => e.Kind))) ? MigrationRefusal.KindDiffers
        : node.Loop?.IsMulti != other.Loop?.IsMulti || node.Loop?.IsSequential != other.Loop?.IsSequential ? MigrationRefusal.LoopDiffers
        : node.Kind == NodeKind.CallActivity && node.Calls != other.Calls ? MigrationRefusal.CallDiffers
        : !Corresponds(node.Parent, other.Parent) || !Corresponds(node.Host, other.Host) ? MigrationRefusal.LevelDiffers
        : null;

    private bool Corresponds(ProcessNode? around, ProcessNode? other) => around is null ? other is null : other is not null && Of(around) == other;

    // What people do is one kind, on paper or not.
    private static NodeKind Kind(ProcessNode node) => node.Kind == NodeKind.ManualTask ? NodeKind.UserTask : node.Kind;

    private static bool IsCaught(ProcessNode node) => node.Kind is NodeKind.CatchEvent or NodeKind.BoundaryEvent or NodeKind.StartEvent;
}
