using Guantong.Feel.Evaluation;

namespace Guantong.Feel;

/// <summary>An expression made ready to be run again and again with inputs by position; for one thread at a time.</summary>
/// <remarks>It keeps its frame: an expression over numbers and booleans needs no memory for a run.</remarks>
public sealed class FeelProgram
{
    private readonly Evaluator _run;
    private readonly Frame _frame;
    private readonly int[] _slots;

    internal FeelProgram(Evaluator run, Layout layout, IReadOnlyList<string> inputs, FeelSession session)
    {
        (_run, _frame) = (run, new Frame(layout.Count, session));
        _slots = [.. inputs.Select(n => layout.Inputs.FindIndex(i => i.Name == n) is var at and >= 0 ? layout.Inputs[at].Slot : -1)];
        foreach (var (name, slot) in layout.Inputs.Where(i => !inputs.Contains(i.Name)))
            _frame.Slots[slot] = Scope.Missing(name)(_frame);
    }

    /// <summary>Why values of the last run came out as null.</summary>
    public IReadOnlyList<FeelReason> Reasons => _frame.Session.Reasons;

    /// <summary>Runs it.</summary>
    /// <param name="inputs">The inputs, in the order that was told; those left out are null.</param>
    /// <exception cref="FeelBudgetException">It takes more than it may.</exception>
    public FeelValue Run(params ReadOnlySpan<FeelValue> inputs)
    {
        _frame.Session.Renew();
        for (var i = 0; i < _slots.Length; i++)
        {
            if (_slots[i] >= 0)
                _frame.Slots[_slots[i]] = i < inputs.Length ? inputs[i] : default;
        }
        return _run(_frame);
    }
}
