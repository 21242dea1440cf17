using System.Globalization;
using Dapper;
using Guantong.Trust;

namespace Guantong.Bench.Durable;

/// <summary>Fills a store with copies of a case: its row, tasks, timers, events and ledger lines, written by the server itself.</summary>
internal static class Stock
{
    private const int Chunk = 50_000;

    // Ids grow with time, as those of real cases do.
    private const string Case = "lpad(to_hex(g), 12, '0') || left(md5(@tag || g), 20)";

    /// <summary>Adds copies.</summary>
    /// <param name="template">Id of the case that is copied.</param>
    /// <param name="tag">Keeps the ids of several fillings apart.</param>
    public static Task FillAsync(DurablePlatform platform, string template, int count, string tag) => platform.Store.ReadAsync(async connection =>
    {
        // What is copied refers to what is copied with it: that need not be looked up row by row.
        await connection.ExecuteAsync("SET session_replication_role = replica");
        // Indexes are built faster over all rows than row by row.
        var indexes = (await connection.QueryAsync<(string Name, string Definition)>("""
            SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = current_schema() AND tablename IN ('work_case', 'work_task', 'work_event', 'ledger')
            AND NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conname = indexname)
            """)).AsList();
        foreach (var (name, _) in indexes)
            await connection.ExecuteAsync($"DROP INDEX {name}");
        var number = await connection.ExecuteScalarAsync<string>("SELECT number FROM work_case WHERE id = @template", new { template });
        for (var from = 1; from <= count; from += Chunk)
        {
            var args = new { template, number, tag, from, to = Math.Min(count, from + Chunk - 1), about = $"case:{number}", seq = await connection.ExecuteScalarAsync<long>("SELECT max(seq) FROM ledger") };
            await connection.ExecuteAsync($"""
                INSERT INTO work_case (id, number, pack, revision, matter, title, region, state, outcome, opened, opened_by, ended, due, data, process, warning, version)
                SELECT {Case}, @tag || g, pack, revision, matter, title || ' ' || g, region, state, outcome, to_char(timestamp '2026-01-01' + g * interval '20 seconds', 'YYYY-MM-DD"T"HH24:MI:SS.000"Z"'), opened_by, ended, due,
                       replace(data, @number, @tag || g), replace(process, @number, @tag || g), warning, version
                FROM work_case, generate_series(@from, @to) g WHERE id = @template
                """, args, commandTimeout: 0);
            await connection.ExecuteAsync($"""
                INSERT INTO work_task (id, case_id, token, node, name, unit, form, state, assignee, opened, due, ended, ended_by, data, version)
                SELECT lpad(to_hex(g), 12, '0') || left(md5(id || g), 20), {Case}, token, node, name, CASE WHEN g % 11 = 0 THEN unit ELSE 'unit-' || g % 11 END, form, state, assignee, to_char(timestamp '2026-01-01' + g * interval '20 seconds', 'YYYY-MM-DD"T"HH24:MI:SS.000"Z"'), due, ended, ended_by, data, version
                FROM work_task, generate_series(@from, @to) g WHERE case_id = @template
                """, args, commandTimeout: 0);
            await connection.ExecuteAsync($"""
                INSERT INTO work_event (case_id, seq, at, what, node, token, unit, since)
                SELECT {Case}, seq, at, what, node, token, unit, since FROM work_event, generate_series(@from, @to) g WHERE case_id = @template
                """, args, commandTimeout: 0);
            await connection.ExecuteAsync($"""
                INSERT INTO ledger (seq, at, actor, action, about, detail, previous, hash)
                SELECT @seq + row_number() OVER (ORDER BY g, seq), at, actor, action, 'case:' || @tag || g, detail, previous, hash FROM ledger, generate_series(@from, @to) g WHERE about = @about
                """, args, commandTimeout: 0);
        }
        foreach (var (_, definition) in indexes)
            await connection.ExecuteAsync(definition, commandTimeout: 0);
        // The timers of a stock are due now, all at once; they come last, for a runner may be at work.
        await connection.ExecuteAsync($"""
            INSERT INTO work_timer (id, case_id, wait, node, state, attempts, due)
            SELECT {Case} || ':' || wait, {Case}, wait, node, state, attempts, @now FROM work_timer, generate_series(@from, @to) g WHERE case_id = @template
            """, new { template, tag, from = 1, to = count, now = Time.Write(DateTimeOffset.UtcNow) }, commandTimeout: 0);
        await connection.ExecuteAsync("SET session_replication_role = DEFAULT");
        await connection.ExecuteAsync("VACUUM ANALYZE work_case, work_task, work_timer, work_event, ledger", commandTimeout: 0);
        await connection.ExecuteAsync("CHECKPOINT", commandTimeout: 0, commandType: System.Data.CommandType.Text);
        return 0;
    });

    /// <summary>How many, from the environment where a quicker run is wanted.</summary>
    public static int Count(string variable, int unlessTold) => int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var told) ? told : unlessTold;
}
