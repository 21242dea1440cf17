using System.Text.Json;
using System.Text.Json.Nodes;
using Guantong.Data;
using Guantong.Packs;
using Guantong.Processes;
using Guantong.Trust;

namespace Guantong.Work;

/// <summary>How a case stood before it migrated, beside its process: what its rows said.</summary>
internal sealed record Former(ProcessState Process, IReadOnlyList<FormerTask> Tasks, IReadOnlyList<FormerJob> Jobs, IReadOnlyList<FormerIncident> Incidents)
{
    /// <summary>For how long the case's clock stood until now.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public IReadOnlyList<Standstill> Stops { get; init; } = [];
}

/// <summary>What a task of people said.</summary>
internal sealed record FormerTask(string Id, string Token, string Node, string Name, string Unit, string? Form, string Opened, string? Due, string? Term = null);

/// <summary>What a job of machines said.</summary>
internal sealed record FormerJob(string Id, string Token, string Node, string Service, string? Data);

/// <summary>Where an incident was.</summary>
internal sealed record FormerIncident(string Id, string Node);

/// <summary>The way of a matter's cases from one revision of their pack to another.</summary>
internal sealed class Crossing
{
    private readonly Pack _to;
    private readonly MigrationOrder _order;
    private readonly IReadOnlyList<string> _forms;

    private Crossing(MigrationOrder order, Pack from, Pack to, Migration migration)
    {
        (_order, _to, Migration) = (order, to, migration);
        // What was given under a form that is still the same fits it.
        var known = from.Forms.Values.ToHashSet();
        _forms = [.. migration.To.Nodes.Select(n => n.Attributes.GetValueOrDefault("form")).Append(to.Matter(order.Matter)!.Form?.Name).OfType<string>().Distinct()
            .Select(f => to.Forms.GetValueOrDefault(f)).OfType<string>().Where(f => !known.Contains(f))];
    }

    public Migration Migration { get; }

    /// <summary>Opens it.</summary>
    /// <exception cref="ConflictException">migration-no-matter: one of the revisions has no such matter, or none with a process.</exception>
    public static async Task<Crossing> OpenAsync(PackRegistry packs, MigrationOrder order, CancellationToken cancel)
    {
        var (from, to) = (await packs.AtAsync(order.Pack, order.From, cancel), await packs.AtAsync(order.Pack, order.To, cancel));
        return Process(from, order.Matter) is { } old && Process(to, order.Matter) is { } other ? new Crossing(order, from, to, Migration.Plan(old, other, order.Mapping))
            : throw new ConflictException("migration-no-matter");
    }

    private static ProcessDefinition? Process(Pack pack, string matter) => pack.Matter(matter)?.Process is { } process ? pack.Processes.GetValueOrDefault(process.Name)?.Definition : null;

    /// <summary>The step that takes a case over, or why it stays; changes nothing.</summary>
    public async Task<(Step? Step, MigrationWhy? Why)> TryAsync(Case row, DateTimeOffset at)
    {
        if (row.State is "ended" or "terminated" or "merged")
            return (null, new MigrationWhy($"{MigrationRefusal.Ended}"));
        if (row.Revision != _order.From)
            return (null, new MigrationWhy("elsewhere"));
        foreach (var form in _forms)
        {
            var (_, faults) = await FormCheck.CheckAsync(form, JsonNode.Parse(row.Data)!.AsObject());
            // What is still missing will be asked for; what is there must be what the new version takes it for.
            if (faults.FirstOrDefault(f => f.Code != "required") is { } misfit)
                return (null, new MigrationWhy("data", misfit.Field));
        }
        var state = Steps.StateOf(row);
        // One that could not begin yet has nowhere to stand.
        if (state.Ended)
            return Migration.Faults is [var fault, ..] ? (null, MigrationWhy.Of(fault)) : (new Step(state, []), null);
        var (step, refused) = Migration.Apply(state, at);
        return (step, refused is null ? null : MigrationWhy.Of(refused));
    }

