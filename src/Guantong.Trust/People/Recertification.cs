using System.Text.Json;
using Dapper;

namespace Guantong.Trust;

/// <summary>Roles that somebody holds by their account or in a post, and how they stand with being confirmed anew.</summary>
/// <param name="Post">The id of the post; null for the account itself.</param>
/// <param name="Confirmed">When somebody last said that they are needed, or gave them.</param>
/// <param name="Due">When that is to be said anew.</param>
/// <param name="Ends">When the first of them stops counting unless it is.</param>
/// <param name="State">good, soon (due within thirty days), due, or suspended.</param>
/// <param name="IsMine">Whether whoever asked may confirm or withdraw them.</param>
public sealed record Certified(string Login, string Name, string NameEn, string? Post, string? Unit, IReadOnlyList<string> Roles, string? Confirmed, string Due, string Ends, string State, bool IsMine);

/// <summary>Recertification (定期复核): every so often, somebody who knows says that a person's roles are still needed; else they stop counting.</summary>
/// <remarks>After GB/T 22239-2019 §8.1.4.2 (superfluous accounts are taken away in time) and ISO/IEC 27002:2022, 5.18. Nothing is deleted by the passing of time.</remarks>
public sealed class Recertification(Store store, Accounts accounts, Sessions sessions, Jurisdiction land, TimeProvider clock)
{
    /// <summary>How long ahead of its day something is listed.</summary>
    public static readonly TimeSpan Ahead = TimeSpan.FromDays(30);

    private const int LongestNote = 500;

    private sealed class Row
    {
        public string Login { get; set; } = "";
        public string Name { get; set; } = "";
        public string NameEn { get; set; } = "";
        public string? Post { get; set; }
        public string? Unit { get; set; }
        public string Roles { get; set; } = "[]";
        public string? Confirmed { get; set; }
        public long Demo { get; set; }
    }

    private const string Select = """
        SELECT login AS Login, name AS Name, name_en AS NameEn, NULL AS Post, unit AS Unit, roles AS Roles, confirmed AS Confirmed, demo AS Demo FROM person WHERE ended IS NULL AND roles <> '[]'
        UNION ALL
        SELECT o.login, p.name, p.name_en, o.id, o.unit, o.roles, o.confirmed, p.demo FROM post o JOIN person p ON p.login = o.login
        WHERE o.ended IS NULL AND p.ended IS NULL AND o.roles <> '[]' AND (o.to_day IS NULL OR o.to_day >= @today)
        """;

    /// <summary>What a person may confirm, the most urgent first.</summary>
    /// <param name="all">Also what is not due yet.</param>
    /// <param name="login">Of this person alone.</param>
    public async Task<IReadOnlyList<Certified>> ForAsync(Person by, bool all = false, string? login = null, CancellationToken cancel = default) =>
        [.. (await AllAsync(by, login, cancel)).Where(c => c.IsMine && (all || c.State != "good"))];

    /// <summary>How a person's own roles stand, where they are due or will be soon.</summary>
    public async Task<IReadOnlyList<Certified>> OwnAsync(Person who, CancellationToken cancel = default) => [.. (await AllAsync(who, who.Login, cancel)).Where(c => c.State != "good")];

    private async Task<IReadOnlyList<Certified>> AllAsync(Person by, string? login, CancellationToken cancel)
    {
        var rows = await store.ReadAsync(c => c.QueryAsync<Row>($"SELECT * FROM ({Select}) r{(login is null ? "" : " WHERE r.Login = @login")}", new { today = Today, login }), cancel);
        return [.. rows.Select(r => Show(by, r)).OfType<Certified>().OrderBy(c => c.Ends, StringComparer.Ordinal).ThenBy(c => c.Login, StringComparer.Ordinal).ThenBy(c => c.Post, StringComparer.Ordinal)];
    }

    /// <summary>Confirms that roles are still needed.</summary>
    /// <param name="post">The post; null for the account's own roles.</param>
    /// <exception cref="RefusedException">There are none such that the person may confirm.</exception>
    public Task ConfirmAsync(Person by, string login, string? post, string? note, CancellationToken cancel = default) => SayAsync(by, login, post, note, "role.confirmed",
        (change, row) => change.ExecuteAsync(post is null ? "UPDATE person SET confirmed = @Stamp WHERE login = @login" : "UPDATE post SET confirmed = @Stamp WHERE id = @post", new { change.Stamp, login, post }), cancel);

    /// <summary>Withdraws roles that are needed no more: the post ends, or the account has none from now on.</summary>
    /// <inheritdoc cref="ConfirmAsync"/>
    public Task WithdrawAsync(Person by, string login, string? post, string? note, CancellationToken cancel = default) => SayAsync(by, login, post, note, "role.withdrawn",
        (change, row) => change.ExecuteAsync(post is null ? "UPDATE person SET roles = '[]' WHERE login = @login" : "UPDATE post SET ended = @Stamp WHERE id = @post", new { change.Stamp, login, post }), cancel);

    private async Task SayAsync(Person by, string login, string? post, string? note, string action, Func<Change, Row, Task> work, CancellationToken cancel)
    {
        if (note?.Trim() is not { Length: >= 2 and <= LongestNote } said)
            throw new RefusedException(422, "recertify-note", LongestNote);
        await store.ChangeAsync(clock.GetUtcNow(), async change =>
        {
            await change.FindAsync<string>($"SELECT login FROM person WHERE login = @login{change.ForUpdate}", new { login });
            var row = (await change.QueryAsync<Row>($"SELECT * FROM ({Select}) r WHERE r.Login = @login", new { today = Today, login })).FirstOrDefault(r => r.Post == post);
            if (row is null || Show(by, row) is not { } found)
                throw new RefusedException(404, "not-found", post ?? login);
            if (login == by.Login)
                throw new RefusedException(403, "recertify-self");
            if (!found.IsMine)
                throw new RefusedException(403, "recertify-who");
            await work(change, row);
            await change.RecordOfAsync(by, action, login, Deed.Write(new { post, roles = found.Roles, note = said }));
        }, cancel);
        sessions.RightsChanged(login);
    }

    // Roles that no rule names are not confirmed anew.
    private Certified? Show(Person by, Row row)
    {
        var (book, now) = (Policy.Book.Recertify, clock.GetUtcNow());
        var roles = JsonSerializer.Deserialize<string[]>(row.Roles)!;
        if (roles.Select(book.Of).OfType<RecertifyRule>().MinBy(r => r.Every) is not { } rule || !accounts.Shows(row.Demo))
            return null;
        var confirmed = row.Confirmed is null ? DateTimeOffset.UnixEpoch : Time.Read(row.Confirmed);
        var (due, ends) = (confirmed + rule.Every, confirmed + rule.Every + book.Grace);
        var state = ends <= now ? "suspended" : due <= now ? "due" : due - Ahead <= now ? "soon" : "good";
        return new Certified(row.Login, row.Name, row.NameEn, row.Post, row.Unit, roles, row.Confirmed, Time.Write(due), Time.Write(ends), state, row.Login != by.Login && MaySay(by, rule, row.Unit));
    }

    private bool MaySay(Person by, RecertifyRule rule, string? unit) =>
        Policy.Book.Holds(by with { Roles = [.. by.Lasting()] }, rule.By, new Asking(by, "", new Thing(unit, land.Units.Find(unit)?.Region, land.Units.Find(unit)?.Line)), land);

    private string Today => DateOnly.FromDateTime((clock.GetUtcNow() + land.Offset).UtcDateTime).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
}
