using System.Data.Common;
using System.Reflection;
using Dapper;

namespace Guantong.Trust;

/// <summary>The numbered SQL files of one room, embedded as <c>Store/001-….sql</c>. They go forward only.</summary>
/// <remarks>Lines between <c>-- sqlite</c> or <c>-- postgres</c> and <c>-- both</c> are run on that store alone.</remarks>
public sealed record Migrations(string Room, Assembly Assembly)
{
    internal async Task BringUpAsync(DbConnection connection, bool postgres, CancellationToken cancel)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        if (postgres)
            await connection.ExecuteAsync("SELECT pg_advisory_xact_lock(7236980)", transaction: transaction);
        await connection.ExecuteAsync("CREATE TABLE IF NOT EXISTS migration (room TEXT NOT NULL, name TEXT NOT NULL, PRIMARY KEY (room, name))", transaction: transaction);
        var done = (await connection.QueryAsync<string>("SELECT name FROM migration WHERE room = @Room", new { Room }, transaction)).ToHashSet();
        foreach (var name in Assembly.GetManifestResourceNames().Where(n => n.EndsWith(".sql", StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            if (done.Contains(name))
                continue;
            // What concerns the other store alone leaves nothing to run.
            if (For(Read(name), postgres) is var sql && !string.IsNullOrWhiteSpace(sql))
                await connection.ExecuteAsync(sql, transaction: transaction);
            await connection.ExecuteAsync("INSERT INTO migration (room, name) VALUES (@Room, @name)", new { Room, name }, transaction);
        }
        await transaction.CommitAsync(cancel);
    }

    private string Read(string name)
    {
        using var reader = new StreamReader(Assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }

    internal static string For(string sql, bool postgres)
    {
        var side = "both";
        var kept = new List<string>();
        foreach (var line in sql.Split('\n'))
        {
            if (line.Trim() is "-- both" or "-- sqlite" or "-- postgres")
                side = line.Trim()[3..];
            else if (side == "both" || side == (postgres ? "postgres" : "sqlite"))
                kept.Add(line);
        }
        return string.Join('\n', kept);
    }
}
