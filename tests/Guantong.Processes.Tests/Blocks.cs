using System.Text;

namespace Guantong.Tests;

/// <summary>Grows a process out of blocks.</summary>
internal sealed class Blocks(Random random)
{
    private readonly StringBuilder _nodes = new();
    private readonly StringBuilder _flows = new();
    private int _count;

    public string Process()
    {
        var (first, last) = Block(4);
        _flows.Append("start > ").Append(first).Append('\n').Append(last).Append(" > end\n");
        return Bpmn.Of($"<startEvent id='start'/>{_nodes}<endEvent id='end'/>", _flows.ToString());
    }

    private (string First, string Last) Block(int depth) => depth == 0 ? Task() : random.Next(9) switch
    {
        0 or 1 => Sequence(depth),
        2 => Branches("exclusiveGateway", depth),
        3 => Branches("parallelGateway", depth),
        4 => Branches("inclusiveGateway", depth),
        5 => Loop(depth),
        6 => Sub(depth),
        7 => Timed(depth),
        _ => Task(),
    };

    private string Node(string kind, string attributes = "", string inside = "")
    {
        var id = $"n{++_count}";
        _nodes.Append('<').Append(kind).Append(" id='").Append(id).Append("' ").Append(attributes.Replace("ID", id, StringComparison.Ordinal)).Append('>').Append(inside).Append("</").Append(kind).Append(">\n");
        return id;
    }

    private void Flow(string from, string to, string condition = "") => _flows.Append(from).Append(" > ").Append(to).Append(condition).Append('\n');

    private (string, string) Task()
    {
        var id = random.Next(5) switch
        {
            4 => Undoable(),
            0 => Node("scriptTask", "", "<script>{n: n + 1}</script>"),
            1 => Node("userTask", "", $"<multiInstanceLoopCharacteristics isSequential='{(random.Next(2) == 0 ? "true" : "false")}'><loopCardinality>{random.Next(4)}</loopCardinality></multiInstanceLoopCharacteristics>"),
            _ => Node("userTask"),
        };
        return (id, id);
    }

    private string Undoable()
    {
        var (id, handler) = (Node("userTask"), Node("userTask", "isForCompensation='true'"));
        Node("association", $"sourceRef='{Node("boundaryEvent", $"attachedToRef='{id}'", "<compensateEventDefinition/>")}' targetRef='{handler}'");
        return id;
    }

    private (string, string) Sequence(int depth)
    {
        var (first, second) = (Block(depth - 1), Block(depth - 1));
        Flow(first.Last, second.First);
        return (first.First, second.Last);
    }

    private (string, string) Branches(string kind, int depth)
    {
        var ways = Enumerable.Range(0, random.Next(2, 4)).Select(_ => Block(depth - 1)).ToList();
        var split = Node(kind, kind == "parallelGateway" ? "" : $"default='ID-{ways[0].First}'");
        var join = Node(kind);
        foreach (var (i, way) in ways.Index())
        {
            Flow(split, way.First, i == 0 || kind == "parallelGateway" ? "" : $" ? modulo(n, {random.Next(1, 4)}) = 0");
            Flow(way.Last, join);
        }
        return (split, join);
    }

    // Each round counts for itself, so that it ends.
    private (string, string) Loop(int depth)
    {
        var body = Block(depth - 1);
        var rounds = $"r{++_count}";
        var (into, count, out_) = (Node("exclusiveGateway"), Node("scriptTask", "", $"<script>{{{rounds}: if {rounds} = null then 1 else {rounds} + 1}}</script>"), "");
        out_ = Node("exclusiveGateway");
        var after = Node("task");
        Flow(into, body.First);
        Flow(body.Last, count);
        Flow(count, out_);
        Flow(out_, into, $" ? {rounds} &lt; 2".Replace("&lt;", "<", StringComparison.Ordinal));
        Flow(out_, after);
        return (into, after);
    }

    private (string, string) Sub(int depth)
    {
        var mark = _nodes.Length;
        var (first, _) = Block(depth - 1);
        var start = Node("startEvent");
        Flow(start, first);
        var inside = _nodes.ToString(mark, _nodes.Length - mark);
        _nodes.Length = mark;
        var several = random.Next(3) == 0 ? $"<multiInstanceLoopCharacteristics isSequential='{(random.Next(2) == 0 ? "true" : "false")}'><loopCardinality>2</loopCardinality></multiInstanceLoopCharacteristics>" : "";
        var id = Node("subProcess", "", inside + several);
        return (id, id);
    }

    // A deadline that interrupts goes another way to the same place; one that does not begins something beside.
    private (string, string) Timed(int depth)
    {
        var (host, _) = random.Next(2) == 0 ? Sub(depth) : Task();
        var interrupts = random.Next(2) == 0;
        var late = Node("boundaryEvent", $"attachedToRef='{host}' cancelActivity='{(interrupts ? "true" : "false")}'", "<timerEventDefinition><timeDuration>PT1H</timeDuration></timerEventDefinition>");
        var (first, last) = Block(depth - 1);
        Flow(late, first);
        var after = Node("exclusiveGateway");
        Flow(host, after);
        if (interrupts)
            Flow(last, after);
        return (host, after);
    }
}
