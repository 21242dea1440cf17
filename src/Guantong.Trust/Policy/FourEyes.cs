using System.Security.Cryptography;
using System.Text.Json;
using Dapper;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Guantong.Trust;

/// <summary>A dangerous act that somebody asked for and another has to agree to.</summary>
/// <param name="About">kind:id of what it would be done to.</param>
/// <param name="Shown">JSON with the particulars, without secrets.</param>
/// <param name="State">asked, done, declined, withdrawn or over.</param>
/// <param name="DecidedBy">Login of who agreed, declined or withdrew it.</param>
/// <param name="Roles">The roles of which one may agree.</param>
public sealed record FourEyesRequest(string Id, string Act, string About, JsonElement Shown, string Asker, string Reason, string Asked, string Expires, string State,
    string? DecidedBy, string? Decided, string? Note, IReadOnlyList<string> Roles);

/// <summary>Four eyes (双人复核): what cannot be mended is carried out once a second person has agreed to it, as it was asked for.</summary>
/// <remarks>
/// The second person is another than the one who asked, holds a role that policy.yaml names for good, and is there in person: keys and tokens agree to nothing.
/// Whoever owns the machine can reach the stores anyway, so its command line acts alone, and the ledger says so.
/// </remarks>
public sealed class FourEyes(Store store, Accounts accounts, IServiceScopeFactory scopes, IEnumerable<Deed> deeds, TimeProvider clock)
{
    /// <summary>How long a request waits.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromHours(24);

    private const int LongestReason = 500, ListedAtMost = 200, OpenAtMost = 20;
    private const string Columns = "id AS Id, act AS Act, about AS About, payload AS Payload, shown AS Shown, policy AS Policy, asker AS Asker, reason AS Reason, asked AS Asked, expires AS Expires, state AS State, decided_by AS DecidedBy, decided AS Decided, note AS Note";
    private readonly Dictionary<string, Deed> _deeds = deeds.ToDictionary(d => d.Act);

    private sealed record Row(string Id, string Act, string About, string Payload, string Shown, string Policy, string Asker, string Reason, string Asked, string Expires, string State, string? DecidedBy, string? Decided, string? Note);

