using System.Text.Json;
using Dapper;

namespace Guantong.Trust.Outside;

/// <summary>Which outside accounts stand for which people here: by issuer and subject, as the person linked them, never by a name or an e-mail address.</summary>
/// <remarks>OpenID Connect Core §5.7: only the two together identify somebody for good.</remarks>
public sealed class OutsideAccounts(Store store, TimeProvider clock)
{
    /// <summary>The login that an outside account is linked to, or null.</summary>
    public Task<string?> FindAsync(string issuer, string subject, CancellationToken cancel = default) =>
        store.ReadAsync(c => c.QueryFirstOrDefaultAsync<string?>("SELECT login FROM outside_account WHERE issuer = @issuer AND subject = @subject", new { issuer, subject }), cancel);

    /// <summary>The issuers at which a person has a linked account.</summary>
    public async Task<IReadOnlyList<string>> IssuersAsync(string login, CancellationToken cancel = default) =>
        (await store.ReadAsync(c => c.QueryAsync<string>("SELECT DISTINCT issuer FROM outside_account WHERE login = @login", new { login }), cancel)).AsList();

    /// <summary>Links an outside account to a person; false when it stands for somebody else.</summary>
    public Task<bool> LinkAsync(string issuer, string subject, string login, CancellationToken cancel = default) => store.ChangeAsync(clock.GetUtcNow(), async change =>
    {
        await change.ExecuteAsync("INSERT INTO outside_account (issuer, subject, login, linked) VALUES (@issuer, @subject, @login, @Stamp) ON CONFLICT (issuer, subject) DO NOTHING", new { issuer, subject, login, change.Stamp });
        var isTheirs = await change.FindAsync<string>("SELECT login FROM outside_account WHERE issuer = @issuer AND subject = @subject", new { issuer, subject }) == login;
        await change.RecordOwnAsync(login, isTheirs ? "outside-account.linked" : "outside-account.link-refused", JsonSerializer.Serialize(new { issuer }));
        return isTheirs;
    }, cancel);

    /// <summary>Unlinks what a person has at an issuer.</summary>
    public Task UnlinkAsync(string issuer, string login, CancellationToken cancel = default) => store.ChangeAsync(clock.GetUtcNow(), async change =>
    {
        await change.ExecuteAsync("DELETE FROM outside_account WHERE issuer = @issuer AND login = @login", new { issuer, login });
        await change.RecordOwnAsync(login, "outside-account.unlinked", JsonSerializer.Serialize(new { issuer }));
    }, cancel);
}
