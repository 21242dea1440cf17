using System.Text.Json;
using Dapper;
using Guantong.Trust;

namespace Guantong.Data;

/// <summary>The connections: kept in the operations store, their secrets sealed.</summary>
public sealed class Connections(Store store, DataKeys keys, TimeProvider clock)
{
    private const string Key = "connection";
    private const string Columns = "id, kind, address, login, auth, token_address AS TokenAddress, fingerprint, secret";

    private sealed class Row
    {
        public string Id { get; set; } = "";
        public string Kind { get; set; } = "";
        public string Address { get; set; } = "";
        public string? Login { get; set; }
        public string? Auth { get; set; }
        public string? TokenAddress { get; set; }
        public string? Fingerprint { get; set; }
        public string? Secret { get; set; }

        public Connection Shown => new(Id, Kind, Address, Login, Auth, TokenAddress, Fingerprint);
    }

    /// <summary>All of them, and whether each has a secret.</summary>
    public Task<IReadOnlyList<(Connection Connection, bool HasSecret)>> ListAsync(CancellationToken cancel = default) => store.ReadAsync(async c =>
        (IReadOnlyList<(Connection, bool)>)[.. (await c.QueryAsync<Row>($"SELECT {Columns} FROM connection ORDER BY id")).Select(r => (r.Shown, r.Secret is not null))], cancel);

    /// <summary>One with its secret, or null.</summary>
    internal Task<OpenConnection?> OpenAsync(string id, CancellationToken cancel = default) => store.ReadAsync(async c =>
    {
        if (await c.QueryFirstOrDefaultAsync<Row>($"SELECT {Columns} FROM connection WHERE id = @id", new { id }) is not { } row)
            return null;
        var ring = await keys.RingAsync(c, [Key], cancel);
        return (OpenConnection?)new OpenConnection(row.Shown, row.Secret is null ? null : ring.Open(row.Secret, Place(id)).Text);
    }, cancel);

    /// <summary>Makes or changes one.</summary>
    /// <param name="secret">Its secret; null leaves the one it has.</param>
    /// <exception cref="RefusedException">Its address changes and no secret is given: the one that it has is not sent elsewhere.</exception>
    public Task PutAsync(Connection given, string? secret, Person by, CancellationToken cancel = default) => store.ChangeAsync(clock.GetUtcNow(), async change =>
    {
        var stood = await change.FindAsync<Row>($"SELECT {Columns} FROM connection WHERE id = @Id", new { given.Id });
        if (secret is null && stood?.Secret is not null && (stood.Address, stood.TokenAddress, stood.Kind, stood.Fingerprint) != (given.Address, given.TokenAddress, given.Kind, given.Fingerprint))
            throw new RefusedException(422, "connection-secret-again", given.Id);
        var kept = secret is null ? stood?.Secret : (await keys.RingAsync(change, Key, cancel)).Seal(Key, secret, Place(given.Id));
        await change.ExecuteAsync("""
            INSERT INTO connection (id, kind, address, login, auth, token_address, fingerprint, secret, changed, changed_by) VALUES (@Id, @Kind, @Address, @Login, @Auth, @TokenAddress, @Fingerprint, @kept, @Stamp, @by)
            ON CONFLICT (id) DO UPDATE SET kind = excluded.kind, address = excluded.address, login = excluded.login, auth = excluded.auth, token_address = excluded.token_address, fingerprint = excluded.fingerprint, secret = excluded.secret, changed = excluded.changed, changed_by = excluded.changed_by
            """, new { given.Id, given.Kind, given.Address, given.Login, given.Auth, given.TokenAddress, given.Fingerprint, kept, change.Stamp, by = by.Login });
        change.Record(by, stood is null ? "connection.made" : "connection.changed", $"connection:{given.Id}", JsonSerializer.Serialize(new { given.Kind, given.Address, given.Login, secret = secret is not null }));
    }, cancel);

    /// <summary>Ends one.</summary>
    /// <returns>False when there is none.</returns>
    public Task<bool> RemoveAsync(string id, Person by, CancellationToken cancel = default) => store.ChangeAsync(clock.GetUtcNow(), async change =>
    {
        var gone = await change.ExecuteAsync("DELETE FROM connection WHERE id = @id", new { id });
        change.Record(by, gone > 0 ? "connection.removed" : "connection.not-there", $"connection:{id}", "{}");
        return gone > 0;
    }, cancel);

    private static string Place(string id) => $"connection:{id}";
}
