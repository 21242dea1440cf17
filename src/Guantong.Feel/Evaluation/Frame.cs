namespace Guantong.Feel.Evaluation;

internal delegate FeelValue Evaluator(Frame frame);

/// <summary>The variables of one evaluation or call, by slot.</summary>
internal sealed class Frame(int slots, FeelSession session)
{
    public readonly FeelValue[] Slots = slots == 0 ? [] : new FeelValue[slots];

    public FeelSession Session { get; set; } = session;
}

/// <summary>Compiled code, and its value when that never changes.</summary>
internal readonly record struct Code(Evaluator Run, bool IsConstant = false, FeelValue Value = default)
{
    public static Code Constant(FeelValue value) => new(_ => value, true, value);
}
