using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Dapper;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace Guantong.Trust;

/// <summary>A machine's key as it is listed; the key itself is kept only as a hash.</summary>
/// <param name="Unit">The unit that it acts for.</param>
public sealed record MachineKey(string Id, string Name, IReadOnlyList<string> Roles, string Created, string? Revoked, string? Unit);

/// <summary>Whether the platform was started with <c>--demo</c>: its made-up people, whose password everybody knows, can sign in then and never else.</summary>
public sealed record Demonstration(bool IsOn);

/// <summary>Who can sign in, and the keys of machines.</summary>
/// <param name="demo">Whether the demonstration's people may sign in.</param>
public sealed class Accounts(Store store, TimeProvider clock, Demonstration demo, Jurisdiction land)
{
    /// <summary>The password of every demonstration account; shown by <c>up --demo</c>, and on the sign-in page then.</summary>
    public const string DemoPassword = "guantong-demo";

    // PBKDF2-HMAC-SHA512 with what OWASP's Password Storage Cheat Sheet asks for.
    private readonly PasswordHasher<string> _hasher = new(Options.Create(new PasswordHasherOptions { IterationCount = 210_000 }));
    private string? _decoy;

    private sealed record Row(string Login, string Name, string NameEn, string Kind, string? Unit, string Region, string Roles, string Password, long Demo, string? Confirmed)
    {
        public Person Person => new(Login, Name, NameEn, Kind, Unit, Region, JsonSerializer.Deserialize<string[]>(Roles)!);
    }

    private const string Columns = "login AS Login, name AS Name, name_en AS NameEn, kind AS Kind, unit AS Unit, region AS Region, roles AS Roles, password AS Password, demo AS Demo, confirmed AS Confirmed";

    /// <summary>Adds the demonstration's people who are not there yet.</summary>
    public async Task SeedAsync(IReadOnlyList<Person> people, CancellationToken cancel = default)
    {
        var known = (await store.ReadAsync(c => c.QueryAsync<string>("SELECT login FROM person"), cancel)).ToHashSet();
        var fresh = people.Where(p => !known.Contains(p.Login)).ToList();
        if (fresh.Count == 0)
            return;
        await store.ChangeAsync(clock.GetUtcNow(), async change =>
        {
            // Everybody knows the password: nothing is gained by a slow hash.
            var hash = new PasswordHasher<string>(Options.Create(new PasswordHasherOptions { IterationCount = 1_000 })).HashPassword("", DemoPassword);
            foreach (var person in fresh)
                await InsertAsync(change, Policy.Operator, person, hash, isDemo: true);
        }, cancel);
    }

    /// <summary>Adds a person who signs in; false when the login is taken.</summary>
    /// <param name="password">One that <see cref="Passwords.Fault"/> finds nothing wrong with.</param>
    public async Task<bool> AddAsync(Person by, Person person, string password, CancellationToken cancel = default)
    {
        if (await FindAsync(person.Login, cancel) is not null)
            return false;
        var hash = HashOf(person.Login, password);
        return await store.ChangeAsync(clock.GetUtcNow(), change => AddAsync(change, by, person, hash), cancel);
    }

    /// <summary>What is kept of a password.</summary>
    internal string HashOf(string login, string password) => _hasher.HashPassword(login, password);

    /// <summary>Adds a person in a change; false when the login is taken.</summary>
    /// <exception cref="RefusedException">Nobody holds these roles together.</exception>
    internal static async Task<bool> AddAsync(Change change, Person by, Person person, string hash)
    {
        Duties.Hold(person.Roles);
        return await InsertAsync(change, by, person, hash, isDemo: false);
    }

    private static async Task<bool> InsertAsync(Change change, Person by, Person p, string hash, bool isDemo)
    {
        var touched = await change.ExecuteAsync(
            "INSERT INTO person (login, name, name_en, kind, unit, region, roles, password, demo, confirmed, key) VALUES (@Login, @Name, @NameEn, @Kind, @Unit, @Region, @roles, @hash, @demo, @Stamp, @key) ON CONFLICT (login) DO NOTHING",
            new { p.Login, p.Name, p.NameEn, p.Kind, p.Unit, p.Region, roles = JsonSerializer.Serialize(p.Roles), hash, demo = isDemo ? 1L : 0, change.Stamp, key = Subjects.NewKey() });
        await change.RecordOfAsync(by, touched == 1 ? "person.added" : "person.add-missed", p.Login);
        return touched == 1;
    }

