using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using Guantong.Feel;

namespace Guantong.Work;

/// <summary>Conditions (x-when) and calculations (x-calculate) of forms, in FEEL over what was filled in. Pure: the same text gives the same, and settling what is settled changes nothing.</summary>
/// <remarks>Each reads only fields that stand before it (guantong check), so that once through the schema in its order is enough.</remarks>
public static class FormRules
{
    // Parsed once for as long as the pack's revision that holds the text is known.
    private static readonly ConditionalWeakTable<string, JsonElementHolder> Read = [];

    private sealed record JsonElementHolder(JsonElement Root);

    /// <summary>What a form comes to: hidden fields are gone, calculated ones worked out, whatever was sent under their names.</summary>
    /// <param name="schema">The form's JSON Schema.</param>
    /// <param name="given">What was filled in; it stays as it is.</param>
    /// <returns>What is kept, and the paths of what is hidden: income, members[0].income.</returns>
    public static (JsonObject Settled, IReadOnlySet<string> Hidden) Settle(string schema, JsonObject given)
    {
        var root = Read.GetValue(schema, text => { using var json = JsonDocument.Parse(text); return new JsonElementHolder(json.RootElement.Clone()); }).Root;
        var hidden = new HashSet<string>();
        return (Settle(root, given, "", hidden), hidden);
    }

    private static JsonObject Settle(JsonElement schema, JsonObject given, string path, HashSet<string> hidden)
    {
        var settled = new JsonObject();
        if (!schema.TryGetProperty("properties", out var properties))
            return settled;
        foreach (var field in properties.EnumerateObject().Where(f => f.Value.ValueKind == JsonValueKind.Object))
        {
            var values = new Lazy<IReadOnlyDictionary<string, object?>>(() => Named(properties, settled));
            if (Text(field.Value, "x-when") is { } when && !Holds(when, values.Value))
                hidden.Add(path + field.Name);
            else if (Text(field.Value, "x-calculate") is { } formula)
            {
                if (Node(Value(formula, values.Value)) is { } worked)
                    settled[field.Name] = worked;
            }
            else if (given[field.Name] is { } value && !IsBlank(value))
                settled[field.Name] = Rows(field.Value, value, path + field.Name, hidden);
        }
        return settled;
    }

    // Rows that nothing was filled into are no rows.
    private static JsonNode Rows(JsonElement field, JsonNode value, string path, HashSet<string> hidden)
    {
        if (value is not JsonArray rows || !field.TryGetProperty("items", out var items) || !items.TryGetProperty("properties", out _))
            return value.DeepClone();
        var kept = new JsonArray();
        foreach (var row in rows)
        {
            if (row is not JsonObject filled)
                kept.Add(row?.DeepClone());
            else if (filled.Any(c => c.Value is not null && !IsBlank(c.Value)) && Settle(items, filled, $"{path}[{kept.Count}].", hidden) is { Count: > 0 } settled)
                kept.Add(settled);
        }
        return kept;
    }

    // A field left blank is there, as null: a condition over it is not true.
    private static Dictionary<string, object?> Named(JsonElement properties, JsonObject settled)
    {
        var values = properties.EnumerateObject().ToDictionary(p => p.Name, _ => (object?)null);
        foreach (var (name, value) in Json.Values(settled))
            values[name] = value;
        return values;
    }

    /// <summary>Whether a condition is true; one that cannot be worked out is not.</summary>
    public static bool Holds(string condition, IReadOnlyDictionary<string, object?> values) => Value(condition, values) is true;

    /// <summary>What an expression gives; null where it cannot be worked out.</summary>
    public static object? Value(string expression, IReadOnlyDictionary<string, object?> values)
    {
        try
        {
            return FeelExpression.Parse(expression, [.. values.Keys]).Expression?.Evaluate(values);
        }
        catch (FeelBudgetException)
        {
            return null;
        }
    }

    private static JsonNode? Node(object? value) => value switch
    {
        null => null,
        bool truth => JsonValue.Create(truth),
        decimal number => JsonValue.Create(number / 1.000000000000000000000000000000m),
        string text => JsonValue.Create(text),
        _ => JsonValue.Create(Convert.ToString(value, System.Globalization.CultureInfo.InvariantCulture)),
    };

    private static bool IsBlank(JsonNode value) => value is JsonValue v && v.TryGetValue<string>(out var text) && string.IsNullOrWhiteSpace(text);

    private static string? Text(JsonElement field, string key) => field.TryGetProperty(key, out var said) && said.ValueKind == JsonValueKind.String ? said.GetString() : null;
}
