using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Guantong.Trust;
using NJsonSchema;
using NJsonSchema.Validation;

namespace Guantong.Work;

/// <summary>One field of a form that cannot be accepted.</summary>
/// <param name="Field">The field's path.</param>
/// <param name="Code">required, type, one-of, too-small, too-long, pattern … in kebab-case.</param>
public sealed record FormFault(string Field, string Code)
{
    /// <summary>What fills the sentence; null where nothing does.</summary>
    public object? Detail { get; init; }

    /// <summary>The sentence in a reader's language.</summary>
    public string Say(string lang) => WorkTexts.Say(lang, (Code.StartsWith("file-", StringComparison.Ordinal) ? "conflict." : "form.") + Code, Detail ?? "");
}

/// <summary>What was filled in is not accepted; the change it was for is not made.</summary>
internal sealed class FormRefused(IReadOnlyList<FormFault> faults) : Exception
{
    public IReadOnlyList<FormFault> Faults { get; } = faults;
}

/// <summary>Holds what was filled in against a form's JSON Schema.</summary>
public static class FormCheck
{
    // Read once for as long as the pack's revision that holds the text is known.
    private static readonly ConditionalWeakTable<string, Task<JsonSchema>> Read = [];

    /// <summary>Gives what the form asks for and nothing else, with the faults found.</summary>
    /// <param name="land">Whose regions count; null where fields for regions are taken as they are.</param>
    public static async Task<(JsonObject Clean, IReadOnlyList<FormFault> Faults)> CheckAsync(string schemaText, JsonObject given, Jurisdiction? land = null)
    {
        var schema = await Read.GetValue(schemaText, text => JsonSchema.FromJsonAsync(WithConstants(text)));
        var (clean, hidden) = FormRules.Settle(schemaText, given);
        // What is hidden is not asked for, and what is worked out is nobody's to fill in.
        var faults = schema.Validate(clean.ToJsonString()).SelectMany(Each)
            .Where(f => f.Code != "required" || !hidden.Contains(f.Field)).Distinct().ToList();
        return (clean, land is null ? faults : [.. faults, .. RegionField.Faults(FormField.Of(schemaText, Lang.Zh), clean, land)]);
    }

    // The validator knows no const: it is a choice of one, as JSON Schema has it (validation, 6.1.3).
    private static string WithConstants(string schemaText)
    {
        if (!schemaText.Contains("\"const\"", StringComparison.Ordinal))
            return schemaText;
        var schema = JsonNode.Parse(schemaText)!;
        Replace(schema);
        return schema.ToJsonString();

        static void Replace(JsonNode? node)
        {
            foreach (var child in node switch { JsonObject o => o.Select(p => p.Value), JsonArray a => a, _ => [] })
                Replace(child);
            if (node is JsonObject of && of["const"] is JsonValue only && !of.ContainsKey("enum"))
                of["enum"] = new JsonArray(only.DeepClone());
        }
    }

    // What is wrong in a row is told at its place: members[0].income.
    private static IEnumerable<FormFault> Each(ValidationError error) => error is ChildSchemaValidationError { Errors.Count: > 0 } within ? within.Errors.Values.SelectMany(e => e).SelectMany(Each)
        : [new FormFault(Path(error), error is { Kind: ValidationErrorKind.NotInEnumeration, Schema.Type: JsonObjectType.Boolean } ? "agree" : Code(error.Kind))];

    private static string Path(ValidationError error) => error.Path?.TrimStart('#', '/').Replace('/', '.') is { Length: > 0 } path ? path : error.Property ?? "";

    private static string Code(ValidationErrorKind kind) => kind switch
    {
        ValidationErrorKind.PropertyRequired => "required",
        ValidationErrorKind.TooFewItems => "too-few",
        ValidationErrorKind.TooManyItems => "too-many",
        ValidationErrorKind.NotInEnumeration => "one-of",
        ValidationErrorKind.NumberTooSmall => "too-small",
        ValidationErrorKind.NumberTooBig => "too-big",
        ValidationErrorKind.StringTooLong => "too-long",
        ValidationErrorKind.StringTooShort => "too-short",
        ValidationErrorKind.PatternMismatch => "pattern",
        ValidationErrorKind.DateExpected or ValidationErrorKind.DateTimeExpected => "date",
        _ => "type",
    };
}
