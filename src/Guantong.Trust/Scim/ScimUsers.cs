using System.Text.Json;
using Dapper;

namespace Guantong.Trust.Scim;

/// <summary>Brings accounts in, changes and ends them, each with its line in the ledger.</summary>
internal sealed class ScimUsers(Store store, Sessions sessions, Jurisdiction land, TimeProvider clock)
{
    private sealed class Row
    {
        public string Login { get; set; } = "";
        public string Name { get; set; } = "";
        public string NameEn { get; set; } = "";
        public string Kind { get; set; } = "";
        public string? Unit { get; set; }
        public string Region { get; set; } = "";
        public string Roles { get; set; } = "[]";
        public string? Ended { get; set; }
        public string? ExternalId { get; set; }
        public string? Created { get; set; }
        public string? Modified { get; set; }
        public string? Deleted { get; set; }
        public long? Version { get; set; }

        public ScimUser User => new(new Person(Login, Name, NameEn, Kind, Unit, Region, JsonSerializer.Deserialize<string[]>(Roles)!), Ended is null, ExternalId, Created, Modified, Version ?? 0);
    }

    private const string Select = """
        SELECT p.login AS Login, p.name AS Name, p.name_en AS NameEn, p.kind AS Kind, p.unit AS Unit, p.region AS Region, p.roles AS Roles, p.ended AS Ended,
               s.external_id AS ExternalId, s.created AS Created, s.modified AS Modified, s.deleted AS Deleted, s.version AS Version
        FROM person p LEFT JOIN scim_user s ON s.login = p.login
        """;

    /// <summary>An account, or null; one that was deleted is none.</summary>
    public async Task<ScimUser?> FindAsync(string login, CancellationToken cancel) =>
        (await store.ReadAsync(c => c.QueryFirstOrDefaultAsync<Row>($"{Select} WHERE p.login = @login AND s.deleted IS NULL", new { login }), cancel))?.User;

    /// <summary>A page of the accounts by login, and how many there are.</summary>
    public async Task<(IReadOnlyList<ScimUser> Users, long Total)> PageAsync(int skip, int take, CancellationToken cancel)
    {
        var rows = await store.ReadAsync(c => c.QueryAsync<Row>($"{Select} WHERE s.deleted IS NULL ORDER BY p.login LIMIT @take OFFSET @skip", new { take, skip }), cancel);
        var total = await store.ReadAsync(c => c.ExecuteScalarAsync<long>("SELECT count(*) FROM person p LEFT JOIN scim_user s ON s.login = p.login WHERE s.deleted IS NULL"), cancel);
        return ([.. rows.Select(r => r.User)], total);
    }

    /// <summary>All accounts by login.</summary>
    public async Task<IReadOnlyList<ScimUser>> AllAsync(CancellationToken cancel) =>
        [.. (await store.ReadAsync(c => c.QueryAsync<Row>($"{Select} WHERE s.deleted IS NULL ORDER BY p.login"), cancel)).Select(r => r.User)];

    /// <summary>Adds an account. It has no password: its person signs in by an outside account, or is given one by hand.</summary>
    /// <remarks>A login belongs to one person for good; adding one that was deleted brings that person back (RFC 7644 §3.6).</remarks>
    public Task<ScimUser> AddAsync(Person by, ScimUser user, CancellationToken cancel) => store.ChangeAsync(clock.GetUtcNow(), async change =>
    {
        var standing = await change.FindAsync<Row>($"{Select} WHERE lower(p.login) = lower(@Login)", new { user.Person.Login });
        if (standing is not null && (standing.Deleted is null || standing.Login != user.Person.Login))
            throw new ScimError(409, "uniqueness", $"userName {user.Person.Login} is taken.");
        if (standing is null)
            await change.ExecuteAsync("INSERT INTO person (login, name, name_en, kind, unit, region, roles, password, key) VALUES (@Login, @Name, @NameEn, @Kind, @Unit, @Region, '[]', '', @key)",
                new { user.Person.Login, user.Person.Name, user.Person.NameEn, user.Person.Kind, user.Person.Unit, user.Person.Region, key = Subjects.NewKey() });
        return await KeepAsync(change, by, user, standing?.Version, standing is null ? "person.added" : "person.added-again");
    }, cancel);

    /// <summary>Changes an account that still stands as it was read.</summary>
    /// <exception cref="ScimError">Somebody else changed it meanwhile.</exception>
    public async Task<ScimUser> ChangeAsync(Person by, ScimUser user, CancellationToken cancel)
    {
        var changed = await store.ChangeAsync(clock.GetUtcNow(), change => ChangeAsync(change, by, user), cancel);
        if (user.IsActive)
            sessions.Forget(user.Person.Login);
        else
            await sessions.EndAllAsync(by, user.Person.Login, cancel: cancel);
        return changed;
    }

