using Dapper;
using Guantong.Trust;
using Guantong.Work;
using Npgsql;

namespace Guantong.Bench.Durable;

/// <summary>What one finished task wrote, as it stood in the store afterwards.</summary>
/// <param name="Next">The task that it opened, or null.</param>
internal sealed record Written(WorkTask Done, WorkTask? Next, Case Case, IReadOnlyList<EventRow> Events, IReadOnlyList<LedgerEntry> Ledger)
{
    public int Rows => 2 + (Next is null ? 0 : 1) + Events.Count + Ledger.Count;
}

/// <summary>A row of the record of cases.</summary>
internal sealed record EventRow(long Seq, long At, string What, string Node, string? Token, string? Unit, long? Since);

/// <summary>
/// Bare transactions that write what finished tasks wrote: the same tables and indexes, rows of the same bytes, updates as updates.
/// Nothing is read, checked, stepped, locked or chained; each is one prepared batch, which the server runs as one transaction in one trip.
/// </summary>
internal sealed class BareWrites(string database, IReadOnlyList<Written> pattern) : IAsyncDisposable
{
    private readonly NpgsqlDataSource _source = NpgsqlDataSource.Create(database + ";Max Auto Prepare=50;Auto Prepare Min Usages=1;No Reset On Close=true");

    /// <summary>Finishes the tasks of one case and notes what each wrote.</summary>
    public static async Task<IReadOnlyList<Written>> LearnAsync(DurablePlatform platform, int steps)
    {
        var id = await platform.OpenAsync(0);
        var pattern = new List<Written>();
        for (var step = 0; step < steps; step++)
        {
            var before = await ReadAsync(platform, id);
            var task = before.Tasks.Single(t => t.State == "open").Id;
            await platform.Tasks.FinishAsync(task, TasksBench.Given(step), DurablePlatform.Official);
            var after = await ReadAsync(platform, id);
            pattern.Add(new Written(after.Tasks.Single(t => t.Id == task), after.Tasks.SingleOrDefault(t => t.State == "open"), after.Case, [.. after.Events.Skip(before.Events.Count)], [.. after.Ledger.Skip(before.Ledger.Count)]));
        }
        return pattern;
    }

    private static async Task<(Case Case, IReadOnlyList<WorkTask> Tasks, IReadOnlyList<EventRow> Events, IReadOnlyList<LedgerEntry> Ledger)> ReadAsync(DurablePlatform platform, string id)
    {
        var file = (await platform.Cases.FindAsync(id, RowRights.All))!;
        var events = await platform.Store.ReadAsync(async c => (await c.QueryAsync<EventRow>(
            "SELECT seq AS Seq, at AS At, what AS What, node AS Node, token AS Token, unit AS Unit, since AS Since FROM work_event WHERE case_id = @id ORDER BY seq", new { id })).AsList());
        return (file.Case, file.Tasks, events, await new Ledger(platform.Store).AboutAsync($"case:{file.Case.Number}"));
    }

    /// <summary>Writes all steps of these cases by so many clients at once; gives the time.</summary>
    public async Task<double> WriteAllAsync(IReadOnlyList<string> cases, int clients)
    {
        await using var aside = await _source.OpenConnectionAsync();
        var seq = await aside.ExecuteScalarAsync<long>("SELECT max(seq) FROM ledger");
        var open = (await aside.QueryAsync<(string Case, string Task)>("SELECT case_id, id FROM work_task WHERE state = 'open' AND case_id = ANY(@cases)", new { cases = cases.ToArray() })).ToDictionary(r => r.Case, r => r.Task);
        var seconds = 0.0;
        foreach (var written in pattern)
        {
            seconds += await Measure.SecondsAsync(() => Parallel.ForEachAsync(cases, new ParallelOptions { MaxDegreeOfParallelism = clients }, async (id, cancel) =>
            {
                var next = Guid.CreateVersion7().ToString("n");
                await WriteAsync(written, id, open[id], next, Interlocked.Add(ref seq, written.Ledger.Count) - written.Ledger.Count, cancel);
                lock (open)
                    open[id] = next;
            }));
        }
        return seconds;
    }

    private async Task WriteAsync(Written written, string id, string task, string next, long seq, CancellationToken cancel)
    {
        await using var connection = await _source.OpenConnectionAsync(cancel);
        await using var batch = connection.CreateBatch();
        var (done, row) = (written.Done, written.Case);
        Add(batch, "UPDATE work_task SET state = 'done', ended = $1, ended_by = $2, assignee = $2, data = $3, version = version + 1 WHERE id = $4", done.Ended, done.EndedBy, done.Data, task);
        if (written.Next is { } opened)
            Add(batch, "INSERT INTO work_task (id, case_id, token, node, name, unit, form, state, opened, due, version) VALUES ($1, $2, $3, $4, $5, $6, $7, 'open', $8, $9, 1)", next, id, opened.Token, opened.Node, opened.Name, opened.Unit, opened.Form, opened.Opened, opened.Due);
        Add(batch, "UPDATE work_case SET state = $1, outcome = $2, ended = $3, data = $4, process = $5, version = version + 1 WHERE id = $6", row.State, row.Outcome, row.Ended, row.Data, row.Process, id);
        foreach (var e in written.Events)
            Add(batch, "INSERT INTO work_event (case_id, seq, at, what, node, token, unit, since) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)", id, e.Seq, e.At, e.What, e.Node, e.Token, e.Unit, (object?)e.Since ?? DBNull.Value);
        foreach (var line in written.Ledger)
            Add(batch, "INSERT INTO ledger (seq, at, actor, action, about, detail, previous, hash) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)", ++seq, line.At, line.Actor, line.Action, line.About, line.Detail, line.Previous, line.Hash);
        await batch.ExecuteNonQueryAsync(cancel);
    }

    private static void Add(NpgsqlBatch batch, string sql, params ReadOnlySpan<object?> values)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var value in values)
            command.Parameters.Add(value is long number ? new NpgsqlParameter<long> { TypedValue = number }
                // No count; a text that is not there is null.
                : value is DBNull ? new NpgsqlParameter { NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Bigint, Value = value }
                : new NpgsqlParameter { NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Text, Value = value ?? DBNull.Value });
        batch.BatchCommands.Add(command);
    }

    public async ValueTask DisposeAsync() => await _source.DisposeAsync();
}
