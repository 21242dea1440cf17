using System.Text.Json.Nodes;

namespace Guantong.Trust.Scim;

/// <summary>Where a value stands in a resource: <c>attr</c>, <c>attr.sub</c>, <c>attr[filter]</c>, <c>attr[filter].sub</c>, perhaps behind the URN of a schema (RFC 7644 §3.5.2, §3.10).</summary>
/// <param name="Schema">The extension in whose object it stands, or null for the resource itself.</param>
internal sealed record ScimPath(string? Schema, string Attribute, ScimFilter? Filter, string? Sub)
{
    private const string Core = "urn:ietf:params:scim:schemas:core:2.0:";

    /// <summary>Reads a path.</summary>
    /// <exception cref="ScimError">It is none.</exception>
    public static ScimPath Parse(string text)
    {
        var open = text.IndexOf('[', StringComparison.Ordinal);
        if (open < 0)
            return Plain(text);
        var close = text.LastIndexOf(']');
        var rest = close > open ? text[(close + 1)..] : "?";
        if (rest.Length > 0 && !(rest[0] == '.' && IsName(rest[1..])))
            throw ScimError.Path($"The path {text} is not closed.");
        return Plain(text[..open]) with { Filter = ScimFilter.Parse(text[(open + 1)..close]), Sub = rest.Length > 0 ? rest[1..] : null };
    }

    private static ScimPath Plain(string text)
    {
        string? schema = null;
        // A URN has dots of its own (2.0): the attribute begins behind its last colon.
        if (text.StartsWith("urn:", StringComparison.OrdinalIgnoreCase))
        {
            if (ScimSchemas.Extensions.FirstOrDefault(e => text.Equals(e, StringComparison.OrdinalIgnoreCase)) is { } whole)
                return new ScimPath(null, whole, null, null);
            var at = text.LastIndexOf(':');
            (schema, text) = (text[..at], text[(at + 1)..]);
            if (schema.StartsWith(Core, StringComparison.OrdinalIgnoreCase))
                schema = null;
        }
        var parts = text.Split('.');
        return parts.Length <= 2 && parts.All(IsName) ? new ScimPath(schema, parts[0], null, parts.Length == 2 ? parts[1] : null) : throw ScimError.Path($"{text} is no path.");
    }

    private static bool IsName(string text) => text.Length > 0 && (char.IsAsciiLetter(text[0]) || text[0] == '$') && text.Skip(1).All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '$');

    /// <summary>The values that stand there in a resource; of a complex value without a named part, its <c>value</c>.</summary>
    public IEnumerable<JsonNode> Values(JsonObject resource)
    {
        var holder = Schema is null ? resource : Get(resource, Schema) as JsonObject;
        foreach (var item in Each(holder is null ? null : Get(holder, Attribute)))
        {
            if (Filter is not null && !(item is JsonObject filtered && Filter.Fits(filtered)))
                continue;
            var value = item is JsonObject complex ? Get(complex, Sub ?? "value") ?? (Sub is null ? complex : null) : Sub is null or "value" ? item : null;
            if (value is not null)
                yield return value;
        }
    }

    private static IEnumerable<JsonNode> Each(JsonNode? node) => node is JsonArray array ? array.OfType<JsonNode>() : node is null ? [] : [node];

    /// <summary>An attribute by name; names are compared without regard to case (RFC 7643 §2.1).</summary>
    public static JsonNode? Get(JsonObject holder, string name) => Key(holder, name) is { } key ? holder[key] : null;

    /// <summary>The attribute's name as the object writes it, or null.</summary>
    public static string? Key(JsonObject holder, string name) => holder.FirstOrDefault(p => p.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Key;
}
