using System.Text.Json;

namespace Guantong.Processes;

/// <summary>BPMN 2.0 execution semantics (clause 13) as a pure function: definition, state, event → state, effects.</summary>
public static class ProcessEngine
{
    private const int MostMoves = 1_000;

    /// <summary>Starts a process with what is known.</summary>
    public static Step Start(ProcessDefinition definition, IReadOnlyDictionary<string, object?> data)
    {
        var run = new Run(definition, [], Plain(data), 1, []);
        run.Arrive(definition.Nodes.First(n => n.Kind == NodeKind.StartEvent).Id, null);
        return run.Finish();
    }

    /// <summary>Finishes what a token waits for (a task or a service) and goes on as far as nothing else has to be waited for.</summary>
    /// <param name="definition">The process.</param>
    /// <param name="state">Its state before.</param>
    /// <param name="tokenId">The token that is done.</param>
    /// <param name="data">What its task or service gave; it becomes data of the process.</param>
    /// <exception cref="UnknownTokenException">No such token waits.</exception>
    public static Step Complete(ProcessDefinition definition, ProcessState state, string tokenId, IReadOnlyDictionary<string, object?> data)
    {
        var token = state.Tokens.FirstOrDefault(t => t.Id == tokenId && IsWait(definition.Node(t.Node).Kind)) ?? throw new UnknownTokenException(tokenId);
        var merged = new Dictionary<string, object?>(Plain(state.Data));
        foreach (var (key, value) in Plain(data))
            merged[key] = value;
        var run = new Run(definition, [.. state.Tokens.Where(t => t != token)], merged, state.NextToken, [.. state.Visited]);
        run.Leave(token.Node);
        return run.Finish();
    }

    internal static bool IsWait(NodeKind kind) => kind is NodeKind.UserTask or NodeKind.ManualTask or NodeKind.ServiceTask;

    /// <summary>JSON values as FEEL takes them; other values as they are.</summary>
    private static Dictionary<string, object?> Plain(IReadOnlyDictionary<string, object?> data) => data.ToDictionary(p => p.Key, p => Plain(p.Value));

    private static object? Plain(object? value) => value switch
    {
        JsonElement e => e.ValueKind switch
        {
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            JsonValueKind.Number => e.TryGetDecimal(out var d) ? d : null,
            JsonValueKind.String => e.GetString(),
            JsonValueKind.Array => e.EnumerateArray().Select(i => Plain(i)).ToList(),
            JsonValueKind.Object => e.EnumerateObject().ToDictionary(p => p.Name, p => Plain(p.Value)),
            _ => null,
        },
        int or long or short => Convert.ToDecimal(value, System.Globalization.CultureInfo.InvariantCulture),
        double d => (decimal)d,
        _ => value,
    };

    /// <summary>One step under way: the only place where something changes.</summary>
    private sealed class Run(ProcessDefinition definition, List<Token> tokens, Dictionary<string, object?> data, int next, List<string> visited)
    {
        private readonly List<Effect> _effects = [];
        private int _next = next;
        private int _moves;
        private string? _end;
        private bool _terminated;

        public void Arrive(string nodeId, string? flow)
        {
            var node = definition.Node(nodeId);
            if (++_moves > MostMoves)
            {
                Park(node, flow);
                _effects.Add(new Effect.Stuck(nodeId, "endless"));
                return;
            }
            visited.Add(nodeId);
            switch (node.Kind)
            {
                case NodeKind.UserTask or NodeKind.ManualTask:
                    _effects.Add(new Effect.TaskOpened(Park(node, flow), nodeId));
                    break;
                case NodeKind.ServiceTask:
                    _effects.Add(new Effect.ServiceCalled(Park(node, flow), nodeId));
                    break;
                case NodeKind.ExclusiveGateway:
                    Choose(node, flow);
                    break;
                case NodeKind.ParallelGateway:
                    Join(node, flow);
                    break;
                case NodeKind.EndEvent:
                    _end = nodeId;
                    break;
                case NodeKind.TerminateEndEvent:
                    _end = nodeId;
                    Terminate();
                    break;
                default:
                    Leave(nodeId);
                    break;
            }
        }

        public void Leave(string nodeId)
        {
            // A terminate end event on one branch keeps the others from being entered.
            foreach (var flow in definition.Outgoing(nodeId).TakeWhile(_ => !_terminated))
                Take(flow);
        }

        private void Take(Flow flow)
        {
            visited.Add(flow.Id);
            _effects.Add(new Effect.FlowTaken(flow.Id));
            Arrive(flow.Target, flow.Id);
        }

        private string Park(ProcessNode node, string? flow)
        {
            var id = $"t{_next++}";
            tokens.Add(new Token(id, node.Id, flow));
            return id;
        }

        private void Choose(ProcessNode node, string? flow)
        {
            var ways = definition.Outgoing(node.Id).ToList();
            var way = ways.Count == 1 ? ways[0]
                : ways.FirstOrDefault(w => w.Id != node.Default && w.Condition?.Evaluate(data) is true) ?? ways.FirstOrDefault(w => w.Id == node.Default);
            if (way is not null)
            {
                Take(way);
                return;
            }
            Park(node, flow);
            _effects.Add(new Effect.Stuck(node.Id, "no-condition-holds"));
        }

        // Clause 13.4.1: one token from each incoming flow is consumed, one for each outgoing flow produced.
        private void Join(ProcessNode node, string? flow)
        {
            var incoming = definition.Incoming(node.Id).Select(f => f.Id).ToList();
            if (incoming.Count > 1)
            {
                Park(node, flow);
                var waiting = incoming.Select(i => tokens.FirstOrDefault(t => t.Node == node.Id && t.Flow == i)).ToList();
                if (waiting.Contains(null))
                    return;
                tokens.RemoveAll(waiting.Contains);
            }
            Leave(node.Id);
        }

        private void Terminate()
        {
            _effects.AddRange(tokens.Where(t => IsWait(definition.Node(t.Node).Kind)).Select(t => new Effect.TaskWithdrawn(t.Id, t.Node)));
            tokens.Clear();
            _terminated = true;
        }

        public Step Finish()
        {
            if (tokens.Count == 0)
                _effects.Add(new Effect.ProcessEnded(_end!));
            else if (!tokens.Any(t => IsWait(definition.Node(t.Node).Kind)) && !_effects.Any(e => e is Effect.Stuck))
                _effects.Add(new Effect.Stuck(tokens[0].Node, "join-starved"));
            return new Step(new ProcessState(tokens, data, _next, tokens.Count == 0 ? _end : null, visited), _effects);
        }
    }
}
