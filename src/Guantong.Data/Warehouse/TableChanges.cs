using System.Data.Common;
using Guantong.Packs;

namespace Guantong.Data;

/// <summary>Brings a pack's tables to what it declares, compared with the tables that stand: a warehouse may have missed an apply.</summary>
internal static class TableChanges
{
    /// <summary>Makes the changes; those that lose rows only when that is wanted.</summary>
    public static void Apply(Warehouse warehouse, DbConnection connection, Pack declared, bool losing)
    {
        connection.Run($"CREATE SCHEMA IF NOT EXISTS {Sql.Name(Sql.Schema(declared.Id))}");
        foreach (var change in declared.Datasets.SelectMany(d => Changes(warehouse, connection, declared, d)).Concat(Dropped(warehouse, connection, declared)).ToList())
        {
            if (!losing && change.Loses)
                continue;
            connection.Run(change.Statement);
            if (change.Table is { } gone)
                warehouse.Counted(connection, declared.Id, gone, -warehouse.RowCount(connection, declared.Id, gone));
        }
        foreach (var dataset in declared.Datasets)
            warehouse.Place(connection, declared, dataset);
    }

    // Table: the one that goes.
    private sealed record TableChange(string Statement, bool Loses, string? Table = null);

    private static IEnumerable<TableChange> Changes(Warehouse warehouse, DbConnection connection, Pack pack, Dataset dataset) => Former.IsKept(dataset)
        ? Changes(warehouse, connection, pack, dataset.Table, [.. Declared(dataset), (Former.Load, "BIGINT")]).Concat(Changes(warehouse, connection, pack, Former.TableOf(dataset), [.. Declared(dataset), (Former.Load, "BIGINT"), (Former.Until, "BIGINT"), (Former.Went, "TIMESTAMP")]))
        : Changes(warehouse, connection, pack, dataset.Table, [.. Declared(dataset)]);

    private static IEnumerable<(string Name, string Type)> Declared(Dataset dataset) => dataset.Fields.Select(f => (f.Id, TypeOf(f)));

    private static IEnumerable<TableChange> Changes(Warehouse warehouse, DbConnection connection, Pack pack, string name, IReadOnlyList<(string Name, string Type)> declared)
    {
        var table = Sql.Table(pack.Id, name);
        if (!Warehouse.Exists(connection, pack.Id, name))
        {
            yield return new($"CREATE TABLE {table} ({string.Join(", ", declared.Select(c => $"{Sql.Name(c.Name)} {warehouse.Declare(c.Type)}"))})", false);
            yield break;
        }
        var standing = Columns(warehouse, connection, pack.Id, name);
        foreach (var (column, type) in declared)
        {
            if (!standing.Remove(column, out var stood))
                yield return new($"ALTER TABLE {table} ADD COLUMN {Sql.Name(column)} {warehouse.Declare(type)}", false);
            else if (stood != type)
                yield return Recast(warehouse, table, column, type);
        }
        foreach (var gone in standing.Keys)
            yield return new($"ALTER TABLE {table} DROP COLUMN {Sql.Name(gone)}", true);
    }

    // What does not fit the new type is lost, as the plan said; a failing cast would hold the whole apply hostage.
    private static TableChange Recast(Warehouse warehouse, string table, string column, string type) => new(
        $"ALTER TABLE {table} ALTER COLUMN {Sql.Name(column)} TYPE {warehouse.Declare(type)} USING {warehouse.TryCast(Sql.Name(column), type)}", true);

    private static IEnumerable<TableChange> Dropped(Warehouse warehouse, DbConnection connection, Pack declared) =>
        connection.Rows("SELECT table_name FROM information_schema.tables WHERE table_schema = ?", r => r.GetString(0), Sql.Schema(declared.Id))
            .Where(t => !Placement.IsPart(t)).Except(declared.Datasets.SelectMany(d => Former.IsKept(d) ? [d.Table, Former.TableOf(d)] : (string[])[d.Table]))
            .Select(t => new TableChange($"DROP TABLE {Sql.Table(declared.Id, t)}", true, t));

    private static Dictionary<string, string> Columns(Warehouse warehouse, DbConnection connection, string pack, string table) =>
        connection.Rows("SELECT column_name, data_type FROM information_schema.columns WHERE table_schema = ? AND table_name = ?",
            r => (Name: r.GetString(0), Type: warehouse.TypeNamed(r.GetString(1))), Sql.Schema(pack), table).ToDictionary(c => c.Name, c => c.Type);

    /// <summary>The column type of a field.</summary>
    internal static string TypeOf(Field field) => ColumnOf(field.Type);

    /// <summary>The column type of a field's type.</summary>
    internal static string ColumnOf(string type) => type switch
    {
        "integer" => "BIGINT",
        "number" => "DOUBLE",
        "boolean" => "BOOLEAN",
        "date" => "DATE",
        "timestamp" => "TIMESTAMP",
        _ => "VARCHAR",
    };
}
