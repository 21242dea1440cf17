using Guantong.Decisions.Evaluation;
using Guantong.Feel;
using Guantong.Feel.Types;

namespace Guantong.Decisions;

/// <summary>A decision made ready to be evaluated again and again with inputs by position; for one thread at a time.</summary>
public sealed class DecisionProgram
{
    private readonly DecisionNode _decision;
    private readonly InputNode?[] _inputs;
    private readonly GraphRun _run;

    internal DecisionProgram(DecisionNode decision, InputNode?[] inputs, int nodes, FeelSession session) =>
        (_decision, _inputs, _run) = (decision, inputs, new GraphRun(nodes, session, _ => default));

    /// <summary>Why values of the last run came out as null.</summary>
    public IReadOnlyList<FeelReason> Reasons => _run.Session.Reasons;

    /// <summary>Evaluates the decision, and those it requires.</summary>
    /// <param name="inputs">The inputs, in the order that was told; those left out are null.</param>
    /// <exception cref="FeelBudgetException">It takes more than it may.</exception>
    public FeelValue Run(params ReadOnlySpan<FeelValue> inputs)
    {
        _run.Session.Renew();
        _run.Clear();
        for (var i = 0; i < _inputs.Length && i < inputs.Length; i++)
        {
            if (_inputs[i] is { } input)
                _run.Set(input, Coercion.To(input.Type, inputs[i], _run.Session));
        }
        return _run.Value(_decision);
    }
}
