using System.Text.Json.Nodes;

namespace Guantong.Trust.Scim;

/// <summary>Changes a resource by a list of operations, all or none (RFC 7644 §3.5.2).</summary>
internal static class ScimPatch
{
    private const string Schema = "urn:ietf:params:scim:api:messages:2.0:PatchOp";

    /// <summary>The resource as it is after the operations; the one given stays as it was.</summary>
    /// <exception cref="ScimError">The request is none, or an operation cannot be done.</exception>
    public static JsonObject Apply(JsonObject resource, JsonObject request)
    {
        if (ScimPath.Get(request, "schemas") is not JsonArray schemas || !schemas.Any(s => s?.ToString() == Schema) || ScimPath.Get(request, "Operations") is not JsonArray { Count: > 0 } operations)
            throw new ScimError(400, "invalidSyntax", $"A PATCH bears the schema {Schema} and Operations.");
        var changed = resource.DeepClone().AsObject();
        foreach (var operation in operations)
        {
            // RFC writes the verbs small; some clients do not.
            if (operation is not JsonObject one || ScimPath.Get(one, "op")?.ToString().ToLowerInvariant() is not { } op || op is not ("add" or "remove" or "replace"))
                throw new ScimError(400, "invalidSyntax", "op is add, remove or replace.");
            var (path, value) = (ScimPath.Get(one, "path")?.ToString(), ScimPath.Get(one, "value"));
            if (path is { Length: > 0 })
                At(changed, ScimPath.Parse(path), op, value);
            else if (op == "remove")
                throw new ScimError(400, "noTarget", "What to remove is not said.");
            else
                Merge(changed, value as JsonObject ?? throw ScimError.Value("Without a path, the value is an object."), op);
        }
        return changed;
    }

    // Without a path each attribute of the value is an operation of its own; some clients name them by path there too.
    private static void Merge(JsonObject into, JsonObject value, string op)
    {
        foreach (var (name, given) in value)
        {
            if (ScimSchemas.Extensions.Any(e => e.Equals(name, StringComparison.OrdinalIgnoreCase)) && given is JsonObject extension)
                Merge(Child(into, name), extension, op);
            else
                At(into, ScimPath.Parse(name), op, given);
        }
    }

    private static void At(JsonObject resource, ScimPath path, string op, JsonNode? value)
    {
        if (path.Attribute.Equals("id", StringComparison.OrdinalIgnoreCase) || path.Attribute.Equals("meta", StringComparison.OrdinalIgnoreCase))
            throw new ScimError(400, "mutability", $"{path.Attribute} is not yours to change.");
        var holder = path.Schema is null ? resource : Child(resource, path.Schema);
        if (path.Filter is not null)
            Picked(holder, path, op, value);
        else if (path.Sub is not null)
            Set(Child(holder, path.Attribute), path.Sub, op, value);
        else
            Set(holder, path.Attribute, op, value);
    }

    private static void Picked(JsonObject holder, ScimPath path, string op, JsonNode? value)
    {
        var list = ScimPath.Get(holder, path.Attribute) as JsonArray;
        var picked = list?.OfType<JsonObject>().Where(path.Filter!.Fits).ToList() ?? [];
        if (picked.Count == 0)
        {
            // §3.5.2.2, §3.5.2.3: nothing to remove leaves things as they are; nothing to replace is a fault.
            if (op != "remove")
                throw new ScimError(400, "noTarget", $"{path.Attribute} has nothing that fits.");
            return;
        }
        foreach (var item in picked)
        {
            if (path.Sub is not null)
                Set(item, path.Sub, op, value);
            else if (op == "remove")
                list!.Remove(item);
            else
                Merge(item, value as JsonObject ?? throw ScimError.Value($"{path.Attribute} takes an object."), op);
        }
    }

    private static void Set(JsonObject holder, string name, string op, JsonNode? value)
    {
        var key = ScimPath.Key(holder, name) ?? name;
        var current = holder[key];
        switch (op)
        {
            // Not of the standard, but of a much used client: a list of what to remove beside a plain path.
            case "remove" when current is JsonArray list && value is JsonArray gone:
                foreach (var item in list.Where(i => gone.Any(g => Same(i, g))).ToList())
                    list.Remove(item);
                break;
            case "remove":
                holder.Remove(key);
                break;
            case "add" when current is JsonArray list:
                foreach (var item in value is JsonArray many ? [.. many] : (JsonNode?[])[value])
                    if (!list.Any(i => Same(i, item)))
                        list.Add(item?.DeepClone());
                break;
            case var _ when current is JsonObject complex && value is JsonObject given:
                Merge(complex, given, op);
                break;
            default:
                holder[key] = value?.DeepClone();
                break;
        }
    }

    private static bool Same(JsonNode? one, JsonNode? other) =>
        one is JsonObject a && other is JsonObject b ? ScimPath.Get(a, "value")?.ToString() == ScimPath.Get(b, "value")?.ToString() : JsonNode.DeepEquals(one, other);

    private static JsonObject Child(JsonObject holder, string name)
    {
        if (ScimPath.Get(holder, name) is JsonObject found)
            return found;
        var made = new JsonObject();
        holder[ScimPath.Key(holder, name) ?? name] = made;
        return made;
    }
}
