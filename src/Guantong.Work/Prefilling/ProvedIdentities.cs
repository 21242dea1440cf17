using Dapper;
using Guantong.Packs;
using Guantong.Trust;

namespace Guantong.Work;

/// <summary>By which identity number registers know who an account is (实名核验), once somebody has seen the document. It is sealed, shown nowhere, and gone with the account.</summary>
public sealed class ProvedIdentities(Store store, DataKeys keys, Accounts accounts, TimeProvider clock)
{
    private const string Key = "identity";

    /// <summary>Keeps the number of a person's account, in place of one that was there.</summary>
    /// <returns>Null where it is kept, else what stands in the way: identity-number, identity-account or identity-taken.</returns>
    public async Task<string?> ProveAsync(Person by, string login, string? number, CancellationToken cancel = default)
    {
        number = number?.Trim().ToUpperInvariant() ?? "";
        if (!ValueForm.Find("id-number")!.Fits(number))
            return "identity-number";
        if (await accounts.FindAsync(login, cancel) is not { Kind: "citizen" })
            return "identity-account";
        return await store.ChangeAsync(clock.GetUtcNow(), async change =>
        {
            var ring = await keys.RingAsync(change, Key, cancel);
            var (kept, hash) = (ring.Seal(Key, number, Place(login)), ring.Hash(Key, number));
            // Nobody is two accounts: whoever has the number keeps it, and what was kept before stays.
            var isTaken = await change.FindAsync<string>("SELECT login FROM work_identity WHERE hash = @hash AND login <> @login", new { hash, login }) is not null;
            if (!isTaken)
                await change.ExecuteAsync("DELETE FROM work_identity WHERE login = @login", new { login });
            var touched = isTaken ? 0 : await change.ExecuteAsync("INSERT INTO work_identity (login, number, hash, proved) VALUES (@login, @kept, @hash, @Stamp) ON CONFLICT (hash) DO NOTHING", new { login, kept, hash, change.Stamp });
            await change.RecordOfAsync(by, touched == 1 ? "identity.proved" : "identity.refused", login);
            return touched == 1 ? null : "identity-taken";
        }, cancel);
    }

    /// <summary>Takes it back; false where there is none.</summary>
    public Task<bool> RemoveAsync(Person by, string login, CancellationToken cancel = default) => store.ChangeAsync(clock.GetUtcNow(), async change =>
    {
        var touched = await change.ExecuteAsync("DELETE FROM work_identity WHERE login = @login", new { login });
        await change.RecordOfAsync(by, touched == 1 ? "identity.removed" : "identity.remove-missed", login);
        return touched == 1;
    }, cancel);

    /// <summary>The number of an account, or null.</summary>
    internal Task<string?> FindAsync(string login, CancellationToken cancel) => store.ReadAsync(async c =>
        await c.QueryFirstOrDefaultAsync<string>("SELECT number FROM work_identity WHERE login = @login", new { login }) is { } kept ? (await keys.RingAsync(c, [Key], cancel)).Open(kept, Place(login)).Text : null, cancel);

    private static string Place(string login) => "identity:" + login;
}
