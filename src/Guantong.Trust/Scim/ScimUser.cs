using System.Text.Json;
using System.Text.Json.Nodes;

namespace Guantong.Trust.Scim;

/// <summary>An account as SCIM sees it.</summary>
/// <param name="IsActive">False once it has ended: nobody signs in with it, and what it had given out is taken back.</param>
/// <param name="Version">Counts its changes; its ETag.</param>
internal sealed record ScimUser(Person Person, bool IsActive, string? ExternalId, string? Created, string? Modified, long Version)
{
    private static readonly string[] Kinds = ["official", "citizen", "enterprise"];

    public string Tag => FormattableString.Invariant($"W/\"{Version}\"");

    /// <summary>The resource (RFC 7643 §4.1, §4.3).</summary>
    public JsonObject Write(string at)
    {
        var location = $"{at}/Users/{Uri.EscapeDataString(Person.Login)}";
        var meta = new JsonObject { ["resourceType"] = "User", ["location"] = location, ["version"] = Tag };
        if (Created is not null)
            (meta["created"], meta["lastModified"]) = (Created, Modified);
        var user = new JsonObject { ["schemas"] = new JsonArray(ScimSchemas.User, ScimSchemas.Enterprise, ScimSchemas.Own), ["id"] = Person.Login };
        if (ExternalId is not null)
            user["externalId"] = ExternalId;
        user["userName"] = Person.Login;
        user["displayName"] = Person.Name;
        user["name"] = new JsonObject { ["formatted"] = Person.Name };
        user["userType"] = Person.Kind;
        user["active"] = IsActive;
        user["roles"] = new JsonArray([.. Person.Roles.Select(r => new JsonObject { ["value"] = r })]);
        user["groups"] = new JsonArray([.. ScimGroups.IdsOf(Person).Select(g => new JsonObject { ["value"] = g, ["$ref"] = $"{at}/Groups/{Uri.EscapeDataString(g)}" })]);
        if (Person.Unit is not null)
            user[ScimSchemas.Enterprise] = new JsonObject { ["department"] = Person.Unit };
        var own = new JsonObject { ["region"] = Person.Region };
        if (Person.NameEn.Length > 0)
            own["nameEn"] = Person.NameEn;
        user[ScimSchemas.Own] = own;
        user["meta"] = meta;
        return user;
    }

    /// <summary>Reads a resource that a client sends. What is not held here is passed over.</summary>
    /// <param name="former">The account as it stands, or null for a new one.</param>
    /// <exception cref="ScimError">A value cannot be taken; the first is named.</exception>
    public static ScimUser Read(JsonObject given, ScimUser? former, Jurisdiction land)
    {
        var login = Text(given, "userName") ?? throw ScimError.Value("userName is required.");
        if (former is not null && login != former.Person.Login)
            throw new ScimError(400, "mutability", "userName does not change: the ledger names people by it.");
        if (login.Length > 80 || !login.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-' or '@'))
            throw ScimError.Value("userName: use at most 80 letters, digits, dots, dashes, underscores and @.");
        var own = ScimPath.Get(given, ScimSchemas.Own) as JsonObject ?? [];
        var unit = Text(ScimPath.Get(given, ScimSchemas.Enterprise) as JsonObject ?? [], "department");
        if (unit is not null && land.Units.Find(unit) is null)
            throw ScimError.Value($"department: there is no unit {unit}.");
        var region = Text(own, "region") ?? land.Units.Find(unit)?.Region ?? land.Root;
        if (land.Regions.Find(region) is null)
            throw ScimError.Value($"region: there is no region {region}.");
        var kind = Text(given, "userType") ?? "official";
        if (!Kinds.Contains(kind))
            throw ScimError.Value($"userType is one of {string.Join(", ", Kinds)}.");
        var name = Text(given, "displayName") ?? Text(ScimPath.Get(given, "name") as JsonObject ?? [], "formatted") ?? login;
        // Of the two names, the one that was changed is meant.
        if (former is not null && name == former.Person.Name && Text(ScimPath.Get(given, "name") as JsonObject ?? [], "formatted") is { } other)
            name = other;
        return new ScimUser(new Person(login, name, Text(own, "nameEn") ?? "", kind, unit, region, Roles(given)), Flag(given), Text(given, "externalId"), former?.Created, former?.Modified, former?.Version ?? 0);
    }

    private static string[] Roles(JsonObject given)
    {
        var roles = (ScimPath.Get(given, "roles") as JsonArray ?? []).Select(r => r is JsonObject o ? ScimPath.Get(o, "value")?.ToString() : r?.ToString()).OfType<string>().Distinct().ToArray();
        if (roles.FirstOrDefault(r => !Provider.Scopes.Roles.Contains(r)) is { } unknown)
            throw ScimError.Value($"roles: there is no role {unknown}.");
        return Separate(roles);
    }

    /// <summary>Roles that one person may hold together.</summary>
    /// <exception cref="ScimError">Two of them are kept apart.</exception>
    public static string[] Separate(string[] roles) =>
        Policy.Book.Clash(roles) is var (one, other) ? throw ScimError.Value($"roles: nobody holds both {one.Id} and {other.Id}.") : roles;

    // Some clients write booleans as texts.
    private static bool Flag(JsonObject given) => ScimPath.Get(given, "active") switch
    {
        null => true,
        var node when node.GetValueKind() is JsonValueKind.True or JsonValueKind.False => node.GetValue<bool>(),
        var node when bool.TryParse(node.ToString(), out var flag) => flag,
        _ => throw ScimError.Value("active is true or false."),
    };

    private static string? Text(JsonObject given, string name) => ScimPath.Get(given, name) switch
    {
        null => null,
        JsonValue value when value.GetValueKind() == JsonValueKind.String => value.ToString() is { Length: <= 200 } text ? (text.Length > 0 ? text : null) : throw ScimError.Value($"{name}: at most 200 characters."),
        _ => throw ScimError.Value($"{name} is a text."),
    };
}
