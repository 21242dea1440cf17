using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Dapper;
using Guantong.Trust;

namespace Guantong.Work;

/// <summary>An address at which somebody wants to be told, as they see it.</summary>
/// <param name="Channel">email or sms.</param>
/// <param name="Address">The address; null once its key is destroyed.</param>
/// <param name="Lang">In which language.</param>
/// <param name="Confirmed">Since when it is known to be theirs; null while a code is waited for.</param>
/// <param name="Ended">Since when they want no more; null while they do.</param>
public sealed record Contact(string Channel, string? Address, string Lang, string? Confirmed, string? Ended);

/// <summary>Keeps the addresses that people gave to be told at, sealed. An e-mail address counts once its code was given back; none is taken from anywhere else.</summary>
public sealed partial class Contacts(Store store, DataKeys keys, TimeProvider clock, NoticeSignal signal)
{
    private const int MostTries = 5;
    private static readonly TimeSpan ForCode = TimeSpan.FromMinutes(30);

    private sealed record Row(string Owner, string Channel, string Address, string Lang, string Token, string? Code, long Tries, string Given, string? Confirmed, string? Ended);

    private const string Columns = "owner AS Owner, channel AS Channel, address AS Address, lang AS Lang, token AS Token, code AS Code, tries AS Tries, given AS Given, confirmed AS Confirmed, ended AS Ended";

    /// <summary>The addresses of somebody.</summary>
    public async Task<IReadOnlyList<Contact>> OfAsync(string owner, CancellationToken cancel = default) => await store.ReadAsync(async c =>
    {
        var rows = (await c.QueryAsync<Row>($"SELECT {Columns} FROM work_contact WHERE owner = @owner ORDER BY channel", new { owner })).AsList();
        var ring = rows.Count == 0 ? null : await keys.RingAsync(c, [Notices.Key], cancel);
        return (IReadOnlyList<Contact>)[.. rows.Select(r => new Contact(r.Channel, ring!.Open(r.Address, Place(r.Owner, r.Channel)).Text, r.Lang, r.Confirmed, r.Ended))];
    }, cancel);

    /// <summary>Somebody gives an address, or another one; an e-mail address is sent a code first.</summary>
    /// <exception cref="ConflictException">contact-channel, contact-email, contact-phone: it is none; contact-often: a code was sent a minute ago.</exception>
    public async Task GiveAsync(Person me, string owner, string channel, string? address, string lang, CancellationToken cancel = default)
    {
        var told = Read(channel, address);
        await store.ChangeAsync(clock.GetUtcNow(), async change =>
        {
            var before = await change.FindAsync<Row>($"SELECT {Columns} FROM work_contact WHERE owner = @owner AND channel = @channel{change.ForUpdate}", new { owner, channel });
            if (before is { Confirmed: null, Ended: null } && Time.Read(before.Given) > change.At.AddMinutes(-1))
                throw new ConflictException("contact-often");
            var code = channel == "email" ? RandomNumberGenerator.GetInt32(1_000_000).ToString("D6", CultureInfo.InvariantCulture) : null;
            await PutAsync(change, owner, channel, told, lang, code, cancel);
            if (code is not null)
                await Notices.ConfirmAsync(change, owner, $"code:{Guid.CreateVersion7(change.At):n}", code);
            change.Record(me, "contact.given", $"person:{me.Login}", $$"""{"channel":"{{channel}}"}""", owner);
        }, cancel);
        signal.Raise();
    }

