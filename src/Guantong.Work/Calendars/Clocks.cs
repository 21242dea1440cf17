using System.Data.Common;
using Dapper;
using Guantong.Trust;

namespace Guantong.Work;

/// <summary>Stops a case's clock on a legal ground, and lets it go on: what was due later is due later by the time that it stood.</summary>
/// <remarks>行政许可法 §45: what hearings, inspections, appraisals and reviews by experts take is no part of the term, and the applicant is told. A case's parts go by its clock; timers of its process do not stop, they are no terms.</remarks>
public sealed class Clocks(Store store, Steps steps, Jurisdiction land, Notices notices, NoticeSignal news, TimeProvider clock)
{
    // A case and the parts of it that it called; a matter that it called has a clock of its own.
    private const string Whole = """
        c.state IN ('open', 'stuck') AND c.id IN (WITH RECURSIVE whole (id) AS (
          SELECT r.id FROM work_case r WHERE r.id = @Id UNION ALL SELECT p.id FROM work_case p JOIN whole w ON p.parent = w.id WHERE p.called IS NOT NULL) SELECT id FROM whole)
        """;

    private sealed record Term(string Id, string Opened, string? Due, string? Limit, long Extended);

    /// <summary>Stops the clock of a case, or of the case that it is a part of.</summary>
    /// <exception cref="ConflictException">clock-ground, reason-missing: not a declared ground, no reason; clock-not-yours: no unit of theirs has an open task in it; clock-stopped: it stands; clock-closed: the case is over.</exception>
    public async Task StopAsync(string caseId, string? ground, string? reason, Person by, CancellationToken cancel = default)
    {
        var why = land.Calendars.Grounds.FirstOrDefault(g => g.Id == ground) ?? throw new ConflictException("clock-ground");
        var said = Reason.Of(reason);
        await store.ChangeAsync(clock.GetUtcNow(), async change =>
        {
            var row = await HoldAsync(change, caseId, by, null);
            var pause = await StopAsync(change, row, why, said, by, suspends: false);
            change.Record(row, by, "clock.stopped", new { ground = why.Id, why.Law, reason = said, row.Due });
            await notices.TellAsync(change, row, new Happening(why.Id == "materials" ? "supplement" : "stopped", "pause:" + pause) { Ground = why.Id, Unit = by.Unit });
        }, cancel);
        news.Raise();
    }

    /// <summary>Lets the clock go on. The case and its open tasks are due later: by the days or the time for which it stood, counted as their limits count.</summary>
    /// <exception cref="ConflictException">clock-not-yours: neither has a unit of theirs an open task in it, nor did it stop the clock; clock-running: it does not stand; clock-closed: the case is over.</exception>
    public async Task ResumeAsync(string caseId, Person by, CancellationToken cancel = default)
    {
        await store.ChangeAsync(clock.GetUtcNow(), change => ResumeAsync(change, caseId, by), cancel);
        news.Raise();
    }

    private async Task ResumeAsync(Change change, string caseId, Person by)
    {
        var pause = await change.FindAsync<Pause>($"SELECT {Pause.Columns} FROM work_pause WHERE case_id = @caseId AND resumed IS NULL", new { caseId = await WholeAsync(change, caseId) });
        var row = await HoldAsync(change, caseId, by, pause?.Unit);
        if (row.Suspended is not null)
            throw new ConflictException("case-suspended");
        if (row.Stopped is null)
            throw new ConflictException("clock-running");
        var due = await ResumeAsync(change, row, by);
        change.Record(row, by, "clock.resumed", new { since = row.Stopped, was = row.Due, due });
        if (pause is not null)
            await notices.TellAsync(change, row, new Happening("resumed", "pause:" + pause.Id) { Ground = pause.Ground, Due = due, Unit = by.Unit });
    }

