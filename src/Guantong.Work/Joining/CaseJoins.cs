using System.Text.Json.Nodes;
using Guantong.Data;
using Guantong.Packs;
using Guantong.Trust;

namespace Guantong.Work;

/// <summary>Handles several cases of one matter, or of matters that it declares (<c>merges</c>), as one (并案), and makes two of one (分案).</summary>
/// <remarks>A merged case keeps how its process stands, and waits: taken apart again, it goes on where it was. Cases are held in the order of their ids, so that nobody waits for another in a circle.</remarks>
public sealed class CaseJoins(Store store, Steps steps, Cases cases, Suspensions leads, PackRegistry packs, Jurisdiction land, TimeProvider clock, WorkSignal signal)
{
    /// <summary>Merges a case into another of the same matter, or of one that declares its matter: it ends, and its applicant sees how the other goes on.</summary>
    /// <param name="caseId">Id or number of the one that ends so.</param>
    /// <param name="into">Id or number of the one that goes on.</param>
    /// <exception cref="ConflictException">case-gone, reason-missing; merge-not-yours: their unit does not lead both; case-over, case-called, case-suspended; merge-other: the same case, or a matter that the other does not declare; merge-busy: it called others that go on, or others are merged into it.</exception>
    public Task MergeAsync(string caseId, string? into, string? reason, Person by, CancellationToken cancel = default)
    {
        var said = Reason.Of(reason);
        return store.ChangeAsync(clock.GetUtcNow(), async change =>
        {
            var (id, other) = (await IdAsync(change, caseId, by), await IdAsync(change, into, by));
            if (id == other)
                throw new ConflictException("merge-other");
            var held = new Dictionary<string, Case>();
            foreach (var one in new[] { id, other }.Order(StringComparer.Ordinal))
                held[one] = await steps.HoldAsync(change, one);
            var (row, target) = (held[id], held[other]);
            foreach (var one in held.Values)
                await HoldTheirsAsync(one, by, cancel);
            if (row.Pack != target.Pack || (row.Matter != target.Matter && !await MergesAsync(target, row.Matter, cancel)))
                throw new ConflictException("merge-other");
            if (await change.FindAsync<string>("SELECT p.id FROM work_case p WHERE p.parent = @id AND p.ended IS NULL", new { id }) is not null
                || await change.FindAsync<string>("SELECT m.id FROM work_merge m WHERE m.into_id = @id AND m.undone IS NULL", new { id }) is not null)
                throw new ConflictException("merge-busy");
            await change.ExecuteAsync("INSERT INTO work_merge (id, case_id, into_id, was, reason, at, by_login, unit) VALUES (@merge, @id, @other, @State, @said, @Stamp, @Login, @Unit)",
                new { merge = Guid.CreateVersion7(change.At).ToString("n"), id, other, row.State, said, change.Stamp, by.Login, by.Unit });
            await change.ExecuteAsync("UPDATE work_task SET state = 'withdrawn', ended = @Stamp, version = version + 1 WHERE case_id = @id AND state = 'open'", new { id, change.Stamp });
            await change.ExecuteAsync("UPDATE work_case SET state = 'merged', ended = @Stamp, version = version + 1 WHERE id = @id", new { id, change.Stamp });
            change.Record(row, by, "case.merged", new { into = target.Number, reason = said });
            change.Record(target, by, "case.joined", new { @case = row.Number, reason = said });
        }, cancel);
    }

    /// <summary>Takes a merged case apart again (撤销并案): it goes on where it was.</summary>
    /// <exception cref="ConflictException">case-gone, reason-missing; merge-not-yours; not-merged; merge-acted: the other has ended, or a task of it was finished since.</exception>
    public async Task UnmergeAsync(string caseId, string? reason, Person by, CancellationToken cancel = default)
    {
        var said = Reason.Of(reason);
        await store.ChangeAsync(clock.GetUtcNow(), async change =>
        {
            var id = await IdAsync(change, caseId, by);
            var into = await change.FindAsync<string>("SELECT m.into_id FROM work_merge m WHERE m.case_id = @id AND m.undone IS NULL", new { id }) ?? throw new ConflictException("not-merged");
            var held = new Dictionary<string, Case>();
            foreach (var one in new[] { id, into }.Order(StringComparer.Ordinal))
                held[one] = await steps.HoldAsync(change, one);
            var (row, target) = (held[id], held[into]);
            // Held only now: another may have taken it apart.
            var (at, was) = await change.FindAsync<(string?, string?)>("SELECT m.at, m.was FROM work_merge m WHERE m.case_id = @id AND m.undone IS NULL", new { id });
            if (at is null)
                throw new ConflictException("not-merged");
            if (await leads.LeadAsync(target, cancel) is not { } lead || !by.May("case.merge", new Thing(lead)))
                throw new ConflictException("merge-not-yours");
            if (target.State is not ("open" or "stuck") || await change.FindAsync<string>("SELECT id FROM work_task WHERE case_id = @into AND state = 'done' AND ended >= @at", new { into, at }) is not null)
                throw new ConflictException("merge-acted");
            await change.ExecuteAsync("UPDATE work_merge SET undone = @Stamp, undone_by = @Login WHERE case_id = @id AND undone IS NULL", new { id, change.Stamp, by.Login });
            await change.ExecuteAsync("UPDATE work_task SET state = 'open', ended = NULL, version = version + 1 WHERE case_id = @id AND state = 'withdrawn' AND ended = @at", new { id, at });
            await change.ExecuteAsync("UPDATE work_case SET state = @was, ended = NULL, version = version + 1 WHERE id = @id", new { id, was });
            change.Record(row, by, "case.unmerged", new { from = target.Number, reason = said });
            change.Record(target, by, "case.parted", new { @case = row.Number, reason = said });
        }, cancel);
        signal.Raise();
    }

