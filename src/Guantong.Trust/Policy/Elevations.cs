using System.Data.Common;
using System.Text.Json;
using Dapper;

namespace Guantong.Trust;

/// <summary>A role that somebody was given for a time (临时提权).</summary>
/// <param name="Begun">When another person agreed to it.</param>
/// <param name="Until">When it is over by itself.</param>
/// <param name="AgreedBy">Login of who agreed.</param>
/// <param name="Ended">When it was given back or ended before its time.</param>
public sealed record Elevation(string Id, string Login, string Role, string Reason, string Begun, string Until, string AgreedBy, string? Ended, string? EndedBy);

/// <summary>Roles for a time: asked for with reason and end, agreed to by another person, over by themselves.</summary>
/// <remarks>A person holds one at a browser alone: programs and keys that act for them never do, and it agrees to nothing and is passed on to nobody.</remarks>
public sealed class Elevations(Store store, Accounts accounts, Sessions sessions, FourEyes eyes, TimeProvider clock)
{
    /// <summary>The act under which they are asked for.</summary>
    internal const string Act = "elevation.ask";

    private const string Columns = "id AS Id, login AS Login, role AS Role, reason AS Reason, begun AS Begun, until AS Until, agreed_by AS AgreedBy, ended AS Ended, ended_by AS EndedBy";

    internal sealed record Asked(string Role, string Until, string Reason);

    /// <summary>What somebody holds for a time now.</summary>
    internal static async Task<IReadOnlyList<HeldForATime>> RunningAsync(DbConnection connection, DbTransaction? transaction, string login, DateTimeOffset now) =>
        [.. await connection.QueryAsync<HeldForATime>("SELECT id AS Id, role AS Role, until AS Until FROM elevation WHERE login = @login AND ended IS NULL AND until > @now ORDER BY until", new { login, now = Time.Write(now) }, transaction)];

    /// <summary>All that are held now, the first to end first.</summary>
    public async Task<IReadOnlyList<Elevation>> PresentAsync(CancellationToken cancel = default) =>
        (await store.ReadAsync(c => c.QueryAsync<Elevation>($"SELECT {Columns} FROM elevation WHERE ended IS NULL AND until > @now ORDER BY until, id", new { now = Time.Write(clock.GetUtcNow()) }), cancel)).AsList();

    /// <summary>All that somebody was ever given, the newest first.</summary>
    public async Task<IReadOnlyList<Elevation>> OfAsync(string login, CancellationToken cancel = default) =>
        (await store.ReadAsync(c => c.QueryAsync<Elevation>($"SELECT {Columns} FROM elevation WHERE login = @login ORDER BY begun DESC, id", new { login }), cancel)).AsList();

    /// <summary>The roles that a person may ask for.</summary>
    public static IReadOnlyList<ElevationRule> OpenTo(Person who) =>
        [.. Policy.Book.Elevations.Where(r => PolicyBook.HoldsOne(who.Lasting(), r.Who) && !who.Roles.Contains(r.Role) && Policy.Book.Clash([.. who.Lasting(), r.Role]) is null)];

    /// <summary>Asks for a role until a time. It is held once another person has agreed.</summary>
    /// <returns>The request.</returns>
    /// <exception cref="RefusedException">The role, the end or the reason cannot be taken.</exception>
    public async Task<FourEyesRequest> AskAsync(Person by, string role, DateTimeOffset until, string reason, CancellationToken cancel = default)
    {
        var now = clock.GetUtcNow();
        var rule = await RuleAsync(by.Login, role, cancel);
        if (until <= now || until > now + rule.Longest)
            throw new RefusedException(422, "elevation-until", rule.Longest.TotalHours);
        return await eyes.AskAsync(by, Act, $"person:{by.Login}", new Asked(role, Time.Write(until), reason.Trim()), reason, new { role, until = Time.Write(until) }, until, cancel);
    }

    // The one who asks holds a role that may ask, today and when it is agreed to.
    private async Task<ElevationRule> RuleAsync(string login, string role, CancellationToken cancel)
    {
        if (Policy.Book.Elevations.FirstOrDefault(r => r.Role == role) is not { } rule)
            throw new RefusedException(422, "elevation-role", role);
        if (await accounts.InAllAsync(login, cancel) is not { } all || !PolicyBook.HoldsOne(all.Lasting(), rule.Who))
            throw new RefusedException(403, "elevation-who", Policy.Book.Role(role));
        if (all.Roles.Contains(role))
            throw new RefusedException(409, "elevation-held", Policy.Book.Role(role));
        Duties.Hold([.. all.Roles, role]);
        return rule;
    }

    /// <summary>The deed that is carried out once somebody has agreed.</summary>
    internal static Deed Deed { get; } = Trust.Deed.Of<Asked>(Act, (services, asked, carried, cancel) =>
    {
        var (self, land, sessions) = ((Elevations)services.GetService(typeof(Elevations))!, (Jurisdiction)services.GetService(typeof(Jurisdiction))!, (Sessions)services.GetService(typeof(Sessions))!);
        return Task.FromResult(new ReadyDeed(async change =>
        {
            await self.RuleAsync(carried.Asker.Login, asked.Role, cancel);
            await Duties.HoldAsync(change, land, carried.Asker.Login, [asked.Role]);
            if (Time.Read(asked.Until) <= change.At)
                throw new RefusedException(409, "four-eyes-over");
            var id = FourEyes.NewId();
            await change.ExecuteAsync("INSERT INTO elevation (id, login, role, reason, begun, until, agreed_by) VALUES (@id, @Login, @Role, @Reason, @Stamp, @Until, @Agreed)",
                new { id, carried.Asker.Login, asked.Role, asked.Reason, change.Stamp, asked.Until, carried.Agreed });
            change.Record(carried.Asker, "elevation.begun", $"elevation:{id}", JsonSerializer.Serialize(new { role = asked.Role, until = asked.Until, agreed = carried.Agreed }));
            return new { id, asked.Role, asked.Until };
        }, () =>
        {
            sessions.RightsChanged(carried.Asker.Login);
            return Task.CompletedTask;
        }));
    }, asked => Policy.Book.Elevations.FirstOrDefault(r => r.Role == asked.Role)?.FourEyes ?? []);

    /// <summary>Gives one's own back, or ends another's; false when there is none in force that is one's own or one may end.</summary>
    public async Task<bool> EndAsync(Person by, string id, CancellationToken cancel = default)
    {
        var now = Time.Write(clock.GetUtcNow());
        var found = await store.ReadAsync(c => c.QueryFirstOrDefaultAsync<Elevation>($"SELECT {Columns} FROM elevation WHERE id = @id AND ended IS NULL AND until > @now", new { id, now }), cancel);
        if (found is null || (found.Login != by.Login && !by.May("elevation.end")))
            return false;
        var ended = await store.ChangeAsync(clock.GetUtcNow(), async change =>
        {
            var touched = await change.ExecuteAsync("UPDATE elevation SET ended = @Stamp, ended_by = @Login WHERE id = @id AND ended IS NULL", new { change.Stamp, by.Login, id });
            change.Record(by, touched == 0 ? "elevation.end-missed" : found.Login == by.Login ? "elevation.given-back" : "elevation.ended", $"elevation:{id}", JsonSerializer.Serialize(new { found.Login, found.Role }));
            return touched == 1;
        }, cancel);
        sessions.RightsChanged(found.Login);
        return ended;
    }
}
