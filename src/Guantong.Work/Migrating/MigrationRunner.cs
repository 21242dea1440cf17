using System.Data.Common;
using System.Text.Json;
using Dapper;
using Guantong.Data;
using Guantong.Processes;
using Guantong.Trust;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Guantong.Work;

/// <summary>
/// Does what migrations have begun, case by case: each in a transaction of its own that holds the case as any step does, so that a crash in the middle leaves
/// each case on the one version or the other, and the rest is done after the start. Any number of nodes may run it over one store.
/// </summary>
public sealed partial class MigrationRunner(Store store, CaseMigrations migrations, Steps steps, PackRegistry packs, TimeProvider clock, WorkSignal signal, ILogger<MigrationRunner> log) : BackgroundService
{
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(2);

    private CaseMigration? _migration;
    private Crossing? _crossing;

    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.Run(() => migrations.Begun.TurnAsync(RunNextAsync, Idle, clock, e => RunFailed(log, e), stoppingToken), stoppingToken);

    /// <summary>Takes the next case over, or ends a migration whose cases are all done; false when nothing is left.</summary>
    public async Task<bool> RunNextAsync(CancellationToken cancel)
    {
        // Most of the time there is none: no transaction for that.
        if (await store.ReadAsync(c => c.ExecuteScalarAsync<long>("SELECT count(*) FROM work_migration WHERE finished IS NULL"), cancel) == 0)
            return false;
        (string Migration, string Case)? next = null;
        try
        {
            await store.ChangeAsync(clock.GetUtcNow(), async change =>
            {
                next = await NextAsync(change) ?? throw new NothingLeft();
                await RunAsync(change, next.Value.Migration, next.Value.Case, cancel);
            }, cancel);
            signal.Raise();
            return true;
        }
        catch (NothingLeft)
        {
            return next is not null || await EndNextAsync(cancel);
        }
        // A store that is away, or took another's turn first, says nothing about the case.
        catch (Exception e) when (next is not null && e is not OperationCanceledException and not DbException { IsTransient: true })
        {
            CaseFailed(log, e, next.Value.Case);
            await store.ChangeAsync(clock.GetUtcNow(), async change =>
                await RefuseAsync(change, await steps.HoldAsync(change, next.Value.Case), (await FindAsync(change, next.Value.Migration))!, new MigrationWhy("failed", e.Message)), cancel);
            return true;
        }
    }

    private static Task<(string, string)?> NextAsync(Change change) => change.FindAsync<(string, string)?>($"""
        SELECT m.migration_id, m.case_id FROM work_migration_case m JOIN work_case c ON c.id = m.case_id
        WHERE m.state = 'waiting' ORDER BY m.migration_id, m.case_id LIMIT 1{change.SkipLockedOf("c")}
        """);

    private static Task<CaseMigration?> FindAsync(Change change, string id) => change.FindAsync<CaseMigration>($"SELECT {CaseMigration.Columns} FROM work_migration m WHERE m.id = @id", new { id });

    private async Task RunAsync(Change change, string id, string caseId, CancellationToken cancel)
    {
        var row = await steps.HoldAsync(change, caseId);
        // Held only now: another node may have done it meanwhile.
        if (await change.FindAsync<string>("SELECT state FROM work_migration_case WHERE migration_id = @id AND case_id = @caseId", new { id, caseId }) != "waiting")
            throw new NothingLeft();
        if (_migration?.Id != id)
            (_migration, _crossing) = ((await FindAsync(change, id))!, null);
        var (migration, crossing) = (_migration, _crossing ??= await Crossing.OpenAsync(packs, _migration.Order, cancel));
        if (migration.Reverses is not null && await RestoreAsync(change, row, migration, crossing))
            return;
        var (step, why) = await crossing.TryAsync(row, change.At);
        if (step is null)
        {
            await RefuseAsync(change, row, migration, why!);
            return;
        }
        var former = await Crossing.FormerAsync(change, row);
        await Crossing.TakeAsync(change, row, migration.To, crossing.Migration.To, crossing.After(former, row, step, steps), step, steps);
        // What followed at once cannot be unmade: such a case goes back by the mapping only.
        await TookAsync(change, row, migration, step.Effects.Count == 0 ? former : null, exactly: false);
    }

