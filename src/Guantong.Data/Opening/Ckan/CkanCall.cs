using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Guantong.Data;

/// <summary>An action cannot be done, in CKAN's own kinds of errors (<c>ckan.logic</c>) with their status codes.</summary>
/// <param name="status">404, 409, 403 or 400.</param>
/// <param name="kind">What stands as <c>__type</c>.</param>
internal sealed class CkanException(int status, string kind, string? message, JsonObject? fields = null) : Exception
{
    public int Status => status;

    /// <summary>What stands under <c>error</c>.</summary>
    public JsonObject Error
    {
        get
        {
            var error = new JsonObject { ["__type"] = kind };
            if (message is not null)
                error["message"] = message;
            foreach (var (name, said) in fields ?? [])
                error[name] = said?.DeepClone();
            return error;
        }
    }

    public static CkanException NotFound(string? what = null) => new(404, "Not Found Error", what is null ? "Not found" : $"Not found: {what}");

    public static CkanException NotAuthorized(string why) => new(403, "Authorization Error", $"Access denied: {why}");

    /// <summary>A parameter is wrong; it is named with what is.</summary>
    public static CkanException Invalid(string name, string what) => new(409, "Validation Error", null, new JsonObject { [name] = new JsonArray(what) });

    public static CkanException BadSearch(string what) => new(400, "Search Query Error", $"Search Query is invalid: {what}");
}

/// <summary>What an action is called with: the parameters of a GET, the form or the JSON object of a POST, read alike.</summary>
internal sealed class CkanCall(JsonObject given)
{
    /// <summary>The names that are given.</summary>
    public IEnumerable<string> Names => given.Select(p => p.Key);

    /// <summary>Reads a request.</summary>
    /// <exception cref="FormatException">Its body is no object of JSON; the message is CKAN's.</exception>
    public static async Task<CkanCall> ReadAsync(HttpRequest request, CancellationToken cancel)
    {
        var given = new JsonObject();
        if (HttpMethods.IsGet(request.Method) || request.Query.Count > 0)
            Take(given, request.Query);
        if (HttpMethods.IsPost(request.Method) && request.HasFormContentType && await request.ReadFormAsync(cancel) is { Count: > 0 } form)
        {
            // Older clients send their JSON as the name of the only field.
            if (form.Count == 1 && form.First() is { Value: var only } field && only.ToString() is "" or "1" && field.Key.TrimStart().StartsWith('{'))
                return new CkanCall(Parsed(field.Key));
            Take(given, form);
        }
        else if (HttpMethods.IsPost(request.Method) && !request.HasFormContentType)
        {
            using var reader = new StreamReader(request.Body);
            if (await reader.ReadToEndAsync(cancel) is { Length: > 0 } body && !string.IsNullOrWhiteSpace(body))
                return new CkanCall(Parsed(body));
        }
        given.Remove("callback");
        given.Remove("lang");
        return new CkanCall(given);
    }

    private static void Take(JsonObject given, IEnumerable<KeyValuePair<string, Microsoft.Extensions.Primitives.StringValues>> fields)
    {
        foreach (var (name, values) in fields)
            given[name] = values.Count == 1 ? values[0] : new JsonArray([.. values.Select(v => JsonValue.Create(v))]);
    }

    private static JsonObject Parsed(string text)
    {
        try
        {
            return JsonNode.Parse(text, new JsonNodeOptions(), new JsonDocumentOptions { AllowDuplicateProperties = false }) as JsonObject ?? throw new FormatException("JSON Error: Request data JSON decoded to something that is not a dictionary.");
        }
        catch (JsonException e)
        {
            throw new FormatException($"JSON Error: Error decoding JSON data. {ShutEngine.Said(e.Message)}");
        }
    }

    /// <summary>A parameter as it was given.</summary>
    public JsonNode? Node(string name) => given[name];

    /// <summary>As a text; null where it is not given.</summary>
    public string? Text(string name) => given[name] switch
    {
        null => null,
        JsonValue value => Said(value),
        JsonArray { Count: 1 } list when list[0] is JsonValue only => Said(only),
        _ => throw CkanException.Invalid(name, "Must be a Unicode string value"),
    };

    /// <summary>As a text that has to be there.</summary>
    public string Need(string name) => Text(name) is { Length: > 0 } text ? text : throw CkanException.Invalid(name, "Missing value");

    /// <summary>As a number from 0 on.</summary>
    public int? Natural(string name)
    {
        if (Text(name) is not { Length: > 0 } text)
            return null;
        if (!long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
            throw CkanException.Invalid(name, "Invalid integer");
        return number < 0 ? throw CkanException.Invalid(name, "Must be a natural number") : (int)Math.Min(number, int.MaxValue);
    }

    /// <summary>As any whole number.</summary>
    public int? Whole(string name) => Text(name) is not { Length: > 0 } text ? null : int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : throw CkanException.Invalid(name, "Invalid integer");

    /// <summary>As yes or no.</summary>
    public bool Truth(string name, bool otherwise = false) => Text(name) is not { Length: > 0 } text ? otherwise : text.ToLowerInvariant() is "true" or "yes" or "t" or "y" or "1" or "on";

    /// <summary>As words: a list, a list written in JSON, or words set apart by commas.</summary>
    public IReadOnlyList<string> Words(string name)
    {
        switch (given[name])
        {
            case null:
                return [];
            case JsonArray list:
                return [.. list.OfType<JsonValue>().Select(Said)];
            case JsonValue value when Said(value) is var text && text.TrimStart().StartsWith('['):
                return Listed(name, text);
            case JsonValue value:
                return [.. Said(value).Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)];
            default:
                throw CkanException.Invalid(name, "Not a list of strings or a string");
        }
    }

    /// <summary>As an object, or one written in JSON.</summary>
    public JsonObject? Object(string name)
    {
        switch (given[name])
        {
            case null:
                return null;
            case JsonObject held:
                return held;
            case JsonValue value when Said(value) is var text && text.TrimStart().StartsWith('{'):
                try
                {
                    return JsonNode.Parse(text, new JsonNodeOptions(), new JsonDocumentOptions { AllowDuplicateProperties = false }) as JsonObject;
                }
                catch (JsonException)
                {
                    throw CkanException.Invalid(name, "Cannot parse JSON");
                }
            default:
                throw CkanException.Invalid(name, "Cannot parse JSON");
        }
    }

    /// <summary>Words that are written in JSON where they come as one text.</summary>
    public IReadOnlyList<string> Listed(string name) => given[name] is JsonValue value && Said(value) is { Length: > 0 } text ? Listed(name, text) : Words(name);

    private static IReadOnlyList<string> Listed(string name, string text)
    {
        try
        {
            return JsonSerializer.Deserialize<string[]>(text) ?? [];
        }
        catch (JsonException)
        {
            throw CkanException.Invalid(name, "Cannot parse JSON");
        }
    }

    internal static string Said(JsonValue value) => value.GetValueKind() switch
    {
        JsonValueKind.String => value.GetValue<string>(),
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        _ => value.ToJsonString(),
    };
}
