using System.Text.Json;
using System.Text.Json.Nodes;
using Dapper;
using Guantong.Data;
using Guantong.Processes;
using Guantong.Trust;

namespace Guantong.Work;

/// <summary>A message or signal on its way.</summary>
/// <param name="Kind">message, signal, or timer: a time at which a process begins.</param>
/// <param name="Key">What it bears; null fits any case that waits for its name.</param>
/// <param name="Data">JSON object: what it carries.</param>
/// <param name="CaseId">The one case that it is for, of a signal.</param>
/// <param name="Begins">PACK/MATTER#START that it begins where no case waits for it, or null.</param>
/// <param name="Sender">Login, key, or case:NUMBER.</param>
/// <param name="State">ready (kept), taken, expired, failed or dismissed.</param>
/// <param name="Expires">Until when it is kept.</param>
/// <param name="TakenBy">Number of the case that took it, or null.</param>
/// <param name="Sent">When it was sent.</param>
/// <param name="Attempts">How often it was tried in vain.</param>
/// <param name="Why">Why it begins no case: region-unknown, start-gone or failed; null where it is not tried in vain.</param>
/// <param name="Error">What that is about.</param>
/// <param name="ResolvedBy">Login of the operator who mended or dropped it last.</param>
/// <param name="Reason">Their words.</param>
public sealed record WorkMessage(string Id, string Kind, string Name, string? Key, string Data, string? CaseId, string? Begins, string Sender, string State, string Expires, string? TakenBy,
    string? Sent, long Attempts, string? Why, string? Error, string? ResolvedBy, string? Reason)
{
    internal const string Columns = """
        id AS Id, kind AS Kind, name AS Name, key AS Key, data AS Data, case_id AS CaseId, begins AS Begins, sender AS Sender, state AS State, expires AS Expires, taken_by AS TakenBy,
        sent AS Sent, attempts AS Attempts, why AS Why, error AS Error, resolved_by AS ResolvedBy, reason AS Reason
        """;

    /// <summary>How it stands: as <see cref="State"/>, or waiting where it is kept to be tried again.</summary>
    public string Stands => State == "ready" && Attempts > 0 ? "waiting" : State;

    /// <summary>Whether an operator may send it once more: a message or time that nobody took, or that failed.</summary>
    public bool MayRetry => State is "failed" or "expired" && CaseId is null;

    /// <summary>Whether an operator may drop it.</summary>
    public bool MayDrop => State is "ready" or "failed" or "expired";

    /// <summary>What is wrong with it, in a reader's words; null where nothing is.</summary>
    public string? Say(string lang) => State == "expired" ? WorkTexts.Say(lang, "message.why.expired") : Why is null ? null : WorkTexts.Say(lang, "message.why." + Why, Error);
}

/// <summary>
/// Messages and signals from outside and between cases: rows, written in their sender's transaction and kept until taken or expired.
/// A message goes to exactly one case, a signal to each that waits when it is given.
/// </summary>
public sealed partial class Messages(Store store, PackRegistry packs, Jurisdiction land, CaseSeals seals, TimeProvider clock, WorkSignal signal)
{
    /// <summary>How long a message is kept where its sender does not say.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromDays(7);

    /// <summary>SQL: the message <c>m</c> is meant for the subscription <c>s</c>, as <see cref="ProcessEngine.Fits"/> says it of keys that are written down.</summary>
    internal const string Fits = """
        s.kind = m.kind AND (s.name = m.name OR s.ref = m.name) AND (s.key IS NULL OR m.key IS NULL OR s.key = m.key) AND (m.case_id IS NULL OR m.case_id = s.case_id)
        """;

    /// <summary>Takes a message in from outside. Sent again under the same idempotency key, it is the same message.</summary>
    /// <exception cref="ConflictException">Something else was sent under that key.</exception>
    public async Task<WorkMessage> ReceiveAsync(string name, string? key, JsonObject data, TimeSpan keep, string? once, Person by, CancellationToken cancel = default)
    {
        string id;
        try
        {
            id = await store.ChangeAsync(clock.GetUtcNow(), async change => await PutAsync(change, name, key, await seals.MessageAsync(change, data.ToJsonString(Json.Plain)), keep, once, by), cancel);
        }
        catch (Repeated)
        {
            id = "";
        }
        signal.Raise();
        var message = await store.ReadAsync(c => c.QueryFirstAsync<WorkMessage>($"SELECT {WorkMessage.Columns} FROM work_message WHERE id = @id OR (sender = @by AND once = @once)", new { id, by = by.Login, once }), cancel);
        var carried = await store.ReadAsync(async c => (await seals.MessageAsync(c, message.Data)).Text, cancel);
        return message.Name == name && message.Key == key && carried == data.ToJsonString(Json.Plain) ? message : throw new ConflictException("message-differs");
    }

