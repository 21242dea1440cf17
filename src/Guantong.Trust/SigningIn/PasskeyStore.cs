using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;
using Dapper;
using Microsoft.AspNetCore.Identity;

namespace Guantong.Trust;

/// <summary>A passkey as its owner sees it.</summary>
public sealed record Passkey(string Id, string Name, string Created, string? Used);

/// <summary>Keeps passkeys, and finds their people for ASP.NET Core Identity's handler; of Identity nothing else is used.</summary>
/// <remarks>An authenticator is told a random handle, never the login (WebAuthn Level 3, §14.6.1).</remarks>
internal sealed class PasskeyStore(Store store, Accounts accounts, TimeProvider clock) : IUserPasskeyStore<Person>
{
    private const string Columns = "id AS Id, login AS Login, name AS Name, public_key AS PublicKey, sign_count AS SignCount, transports AS Transports, is_verified AS IsVerified, "
        + "is_backup_eligible AS IsBackupEligible, is_backed_up AS IsBackedUp, attestation AS Attestation, client_data AS ClientData, created AS Created, used AS Used";

    private sealed record Row(string Id, string Login, string Name, string PublicKey, long SignCount, string Transports, long IsVerified, long IsBackupEligible, long IsBackedUp,
        string Attestation, string ClientData, string Created, string? Used)
    {
        public UserPasskeyInfo Key => new(Base64Url.DecodeFromChars(Id), Convert.FromBase64String(PublicKey), Time.Read(Created), (uint)SignCount, JsonSerializer.Deserialize<string[]>(Transports),
            IsVerified == 1, IsBackupEligible == 1, IsBackedUp == 1, Convert.FromBase64String(Attestation), Convert.FromBase64String(ClientData)) { Name = Name };
    }

    public async Task<IReadOnlyList<Passkey>> OfAsync(string login, CancellationToken cancel) =>
        [.. (await RowsAsync("login = @login ORDER BY created", new { login }, cancel)).Select(r => new Passkey(r.Id, r.Name, r.Created, r.Used))];

    public Task<bool> RenameOrRemoveAsync(Person by, string login, string id, string? name, CancellationToken cancel) => store.ChangeAsync(clock.GetUtcNow(), async change =>
    {
        var touched = name is null ? await change.ExecuteAsync("DELETE FROM passkey WHERE login = @login AND id = @id", new { login, id })
            : await change.ExecuteAsync("UPDATE passkey SET name = @name WHERE login = @login AND id = @id", new { login, id, name });
        await change.RecordOfAsync(by, (name, touched) switch { (_, 0) => "passkey.missed", (null, _) => "passkey.removed", _ => "passkey.renamed" }, login);
        return touched == 1;
    }, cancel);

    /// <summary>Keeps what a use told: the counter, which tells copies, and that the challenge has been answered.</summary>
    /// <returns>False when the challenge had been answered before, on whichever node.</returns>
    public Task<bool> NoteUseAsync(Person person, UserPasskeyInfo key, string challenge, DateTimeOffset ends, CancellationToken cancel) => store.ChangeAsync(clock.GetUtcNow(), async change =>
    {
        var isFirst = await TakeOnceAsync(change, challenge, ends);
        if (isFirst)
            await change.ExecuteAsync("UPDATE passkey SET sign_count = @count, used = @at, is_backed_up = @backedUp WHERE id = @id",
                new { count = (long)key.SignCount, at = change.Stamp, backedUp = key.IsBackedUp ? 1 : 0, id = Base64Url.EncodeToString(key.CredentialId) });
        await change.RecordOfAsync(person, isFirst ? "passkey.used" : "passkey.replayed", person.Login);
        return isFirst;
    }, cancel);

    public Task<bool> AddAsync(Person person, UserPasskeyInfo key, string challenge, DateTimeOffset ends, CancellationToken cancel) => store.ChangeAsync(clock.GetUtcNow(), async change =>
    {
        var touched = await TakeOnceAsync(change, challenge, ends) ? await change.ExecuteAsync(
            "INSERT INTO passkey (id, login, name, public_key, sign_count, transports, is_verified, is_backup_eligible, is_backed_up, attestation, client_data, created) "
            + "VALUES (@Id, @Login, @Name, @PublicKey, @SignCount, @Transports, @IsVerified, @IsBackupEligible, @IsBackedUp, @Attestation, @ClientData, @Created) ON CONFLICT (id) DO NOTHING",
            new Row(Base64Url.EncodeToString(key.CredentialId), person.Login, key.Name ?? "", Convert.ToBase64String(key.PublicKey), key.SignCount, JsonSerializer.Serialize(key.Transports ?? []), key.IsUserVerified ? 1 : 0,
                key.IsBackupEligible ? 1 : 0, key.IsBackedUp ? 1 : 0, Convert.ToBase64String(key.AttestationObject), Convert.ToBase64String(key.ClientDataJson), change.Stamp, null)) : 0;
        await change.RecordOfAsync(person, touched == 1 ? "passkey.added" : "passkey.add-missed", person.Login);
        return touched == 1;
    }, cancel);

