using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Dapper;
using Microsoft.AspNetCore.Identity;

namespace Guantong.Trust;

/// <summary>A machine's key as it is listed; the key itself is kept only as a hash.</summary>
public sealed record MachineKey(string Id, string Name, IReadOnlyList<string> Roles, string Created, string? Revoked);

/// <summary>Who can sign in, and the keys of machines.</summary>
public sealed class Accounts(Store store, TimeProvider clock)
{
    /// <summary>The password of every demonstration account; shown by <c>up</c>, and on the sign-in page.</summary>
    public const string DemoPassword = "guantong-demo";

    private readonly PasswordHasher<string> _hasher = new();
    private readonly SignInAttempts _attempts = new(clock);
    private string? _decoy;

    private sealed record Row(string Login, string Name, string NameEn, string Kind, string? Unit, string Region, string Roles, string Password)
    {
        public Person Person => new(Login, Name, NameEn, Kind, Unit, Region, JsonSerializer.Deserialize<string[]>(Roles)!);
    }

    private const string Columns = "login AS Login, name AS Name, name_en AS NameEn, kind AS Kind, unit AS Unit, region AS Region, roles AS Roles, password AS Password";

    /// <summary>Adds the demonstration's people who are not there yet.</summary>
    public async Task SeedAsync(IReadOnlyList<Person> people, CancellationToken cancel = default)
    {
        var known = (await store.ReadAsync(c => c.QueryAsync<string>("SELECT login FROM person"), cancel)).ToHashSet();
        var fresh = people.Where(p => !known.Contains(p.Login)).ToList();
        if (fresh.Count == 0)
            return;
        await store.ChangeAsync(clock.GetUtcNow(), async change =>
        {
            foreach (var p in fresh)
            {
                await change.ExecuteAsync(
                    "INSERT INTO person (login, name, name_en, kind, unit, region, roles, password) VALUES (@Login, @Name, @NameEn, @Kind, @Unit, @Region, @Roles, @Password)",
                    new Row(p.Login, p.Name, p.NameEn, p.Kind, p.Unit, p.Region, JsonSerializer.Serialize(p.Roles), _hasher.HashPassword(p.Login, DemoPassword)));
                change.Record("operator", "person.added", $"person:{p.Login}");
            }
        }, cancel);
    }

    /// <summary>Everyone who can sign in, by login.</summary>
    public async Task<IReadOnlyList<Person>> AllAsync(CancellationToken cancel = default) =>
        [.. (await store.ReadAsync(c => c.QueryAsync<Row>($"SELECT {Columns} FROM person WHERE ended IS NULL ORDER BY login"), cancel)).Select(r => r.Person)];

    /// <summary>A person by login, or null.</summary>
    public async Task<Person?> FindAsync(string login, CancellationToken cancel = default) =>
        (await store.ReadAsync(c => c.QueryFirstOrDefaultAsync<Row>($"SELECT {Columns} FROM person WHERE login = @login AND ended IS NULL", new { login }), cancel))?.Person;

    /// <summary>The person whose login and password these are; an unknown login costs as long as a wrong password.</summary>
    /// <returns>The person, or null and whether the login is shut for some minutes after too many wrong passwords.</returns>
    public async Task<(Person? Person, bool IsShut)> SignInAsync(string login, string password, CancellationToken cancel = default)
    {
        if (_attempts.IsShut(login))
            return (null, true);
        var row = await store.ReadAsync(c => c.QueryFirstOrDefaultAsync<Row>($"SELECT {Columns} FROM person WHERE login = @login AND ended IS NULL", new { login }), cancel);
        _decoy ??= _hasher.HashPassword("", "nobody");
        if (_hasher.VerifyHashedPassword(login, row?.Password ?? _decoy, password) == PasswordVerificationResult.Failed || row is null)
        {
            _attempts.Failed(login);
            return (null, _attempts.IsShut(login));
        }
        _attempts.Succeeded(login);
        return (row.Person, false);
    }

    /// <summary>Makes a key for a machine; the key itself is shown once and kept only as a hash.</summary>
    public async Task<(string Id, string Key)> IssueKeyAsync(Person by, string name, IReadOnlyList<string> roles, CancellationToken cancel = default)
    {
        var id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6));
        var key = $"gt_{id}_{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24))}";
        await store.ChangeAsync(clock.GetUtcNow(), async change =>
        {
            await change.ExecuteAsync("INSERT INTO api_key (id, name, hash, roles, created, issuer) VALUES (@id, @name, @hash, @roles, @at, @Login)",
                new { id, name, hash = Hash(key), roles = JsonSerializer.Serialize(roles), at = change.Stamp, by.Login });
            change.Record(by.Login, "key.issued", $"key:{id}", JsonSerializer.Serialize(new { name, roles }));
        }, cancel);
        return (id, key);
    }

    /// <summary>All keys, the newest first.</summary>
    public async Task<IReadOnlyList<MachineKey>> KeysAsync(CancellationToken cancel = default) =>
        [.. (await store.ReadAsync(c => c.QueryAsync<(string Id, string Name, string Roles, string Created, string? Revoked)>("SELECT id, name, roles, created, revoked FROM api_key ORDER BY created DESC, id"), cancel))
            .Select(k => new MachineKey(k.Id, k.Name, JsonSerializer.Deserialize<string[]>(k.Roles)!, k.Created, k.Revoked))];

    /// <summary>Ends a key; false when there is none of that id in force.</summary>
    public Task<bool> RevokeKeyAsync(Person by, string id, CancellationToken cancel = default) => store.ChangeAsync(clock.GetUtcNow(), async change =>
    {
        var touched = await change.ExecuteAsync("UPDATE api_key SET revoked = @at WHERE id = @id AND revoked IS NULL", new { id, at = change.Stamp });
        change.Record(by.Login, touched == 1 ? "key.revoked" : "key.revoke-missed", $"key:{id}");
        return touched == 1;
    }, cancel);

    /// <summary>The machine behind a key, or null when the key is unknown or revoked.</summary>
    public async Task<Person?> FindKeyAsync(string key, CancellationToken cancel = default)
    {
        var row = await store.ReadAsync(c => c.QueryFirstOrDefaultAsync<(string Id, string Name, string Roles)?>(
            "SELECT id, name, roles FROM api_key WHERE hash = @hash AND revoked IS NULL", new { hash = Hash(key) }), cancel);
        return row is not var (id, name, roles) ? null
            : new Person($"key:{id}", name, name, "machine", null, "", [.. JsonSerializer.Deserialize<string[]>(roles)!, "machine"]);
    }

    private static string Hash(string key) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)));
}
