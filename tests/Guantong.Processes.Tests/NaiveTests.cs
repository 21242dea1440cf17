using FsCheck.Xunit;
using Guantong.Processes;

namespace Guantong.Tests;

/// <summary>The engine against an interpreter that walks the blocks themselves: the same tasks are open after every step, whatever is done next.</summary>
public sealed class NaiveTests
{
    [Property(MaxTest = 150)]
    public void The_engine_opens_the_tasks_that_the_blocks_say(int seed)
    {
        var random = new Random(seed);
        var model = new Naive(random);
        var definition = Bpmn.Read(Bpmn.Of($"<startEvent id='start'/>{model.Nodes}<endEvent id='end'/>", $"start > {model.Root.First}\n{model.Flows}{model.Root.Last} > end"));
        var step = ProcessEngine.Start(definition, new Dictionary<string, object?>(), Bpmn.From);
        model.Root.Begin();
        while (true)
        {
            var open = step.State.Tokens.Where(t => definition.Node(t.Node).IsWork).ToList();
            Assert.Equal(model.Root.Open().Order(), open.Select(t => t.Node).Order());
            Assert.Equal(model.Root.IsDone, step.State.Ended);
            if (open.Count == 0)
                break;
            var (token, value) = (open[random.Next(open.Count)], (decimal)random.Next(3));
            model.Root.Complete(token.Node, value);
            step = ProcessEngine.Apply(definition, step.State, new ProcessEvent.Complete(Bpmn.From, token.Id, new Dictionary<string, object?> { [$"v_{token.Node}"] = value }));
        }
    }

    /// <summary>A block: what is open inside it, and whether it is done.</summary>
    private abstract record Block(string First, string Last)
    {
        public bool IsDone { get; protected set; }

        public abstract void Begin();

        public abstract IEnumerable<string> Open();

        public abstract void Complete(string task, decimal value);
    }

    private sealed record Work(string Id) : Block(Id, Id)
    {
        private bool _open;

        public override void Begin() => (_open, IsDone) = (true, false);

        public override IEnumerable<string> Open() => _open ? [Id] : [];

        public override void Complete(string task, decimal value)
        {
            if (_open && task == Id)
                (_open, IsDone) = (false, true);
        }
    }

    private sealed record Sequence(Block One, Block Two) : Block(One.First, Two.Last)
    {
        private bool _second;

        public override void Begin()
        {
            (_second, IsDone) = (false, false);
            One.Begin();
        }

        public override IEnumerable<string> Open() => IsDone ? [] : _second ? Two.Open() : One.Open();

        public override void Complete(string task, decimal value)
        {
            (_second ? Two : One).Complete(task, value);
            if (!_second && One.IsDone)
            {
                _second = true;
                Two.Begin();
                return;
            }
            IsDone = _second && Two.IsDone;
        }
    }

    /// <summary>A task whose value chooses which ways are taken, and the ways.</summary>
    private sealed record Split(Work Asks, string Join, IReadOnlyList<Block> Ways, Func<decimal, int, bool> Takes) : Block(Asks.First, Join)
    {
        private List<Block>? _taken;

        public override void Begin()
        {
            (_taken, IsDone) = (null, false);
            Asks.Begin();
        }

        public override IEnumerable<string> Open() => IsDone ? [] : _taken is null ? Asks.Open() : _taken.SelectMany(w => w.IsDone ? [] : w.Open());

        public override void Complete(string task, decimal value)
        {
            if (_taken is not null)
            {
                _taken.FirstOrDefault(w => !w.IsDone && w.Open().Contains(task))?.Complete(task, value);
            }
            else
            {
                Asks.Complete(task, value);
                _taken = [.. Ways.Where((_, i) => Takes(value, i))];
                _taken.ForEach(w => w.Begin());
            }
            IsDone = _taken.TrueForAll(w => w.IsDone);
        }
    }

    /// <summary>What is done again until the task behind it says otherwise.</summary>
    private sealed record Repeat(string Into, Block Body, Work Asks, string Out) : Block(Into, Out)
    {
        private bool _asking;

        public override void Begin()
        {
            (_asking, IsDone) = (false, false);
            Body.Begin();
        }

        public override IEnumerable<string> Open() => IsDone ? [] : _asking ? Asks.Open() : Body.Open();

        public override void Complete(string task, decimal value)
        {
            if (!_asking)
            {
                Body.Complete(task, value);
                if (Body.IsDone)
                {
                    _asking = true;
                    Asks.Begin();
                }
                return;
            }
            Asks.Complete(task, value);
            if (value == 0)
                Begin();
            else
                IsDone = true;
        }
    }

    /// <summary>Grows the same blocks as a tree and as BPMN.</summary>
    private sealed class Naive
    {
        private readonly Random _random;
        private int _count;

        public Naive(Random random)
        {
            _random = random;
            Root = Grow(4);
        }

        public string Nodes { get; private set; } = "";

        public string Flows { get; private set; } = "";

        public Block Root { get; }

        private Block Grow(int depth) => depth == 0 ? Task() : _random.Next(7) switch
        {
            0 or 1 => Follow(Grow(depth - 1), Grow(depth - 1)),
            2 => Branch("exclusiveGateway", depth, (value, way) => value == 1 ? way == 1 : way == 0),
            3 => Branch("parallelGateway", depth, (_, _) => true),
            4 => Branch("inclusiveGateway", depth, (value, way) => value == 0 ? way == 0 : way > 0 && way <= value),
            5 => Again(depth),
            _ => Task(),
        };

        private string Node(string kind, string attributes = "")
        {
            var id = $"n{++_count}";
            Nodes += $"<{kind} id='{id}' {attributes}/>";
            return id;
        }

        private Work Task() => new(Node("userTask"));

        private Sequence Follow(Block one, Block two)
        {
            Flows += $"{one.Last} > {two.First}\n";
            return new Sequence(one, two);
        }

        private Split Branch(string kind, int depth, Func<decimal, int, bool> takes)
        {
            var (asks, ways) = (Task(), Enumerable.Range(0, 3).Select(_ => Grow(depth - 1)).ToList());
            var split = Node(kind, kind == "parallelGateway" ? "" : $"default='n{_count + 1}-{ways[0].First}'");
            var join = Node(kind);
            Flows += $"{asks.Id} > {split}\n";
            foreach (var (i, way) in ways.Index())
            {
                Flows += $"{split} > {way.First}{(i == 0 || kind == "parallelGateway" ? "" : kind == "exclusiveGateway" ? $" ? v_{asks.Id} = {i}{(i == 2 ? " and false" : "")}" : $" ? v_{asks.Id} >= {i}")}\n{way.Last} > {join}\n";
            }
            return new Split(asks, join, ways, takes);
        }

        private Repeat Again(int depth)
        {
            var (into, body, asks) = (Node("exclusiveGateway"), Grow(depth - 1), Task());
            var out_ = Node("exclusiveGateway", $"default='n{_count + 1}-n{_count + 2}'");
            var after = Node("exclusiveGateway");
            Flows += $"{into} > {body.First}\n{body.Last} > {asks.Id} > {out_} > {after}\n{out_} > {into} ? v_{asks.Id} = 0\n";
            return new Repeat(into, body, asks, after);
        }
    }
}
