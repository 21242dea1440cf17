using System.Text.Json.Nodes;

namespace Guantong.Trust.Scim;

/// <summary>A request that SCIM refuses (RFC 7644 §3.12).</summary>
/// <param name="type">The scimType, or null where the standard names none.</param>
internal sealed class ScimError(int status, string? type, string detail) : Exception(detail)
{
    public int Status { get; } = status;

    public JsonObject Body()
    {
        var body = new JsonObject { ["schemas"] = new JsonArray("urn:ietf:params:scim:api:messages:2.0:Error"), ["status"] = Status.ToString(System.Globalization.CultureInfo.InvariantCulture), ["detail"] = Message };
        if (type is not null)
            body["scimType"] = type;
        return body;
    }

    public static ScimError Filter(string why) => new(400, "invalidFilter", why);

    public static ScimError Path(string why) => new(400, "invalidPath", why);

    public static ScimError Value(string why) => new(400, "invalidValue", why);

    public static ScimError NoResource(string id) => new(404, null, $"There is no resource {id}.");
}