    /// <summary>Opens a second case out of one, with a part of what it knows; both go on, each knowing of the other. It is its applicant's too.</summary>
    /// <param name="matter">A matter of the pack with a process; null for the same.</param>
    /// <param name="fields">The names of what it is given.</param>
    /// <returns>The new case's number.</returns>
    /// <exception cref="ConflictException">case-gone, reason-missing; merge-not-yours; case-over, case-called, case-suspended; split-matter; split-fields: the case knows no such thing.</exception>
    public async Task<string> SplitAsync(string caseId, string? matter, string? title, IReadOnlyList<string>? fields, string? reason, Person by, CancellationToken cancel = default)
    {
        var (said, number) = (Reason.Of(reason), "");
        if (title?.Length > 200)
            throw new ConflictException("split-title");
        await store.ChangeAsync(clock.GetUtcNow(), async change =>
        {
            var row = await steps.HoldAsync(change, await IdAsync(change, caseId, by));
            await HoldTheirsAsync(row, by, cancel);
            if (packs.Applied.GetValueOrDefault(row.Pack) is not { } applied || applied.Pack.Matter(matter ?? row.Matter) is not { Process: not null, Joint: null } chosen)
                throw new ConflictException("split-matter");
            var known = JsonNode.Parse(row.Data)!.AsObject();
            var names = (fields ?? []).Distinct().ToList();
            if (names.Any(n => n is null or "case" or CaseDecisions.Kept || !known.ContainsKey(n)))
                throw new ConflictException("split-fields");
            var given = new JsonObject(names.Select(n => KeyValuePair.Create(n, known[n]?.DeepClone())));
            var carried = (await steps.Seals.OfAsync(change, row)).Carried(given);
            var id = await cases.OpenAsync(change, applied, chosen, string.IsNullOrWhiteSpace(title) ? row.Title : title.Trim(), row.Region, given, null, by.Login, by.Unit, personal: carried,
                applicant: row.Applicant is { } subject ? new Applicant(subject, row.Agent, row.Authority) : null);
            number = (await change.FindAsync<string>("SELECT number FROM work_case WHERE id = @id", new { id }))!;
            change.Later("INSERT INTO work_split (case_id, from_id, reason, at, by_login, unit) VALUES (@id, @from, @said, @Stamp, @Login, @Unit)", new { id, from = row.Id, said, change.Stamp, by.Login, by.Unit });
            // Who looks the first up by a code looks the second up by the same.
            change.Later("INSERT INTO work_application (case_id, code) SELECT @id, a.code FROM work_application a WHERE a.case_id = @from", new { id, from = row.Id });
            change.Record(row, by, "case.split", new { into = number, fields = names, reason = said });
            change.Record(row with { Number = number }, by, "case.split-from", new { from = row.Number, reason = said });
        }, cancel);
        signal.Raise();
        return number;
    }

    /// <summary>Whether somebody may merge and split a case.</summary>
    public async Task<bool> MayAsync(Person by, Case row, CancellationToken cancel = default) =>
        row.Parent is null && by.May("case.merge", new Thing(await leads.LeadAsync(row, cancel)));

    // What goes on says which others may go on with it.
    private async Task<bool> MergesAsync(Case target, string matter, CancellationToken cancel) =>
        (await packs.AtAsync(target.Pack, target.Revision, cancel)).Matter(target.Matter)?.Merges.Any(m => m.Name == matter) == true;

    private async Task<string> IdAsync(Change change, string? caseId, Person by)
    {
        var rights = by.Rows("case.read", land);
        return await change.FindAsync<string>($"SELECT id FROM work_case WHERE (id = @caseId OR number = @caseId){rights.OfCase("work_case")}", rights.With(new { caseId = caseId?.Trim() ?? "" })) ?? throw new ConflictException("case-gone");
    }

    private async Task HoldTheirsAsync(Case row, Person by, CancellationToken cancel)
    {
        if (row.Parent is not null)
            throw new ConflictException("case-called");
        if (!by.May("case.merge", new Thing(await leads.LeadAsync(row, cancel))))
            throw new ConflictException("merge-not-yours");
        if (row.State is not ("open" or "stuck"))
            throw new ConflictException("case-over");
        if (row.Suspended is not null)
            throw new ConflictException("case-suspended");
    }
}
