using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Guantong.Trust;

namespace Guantong.Work;

/// <summary>A field of a form as fronts show it, read from its JSON Schema.</summary>
/// <param name="Kind">text, long, number, whole, money, yes-no, choice, choices (several), date, region, rows or files.</param>
/// <param name="Title">Its label in the reader's language.</param>
/// <param name="Help">A sentence below the label, or null.</param>
/// <param name="Options">Of a choice: the value and what the reader is shown.</param>
public sealed record FormField(string Name, string Kind, string Title, string? Help, bool Required, int? MaxLength, decimal? Least, decimal? Most, IReadOnlyList<(string Value, string Label)> Options)
{
    /// <summary>What stands between several values that are sent under one name.</summary>
    public const char Between = '\u001f';

    /// <summary>Of rows: the fields of each.</summary>
    public IReadOnlyList<FormField> Columns { get; init; } = [];

    /// <summary>Of rows: how many there are at least.</summary>
    public int LeastRows { get; init; }

    /// <summary>Of rows: how many there may be.</summary>
    public int MostRows { get; init; } = FormInput.MostRows;

    /// <summary>Whether it is worked out from others, and nobody types it.</summary>
    public bool IsCalculated { get; init; }

    /// <summary>Whether it is asked for under a condition only.</summary>
    public bool IsConditional { get; init; }

    /// <summary>Whether what it holds shows or works out others.</summary>
    public bool IsAny(Func<FormField, bool> what) => what(this) || Columns.Any(c => c.IsAny(what));

    /// <summary>Of a field for files: what it takes.</summary>
    public FileRule? Files { get; init; }

    /// <summary>Of a field for a region: what it offers.</summary>
    public RegionRule? Region { get; init; }

    /// <summary>Of a field for a region, where it was read with the jurisdiction: what is offered, by what it is listed under.</summary>
    public IReadOnlyList<(string Group, IReadOnlyList<(string Value, string Label)> Options)> Groups { get; init; } = [];

    /// <summary>The fields of a form in the schema's order.</summary>
    /// <param name="land">Whose regions fields for regions offer; null where nobody chooses.</param>
    public static IReadOnlyList<FormField> Of(string schema, string lang, Jurisdiction? land = null)
    {
        using var json = JsonDocument.Parse(schema);
        var fields = Of(json.RootElement, lang);
        return land is null ? fields : [.. fields.Select(f => f.Offering(land, lang))];
    }

    private FormField Offering(Jurisdiction land, string lang) => Columns.Count > 0 ? this with { Columns = [.. Columns.Select(c => c.Offering(land, lang))] }
        : Region is not { } rule ? this : rule.Groups(land, lang) is var groups ? this with { Groups = groups, Options = [.. groups.SelectMany(g => g.Options).Select(o => (o.Value, RegionField.Say(land, lang, o.Value)))] } : this;

    private static IReadOnlyList<FormField> Of(JsonElement root, string lang)
    {
        var required = root.TryGetProperty("required", out var names) ? names.EnumerateArray().Select(n => n.GetString()).ToHashSet() : [];
        return root.TryGetProperty("properties", out var properties)
            ? [.. properties.EnumerateObject().Select(p => Of(p.Name, p.Value, required.Contains(p.Name), lang))] : [];
    }

    /// <summary>The form's title in a language.</summary>
    public static string? TitleOf(string schema, string lang)
    {
        using var json = JsonDocument.Parse(schema);
        return Word(json.RootElement, "title", lang);
    }

    /// <summary>What a field holds, from what was typed; texts that are no number stay texts, so that the check can refuse them.</summary>
    public JsonNode? Value(string? typed) => string.IsNullOrWhiteSpace(typed) ? null : Kind switch
    {
        "yes-no" => typed switch { "true" => JsonValue.Create(true), "false" => JsonValue.Create(false), _ => JsonValue.Create(typed) },
        "choices" => new JsonArray([.. typed.Split(Between, StringSplitOptions.RemoveEmptyEntries).Select(v => (JsonNode?)v)]),
        "whole" when long.TryParse(typed, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) => JsonValue.Create(whole),
        "number" or "money" when decimal.TryParse(typed, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) => JsonValue.Create(number),
        _ => JsonValue.Create(typed.Trim()),
    };

