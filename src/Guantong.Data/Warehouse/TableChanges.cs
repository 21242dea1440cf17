using DuckDB.NET.Data;
using Guantong.Packs;

namespace Guantong.Data;

/// <summary>Brings a pack's tables to what it declares, compared with the tables that stand: a warehouse may have missed an apply.</summary>
internal static class TableChanges
{
    /// <summary>Makes the changes; those that lose rows only when that is wanted.</summary>
    public static void Apply(DuckDBConnection connection, Pack declared, bool losing)
    {
        connection.Run($"CREATE SCHEMA IF NOT EXISTS {Sql.Name(Sql.Schema(declared.Id))}");
        foreach (var change in declared.Datasets.SelectMany(d => Changes(connection, declared, d)).Concat(Dropped(connection, declared)).ToList())
        {
            if (losing || !change.Loses)
                connection.Run(change.Statement);
        }
    }

    private sealed record TableChange(string Statement, bool Loses);

    private static IEnumerable<TableChange> Changes(DuckDBConnection connection, Pack pack, Dataset dataset) => Former.IsKept(dataset)
        ? Changes(connection, pack, dataset.Table, [.. Declared(dataset), (Former.Load, "BIGINT")]).Concat(Changes(connection, pack, Former.TableOf(dataset), [.. Declared(dataset), (Former.Load, "BIGINT"), (Former.Until, "BIGINT"), (Former.Went, "TIMESTAMP")]))
        : Changes(connection, pack, dataset.Table, [.. Declared(dataset)]);

    private static IEnumerable<(string Name, string Type)> Declared(Dataset dataset) => dataset.Fields.Select(f => (f.Id, TypeOf(f)));

    private static IEnumerable<TableChange> Changes(DuckDBConnection connection, Pack pack, string name, IReadOnlyList<(string Name, string Type)> declared)
    {
        var table = Sql.Table(pack.Id, name);
        if (!Warehouse.Exists(connection, pack.Id, name))
        {
            yield return new($"CREATE TABLE {table} ({string.Join(", ", declared.Select(c => $"{Sql.Name(c.Name)} {c.Type}"))})", false);
            yield break;
        }
        var standing = Columns(connection, pack.Id, name);
        foreach (var (column, type) in declared)
        {
            if (!standing.Remove(column, out var stood))
                yield return new($"ALTER TABLE {table} ADD COLUMN {Sql.Name(column)} {type}", false);
            else if (stood != type)
                yield return Recast(table, column, type);
        }
        foreach (var gone in standing.Keys)
            yield return new($"ALTER TABLE {table} DROP COLUMN {Sql.Name(gone)}", true);
    }

    // What does not fit the new type is lost, as the plan said; a failing cast would hold the whole apply hostage.
    private static TableChange Recast(string table, string column, string type) => new(
        $"ALTER TABLE {table} ALTER COLUMN {Sql.Name(column)} TYPE {type} USING TRY_CAST({Sql.Name(column)} AS {type})", true);

    private static IEnumerable<TableChange> Dropped(DuckDBConnection connection, Pack declared) =>
        connection.Rows("SELECT table_name FROM duckdb_tables() WHERE schema_name = ?", r => r.GetString(0), Sql.Schema(declared.Id))
            .Except(declared.Datasets.SelectMany(d => Former.IsKept(d) ? [d.Table, Former.TableOf(d)] : (string[])[d.Table]))
            .Select(t => new TableChange($"DROP TABLE {Sql.Table(declared.Id, t)}", true));

    private static Dictionary<string, string> Columns(DuckDBConnection connection, string pack, string table) =>
        connection.Rows("SELECT column_name, data_type FROM duckdb_columns() WHERE schema_name = ? AND table_name = ?",
            r => (Name: r.GetString(0), Type: r.GetString(1)), Sql.Schema(pack), table).ToDictionary(c => c.Name, c => c.Type);

    /// <summary>The column type of a field.</summary>
    internal static string TypeOf(Field field) => field.Type switch
    {
        "integer" => "BIGINT",
        "number" => "DOUBLE",
        "boolean" => "BOOLEAN",
        "date" => "DATE",
        "timestamp" => "TIMESTAMP",
        _ => "VARCHAR",
    };
}
