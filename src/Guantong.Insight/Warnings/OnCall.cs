using System.Globalization;
using System.Text.Json;
using Dapper;
using Guantong.Trust;

namespace Guantong.Insight;

/// <summary>Who of a unit is on call (值班), and from when to when.</summary>
/// <param name="Login">The official; null where the unit itself is.</param>
/// <param name="Begins">ISO 8601, UTC.</param>
/// <param name="Ends">Likewise; not included.</param>
public sealed record OnCallTurn(string Id, string Unit, string? Login, string Begins, string Ends, string Declared, string ByLogin)
{
    internal const string Columns = "o.id AS Id, o.unit AS Unit, o.login AS Login, o.begins AS Begins, o.ends AS Ends, o.declared AS Declared, o.by_login AS ByLogin";
}

/// <summary>Rosters of duty by unit. Where somebody is away, whoever stands in for them is on call.</summary>
public sealed class OnCall(Store store, Accounts accounts, Jurisdiction land, TimeProvider clock)
{
    /// <summary>The longest turn, in days.</summary>
    public const int Longest = 366;

    // Browsers add the seconds.
    private static readonly string[] Forms = ["yyyy-MM-dd'T'HH:mm", "yyyy-MM-dd'T'HH:mm:ss"];

    /// <summary>Puts somebody on the roster.</summary>
    /// <param name="unit">The unit; null for one's own.</param>
    /// <param name="login">An official of it; null or empty for the unit itself.</param>
    /// <param name="from">yyyy-MM-ddTHH:mm by the jurisdiction's clock, or a day from its beginning.</param>
    /// <param name="to">Likewise; a day to its end.</param>
    /// <returns>The turn's id.</returns>
    /// <exception cref="RefusedException">403 on-call-not-yours; 422 on-call-time, on-call-whom; 409 on-call-twice: they are on call then already.</exception>
    public async Task<string> DeclareAsync(string? unit, string? login, string? from, string? to, Person by, CancellationToken cancel = default)
    {
        var whose = Mine(unit, by);
        var (begins, ends) = Span(from, to);
        var who = string.IsNullOrWhiteSpace(login) ? null : login.Trim();
        if (who is not null && (await accounts.OfUnitAsync(whose, cancel)).All(p => p.Login != who))
            throw new RefusedException(422, "on-call-whom", who);
        return await store.ChangeAsync(clock.GetUtcNow(), async change =>
        {
            // Who is put on it is held, so that of two at once the second sees the first; of the unit itself, whoever puts it on.
            await change.FindAsync<string>($"SELECT login FROM person WHERE login = @one{change.ForUpdate}", new { one = who ?? by.Login });
            if (await change.FindAsync<string>("SELECT o.id FROM on_call o WHERE o.unit = @whose AND coalesce(o.login, '') = @who AND o.begins < @ends AND o.ends > @begins LIMIT 1", new { whose, who = who ?? "", begins, ends }) is not null)
                throw new RefusedException(409, "on-call-twice");
            var id = Guid.CreateVersion7(change.At).ToString("n");
            await change.ExecuteAsync("INSERT INTO on_call (id, unit, login, begins, ends, declared, by_login) VALUES (@id, @whose, @who, @begins, @ends, @Stamp, @Login)", new { id, whose, who, begins, ends, change.Stamp, by.Login });
            change.Record(by, "on-call.declared", $"unit:{whose}", JsonSerializer.Serialize(new { turn = id, who, begins, ends }));
            return id;
        }, cancel);
    }

    /// <summary>Ends a turn now; one that has not begun falls away.</summary>
    /// <exception cref="RefusedException">404 not-found; 403 on-call-not-yours; 409 on-call-over.</exception>
    public Task EndAsync(string id, Person by, CancellationToken cancel = default) => store.ChangeAsync(clock.GetUtcNow(), async change =>
    {
        var turn = await change.FindAsync<OnCallTurn>($"SELECT {OnCallTurn.Columns} FROM on_call o WHERE o.id = @id", new { id }) ?? throw new RefusedException(404, "not-found", id);
        Mine(turn.Unit, by);
        if (await change.ExecuteAsync("UPDATE on_call SET ends = @Stamp WHERE id = @id AND ends > @Stamp", new { id, change.Stamp }) == 0)
            throw new RefusedException(409, "on-call-over");
        change.Record(by, "on-call.ended", $"unit:{turn.Unit}", JsonSerializer.Serialize(new { turn = id, who = turn.Login, was = turn.Ends }));
    }, cancel);

    /// <summary>The turns of a unit that run or are to come, the soonest first.</summary>
    public Task<IReadOnlyList<OnCallTurn>> OfUnitAsync(string unit, CancellationToken cancel = default) => store.ReadAsync(async c =>
        (IReadOnlyList<OnCallTurn>)(await c.QueryAsync<OnCallTurn>($"SELECT {OnCallTurn.Columns} FROM on_call o WHERE o.unit = @unit AND o.ends > @now AND o.ends > o.begins ORDER BY o.begins, o.id", new { unit, now = Time.Write(clock.GetUtcNow()) })).AsList(), cancel);

    /// <summary>Whether somebody may see a unit's roster.</summary>
    public bool MayRead(Person by, string unit) => by.May("on-call.read", Of(unit), land);

    /// <summary>Whether somebody may put others on a unit's roster.</summary>
    public bool MayManage(Person by, string unit) => by.May("on-call.manage", Of(unit), land);

    /// <summary>Who is on call for a unit at the time of a change: logins, and whether the unit itself is.</summary>
    internal static async Task<(IReadOnlyList<string> Logins, bool Unit)> AtAsync(Change change, string unit)
    {
        var now = (await change.QueryAsync<string>("""
            SELECT coalesce((SELECT min(a.substitute) FROM work_absence a WHERE a.login = o.login AND a.unit = o.unit AND a.begins <= @Stamp AND a.ends > @Stamp), o.login, '')
            FROM on_call o WHERE o.unit = @unit AND o.begins <= @Stamp AND o.ends > @Stamp
            """, new { unit, change.Stamp })).ToList();
        return ([.. now.Where(l => l.Length > 0).Distinct().Order(StringComparer.Ordinal)], now.Contains(""));
    }

    private Thing Of(string unit) => new(Unit: unit, Region: land.Units.Find(unit)?.Region);

    private string Mine(string? unit, Person by)
    {
        var whose = string.IsNullOrWhiteSpace(unit) ? by.Unit : unit;
        return whose is not null && land.Units.Find(whose) is not null && MayManage(by, whose) ? whose : throw new RefusedException(403, "on-call-not-yours");
    }

    private (string Begins, string Ends) Span(string? from, string? to)
    {
        DateTimeOffset? Read(string? text, bool isEnd) =>
            DateTime.TryParseExact(text, Forms, CultureInfo.InvariantCulture, DateTimeStyles.None, out var at) && at.Year is > 2000 and < 9000 ? new DateTimeOffset(at, land.Offset)
            : DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) && day.Year is > 2000 and < 9000 ? new DateTimeOffset(day.AddDays(isEnd ? 1 : 0).ToDateTime(TimeOnly.MinValue), land.Offset) : null;
        return (Read(from, false), Read(to, true)) is ({ } begins, { } ends) && begins < ends && ends > clock.GetUtcNow() && (ends - begins).TotalDays <= Longest
            ? (Time.Write(begins), Time.Write(ends)) : throw new RefusedException(422, "on-call-time", Longest);
    }
}
