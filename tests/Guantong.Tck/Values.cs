using Guantong.Feel;

namespace Guantong.Tck;

/// <summary>Values of test files as the engine takes them, and how results are compared with them.</summary>
internal static class Values
{
    // The kit's own runners take numbers that agree to eight places as equal.
    private static readonly FeelNumber Tolerance = 0.00000001m;

    /// <summary>A value that is given; where the file tells no type, the model's declaration does.</summary>
    public static FeelValue Given(Written w, FeelType? declared = null) => (w, Plain(declared)) switch
    {
        (Written.Items l, var type) => new FeelList([.. l.All.Select(i => Given(i, (type as ListType)?.Item))]),
        (Written.Components c, var type) => new FeelContext([.. c.All.Select(p => p.Name)],
            [.. c.All.Select(p => Given(p.Value, (type as ContextType)?.Entries.FirstOrDefault(e => e.Name == p.Name).Type))]),
        (Written.Simple s, var type) => Simple(s.Type.Length > 0 ? s.Type : type?.ToString() ?? "", s.Text),
        _ => FeelValue.Null,
    };

    private static FeelType? Plain(FeelType? type) => type is NamedType named ? Plain(named.Base) : type;

    private static FeelValue Simple(string type, string written)
    {
        var text = written.Trim();
        return type switch
        {
            "" or "string" or "Any" or "anySimpleType" => written,
            "boolean" => text is "true" or "1",
            "date" => Call("date", text),
            "time" => Call("time", text),
            "dateTime" or "date and time" => Call("date and time", text),
            "duration" or "dayTimeDuration" or "yearMonthDuration" or "days and time duration" or "years and months duration" => Call("duration", text),
            _ => FeelNumber.TryParse(text, out var number) ? number : throw new FormatException($"“{text}” is no {type}."),
        };
    }

    private static FeelValue Call(string function, string text) =>
        FeelExpression.Parse($"{function}(text)", ["text"]).Expression!.Evaluate(new Dictionary<string, object?> { ["text"] = text }, new FeelSession()) is { IsNull: false } value
            ? value : throw new FormatException($"“{text}” is no {function}.");

    public static bool Same(Written wanted, FeelValue value) => wanted switch
    {
        Written.Nothing => value.IsNull,
        Written.Items l => value.List is { } list && list.Count == l.All.Count && l.All.Zip(list).All(p => Same(p.First, p.Second)),
        Written.Components c => value.Context is { } context && c.All.Count == context.Count && c.All.All(p => context.TryGet(p.Name, out var entry) && Same(p.Value, entry)),
        // An empty value without a type is none.
        Written.Simple { Type: "", Text: "" } => value.IsNull || value.String is "",
        Written.Simple { Type: "" } s => !value.IsNull && SameSimple(Simple(FeelType.Of(value).ToString(), s.Text), value),
        _ => SameSimple(Given(wanted), value),
    };

    private static bool SameSimple(FeelValue wanted, FeelValue value)
    {
        if (wanted.Kind != value.Kind)
            return false;
        if (wanted.IsNumber)
            return FeelNumber.Subtract(wanted.Number, value.Number) is { } apart && apart.Abs() < Tolerance;
        return wanted.ToString() == value.ToString();
    }
}
