using System.Text.Json;
using System.Text.Json.Nodes;
using Guantong.Data;
using Guantong.Packs;
using Guantong.Processes;
using Guantong.Trust;

namespace Guantong.Work;

/// <summary>Takes the steps of cases. Each commits the process state, tasks, jobs, timers, messages and the ledger in one transaction.</summary>
/// <remarks>Whoever takes a step holds the case's row first and anything of the case after it, so that no two of them wait for each other.</remarks>
public sealed partial class Steps(PackRegistry packs, Jurisdiction land, Messages messages, CaseSeals seals, Notices notices, AssignRules rules)
{
    /// <summary>What seals and opens cases.</summary>
    internal CaseSeals Seals => seals;

    /// <summary>A case, held until the change commits, and opened for work.</summary>
    /// <exception cref="ConflictException">case-archived: it takes no change any more.</exception>
    internal async Task<Case> HoldAsync(Change change, string caseId)
    {
        var row = await change.FindAsync<Case>($"SELECT {Case.Columns} FROM work_case WHERE id = @caseId{change.ForUpdate}", new { caseId }) ?? throw new InvalidOperationException($"Case {caseId} is gone.");
        return row.Archived is null ? await seals.OpenAsync(change, row) : throw new ConflictException("case-archived");
    }

    /// <summary>Writes a new case's row.</summary>
    internal async Task InsertAsync(Change change, Case row)
    {
        var seal = await seals.OfAsync(change, row);
        await change.ExecuteAsync("""
            INSERT INTO work_case (id, number, pack, revision, matter, title, region, state, opened, opened_by, due, data, process, warning, version, parent, parent_token, parent_node, given, called, depth, applicant, agent, authority, term, stopped, joint)
            VALUES (@Id, @Number, @Pack, @Revision, @Matter, @Title, @Region, @State, @Opened, @OpenedBy, @Due, @Data, @Process, @Warning, @Version, @Parent, @ParentToken, @ParentNode, @Given, @Called, @Depth, @Applicant, @Agent, @Authority, @Term, @Stopped, @Joint)
            """, seal.IsNone ? row : row with { Data = seal.Json(row.Data), Process = seal.State(row.Process), Given = row.Given is { } given ? seal.Json(given) : null });
        Index(change, row.Id, seal, row.Data);
    }

    /// <summary>Keeps what a case knows, and how its process stands, where nothing but its data was mended.</summary>
    internal async Task KeepAsync(Change change, Case row, ProcessState state)
    {
        var data = Json.Text(state.Data);
        var seal = await seals.OfAsync(change, row, data);
        Index(change, row.Id, seal, data);
        await change.ExecuteAsync("UPDATE work_case SET data = @data, process = @process, version = version + 1 WHERE id = @Id",
            new { row.Id, data = seal.Json(data), process = seal.State(JsonSerializer.Serialize(state, Json.Plain)) });
    }

    private static void Index(Change change, string caseId, CaseSeal seal, string data)
    {
        if (seal.IsNone)
            return;
        change.Later("DELETE FROM work_sealed WHERE case_id = @caseId", new { caseId });
        foreach (var (field, hash) in seal.Index(JsonNode.Parse(data)!.AsObject()))
            change.Later("INSERT INTO work_sealed (case_id, field, hash) VALUES (@caseId, @field, @hash)", new { caseId, field, hash });
    }

    /// <summary>Starts a case's process, at the start event that was triggered or as it begins by itself.</summary>
    /// <exception cref="StuckException">The process cannot go on; nothing was changed.</exception>
    internal async Task StartAsync(Change change, Case row, string? start = null)
    {
        var (definition, file) = await DefinitionAsync(row);
        // A case that is opened by hand is what the process begins by.
        start ??= definition.Body.Entries.Count == 0 ? definition.Body.Starts[0].Id : null;
        var step = ProcessEngine.Start(definition, Json.Values(JsonNode.Parse(row.Data)!.AsObject()), change.At, start);
        await CommitAsync(change, row, definition, new ProcessState([], step.State.Data, 1, null, []), step, opens: file);
    }

