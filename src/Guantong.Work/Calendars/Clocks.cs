using System.Data.Common;
using Dapper;
using Guantong.Trust;

namespace Guantong.Work;

/// <summary>Stops a case's clock on a legal ground, and lets it go on: what was due later is due later by the time that it stood.</summary>
/// <remarks>行政许可法 §45: what hearings, inspections, appraisals and reviews by experts take is no part of the term, and the applicant is told. A case's parts go by its clock; timers of its process do not stop, they are no terms.</remarks>
public sealed class Clocks(Store store, Steps steps, Jurisdiction land, TimeProvider clock)
{
    // A case and the parts of it that it called; a matter that it called has a clock of its own.
    private const string Whole = """
        c.state IN ('open', 'stuck') AND c.id IN (WITH RECURSIVE whole (id) AS (
          SELECT r.id FROM work_case r WHERE r.id = @Id UNION ALL SELECT p.id FROM work_case p JOIN whole w ON p.parent = w.id WHERE p.called IS NOT NULL) SELECT id FROM whole)
        """;

    private sealed record Term(string Id, string Opened, string? Due, string? Limit);

    /// <summary>Stops the clock of a case, or of the case that it is a part of.</summary>
    /// <exception cref="ConflictException">clock-ground, reason-missing: not a declared ground, no reason; clock-not-yours: no unit of theirs has an open task in it; clock-stopped: it stands; clock-closed: the case is over.</exception>
    public async Task StopAsync(string caseId, string? ground, string? reason, Person by, CancellationToken cancel = default)
    {
        var why = land.Calendars.Ground(ground) ?? throw new ConflictException("clock-ground");
        var said = Reason.Of(reason);
        await store.ChangeAsync(clock.GetUtcNow(), async change =>
        {
            var row = await HoldAsync(change, caseId, by, null);
            if (row.Stopped is not null)
                throw new ConflictException("clock-stopped");
            await change.ExecuteAsync("INSERT INTO work_pause (id, case_id, ground, reason, since, stopped_by, unit) VALUES (@pause, @Id, @ground, @said, @Stamp, @Login, @Unit)",
                new { pause = Guid.CreateVersion7(change.At).ToString("n"), row.Id, ground = why.Id, said, change.Stamp, by.Login, by.Unit });
            await change.ExecuteAsync($"UPDATE work_case AS c SET stopped = @Stamp, version = version + 1 WHERE {Whole}", new { row.Id, change.Stamp });
            change.Record(row, by, "clock.stopped", new { ground = why.Id, why.Law, reason = said, row.Due });
        }, cancel);
    }

    /// <summary>Lets the clock go on. The case and its open tasks are due later: by the days or the time for which it stood, counted as their limits count.</summary>
    /// <exception cref="ConflictException">clock-not-yours: neither has a unit of theirs an open task in it, nor did it stop the clock; clock-running: it does not stand; clock-closed: the case is over.</exception>
    public Task ResumeAsync(string caseId, Person by, CancellationToken cancel = default) => store.ChangeAsync(clock.GetUtcNow(), async change =>
    {
        var pause = await change.FindAsync<Pause>($"SELECT {Pause.Columns} FROM work_pause WHERE case_id = @caseId AND resumed IS NULL", new { caseId = await WholeAsync(change, caseId) });
        var row = await HoldAsync(change, caseId, by, pause?.Unit);
        if (row.Stopped is null)
            throw new ConflictException("clock-running");
        var args = new { row.Id, change.Stamp, by.Login };
        await change.ExecuteAsync("UPDATE work_pause SET resumed = @Stamp, resumed_by = @Login WHERE case_id = @Id AND resumed IS NULL", args);
        var stops = await StopsAsync(change, row);
        var due = Moved(row.Region, new Term(row.Id, row.Opened, row.Due, row.Term), stops);
        var tasks = await change.QueryAsync<Term>($"SELECT t.id AS Id, t.opened AS Opened, t.due AS Due, t.term AS \"Limit\" FROM work_task t JOIN work_case c ON c.id = t.case_id WHERE t.state = 'open' AND {Whole}", args);
        foreach (var task in tasks)
        {
            var moved = task.Limit is null && task.Due == row.Due ? due : Moved(row.Region, task, stops);
            await change.ExecuteAsync("UPDATE work_task SET due = @moved, version = version + 1 WHERE id = @Id", new { task.Id, moved });
        }
        await change.ExecuteAsync($"UPDATE work_case AS c SET stopped = NULL, due = @due, version = version + 1 WHERE {Whole}", new { row.Id, due });
        change.Record(row, by, "clock.resumed", new { since = row.Stopped, was = row.Due, due });
    }, cancel);

