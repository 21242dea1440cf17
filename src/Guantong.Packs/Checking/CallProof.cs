using Guantong.Packs.Reading;
using Guantong.Processes;

namespace Guantong.Packs.Checking;

/// <summary>Calls: each leads to one process that begins by itself, none calls itself without end, and what nothing opens is called.</summary>
internal static class CallProof
{
    public static IEnumerable<Finding> Of(Pack pack, Surroundings around)
    {
        var processes = pack.Processes.Values.SelectMany(f => f.All.Select(d => (File: f, Definition: d))).ToList();
        var calls = (from p in processes
                     from node in p.Definition.Nodes
                     where node.Kind == NodeKind.CallActivity && !Calling.IsElsewhere(node.Calls!)
                     select (p.File, p.Definition, Node: node, Meant: pack.Meant(p.File, node.Calls!))).ToList();
        // What a joint calls is proved where the joint says it.
        foreach (var finding in from p in processes where !p.File.Path.StartsWith(Joint.Folder, StringComparison.Ordinal) from node in p.Definition.Nodes where node.Kind == NodeKind.CallActivity && Calling.IsElsewhere(node.Calls!) from f in Elsewhere(around, new Ref(node.Calls!, pack.MarkOf(p.File, node))) select f)
            yield return finding;
        foreach (var (file, _, node, meant) in calls)
        {
            if (Wrong(pack, file, node, meant) is { } finding)
                yield return finding;
        }
        if (calls.All(c => c.Meant.Count == 1))
        {
            foreach (var finding in Endless(pack, processes))
                yield return finding;
        }
        foreach (var matter in pack.Matters.Where(m => m is { StartBy: "process", Process: not null } && pack.Processes.ContainsKey(m.Process.Name)))
        {
            if (pack.Processes[matter.Process!.Name].Definition.Body.Entries.Count > 0 && calls.All(c => c.Meant.All(m => m.Matter != matter)))
                yield return Finding.Error("matter-never-opened", matter.Mark, matter.Id);
        }
    }

    private static Finding? Wrong(Pack pack, ProcessFile from, ProcessNode node, IReadOnlyList<CalledProcess> meant)
    {
        var mark = pack.MarkOf(from, node);
        if (meant is [])
            return NamesProof.Unknown("process", mark, node.Calls!, pack.Matters.Select(m => m.Id).Concat(pack.Processes.Values.SelectMany(f => f.All).Select(p => p.Id)).Distinct());
        if (meant is not [var called])
            return Finding.Error("duplicate-name", MarkOf(pack, meant[1]), "@kind.process", node.Calls!, MarkOf(pack, meant[0]).ToString());
        return called.Definition.Body.Entries.Count == 0 ? Finding.Error("call-begins-otherwise", mark, node.Label, node.Calls!) : null;
    }

    /// <summary>Whether a matter of another pack is there to be called. Where other packs are not known, it is not judged.</summary>
    internal static IEnumerable<Finding> Elsewhere(Surroundings around, Ref called)
    {
        var (id, name) = (called.Name[..called.Name.IndexOf('/', StringComparison.Ordinal)], called.Name[(called.Name.IndexOf('/', StringComparison.Ordinal) + 1)..]);
        if (around.Other is not { } other)
            return [];
        if (other(id) is not { } pack)
            return [NamesProof.Unknown("pack", called.Mark, id, around.Packs?.Keys ?? [])];
        return pack.Matter(name) is { Process: not null } ? [] : [NamesProof.Unknown("matter", called.Mark, name, pack.Matters.Select(m => m.Id))];
    }

    private static Mark MarkOf(Pack pack, CalledProcess called) => new(pack.Files.Name(called.File.Path), called.Definition.Line, called.Definition.Column);

    // Of those that cannot end, each call is told that leads to one of them again.
    private static IEnumerable<Finding> Endless(Pack pack, List<(ProcessFile File, ProcessDefinition Definition)> processes)
    {
        var ending = new HashSet<ProcessDefinition>();
        while (processes.Where(p => !ending.Contains(p.Definition) && Ends(p.Definition.Body, n => Calling.IsElsewhere(n.Calls!) || ending.Contains(pack.Meant(p.File, n.Calls!)[0].Definition))).ToList() is { Count: > 0 } more)
            ending.UnionWith(more.Select(m => m.Definition));
        return
            from p in processes
            where !ending.Contains(p.Definition)
            from node in p.Definition.Nodes
            where node.Kind == NodeKind.CallActivity && !Calling.IsElsewhere(node.Calls!)
            let called = pack.Meant(p.File, node.Calls!)[0]
            where pack.Reached(called.File, called.Definition, _ => true).Any(r => r.Definition == p.Definition)
            select Finding.Error("call-endless", pack.MarkOf(p.File, node), node.Label, p.Definition.Name.Length > 0 ? p.Definition.Name : p.Definition.Id);
    }

    /// <summary>Whether a level can come to its end, given which calls can: a way has to lead from each beginning to an end, from a parallel gateway all of them.</summary>
    private static bool Ends(ScopeBody level, Func<ProcessNode, bool> callEnds)
    {
        var good = new HashSet<ProcessNode>();
        bool Passes(ProcessNode node) => node switch
        {
            // Over an empty list, or with a condition that does not hold at first, nothing is called.
            { Kind: NodeKind.CallActivity, Loop: not ({ IsMulti: true, Collection: not null } or { TestsBefore: true }) } => callEnds(node),
            { Kind: NodeKind.SubProcess, Loop: not ({ IsMulti: true, Collection: not null } or { TestsBefore: true }) } => Ends(node.Body!, callEnds),
            _ => true,
        };
        bool Good(ProcessNode node)
        {
            if (node.Boundaries.Any(good.Contains))
                return true;
            if (!Passes(node))
                return false;
            var next = node is { Kind: NodeKind.ThrowEvent, Events: [{ Kind: EventKind.Link, Name: var link }] }
                ? level.Nodes.Where(n => n.Kind == NodeKind.CatchEvent && n.Events is [{ Kind: EventKind.Link } e] && e.Name == link).ToList()
                : node.Outgoing.Select(f => f.To).ToList();
            return next.Count == 0 || (node.Kind == NodeKind.ParallelGateway ? next.All(good.Contains) : next.Any(good.Contains));
        }
        while (level.Nodes.Where(n => !good.Contains(n) && Good(n)).ToList() is { Count: > 0 } more)
            good.UnionWith(more);
        var begins = level.Entries.Concat(level.Starts).ToList();
        return begins.Count == 0 || begins.All(good.Contains) || level.EventSubs.Any(s => Ends(s.Body!, callEnds));
    }
}
