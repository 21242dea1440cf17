using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
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
    public string Say(string lang) => WorkTexts.Say(lang, (Code.StartsWith("file-", StringComparison.Ordinal) ? "conflict." : "form.") + Code, Detail);
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
    public static async Task<(JsonObject Clean, IReadOnlyList<FormFault> Faults)> CheckAsync(string schemaText, JsonObject given)
    {
        var schema = await Read.GetValue(schemaText, text => JsonSchema.FromJsonAsync(text));
        var clean = new JsonObject();
        foreach (var name in schema.Properties.Keys)
        {
            // An empty text is a field left blank.
            if (given[name] is { } value && !(value is JsonValue v && v.TryGetValue<string>(out var text) && text.Trim().Length == 0))
                clean[name] = value.DeepClone();
        }
        var faults = schema.Validate(clean.ToJsonString())
            .Select(e => new FormFault(e.Property ?? e.Path?.TrimStart('#', '/') ?? "", Code(e.Kind)))
            .Distinct().ToList();
        return (clean, faults);
    }

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