    /// <summary>Whether somebody may stop and resume a case's clock: a unit of theirs has an open task in it, or stopped it.</summary>
    public static bool May(Person by, CaseFile file) =>
        file.Case.State is "open" or "stuck" && (file.Tasks.Any(t => t.State == "open" && MayFor(by, t.Unit)) || (file.Pauses is [.., { Resumed: null, Unit: { } unit }] && MayFor(by, unit)));

    /// <summary>The pauses of a case, oldest first.</summary>
    internal static async Task<IReadOnlyList<Pause>> OfAsync(DbConnection connection, string caseId) =>
        (await connection.QueryAsync<Pause>($"SELECT {Pause.Columns} FROM work_pause WHERE case_id = @caseId ORDER BY since, id", new { caseId })).AsList();

    /// <summary>The id of the case that a part belongs to.</summary>
    internal static async Task<string> WholeAsync(DbConnection connection, Case part)
    {
        var (id, called, parent) = (part.Id, part.Called, part.Parent);
        while (called is not null && parent is not null)
        {
            id = parent;
            (called, parent) = await connection.QueryFirstAsync<(string?, string?)>("SELECT called, parent FROM work_case WHERE id = @id", new { id });
        }
        return id;
    }

    /// <summary>For how long the clock of a held case stood until now, oldest first.</summary>
    internal static async Task<IReadOnlyList<Standstill>> StopsAsync(Change change, Case row) =>
        [.. (await change.QueryAsync<Pause>($"SELECT {Pause.Columns} FROM work_pause WHERE case_id = @id AND resumed IS NOT NULL ORDER BY since, id", new { id = await WholeAsync(change, row.Id) }))
            .Select(p => new Standstill(Time.Read(p.Since), Time.Read(p.Resumed!)))];

    /// <summary>The part of them that a term which began at a moment has stood: what was opened while the clock stood has stood since then.</summary>
    internal static IReadOnlyList<Standstill> Within(IReadOnlyList<Standstill> stops, DateTimeOffset opened) =>
        [.. stops.Where(s => s.To > opened).Select(s => s.From < opened ? s with { From = opened } : s)];

    /// <summary>A case that has ended has no clock that could stand.</summary>
    internal static void Close(Change change, string caseId)
    {
        change.Later("UPDATE work_pause SET resumed = @Stamp, resumed_by = 'process' WHERE case_id = @caseId AND resumed IS NULL", new { change.Stamp, caseId });
        change.Later("UPDATE work_case SET stopped = NULL WHERE id = @caseId", new { caseId });
    }

    internal static async Task<string> WholeAsync(Change change, string caseId)
    {
        while (await change.FindAsync<string>("SELECT parent FROM work_case WHERE id = @caseId AND called IS NOT NULL", new { caseId }) is { } parent)
            caseId = parent;
        return caseId;
    }

    // The whole case is held, so of two officials who stop or resume it at once the second sees what the first did.
    private async Task<Case> HoldAsync(Change change, string caseId, Person by, string? stoppedBy)
    {
        var row = await steps.HoldAsync(change, await WholeAsync(change, caseId));
        if (row.State is not ("open" or "stuck"))
            throw new ConflictException("clock-closed");
        var units = await change.QueryAsync<string>($"SELECT DISTINCT t.unit FROM work_task t JOIN work_case c ON c.id = t.case_id WHERE t.state = 'open' AND {Whole}", new { row.Id });
        return units.Any(u => MayFor(by, u)) || (stoppedBy is not null && MayFor(by, stoppedBy)) ? row : throw new ConflictException("clock-not-yours");
    }

    private static bool MayFor(Person by, string unit) => by.May("case.clock", new Thing(Unit: unit));

    private string? Moved(string region, Term term, IReadOnlyList<Standstill> stops)
    {
        if (term.Due is null)
            return null;
        var opened = Time.Read(term.Opened);
        var within = Within(stops, opened);
        if (within.Count == 0)
            return term.Due;
        // From before limits were kept with what they limit.
        return term.Limit is null ? Time.Write(Time.Read(term.Due) + (within[^1].To - within[^1].From)) : steps.DueOf(opened, term.Limit, region, within);
    }
}
