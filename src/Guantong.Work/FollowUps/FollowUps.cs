using System.Globalization;
using System.IO.Hashing;
using System.Text;
using Dapper;
using Guantong.Data;
using Guantong.Packs;
using Guantong.Trust;

namespace Guantong.Work;

/// <summary>A case that was drawn for a follow-up visit.</summary>
/// <param name="Unit">The unit that handled it; it does not ask about itself.</param>
/// <param name="State">open, reached, missed or rated.</param>
/// <param name="Due">From when on its applicant is asked.</param>
/// <param name="Tries">How often they were not reached.</param>
public sealed record FollowUp(string Id, string Number, string Title, string Pack, string Matter, string Region, string Unit, string State, string Due, long Tries, string? Last, long Version);

/// <summary>How whoever applied may be reached.</summary>
public sealed record FollowUpReach(FollowUp Case, IReadOnlyList<Contact> Contacts, Reach? Reach);

/// <summary>What came of an attempt: not reached, or what they said.</summary>
/// <param name="Level">As of a rating, 5 to 1.</param>
public sealed record FollowedUp(bool Reached, int Level = 0, IReadOnlyList<string>? Reasons = null, string? Words = null);

/// <summary>What came of follow-up visits to a unit's cases.</summary>
public sealed record FollowUpFigures
{
    /// <summary>The unit's id.</summary>
    public string Unit { get; init; } = "";

    /// <summary>How many were drawn and are due.</summary>
    public long Drawn { get; init; }

    /// <summary>Of how many the applicant was reached.</summary>
    public long Reached { get; init; }

    /// <summary>Of how many they were not, in three tries.</summary>
    public long Missed { get; init; }

    /// <summary>How many are rated, by a visit or by themselves.</summary>
    public long Rated { get; init; }
}

/// <summary>Follow-up visits (回访): of cases that ended, a share is drawn, and whoever applied is asked how it was, on the case's page and by somebody of the reception. What they say is a rating, and a bad one goes round its loop.</summary>
/// <remarks>The draw follows from the case's number and the pack's revision, so that nobody chooses. 国办发〔2019〕51号 §3.</remarks>
public sealed class FollowUps(Store store, ServiceRatings ratings, Contacts contacts, DataKeys keys, Notices notices, Jurisdiction land, TimeProvider clock)
{
    /// <summary>After how many tries somebody is not asked any more.</summary>
    public const int MostTries = 3;

    private const string Columns = "f.case_id AS Id, c.number AS Number, c.title AS Title, c.pack AS Pack, c.matter AS Matter, c.region AS Region, f.unit AS Unit, f.state AS State, f.due AS Due, f.tries AS Tries, f.last AS Last, f.version AS Version";
    // Who has rated by themselves is not asked again.
    private const string From = "FROM work_follow_up f JOIN work_case c ON c.id = f.case_id";
    private const string Waits = "f.state = 'open' AND f.due <= @now AND NOT EXISTS (SELECT 1 FROM work_rating r WHERE r.case_id = f.case_id)";

    /// <summary>Whether a case is drawn: the same for whoever reckons.</summary>
    /// <param name="share">Of a hundred.</param>
    public static bool IsDrawn(string number, string revision, int share) => XxHash32.HashToUInt32(Encoding.UTF8.GetBytes($"{number}:{revision}")) % 100 < (uint)share;

    /// <summary>Draws, within the change that ends a case.</summary>
    internal static async Task DrawAsync(Change change, Steps steps, Case row, Matter? matter)
    {
        if (matter?.FollowUp is not { } rule || row.Parent is not null || !IsDrawn(row.Number, row.Revision, rule.Share) || await CaseRows.LastUnitAsync(change, row) is not { } unit)
            return;
        change.Later("INSERT INTO work_follow_up (case_id, unit, state, due, tries, version) VALUES (@Id, @unit, 'open', @due, 0, 1) ON CONFLICT (case_id) DO NOTHING", new { row.Id, unit, due = steps.DueOf(change.At, rule.After, row.Region) });
    }

    /// <summary>Tells one applicant that they are asked; who has rated by then is not.</summary>
    /// <returns>Null where there is nobody to tell.</returns>
    internal async Task<bool?> NextAsync(Change change)
    {
        if (await change.FindAsync<string>("SELECT case_id FROM work_follow_up WHERE told IS NULL AND due <= @Stamp ORDER BY due LIMIT 1", new { change.Stamp }) is not { } id)
            return null;
        var isRated = await change.FindAsync<string>("SELECT case_id FROM work_rating WHERE case_id = @id", new { id }) is not null;
        if (await change.ExecuteAsync("UPDATE work_follow_up SET told = @Stamp, state = CASE WHEN @isRated = 1 THEN 'rated' ELSE state END WHERE case_id = @id AND told IS NULL", new { id, change.Stamp, isRated = isRated ? 1 : 0 }) == 0)
            return false;
        var row = (await change.FindAsync<Case>($"SELECT {Case.Columns} FROM work_case WHERE id = @id", new { id }))!;
        if (isRated)
        {
            change.Record(row, "process", "follow-up.rated");
            return true;
        }
        await notices.TellAsync(change, row, new Happening("follow-up", $"follow-up:{id}"));
        change.Record(row, "process", "follow-up.due");
        return true;
    }

