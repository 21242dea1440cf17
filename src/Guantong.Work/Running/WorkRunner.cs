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

/// <summary>
/// Runs what is due of cases: services, timers, messages. Each in the transaction that also moves its case on, so that its effect happens once.
/// Any number of nodes may run it over one store: the case's row is held, and a case that another node holds is left to it.
/// </summary>
public sealed partial class WorkRunner(Store store, Steps steps, Delivery delivery, PackRegistry packs, Services services, Materials materials, Escalations escalations, Acceptances acceptances, FollowUps followUps, Payments payments, TimeProvider clock, WorkSignal signal, ILogger<WorkRunner> log) : BackgroundService
{
    internal const string TaskFinish = "task.finish";
    internal const string ProcessStart = "process.start";
    private const int MostAttempts = 5;
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(2);

    // Kinds of work take turns, so that a hundred thousand timers that are due at once hold up no service and no message.
    private static readonly string[] Kinds = ["job", "message", "timer"];
    private int _turn;

    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        // SQLite has one writer.
        Task.WhenAll(Enumerable.Range(0, store.IsPostgres ? 4 : 1).Select(_ => Task.Run(() => signal.TurnAsync(RunNextAsync, Idle, clock, e => StoreFailed(log, e), stoppingToken), stoppingToken)));

    /// <summary>Runs what has been due longest of the kind whose turn it is, else of another; false when nothing is.</summary>
    public async Task<bool> RunNextAsync(CancellationToken cancel)
    {
        var turn = (int)((uint)Interlocked.Increment(ref _turn) % (Kinds.Length + 1));
        // What begins cases has its turn, too, and what is overdue.
        if (turn == Kinds.Length && (await BeginNextAsync(cancel) || await EscalateNextAsync(cancel)))
            return true;
        DueWork? work = null;
        try
        {
            await store.ChangeAsync(clock.GetUtcNow(), async change =>
            {
                for (var i = 0; i < Kinds.Length; i++)
                {
                    if (await Due.HoldAsync(change, Kinds[(turn + i) % Kinds.Length]) is not { } held)
                        continue;
                    var row = await steps.Seals.OpenAsync(change, held);
                    // Held only now: whoever held the case before may have done it, and two cases may want one message.
                    work = await Due.FirstAsync(change, row.Id) ?? throw new DoneMeanwhile();
                    await RunAsync(change, row, work, cancel);
                    return;
                }
                throw new NothingDue();
            }, cancel);
            return true;
        }
        catch (NothingDue)
        {
            return await BeginNextAsync(cancel) || await EscalateNextAsync(cancel) || await TurnAsync(TimedStarts.FireNextAsync, cancel) || await TurnAsync(Messages.ExpireAsync, cancel) || await TurnAsync(ApplicationDrafts.ExpireAsync, cancel) || await payments.NextAsync(cancel);
        }
        catch (DoneMeanwhile)
        {
            return true;
        }
        // A store that is away, or took another's turn first, says nothing about the work.
        catch (Exception e) when (work is not null && e is not OperationCanceledException and not DbException { IsTransient: true })
        {
            await PutOffAsync(work, e, cancel);
            return true;
        }
    }

    private async Task RunAsync(Change change, Case row, DueWork work, CancellationToken cancel)
    {
        switch (work.Kind)
        {
            case "job":
                await RunJobAsync(change, row, work, cancel);
                break;
            case "timer":
                change.Record(row, "timer", "timer.fired", new { node = work.Node });
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
        if (data is not null)
            (data, row) = await steps.Seals.OpenAsync(change, row, data);
        if (await materials.HoldsUpAsync(change, row, job, service))
            return;
        await change.ExecuteAsync("UPDATE work_job SET state = 'done', attempts = attempts + 1, error = NULL WHERE id = @Id", new { job.Id });
        if (service == ProcessStart)
        {
            change.Record(row, "process", "case.resumed");
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
            change.Record(row, "process", "case.resumed", new { node = job.Node });
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
        // Inside a sub-process, an instance or with its own inputs, a service sees more than the case.
        var seen = node.Parent is null && node.Loop is null && node.Inputs.Count == 0 ? row : row with { Data = Json.Text(Steps.StateOf(row).SeenAt(job.Token)) };
        var given = await services.RunAsync(change, service, new ServiceCall(seen, pack, matter, node, job.Id), cancel);
        // What a decision was asked stays with its case, which can be erased; the ledger cannot.
        var told = given.Where(g => g.Key != CaseDecisions.Kept).ToDictionary();
        var isPersonal = !(await steps.Seals.OfAsync(change, row)).IsNone;
        // What was read stands in its dataset, where it can be mended and erased; a payment code is for whoever pays.
        change.Record(row, $"service:{service}", "service.done", new { node = job.Node, given = isPersonal || service is "read-row" or "collect-payment" ? (object)told.Keys : told },
            dataset: service is "record-row" or "read-row" ? $"{pack.Id}/{node.Attributes["dataset"]}" : null);
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
                var row = await steps.HoldAsync(change, work.CaseId);
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
                change.Record(row, "process", (work.Kind == "job" ? "service" : work.Kind) + (spent ? ".failed" : ".put-off"), new { node = work.Node, attempts, error = e.Message });
                if (spent)
                    await Incidents.OpenAsync(change, row, work.Kind, work.Id, stuck?.Node ?? work.Node, stuck?.Why ?? "failed", stuck?.Detail ?? e.Message);
            }, cancel);
        }
        catch (NothingDue)
        {
        }
    }

    private sealed class NothingDue : Exception;

    private sealed class DoneMeanwhile : Exception;

    [LoggerMessage(Level = LogLevel.Warning, Message = "The {Kind} {Id} failed")]
    private static partial void WorkFailed(ILogger log, Exception e, string kind, string id);

    [LoggerMessage(Level = LogLevel.Error, Message = "The store could not be reached; work waits")]
    private static partial void StoreFailed(ILogger log, Exception e);
}
