using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Guantong.Decisions.Explaining;
using Guantong.Feel;

namespace Guantong.Decisions;

/// <summary>What is given to a decision and what it answers, as JSON. Dates, times and durations are texts as FEEL writes them in <c>@"…"</c>.</summary>
public static class DecisionJson
{
    /// <summary>Input data from a JSON object; texts become dates, times or durations where the model says so.</summary>
    /// <returns>The inputs, and the names that the model does not have.</returns>
    public static (IReadOnlyDictionary<string, object?> Inputs, IReadOnlyList<string> Unknown) Inputs(DmnModel model, JsonElement given)
    {
        var types = model.Inputs.GroupBy(i => i.Name).ToDictionary(g => g.Key, g => g.First().Type);
        var inputs = new Dictionary<string, object?>();
        var unknown = new List<string>();
        foreach (var property in given.EnumerateObject())
        {
            if (types.TryGetValue(property.Name, out var type))
                inputs[property.Name] = Read(property.Value, type);
            else
                unknown.Add(property.Name);
        }
        return (inputs, unknown);
    }

    /// <summary>An outcome as JSON: result, the rules that fired, the values on the way, and why values came out as null.</summary>
    public static JsonObject Answer(DecisionOutcome outcome, string lang) => new()
    {
        ["result"] = Write(outcome.Value),
        ["matched"] = new JsonArray([.. outcome.Matched.Select(m => new JsonObject { ["table"] = m.Table, ["rule"] = m.Rule })]),
        ["values"] = new JsonObject(outcome.Intermediate.Select(v => KeyValuePair.Create(v.Key, Write(v.Value)))),
        ["reasons"] = new JsonArray([.. outcome.Reasons.Select(r => r.Message(lang)).Distinct().Select(m => (JsonNode)m)]),
    };

    /// <summary>An explanation as JSON: name, sentence, tables with their rules, and what it rests on.</summary>
    public static JsonNode Write(Explanation explanation) => JsonSerializer.SerializeToNode(explanation, Words)!;

    private static readonly JsonSerializerOptions Words = new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower) } };

    private static FeelValue Read(JsonElement value, FeelType? type) => value.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.Number => FeelNumber.TryParse(value.GetRawText(), out var number) ? number : FeelClr.From(value.GetDouble()),
        JsonValueKind.String => Text(value.GetString()!, Plain(type)),
        JsonValueKind.Array => FeelClr.From(value.EnumerateArray().Select(i => (object?)Read(i, Plain(type) is ListType list ? list.Item : type)).ToList()),
        JsonValueKind.Object => FeelClr.From(value.EnumerateObject().GroupBy(p => p.Name).ToDictionary(g => g.Key, g => (object?)Read(g.Last().Value, Member(Plain(type), g.Key)))),
        _ => default,
    };

    private static FeelType? Plain(FeelType? type) => type is NamedType named ? Plain(named.Base) : type;

    private static FeelType? Member(FeelType? type, string name) => type is ContextType context ? context.Entries.FirstOrDefault(e => e.Name == name).Type : null;

    // @"…" reads each of the temporal kinds (DMN 1.5 §10.3.1.2, rule 62); a text that is none of them stays a text.
    private static FeelValue Text(string text, FeelType? type) =>
        type is KindType { Kind: FeelKind.Date or FeelKind.Time or FeelKind.DateTime or FeelKind.DaysTime or FeelKind.YearsMonths }
            && FeelExpression.Parse($"@{JsonSerializer.Serialize(text)}").Expression is { } literal
            ? FeelClr.From(literal.Evaluate(new Dictionary<string, object?>())) : text;

    /// <summary>A value as JSON: temporal values, ranges and functions as FEEL writes them.</summary>
    public static JsonNode? Write(object? value) => value switch
    {
        null => null,
        bool b => b,
        decimal d => JsonValue.Create(d),
        double or long or int => JsonValue.Create(Convert.ToDecimal(value, CultureInfo.InvariantCulture)),
        string s => s,
        DateOnly d => d.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        IReadOnlyDictionary<string, object?> entries => new JsonObject(entries.Select(e => KeyValuePair.Create(e.Key, Write(e.Value)))),
        IEnumerable<object?> items => new JsonArray([.. items.Select(Write)]),
        FeelNumber n => JsonNode.Parse(n.ToString()),
        _ => FeelClr.From(value).ToString(),
    };
}
