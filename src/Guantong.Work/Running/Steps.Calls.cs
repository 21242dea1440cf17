using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Dapper;
using Guantong.Packs;
using Guantong.Processes;
using Guantong.Trust;

namespace Guantong.Work;

/// <summary>
/// Cases that call others (BPMN 2.0.2, clause 10.3.6). A called case opens in its caller's step. What becomes of it goes back as a job of the caller,
/// so that nobody who holds a called case waits for its caller; a caller that ends its call holds the called case after itself.
/// </summary>
public sealed partial class Steps
{
    internal const string CallReturned = "call.returned";
    internal const string CallEscalated = "call.escalated";

    // Calls within calls: more is a circle that some datum should have ended.
    private const int MostCalls = 10;

    private async Task CallAsync(Change change, Case caller, ProcessDefinition definition, Effect.ProcessCalled call)
    {
        var pack = await packs.AtAsync(caller.Pack, caller.Revision);
        var node = definition.Node(call.NodeId);
        var (home, revision, called) = await CalledAsync(change, caller, pack, node, call.Process);
        var isPart = caller.Called is null && pack.Matter(caller.Matter)?.Joint is not null;
        var given = JsonNode.Parse(Json.Text(call.Data))!.AsObject();
        // A case's number, title and decisions are its own.
        given.Remove("case");
        given.Remove(CaseDecisions.Kept);
        if (isPart)
            given = Asked(home, called.Matter!, given);
        var region = node.Inputs.Any(i => i.Target == "region") && given["region"] is JsonValue told && told.TryGetValue<string>(out var code) && land.Regions.Find(code) is not null ? code : caller.Region;
        var number = await Cases.NextNumberAsync(change, caller.Number, "0");
        var title = $"{caller.Title} · {called.Matter?.Name ?? node.Label}";
        var data = given.DeepClone().AsObject();
        data["case"] = Cases.About(change, land, number, title, region);
        var term = called.Matter?.Limit;
        // A part of a matter goes by the matter's clock; a matter that is called has its own.
        var due = called.Matter is null ? caller.Due : DueOf(change.At, term, region);
        var row = new Case(Guid.CreateVersion7(change.At).ToString("n"), number, home.Id, revision, called.Matter?.Id ?? caller.Matter, title, region,
            "open", null, change.Stamp, CaseLedger.About(caller.Number), null, due, data.ToJsonString(Json.Plain), JsonSerializer.Serialize(new ProcessState([], Json.Values(data), 1, null, []), Json.Plain), null, 1,
            caller.Id, call.TokenId, call.NodeId, given.ToJsonString(Json.Plain), called.Key, caller.Depth + 1, caller.Applicant, caller.Agent, caller.Authority, term, called.Matter is null ? caller.Stopped : null)
        {
            Joint = isPart ? caller.Id : null,
            // It may be called by other names there.
            Sealed = (await seals.OfAsync(change, caller, Json.Text(call.Data))).Carried(given),
        };
        await InsertAsync(change, row);
        change.Record(caller, "process", "case.called", new { node = call.NodeId, @case = number });
        change.Record(row, "process", "case.opened", new { row.Pack, row.Revision, row.Matter, row.Region, caller = caller.Number, process = called.Definition.Id });
        try
        {
            await StartAsync(change, row);
        }
        catch (StuckException stuck)
        {
            // It alone is stuck; its caller waits for it.
            await Incidents.SetAsideAsync(change, row, "", WorkRunner.ProcessStart, new JsonObject { ["start"] = null }.ToJsonString(Json.Plain), stuck);
        }
    }