    /// <summary>Whether the demonstration's people stand in the store, from a start with <c>--demo</c>.</summary>
    public async Task<bool> HoldsDemoAsync(CancellationToken cancel = default) =>
        await store.ReadAsync(c => c.ExecuteScalarAsync<long>("SELECT count(*) FROM person WHERE demo = 1"), cancel) > 0;

    /// <summary>Whether anybody at all can sign in.</summary>
    public async Task<bool> IsEmptyAsync(CancellationToken cancel = default) => (await AllAsync(cancel)).Count == 0;

    /// <summary>Takes the demonstration's people out of the store; what they did stays in the ledger. Gives how many.</summary>
    public Task<int> RemoveDemoAsync(Person by, CancellationToken cancel = default) => store.ChangeAsync(clock.GetUtcNow(), change => RemoveDemoAsync(change, by), cancel);

    internal static async Task<int> RemoveDemoAsync(Change change, Person by)
    {
        const string demo = "(SELECT login FROM person WHERE demo = 1)";
        foreach (var table in (string[])["session", "totp", "recovery_code", "passkey", "post", "outside_account", "scim_user", "elevation"])
            await change.ExecuteAsync($"DELETE FROM {table} WHERE login IN {demo}");
        foreach (var table in (string[])["client_token", "client_consent"])
            await change.ExecuteAsync($"DELETE FROM {table} WHERE subject IN {demo}");
        await change.ExecuteAsync($"UPDATE api_key SET revoked = @Stamp WHERE revoked IS NULL AND issuer IN {demo}", new { change.Stamp });
        var gone = await change.ExecuteAsync("DELETE FROM person WHERE demo = 1");
        change.Record(by, "demo.removed", "people", JsonSerializer.Serialize(new { gone }));
        return gone;
    }

    /// <summary>Ends an account for good, with its posts and all that its person signed in by; what they did stays in the ledger. False when there is none.</summary>
    internal static async Task<bool> RemoveAsync(Change change, Person by, string login)
    {
        if (await change.ExecuteAsync("UPDATE person SET ended = @Stamp, password = '' WHERE login = @login AND ended IS NULL", new { change.Stamp, login }) == 0)
            return false;
        await EraseAsync(change, login);
        await change.RecordOfAsync(by, "person.removed", login);
        return true;
    }

    /// <summary>Takes back what a person who is gone held and had given out; their sessions are ended after this.</summary>
    internal static async Task EraseAsync(Change change, string login)
    {
        await WithdrawAsync(change, login);
        // Who comes back is given roles anew.
        await change.ExecuteAsync("UPDATE person SET roles = '[]' WHERE login = @login", new { login });
        await change.ExecuteAsync("UPDATE post SET ended = @Stamp WHERE login = @login AND ended IS NULL", new { change.Stamp, login });
        foreach (var table in (string[])["outside_account", "totp", "recovery_code", "passkey"])
            await change.ExecuteAsync($"DELETE FROM {table} WHERE login = @login", new { login });
    }

    /// <summary>Takes back what a person whose account has ended had given out. They are found no more, so that no session of theirs counts from here on.</summary>
    internal static async Task WithdrawAsync(Change change, string login)
    {
        await change.ExecuteAsync("UPDATE elevation SET ended = @Stamp WHERE login = @login AND ended IS NULL", new { change.Stamp, login });
        await change.ExecuteAsync("UPDATE api_key SET revoked = @Stamp WHERE issuer = @login AND revoked IS NULL", new { change.Stamp, login });
        await change.ExecuteAsync("UPDATE client_token SET status = 'revoked', version = version + 1 WHERE subject = @login AND status <> 'revoked'", new { login });
        await change.ExecuteAsync("UPDATE client_consent SET status = 'revoked', version = version + 1 WHERE subject = @login AND status <> 'revoked'", new { login });
    }