    internal static string NewId() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));

    /// <summary>Carries an act out for the machine's own operator, and asks for another's agreement for anybody else.</summary>
    /// <param name="payload">What exactly is asked for.</param>
    /// <param name="shown">What of it the other person and the ledger are shown.</param>
    /// <param name="done">What to answer once it is carried out.</param>
    /// <exception cref="RefusedException">It cannot be done, or nobody else could agree.</exception>
    public async Task<IResult> DoAsync<T>(HttpContext http, string act, string about, T payload, string? reason, object shown, Func<object?, IResult> done)
    {
        if (http.NeedsStepUp() is { } first)
            return first;
        if (http.SessionId() is not null)
        {
            var request = await AskAsync(http.Caller(), act, about, payload, reason, shown, null, http.RequestAborted);
            return Results.Accepted($"/api/v1/four-eyes/{request.Id}", request);
        }
        var ready = await _deeds[act].Ready(http.RequestServices, Deed.Write(payload), new Carried(http.Caller(), http.Caller().Login), http.RequestAborted);
        var given = await store.ChangeAsync(clock.GetUtcNow(), change =>
        {
            change.Record(http.Caller(), "four-eyes.alone", about, Deed.Write(new { act, reason, shown }));
            return ready.Do(change);
        }, http.RequestAborted);
        if (ready.After is not null)
            await ready.After();
        return done(given);
    }

    /// <summary>Keeps what a person asks for until another agrees.</summary>
    /// <param name="until">When it waits no longer, where that is sooner than <see cref="Longest"/>.</param>
    /// <exception cref="RefusedException">There is no reason, or nobody else could agree.</exception>
    public async Task<FourEyesRequest> AskAsync<T>(Person by, string act, string about, T payload, string? reason, object shown, DateTimeOffset? until = null, CancellationToken cancel = default)
    {
        if (reason?.Trim() is not { Length: >= 4 and <= LongestReason } why)
            throw new RefusedException(422, "four-eyes-reason", LongestReason);
        if (!by.May(act))
            throw new RefusedException(403, "four-eyes-asker", Policy.Book.Find(act));
        var (now, text) = (clock.GetUtcNow(), Deed.Write(payload));
        var roles = _deeds[act].FourEyes(text);
        if (!await accounts.AnotherHoldsAsync(by.Login, roles, cancel))
            throw new RefusedException(409, "four-eyes-nobody", Named(roles, Lang.Zh), Named(roles, Lang.En));
        var expires = until is { } sooner && sooner < now + Longest ? sooner : now + Longest;
        var row = new Row(NewId(), act, about, text, Deed.Write(shown), Policy.Book.Print, by.Login, why, Time.Write(now), Time.Write(expires), "asked", null, null, null);
        await store.ChangeAsync(now, async change =>
        {
            // Nobody hides what matters among what they ask for.
            if (await change.FindAsync<long>("SELECT count(*) FROM four_eyes WHERE asker = @Asker AND state = 'asked' AND expires > @Asked", row) >= OpenAtMost)
                throw new RefusedException(429, "four-eyes-many", OpenAtMost);
            await change.ExecuteAsync("INSERT INTO four_eyes (id, act, about, payload, shown, policy, asker, reason, asked, expires, state) VALUES (@Id, @Act, @About, @Payload, @Shown, @Policy, @Asker, @Reason, @Asked, @Expires, @State)", row);
            change.Record(by, "four-eyes.asked", $"four-eyes:{row.Id}", Deed.Write(new { act, about, reason = why, shown }));
        }, cancel);
        return Show(row, now);
    }

    /// <summary>Requests that a person asked for or may agree to, the newest first; an auditor sees all.</summary>
    /// <param name="isOpen">Only those that still wait.</param>
    public async Task<IReadOnlyList<FourEyesRequest>> ForAsync(Person who, bool isOpen, CancellationToken cancel = default)
    {
        var now = clock.GetUtcNow();
        var rows = await store.ReadAsync(c => c.QueryAsync<Row>($"SELECT {Columns} FROM four_eyes{(isOpen ? " WHERE state = 'asked' AND expires > @now ORDER BY asked DESC, id" : $" ORDER BY asked DESC, id LIMIT {ListedAtMost}")}", new { now = Time.Write(now) }), cancel);
        return [.. rows.Select(r => Show(r, now)).Where(r => !isOpen || r.State == "asked").Where(r => r.Asker == who.Login || PolicyBook.HoldsOne(who.Lasting(), r.Roles) || who.May("ledger.read"))];
    }

    /// <summary>Whether a person may agree to a request that waits.</summary>
    public static bool MayAgree(Person who, FourEyesRequest request) => request.State == "asked" && request.Asker != who.Login && PolicyBook.HoldsOne(who.Lasting(), request.Roles);

    /// <summary>One request that a person may see, or null.</summary>
    public async Task<FourEyesRequest?> FindAsync(Person who, string id, CancellationToken cancel = default) =>
        await store.ReadAsync(c => c.QueryFirstOrDefaultAsync<Row>($"SELECT {Columns} FROM four_eyes WHERE id = @id", new { id }), cancel) is { } row && Show(row, clock.GetUtcNow()) is var request
        && (request.Asker == who.Login || PolicyBook.HoldsOne(who.Lasting(), request.Roles) || who.May("ledger.read")) ? request : null;

    /// <summary>Agrees to a request, which is carried out with that in one transaction.</summary>
    /// <param name="by">Signed in themselves; callers have made sure by <see cref="StepUp.NeedsStepUp"/>.</param>
    /// <returns>What carrying it out gave.</returns>
    /// <exception cref="RefusedException">It is not theirs to agree to, is decided or over, or cannot be carried out any more; nothing was changed.</exception>
    public async Task<object?> AgreeAsync(Person by, string id, string? note, CancellationToken cancel = default)
    {
        var row = await store.ReadAsync(c => c.QueryFirstOrDefaultAsync<Row>($"SELECT {Columns} FROM four_eyes WHERE id = @id", new { id }), cancel) ?? throw new RefusedException(404, "not-found", id);
        MustBeOpen(row, clock.GetUtcNow());
        MustBeTheirs(by, row);
        var asker = await StillMayAsync(row, cancel);
        await using var scope = scopes.CreateAsyncScope();
        var ready = await _deeds[row.Act].Ready(scope.ServiceProvider, row.Payload, new Carried(asker, by.Login), cancel);
        var given = await store.ChangeAsync(clock.GetUtcNow(), async change =>
        {
            // Whoever comes second finds it decided.
            MustBeOpen((await HeldAsync(change, id))!, change.At);
            await StillMayAsync(row, cancel);
            await DecideAsync(change, row, "done", by, note);
            change.Record(by, "four-eyes.agreed", $"four-eyes:{id}", Deed.Write(new { act = row.Act, about = row.About, asker = row.Asker, note }));
            var result = await ready.Do(change);
            change.Record(asker, "four-eyes.done", $"four-eyes:{id}", Deed.Write(new { act = row.Act, about = row.About, agreed = by.Login }));
            return result;
        }, cancel);
        if (ready.After is not null)
            await ready.After();
        return given;
    }

    /// <summary>Declines a request, with a reason.</summary>
    /// <exception cref="RefusedException">It is not theirs to decline, or is decided or over.</exception>
    public Task DeclineAsync(Person by, string id, string? note, CancellationToken cancel = default) => EndAsync(by, id, note, "declined", cancel);

    /// <summary>Withdraws what a person asked for themselves.</summary>
    /// <exception cref="RefusedException">It is not theirs, or is decided or over.</exception>
    public Task WithdrawAsync(Person by, string id, CancellationToken cancel = default) => EndAsync(by, id, null, "withdrawn", cancel);

    private Task EndAsync(Person by, string id, string? note, string state, CancellationToken cancel) => store.ChangeAsync(clock.GetUtcNow(), async change =>
    {
        var row = await HeldAsync(change, id);
        if (row is null || (state == "withdrawn" && row.Asker != by.Login))
            throw new RefusedException(404, "not-found", id);
        MustBeOpen(row, change.At);
        if (state == "declined")
            MustBeTheirs(by, row);
        if (state == "declined" && note?.Trim() is not { Length: >= 4 and <= LongestReason })
            throw new RefusedException(422, "four-eyes-reason", LongestReason);
        await DecideAsync(change, row, state, by, note);
        change.Record(by, "four-eyes." + state, $"four-eyes:{id}", Deed.Write(new { act = row.Act, about = row.About, asker = row.Asker, note }));
    }, cancel);

    private static Task<Row?> HeldAsync(Change change, string id) => change.FindAsync<Row>($"SELECT {Columns} FROM four_eyes WHERE id = @id{change.ForUpdate}", new { id });

    private static Task DecideAsync(Change change, Row row, string state, Person by, string? note) =>
        change.ExecuteAsync("UPDATE four_eyes SET state = @state, decided_by = @Login, decided = @Stamp, note = @note WHERE id = @Id", new { state, by.Login, change.Stamp, note, row.Id });

    private static void MustBeOpen(Row row, DateTimeOffset now)
    {
        if (row.State != "asked")
            throw new RefusedException(409, "four-eyes-decided");
        if (Time.Read(row.Expires) <= now)
            throw new RefusedException(409, "four-eyes-over");
        // What was asked for under other rules is asked for anew.
        if (row.Policy != Policy.Book.Print)
            throw new RefusedException(409, "four-eyes-policy");
    }

    private void MustBeTheirs(Person by, Row row)
    {
        var roles = _deeds[row.Act].FourEyes(row.Payload);
        if (by.Login == row.Asker)
            throw new RefusedException(403, "four-eyes-self");
        if (by.Kind == "machine" || !PolicyBook.HoldsOne(by.Lasting(), roles))
            throw new RefusedException(403, "four-eyes-role", Named(roles, Lang.Zh), Named(roles, Lang.En));
    }

    private async Task<Person> StillMayAsync(Row row, CancellationToken cancel) =>
        await accounts.InAllAsync(row.Asker, cancel) is { } asker && asker.May(row.Act) ? asker : throw new RefusedException(409, "four-eyes-lapsed", row.Asker);

    private static string Named(IReadOnlyList<string> roles, string lang) => string.Join(lang != Lang.Zh ? ", " : "、", roles.Select(r => Policy.Book.Role(r)!.Say(lang)));

    private FourEyesRequest Show(Row row, DateTimeOffset now) => new(row.Id, row.Act, row.About, JsonSerializer.Deserialize<JsonElement>(row.Shown), row.Asker, row.Reason, row.Asked, row.Expires,
        row.State == "asked" && (Time.Read(row.Expires) <= now || row.Policy != Policy.Book.Print) ? "over" : row.State, row.DecidedBy, row.Decided, row.Note, _deeds.TryGetValue(row.Act, out var deed) ? deed.FourEyes(row.Payload) : []);
}
