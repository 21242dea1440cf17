using Guantong.Feel.Evaluation;

namespace Guantong.Feel.Functions;

internal delegate FeelValue Body(ReadOnlySpan<FeelValue> arguments, FeelSession session);

/// <summary>A parameter of a built-in function; no kind takes any value.</summary>
internal sealed record Parameter(string Name, FeelKind? Kind, bool IsOptional, bool TakesNull)
{
    public FeelType Type { get; } = Kind switch
    {
        null => FeelType.Any,
        FeelKind.List => FeelType.AnyList,
        FeelKind.Context => FeelType.AnyContext,
        FeelKind.Range => FeelType.AnyRange,
        FeelKind.Function => FeelType.AnyFunction,
        FeelKind.Number => FeelType.Number,
        FeelKind.String => FeelType.String,
        FeelKind.Boolean => FeelType.Boolean,
        FeelKind.Time => FeelType.Time,
        _ => FeelType.DaysTime,
    };
}

/// <summary>One way to call a built-in function.</summary>
internal sealed record Signature(IReadOnlyList<Parameter> Parameters, bool IsOpen, Body Body)
{
    private static readonly Dictionary<string, FeelKind?> Kinds = new()
    {
        ["any"] = null, ["number"] = FeelKind.Number, ["string"] = FeelKind.String, ["boolean"] = FeelKind.Boolean, ["list"] = FeelKind.List,
        ["context"] = FeelKind.Context, ["range"] = FeelKind.Range, ["function"] = FeelKind.Function, ["duration"] = FeelKind.DaysTime, ["time"] = FeelKind.Time,
    };

    public int Least { get; } = Parameters.Count(p => !p.IsOptional);

    /// <summary>Reads "string: string, [length: number], rest...: any?": brackets for what may be left out, ? for what may be null.</summary>
    public static Signature Read(string parameters, Body body)
    {
        var all = parameters.Split(", ", StringSplitOptions.RemoveEmptyEntries).Select(ReadParameter).ToList();
        return new Signature(all, parameters.Contains("...", StringComparison.Ordinal), body);
    }

    private static Parameter ReadParameter(string text)
    {
        var parts = text.Trim('[', ']').Split(": ");
        return new Parameter(parts[0].Replace("...", "", StringComparison.Ordinal), Kinds[parts[1].TrimEnd('?')], text[0] == '[', parts[1].EndsWith('?'));
    }

    public bool Takes(int count) => count >= Least && (IsOpen || count <= Parameters.Count);

    /// <summary>The argument as the parameter wants it (§10.3.2.9.4), or false.</summary>
    public static bool Fits(Parameter parameter, ref FeelValue argument)
    {
        if (argument.IsNull)
            return parameter.TakesNull;
        if (parameter.Kind is not { } kind || argument.Kind == kind)
            return true;
        if (kind == FeelKind.List)
            argument = new FeelList(argument);
        else if (argument.List is { Count: 1 } single && single[0].Kind == kind)
            argument = single[0];
        else
            return false;
        return true;
    }
}

/// <summary>A function of the standard (§10.3.4), with all the ways to call it.</summary>
internal sealed class BuiltIn(string name, Signature[] signatures, FeelType result, bool pure) : FeelFunction
{
    public override string Name => name;

    public IReadOnlyList<Signature> Signatures => signatures;

    /// <summary>Whether a call with constants may be worked out while compiling.</summary>
    public bool IsPure => pure;

    public override FunctionType Type { get; } = new([.. signatures[0].Parameters.Select(p => p.Type)], [.. signatures[0].Parameters.Select(p => p.Name)], result);

    internal override FeelValue Call(ReadOnlySpan<FeelValue> arguments, FeelSession session)
    {
        foreach (var signature in signatures)
        {
            if (!signature.Takes(arguments.Length))
                continue;
            if (signature.IsOpen)
                return CallOpen(signature, arguments, session);
            if (TryCall(signature, arguments, session, out var result))
                return result;
        }
        return Refuse(arguments, session);
    }

    private static bool TryCall(Signature signature, ReadOnlySpan<FeelValue> arguments, FeelSession session, out FeelValue result)
    {
        Eight room = default;
        var count = signature.Parameters.Count;
        scoped Span<FeelValue> fitted = room;
        fitted = fitted[..count];
        for (var i = 0; i < count; i++)
        {
            fitted[i] = i < arguments.Length ? arguments[i] : default;
            if (i < arguments.Length && !Signature.Fits(signature.Parameters[i], ref fitted[i]))
            {
                result = default;
                return false;
            }
        }
        result = signature.Body(fitted, session);
        return true;
    }

    // The last parameter takes all the rest, as one list.
    private FeelValue CallOpen(Signature signature, ReadOnlySpan<FeelValue> arguments, FeelSession session)
    {
        var fixedCount = signature.Parameters.Count - 1;
        var fitted = new FeelValue[fixedCount + 1];
        var rest = arguments[fixedCount..].ToArray();
        for (var i = 0; i < fixedCount; i++)
        {
            fitted[i] = arguments[i];
            if (!Signature.Fits(signature.Parameters[i], ref fitted[i]))
                return Refuse(arguments, session);
        }
        for (var i = 0; i < rest.Length; i++)
        {
            if (!Signature.Fits(signature.Parameters[^1], ref rest[i]))
                return Refuse(arguments, session);
        }
        fitted[fixedCount] = session.Keep(new FeelList(rest));
        return signature.Body(fitted, session);
    }

    internal override FeelValue Call(ReadOnlySpan<FeelValue> arguments, IReadOnlyList<string> names, FeelSession session)
    {
        foreach (var signature in signatures)
        {
            if (Ordered(signature, arguments, names) is { } ordered && TryCall(signature, ordered, session, out var result))
                return result;
        }
        var known = signatures.SelectMany(s => s.Parameters).Select(p => p.Name).ToHashSet();
        return names.FirstOrDefault(n => !known.Contains(n)) is { } unknown ? session.Null(NullReason.UnknownParameter, unknown, Name) : Refuse(arguments, session);
    }

    private static FeelValue[]? Ordered(Signature signature, ReadOnlySpan<FeelValue> arguments, IReadOnlyList<string> names)
    {
        var ordered = new FeelValue[signature.Parameters.Count];
        var given = 0;
        for (var i = 0; i < ordered.Length; i++)
        {
            var at = IndexOf(names, signature.Parameters[i].Name);
            if (at < 0 && !signature.Parameters[i].IsOptional)
                return null;
            if (at < 0)
                continue;
            ordered[i] = arguments[at];
            if (!Signature.Fits(signature.Parameters[i], ref ordered[i]))
                return null;
            // By its name the last parameter of an open signature takes one argument.
            if (signature.IsOpen && i == ordered.Length - 1)
                ordered[i] = new FeelList(ordered[i]);
            given++;
        }
        if (given < names.Count)
            return null;
        var last = ordered.Length;
        while (last > signature.Least && signature.Parameters[last - 1].IsOptional && IndexOf(names, signature.Parameters[last - 1].Name) < 0)
            last--;
        return ordered[..last];
    }

    private FeelValue Refuse(ReadOnlySpan<FeelValue> arguments, FeelSession session)
    {
        var kinds = new string[arguments.Length];
        for (var i = 0; i < kinds.Length; i++)
            kinds[i] = Values.Print.Kind(arguments[i]);
        return session.Null(NullReason.WrongArguments, Name, string.Join(", ", kinds));
    }

    [System.Runtime.CompilerServices.InlineArray(8)]
    private struct Eight
    {
        private FeelValue _first;
    }
}
