using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Dapper;
using Guantong.Data;
using Guantong.Trust;

namespace Guantong.Insight;

/// <summary>A statement that somebody ran.</summary>
/// <param name="State">done, refused (it was not run) or ended (it was stopped, or failed).</param>
public sealed record SqlRun(string Id, string Purpose, string Statement, string State, long Rows, string Made);

/// <summary>What a statement gave.</summary>
/// <param name="Refused">Why there are no rows; null where there are.</param>
public sealed record SqlAnswer(string Id, ConfinedRows? Rows, SqlRefusal? Refused, TimeSpan Took);

/// <summary>SQL for analysts: one SELECT over what they may see, for a purpose that they state.</summary>
/// <remarks>Each statement stands in the ledger before it is run: who, for what, over which datasets; the text itself by its digest.</remarks>
public sealed class Analysis(Store store, QueryRuns queries, TimeProvider clock)
{
    /// <summary>The most rows of a statement.</summary>
    public const int MostRows = 10_000;

    /// <summary>The longest purpose.</summary>
    public const int LongestPurpose = 200;

    private const int ShortestPurpose = 4;

    private static readonly JsonSerializerOptions Plain = new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Runs a statement.</summary>
    /// <exception cref="RefusedException">No purpose is stated.</exception>
    public async Task<SqlAnswer> RunAsync(Person who, string? sql, string? purpose, CancellationToken cancel = default)
    {
        if (purpose?.Trim() is not { Length: >= ShortestPurpose and <= LongestPurpose } said || said.EnumerateRunes().Any(r => r.Value is 0 or 0xFFFD))
            throw new RefusedException(422, "analysis-purpose", ShortestPurpose, LongestPurpose);
        sql ??= "";
        var (id, began) = (Guid.CreateVersion7(clock.GetUtcNow()).ToString("n"), clock.GetTimestamp());
        var datasets = queries.Read(who, sql, out var refused);
        await store.ChangeAsync(clock.GetUtcNow(), async change =>
        {
            // What is refused may be any text: what the store cannot hold is not kept.
            var kept = sql.Length > ConfinedSql.Longest || sql.EnumerateRunes().Any(r => r.Value is 0 or 0xFFFD) ? "" : sql;
            await change.ExecuteAsync("INSERT INTO insight_sql_run (id, login, purpose, statement, state, row_count, made) VALUES (@id, @Login, @said, @kept, @state, 0, @Stamp)", new { id, who.Login, said, kept, state = refused is null ? "ended" : "refused", change.Stamp });
            change.Record(who, refused is null ? "analysis.run" : "analysis.refused", $"analysis:{id}",
                JsonSerializer.Serialize(new { purpose = said, datasets, statement = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(sql))), refused = refused?.Code }, Plain), dataset: datasets is [var only] ? only : null);
        }, cancel);
        if (refused is not null)
            return new SqlAnswer(id, null, refused, clock.GetElapsedTime(began));
        var (rows, stopped) = await queries.RunSqlAsync(who, sql, MostRows, cancel);
        if (rows is not null)
        {
            await store.ChangeAsync(clock.GetUtcNow(), async change =>
            {
                await change.ExecuteAsync("UPDATE insight_sql_run SET state = 'done', row_count = @count WHERE id = @id", new { id, count = (long)rows.Rows.Count });
                change.Record(who, "analysis.done", $"analysis:{id}", JsonSerializer.Serialize(new { rows = rows.Rows.Count, rows.IsCut }, Plain));
            }, CancellationToken.None);
        }
        return new SqlAnswer(id, rows, stopped, clock.GetElapsedTime(began));
    }

    /// <summary>What one ran oneself, the latest first.</summary>
    public Task<IReadOnlyList<SqlRun>> MineAsync(Person who, int take = 20, CancellationToken cancel = default) => store.ReadAsync(async c =>
        (IReadOnlyList<SqlRun>)(await c.QueryAsync<SqlRun>("SELECT id AS Id, purpose AS Purpose, statement AS Statement, state AS State, row_count AS Rows, made AS Made FROM insight_sql_run WHERE login = @Login ORDER BY made DESC, id DESC LIMIT @take", new { who.Login, take })).AsList(), cancel);
}
