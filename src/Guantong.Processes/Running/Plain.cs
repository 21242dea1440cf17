using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Guantong.Feel;

namespace Guantong.Processes.Running;

/// <summary>Data as a process keeps it: decimal, string, bool, null, list, dictionary; dates, times and durations as ISO 8601 text.</summary>
internal static class Plain
{
    public static readonly IReadOnlyDictionary<string, object?> None = new Dictionary<string, object?>();

    public static Dictionary<string, object?> Of(IReadOnlyDictionary<string, object?> data)
    {
        var plain = new Dictionary<string, object?>(data.Count);
        foreach (var (key, value) in data)
            plain[key] = Of(value);
        return plain;
    }

    public static object? Of(object? value) => value switch
    {
        null or bool or string or decimal => value,
        JsonElement e => Of(e),
        int or long or short or byte or uint => Convert.ToDecimal(value, CultureInfo.InvariantCulture),
        double d => Math.Abs(d) < 7e28 ? (decimal)d : null,
        DateOnly d => d.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        DateTimeOffset t => t.ToString("yyyy-MM-ddTHH:mm:ss.FFFFFFFK", CultureInfo.InvariantCulture),
        IReadOnlyDictionary<string, object?> entries => Of(entries),
        IEnumerable<object?> items => items.Select(Of).ToList(),
        _ => FeelClr.From(value).ToString(),
    };

    public static object? Of(FeelValue value) => Of(FeelClr.To(value));

    private static object? Of(JsonElement e) => e.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.Number => e.TryGetDecimal(out var d) ? d : null,
        JsonValueKind.String => e.GetString(),
        JsonValueKind.Array => e.EnumerateArray().Select(i => Of(i)).ToList(),
        // A name that is given twice: the last counts.
        JsonValueKind.Object => e.EnumerateObject().GroupBy(p => p.Name).ToDictionary(g => g.Key, g => Of(g.Last().Value)),
        _ => null,
    };
}

/// <summary>Reads data as plain values instead of pieces of JSON.</summary>
internal sealed class PlainConverter : JsonConverter<IReadOnlyDictionary<string, object?>>
{
    public override IReadOnlyDictionary<string, object?>? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        (IReadOnlyDictionary<string, object?>?)Plain.Of((object)JsonElement.ParseValue(ref reader));

    public override void Write(Utf8JsonWriter writer, IReadOnlyDictionary<string, object?> value, JsonSerializerOptions options) =>
        JsonSerializer.Serialize(writer, (object)value, options);
}

/// <summary>The same for a list.</summary>
internal sealed class PlainListConverter : JsonConverter<IReadOnlyList<object?>>
{
    public override IReadOnlyList<object?>? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        (IReadOnlyList<object?>?)Plain.Of((object)JsonElement.ParseValue(ref reader));

    public override void Write(Utf8JsonWriter writer, IReadOnlyList<object?> value, JsonSerializerOptions options) =>
        JsonSerializer.Serialize(writer, (object)value, options);
}
