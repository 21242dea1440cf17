using System.Globalization;
using System.Security.Cryptography;
using Dapper;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Identity;

namespace Guantong.Trust;

/// <summary>The codes that go with a password: an authenticator app's, and ten for the day when it is lost. Each counts once.</summary>
/// <remarks>OWASP ASVS 4.0.3, 2.6 and 2.8. The app's secret is kept encrypted, recovery codes as slow hashes.</remarks>
public sealed class SecondFactors(Store store, IDataProtectionProvider protection, TimeProvider clock)
{
    private const int Codes = 10;
    // Without letters and figures that read alike.
    private const string Letters = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
    private readonly IDataProtector _protector = protection.CreateProtector("totp");
    private readonly PasswordHasher<string> _hasher = new();

    private sealed record Row(string Secret, string? Confirmed, long LastStep);

    private const string Columns = "secret AS Secret, confirmed AS Confirmed, last_step AS LastStep";

    /// <summary>Whether a person's password wants a code beside it.</summary>
    public async Task<bool> WantedAsync(string login, CancellationToken cancel = default) =>
        await store.ReadAsync(c => c.ExecuteScalarAsync<long>("SELECT count(*) FROM totp WHERE login = @login AND confirmed IS NOT NULL", new { login }), cancel) > 0;

    /// <summary>How many recovery codes a person has left.</summary>
    public async Task<int> CodesLeftAsync(string login, CancellationToken cancel = default) =>
        (int)await store.ReadAsync(c => c.ExecuteScalarAsync<long>("SELECT count(*) FROM recovery_code WHERE login = @login AND used IS NULL", new { login }), cancel);

    /// <summary>The secret to show to a person who sets an app up: the one begun, or a new one. It counts once a code of it is given.</summary>
    /// <returns>Base 32.</returns>
    public async Task<string> BeginAsync(Person person, CancellationToken cancel = default)
    {
        if (await RowAsync(person.Login, cancel) is { Confirmed: null } begun)
            return Totp.Base32(Open(begun));
        var secret = RandomNumberGenerator.GetBytes(20);
        var kept = await store.ChangeAsync(clock.GetUtcNow(), async change =>
        {
            await change.RecordOfAsync(person, "totp.begun", person.Login);
            return await change.ExecuteAsync("INSERT INTO totp (login, secret, confirmed, last_step) VALUES (@login, @secret, NULL, 0) ON CONFLICT (login) DO NOTHING",
                new { login = person.Login, secret = Convert.ToBase64String(_protector.Protect(secret)) });
        }, cancel);
        return kept == 1 ? Totp.Base32(secret) : await RowAsync(person.Login, cancel) is { Confirmed: null } other ? Totp.Base32(Open(other))
            : throw new InvalidOperationException("An app is set up already.");
    }

    /// <summary>Takes the first code of the app that is being set up.</summary>
    /// <returns>The recovery codes, shown this once; null when the code is wrong.</returns>
    public async Task<IReadOnlyList<string>?> ConfirmAsync(Person person, string code, CancellationToken cancel = default)
    {
        if (await RowAsync(person.Login, cancel) is not { Confirmed: null } row || Totp.Match(Open(row), Tidy(code), clock.GetUtcNow(), row.LastStep) is not { } step)
            return null;
        var made = MakeCodes(person.Login);
        return await store.ChangeAsync(clock.GetUtcNow(), async change =>
        {
            var touched = await change.ExecuteAsync("UPDATE totp SET confirmed = @at, last_step = @step WHERE login = @login AND confirmed IS NULL", new { at = change.Stamp, step, login = person.Login });
            await change.RecordOfAsync(person, touched == 1 ? "totp.confirmed" : "totp.confirm-missed", person.Login);
            return touched == 1 ? await WriteCodesAsync(change, person.Login, made) : null;
        }, cancel);
    }

    /// <summary>Makes ten new recovery codes; those before count no more.</summary>
    public Task<IReadOnlyList<string>> RenewCodesAsync(Person person, CancellationToken cancel = default)
    {
        var made = MakeCodes(person.Login);
        return store.ChangeAsync(clock.GetUtcNow(), change => WriteCodesAsync(change, person.Login, made), cancel);
    }