    // Of another pack: its revision that is in force now, whichever node brought it there.
    private async Task<(Pack Home, string Revision, CalledProcess Called)> CalledAsync(Change change, Case caller, Pack pack, ProcessNode node, string name)
    {
        if (!Calling.IsElsewhere(name))
            return (pack, caller.Revision, pack.Meant(pack.ProcessOf(caller.Matter, caller.Called).File, name) is [var one] ? one : throw new InvalidOperationException($"“{name}” is not one process."));
        var (id, matter) = (name[..name.IndexOf('/', StringComparison.Ordinal)], name[(name.IndexOf('/', StringComparison.Ordinal) + 1)..]);
        if (await packs.InForceAsync(change, id) is not { } other || other.Pack.Matter(matter) is not { Process: { } process } called)
            throw new StuckException(node.Id, "pack-not-in-force", name);
        var file = other.Pack.Processes[process.Name];
        return (other.Pack, other.Revision, new CalledProcess(called, file, file.Definition));
    }

    // A part knows what its form asks for, as if it had been applied for by itself, and which joint it belongs to (rights.md 5).
    private static JsonObject Asked(Pack home, Matter matter, JsonObject given)
    {
        var fields = matter.Form is { } form ? Packs.Reading.FormReader.Fields(home.Forms[form.Name]) : [];
        return new JsonObject(given.Where(g => g.Value is not null && (g.Key == "joint" || fields.Contains(g.Key))).Select(g => KeyValuePair.Create(g.Key, g.Value?.DeepClone())));
    }

    /// <summary>Leaves word for the joint case of a part that ended from outside its process: it goes on without it.</summary>
    internal static Task ReturnAsync(Change change, Case part, string outcome) => change.ExecuteAsync("INSERT INTO work_job (id, case_id, token, node, service, state, attempts, due, data) VALUES (@id, @Parent, @ParentToken, @ParentNode, @CallReturned, 'ready', 0, @Stamp, @word)",
        new { id = string.Create(CultureInfo.InvariantCulture, $"{part.Id}:{part.Version:D10}:0000"), part.Parent, part.ParentToken, part.ParentNode, CallReturned, change.Stamp, word = new JsonObject { ["data"] = new JsonObject { ["outcome"] = outcome }, ["case"] = part.Number }.ToJsonString(Json.Plain) });

    /// <summary>Leaves word for a case's caller of what a step means for it.</summary>
    private static async Task TellAsync(Change change, Case row, Step step, string? outcome, CaseSeal seal)
    {
        if (row.Parent is null)
            return;
        var count = 0;
        foreach (var effect in step.Effects)
        {
            (string Service, JsonObject Word)? told = effect switch
            {
                Effect.Escalated e => (CallEscalated, new JsonObject { ["code"] = e.Code }),
                Effect.ProcessFailed f => (CallReturned, new JsonObject { ["code"] = f.Code }),
                Effect.ProcessEnded => (CallReturned, new JsonObject { ["data"] = Changed(row, step.State) }),
                _ => null,
            };
            if (told is not var (service, word))
                continue;
            word["case"] = row.Number;
            // A joint keeps what each of its parts came to.
            if (row.Joint is not null && word["data"] is JsonObject known)
                known["outcome"] = outcome;
            // Ids in the order of what was told: the caller hears it in that order.
            var id = string.Create(CultureInfo.InvariantCulture, $"{row.Id}:{row.Version:D10}:{count++:D4}");
            await change.ExecuteAsync("INSERT INTO work_job (id, case_id, token, node, service, state, attempts, due, data) VALUES (@id, @Parent, @ParentToken, @ParentNode, @service, 'ready', 0, @Stamp, @data)",
                new { id, row.Parent, row.ParentToken, row.ParentNode, service, change.Stamp, data = seal.For($"case:{row.Parent}").Json(word.ToJsonString(Json.Plain)) });
        }
    }

    // What it was given and left as it was does not go back: meanwhile the caller may have come to know better.
    private static JsonObject Changed(Case row, ProcessState end)
    {
        var given = JsonNode.Parse(row.Given!)!.AsObject();
        var known = JsonNode.Parse(Json.Text(end.Data))!.AsObject();
        return new JsonObject(known.Where(k => k.Key != "case" && !(given.TryGetPropertyValue(k.Key, out var was) && JsonNode.DeepEquals(was, k.Value)))
            .Select(k => KeyValuePair.Create(k.Key, k.Value?.DeepClone())));
    }