    /// <summary>Starts a case's process; where it cannot go on, that is an operator's affair.</summary>
    internal async Task BeginAsync(Change change, Case row, string? start = null)
    {
        try
        {
            await StartAsync(change, row, start);
        }
        catch (StuckException stuck)
        {
            await Incidents.SetAsideAsync(change, row, "", WorkRunner.ProcessStart, new JsonObject { ["start"] = start }.ToJsonString(Json.Plain), stuck);
        }
    }

    /// <summary>Takes in what happened to a held case: its process goes on as far as it can.</summary>
    /// <exception cref="StuckException">The process cannot go on; nothing was changed.</exception>
    internal async Task TakeAsync(Change change, Case row, ProcessEvent happened)
    {
        var (definition, _) = await DefinitionAsync(row);
        var state = StateOf(row);
        await CommitAsync(change, row, definition, state, ProcessEngine.Apply(definition, state, happened));
    }

    /// <summary>A held case goes back or forward by the step that an official decides on.</summary>
    /// <exception cref="StuckException">The process cannot go on; nothing was changed.</exception>
    internal async Task MoveAsync(Change change, Case row, Func<ProcessState, Task<Step>> decide)
    {
        var state = StateOf(row);
        var (definition, _) = await DefinitionAsync(row);
        await CommitAsync(change, row, definition, state, await decide(state));
    }

    /// <summary>Why a step leads nowhere; null where it goes on.</summary>
    internal static StuckException? Stuck(Case row, ProcessDefinition definition, Step step) =>
        step.Effects.OfType<Effect.Stuck>().FirstOrDefault() is { } stuck ? new StuckException(stuck.NodeId, stuck.Reason, definition.Node(stuck.NodeId).Label)
        // What a called case does not catch is its caller's.
        : row.Parent is null && step.Effects.OfType<Effect.ProcessFailed>().FirstOrDefault() is { } failed ? new StuckException(failed.NodeId, "uncaught-error", failed.Code)
        : row.Depth >= MostCalls && step.Effects.OfType<Effect.ProcessCalled>().FirstOrDefault() is { } deeper ? new StuckException(deeper.NodeId, "calls-too-deep", definition.Node(deeper.NodeId).Label)
        : null;

    /// <summary>A timer of a held case goes off. Each by itself, so that one that leads nowhere holds up no other.</summary>
    /// <exception cref="StuckException">The process cannot go on; nothing was changed.</exception>
    internal Task FireAsync(Change change, Case row, string wait)
    {
        var due = StateOf(row).Subscriptions.First(s => s.Wait.Id == wait).Wait.Due ?? change.At;
        return TakeAsync(change, row, new ProcessEvent.Serve(due, wait, new Dictionary<string, object?>()));
    }

    /// <summary>The state of a case's process.</summary>
    internal static ProcessState StateOf(Case row) => JsonSerializer.Deserialize<ProcessState>(row.Process, Json.Plain)!;

    private async Task<(ProcessDefinition Definition, string File)> DefinitionAsync(Case row)
    {
        var pack = await packs.AtAsync(row.Pack, row.Revision);
        var (file, definition) = pack.ProcessOf(row.Matter, row.Called);
        return (definition, definition == file.Definition ? file.Path : row.Called!);
    }

