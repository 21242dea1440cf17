using Guantong.Processes.Migrating;
using Guantong.Processes.Running;

namespace Guantong.Processes;

/// <summary>How one case fares: the step that takes it to the other version, or why there is none.</summary>
/// <param name="Step">The state on the new version, and what followed at once; null when it cannot migrate.</param>
/// <param name="Fault">Why not.</param>
public sealed record MigrationOutcome(Step? Step, MigrationFault? Fault);

/// <summary>Takes running cases from one version of a process to another, by a mapping of nodes that is checked first. Not for several threads at once.</summary>
public sealed class Migration
{
    private readonly Matching _matching;
    private readonly Branches _branches;
    private readonly StandingProof _proof;

    private Migration(ProcessDefinition from, ProcessDefinition to, IReadOnlyDictionary<string, string?> mapping)
    {
        (From, To) = (from, to);
        _matching = new Matching(from, to, mapping);
        (_branches, _proof) = (new Branches(_matching, to), new StandingProof(to));
        Nodes = [.. from.Nodes.Select(n => new NodeFate(n, _matching.Of(n)))];
        var met = Nodes.Select(n => n.To).ToHashSet();
        Added = [.. to.Nodes.Where(n => !met.Contains(n))];
    }

    /// <summary>The version that cases run on.</summary>
    public ProcessDefinition From { get; }

    /// <summary>The version that they are to run on.</summary>
    public ProcessDefinition To { get; }

    /// <summary>What becomes of each node, in the file's order.</summary>
    public IReadOnlyList<NodeFate> Nodes { get; }

    /// <summary>The nodes of the new version that are nobody's counterpart.</summary>
    public IReadOnlyList<ProcessNode> Added { get; }

    /// <summary>What is wrong with the mapping that was given; with any, no case migrates.</summary>
    public IReadOnlyList<MigrationFault> Faults => _matching.Faults;

    /// <summary>Proposes what each node becomes: as the mapping says, else the node of the same id, else the only one of the same kind and name.</summary>
    /// <param name="from">The version that cases run on.</param>
    /// <param name="to">The version that they are to run on.</param>
    /// <param name="mapping">Ids of nodes of the one to ids of the other, null for none; what it leaves out is proposed.</param>
    public static Migration Plan(ProcessDefinition from, ProcessDefinition to, IReadOnlyDictionary<string, string?>? mapping = null) =>
        new(from, to, mapping ?? new Dictionary<string, string?>());

    /// <summary>The nodes that a node may become, as far as what is around it is mapped.</summary>
    public IReadOnlyList<ProcessNode> Candidates(ProcessNode node) => [.. _matching.Candidates(node)];

    /// <summary>The mapping the other way: of several that became one, the one that kept its id comes back, else the first.</summary>
    public IReadOnlyDictionary<string, string?> Backwards() => To.Nodes.ToDictionary(n => n.Id, n => Nodes.Where(f => f.To == n).OrderBy(f => f.Fate == "same" ? 0 : 1).FirstOrDefault()?.From.Id);

    /// <summary>Takes a case over. What is open stays open under its token; timers keep their time unless the new version tells another; what is new begins to wait, what is gone ends.</summary>
    /// <param name="state">How it stands on the old version; it is left as it is.</param>
    /// <param name="at">When.</param>
    /// <returns>A state from which the case provably completes, data left open; or why there is none.</returns>
    public MigrationOutcome Apply(ProcessState state, DateTimeOffset at)
    {
        if (Faults.Count > 0)
            return new MigrationOutcome(null, Faults[0]);
        var carrying = new Carrying(From, To, _matching, _branches, state);
        var (carried, fault) = carrying.Carry();
        if (carried is null)
            return new MigrationOutcome(null, fault);
        var run = new Run(To, carried, at);
        run.Adopt(carrying.New);
        var step = run.Finish();
        if (step.Effects.OfType<Effect.Stuck>().FirstOrDefault() is { } stuck)
            return new MigrationOutcome(null, new MigrationFault(stuck.Reason == "join-starved" ? MigrationRefusal.NotSound : MigrationRefusal.CannotGoOn, To.Node(stuck.NodeId).Label));
        return _proof.Of(step.State) is { } unsound ? new MigrationOutcome(null, unsound) : new MigrationOutcome(step, null);
    }
}
