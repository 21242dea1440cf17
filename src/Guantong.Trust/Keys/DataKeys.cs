using System.Collections.Concurrent;
using System.Data.Common;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.RegularExpressions;
using Dapper;

namespace Guantong.Trust;

/// <summary>A version of a data key as it is listed, without the key.</summary>
/// <param name="Name">What it seals, e.g. <c>case.assistance</c>.</param>
/// <param name="State">current (seals and opens), retired (opens) or destroyed (nothing opens any more).</param>
/// <param name="Root">The root key that wraps it.</param>
public sealed record DataKey(string Name, long Version, string Suite, string State, string Root, string Made, string? Retired, string? Destroyed);

/// <summary>What was asked of a key cannot be done.</summary>
/// <param name="code">no-such-key or key-is-destroyed.</param>
public sealed class DataKeyException(string code) : Exception(code)
{
    /// <summary>Which of them.</summary>
    public string Code { get; } = code;
}

/// <summary>The keys that seal at rest, one a purpose or dataset, each wrapped by a root key: made, rotated, wrapped anew and destroyed.</summary>
/// <remarks>The store says at each use which versions stand, so that what one node rotates or destroys holds on every node at once.</remarks>
public sealed partial class DataKeys(Store store, Suite suite, Func<bool, RootKeys> roots, TimeProvider clock)
{
    private const int SecretSize = 32;
    private const string Columns = "name AS Name, version AS Version, suite AS Suite, state AS State, root AS Root, wrapped AS Wrapped";

    // Unwrapping may be a trip to another machine. Keyed by what was unwrapped: a key wrapped anew is unwrapped anew.
    private readonly ConcurrentDictionary<Row, OpenKey> _unwrapped = new();
    private readonly Lock _gate = new();
    private RootKeys? _roots;

    private sealed record Row(string Name, long Version, string Suite, string State, string Root, string? Wrapped)
    {
        public string About => $"{Name}:{Version.ToString(System.Globalization.CultureInfo.InvariantCulture)}:{Suite}";
    }

    /// <summary>Looks at the start whether every key that stands has its root key here.</summary>
    /// <exception cref="ConfigurationException">One has not.</exception>
    public async Task CheckAsync(CancellationToken cancel = default)
    {
        var wrappers = await store.ReadAsync(c => c.QueryAsync<string>("SELECT DISTINCT root FROM data_key WHERE state <> 'destroyed'"), cancel);
        foreach (var root in wrappers)
            Roots(isFresh: false).Find(root);
    }

    /// <summary>The ring to seal with in a change; a key that is not there yet, or was destroyed, gets a new version.</summary>
    /// <remarks>It is held until the change commits: nobody destroys it between sealing and keeping.</remarks>
    public async Task<KeyRing> RingAsync(Change change, string name, CancellationToken cancel = default)
    {
        if (!Named().IsMatch(name))
            throw new ArgumentException($"{name} is no name of a key.", nameof(name));
        var rows = await HeldAsync(change, name);
        if (rows.All(r => r.State != "current"))
        {
            await AddAsync(change, name, rows, "process", null, "data-key.made", cancel);
            rows = await HeldAsync(change, name);
        }
        return await RingAsync(rows, cancel);
    }

    /// <summary>The ring to seal with outside a change, of all keys; of those named, one that is not there yet, or was destroyed, gets a new version.</summary>
    public async Task<KeyRing> RingAsync(IReadOnlyCollection<string> names, CancellationToken cancel = default)
    {
        while (true)
        {
            var ring = await store.ReadAsync(c => RingAsync(c, null, cancel), cancel);
            if (names.FirstOrDefault(n => ring.Current(n) is null) is not { } missing)
                return ring;
            try
            {
                await store.ChangeAsync(clock.GetUtcNow(), async change =>
                {
                    var rows = await HeldAsync(change, missing);
                    if (rows.Any(r => r.State == "current") || !(await AddAsync(change, missing, rows, "process", null, "data-key.made", cancel)).IsOurs)
                        throw new MadeMeanwhileException();
                }, cancel);
            }
            catch (MadeMeanwhileException)
            {
            }
        }
    }

    // Another node made the key: nothing is left to record.
    private sealed class MadeMeanwhileException : Exception;