    /// <summary>Keeps a step of a held case: its state, its rows, and what is to happen outside.</summary>
    /// <exception cref="StuckException">The process cannot go on; nothing was changed.</exception>
    internal async Task CommitAsync(Change change, Case row, ProcessDefinition definition, ProcessState before, Step step, string? opens = null)
    {
        // A step that leads nowhere is not taken: what led to it waits, whole, until somebody mends the data.
        if (Stuck(row, definition, step) is { } stuck)
            throw stuck;
        var (state, outcome, how) = (row.State, row.Outcome, "ended");
        foreach (var effect in step.Effects)
        {
            if (effect is Effect.ProcessEnded ended)
                (state, outcome, how) = ("ended", definition.Node(ended.NodeId).Name, definition.Node(ended.NodeId).Attributes.GetValueOrDefault("outcome", "ended"));
            else if (effect is Effect.ProcessFailed thrown)
                (state, outcome) = ("ended", definition.Node(thrown.NodeId).Label);
            await DoAsync(change, row, definition, step.State, effect);
        }
        Subscriptions.Keep(change, row.Id, before, step.State);
        CaseEvents.Write(change, row.Id, CaseEvents.Of(definition, before, step, node => UnitOf(definition, node, row), opens));
        var data = Json.Text(step.State.Data);
        var seal = await seals.OfAsync(change, row, data);
        Index(change, row.Id, seal, data);
        // What turns out to be personal only now stood in the open until now.
        if (opens is null && seal.Carried(JsonNode.Parse(row.Data)!.AsObject()).Any(name => !row.Sealed.Contains(name)))
            change.Scrub();
        // The row is held, so its version is the one that was read; were it ever not, the column takes no null and nothing is changed.
        change.Later("""
            UPDATE work_case SET state = @state, outcome = @outcome, ended = @ended, data = @data, process = @process, version = CASE WHEN version = @Version THEN version + 1 END
            WHERE id = @Id
            """, new
        {
            row.Id,
            row.Version,
            state,
            outcome,
            ended = state == "ended" ? change.Stamp : null,
            data = seal.Json(data),
            process = seal.State(JsonSerializer.Serialize(step.State, Json.Plain)),
        });
        if (state == "ended" && row.Stopped is not null)
            Clocks.Close(change, row.Id);
        if (state == "ended")
            Escalations.Over(change, "case_id = @Id", new { row.Id, change.Stamp });
        await TellAsync(change, row, step, outcome, seal);
        if (state == "ended" && row.State != "ended")
        {
            await notices.TellAsync(change, row, new Happening("decided", string.Create(System.Globalization.CultureInfo.InvariantCulture, $"case:{row.Id}:{row.Version}")) { Result = outcome });
            var matter = (await packs.AtAsync(row.Pack, row.Revision)).Matter(row.Matter);
            await FollowUps.DrawAsync(change, this, row, matter);
            await Payments.EndedAsync(change, row, matter, how);
            await Wallets.IssueAsync(change, seals.Keys, land, row, matter, how, step.State.Data);
        }
        if (row.State == "stuck")
            await Incidents.SettleAsync(change, row.Id);
    }

    private async Task DoAsync(Change change, Case row, ProcessDefinition definition, ProcessState after, Effect effect)
    {
        switch (effect)
        {
            case Effect.TaskOpened opened:
                await OpenTaskAsync(change, row, definition, opened, await ItemAsync(change, row, definition, after, opened.TokenId));
                break;
            case Effect.ServiceCalled called:
                Queue(change, row, called.TokenId, called.NodeId, definition.Node(called.NodeId).Attributes.GetValueOrDefault("service", ""));
                break;
            case Effect.DecisionCalled called:
                Queue(change, row, called.TokenId, called.NodeId, "decide");
                break;
            case Effect.ProcessCalled called:
                await CallAsync(change, row, definition, called);
                break;
            case Effect.TaskWithdrawn withdrawn:
                await WithdrawAsync(change, row, withdrawn);
                await WithdrawCalledAsync(change, row.Id, withdrawn.TokenId);
                break;
            case Effect.MessageSent { Name: { } name } sent:
                await messages.SendAsync(change, row, name, sent.Key, await seals.MessageAsync(change, row, Json.Text(sent.Data)));
                break;
            case Effect.SignalGiven given:
                await messages.GiveAsync(change, given.Name, await seals.MessageAsync(change, row, Json.Text(given.Data)), CaseLedger.About(row.Number), row.Id);
                change.Record(row, "process", "signal.given", new { node = given.NodeId, given.Name });
                break;
            case Effect.FlowTaken taken when definition.Flows.First(f => f.Id == taken.FlowId) is { Name.Length: > 0 } flow:
                change.Record(row, "process", "path.taken", new { flow = flow.Id, name = flow.Name });
                break;
            case Effect.ProcessEnded ended:
                change.Record(row, "process", "case.ended", new { outcome = definition.Node(ended.NodeId).Name });
                break;
            case Effect.ProcessFailed failed:
                change.Record(row, "process", "case.failed", new { node = failed.NodeId, failed.Code });
                break;
        }
    }

    // Of several instances, each task says which it is; never by what is personal.
    private async Task<string?> ItemAsync(Change change, Case row, ProcessDefinition definition, ProcessState after, string token)
    {
        if (after.ItemAt(definition, token) is not (var name, string { Length: > 0 and <= 40 } item))
            return null;
        var seal = await seals.OfAsync(change, row, Json.Text(after.Data));
        return KeyRing.HoldsSealed(seal.Json(Json.Text(new Dictionary<string, object?> { [name] = item }))) ? null : item;
    }