    /// <summary>Somebody gives a code back.</summary>
    /// <returns>Whether it was right; after five wrong ones none is.</returns>
    public Task<bool> ConfirmAsync(Person me, string owner, string? code, CancellationToken cancel = default) => store.ChangeAsync(clock.GetUtcNow(), async change =>
    {
        var row = await change.FindAsync<Row>($"SELECT {Columns} FROM work_contact WHERE owner = @owner AND channel = 'email'{change.ForUpdate}", new { owner });
        var isRight = row is { Code: { } kept, Confirmed: null, Tries: < MostTries } && Time.Read(row.Given) > change.At - ForCode
            && CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(kept), Encoding.ASCII.GetBytes(Hash(owner, (code ?? "").Trim())));
        await change.ExecuteAsync("UPDATE work_contact SET tries = tries + 1, confirmed = CASE WHEN @isRight = 1 THEN @Stamp ELSE confirmed END, code = CASE WHEN @isRight = 1 THEN NULL ELSE code END WHERE owner = @owner AND channel = 'email'", new { owner, isRight = isRight ? 1 : 0, change.Stamp });
        change.Record(me, isRight ? "contact.confirmed" : "contact.code-wrong", $"person:{me.Login}", "{}", owner);
        return isRight;
    }, cancel);

    /// <summary>Somebody wants no more on a channel; the address is forgotten.</summary>
    public Task EndAsync(Person me, string owner, string channel, CancellationToken cancel = default) => store.ChangeAsync(clock.GetUtcNow(), async change =>
    {
        await change.ExecuteAsync("DELETE FROM work_contact WHERE owner = @owner AND channel = @channel", new { owner, channel });
        change.Scrub();
        change.Record(me, "contact.ended", $"person:{me.Login}", "{}", owner);
    }, cancel);

    /// <summary>Whoever has an e-mail wants no more of them.</summary>
    /// <returns>Whether there is such an address; it is said alike where they ended already.</returns>
    public Task<bool> StopAsync(string? token, CancellationToken cancel = default) => store.ChangeAsync(clock.GetUtcNow(), async change =>
    {
        var touched = token is not { Length: TokenLength } ? 0 : await change.ExecuteAsync("UPDATE work_contact SET ended = coalesce(ended, @Stamp) WHERE token = @token", new { token, change.Stamp });
        change.Record("mail", touched == 1 ? "contact.stopped" : "contact.stop-missed", "notices");
        return touched == 1;
    }, cancel);

    /// <summary>Keeps the address that somebody without an account gave for one thing.</summary>
    /// <param name="owner">case:ID or reception:ID.</param>
    /// <exception cref="ConflictException">contact-email: it is none.</exception>
    internal Task KeepAsync(Change change, string owner, string email, string lang, CancellationToken cancel) => PutAsync(change, owner, "email", Read("email", email), lang, null, cancel);

    /// <summary>Where something goes, and the token by which it is ended; null where nothing may.</summary>
    internal Task<(string Address, string Lang, string Token)?> FindAsync(string owner, string channel, bool evenUnconfirmed, CancellationToken cancel) => store.ReadAsync(async c =>
        await c.QueryFirstOrDefaultAsync<Row>($"SELECT {Columns} FROM work_contact WHERE owner = @owner AND channel = @channel AND ended IS NULL", new { owner, channel }) is { } row && (evenUnconfirmed || row.Confirmed is not null)
            && (await keys.RingAsync(c, [Notices.Key], cancel)).Open(row.Address, Place(owner, channel)).Text is { } address ? ((string, string, string)?)(address, row.Lang, row.Token) : null, cancel);

    private const int TokenLength = 32;

    private async Task PutAsync(Change change, string owner, string channel, string address, string lang, string? code, CancellationToken cancel)
    {
        var kept = (await keys.RingAsync(change, Notices.Key, cancel)).Seal(Notices.Key, address, Place(owner, channel));
        await change.ExecuteAsync("""
            INSERT INTO work_contact (owner, channel, address, lang, token, code, tries, given, confirmed) VALUES (@owner, @channel, @kept, @lang, @token, @code, 0, @Stamp, @confirmed)
            ON CONFLICT (owner, channel) DO UPDATE SET address = @kept, lang = @lang, token = @token, code = @code, tries = 0, given = @Stamp, confirmed = @confirmed, ended = NULL
            """, new { owner, channel, kept, lang = lang != Lang.Zh ? Lang.En : Lang.Zh, token = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(TokenLength / 2)), code = code is null ? null : Hash(owner, code), change.Stamp, confirmed = code is null ? change.Stamp : null });
    }

    private static string Read(string channel, string? address)
    {
        var told = (address ?? "").Trim();
        return channel switch
        {
            "email" => IsEmail(told) ? told : throw new ConflictException("contact-email"),
            "sms" => Phone().IsMatch(told) ? told : throw new ConflictException("contact-phone"),
            _ => throw new ConflictException("contact-channel"),
        };
    }

    /// <summary>Whether a text is an e-mail address that can be written to, and nothing but one.</summary>
    public static bool IsEmail(string text) => text.Length <= 254 && Email().IsMatch(text);

    private static string Hash(string owner, string code) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{owner} {code}")));

    private static string Place(string owner, string channel) => $"contact:{owner}:{channel}";

    [GeneratedRegex(@"\A[A-Za-z0-9._%+\-]{1,64}@(?:[A-Za-z0-9](?:[A-Za-z0-9\-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,}\z")]
    private static partial Regex Email();

    [GeneratedRegex(@"\A1[3-9][0-9]{9}\z")]
    private static partial Regex Phone();
}