    // A case that has not moved on since stands exactly as it did.
    private async Task<bool> RestoreAsync(Change change, Case row, CaseMigration migration, Crossing crossing)
    {
        var kept = await change.FindAsync<string>("SELECT former FROM work_migration_case WHERE migration_id = @Reverses AND case_id = @Id AND version = @Version AND former IS NOT NULL", new { migration.Reverses, row.Id, row.Version });
        if (kept is null || row.Revision != migration.From)
            return false;
        var (former, now) = (JsonSerializer.Deserialize<Former>(await steps.Seals.WholeAsync(change, row, kept), Json.Plain)!, await Crossing.FormerAsync(change, row));
        await Crossing.TakeAsync(change, row, migration.To, crossing.Migration.To, former, new Step(former.Process, []), steps);
        await TookAsync(change, row, migration, now, exactly: true);
        return true;
    }

    private async Task TookAsync(Change change, Case row, CaseMigration migration, Former? former, bool exactly)
    {
        var version = await change.FindAsync<long>("SELECT version FROM work_case WHERE id = @Id", new { row.Id });
        await change.ExecuteAsync("UPDATE work_migration_case SET state = 'migrated', former = @former, version = @version WHERE migration_id = @migration AND case_id = @Id",
            new { former = former is null ? null : (await steps.Seals.OfAsync(change, row)).Whole(JsonSerializer.Serialize(former, Json.Plain)), version, migration = migration.Id, row.Id });
        if (migration.Reverses is not null)
            await change.ExecuteAsync("UPDATE work_migration_case SET state = 'reversed', former = NULL WHERE migration_id = @Reverses AND case_id = @Id", new { migration.Reverses, row.Id });
        change.Record(row, migration.StartedBy, migration.Reverses is null ? "case.migrated" : "case.migrated-back", new { migration = migration.Id, migration.From, migration.To, migration.Reason, exactly }, migration.Unit);
    }

    private static async Task RefuseAsync(Change change, Case row, CaseMigration migration, MigrationWhy why)
    {
        await change.ExecuteAsync("UPDATE work_migration_case SET state = 'refused', why = @why WHERE migration_id = @migration AND case_id = @Id AND state = 'waiting'", new { why = why.Write(), migration = migration.Id, row.Id });
        change.Record(row, migration.StartedBy, "case.not-migrated", new { migration = migration.Id, migration.To, why = why.Code, node = why.Node }, migration.Unit);
    }

    private async Task<bool> EndNextAsync(CancellationToken cancel)
    {
        try
        {
            await store.ChangeAsync(clock.GetUtcNow(), async change =>
            {
                var id = await change.FindAsync<string>($"""
                    SELECT m.id FROM work_migration m WHERE m.finished IS NULL AND NOT EXISTS (SELECT 1 FROM work_migration_case c WHERE c.migration_id = m.id AND c.state = 'waiting')
                    ORDER BY m.id LIMIT 1{change.SkipLocked}
                    """) ?? throw new NothingLeft();
                await change.ExecuteAsync("UPDATE work_migration SET finished = @Stamp WHERE id = @id", new { change.Stamp, id });
                var done = (await FindAsync(change, id))!;
                change.Record(done.StartedBy, "migration.ended", $"migration:{id}", JsonSerializer.Serialize(new { done.Migrated, done.Refused }, Json.Plain), done.Unit);
            }, cancel);
            return true;
        }
        catch (NothingLeft)
        {
            return false;
        }
    }

    private sealed class NothingLeft : Exception;

    [LoggerMessage(Level = LogLevel.Warning, Message = "The case {Id} could not be migrated")]
    private static partial void CaseFailed(ILogger log, Exception e, string id);

    [LoggerMessage(Level = LogLevel.Error, Message = "Migrations wait; the store could not be reached")]
    private static partial void RunFailed(ILogger log, Exception e);
}
