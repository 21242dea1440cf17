using System.Data.Common;
using Dapper;
using Guantong.Data;
using Guantong.Packs;
using Guantong.Trust;

namespace Guantong.Work;

/// <summary>How a case was terminated (终止).</summary>
/// <param name="Ground">One of the grounds that the jurisdiction declares.</param>
/// <param name="Reason">What the leader said of it; the applicant reads it.</param>
public sealed record Termination(string Ground, string Reason, string At, string ByLogin, string Unit)
{
    internal const string Columns = "ground AS Ground, reason AS Reason, at AS At, by_login AS ByLogin, unit AS Unit";
}

/// <summary>Suspends a case (中止办理), lets it go on, and terminates it (终止): a leader of the unit that leads it does, on a legal ground.</summary>
/// <remarks>While a case is suspended its clock stands, no task of it is finished, and its timers, services and messages wait. 行政复议法 §§39, 41 say when a procedure is suspended and terminated; other laws have the like, and the jurisdiction declares which count.</remarks>
public sealed class Suspensions(Store store, Steps steps, Clocks clocks, Notices notices, NoticeSignal news, PackRegistry packs, Jurisdiction land, TimeProvider clock, WorkSignal signal)
{
    /// <summary>Suspends a case, with its parts.</summary>
    /// <exception cref="ConflictException">suspend-ground, reason-missing: not a declared ground, no reason; case-gone; suspend-not-yours: they do not lead the unit; case-over; case-suspended; clock-stopped: its clock stands for another reason, which ends first; joint-suspend: its parts are suspended, each by its unit.</exception>
    public Task SuspendAsync(string caseId, string? ground, string? reason, Person by, CancellationToken cancel = default)
    {
        var (why, said) = (Ground(ground, "suspend"), Reason.Of(reason));
        return ActAsync(caseId, "case.suspend", by, async (change, row) =>
        {
            if (row.Suspended is not null)
                throw new ConflictException("case-suspended");
            if ((await packs.AtAsync(row.Pack, row.Revision)).Matter(row.Matter)?.Joint is not null)
                throw new ConflictException("joint-suspend");
            var pause = await Clocks.StopAsync(change, row, why, said, by, suspends: true);
            change.Record(row, by, "case.suspended", new { ground = why.Id, why.Law, reason = said, row.Due });
            await notices.TellAsync(change, row, new Happening("suspended", "pause:" + pause) { Ground = why.Id, Unit = by.Unit });
        }, cancel);
    }

    /// <summary>Lets a suspended case go on. What is due is due later by the time for which it was suspended.</summary>
    /// <exception cref="ConflictException">case-gone; suspend-not-yours; case-over; case-unsuspended: it is not suspended.</exception>
    public Task ResumeAsync(string caseId, Person by, CancellationToken cancel = default) => ActAsync(caseId, "case.suspend", by, async (change, row) =>
    {
        if (row.Suspended is null)
            throw new ConflictException("case-unsuspended");
        var pause = await change.FindAsync<Pause>($"SELECT {Pause.Columns} FROM work_pause WHERE case_id = @Id AND resumed IS NULL", new { row.Id });
        var due = await clocks.ResumeAsync(change, row, by);
        change.Record(row, by, "case.unsuspended", new { since = row.Suspended, was = row.Due, due });
        if (pause is not null)
            await notices.TellAsync(change, row, new Happening("resumed", "pause:" + pause.Id) { Ground = pause.Ground, Due = due, Unit = by.Unit });
    }, cancel);

    /// <summary>Terminates a case: its open tasks and what is asked are withdrawn, with all that it called. There is no way back.</summary>
    /// <param name="confirmed">Whether they said that they know.</param>
    /// <exception cref="ConflictException">terminate-ground, reason-missing, terminate-unconfirmed; case-gone; suspend-not-yours; case-over.</exception>
    public Task TerminateAsync(string caseId, string? ground, string? reason, bool confirmed, Person by, CancellationToken cancel = default)
    {
        var (why, said) = (Ground(ground, "terminate"), Reason.Of(reason));
        if (!confirmed)
            throw new ConflictException("terminate-unconfirmed");
        return ActAsync(caseId, "case.terminate", by, async (change, row) =>
        {
            await steps.CloseAsync(change, row, "terminated");
            change.Later("INSERT INTO work_termination (case_id, ground, reason, at, by_login, unit) VALUES (@Id, @ground, @said, @Stamp, @Login, @Unit)", new { row.Id, ground = why.Id, said, change.Stamp, by.Login, by.Unit });
            change.Record(row, by, "case.terminated", new { ground = why.Id, why.Law, reason = said });
            if (row.Joint is not null)
                await Steps.ReturnAsync(change, row, why.Name);
            await notices.TellAsync(change, row, new Happening("terminated", $"case:{row.Id}:terminated") { Ground = why.Id, Unit = by.Unit });
        }, cancel);
    }

    /// <summary>Whether somebody leads the unit that leads a case, and may suspend and terminate it.</summary>
    public async Task<bool> MayAsync(Person by, Case row, CancellationToken cancel = default) =>
        row.State is "open" or "stuck" && (row.Parent is null || row.Joint is not null) && by.May("case.suspend", new Thing(await LeadAsync(row, cancel)));

    /// <summary>The unit that leads a case: the first that its matter names, in the case's region.</summary>
    internal async Task<string?> LeadAsync(Case row, CancellationToken cancel = default)
    {
        var pack = await packs.AtAsync(row.Pack, row.Revision, cancel);
        return land.Units.ForRegion(pack.Matter(row.Matter) is { With: [var first, ..] } ? first.Name : pack.Lead.Name, row.Region)?.Id;
    }

    internal static Task<Termination?> TerminationAsync(DbConnection connection, string caseId) =>
        connection.QueryFirstOrDefaultAsync<Termination>($"SELECT {Termination.Columns} FROM work_termination WHERE case_id = @caseId", new { caseId });

    private StopGround Ground(string? id, string what) => land.Calendars.GroundsFor(what).FirstOrDefault(g => g.Id == id) ?? throw new ConflictException(what + "-ground");

    private async Task ActAsync(string caseId, string act, Person by, Func<Change, Case, Task> does, CancellationToken cancel)
    {
        await store.ChangeAsync(clock.GetUtcNow(), change => ActAsync(change, caseId, act, by, does, cancel), cancel);
        news.Raise();
        signal.Raise();
    }

    private async Task ActAsync(Change change, string caseId, string act, Person by, Func<Change, Case, Task> does, CancellationToken cancel)
    {
        var rights = by.Rows("case.read", land);
        var id = await change.FindAsync<string>($"SELECT id FROM work_case WHERE (id = @caseId OR number = @caseId){rights.OfCase("work_case")}", rights.With(new { caseId })) ?? throw new ConflictException("case-gone");
        var row = await steps.HoldAsync(change, id);
        // A part of one thing is a case of its own unit.
        if (row.Parent is not null && row.Joint is null)
            throw new ConflictException("case-called");
        if (!by.May(act, new Thing(await LeadAsync(row, cancel))))
            throw new ConflictException("suspend-not-yours");
        if (row.State is not ("open" or "stuck"))
            throw new ConflictException("case-over");
        await does(change, row);
    }
}
