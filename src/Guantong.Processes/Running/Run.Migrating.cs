using Guantong.Processes.Migrating;
using Guantong.Processes.Soundness;

namespace Guantong.Processes.Running;

/// <summary>A state that comes from another version of the process (docs/bpmn.md).</summary>
internal sealed partial class Run
{
    /// <summary>Levels know the names that are theirs, what is new begins to wait, and gateways that have all they wait for go on.</summary>
    public void Adopt(IReadOnlyList<NewWait> waits)
    {
        foreach (var level in Levels(_root).ToList())
        {
            foreach (var name in level.Body(_definition).Names.Where(n => !level.Knows(n)))
                level.Set(name, null);
            foreach (var gateway in level.Children.Where(c => c.Node!.Kind is NodeKind.ParallelGateway or NodeKind.InclusiveGateway).Select(c => c.Node!).Distinct().ToList())
                GoOnAt(level, gateway);
        }
        foreach (var wait in waits)
            Await(wait.Token.Length == 0 ? _root : Find(_root, wait.Token)!, wait.Catching);
    }

    private static IEnumerable<Live> Levels(Live live) =>
        (live.Node is null || (live.Node.Body is not null && (live.Node.Loop is null || live.IsInstance)) ? [live] : Enumerable.Empty<Live>()).Concat(live.Children.SelectMany(Levels));

    // An inclusive join is looked at whenever all has come to rest; a parallel one only when a token comes, and what joins no more does not wait.
    private void GoOnAt(Live level, ProcessNode gateway)
    {
        var come = level.Children.FindAll(c => c.Node == gateway);
        if (!LevelNet.IsJoin(gateway))
        {
            foreach (var token in come)
            {
                Remove(token);
                Push(MoveKind.Arrive, level, gateway, token.Flow);
            }
        }
        else if (gateway.Kind == NodeKind.ParallelGateway && gateway.Incoming.All(f => come.Exists(c => c.Flow == f)))
        {
            foreach (var flow in gateway.Incoming)
                Remove(come.Find(c => c.Flow == flow)!);
            Leave(level, gateway);
        }
    }
}
