using System.Text.Json;
using System.Text.Json.Nodes;
using Dapper;
using Guantong.Processes;
using Guantong.Trust;

namespace Guantong.Work;

/// <summary>Work that cannot go on by itself.</summary>
/// <param name="Kind">job, timer or message: attempts are spent; process: a step leads nowhere.</param>
/// <param name="Item">Id of what is taken again when it is mended.</param>
/// <param name="Node">Id of the node of the process.</param>
/// <param name="Why">What it failed by: failed, or why the process cannot go on.</param>
/// <param name="Detail">The error's text, or what the process cannot go on about.</param>
/// <param name="How">retried or dismissed by an operator, or moot: the case went another way. Null while open.</param>
/// <param name="Reason">The operator's words.</param>
public sealed record Incident(string Id, string CaseId, string Number, string Title, string Pack, string Revision, string Kind, string Item, string Node, string Why, string Detail,
    string Since, string? Resolved, string? ResolvedBy, string? How, string? Reason)
{
    internal const string Columns = """
        i.id AS Id, i.case_id AS CaseId, c.number AS Number, c.title AS Title, c.pack AS Pack, c.revision AS Revision, i.kind AS Kind, i.item AS Item, i.node AS Node, i.why AS Why, i.detail AS Detail,
        i.since AS Since, i.resolved AS Resolved, i.resolved_by AS ResolvedBy, i.how AS How, i.reason AS Reason
        """;

    /// <summary>Whether the case can go on without what failed.</summary>
    public bool MayDismiss => this is { Kind: "job" or "message", Resolved: null };

    /// <summary>What happened, in a reader's words.</summary>
    public string Say(string lang) => WorkTexts.Say(lang, "incident.why." + Why, Detail);

    /// <summary>What helps, in a reader's words.</summary>
    public string Mend(string lang) => WorkTexts.Say(lang, "incident.mend." + Why);
}

/// <summary>What an operator does about incidents: see, mend and resume, dismiss. A case with an open one is stuck; the rest of it goes on.</summary>
public sealed class Incidents(Store store, Steps steps, Jurisdiction land, TimeProvider clock, WorkSignal signal)
{
    /// <summary>A page of incidents, the latest first.</summary>
    /// <param name="state">open or resolved; null for both.</param>
    /// <param name="caseId">Those of one case; null for all.</param>
    public Task<Page<Incident>> PageAsync(string? state, string? caseId, RowRights rights, int skip, int take, CancellationToken cancel = default) => store.ReadAsync(async connection =>
    {
        var from = """
            FROM work_incident i JOIN work_case c ON c.id = i.case_id
            WHERE (@state IS NULL OR (@state = 'open') = (i.resolved IS NULL)) AND (@caseId IS NULL OR i.case_id = @caseId)
            """ + rights.OfCase("c");
        var args = rights.With(new { state, caseId, skip, take });
        var items = (await connection.QueryAsync<Incident>($"SELECT {Incident.Columns} {from} ORDER BY i.since DESC, i.id DESC LIMIT @take OFFSET @skip", args)).AsList();
        return new Page<Incident>(items, await connection.ExecuteScalarAsync<long>($"SELECT count(*) {from}", args), skip, take);
    }, cancel);

    /// <summary>An incident, or null.</summary>
    public Task<Incident?> FindAsync(string id, RowRights rights, CancellationToken cancel = default) => store.ReadAsync(connection =>
        connection.QueryFirstOrDefaultAsync<Incident>($"SELECT {Incident.Columns} FROM work_incident i JOIN work_case c ON c.id = i.case_id WHERE i.id = @id{rights.OfCase("c")}", rights.With(new { id })), cancel);

    /// <summary>Takes it again, with data of the case mended first where some is given.</summary>
    /// <exception cref="ConflictException">It is not there, or resolved already.</exception>
    /// <exception cref="StuckException">The mended data lead nowhere either.</exception>
    public Task RetryAsync(string id, JsonObject? data, string reason, Person by, CancellationToken cancel = default) => ResolveAsync(id, "retried", data, reason, by, async (change, row, incident) =>
    {
        if (data is { Count: > 0 })
            await MendAsync(change, row, data);
        await change.ExecuteAsync($"UPDATE {Table(incident.Kind)} SET state = 'ready', attempts = 0, due = @Stamp WHERE id = @Item", new { change.Stamp, incident.Item });
        // A message must not have expired while it waited to be mended.
        if (incident.Kind == "message")
            await change.ExecuteAsync("UPDATE work_message SET expires = @until WHERE id = @Item AND expires < @until", new { incident.Item, until = Time.Write(change.At + Messages.Kept) });
    }, cancel);

    /// <summary>Goes on without it: a service counts as done with what is given (it was done by hand), a message is dropped.</summary>
    /// <exception cref="ConflictException">It is not there, resolved already, or the case cannot go on without it.</exception>
    /// <exception cref="StuckException">The process leads nowhere without it.</exception>
    public Task DismissAsync(string id, JsonObject? data, string reason, Person by, CancellationToken cancel = default) => ResolveAsync(id, "dismissed", data, reason, by, async (change, row, incident) =>
    {
        if (!incident.MayDismiss)
            throw new ConflictException("incident-needed");
        await change.ExecuteAsync($"UPDATE {Table(incident.Kind)} SET state = 'dismissed' WHERE id = @Item", new { incident.Item });
        if (incident.Kind == "job")
        {
            var (token, service) = await change.FindAsync<(string, string)>("SELECT token, service FROM work_job WHERE id = @Item", new { incident.Item });
            if (service == Steps.CallEscalated)
                return;
            await steps.TakeAsync(change, row, new ProcessEvent.Complete(change.At, token, Json.Values(data ?? [])));
        }
    }, cancel);

