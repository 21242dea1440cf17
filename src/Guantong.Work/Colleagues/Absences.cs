using System.Globalization;
using System.Text.Json;
using Dapper;
using Guantong.Trust;

namespace Guantong.Work;

/// <summary>An official is away, and a colleague of the unit stands in for them (代理).</summary>
/// <param name="Begins">From when (ISO 8601, UTC).</param>
/// <param name="Ends">Until when, not included.</param>
/// <param name="ByLogin">Who declared it: they themselves, or a leader of the unit.</param>
public sealed record Absence(string Id, string Login, string Unit, string Substitute, string Begins, string Ends, string Declared, string ByLogin)
{
    internal const string Columns = "a.id AS Id, a.login AS Login, a.unit AS Unit, a.substitute AS Substitute, a.begins AS Begins, a.ends AS Ends, a.declared AS Declared, a.by_login AS ByLogin";
}

/// <summary>Who is away and who stands in for them: the substitute finishes their tasks in their name, and rules give them none.</summary>
public sealed class Absences(Store store, Accounts accounts, Jurisdiction land, TimeProvider clock)
{
    /// <summary>The longest one, in days.</summary>
    public const int Longest = 366;

    /// <summary>Declares an absence: one's own, or as a leader that of an official of the unit.</summary>
    /// <param name="login">Who is away; null for oneself.</param>
    /// <param name="from">First day, yyyy-MM-dd.</param>
    /// <param name="to">Last day, not over yet.</param>
    /// <param name="substitute">A case worker of the unit, who is not away then.</param>
    /// <returns>Its id.</returns>
    /// <exception cref="ConflictException">absence-not-yours; absence-days; absence-substitute; absence-twice: they are away then already.</exception>
    public async Task<string> DeclareAsync(string? login, string? from, string? to, string? substitute, Person by, CancellationToken cancel = default)
    {
        var who = string.IsNullOrEmpty(login) ? by.Login : login;
        if (by.Unit is not { } unit || !by.May(who == by.Login ? "absence.declare" : "absence.manage", new Thing(unit)))
            throw new ConflictException("absence-not-yours");
        var (begins, ends) = Span(from, to);
        var colleagues = await accounts.OfUnitAsync(unit, cancel);
        if (colleagues.All(p => p.Login != who))
            throw new ConflictException("absence-not-yours");
        if (substitute == who || !colleagues.Any(p => p.Login == substitute && Policy.MayWork(p, unit)))
            throw new ConflictException("absence-substitute");
        var id = "";
        await store.ChangeAsync(clock.GetUtcNow(), async change =>
        {
            // Both are held, in one order: two who declare at once see each other.
            foreach (var one in new[] { who, substitute! }.Order(StringComparer.Ordinal))
                await change.FindAsync<string>($"SELECT login FROM person WHERE login = @one{change.ForUpdate}", new { one });
            const string then = "a.begins < @ends AND a.ends > @begins";
            if (await change.FindAsync<string>($"SELECT a.id FROM work_absence a WHERE a.login = @who AND {then}", new { who, begins, ends }) is not null)
                throw new ConflictException("absence-twice");
            if (await change.FindAsync<string>($"SELECT a.id FROM work_absence a WHERE {then} AND (a.login = @substitute OR (a.substitute = @who AND a.unit = @unit))", new { who, substitute, unit, begins, ends }) is not null)
                throw new ConflictException("absence-substitute");
            id = Guid.CreateVersion7(change.At).ToString("n");
            await change.ExecuteAsync("INSERT INTO work_absence (id, login, unit, substitute, begins, ends, declared, by_login) VALUES (@id, @who, @unit, @substitute, @begins, @ends, @Stamp, @Login)",
                new { id, who, unit, substitute, begins, ends, change.Stamp, by.Login });
            await change.RecordOfAsync(by, "absence.declared", who, JsonSerializer.Serialize(new { unit, substitute, begins, ends }, Json.Plain));
        }, cancel);
        return id;
    }

    /// <summary>Ends an absence now, before its time; one that has not begun falls away.</summary>
    /// <exception cref="ConflictException">absence-gone: there is none, or it is over; absence-not-yours.</exception>
    public Task EndAsync(string id, Person by, CancellationToken cancel = default) => store.ChangeAsync(clock.GetUtcNow(), async change =>
    {
        var one = await change.FindAsync<Absence>($"SELECT {Absence.Columns} FROM work_absence a WHERE a.id = @id AND a.unit = @Unit", new { id, Unit = by.Unit ?? "" }) ?? throw new ConflictException("absence-gone");
        if (!by.May(one.Login == by.Login ? "absence.declare" : "absence.manage", new Thing(one.Unit)))
            throw new ConflictException("absence-not-yours");
        if (await change.ExecuteAsync("UPDATE work_absence SET ends = @Stamp WHERE id = @id AND ends > @Stamp", new { id, change.Stamp }) == 0)
            throw new ConflictException("absence-gone");
        await change.RecordOfAsync(by, "absence.ended", one.Login, JsonSerializer.Serialize(new { one.Unit, one.Substitute, was = one.Ends }, Json.Plain));
    }, cancel);

    /// <summary>The absences of a unit that run or are to come, the soonest first.</summary>
    public Task<IReadOnlyList<Absence>> OfUnitAsync(string unit, CancellationToken cancel = default) => store.ReadAsync(async c =>
        (IReadOnlyList<Absence>)(await c.QueryAsync<Absence>($"SELECT {Absence.Columns} FROM work_absence a WHERE a.unit = @unit AND a.ends > @now AND a.ends > a.begins ORDER BY a.begins, a.id", new { unit, now = Time.Write(clock.GetUtcNow()) })).AsList(), cancel);

    /// <summary>Whether somebody stands in for another of a unit now.</summary>
    internal static async Task<bool> StandsInAsync(Change change, string login, string unit, string by) =>
        await change.FindAsync<string>("SELECT a.id FROM work_absence a WHERE a.login = @login AND a.unit = @unit AND a.substitute = @by AND a.begins <= @Stamp AND a.ends > @Stamp LIMIT 1", new { login, unit, by, change.Stamp }) is not null;

    private (string Begins, string Ends) Span(string? from, string? to)
    {
        static DateOnly? Day(string? text) => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) && day.Year is > 2000 and < 9000 ? day : null;
        string Midnight(DateOnly day) => Time.Write(new DateTimeOffset(day.ToDateTime(TimeOnly.MinValue), land.Offset));
        var today = DateOnly.FromDateTime(clock.GetUtcNow().ToOffset(land.Offset).DateTime);
        return (Day(from), Day(to)) is ({ } first, { } last) && first <= last && last >= today && last.DayNumber - first.DayNumber < Longest
            ? (Midnight(first), Midnight(last.AddDays(1))) : throw new ConflictException("absence-days");
    }
}
