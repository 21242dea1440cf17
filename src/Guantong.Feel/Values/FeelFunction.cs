using Guantong.Feel.Evaluation;

namespace Guantong.Feel;

/// <summary>A function as a value: a built-in one, a lambda, a business knowledge model or a decision service.</summary>
public abstract class FeelFunction
{
    /// <summary>What people call it, for messages; empty for a lambda.</summary>
    public abstract string Name { get; }

    /// <summary>Its type, with the names of its parameters.</summary>
    public abstract FunctionType Type { get; }

    /// <summary>Calls it with arguments by position; null with a reason when they do not fit.</summary>
    internal abstract FeelValue Call(ReadOnlySpan<FeelValue> arguments, FeelSession session);

    /// <summary>Calls it with arguments by name.</summary>
    internal virtual FeelValue Call(ReadOnlySpan<FeelValue> arguments, IReadOnlyList<string> names, FeelSession session)
    {
        var parameters = Type.ParameterNames;
        var ordered = new FeelValue[parameters.Count];
        for (var i = 0; i < names.Count; i++)
        {
            var at = IndexOf(parameters, names[i]);
            if (at < 0)
                return session.Null(NullReason.UnknownParameter, names[i], Name);
            ordered[at] = arguments[i];
        }
        return names.Count < parameters.Count ? session.Null(NullReason.MissingArgument, Name) : Call(ordered, session);
    }

    private protected static int IndexOf(IReadOnlyList<string> names, string name)
    {
        for (var i = 0; i < names.Count; i++)
        {
            if (names[i] == name)
                return i;
        }
        return -1;
    }
}