    private static FormField Of(string name, JsonElement schema, bool required, string lang)
    {
        var type = schema.TryGetProperty("type", out var t) ? t.GetString() : "string";
        var items = schema.TryGetProperty("items", out var of) ? of : default;
        var chosen = items.ValueKind == JsonValueKind.Object && items.TryGetProperty("enum", out _) ? items : schema;
        var options = chosen.TryGetProperty("enum", out var values) ? values.EnumerateArray().Select(v => v.ToString()).ToList() : [];
        var labels = In(chosen, "x-enum-{0}", lang) is { } said ? said.EnumerateArray().Select(v => v.ToString()).ToList() : options;
        var files = schema.TryGetProperty("x-file", out var file) ? RuleOf(schema, file) : null;
        var kind = files is not null ? "files"
            : items.ValueKind == JsonValueKind.Object && items.TryGetProperty("properties", out _) ? "rows"
            : schema.TryGetProperty("x-region", out _) ? "region"
            : options.Count > 0 ? type == "array" ? "choices" : "choice"
            : type switch
            {
                "boolean" => "yes-no",
                "integer" => "whole",
                "number" => schema.TryGetProperty("x-money", out var money) && money.ValueKind == JsonValueKind.True ? "money" : "number",
                _ => schema.TryGetProperty("format", out var format) && format.GetString() == "date" ? "date" : schema.TryGetProperty("x-long", out var isLong) && isLong.GetBoolean() ? "long" : "text",
            };
        return new FormField(name, kind, Word(schema, "title", lang) ?? name, Word(schema, "description", lang), required,
            schema.TryGetProperty("maxLength", out var max) ? max.GetInt32() : null,
            schema.TryGetProperty("minimum", out var least) ? least.GetDecimal() : null, schema.TryGetProperty("maximum", out var most) ? most.GetDecimal() : null,
            [.. options.Select((o, i) => (o, i < labels.Count ? labels[i] : o))]) {
            Files = files,
            Region = kind == "region" ? RegionRule.Of(schema.GetProperty("x-region")) : null,
            Columns = kind == "rows" ? Of(items, lang) : [],
            LeastRows = schema.TryGetProperty("minItems", out var fewest) ? fewest.GetInt32() : 0,
            MostRows = schema.TryGetProperty("maxItems", out var rows) ? rows.GetInt32() : FormInput.MostRows,
            IsCalculated = schema.TryGetProperty("x-calculate", out _),
            IsConditional = schema.TryGetProperty("x-when", out _),
        };
    }

    // "x-file": {"types": ["pdf"], "megabytes": 5}, either left out for what is usual; "maxItems" says how many.
    private static FileRule RuleOf(JsonElement schema, JsonElement file) => FileRule.Usual with
    {
        Kinds = file.TryGetProperty("types", out var types) ? [.. types.EnumerateArray().Select(t => t.GetString()!)] : FileRule.Usual.Kinds,
        Megabytes = file.TryGetProperty("megabytes", out var megabytes) ? megabytes.GetInt32() : FileRule.Usual.Megabytes,
        Most = schema.TryGetProperty("maxItems", out var most) ? most.GetInt32() : FileRule.Usual.Most,
    };

    // "x-en" stands beside title, "x-en-description" beside description; likewise x-ja. What a language lacks is said in English, and else in Chinese.
    private static string? Word(JsonElement schema, string key, string lang) =>
        In(schema, key == "title" ? "x-{0}" : $"x-{{0}}-{key}", lang) is { } word ? word.GetString()
            : schema.TryGetProperty(key, out var zh) ? zh.GetString() : null;

    internal static JsonElement? In(JsonElement schema, string name, string lang) =>
        lang.StartsWith("zh", StringComparison.OrdinalIgnoreCase) ? null
        : schema.TryGetProperty(name.Replace("{0}", lang, StringComparison.Ordinal), out var own) ? own
        : schema.TryGetProperty(name.Replace("{0}", "en", StringComparison.Ordinal), out var english) ? english : null;

}

/// <summary>A section of a form (x-layout): its fields under a heading, side by side where there is room.</summary>
/// <param name="Title">Null for fields that stand in no section.</param>
/// <param name="Columns">How many stand beside each other.</param>
public sealed record FormSection(string? Title, int Columns, IReadOnlyList<FormField> Fields)
{
    /// <summary>A form's sections in order, fields that stand in none last; one without a title where there is no layout.</summary>
    public static IReadOnlyList<FormSection> Of(string schema, string lang, Jurisdiction? land = null)
    {
        var fields = FormField.Of(schema, lang, land);
        using var json = JsonDocument.Parse(schema);
        if (!json.RootElement.TryGetProperty("x-layout", out var layout))
            return [new FormSection(null, 1, fields)];
        var sections = layout.EnumerateArray().Select(s => new FormSection(
            FormField.In(s, "x-{0}", lang) is { } said ? said.GetString() : s.GetProperty("title").GetString(),
            s.TryGetProperty("columns", out var columns) ? columns.GetInt32() : 1,
            [.. s.GetProperty("fields").EnumerateArray().Select(f => fields.FirstOrDefault(x => x.Name == f.GetString())).OfType<FormField>()])).ToList();
        var rest = fields.Except(sections.SelectMany(s => s.Fields)).ToList();
        return rest.Count == 0 ? sections : [.. sections, new FormSection(null, 1, rest)];
    }
}