    /// <summary>Everyone who can sign in, by login.</summary>
    public async Task<IReadOnlyList<Person>> AllAsync(CancellationToken cancel = default) =>
        [.. (await store.ReadAsync(c => c.QueryAsync<Row>($"SELECT {Columns} FROM person WHERE ended IS NULL ORDER BY login"), cancel)).Where(MaySignIn).Select(r => r.Person)];

    /// <summary>A person by login, or null; one whose account has ended is none.</summary>
    public async Task<Person?> FindAsync(string login, CancellationToken cancel = default) =>
        await RowAsync(login, cancel) is { } row && MaySignIn(row) ? row.Person : null;

    /// <summary>A person as they act in a post of theirs, or in their main one, with the roles that count now and none for a time; null when they may not sign in.</summary>
    /// <param name="post">The id of the post chosen; one that is over counts as none.</param>
    public async Task<Person?> ActingAsync(string login, string? post, CancellationToken cancel = default) => (await StandingAsync(login, post, cancel)).Person;

    /// <summary>The same with the roles that are held for a time: for the person themselves, at a browser.</summary>
    internal async Task<Person?> ElevatedAsync(string login, string? post, CancellationToken cancel = default)
    {
        if ((await StandingAsync(login, post, cancel)).Person is not { } person)
            return null;
        var held = await store.ReadAsync(c => Elevations.RunningAsync(c, null, login, clock.GetUtcNow()), cancel);
        var more = held.Where(h => !person.Roles.Contains(h.Role)).ToList();
        return more.Count == 0 ? person : person with { Roles = [.. person.Roles, .. more.Select(h => h.Role)], Elevated = more };
    }

    /// <summary>A person with every role that counts now, in whichever post, for a time too.</summary>
    internal async Task<Person?> InAllAsync(string login, CancellationToken cancel = default)
    {
        var (acting, posts) = await StandingAsync(login, null, cancel);
        if (acting is null)
            return null;
        var elevated = await ElevatedAsync(login, null, cancel);
        return acting with { Roles = [.. elevated!.Roles.Concat(posts.SelectMany(p => Counting(p.Roles, p.Confirmed))).Distinct()], Elevated = elevated.Elevated };
    }

    private async Task<(Person? Person, IReadOnlyList<Post> Posts)> StandingAsync(string login, string? post, CancellationToken cancel)
    {
        if (await RowAsync(login, cancel) is not { } row || !MaySignIn(row))
            return (null, []);
        var person = row.Person with { Roles = Counting(row.Person.Roles, row.Confirmed) };
        if (person.Kind != "official")
            return (person, []);
        var today = DateOnly.FromDateTime((clock.GetUtcNow() + land.Offset).UtcDateTime);
        var posts = (await PostsAsync(login, cancel)).Where(p => p.StandsOn(today)).ToList();
        return ((posts.FirstOrDefault(p => p.Id == post) ?? posts.FirstOrDefault(p => p.Kind == "main")) is not { } held ? person
            : person with { Unit = held.Unit, Region = land.Units.Find(held.Unit)?.Region ?? person.Region, Roles = Counting(held.Roles, held.Confirmed) }, posts);
    }

    /// <summary>A person's roles that do not count, since nobody confirmed them in time.</summary>
    internal async Task<IReadOnlyList<string>> SuspendedAsync(string login, CancellationToken cancel = default)
    {
        if (await RowAsync(login, cancel) is not { } row)
            return [];
        var held = (await PostsAsync(login, cancel)).Where(p => p.StandsOn(DateOnly.FromDateTime((clock.GetUtcNow() + land.Offset).UtcDateTime))).Select(p => (p.Roles, p.Confirmed)).Prepend((row.Person.Roles, row.Confirmed));
        return [.. held.SelectMany(h => h.Roles.Except(Counting(h.Roles, h.Confirmed))).Distinct()];
    }

    /// <summary>The officials of a unit, by login: those whose main post or account is there, and those who have another post there; each as they act in it, with the roles that count now.</summary>
    public async Task<IReadOnlyList<Person>> OfUnitAsync(string unit, CancellationToken cancel = default)
    {
        var candidates = await store.ReadAsync(c => c.QueryAsync<string>("SELECT login FROM person WHERE unit = @unit AND kind = 'official' AND ended IS NULL UNION SELECT login FROM post WHERE unit = @unit AND ended IS NULL ORDER BY 1", new { unit }), cancel);
        var found = new List<Person>();
        foreach (var login in candidates)
        {
            var (acting, posts) = await StandingAsync(login, null, cancel);
            var other = posts.FirstOrDefault(p => p.Unit == unit);
            if (acting?.Unit == unit)
                found.Add(acting);
            else if (acting is not null && other is not null)
                found.Add(acting with { Unit = unit, Region = land.Units.Find(unit)?.Region ?? acting.Region, Roles = Counting(other.Roles, other.Confirmed) });
        }
        return found;
    }