    /// <summary>Stops the clock of a held case that is whole; gives the id of the pause.</summary>
    /// <param name="suspends">Whether the case is suspended with it.</param>
    /// <exception cref="ConflictException">clock-stopped: it stands.</exception>
    internal static async Task<string> StopAsync(Change change, Case row, StopGround why, string said, Person by, bool suspends)
    {
        if (row.Stopped is not null)
            throw new ConflictException("clock-stopped");
        var pause = Guid.CreateVersion7(change.At).ToString("n");
        await change.ExecuteAsync("INSERT INTO work_pause (id, case_id, ground, reason, since, stopped_by, unit, suspends) VALUES (@pause, @Id, @ground, @said, @Stamp, @Login, @Unit, @suspends)",
            new { pause, row.Id, ground = why.Id, said, change.Stamp, by.Login, by.Unit, suspends = suspends ? 1L : 0 });
        await change.ExecuteAsync($"UPDATE work_case AS c SET stopped = @Stamp, suspended = @suspended, version = version + 1 WHERE {Whole}", new { row.Id, change.Stamp, suspended = suspends ? change.Stamp : null });
        return pause;
    }

    /// <summary>Lets the clock of a held case that is whole go on, and the case with it where it was suspended; gives when it is due now.</summary>
    internal async Task<string?> ResumeAsync(Change change, Case row, Person by)
    {
        var args = new { row.Id, change.Stamp, by.Login };
        await change.ExecuteAsync("UPDATE work_pause SET resumed = @Stamp, resumed_by = @Login WHERE case_id = @Id AND resumed IS NULL", args);
        var stops = await StopsAsync(change, row);
        var due = Moved(row.Region, await TermAsync(change, row), stops);
        foreach (var task in await TasksAsync(change, row))
        {
            var moved = task.Limit is null && task.Due == row.Due ? due : Moved(row.Region, task, stops);
            await change.ExecuteAsync("UPDATE work_task SET due = @moved, version = version + 1 WHERE id = @Id", new { task.Id, moved });
        }
        await change.ExecuteAsync($"UPDATE work_case AS c SET stopped = NULL, suspended = NULL, due = @due, version = version + 1 WHERE {Whole}", new { row.Id, due });
        return due;
    }

    /// <summary>Counts the terms of a case, or of the case that it is a part of, by the calendars as they are known now: an estimate becomes what it is once the days are entered. What was extended by hand stays.</summary>
    /// <param name="years">The years whose days were entered.</param>
    /// <returns>Whether anything is due at another time now.</returns>
    internal async Task<bool> RecountAsync(string caseId, IReadOnlyList<int> years, CancellationToken cancel)
    {
        try
        {
            await store.ChangeAsync(clock.GetUtcNow(), async change =>
            {
                var row = await steps.HoldAsync(change, await WholeAsync(change, caseId));
                var stops = await StopsAsync(change, row);
                string? Anew(Term term) => term.Due is null || term.Limit is null || term.Extended == 1 ? term.Due : steps.DueOf(Time.Read(term.Opened), term.Limit, row.Region, Within(stops, Time.Read(term.Opened)));
                // Of what is not accepted yet, the answer alone has a term.
                var due = row.State is "open" or "stuck" ? Anew(await TermAsync(change, row)) : row.Due;
                var moved = new List<object>();
                foreach (var task in row.State is "open" or "stuck" or "received" ? await TasksAsync(change, row) : [])
                {
                    var then = task.Limit is null && task.Due == row.Due ? due : Anew(task);
                    if (then == task.Due)
                        continue;
                    await change.ExecuteAsync("UPDATE work_task SET escalated = CASE WHEN @then > due THEN NULL ELSE escalated END, due = @then, version = version + 1 WHERE id = @Id", new { task.Id, then });
                    await change.ExecuteAsync("UPDATE work_acceptance SET due = @then, version = version + 1 WHERE case_id = @caseId AND state = 'received' AND due = @Due AND EXISTS (SELECT 1 FROM work_task t WHERE t.id = @Id AND t.case_id = @caseId AND t.node = @Node)", new { caseId = row.Id, task.Id, task.Due, then, Acceptances.Node });
                    moved.Add(new { task = task.Id, was = task.Due, due = then });
                }
                if (due == row.Due && moved.Count == 0)
                    throw new NothingMoved();
                if (due != row.Due)
                    await change.ExecuteAsync($"UPDATE work_case AS c SET escalated = CASE WHEN @due > due THEN NULL ELSE escalated END, due = @due, version = version + 1 WHERE {Whole}", new { row.Id, due });
                change.Record(row, "process", "clock.recounted", new { years, was = row.Due, due, tasks = moved });
                if (due != row.Due)
                    await notices.TellAsync(change, row, new Happening("recounted", $"case:{row.Id}:{due}") { Due = due });
            }, cancel);
            news.Raise();
            return true;
        }
        catch (NothingMoved)
        {
            return false;
        }
    }