    // Slow, so before the change that keeps them. The first letter tells which of the ten it is: one slow hash is enough to try a code.
    private (string Code, string Hash)[] MakeCodes(string login) =>
        [.. Enumerable.Range(0, Codes).Select(slot => Letters[slot] + RandomNumberGenerator.GetString(Letters, 11)).Select(code => (code, _hasher.HashPassword(login, code)))];

    private static async Task<IReadOnlyList<string>> WriteCodesAsync(Change change, string login, (string Code, string Hash)[] made)
    {
        await change.ExecuteAsync("DELETE FROM recovery_code WHERE login = @login", new { login });
        foreach (var (slot, (_, hash)) in made.Index())
            await change.ExecuteAsync("INSERT INTO recovery_code (login, slot, hash) VALUES (@login, @slot, @hash)", new { login, slot = (long)slot, hash });
        await change.RecordOwnAsync(login, "recovery-codes.made");
        return [.. made.Select(m => $"{m.Code[..4]}-{m.Code[4..8]}-{m.Code[8..]}")];
    }

    /// <summary>Takes the app and the recovery codes away: the password is enough again.</summary>
    public Task RemoveAsync(Person by, string login, CancellationToken cancel = default) => store.ChangeAsync(clock.GetUtcNow(), async change =>
    {
        await change.ExecuteAsync("DELETE FROM totp WHERE login = @login", new { login });
        await change.ExecuteAsync("DELETE FROM recovery_code WHERE login = @login", new { login });
        await change.RecordOfAsync(by, "totp.removed", login);
    }, cancel);

    /// <summary>Uses a code up; false for one that is wrong or was used before, whoever asks first on whichever node.</summary>
    public async Task<bool> UseAsync(string login, string code, CancellationToken cancel = default)
    {
        var tidy = Tidy(code);
        return tidy.Length == 6 && tidy.All(char.IsAsciiDigit) ? await UseTotpAsync(login, tidy, cancel)
            : tidy.Length == 12 && await UseRecoveryAsync(login, tidy, cancel);
    }

    private async Task<bool> UseTotpAsync(string login, string code, CancellationToken cancel)
    {
        if (await RowAsync(login, cancel) is not { Confirmed: not null } row || Totp.Match(Open(row), code, clock.GetUtcNow(), row.LastStep) is not { } step)
            return false;
        return await store.ChangeAsync(clock.GetUtcNow(), async change =>
        {
            var touched = await change.ExecuteAsync("UPDATE totp SET last_step = @step WHERE login = @login AND last_step < @step", new { step, login });
            await change.RecordOwnAsync(login, touched == 1 ? "totp.used" : "totp.reused");
            return touched == 1;
        }, cancel);
    }

    private async Task<bool> UseRecoveryAsync(string login, string code, CancellationToken cancel)
    {
        long slot = Letters.IndexOf(code[0], StringComparison.Ordinal);
        var hash = await store.ReadAsync(c => c.QueryFirstOrDefaultAsync<string>("SELECT hash FROM recovery_code WHERE login = @login AND slot = @slot AND used IS NULL", new { login, slot }), cancel);
        if (hash is null || _hasher.VerifyHashedPassword(login, hash, code) == PasswordVerificationResult.Failed)
            return false;
        return await store.ChangeAsync(clock.GetUtcNow(), async change =>
        {
            var touched = await change.ExecuteAsync("UPDATE recovery_code SET used = @at WHERE login = @login AND slot = @slot AND hash = @hash AND used IS NULL", new { at = change.Stamp, login, slot, hash });
            await change.RecordOwnAsync(login, touched == 1 ? "recovery-code.used" : "recovery-code.reused", string.Create(CultureInfo.InvariantCulture, $$"""{"slot":{{slot}}}"""));
            return touched == 1;
        }, cancel);
    }

    private Task<Row?> RowAsync(string login, CancellationToken cancel) =>
        store.ReadAsync(c => c.QueryFirstOrDefaultAsync<Row>($"SELECT {Columns} FROM totp WHERE login = @login", new { login }), cancel);

    private byte[] Open(Row row) => _protector.Unprotect(Convert.FromBase64String(row.Secret));

    private static string Tidy(string code) => code.Replace(" ", "", StringComparison.Ordinal).Replace("-", "", StringComparison.Ordinal).ToUpperInvariant();
}
