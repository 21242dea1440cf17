using System.Text.Json.Nodes;

namespace Guantong.Trust.Scim;

/// <summary>What this provider holds and does, told by itself (RFC 7643 §5–§7). It holds no more of a person than their account needs.</summary>
internal static class ScimSchemas
{
    public const string User = "urn:ietf:params:scim:schemas:core:2.0:User";
    public const string Group = "urn:ietf:params:scim:schemas:core:2.0:Group";

    /// <summary>The unit, by its id, in <c>department</c>.</summary>
    public const string Enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

    /// <summary>Region and English name.</summary>
    public const string Own = "urn:guantong:params:scim:schemas:extension:1.0:User";

    public const string List = "urn:ietf:params:scim:api:messages:2.0:ListResponse";

    public static readonly string[] Extensions = [Enterprise, Own];

    public const int LargestPage = 200;

    public static JsonObject Config(string at) => new()
    {
        ["schemas"] = new JsonArray("urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"),
        ["patch"] = Supported(true), ["bulk"] = new JsonObject { ["supported"] = false, ["maxOperations"] = 0, ["maxPayloadSize"] = 0 },
        ["filter"] = new JsonObject { ["supported"] = true, ["maxResults"] = LargestPage }, ["changePassword"] = Supported(false), ["sort"] = Supported(false), ["etag"] = Supported(true),
        ["authenticationSchemes"] = new JsonArray(new JsonObject { ["type"] = "oauthbearertoken", ["name"] = "OAuth Bearer Token", ["description"] = "An access token with the scope scim (client credentials)", ["specUri"] = "https://www.rfc-editor.org/info/rfc6750" }),
        ["meta"] = new JsonObject { ["resourceType"] = "ServiceProviderConfig", ["location"] = at },
    };

    private static JsonObject Supported(bool yes) => new() { ["supported"] = yes };

    public static JsonObject[] Types(string at) =>
    [
        new() { ["schemas"] = new JsonArray("urn:ietf:params:scim:schemas:core:2.0:ResourceType"), ["id"] = "User", ["name"] = "User", ["endpoint"] = "/Users", ["description"] = "Accounts", ["schema"] = User,
            ["schemaExtensions"] = new JsonArray([.. Extensions.Select(e => new JsonObject { ["schema"] = e, ["required"] = false })]), ["meta"] = new JsonObject { ["resourceType"] = "ResourceType", ["location"] = at + "/User" } },
        new() { ["schemas"] = new JsonArray("urn:ietf:params:scim:schemas:core:2.0:ResourceType"), ["id"] = "Group", ["name"] = "Group", ["endpoint"] = "/Groups", ["description"] = "Roles and units", ["schema"] = Group,
            ["meta"] = new JsonObject { ["resourceType"] = "ResourceType", ["location"] = at + "/Group" } },
    ];

    public static JsonObject[] All(string at) =>
    [
        Schema(at, User, "User", Attribute("userName", mutability: "immutable", uniqueness: "server", isRequired: true), Attribute("externalId", isExact: true), Attribute("displayName"),
            Complex("name", false, Attribute("formatted")), Attribute("userType"), Attribute("active", "boolean"), Complex("roles", true, Attribute("value")), Complex("groups", true, Attribute("value", mutability: "readOnly"), Attribute("display", mutability: "readOnly"))),
        Schema(at, Group, "Group", Attribute("displayName", mutability: "readOnly"), Complex("members", true, Attribute("value", mutability: "immutable"), Attribute("display", mutability: "readOnly"))),
        Schema(at, Enterprise, "EnterpriseUser", Attribute("department")),
        Schema(at, Own, "GuantongUser", Attribute("region"), Attribute("nameEn")),
    ];

    private static JsonObject Schema(string at, string id, string name, params JsonObject[] attributes) => new()
    {
        ["schemas"] = new JsonArray("urn:ietf:params:scim:schemas:core:2.0:Schema"), ["id"] = id, ["name"] = name, ["attributes"] = new JsonArray([.. attributes]),
        ["meta"] = new JsonObject { ["resourceType"] = "Schema", ["location"] = $"{at}/{id}" },
    };

    private static JsonObject Attribute(string name, string type = "string", string mutability = "readWrite", string uniqueness = "none", bool isRequired = false, bool isExact = false) => new()
    {
        ["name"] = name, ["type"] = type, ["multiValued"] = false, ["required"] = isRequired, ["caseExact"] = isExact, ["mutability"] = mutability, ["returned"] = "default", ["uniqueness"] = uniqueness,
    };

    private static JsonObject Complex(string name, bool isMany, params JsonObject[] parts)
    {
        var attribute = Attribute(name, "complex");
        (attribute["multiValued"], attribute["subAttributes"]) = (isMany, new JsonArray([.. parts]));
        return attribute;
    }
}