    private async Task OpenTaskAsync(Change change, Case row, ProcessDefinition definition, Effect.TaskOpened opened, string? item)
    {
        var node = definition.Node(opened.NodeId);
        var name = item is null ? node.Name : $"{node.Name}（{item}）";
        var unit = UnitOf(definition, node, row);
        var term = node.Attributes.GetValueOrDefault("due");
        var due = DueOf(change.At, term, row.Region) ?? row.Due;
        // Nobody that it could be given to: it is the unit's.
        var assignee = node.Attributes.TryGetValue("assign", out var rule) ? await rules.ChooseAsync(change, row, node, unit, rule) : null;
        change.Later("""
            INSERT INTO work_task (id, case_id, token, node, name, unit, form, state, assignee, opened, due, term, version)
            VALUES (@id, @caseId, @token, @node, @name, @unit, @form, 'open', @assignee, @Stamp, @due, @term, 1)
            """, new
        {
            id = Guid.CreateVersion7(change.At).ToString("n"),
            caseId = row.Id,
            token = opened.TokenId,
            node = node.Id,
            name,
            unit,
            form = node.Attributes.GetValueOrDefault("form"),
            change.Stamp,
            due,
            term,
            assignee,
        });
        change.Record(row, "process", "task.opened", new { node = node.Id, node.Name, unit, due });
        if (assignee is not null)
            change.Record(row, "process", "task.assigned", new { task = node.Id, to = assignee, rule = node.Attributes["assign"] });
    }

    /// <summary>When a term that begins now ends in a region; null where there is no limit.</summary>
    internal string? DueOf(DateTimeOffset start, string? limit, string region, params IEnumerable<Standstill> stops) =>
        limit is null ? null : Time.Write(land.Calendars.Of(region).Due(start, TimeLimit.Of(limit), stops));

    /// <summary>The unit that does a task of a case: its lane's, in the case's region.</summary>
    internal string UnitOf(ProcessDefinition definition, ProcessNode node, Case row)
    {
        var lane = definition.Lanes.First(l => l.Id == node.Lane);
        return land.Units.ForRegion(lane.Name, row.Region)?.Id ?? lane.Name;
    }

    private static void Queue(Change change, Case row, string token, string node, string service)
    {
        change.Later("INSERT INTO work_job (id, case_id, token, node, service, state, attempts, due) VALUES (@id, @caseId, @token, @node, @service, 'ready', 0, @Stamp)",
            new { id = Guid.CreateVersion7(change.At).ToString("n"), caseId = row.Id, token, node, service, change.Stamp });
        change.Record(row, "process", "service.called", new { node });
    }

    // What is withdrawn is a task of people or a job of machines.
    private static async Task WithdrawAsync(Change change, Case row, Effect.TaskWithdrawn withdrawn)
    {
        var args = new { change.Stamp, row.Id, withdrawn.TokenId };
        var tasks = await change.ExecuteAsync("UPDATE work_task SET state = 'withdrawn', ended = @Stamp, version = version + 1 WHERE case_id = @Id AND token = @TokenId AND state = 'open'", args);
        var jobs = await change.ExecuteAsync("UPDATE work_job SET state = 'withdrawn' WHERE case_id = @Id AND token = @TokenId AND state IN ('ready', 'failed')", args);
        if (tasks > 0)
            Escalations.Over(change, "task_id IN (SELECT id FROM work_task WHERE case_id = @Id AND token = @TokenId)", args);
        if (tasks + jobs > 0)
            change.Record(row, "process", tasks > 0 ? "task.withdrawn" : "service.withdrawn", new { node = withdrawn.NodeId });
    }
}

/// <summary>A process cannot go on with what it knows.</summary>
/// <param name="node">Where.</param>
/// <param name="why">The engine's reason, or uncaught-error.</param>
/// <param name="detail">What a reader has to know beside it: the node's name, the error's code.</param>
public sealed class StuckException(string node, string why, string detail) : Exception($"{node}: {why}")
{
    /// <summary>Where.</summary>
    public string Node { get; } = node;

    /// <summary>Why.</summary>
    public string Why { get; } = why;

    /// <summary>What it is about.</summary>
    public string Detail { get; } = detail;
}