    // Roles that were to be confirmed anew and were not count for nothing until they are.
    private IReadOnlyList<string> Counting(IReadOnlyList<string> roles, string? confirmed)
    {
        var (now, last) = (clock.GetUtcNow(), confirmed is null ? DateTimeOffset.MinValue : Time.Read(confirmed));
        return roles.All(r => Policy.Book.Recertify.EndOf(r, last) > now) ? roles : [.. roles.Where(r => Policy.Book.Recertify.EndOf(r, last) > now)];
    }

    /// <summary>Whether another than a person holds one of some roles for good, in a post or by the account.</summary>
    internal async Task<bool> AnotherHoldsAsync(string login, IReadOnlyList<string> roles, CancellationToken cancel = default)
    {
        var named = string.Join(" OR ", roles.Select((_, i) => FormattableString.Invariant($"roles LIKE @r{i}")));
        var args = new DynamicParameters(new { login });
        for (var i = 0; i < roles.Count; i++)
            args.Add(FormattableString.Invariant($"r{i}"), $"%\"{roles[i]}\"%");
        var candidates = await store.ReadAsync(c => c.QueryAsync<string>($"SELECT login FROM person WHERE login <> @login AND ended IS NULL AND ({named}) UNION SELECT login FROM post WHERE login <> @login AND ended IS NULL AND ({named})", args), cancel);
        foreach (var other in candidates)
        {
            if (await InAllAsync(other, cancel) is { } person && PolicyBook.HoldsOne(person.Lasting(), roles))
                return true;
        }
        return false;
    }

    /// <summary>All posts of an official, those over too, in the order in which they began.</summary>
    public async Task<IReadOnlyList<Post>> PostsAsync(string login, CancellationToken cancel = default) =>
        [.. (await store.ReadAsync(c => c.QueryAsync<PostRow>(
            "SELECT id AS Id, login AS Login, unit AS Unit, title AS Title, roles AS Roles, kind AS Kind, from_day AS FromDay, to_day AS ToDay, ended AS Ended, confirmed AS Confirmed FROM post WHERE login = @login ORDER BY from_day, given, id", new { login }), cancel))
            .Select(p => new Post(p.Id, p.Login, p.Unit, p.Title, JsonSerializer.Deserialize<string[]>(p.Roles)!, p.Kind, p.FromDay, p.ToDay, p.Ended) { Confirmed = p.Confirmed })];

    private sealed record PostRow(string Id, string Login, string Unit, string Title, string Roles, string Kind, string FromDay, string? ToDay, string? Ended, string? Confirmed);

    /// <summary>The person whose login and password these are, or null; an unknown login costs as long as a wrong password.</summary>
    public async Task<Person?> CheckAsync(string login, string password, CancellationToken cancel = default)
    {
        var row = await RowAsync(login, cancel);
        _decoy ??= _hasher.HashPassword("", "nobody");
        var isRight = password.Length <= Passwords.Longest && _hasher.VerifyHashedPassword(login, row?.Password ?? _decoy, password) != PasswordVerificationResult.Failed;
        return isRight && row is not null && MaySignIn(row) ? row.Person : null;
    }

    /// <summary>Gives a person another password.</summary>
    public Task ChangePasswordAsync(Person by, string login, string password, CancellationToken cancel = default) => store.ChangeAsync(clock.GetUtcNow(), async change =>
    {
        await change.ExecuteAsync("UPDATE person SET password = @password WHERE login = @login", new { password = _hasher.HashPassword(login, password), login });
        await change.RecordOfAsync(by, "password.changed", login);
    }, cancel);

    private Task<Row?> RowAsync(string login, CancellationToken cancel) =>
        store.ReadAsync(c => c.QueryFirstOrDefaultAsync<Row>($"SELECT {Columns} FROM person WHERE login = @login AND ended IS NULL", new { login }), cancel);

