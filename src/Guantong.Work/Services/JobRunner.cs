using System.Text.Json;
using System.Text.Json.Nodes;
using Guantong.Data;
using Guantong.Packs;
using Guantong.Trust;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Guantong.Work;

/// <summary>A service task that is due.</summary>
public sealed record Job(string Id, string CaseId, string Token, string Node, string Service, long Attempts);

/// <summary>Runs service tasks: each in the transaction that also moves its case on, so that its effect happens once.</summary>
public sealed partial class JobRunner(Store store, Cases cases, PackRegistry packs, Services services, TimeProvider clock, WorkSignal signal, ILogger<JobRunner> log) : BackgroundService
{
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
            catch (Exception e) when (e is System.Data.Common.DbException or InvalidOperationException)
            {
                StoreFailed(log, e);
                await Task.Delay(Idle, clock, stoppingToken);
            }
        }
    }

    /// <summary>Runs the job that has been due longest; false when none is.</summary>
    public async Task<bool> RunNextAsync(CancellationToken cancel)
    {
        Job? job = null;
        try
        {
            return await store.ChangeAsync(clock.GetUtcNow(), async change =>
            {
                job = await change.FindAsync<Job>($"""
                    SELECT id AS Id, case_id AS CaseId, token AS Token, node AS Node, service AS Service, attempts AS Attempts FROM work_job
                    WHERE state = 'ready' AND due <= @Stamp ORDER BY due, id LIMIT 1{change.SkipLocked}
                    """, new { change.Stamp });
                if (job is null)
                    throw new NothingDue();
                await RunAsync(change, job, cancel);
                return true;
            }, cancel);
        }
        catch (NothingDue)
        {
            return false;
        }
        catch (Exception e) when (job is not null && e is not OperationCanceledException)
        {
            try
            {
                await PutOffAsync(job, e, cancel);
            }
            catch (NothingDue)
            {
            }
            return true;
        }
    }

    private async Task RunAsync(Change change, Job job, CancellationToken cancel)
    {
        var row = (await change.FindAsync<Case>($"SELECT {Case.Columns} FROM work_case WHERE id = @CaseId", new { job.CaseId }))!;
        var pack = await packs.AtAsync(row.Pack, row.Revision, cancel);
        var matter = pack.Matter(row.Matter)!;
        var node = pack.Processes[matter.Process!.Name].Definition.Nodes.First(n => n.Id == job.Node);
        var given = await services.RunAsync(change, job.Service, new ServiceCall(row, pack, matter, node), cancel);
        await change.ExecuteAsync("UPDATE work_job SET state = 'done', attempts = attempts + 1, error = NULL WHERE id = @Id", new { job.Id });
        // What a decision was asked stays with its case, which can be erased; the ledger cannot.
        var told = given.Where(g => g.Key != CaseDecisions.Kept).ToDictionary();
        change.Record($"service:{job.Service}", "service.done", $"case:{row.Number}", JsonSerializer.Serialize(new { node = job.Node, given = told }, Json.Plain));
        await cases.MoveAsync(change, job.CaseId, job.Token, given, $"service:{job.Service}");
    }

    // A job that keeps failing stands aside as failed: it waits for an operator and holds up nothing else.
    private async Task PutOffAsync(Job job, Exception e, CancellationToken cancel)
    {
        JobFailed(log, e, job.Service, job.Id);
        var attempts = job.Attempts + 1;
        await store.ChangeAsync(clock.GetUtcNow(), async change =>
        {
            // A commit whose answer was lost on the way may have stood: a job that is done stays so.
            var touched = await change.ExecuteAsync("UPDATE work_job SET state = @state, attempts = @attempts, due = @due, error = @error WHERE id = @Id AND state = 'ready'", new
            {
                job.Id,
                state = attempts >= MostAttempts ? "failed" : "ready",
                attempts,
                due = Time.Write(change.At + TimeSpan.FromSeconds(Math.Pow(2, attempts))),
                error = e.Message,
            });
            if (touched == 0)
                throw new NothingDue();
            var number = await change.FindAsync<string>("SELECT number FROM work_case WHERE id = @CaseId", new { job.CaseId });
            change.Record($"service:{job.Service}", attempts >= MostAttempts ? "service.failed" : "service.put-off", $"case:{number}",
                JsonSerializer.Serialize(new { node = job.Node, attempts, error = e.Message }, Json.Plain));
        }, cancel);
    }

    private sealed class NothingDue : Exception;

    [LoggerMessage(Level = LogLevel.Warning, Message = "Service {Service} failed for job {Job}")]
    private static partial void JobFailed(ILogger log, Exception e, string service, string job);

    [LoggerMessage(Level = LogLevel.Error, Message = "The store could not be reached; jobs wait")]
    private static partial void StoreFailed(ILogger log, Exception e);
}
