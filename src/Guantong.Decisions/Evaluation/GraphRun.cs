using Guantong.Feel;
using Guantong.Feel.Evaluation;
using Guantong.Feel.Types;

namespace Guantong.Decisions.Evaluation;

/// <summary>One evaluation of a graph of so many nodes: what is given, and what has been worked out.</summary>
internal sealed class GraphRun(int nodes, FeelSession session, Func<GraphNode, FeelValue> given)
{
    private readonly FeelValue[] _values = new FeelValue[nodes];
    private readonly bool[] _known = new bool[nodes];

    public FeelSession Session => session;

    public bool Knows(GraphNode node) => _known[node.Index];

    /// <summary>A node's value; decisions and input data are worked out once.</summary>
    public FeelValue Value(GraphNode node)
    {
        if (_known[node.Index])
            return _values[node.Index];
        var value = Find(node);
        Set(node, value);
        return value;
    }

    private FeelValue Find(GraphNode node)
    {
        switch (node)
        {
            case DecisionNode decision:
                session.Enter();
                var value = Decide(decision);
                session.Leave();
                return value;
            case KnowledgeNode knowledge:
                return knowledge.Function is null ? session.Null(NullReason.NoLogic, node.Name) : new KnowledgeFunction(knowledge, this);
            case ServiceNode service:
                return new ServiceFunction(service, this);
            default:
                return Coercion.To(node.Type, given(node), session);
        }
    }

    /// <summary>Forgets what was worked out, for the next run.</summary>
    public void Clear() => Array.Clear(_known);

    /// <summary>Sets a node's value, which is then not worked out.</summary>
    public void Set(GraphNode node, FeelValue value)
    {
        _values[node.Index] = value;
        _known[node.Index] = true;
    }

    private FeelValue Decide(DecisionNode node) =>
        node is { Logic: { } logic, Code: { } code } ? logic(code.Fill(this)) : session.Null(NullReason.NoLogic, node.Name);

    /// <summary>What a service gives: its one output decision's value, or a context of several (DMN 1.5 §10.4).</summary>
    public FeelValue Serve(ServiceNode service)
    {
        if (service.Outputs is [var single])
            return Value(single);
        return new FeelContext([.. service.Outputs.Select(o => o.Name)], [.. service.Outputs.Select(Value)]);
    }

    /// <summary>A run of its own for a service: only what is passed is given, and nothing worked out outside is seen.</summary>
    public GraphRun Of(ServiceNode service, ReadOnlySpan<FeelValue> arguments)
    {
        session.Step(1 + nodes / 8);
        var run = new GraphRun(nodes, session, _ => default);
        for (var i = 0; i < service.Parameters.Count; i++)
            run.Set(service.Parameters[i], arguments[i]);
        return run;
    }
}

/// <summary>A business knowledge model as a function (DMN 1.5 §10.4).</summary>
internal sealed class KnowledgeFunction(KnowledgeNode node, GraphRun run) : FeelFunction
{
    public override string Name => node.Name;

    public override FunctionType Type => node.Function!;

    internal override FeelValue Call(ReadOnlySpan<FeelValue> arguments, FeelSession session)
    {
        var fitted = Arguments.Fit(this, arguments, session);
        if (fitted is null)
            return default;
        var frame = node.Code!.Fill(run);
        for (var i = 0; i < fitted.Length; i++)
            frame.Slots[node.Code.Parameters[i]] = fitted[i];
        return Coercion.To(node.Function!.Result, node.Logic!(frame), session);
    }
}

/// <summary>A decision service as a function.</summary>
internal sealed class ServiceFunction(ServiceNode node, GraphRun outer) : FeelFunction
{
    public override string Name => node.Name;

    public override FunctionType Type => node.Function!;

    internal override FeelValue Call(ReadOnlySpan<FeelValue> arguments, FeelSession session) =>
        Arguments.Fit(this, arguments, outer.Session) is { } fitted ? Coercion.To(node.Function!.Result, outer.Of(node, fitted).Serve(node), session) : default;
}

/// <summary>Arguments put to the types of parameters.</summary>
internal static class Arguments
{
    /// <summary>The arguments as the parameters want them; null, with a reason, when one does not conform.</summary>
    public static FeelValue[]? Fit(FeelFunction function, ReadOnlySpan<FeelValue> arguments, FeelSession session)
    {
        var types = function.Type.Parameters!;
        if (arguments.Length != types.Count)
        {
            session.Null(NullReason.WrongArguments, function.Name, $"{arguments.Length}");
            return null;
        }
        var fitted = new FeelValue[arguments.Length];
        for (var i = 0; i < fitted.Length; i++)
        {
            fitted[i] = Coercion.To(types[i], arguments[i], session);
            if (fitted[i].IsNull && !arguments[i].IsNull)
                return null;
        }
        return fitted;
    }
}