    /// <summary>The ring to open with in a change, of all keys.</summary>
    public async Task<KeyRing> RingAsync(Change change, CancellationToken cancel = default) => await RingAsync(await change.QueryAsync<Row>($"SELECT {Columns} FROM data_key ORDER BY name, version DESC"), cancel);

    /// <summary>The ring to open and find with.</summary>
    /// <param name="names">The keys' names; null for all.</param>
    public async Task<KeyRing> RingAsync(DbConnection connection, IReadOnlyCollection<string>? names = null, CancellationToken cancel = default)
    {
        var rows = await connection.QueryAsync<Row>($"SELECT {Columns} FROM data_key ORDER BY name, version DESC");
        return await RingAsync(names is null ? rows : rows.Where(r => names.Contains(r.Name)), cancel);
    }

    /// <summary>All versions of all keys.</summary>
    public Task<IReadOnlyList<DataKey>> ListAsync(CancellationToken cancel = default) => store.ReadAsync(async c => (IReadOnlyList<DataKey>)(await c.QueryAsync<DataKey>(
        "SELECT name AS Name, version AS Version, suite AS Suite, state AS State, root AS Root, made AS Made, retired AS Retired, destroyed AS Destroyed FROM data_key ORDER BY name, version DESC")).AsList(), cancel);

    /// <summary>A new version seals from now on; the ones before it still open.</summary>
    /// <returns>The new version.</returns>
    /// <exception cref="DataKeyException">There is no such key.</exception>
    public Task<long> RotateAsync(string name, Person by, CancellationToken cancel = default) => store.ChangeAsync(clock.GetUtcNow(), async change =>
    {
        var rows = await HeldAsync(change, name, alone: true);
        if (rows.Count == 0)
            throw new DataKeyException("no-such-key");
        await change.ExecuteAsync("UPDATE data_key SET state = 'retired', retired = @Stamp WHERE name = @name AND state = 'current'", new { name, change.Stamp });
        return (await AddAsync(change, name, rows, by.Login, by.Unit, "data-key.rotated", cancel)).Version;
    }, cancel);

    /// <summary>Wraps every key that is not under the current root key with it. What they sealed stays as it is.</summary>
    /// <returns>How many were wrapped anew, and the root key's id.</returns>
    public Task<(int Rewrapped, string Root)> RewrapAsync(Person by, CancellationToken cancel = default) => store.ChangeAsync(clock.GetUtcNow(), async change =>
    {
        var roots = Roots(isFresh: await IsFreshAsync(change));
        var rows = (await change.QueryAsync<Row>($"SELECT {Columns} FROM data_key WHERE state <> 'destroyed' AND root <> @Id ORDER BY name, version{change.ForUpdate}", new { roots.Current.Id })).AsList();
        foreach (var row in rows)
        {
            var wrapped = await roots.Current.WrapAsync(await roots.Find(row.Root).UnwrapAsync(row.Wrapped!, row.About, cancel), row.About, cancel);
            await change.ExecuteAsync("UPDATE data_key SET root = @Id, wrapped = @wrapped WHERE name = @Name AND version = @Version", new { roots.Current.Id, wrapped, row.Name, row.Version });
        }
        change.Record(by, "data-key.rewrapped", $"root:{roots.Current.Id}", JsonSerializer.Serialize(new { keys = rows.Select(r => $"{r.Name}:{r.Version}") }));
        return (rows.Count, roots.Current.Id);
    }, cancel);

    /// <summary>Destroys a version, or all of a key: what it sealed can never be read again.</summary>
    /// <param name="version">Null for all.</param>
    /// <param name="reason">Stands in the ledger.</param>
    /// <returns>How many versions were destroyed.</returns>
    /// <exception cref="DataKeyException">There is no such key, or it is destroyed already.</exception>
    public Task<int> DestroyAsync(string name, long? version, string reason, Person by, CancellationToken cancel = default) =>
        store.ChangeAsync(clock.GetUtcNow(), change => DestroyAsync(change, name, version, reason, by), cancel);

