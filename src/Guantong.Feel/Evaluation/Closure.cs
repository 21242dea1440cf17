using Guantong.Feel.Types;

namespace Guantong.Feel.Evaluation;

/// <summary>A function with the values that it took along from where it was made.</summary>
internal sealed class Closure : FeelFunction
{
    private readonly Layout _layout;
    private readonly Evaluator _body;
    private readonly FeelValue[] _taken;
    private readonly bool _typed;

    public Closure(string name, FunctionType type, Layout layout, Evaluator body, Frame from)
    {
        (Name, Type, _layout, _body) = (name, type, layout, body);
        _typed = type.Parameters!.Any(p => !ReferenceEquals(p, FeelType.Any)) || !ReferenceEquals(type.Result, FeelType.Any);
        _taken = new FeelValue[layout.Captures.Count];
        for (var i = 0; i < _taken.Length; i++)
            _taken[i] = layout.Captures[i].From(from);
    }

    public override string Name { get; }

    public override FunctionType Type { get; }

    public void KnowItself(string name)
    {
        for (var i = 0; i < _taken.Length; i++)
        {
            if (_layout.Captures[i].Name == name)
                _taken[i] = this;
        }
    }

    internal override FeelValue Call(ReadOnlySpan<FeelValue> arguments, FeelSession session)
    {
        if (arguments.Length != Type.Parameters!.Count)
            return session.Null(NullReason.WrongArguments, Name, $"{arguments.Length}");
        var frame = new Frame(_layout.Count, session);
        for (var i = 0; i < arguments.Length; i++)
        {
            frame.Slots[i] = _typed ? Coercion.To(Type.Parameters[i], arguments[i], session) : arguments[i];
            // An argument that does not conform leaves the whole call without a value (§10.3.2.13.2).
            if (frame.Slots[i].IsNull && !arguments[i].IsNull)
                return default;
        }
        for (var i = 0; i < _taken.Length; i++)
            frame.Slots[_layout.Captures[i].Slot] = _taken[i];
        return _typed ? Coercion.To(Type.Result, _body(frame), session) : _body(frame);
    }
}