    private async Task<ScimUser> ChangeAsync(Change change, Person by, ScimUser user)
    {
        var row = await change.FindAsync<Row>($"{Select} WHERE p.login = @Login AND s.deleted IS NULL", new { user.Person.Login }) ?? throw ScimError.NoResource(user.Person.Login);
        if ((row.Version ?? 0) != user.Version)
            throw new ScimError(412, null, "The account was changed meanwhile; read it again.");
        return await KeepAsync(change, by, user, row.Version, user.IsActive == (row.Ended is null) ? "person.changed" : user.IsActive ? "person.resumed" : "person.ended");
    }

    /// <summary>Ends an account for good, with its posts and all that its person signed in by; what they did stays in the ledger. False when there is none.</summary>
    public async Task<bool> DeleteAsync(Person by, string login, long? version, CancellationToken cancel)
    {
        if (await FindAsync(login, cancel) is not { } user)
            return false;
        if (version is { } wanted && wanted != user.Version)
            throw new ScimError(412, null, "The account was changed meanwhile; read it again.");
        // A program that two people let in ends accounts; a person does not do it alone by this way, and nobody those of guarded roles.
        if (!by.Has(PolicyBook.Provisioner) && by.Region != Policy.Everywhere)
            throw new ScimError(403, null, $"{login} is removed at the platform itself, by two people.");
        await store.ChangeAsync(clock.GetUtcNow(), async change =>
        {
            var held = (await change.QueryAsync<string>("SELECT roles FROM person WHERE login = @login UNION ALL SELECT roles FROM post WHERE login = @login AND ended IS NULL", new { login })).SelectMany(r => JsonSerializer.Deserialize<string[]>(r)!);
            if (by.Region != Policy.Everywhere && held.FirstOrDefault(Policy.Book.Guarded.Contains) is { } guarded)
                throw new ScimError(403, null, $"{login} is {guarded}, and is removed at the platform itself, by two people; active: false ends the account at once.");
            await KeepAsync(change, by, user with { IsActive = false }, user.Created is null ? null : user.Version, "person.removed");
            await change.ExecuteAsync("UPDATE scim_user SET deleted = @Stamp WHERE login = @login", new { change.Stamp, login });
            await change.ExecuteAsync("UPDATE person SET password = '' WHERE login = @login", new { login });
            await Accounts.EraseAsync(change, login);
        }, cancel);
        await sessions.EndAllAsync(by, login, cancel: cancel);
        return true;
    }

    private async Task<ScimUser> KeepAsync(Change change, Person by, ScimUser user, long? version, string action)
    {
        var (p, next) = (user.Person, (version ?? 0) + 1);
        var former = await change.FindAsync<string>($"SELECT roles FROM person WHERE login = @Login{change.ForUpdate}", new { p.Login }) is { } text ? JsonSerializer.Deserialize<string[]>(text)! : [];
        var given = p.Roles.Except(former).ToList();
        if (given.FirstOrDefault(Policy.Book.Guarded.Contains) is { } guarded)
            throw new ScimError(403, null, $"roles: {guarded} is given at the platform itself, by two people.");
        try
        {
            await Duties.HoldAsync(change, land, p.Login, p.Roles, replacesAccount: true);
        }
        catch (RefusedException refusal)
        {
            throw ScimError.Value($"roles: {refusal.Say(Lang.En)}");
        }
        await change.ExecuteAsync("""
            UPDATE person SET name = @Name, name_en = @NameEn, kind = @Kind, unit = @Unit, region = @Region, roles = @roles, ended = CASE WHEN @active = 1 THEN NULL ELSE COALESCE(ended, @Stamp) END,
                   confirmed = CASE WHEN @isGiven = 1 THEN @Stamp ELSE confirmed END
            WHERE login = @Login
            """, new { p.Login, p.Name, p.NameEn, p.Kind, p.Unit, p.Region, roles = JsonSerializer.Serialize(p.Roles), active = user.IsActive ? 1 : 0, isGiven = given.Count > 0 ? 1 : 0, change.Stamp });
        var touched = version is null
            ? await change.ExecuteAsync("INSERT INTO scim_user (login, external_id, created, modified, version) VALUES (@Login, @ExternalId, @Stamp, @Stamp, @next) ON CONFLICT (login) DO NOTHING", new { p.Login, user.ExternalId, change.Stamp, next })
            : await change.ExecuteAsync("UPDATE scim_user SET external_id = @ExternalId, modified = @Stamp, deleted = NULL, version = @next WHERE login = @Login AND version = @version", new { p.Login, user.ExternalId, change.Stamp, next, version });
        if (touched != 1)
            throw new ScimError(412, null, "The account was changed meanwhile; read it again.");
        if (!user.IsActive)
            await Accounts.WithdrawAsync(change, p.Login);
        await change.RecordOfAsync(by, action, p.Login, JsonSerializer.Serialize(new { p.Unit, p.Region, p.Roles, user.IsActive }));
        return user with { Created = user.Created ?? change.Stamp, Modified = change.Stamp, Version = next };
    }
}