    /// <summary>A held caller hears what became of what it called.</summary>
    /// <exception cref="StuckException">The caller cannot go on with it; nothing was changed.</exception>
    internal async Task HearAsync(Change change, Case row, string token, string node, string service, JsonObject word)
    {
        var code = (string?)word["code"];
        change.Record(row, "process", service == CallReturned && code is not null ? "call.failed" : service, new { node, code, @case = (string?)word["case"] });
        var none = new Dictionary<string, object?>();
        if (service == CallEscalated)
            await TakeAsync(change, row, new ProcessEvent.Escalate(change.At, token, code!, none));
        else if (code is not null)
            await TakeAsync(change, row, new ProcessEvent.Fail(change.At, token, code, none));
        else
            await TakeAsync(change, row, new ProcessEvent.Complete(change.At, token, Json.Values(Joined(row, word["data"]!.AsObject()))));
    }

    // The decisions of both are kept; a document of the caller gives the reasons of all.
    private static JsonObject Joined(Case row, JsonObject data)
    {
        if (data[CaseDecisions.Kept] is not JsonObject taken)
            return data;
        var all = JsonNode.Parse(row.Data)?[CaseDecisions.Kept]?.DeepClone().AsObject() ?? [];
        foreach (var (id, decision) in taken)
            all[id] = decision?.DeepClone();
        data[CaseDecisions.Kept] = all;
        return data;
    }

    /// <summary>Ends what a held case called at a token, or all that it called, with what those called in turn.</summary>
    private async Task WithdrawCalledAsync(Change change, string callerId, string? token)
    {
        const string running = "state IN ('open', 'stuck')";
        var called = (await change.QueryAsync<string>($"SELECT id FROM work_case WHERE parent = @callerId AND (@token IS NULL OR parent_token = @token) AND {running} ORDER BY id", new { callerId, token })).AsList();
        foreach (var id in called)
        {
            var row = await HoldAsync(change, id);
            if (row.State is not ("open" or "stuck"))
                continue;
            await CloseAsync(change, row, "withdrawn");
            change.Record(row, "process", "case.withdrawn", new { node = row.ParentNode });
        }
    }

    /// <summary>Ends a held case from outside its process: nothing of it is open any more, nor of what it called.</summary>
    /// <param name="state">withdrawn, terminated or redirected.</param>
    internal async Task CloseAsync(Change change, Case row, string state)
    {
        var args = new { row.Id, change.Stamp };
        await change.ExecuteAsync("UPDATE work_task SET state = 'withdrawn', ended = @Stamp, version = version + 1 WHERE case_id = @Id AND state = 'open'", args);
        await change.ExecuteAsync("UPDATE work_ask_of SET state = 'withdrawn', ended = @Stamp, ended_by = 'process' WHERE case_id = @Id AND state = 'waiting'", args);
        await change.ExecuteAsync("UPDATE work_job SET state = 'withdrawn' WHERE case_id = @Id AND state IN ('ready', 'failed')", args);
        await change.ExecuteAsync("DELETE FROM work_timer WHERE case_id = @Id", args);
        await change.ExecuteAsync("DELETE FROM work_wait WHERE case_id = @Id", args);
        await change.ExecuteAsync("UPDATE work_message SET state = 'dismissed' WHERE case_id = @Id AND state IN ('ready', 'failed')", args);
        await change.ExecuteAsync("UPDATE work_incident SET resolved = @Stamp, how = 'moot' WHERE case_id = @Id AND resolved IS NULL", args);
        Clocks.Close(change, row.Id);
        await Payments.EndedAsync(change, row, (await packs.AtAsync(row.Pack, row.Revision)).Matter(row.Matter), state);
        await change.ExecuteAsync("UPDATE work_case SET state = @state, ended = @Stamp, process = @process, version = version + 1 WHERE id = @Id",
            new { row.Id, state, change.Stamp, process = (await seals.OfAsync(change, row)).State(JsonSerializer.Serialize(StateOf(row) with { Tokens = [], Waits = null, Done = null }, Json.Plain)) });
        await WithdrawCalledAsync(change, row.Id, null);
    }
}