    private bool MaySignIn(Row row) => Shows(row.Demo);

    /// <summary>Whether somebody counts who is, or is not, one of the demonstration's people.</summary>
    internal bool Shows(long isDemo) => demo.IsOn || isDemo == 0;

    /// <summary>Makes a key for a machine, which acts for the unit of whoever makes it; the key itself is shown once and kept only as a hash.</summary>
    public async Task<(string Id, string Key)> IssueKeyAsync(Person by, string name, IReadOnlyList<string> roles, CancellationToken cancel = default)
    {
        var id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6));
        var key = $"gt_{id}_{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24))}";
        await store.ChangeAsync(clock.GetUtcNow(), async change =>
        {
            await change.ExecuteAsync("INSERT INTO api_key (id, name, hash, roles, created, issuer, unit) VALUES (@id, @name, @hash, @roles, @at, @Login, @Unit)",
                new { id, name, hash = HashOfKey(key), roles = JsonSerializer.Serialize(roles), at = change.Stamp, by.Login, by.Unit });

            change.Record(by, "key.issued", $"key:{id}", JsonSerializer.Serialize(new { name, roles }));
        }, cancel);
        return (id, key);
    }

    /// <summary>All keys, the newest first.</summary>
    public async Task<IReadOnlyList<MachineKey>> KeysAsync(CancellationToken cancel = default) =>
        [.. (await store.ReadAsync(c => c.QueryAsync<(string Id, string Name, string Roles, string Created, string? Revoked, string? Unit)>("SELECT id, name, roles, created, revoked, unit FROM api_key ORDER BY created DESC, id"), cancel))
            .Select(k => new MachineKey(k.Id, k.Name, JsonSerializer.Deserialize<string[]>(k.Roles)!, k.Created, k.Revoked, k.Unit))];

    /// <summary>Ends a key; false when there is none of that id in force.</summary>
    public Task<bool> RevokeKeyAsync(Person by, string id, CancellationToken cancel = default) => store.ChangeAsync(clock.GetUtcNow(), async change =>
    {
        var touched = await change.ExecuteAsync("UPDATE api_key SET revoked = @at WHERE id = @id AND revoked IS NULL", new { id, at = change.Stamp });
        change.Record(by, touched == 1 ? "key.revoked" : "key.revoke-missed", $"key:{id}");
        return touched == 1;
    }, cancel);

    /// <summary>The machine behind a key, or null when the key is unknown or revoked.</summary>
    public async Task<Person?> FindKeyAsync(string key, CancellationToken cancel = default)
    {
        var row = await store.ReadAsync(c => c.QueryFirstOrDefaultAsync<(string Id, string Name, string Roles, string? Unit)?>(
            "SELECT id, name, roles, unit FROM api_key WHERE hash = @hash AND revoked IS NULL", new { hash = HashOfKey(key) }), cancel);
        return row is not var (id, name, roles, unit) ? null
            : new Person($"key:{id}", name, name, "machine", unit, "", RolesOfKey(roles));
    }

    /// <summary>Keys in force that act for a unit, by their hash: what a gateway that answers thousands of calls a second keeps in memory.</summary>
    public async Task<IReadOnlyDictionary<string, Person>> UnitKeysAsync(CancellationToken cancel = default) =>
        (await store.ReadAsync(c => c.QueryAsync<(string Hash, string Id, string Name, string Roles, string Unit)>("SELECT hash, id, name, roles, unit FROM api_key WHERE revoked IS NULL AND unit IS NOT NULL"), cancel))
            .ToDictionary(k => k.Hash, k => new Person($"key:{k.Id}", k.Name, k.Name, "machine", k.Unit, "", RolesOfKey(k.Roles)));

    // A program that calls by grants is no machine of the platform's own: it has that one role and no other.
    private static IReadOnlyList<string> RolesOfKey(string roles) => JsonSerializer.Deserialize<string[]>(roles)! is var held && held.Contains(PolicyBook.Consumer) ? [PolicyBook.Consumer] : [.. held, PolicyBook.Machine];

    /// <summary>What is kept of a key.</summary>
    public static string HashOfKey(string key) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)));
}