    private sealed class NothingMoved : Exception;

    // The term of a held case: of what was accepted first it runs from then, or from when it came in where no answer came in time.
    private static async Task<Term> TermAsync(Change change, Case row) => new(row.Id,
        await change.FindAsync<string>("SELECT CASE WHEN answered_by = 'process' THEN received ELSE answered END FROM work_acceptance WHERE case_id = @Id AND state = 'accepted'", new { row.Id }) ?? row.Opened,
        row.Due, row.Term, await change.FindAsync<long>("SELECT extended FROM work_case WHERE id = @Id", new { row.Id }));

    // The open tasks of a held case that is whole, and of its parts.
    private static Task<IEnumerable<Term>> TasksAsync(Change change, Case row) =>
        change.QueryAsync<Term>($"SELECT t.id AS Id, t.opened AS Opened, t.due AS Due, t.term AS \"Limit\", t.extended AS Extended FROM work_task t JOIN work_case c ON c.id = t.case_id WHERE t.state = 'open' AND {(row.State == "received" ? "c.id = @Id" : Whole)}", new { row.Id });

    /// <summary>A leader gives what is overdue more time (延期): a task with a term of its own, or a held case with whatever goes by its term.</summary>
    /// <param name="task">The task; null for the case.</param>
    /// <param name="due">Until when now.</param>
    /// <exception cref="ConflictException">extend-stopped: its clock stands.</exception>
    internal static async Task ExtendAsync(Change change, Case row, WorkTask? task, string due)
    {
        if (row.Stopped is not null)
            throw new ConflictException("extend-stopped");
        var args = new { row.Id, task = task?.Id, was = row.Due, due };
        // What turns red again escalates again.
        if (task is not null)
        {
            await change.ExecuteAsync("UPDATE work_task SET due = @due, extended = 1, escalated = NULL, version = version + 1 WHERE id = @task", args);
            return;
        }
        await change.ExecuteAsync($"UPDATE work_task SET due = @due, extended = 1, version = version + 1 WHERE state = 'open' AND term IS NULL AND due = @was AND case_id IN (SELECT c.id FROM work_case c WHERE {Whole})", args);
        await change.ExecuteAsync($"UPDATE work_case AS c SET due = @due, extended = 1, escalated = NULL, version = version + 1 WHERE {Whole}", args);
    }

    /// <summary>The units that have an open task in a held case or its parts.</summary>
    internal static async Task<IReadOnlyList<string>> UnitsAsync(Change change, Case row) =>
        [.. await change.QueryAsync<string>($"SELECT DISTINCT t.unit FROM work_task t JOIN work_case c ON c.id = t.case_id WHERE t.state = 'open' AND {Whole} ORDER BY 1", new { row.Id })];

    /// <summary>Whether somebody may stop and resume a case's clock: a unit of theirs has an open task in it, or stopped it.</summary>
    public static bool May(Person by, CaseFile file) =>
        file.Case is { State: "open" or "stuck", Suspended: null } && (file.Tasks.Any(t => t.State == "open" && MayFor(by, t.Unit)) || (file.Pauses is [.., { Resumed: null, Unit: { } unit }] && MayFor(by, unit)));

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
        change.Later("UPDATE work_case SET stopped = NULL, suspended = NULL WHERE id = @caseId", new { caseId });
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
        var units = await UnitsAsync(change, row);
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
        // From before limits were kept with what they limit; or extended by hand since.
        return term.Limit is null || term.Extended == 1 ? Time.Write(Time.Read(term.Due) + (within[^1].To - within[^1].From)) : steps.DueOf(opened, term.Limit, region, within);
    }
}
