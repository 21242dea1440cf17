using System.Text.Json;
using Guantong.Feel;

namespace Guantong.Processes.Running;

/// <summary>Keys by which messages find their process (clause 8.4.2).</summary>
internal static class Keys
{
    private static readonly JsonSerializerOptions Readable = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The values as one text; null when there is none, or one is unknown.</summary>
    public static string? Of(IReadOnlyList<FeelValue> values) => values.Count == 0 || values.Any(v => v.IsNull) ? null
        : values is [var only] ? Text(only) : JsonSerializer.Serialize(values.Select(Text), Readable);

    /// <summary>What a message's own data say, by the file's correlation properties.</summary>
    public static string? OfMessage(ProcessDefinition definition, string? messageId, IReadOnlyDictionary<string, object?> data) =>
        messageId is not null && definition.Correlation.OfMessage.TryGetValue(messageId, out var paths) ? Of([.. paths.Select(p => Value(p, data))]) : null;

    // A path that takes more than it may tells nothing.
    private static FeelValue Value(FeelExpression path, IReadOnlyDictionary<string, object?> data)
    {
        try
        {
            return path.Evaluate(data, new FeelSession());
        }
        catch (FeelBudgetException)
        {
            return default;
        }
    }

    private static string? Text(FeelValue value) => Plain.Of(value) switch
    {
        string text => text,
        var other => JsonSerializer.Serialize(other, Readable),
    };
}
