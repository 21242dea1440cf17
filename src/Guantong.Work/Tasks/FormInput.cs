using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Guantong.Work;

/// <summary>What is typed into a form's controls, by their names (income, members[0].income), and the JSON that it comes to. Pure; both fronts use it.</summary>
public static partial class FormInput
{
    /// <summary>The most rows that are read, however many are sent.</summary>
    public const int MostRows = 200;

    /// <summary>What was filled in. Texts that are no number stay texts, so that the check can refuse them; rows without anything in them stay, so that their places do.</summary>
    public static JsonObject Read(IReadOnlyList<FormField> fields, IReadOnlyDictionary<string, string> typed, string prefix = "")
    {
        var given = new JsonObject();
        foreach (var field in fields)
        {
            if (field.Columns.Count > 0)
            {
                if (Rows(field, typed, prefix) is > 0 and var rows)
                    given[field.Name] = new JsonArray([.. Enumerable.Range(0, rows).Select(i => (JsonNode?)Read(field.Columns, typed, $"{prefix}{field.Name}[{i}]."))]);
            }
            else if (field.Value(typed.GetValueOrDefault(prefix + field.Name)) is { } value)
                given[field.Name] = value;
        }
        return given;
    }

    /// <summary>How many rows of a field stand there: those that were sent, and at least as many as it asks for.</summary>
    public static int Rows(FormField field, IReadOnlyDictionary<string, string> typed, string prefix = "")
    {
        var name = $"{prefix}{field.Name}[";
        var sent = typed.Keys.Where(k => k.StartsWith(name, StringComparison.Ordinal)).Select(k => Place().Match(k[(name.Length - 1)..])).Where(m => m.Success)
            .Select(m => int.TryParse(m.Groups[1].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var i) ? i + 1 : 0).DefaultIfEmpty(0).Max();
        return Math.Min(MostRows, Math.Max(sent, field.LeastRows));
    }

    /// <summary>JSON as it stands in a form's controls.</summary>
    public static Dictionary<string, string> Spread(JsonObject given, string prefix = "")
    {
        var typed = new Dictionary<string, string>();
        foreach (var (name, value) in given)
        {
            if (value is JsonArray rows && rows.Any(r => r is JsonObject))
            {
                foreach (var (row, i) in rows.Select((r, i) => (r as JsonObject ?? [], i)))
                    foreach (var (key, text) in Spread(row, $"{prefix}{name}[{i.ToString(CultureInfo.InvariantCulture)}]."))
                        typed[key] = text;
            }
            else if (value is JsonArray several)
                typed[prefix + name] = string.Join(FormField.Between, several.Select(s => s?.ToString()));
            else if (value is not null)
                typed[prefix + name] = value is JsonValue v && v.TryGetValue<bool>(out var truth) ? truth ? "true" : "false" : value.ToString();
        }
        return typed;
    }

    /// <summary>The same without a row; those behind it move up.</summary>
    public static Dictionary<string, string> Without(IReadOnlyDictionary<string, string> typed, string field, int row)
    {
        var left = new Dictionary<string, string>();
        foreach (var (key, text) in typed)
        {
            if (!key.StartsWith(field + "[", StringComparison.Ordinal) || Place().Match(key[field.Length..]) is not { Success: true } place || !int.TryParse(place.Groups[1].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var at))
                left[key] = text;
            else if (at != row)
                left[$"{field}[{(at > row ? at - 1 : at).ToString(CultureInfo.InvariantCulture)}]{key[(field.Length + place.Length)..]}"] = text;
        }
        return left;
    }

    /// <summary>The same without rows that nothing was filled into: what is wrong in a row is told by its place among those that are kept.</summary>
    public static Dictionary<string, string> Compact(IReadOnlyList<FormField> fields, IReadOnlyDictionary<string, string> typed)
    {
        var left = new Dictionary<string, string>(typed);
        foreach (var field in fields.Where(f => f.Columns.Count > 0))
        {
            for (var row = Rows(field, left) - 1; row >= 0; row--)
            {
                if (field.Columns.All(c => string.IsNullOrWhiteSpace(left.GetValueOrDefault($"{field.Name}[{row.ToString(CultureInfo.InvariantCulture)}].{c.Name}"))))
                    left = Without(left, field.Name, row);
            }
        }
        return left;
    }

    [GeneratedRegex(@"^\[([0-9]{1,4})\]")]
    private static partial Regex Place();
}