    /// <summary>Gives a signal from outside to every case that waits for it.</summary>
    /// <returns>How many wait, and begin by it.</returns>
    public async Task<int> GiveAsync(string name, JsonObject data, Person by, CancellationToken cancel = default)
    {
        var count = await store.ChangeAsync(clock.GetUtcNow(), async change =>
        {
            change.Record(by, "signal.given", $"signal:{name}");
            return await GiveAsync(change, name, await seals.MessageAsync(change, data.ToJsonString(Json.Plain)), by.Login, "");
        }, cancel);
        signal.Raise();
        return count;
    }

    /// <summary>A message by id, or null.</summary>
    public Task<WorkMessage?> FindAsync(string id, RowRights rights, CancellationToken cancel = default) => store.ReadAsync(c =>
        c.QueryFirstOrDefaultAsync<WorkMessage>($"SELECT {WorkMessage.Columns} FROM work_message m WHERE id = @id{rights.OfMessage()}", rights.With(new { id })), cancel);

    /// <summary>A case sends: within the step's transaction, so that it is sent once.</summary>
    internal async Task SendAsync(Change change, Case from, string name, string? key, string data)
    {
        var sender = CaseLedger.About(from.Number);
        var id = await PutAsync(change, name, key, data, Kept, null, sender);
        change.Record(from, sender, "message.sent", new { name, message = id });
    }

    /// <summary>Gives a signal to the cases that wait for it now, but the one that gave it, and to the matters that begin by it.</summary>
    internal async Task<int> GiveAsync(Change change, string name, string data, string sender, string except)
    {
        var waiting = (await change.QueryAsync<string>("SELECT DISTINCT case_id FROM work_wait WHERE kind = 'signal' AND (name = @name OR ref = @name) AND case_id <> @except ORDER BY case_id", new { name, except })).AsList();
        foreach (var caseId in waiting)
            await InsertAsync(change, "signal", name, null, data, caseId, null, Kept, null, sender);
        var begun = Begun(EventKind.Signal, name).ToList();
        foreach (var begins in begun)
            await InsertAsync(change, "signal", name, null, data, null, begins, Kept, null, sender);
        return waiting.Count + begun.Count;
    }

    // What it carries stays with the message: the ledger cannot be erased.
    private async Task<string> PutAsync(Change change, string name, string? key, string data, TimeSpan keep, string? once, Person by)
    {
        var id = await PutAsync(change, name, key, data, keep, once, by.Login);
        change.Record(by, "message.sent", $"message:{name}", JsonSerializer.Serialize(new { name, message = id }, Json.Plain));
        return id;
    }

    private Task<string> PutAsync(Change change, string name, string? key, string data, TimeSpan keep, string? once, string sender) =>
        InsertAsync(change, "message", name, key, data, null, Begun(EventKind.Message, name).FirstOrDefault(), keep, once, sender);

    internal static async Task<string> InsertAsync(Change change, string kind, string name, string? key, string data, string? caseId, string? begins, TimeSpan keep, string? once, string sender, DateTimeOffset? due = null)
    {
        var id = Guid.CreateVersion7(change.At).ToString("n");
        var touched = await change.ExecuteAsync("""
            INSERT INTO work_message (id, kind, name, key, data, case_id, begins, sender, once, state, attempts, due, expires, sent)
            VALUES (@id, @kind, @name, @key, @data, @caseId, @begins, @sender, @once, 'ready', 0, @due, @expires, @Stamp) ON CONFLICT (sender, once) DO NOTHING
            """, new { id, kind, name, key, data, caseId, begins, sender, once, change.Stamp, due = Time.Write(due ?? change.At), expires = Time.Write((due ?? change.At) + keep) });
        return touched == 1 ? id : throw new Repeated();
    }

    // The matters in force whose process begins by it.
    private IEnumerable<string> Begun(EventKind kind, string name) =>
        from applied in packs.Applied.Values.OrderBy(a => a.Pack.Id, StringComparer.Ordinal)
        from matter in applied.Pack.Matters
        where matter.Process is not null
        from start in applied.Pack.Processes[matter.Process!.Name].Definition.Body.Starts
        where start.Events.Any(e => e.Kind == kind && (e.Name == name || e.RefId == name))
        select $"{applied.Pack.Id}/{matter.Id}#{start.Id}";

    private sealed class Repeated : Exception;
}