    internal async Task<int> DestroyAsync(Change change, string name, long? version, string reason, Person by)
    {
        var rows = (await HeldAsync(change, name, alone: true)).Where(r => version is null || r.Version == version).ToList();
        if (rows.Count == 0)
            throw new DataKeyException("no-such-key");
        var standing = rows.Where(r => r.State != "destroyed").ToList();
        if (standing.Count == 0)
            throw new DataKeyException("key-is-destroyed");
        // Else the wrapped key would stand on in a page that is free.
        if (!store.IsPostgres)
            await change.ExecuteAsync("PRAGMA secure_delete = ON");
        foreach (var row in standing)
            await change.ExecuteAsync("UPDATE data_key SET state = 'destroyed', wrapped = NULL, destroyed = @Stamp WHERE name = @Name AND version = @Version", new { change.Stamp, row.Name, row.Version });
        change.Record(by, "data-key.destroyed", $"data-key:{name}", JsonSerializer.Serialize(new { versions = standing.Select(r => r.Version), reason }, Written));
        return standing.Count;
    }

    private static readonly JsonSerializerOptions Written = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    // Whoever waited for another to rotate sees its version only by looking again.
    private async Task<List<Row>> HeldAsync(Change change, string name, bool alone = false)
    {
        async Task<List<Row>> LookAsync() => (await change.QueryAsync<Row>($"SELECT {Columns} FROM data_key WHERE name = @name ORDER BY version DESC", new { name })).AsList();
        if (!store.IsPostgres)
            return await LookAsync();
        // The first version is taken first, by everybody: who waits there holds none of the later ones.
        await change.QueryAsync<long>($"SELECT version FROM data_key WHERE name = @name ORDER BY version{(alone ? change.ForUpdate : " FOR SHARE")}", new { name });
        return await LookAsync();
    }

    private static async Task<bool> IsFreshAsync(Change change) => await change.FindAsync<long>("SELECT count(*) FROM data_key") == 0;

    // Two nodes may come to make the first version at one time: the second finds the first's.
    private async Task<(long Version, bool IsOurs)> AddAsync(Change change, string name, IReadOnlyList<Row> before, string by, string? unit, string action, CancellationToken cancel)
    {
        var row = new Row(name, before.Count == 0 ? 1 : before.Max(r => r.Version) + 1, suite.Name, "current", "", null);
        var root = Roots(isFresh: await IsFreshAsync(change)).Current;
        var secret = RandomNumberGenerator.GetBytes(SecretSize);
        var wrapped = await root.WrapAsync(secret, row.About, cancel);
        CryptographicOperations.ZeroMemory(secret);
        var added = await change.ExecuteAsync("""
            INSERT INTO data_key (name, version, suite, state, root, wrapped, made) VALUES (@Name, @Version, @Suite, 'current', @Id, @wrapped, @Stamp)
            ON CONFLICT DO NOTHING
            """, new { row.Name, row.Version, row.Suite, root.Id, wrapped, change.Stamp });
        if (added > 0)
            change.Record(by, action, $"data-key:{name}", JsonSerializer.Serialize(new { version = row.Version, suite = suite.Name }), unit);
        return (row.Version, added > 0);
    }

    private async Task<KeyRing> RingAsync(IEnumerable<Row> rows, CancellationToken cancel)
    {
        var keys = new Dictionary<(string, long), OpenKey?>();
        foreach (var row in rows)
            keys[(row.Name, row.Version)] = row.Wrapped is null ? Forget(row) : await UnwrapAsync(row, cancel);
        return new KeyRing(keys);
    }

    private OpenKey? Forget(Row destroyed)
    {
        foreach (var kept in _unwrapped.Keys.Where(k => k.Name == destroyed.Name && k.Version == destroyed.Version))
            _unwrapped.TryRemove(kept, out _);
        return null;
    }

    private async Task<OpenKey> UnwrapAsync(Row row, CancellationToken cancel)
    {
        var isCurrent = row.State == "current";
        var kept = row with { State = "" };
        if (!_unwrapped.TryGetValue(kept, out var key))
        {
            var secret = await Roots(isFresh: false).Find(row.Root).UnwrapAsync(row.Wrapped!, row.About, cancel);
            key = new OpenKey(row.Name, row.Version, Suite.Named(row.Suite), isCurrent, secret);
            CryptographicOperations.ZeroMemory(secret);
            _unwrapped[kept] = key;
        }
        return key.As(isCurrent);
    }

    // Opened when first needed: a platform that seals nothing needs no root key.
    private RootKeys Roots(bool isFresh)
    {
        lock (_gate)
            return _roots ??= roots(isFresh);
    }

    [GeneratedRegex("^[a-z0-9][a-z0-9._-]{0,99}$")]
    private static partial Regex Named();
}
