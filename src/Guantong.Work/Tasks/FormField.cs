using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Guantong.Work;

/// <summary>A field of a form as fronts show it, read from its JSON Schema.</summary>
/// <param name="Kind">text, long, number, whole, yes-no, choice, date or files.</param>
/// <param name="Title">Its label in the reader's language.</param>
/// <param name="Help">A sentence below the label, or null.</param>
/// <param name="Options">Of a choice: the value and what the reader is shown.</param>
public sealed record FormField(string Name, string Kind, string Title, string? Help, bool Required, int? MaxLength, decimal? Least, decimal? Most, IReadOnlyList<(string Value, string Label)> Options)
{
    /// <summary>Of a field for files: what it takes.</summary>
    public FileRule? Files { get; init; }


    /// <summary>The fields of a form in the schema's order.</summary>
    public static IReadOnlyList<FormField> Of(string schema, string lang)
    {
        using var json = JsonDocument.Parse(schema);
        var root = json.RootElement;
        var required = root.TryGetProperty("required", out var names) ? names.EnumerateArray().Select(n => n.GetString()).ToHashSet() : [];
        return root.TryGetProperty("properties", out var properties)
            ? [.. properties.EnumerateObject().Select(p => Of(p.Name, p.Value, required.Contains(p.Name), lang.StartsWith("en", StringComparison.OrdinalIgnoreCase)))] : [];
    }

    /// <summary>The form's title in a language.</summary>
    public static string? TitleOf(string schema, string lang)
    {
        using var json = JsonDocument.Parse(schema);
        return Word(json.RootElement, "title", lang.StartsWith("en", StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>What a field holds, from what was typed; texts that are no number stay texts, so that the check can refuse them.</summary>
    public JsonNode? Value(string? typed) => string.IsNullOrWhiteSpace(typed) ? null : Kind switch
    {
        "yes-no" => typed switch { "true" => JsonValue.Create(true), "false" => JsonValue.Create(false), _ => JsonValue.Create(typed) },
        "whole" when long.TryParse(typed, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) => JsonValue.Create(whole),
        "number" when decimal.TryParse(typed, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) => JsonValue.Create(number),
        _ => JsonValue.Create(typed.Trim()),
    };

    private static FormField Of(string name, JsonElement schema, bool required, bool english)
    {
        var options = schema.TryGetProperty("enum", out var values) ? values.EnumerateArray().Select(v => v.ToString()).ToList() : [];
        var labels = english && schema.TryGetProperty("x-enum-en", out var said) ? said.EnumerateArray().Select(v => v.ToString()).ToList() : options;
        var type = schema.TryGetProperty("type", out var t) ? t.GetString() : "string";
        var files = schema.TryGetProperty("x-file", out var file) ? RuleOf(schema, file) : null;
        var kind = files is not null ? "files"
            : options.Count > 0 ? "choice"
            : type switch
            {
                "boolean" => "yes-no",
                "integer" => "whole",
                "number" => "number",
                _ => schema.TryGetProperty("format", out var format) && format.GetString() == "date" ? "date" : schema.TryGetProperty("x-long", out var isLong) && isLong.GetBoolean() ? "long" : "text",
            };
        return new FormField(name, kind, Word(schema, "title", english) ?? name, Word(schema, "description", english), required,
            schema.TryGetProperty("maxLength", out var max) ? max.GetInt32() : null,
            schema.TryGetProperty("minimum", out var least) ? least.GetDecimal() : null, schema.TryGetProperty("maximum", out var most) ? most.GetDecimal() : null,
            [.. options.Select((o, i) => (o, i < labels.Count ? labels[i] : o))]) { Files = files };
    }

    // "x-file": {"types": ["pdf"], "megabytes": 5}, either left out for what is usual; "maxItems" says how many.
    private static FileRule RuleOf(JsonElement schema, JsonElement file) => FileRule.Usual with
    {
        Kinds = file.TryGetProperty("types", out var types) ? [.. types.EnumerateArray().Select(t => t.GetString()!)] : FileRule.Usual.Kinds,
        Megabytes = file.TryGetProperty("megabytes", out var megabytes) ? megabytes.GetInt32() : FileRule.Usual.Megabytes,
        Most = schema.TryGetProperty("maxItems", out var most) ? most.GetInt32() : FileRule.Usual.Most,
    };

    // "x-en" stands beside title; "x-en-description" beside description.
    private static string? Word(JsonElement schema, string key, bool english) =>
        english && schema.TryGetProperty(key == "title" ? "x-en" : $"x-en-{key}", out var en) ? en.GetString()
        : schema.TryGetProperty(key, out var zh) ? zh.GetString() : null;
}
