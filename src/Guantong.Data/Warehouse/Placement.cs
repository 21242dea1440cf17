using System.Data.Common;
using System.Globalization;
using Guantong.Packs;

namespace Guantong.Data;

/// <summary>Cuts a dataset's table on PostgreSQL into parts by time and spreads it over machines, as its pack declares; a table that stands otherwise is rebuilt with its rows.</summary>
internal static class Placement
{
    private const int Earliest = 1900;
    private const int Latest = 2200;

    /// <summary>Whether a table is a part of another, and goes with it.</summary>
    public static bool IsPart(string table) => table.Contains('~', StringComparison.Ordinal) && !table.EndsWith("~former", StringComparison.Ordinal);

    /// <summary>Brings a table to what is declared.</summary>
    public static void Bring(DbConnection connection, Pack pack, Dataset dataset)
    {
        var table = Sql.Table(pack.Id, dataset.Table);
        var isSpread = connection.Scalar("SELECT to_regproc('create_distributed_table')::text") is not null;
        var wanted = $"{(dataset.Partition is { } cut ? $"by {cut.By} ({TableChanges.TypeOf(dataset.Field(cut.By.Name)!)}), every {cut.Every}" : "")}{(dataset.Distribute is { } by && isSpread ? $" over {by}" : "")}";
        var standing = connection.Scalar($"SELECT obj_description({Sql.Text(table)}::regclass, 'pg_class')") as string ?? "";
        if (wanted == standing)
            return;
        // Parts of the old table bear the names that those of the new one need.
        connection.Run($"CREATE TEMP TABLE kept AS SELECT * FROM {table}");
        connection.Run($"DROP TABLE {table}");
        connection.Run($"CREATE TABLE {table} (LIKE kept){(dataset.Partition is { } parts ? $" PARTITION BY RANGE ({Sql.Name(parts.By.Name)})" : "")}");
        if (dataset.Partition is not null)
            connection.Run($"CREATE TABLE {Sql.Table(pack.Id, dataset.Table + "~rest")} PARTITION OF {table} DEFAULT");
        if (dataset.Distribute is { } key && isSpread)
            connection.Run($"SELECT create_distributed_table({Sql.Text(table)}, {Sql.Text(key.Name)})");
        MakeRoom(connection, pack, dataset, "kept");
        connection.Run($"INSERT INTO {table} SELECT * FROM kept");
        connection.Run("DROP TABLE kept");
        connection.Run($"COMMENT ON TABLE {table} IS {Sql.Text(wanted)}");
    }

    /// <summary>Makes the parts that rows on their way need. What has no time, or one that cannot be, goes to the rest.</summary>
    /// <param name="from">A table or query that has the field.</param>
    public static void MakeRoom(DbConnection connection, Pack pack, Dataset dataset, string from, params IReadOnlyList<object?> values)
    {
        if (dataset.Partition is not { } cut)
            return;
        var field = Sql.Name(cut.By.Name);
        var starts = connection.Rows($"SELECT DISTINCT CAST(date_trunc('{cut.Every}', {field}) AS DATE) FROM {from} AS q WHERE {field} >= DATE '{Earliest}-01-01' AND {field} < DATE '{Latest}-01-01'", r => DateOnly.FromDateTime(r.GetDateTime(0)), values);
        foreach (var start in starts)
        {
            var name = $"{dataset.Table}~{start.ToString(cut.Every == "month" ? "yyyy-MM" : "yyyy", CultureInfo.InvariantCulture)}";
            var end = cut.Every == "month" ? start.AddMonths(1) : start.AddYears(1);
            if (!Warehouse.Exists(connection, pack.Id, name))
                connection.Run($"CREATE TABLE {Sql.Table(pack.Id, name)} PARTITION OF {Sql.Table(pack.Id, dataset.Table)} FOR VALUES FROM ('{start:yyyy-MM-dd}') TO ('{end:yyyy-MM-dd}')");
        }
    }
}
