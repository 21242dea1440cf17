using System.Text.Json.Nodes;

namespace Guantong.Trust.Scim;

/// <summary>Roles and units as groups: a member of <c>role:…</c> has that role, a member of <c>unit:…</c> works there. Which groups there are, the jurisdiction says.</summary>
internal sealed class ScimGroups(ScimUsers users, Jurisdiction land)
{
    private const string Role = "role:", Unit = "unit:";

    /// <summary>The groups that a person is in.</summary>
    public static IEnumerable<string> IdsOf(Person person) => person.Roles.Select(r => Role + r).Concat(person.Unit is null ? [] : [Unit + person.Unit]);

    /// <summary>A group with its members, or null.</summary>
    public async Task<JsonObject?> FindAsync(string id, string at, CancellationToken cancel) =>
        Name(id) is { } name ? Write(id, name, (await users.AllAsync(cancel)).Where(u => IdsOf(u.Person).Contains(id)), at) : null;

    /// <summary>All groups, with members where asked.</summary>
    public async Task<IReadOnlyList<JsonObject>> AllAsync(string at, bool withMembers, CancellationToken cancel)
    {
        var members = withMembers ? (await users.AllAsync(cancel)).SelectMany(u => IdsOf(u.Person), (u, id) => (Id: id, User: u)).ToLookup(m => m.Id, m => m.User) : Array.Empty<ScimUser>().ToLookup(_ => "");
        return [.. Provider.Scopes.Roles.Select(r => Role + r).Concat(land.Units.All.Select(u => Unit + u.Id)).Select(id => Write(id, Name(id)!, members[id], at))];
    }

    /// <summary>Makes the members of a group those of a changed resource.</summary>
    public async Task ChangeAsync(Person by, string id, JsonObject former, JsonObject changed, CancellationToken cancel)
    {
        var (before, after) = (Members(former), Members(changed));
        var named = new List<ScimUser>();
        // All are found before the first is changed.
        foreach (var login in before.Union(after).Except(before.Intersect(after)))
            named.Add(await users.FindAsync(login, cancel) ?? throw ScimError.Value($"members: there is no user {login}."));
        foreach (var user in named.ConvertAll(user => user with { Person = With(user.Person, id, after.Contains(user.Person.Login)) }))
            await users.ChangeAsync(by, user, cancel);
    }

    private Person With(Person person, string id, bool isMember) =>
        id.StartsWith(Role, StringComparison.Ordinal) ? person with { Roles = ScimUser.Separate([.. person.Roles.Except([id[Role.Length..]]).Concat(isMember ? [id[Role.Length..]] : [])]) }
        : person with { Unit = isMember ? id[Unit.Length..] : null, Region = isMember ? land.Units.Find(id[Unit.Length..])!.Region : person.Region };

    private static HashSet<string> Members(JsonObject group) =>
        [.. (ScimPath.Get(group, "members") as JsonArray ?? []).Select(m => (m is JsonObject o ? ScimPath.Get(o, "value") : m)?.ToString() ?? throw ScimError.Value("members: each has a value."))];

    private string? Name(string id) =>
        id.StartsWith(Role, StringComparison.Ordinal) && Provider.Scopes.Roles.Contains(id[Role.Length..]) ? id[Role.Length..]
        : id.StartsWith(Unit, StringComparison.Ordinal) ? land.Units.Find(id[Unit.Length..])?.Name : null;

    private static JsonObject Write(string id, string name, IEnumerable<ScimUser> members, string at)
    {
        var all = members.OrderBy(m => m.Person.Login, StringComparer.Ordinal).ToList();
        // The members are its content, so their list is its version.
        var version = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(string.Join('\n', all.Select(m => m.Person.Login)))))[..16];
        return new JsonObject
        {
            ["schemas"] = new JsonArray(ScimSchemas.Group), ["id"] = id, ["displayName"] = name,
            ["members"] = new JsonArray([.. all.Select(m => new JsonObject { ["value"] = m.Person.Login, ["type"] = "User", ["display"] = m.Person.Name, ["$ref"] = $"{at}/Users/{Uri.EscapeDataString(m.Person.Login)}" })]),
            ["meta"] = new JsonObject { ["resourceType"] = "Group", ["location"] = $"{at}/Groups/{Uri.EscapeDataString(id)}", ["version"] = $"W/\"{version}\"" },
        };
    }
}
