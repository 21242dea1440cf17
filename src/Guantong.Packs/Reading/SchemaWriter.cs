using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Guantong.Packs.Reading;

/// <summary>Writes the grammar as JSON Schema (draft 2020-12), so that editors complete and check while one types.</summary>
public static class SchemaWriter
{
    private static readonly JsonSerializerOptions Pretty = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>File name → schema text, one for each file kind.</summary>
    public static IReadOnlyDictionary<string, string> All() =>
        Grammar.Kinds.ToDictionary(k => $"{k.Kind}.schema.json", k => Write(k.Kind, k.Files, k.Shape));

    private static string Write(string kind, string files, Shape shape)
    {
        var schema = Of(shape);
        schema.Insert(0, "$schema", "https://json-schema.org/draft/2020-12/schema");
        schema.Insert(1, "$id", $"https://guantong.dev/schemas/{kind}.schema.json");
        schema.Insert(2, "title", $"Guantong pack: {files}");
        return schema.ToJsonString(Pretty) + "\n";
    }

    private static JsonObject Of(Shape shape) => shape switch
    {
        // An unquoted 2 or 1.5 is text to the reader; an editor's YAML parser takes it for a number.
        Shape.Words { Pattern: { } pattern } => new() { ["type"] = Scalars(), ["pattern"] = $"^(?:{pattern})$" },
        Shape.Words => new() { ["type"] = Scalars() },
        Shape.Number n => new() { ["type"] = n.Whole ? "integer" : "number" },
        Shape.Truth => new() { ["type"] = "boolean" },
        Shape.OneOf o => new() { ["enum"] = new JsonArray([.. o.Values.SelectMany(Spellings)]) },
        Shape.ListOf l => List(l),
        Shape.MapOf m => Map(m),
        Shape.Form f => Form(f),
        Shape.ScalarOr s => new() { ["anyOf"] = new JsonArray(Of(s.Scalar), Of(s.Other)) },
        _ => [],
    };

    private static JsonArray Scalars() => new("string", "number", "boolean");

    private static IEnumerable<JsonNode> Spellings(string value) =>
        int.TryParse(value, out var number) ? [JsonValue.Create(value), JsonValue.Create(number)] : [JsonValue.Create(value)];

    private static JsonObject Names(Shape key) => key switch
    {
        Shape.Words { Pattern: { } pattern } => new() { ["pattern"] = $"^(?:{pattern})$" },
        Shape.OneOf o => new() { ["enum"] = new JsonArray([.. o.Values.Select(v => JsonValue.Create(v))]) },
        _ => [],
    };

    private static JsonObject List(Shape.ListOf list)
    {
        var schema = new JsonObject { ["type"] = "array", ["items"] = Of(list.Item) };
        if ((list.Exactly ?? list.AtLeast) is > 0 and var least)
            schema["minItems"] = least;
        if (list.Exactly is { } most)
            schema["maxItems"] = most;
        if (list.Once)
            schema["uniqueItems"] = true;
        return schema;
    }

    private static JsonObject Map(Shape.MapOf map)
    {
        var schema = new JsonObject { ["type"] = "object", ["propertyNames"] = Names(map.Key), ["additionalProperties"] = Of(map.Value) };
        if (map.AtLeast > 0)
            schema["minProperties"] = map.AtLeast;
        return schema;
    }

    private static JsonObject Form(Shape.Form form)
    {
        var properties = new JsonObject();
        foreach (var key in form.Keys)
        {
            var schema = Of(key.Shape);
            if (!schema.ContainsKey("description"))
                schema.Insert(0, "description", key.About);
            properties[key.Name] = schema;
        }
        return new JsonObject
        {
            ["description"] = form.About,
            ["type"] = "object",
            ["required"] = new JsonArray([.. form.Keys.Where(k => k.Required).Select(k => JsonValue.Create(k.Name))]),
            ["properties"] = properties,
            ["additionalProperties"] = false,
        };
    }
}