    /// <summary>A page of what waits to be asked, the oldest first; or of what is over.</summary>
    public Task<Page<FollowUp>> PageAsync(string? state, RowRights rights, int skip, int take, CancellationToken cancel = default) => store.ReadAsync(async c =>
    {
        var where = $"WHERE {(state is null or "open" ? Waits : "f.state = @state")}{rights.And("c.region", "1 = 0")}";
        var args = rights.With(new { state, now = Time.Write(clock.GetUtcNow()), skip, take });
        return new Page<FollowUp>((await c.QueryAsync<FollowUp>($"SELECT {Columns} {From} {where} ORDER BY f.due, f.case_id LIMIT @take OFFSET @skip", args)).AsList(), await c.ExecuteScalarAsync<long>($"SELECT count(*) {From} {where}", args), skip, take);
    }, cancel);

    /// <summary>How whoever applied for a case that waits may be reached; null where it does not. That it was looked at stands in the ledger.</summary>
    public async Task<FollowUpReach?> ReachAsync(string number, Person by, CancellationToken cancel = default)
    {
        var rights = by.Rows("follow-up.ask", land);
        var (one, applicant, said) = await store.ReadAsync<(FollowUp?, string?, Reach?)>(async c =>
        {
            var found = await c.QueryFirstOrDefaultAsync<FollowUp>($"SELECT {Columns} {From} WHERE c.number = @number AND {Waits}{rights.And("c.region", "1 = 0")}", rights.With(new { number, now = Time.Write(clock.GetUtcNow()) }));
            if (found is null || found.Unit == by.Unit)
                return (null, null, null);
            var kept = await c.QueryFirstOrDefaultAsync<(string Id, string? Reach)>("SELECT id, reach FROM work_reception WHERE case_id = @Id AND reach IS NOT NULL", new { found.Id });
            return (found, await c.QuerySingleAsync<string?>("SELECT applicant FROM work_case WHERE id = @Id", new { found.Id }), kept.Reach is null ? null : Receptions.ReachOf(await keys.RingAsync(c, [Receptions.Key], cancel), kept.Id, kept.Reach)?.Reach);
        }, cancel);
        if (one is null)
            return null;
        var addresses = await contacts.OfAsync(applicant ?? "case:" + one.Id, cancel);
        await store.ChangeAsync(clock.GetUtcNow(), async change =>
            change.Record((await change.FindAsync<Case>($"SELECT {Case.Columns} FROM work_case WHERE id = @Id", new { one.Id }))!, by, "follow-up.read"), cancel);
        return new FollowUpReach(one, [.. addresses.Where(a => a is { Ended: null, Confirmed: not null, Address: not null })], said);
    }

    /// <summary>Somebody of the reception says what came of an attempt. What the applicant said is their rating.</summary>
    /// <exception cref="ConflictException">follow-up-gone: it does not wait; follow-up-own: they are of the unit that handled it; and what stands in the way of a rating.</exception>
    public Task DoneAsync(string number, FollowedUp given, Person by, CancellationToken cancel = default)
    {
        var rights = by.Rows("follow-up.ask", land);
        return store.ChangeAsync(clock.GetUtcNow(), async change =>
        {
            var one = await change.FindAsync<FollowUp>($"SELECT {Columns} {From} WHERE c.number = @number AND {Waits}{rights.And("c.region", "1 = 0")}", rights.With(new { number, now = change.Stamp })) ?? throw new ConflictException("follow-up-gone");
            if (one.Unit == by.Unit)
                throw new ConflictException("follow-up-own");
            var row = (await change.FindAsync<Case>($"SELECT {Case.Columns} FROM work_case WHERE id = @Id{change.ForUpdate}", new { one.Id }))!;
            var state = given.Reached ? "reached" : one.Tries + 1 >= MostTries ? "missed" : "open";
            if (await change.ExecuteAsync("UPDATE work_follow_up SET state = @state, tries = tries + @missed, last = @Stamp, by_login = @Login, version = version + 1 WHERE case_id = @Id AND state = 'open' AND version = @Version",
                new { one.Id, one.Version, state, missed = given.Reached ? 0 : 1, change.Stamp, by.Login }) != 1)
                throw new ConflictException("follow-up-gone");
            change.Record(row, by, given.Reached ? "follow-up.reached" : "follow-up.missed", new { tries = one.Tries + (given.Reached ? 0 : 1) });
            if (given.Reached)
                await ratings.RateAsync(change, row, new GivenRating(given.Level, given.Reasons, given.Words), by.Login, cancel);
        }, cancel);
    }

    /// <summary>What came of follow-up visits since a time, by the unit that handled the cases.</summary>
    public Task<IReadOnlyList<FollowUpFigures>> FiguresAsync(DateTimeOffset since, RowRights rights, CancellationToken cancel = default) => store.ReadAsync(async c =>
        (IReadOnlyList<FollowUpFigures>)(await c.QueryAsync<FollowUpFigures>($"""
            SELECT f.unit AS Unit, CAST(count(*) AS BIGINT) AS Drawn, CAST(sum(CASE WHEN f.state = 'reached' THEN 1 ELSE 0 END) AS BIGINT) AS Reached, CAST(sum(CASE WHEN f.state = 'missed' THEN 1 ELSE 0 END) AS BIGINT) AS Missed,
                CAST(sum(CASE WHEN EXISTS (SELECT 1 FROM work_rating r WHERE r.case_id = f.case_id) THEN 1 ELSE 0 END) AS BIGINT) AS Rated
            {From} WHERE f.due >= @since AND f.due <= @now{rights.And("c.region", "1 = 0")} GROUP BY f.unit ORDER BY f.unit
            """, rights.With(new { since = Time.Write(since), now = Time.Write(clock.GetUtcNow()) }))).AsList(), cancel);
}