    /// <summary>How a held case stands.</summary>
    public static async Task<Former> FormerAsync(Change change, Case row) => new(Steps.StateOf(row),
        [.. await change.QueryAsync<FormerTask>("SELECT id AS Id, token AS Token, node AS Node, name AS Name, unit AS Unit, form AS Form, opened AS Opened, due AS Due, term AS Term FROM work_task WHERE case_id = @Id AND state = 'open'", new { row.Id })],
        [.. await change.QueryAsync<FormerJob>("SELECT id AS Id, token AS Token, node AS Node, service AS Service, data AS Data FROM work_job WHERE case_id = @Id AND state IN ('ready', 'failed')", new { row.Id })],
        [.. await change.QueryAsync<FormerIncident>("SELECT id AS Id, node AS Node FROM work_incident WHERE case_id = @Id AND resolved IS NULL", new { row.Id })])
    {
        Stops = await Clocks.StopsAsync(change, row),
    };

    /// <summary>What the rows of a held case say once it stands on the new version.</summary>
    public Former After(Former former, Case row, Step step, Steps steps)
    {
        var nodes = step.State.Tokens.ToDictionary(t => t.Id, t => Migration.To.Node(t.Node));
        return new Former(step.State, [.. former.Tasks.Select(t => nodes.TryGetValue(t.Token, out var node) ? After(t, row, node, steps, former.Stops) : t)],
            [.. former.Jobs.Select(j => j with { Node = Renamed(j.Node), Service = nodes.TryGetValue(j.Token, out var node) && node.Kind == NodeKind.ServiceTask ? node.Attributes.GetValueOrDefault("service", "") : j.Service, Data = Begun(j) })],
            [.. former.Incidents.Select(i => i with { Node = Renamed(i.Node) })]);
    }

    private FormerTask After(FormerTask task, Case row, ProcessNode node, Steps steps, IReadOnlyList<Standstill> stops)
    {
        var (was, limit) = (Migration.From.Find(task.Node)?.Attributes.GetValueOrDefault("due"), node.Attributes.GetValueOrDefault("due"));
        // A limit that is another counts from when the task was opened.
        var due = was == limit ? task.Due : limit is null ? row.Due : steps.DueOf(Time.Read(task.Opened), limit, row.Region, Clocks.Within(stops, Time.Read(task.Opened)));
        return task with { Node = node.Id, Name = node.Name, Unit = steps.UnitOf(Migration.To, node, row), Form = node.Attributes.GetValueOrDefault("form"), Due = due, Term = limit };
    }

    private string Renamed(string node) => Migration.Nodes.FirstOrDefault(n => n.From.Id == node)?.To?.Id ?? node;

    // A case that could not begin keeps at which start event it was to.
    private string? Begun(FormerJob job) => job.Service == WorkRunner.ProcessStart && (string?)JsonNode.Parse(job.Data!)!["start"] is { } start
        ? new JsonObject { ["start"] = Renamed(start) }.ToJsonString(Json.Plain) : job.Data;

    /// <summary>Takes a held case over: its revision, its rows, and the step itself.</summary>
    /// <param name="definition">The process that the step stands on.</param>
    public static async Task TakeAsync(Change change, Case row, string revision, ProcessDefinition definition, Former after, Step step, Steps steps)
    {
        await change.ExecuteAsync("UPDATE work_case SET revision = @revision WHERE id = @Id", new { revision, row.Id });
        foreach (var task in after.Tasks)
        {
            await change.ExecuteAsync("""
                UPDATE work_task SET node = @Node, name = @Name, form = @Form, due = @Due, term = @Term, assignee = CASE WHEN unit = @Unit THEN assignee ELSE NULL END, unit = @Unit, version = version + 1
                WHERE id = @Id AND state = 'open'
                """, task);
        }
        foreach (var job in after.Jobs)
            await change.ExecuteAsync("UPDATE work_job SET node = @Node, service = @Service, data = @Data WHERE id = @Id", job);
        foreach (var incident in after.Incidents)
            await change.ExecuteAsync("UPDATE work_incident SET node = @Node WHERE id = @Id", incident);
        await steps.CommitAsync(change, row with { Revision = revision }, definition, Steps.StateOf(row), step);
    }
}
