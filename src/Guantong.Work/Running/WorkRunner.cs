using System.Data.Common;
using System.Text.Json;
using System.Text.Json.Nodes;
using Guantong.Data;
using Guantong.Packs;
using Guantong.Processes;
using Guantong.Trust;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Guantong.Work;

/// <summary>A piece of work that is due: a job, a timer that goes off, a message that a case waits for.</summary>
/// <param name="Kind">job, timer or message.</param>
/// <param name="Token">The token of a job, the subscription of a timer or message.</param>
internal sealed record DueWork(string Kind, string Id, string CaseId, string Node, string Token, long Attempts);

/// <summary>
/// Runs what is due of cases: services, timers, messages. Each in the transaction that also moves its case on, so that its effect happens once.
/// Any number of nodes may run it over one store: the case's row is held, and a case that another node holds is left to it.
/// </summary>
public sealed partial class WorkRunner(Store store, Steps steps, Delivery delivery, PackRegistry packs, Services services, TimeProvider clock, WorkSignal signal, ILogger<WorkRunner> log) : BackgroundService
{
    internal const string TaskFinish = "task.finish";
    internal const string ProcessStart = "process.start";
    private const int MostAttempts = 5;
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(2);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                while (await RunNextAsync(stoppingToken))
                {
                }
                await signal.WaitAsync(Idle, clock, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            // Whatever it is, the runner goes on: others wait behind it.
            catch (Exception e) when (e is not OperationCanceledException)
            {
                StoreFailed(log, e);
                await Task.Delay(Idle, clock, stoppingToken);
            }
        }
    }

    /// <summary>Runs what has been due longest; false when nothing is.</summary>
    public async Task<bool> RunNextAsync(CancellationToken cancel)
    {
        DueWork? work = null;
        try
        {
            await store.ChangeAsync(clock.GetUtcNow(), async change =>
            {
                work = await NextAsync(change) ?? throw new NothingDue();
                await RunAsync(change, work, cancel);
            }, cancel);
            return true;
        }
        catch (NothingDue)
        {
            // What was found may have been done by another node before its case could be held: look again.
            return work is not null || await BeginNextAsync(cancel) || await TurnAsync(TimedStarts.FireNextAsync, cancel) || await TurnAsync(Messages.ExpireAsync, cancel);
        }
        // A store that is away, or took another's turn first, says nothing about the work.
        catch (Exception e) when (work is not null && e is not OperationCanceledException and not DbException { IsTransient: true })
        {
            await PutOffAsync(work, e, cancel);
            return true;
        }
    }

    private static Task<DueWork?> NextAsync(Change change) => change.FindAsync<DueWork>($"""
        SELECT w.kind AS Kind, w.id AS Id, w.case_id AS CaseId, w.node AS Node, w.token AS Token, w.attempts AS Attempts FROM (
          SELECT 'job' AS kind, id, case_id, node, token, attempts, due FROM work_job WHERE state = 'ready' AND due <= @Stamp
            AND (service NOT LIKE 'call.%' OR NOT EXISTS (SELECT 1 FROM work_job e WHERE e.case_id = work_job.case_id AND e.token = work_job.token AND e.id < work_job.id AND e.service LIKE 'call.%' AND e.state IN ('ready', 'failed')))
          UNION ALL
          SELECT 'timer', id, case_id, node, wait, attempts, due FROM work_timer WHERE state = 'ready' AND due <= @Stamp
          UNION ALL
          SELECT 'message', m.id, s.case_id, s.node, s.wait, m.attempts, m.due FROM work_message m JOIN work_wait s ON {Messages.Fits}
          WHERE m.state = 'ready' AND m.due <= @Stamp AND m.expires > @Stamp
        ) w JOIN work_case c ON c.id = w.case_id
        ORDER BY w.due, w.id, w.case_id, w.token LIMIT 1{change.SkipLockedOf("c")}
        """, new { change.Stamp });

    private async Task RunAsync(Change change, DueWork work, CancellationToken cancel)
    {
        var row = await Steps.HoldAsync(change, work.CaseId);
        // Held only now: whoever held the case before may have done it, and two cases may want one message.
        var still = await change.FindAsync<string>($"SELECT id FROM work_{work.Kind} WHERE id = @Id AND state = 'ready' AND due <= @Stamp{change.SkipLocked}", new { work.Id, change.Stamp });
        if (still is null)
            throw new NothingDue();
        switch (work.Kind)
        {
            case "job":
                await RunJobAsync(change, row, work, cancel);
                break;
            case "timer":
                change.Record("timer", "timer.fired", $"case:{row.Number}", JsonSerializer.Serialize(new { node = work.Node }, Json.Plain));
                await steps.FireAsync(change, row, work.Token);
                break;
            default:
                await delivery.DeliverAsync(change, row, work.Id, work.Token);
                break;
        }
    }

    private async Task RunJobAsync(Change change, Case row, DueWork job, CancellationToken cancel)
    {
        var (service, data) = await change.FindAsync<(string, string?)>("SELECT service, data FROM work_job WHERE id = @Id", new { job.Id });
        await change.ExecuteAsync("UPDATE work_job SET state = 'done', attempts = attempts + 1, error = NULL WHERE id = @Id", new { job.Id });
        if (service == ProcessStart)
        {
            change.Record("process", "case.resumed", $"case:{row.Number}");
            await steps.StartAsync(change, row, (string?)JsonNode.Parse(data!)!["start"]);
            return;
        }
        if (service is Steps.CallReturned or Steps.CallEscalated)
        {
            await steps.HearAsync(change, row, job.Token, job.Node, service, JsonNode.Parse(data!)!.AsObject());
            return;
        }
        JsonObject given;
        if (service == TaskFinish)
        {
            given = JsonNode.Parse(data!)!.AsObject();
            change.Record("process", "case.resumed", $"case:{row.Number}", JsonSerializer.Serialize(new { node = job.Node }, Json.Plain));
        }
        else
        {
            given = await RunServiceAsync(change, row, job, service, cancel);
        }
        await steps.TakeAsync(change, row, new ProcessEvent.Complete(change.At, job.Token, Json.Values(given)));
    }

    private async Task<JsonObject> RunServiceAsync(Change change, Case row, DueWork job, string service, CancellationToken cancel)
    {
        var pack = await packs.AtAsync(row.Pack, row.Revision, cancel);
        var matter = pack.Matter(row.Matter)!;
        var node = pack.ProcessOf(row.Matter, row.Called).Definition.Node(job.Node);
        var given = await services.RunAsync(change, service, new ServiceCall(row, pack, matter, node), cancel);
        // What a decision was asked stays with its case, which can be erased; the ledger cannot.
        var told = given.Where(g => g.Key != CaseDecisions.Kept).ToDictionary();
        change.Record($"service:{service}", "service.done", $"case:{row.Number}", JsonSerializer.Serialize(new { node = job.Node, given = told }, Json.Plain));
        return given;
    }

    // Work that keeps failing becomes an incident: it waits for an operator and holds up nothing else.
    private async Task PutOffAsync(DueWork work, Exception e, CancellationToken cancel)
    {
        WorkFailed(log, e, work.Kind, work.Id);
        var attempts = work.Attempts + 1;
        var stuck = e as StuckException;
        var spent = stuck is not null || attempts >= MostAttempts;
        try
        {
            await store.ChangeAsync(clock.GetUtcNow(), async change =>
            {
                var row = await Steps.HoldAsync(change, work.CaseId);
                // A commit whose answer was lost on the way may have stood: what is done stays so.
                var touched = await change.ExecuteAsync($"UPDATE work_{work.Kind} SET state = @state, attempts = @attempts, due = @due, error = @error WHERE id = @Id AND state = 'ready'", new
                {
                    work.Id,
                    state = spent ? "failed" : "ready",
                    attempts,
                    due = Time.Write(change.At + TimeSpan.FromSeconds(Math.Pow(2, attempts))),
                    error = e.Message,
                });
                if (touched == 0)
                    throw new NothingDue();
                change.Record("process", (work.Kind == "job" ? "service" : work.Kind) + (spent ? ".failed" : ".put-off"), $"case:{row.Number}", JsonSerializer.Serialize(new { node = work.Node, attempts, error = e.Message }, Json.Plain));
                if (spent)
                    await Incidents.OpenAsync(change, row, work.Kind, work.Id, stuck?.Node ?? work.Node, stuck?.Why ?? "failed", stuck?.Detail ?? e.Message);
            }, cancel);
        }
        catch (NothingDue)
        {
        }
    }

    private sealed class NothingDue : Exception;

    [LoggerMessage(Level = LogLevel.Warning, Message = "The {Kind} {Id} failed")]
    private static partial void WorkFailed(ILogger log, Exception e, string kind, string id);

    [LoggerMessage(Level = LogLevel.Error, Message = "The store could not be reached; work waits")]
    private static partial void StoreFailed(ILogger log, Exception e);
}