    private async Task ResolveAsync(string id, string how, JsonObject? data, string given, Person by, Func<Change, Case, Incident, Task> act, CancellationToken cancel)
    {
        var reason = Reason.Of(given);
        var rights = by.Rows("incident.mend", land);
        await store.ChangeAsync(clock.GetUtcNow(), async change =>
        {
            var caseId = await change.FindAsync<string>($"SELECT i.case_id FROM work_incident i JOIN work_case c ON c.id = i.case_id WHERE i.id = @id{rights.OfCase("c")}", rights.With(new { id })) ?? throw new ConflictException("incident-gone");
            var row = await steps.HoldAsync(change, caseId);
            var incident = (await change.FindAsync<Incident>($"SELECT {Incident.Columns} FROM work_incident i JOIN work_case c ON c.id = i.case_id WHERE i.id = @id", new { id }))!;
            if (incident.Resolved is not null)
                throw new ConflictException("incident-resolved");
            await change.ExecuteAsync("UPDATE work_incident SET resolved = @Stamp, resolved_by = @Login, how = @how, reason = @reason WHERE id = @id", new { change.Stamp, by.Login, how, reason, id });
            // What was mended stays with the case, which can be erased; the ledger keeps the names alone.
            change.Record(row, by, "incident." + how, new { node = incident.Node, reason, changed = data?.Select(d => d.Key) ?? [] });
            await act(change, row, incident);
            await SettleAsync(change, caseId);
        }, cancel);
        signal.Raise();
    }

    private async Task MendAsync(Change change, Case row, JsonObject data)
    {
        if (Steps.StateOf(row) is { Ended: true } unstarted)
        {
            var all = unstarted.Data.Concat(Json.Values(data)).GroupBy(d => d.Key).ToDictionary(g => g.Key, g => g.Last().Value);
            await steps.KeepAsync(change, row, unstarted with { Data = all });
        }
        else
        {
            await steps.TakeAsync(change, row, new ProcessEvent.Change(change.At, Json.Values(data)));
        }
    }

    /// <summary>Opens an incident of a held case.</summary>
    internal static async Task OpenAsync(Change change, Case row, string kind, string item, string node, string why, string detail)
    {
        await change.ExecuteAsync("INSERT INTO work_incident (id, case_id, kind, item, node, why, detail, since) VALUES (@id, @CaseId, @kind, @item, @node, @why, @detail, @Stamp)",
            new { id = Guid.CreateVersion7(change.At).ToString("n"), CaseId = row.Id, kind, item, node, why, detail, change.Stamp });
        await change.ExecuteAsync("UPDATE work_case SET state = 'stuck', version = version + 1 WHERE id = @Id", new { row.Id });
        change.Record(row, "process", kind == "process" ? "case.stuck" : "incident.opened", new { node, kind, why, detail });
    }

    /// <summary>Keeps a step that leads nowhere as a job that takes it again once an operator has mended the case.</summary>
    /// <param name="given">JSON object, sealed where it is personal.</param>
    internal static async Task SetAsideAsync(Change change, Case row, string token, string service, string given, StuckException stuck)
    {
        var id = Guid.CreateVersion7(change.At).ToString("n");
        await change.ExecuteAsync("INSERT INTO work_job (id, case_id, token, node, service, state, attempts, due, data) VALUES (@id, @CaseId, @token, @Node, @service, 'failed', 0, @Stamp, @data)",
            new { id, CaseId = row.Id, token, stuck.Node, service, change.Stamp, data = given });
        await OpenAsync(change, row, "process", id, stuck.Node, stuck.Why, stuck.Detail);
    }

    /// <summary>Closes the incidents of a case whose work is no longer to be done; without an open one the case is no longer stuck.</summary>
    internal static async Task SettleAsync(Change change, string caseId)
    {
        await change.ExecuteAsync("""
            UPDATE work_incident SET resolved = @Stamp, how = 'moot' WHERE case_id = @caseId AND resolved IS NULL AND item NOT IN (
              SELECT id FROM work_job WHERE case_id = @caseId AND state = 'failed'
              UNION ALL SELECT id FROM work_timer WHERE case_id = @caseId AND state = 'failed'
              UNION ALL SELECT id FROM work_message WHERE state = 'failed')
            """, new { change.Stamp, caseId });
        await change.ExecuteAsync("""
            UPDATE work_case SET state = 'open', version = version + 1
            WHERE id = @caseId AND state = 'stuck' AND NOT EXISTS (SELECT 1 FROM work_incident i WHERE i.case_id = @caseId AND i.resolved IS NULL)
            """, new { caseId });
    }

    // A process's step is kept as a job.
    private static string Table(string kind) => kind == "process" ? "work_job" : "work_" + kind;
}
