using System.Text;
using FsCheck.Xunit;
using Guantong.Processes;
using Guantong.Processes.Simulating;

namespace Guantong.Tests;

/// <summary>Sound, block-structured processes complete, whatever the order in which their tasks are done.</summary>
public sealed class PropertyTests
{
    [Property(MaxTest = 150)]
    public void A_block_structured_process_completes(int seed)
    {
        var result = Bpmn.Run(new Blocks(new Random(seed)).Process(), """{"n": 0}""", most: 20_000);
        Assert.True(result.Status == SimulationStatus.Completed, $"seed {seed}: {result.Status} {result.Trace.LastOrDefault(t => t.What == "stuck")}");
    }

    [Property(MaxTest = 100)]
    public void It_completes_in_any_order_and_its_state_lives_in_a_store_between_any_two_steps(int seed)
    {
        var random = new Random(seed);
        var definition = Bpmn.Read(new Blocks(random).Process());
        var step = ProcessEngine.Start(definition, new Dictionary<string, object?> { ["n"] = 0m }, Bpmn.From);
        for (var i = 0; i < 5_000 && !step.State.Ended; i++)
        {
            var stored = step.State.Stored();
            Assert.Equivalent(step.State.Tokens, stored.Tokens);
            var open = stored.Tokens.Where(t => definition.Node(t.Node).IsWork && (definition.Node(t.Node).Loop is null || t.Loop is null)).ToList();
            step = ProcessEngine.Apply(definition, stored, new ProcessEvent.Complete(Bpmn.From, open[random.Next(open.Count)].Id, new Dictionary<string, object?>()));
        }
        Assert.True(step.State.Ended, $"seed {seed}");
        Assert.Equal("end", step.State.EndNode);
    }

    [Property(MaxTest = 60)]
    public void An_event_gives_the_same_step_whenever_it_is_taken_again(int seed)
    {
        var definition = Bpmn.Read(new Blocks(new Random(seed)).Process());
        var first = ProcessEngine.Start(definition, new Dictionary<string, object?> { ["n"] = 0m }, Bpmn.From);
        var second = ProcessEngine.Start(definition, new Dictionary<string, object?> { ["n"] = 0m }, Bpmn.From);
        Assert.Equal(first.Effects.Select(e => $"{e}"), second.Effects.Select(e => $"{e}"));
        Assert.Equivalent(first.State, second.State);
    }

    /// <summary>Grows a process out of blocks.</summary>
    private sealed class Blocks(Random random)
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

        private (string First, string Last) Block(int depth) => depth == 0 ? Task() : random.Next(8) switch
        {
            0 or 1 => Sequence(depth),
            2 => Branches("exclusiveGateway", depth),
            3 => Branches("parallelGateway", depth),
            4 => Branches("inclusiveGateway", depth),
            5 => Loop(depth),
            6 => Sub(depth),
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
            var id = random.Next(4) switch
            {
                0 => Node("scriptTask", "", "<script>{n: n + 1}</script>"),
                1 => Node("userTask", "", $"<multiInstanceLoopCharacteristics isSequential='{(random.Next(2) == 0 ? "true" : "false")}'><loopCardinality>{random.Next(4)}</loopCardinality></multiInstanceLoopCharacteristics>"),
                _ => Node("userTask"),
            };
            return (id, id);
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
            var id = Node("subProcess", "", inside);
            return (id, id);
        }
    }
}