    private static async Task<bool> TakeOnceAsync(Change change, string id, DateTimeOffset ends)
    {
        await change.ExecuteAsync("DELETE FROM one_time WHERE ends < @now", new { now = change.Stamp });
        return await change.ExecuteAsync("INSERT INTO one_time (id, ends) VALUES (@id, @ends) ON CONFLICT (id) DO NOTHING", new { id, ends = Time.Write(ends) }) == 1;
    }

    private async Task<IReadOnlyList<Row>> RowsAsync(string where, object args, CancellationToken cancel) =>
        (await store.ReadAsync(c => c.QueryAsync<Row>($"SELECT {Columns} FROM passkey WHERE {where}", args), cancel)).AsList();

    /// <summary>The handle that authenticators know a person by.</summary>
    public async Task<string> HandleAsync(Person person, CancellationToken cancel)
    {
        var found = await store.ReadAsync(c => c.QueryFirstOrDefaultAsync<string?>("SELECT handle FROM person WHERE login = @Login", new { person.Login }), cancel);
        if (found is not null)
            return found;
        await store.ChangeAsync(clock.GetUtcNow(), async change =>
        {
            await change.ExecuteAsync("UPDATE person SET handle = @handle WHERE login = @Login AND handle IS NULL", new { handle = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16)), person.Login });
            await change.RecordOfAsync(person, "passkey.handle-made", person.Login);
        }, cancel);
        return (await store.ReadAsync(c => c.QueryFirstOrDefaultAsync<string?>("SELECT handle FROM person WHERE login = @Login", new { person.Login }), cancel))!;
    }

    public Task<string> GetUserIdAsync(Person user, CancellationToken cancellationToken) => HandleAsync(user, cancellationToken);

    public Task<string?> GetUserNameAsync(Person user, CancellationToken cancellationToken) => Task.FromResult<string?>(user.Login);

    public async Task<Person?> FindByIdAsync(string userId, CancellationToken cancellationToken) =>
        await store.ReadAsync(c => c.QueryFirstOrDefaultAsync<string?>("SELECT login FROM person WHERE handle = @userId", new { userId }), cancellationToken) is { } login
            ? await accounts.FindAsync(login, cancellationToken) : null;

    public Task<Person?> FindByNameAsync(string normalizedUserName, CancellationToken cancellationToken) => accounts.FindAsync(normalizedUserName, cancellationToken);

    public async Task<IList<UserPasskeyInfo>> GetPasskeysAsync(Person user, CancellationToken cancellationToken) =>
        [.. (await RowsAsync("login = @Login", new { user.Login }, cancellationToken)).Select(r => r.Key)];

    public async Task<Person?> FindByPasskeyIdAsync(byte[] credentialId, CancellationToken cancellationToken) =>
        await RowsAsync("id = @id", new { id = Base64Url.EncodeToString(credentialId) }, cancellationToken) is [var row, ..] ? await accounts.FindAsync(row.Login, cancellationToken) : null;

    public async Task<UserPasskeyInfo?> FindPasskeyAsync(Person user, byte[] credentialId, CancellationToken cancellationToken) =>
        await RowsAsync("login = @Login AND id = @id", new { user.Login, id = Base64Url.EncodeToString(credentialId) }, cancellationToken) is [var row, ..] ? row.Key : null;

    // Identity would write by these; here people and passkeys change by the methods above, with their entry in the ledger.
    public Task AddOrUpdatePasskeyAsync(Person user, UserPasskeyInfo passkey, CancellationToken cancellationToken) => throw new NotSupportedException();
    public Task RemovePasskeyAsync(Person user, byte[] credentialId, CancellationToken cancellationToken) => throw new NotSupportedException();
    public Task<IdentityResult> CreateAsync(Person user, CancellationToken cancellationToken) => throw new NotSupportedException();
    public Task<IdentityResult> UpdateAsync(Person user, CancellationToken cancellationToken) => throw new NotSupportedException();
    public Task<IdentityResult> DeleteAsync(Person user, CancellationToken cancellationToken) => throw new NotSupportedException();
    public Task SetUserNameAsync(Person user, string? userName, CancellationToken cancellationToken) => throw new NotSupportedException();
    public Task SetNormalizedUserNameAsync(Person user, string? normalizedName, CancellationToken cancellationToken) => throw new NotSupportedException();
    public Task<string?> GetNormalizedUserNameAsync(Person user, CancellationToken cancellationToken) => Task.FromResult<string?>(user.Login);

    public void Dispose()
    {
    }
}
