using System.Globalization;
using System.Text;
using Guantong.Feel.Evaluation;
using Guantong.Feel.Parsing;

namespace Guantong.Feel.Values;

/// <summary>Values as text (DMN 1.5 §10.3.4.1, <c>string</c>).</summary>
internal static class Print
{
    /// <summary>A string as it is, everything else as FEEL would write it.</summary>
    public static string Of(FeelValue value, FeelSession? session = null)
    {
        if (value.String is { } text)
            return text;
        if (value.Kind is FeelKind.Date or FeelKind.Time or FeelKind.DateTime or FeelKind.DaysTime or FeelKind.YearsMonths)
            return Temporal(value);
        var into = new StringBuilder();
        Write(value, into, session ?? new FeelSession());
        return into.ToString();
    }

    /// <summary>The beginning of a value's text, for messages.</summary>
    public static string Short(FeelValue value)
    {
        if (value.Kind is FeelKind.List or FeelKind.Context or FeelKind.Function)
            return Kind(value);
        var text = Of(value);
        return text.Length <= 60 ? text : text[..60] + "…";
    }

    /// <summary>What people call the kind of a value.</summary>
    public static string Kind(FeelValue value) => value.Kind switch
    {
        FeelKind.Null => "null",
        FeelKind.List => "list",
        FeelKind.Context => "context",
        FeelKind.Range => "range",
        FeelKind.Function => "function",
        _ => FeelType.Of(value).ToString(),
    };

    /// <summary>A value as FEEL would write it, strings in quotes.</summary>
    public static string Literal(FeelValue value)
    {
        var into = new StringBuilder();
        Write(value, into, new FeelSession());
        return into.ToString();
    }

    public static string Quoted(string text)
    {
        var quoted = new StringBuilder("\"", text.Length + 2);
        foreach (var c in text)
        {
            quoted.Append(c switch { '"' => "\\\"", '\\' => "\\\\", '\n' => "\\n", '\r' => "\\r", '\t' => "\\t", _ => null });
            if (c is not ('"' or '\\' or '\n' or '\r' or '\t'))
                quoted.Append(c);
        }
        return quoted.Append('"').ToString();
    }

    /// <summary>A context's key, in quotes unless it is a plain name.</summary>
    public static string Key(string key) => NameText.IsPlain(key) && Array.TrueForAll(key.Split(' '), w => NameText.IsStart(w[0])) ? key : Quoted(key);

    private static string Temporal(FeelValue value) => value.Kind switch
    {
        FeelKind.Date => value.Date.ToString(),
        FeelKind.Time => value.Time!.ToString(),
        FeelKind.DateTime => value.DateTime!.ToString(),
        FeelKind.DaysTime => value.DaysTime.ToString(),
        _ => value.YearsMonths.ToString(),
    };

    private static void Write(FeelValue value, StringBuilder into, FeelSession session)
    {
        var before = into.Length;
        switch (value.Kind)
        {
            case FeelKind.Null: into.Append("null"); break;
            case FeelKind.Boolean: into.Append(value.IsTrue ? "true" : "false"); break;
            case FeelKind.Number: into.Append(value.Number.ToString()); break;
            case FeelKind.String: into.Append(Quoted(value.String!)); break;
            case FeelKind.List: WriteList(value.List!, into, session); break;
            case FeelKind.Context: WriteContext(value.Context!, into, session); break;
            case FeelKind.Range: WriteRange(value.Range!, into, session); break;
            case FeelKind.Function: into.Append(CultureInfo.InvariantCulture, $"function {value.Function!.Name}({string.Join(", ", value.Function.Type.ParameterNames)})"); break;
            default: into.Append(CultureInfo.InvariantCulture, $"@\"{Temporal(value)}\""); break;
        }
        session.Keep(2L * (into.Length - before) + 8);
    }

    private static void WriteList(FeelList list, StringBuilder into, FeelSession session)
    {
        session.Enter();
        into.Append('[');
        for (var i = 0; i < list.Count; i++)
        {
            if (i > 0)
                into.Append(", ");
            Write(list[i], into, session);
        }
        into.Append(']');
        session.Leave();
    }

    private static void WriteContext(FeelContext context, StringBuilder into, FeelSession session)
    {
        session.Enter();
        into.Append('{');
        for (var i = 0; i < context.Count; i++)
        {
            into.Append(i > 0 ? ", " : "").Append(Key(context.Keys[i])).Append(": ");
            Write(context.Values[i], into, session);
        }
        into.Append('}');
        session.Leave();
    }

    private static void WriteRange(FeelRange range, StringBuilder into, FeelSession session)
    {
        if (range.Operator is { } op)
        {
            into.Append('(').Append(op).Append(' ');
            Write(op is "<" or "<=" ? range.End : range.Start, into, session);
            into.Append(')');
            return;
        }
        into.Append(range.StartIncluded ? '[' : '(');
        Write(range.Start, into, session);
        into.Append("..");
        Write(range.End, into, session);
        into.Append(range.EndIncluded ? ']' : ')');
    }
}
