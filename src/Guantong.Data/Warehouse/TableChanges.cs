using System.Data.Common;
using Guantong.Packs;
// Tables by name, each with the types of its columns by name.
using Tables = System.Collections.Generic.Dictionary<string, System.Collections.Generic.Dictionary<string, string>>;

namespace Guantong.Data;

/// <summary>Brings a pack's tables to what it declares, compared with the tables that stand: a warehouse may have missed an apply.</summary>
internal static class TableChanges
{
    /// <summary>Makes the changes; those that lose rows only when that is wanted.</summary>
    public static void Apply(Warehouse warehouse, DbConnection connection, Pack declared, bool losing)
    {
        connection.Run($"CREATE SCHEMA IF NOT EXISTS {Sql.Name(Sql.Schema(declared.Id))}");
        var standing = Standing(warehouse, connection, declared.Id);
        foreach (var change in declared.Datasets.SelectMany(d => Changes(warehouse, standing, declared, d)).Concat(Dropped(standing, declared)).ToList())
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

    private static IEnumerable<TableChange> Changes(Warehouse warehouse, Tables standing, Pack pack, Dataset dataset) =>
        Changes(warehouse, standing, pack, dataset.Table, [.. Declared(dataset), (Former.Load, "BIGINT")])
            .Concat(Changes(warehouse, standing, pack, Former.TableOf(dataset), [.. Declared(dataset), (Former.Load, "BIGINT"), (Former.Until, "BIGINT"), (Former.Went, "TIMESTAMP")]));

    private static IEnumerable<(string Name, string Type)> Declared(Dataset dataset) => dataset.Fields.Select(f => (f.Id, TypeOf(f)));

    private static IEnumerable<TableChange> Changes(
        Warehouse warehouse, Tables standing, Pack pack, string name, IReadOnlyList<(string Name, string Type)> declared)
    {
        var table = Sql.Table(pack.Id, name);
        if (!standing.TryGetValue(name, out var columns))
        {
            yield return new($"CREATE TABLE {table} ({string.Join(", ", declared.Select(c => $"{Sql.Name(c.Name)} {warehouse.Declare(c.Type)}"))})", false);
            yield break;
        }
        foreach (var (column, type) in declared)
        {
            if (!columns.Remove(column, out var stood))
                yield return new($"ALTER TABLE {table} ADD COLUMN {Sql.Name(column)} {warehouse.Declare(type)}", false);
            else if (stood != type)
                yield return Recast(warehouse, table, column, type);
        }
        foreach (var gone in columns.Keys)
            yield return new($"ALTER TABLE {table} DROP COLUMN {Sql.Name(gone)}", true);
    }

    // What does not fit the new type is lost, as the plan said; a failing cast would hold the whole apply hostage.
    private static TableChange Recast(Warehouse warehouse, string table, string column, string type) => new(
        $"ALTER TABLE {table} ALTER COLUMN {Sql.Name(column)} TYPE {warehouse.Declare(type)} USING {warehouse.TryCast(Sql.Name(column), type)}", true);

    private static IEnumerable<TableChange> Dropped(Tables standing, Pack declared) =>
        standing.Keys.Where(t => !Placement.IsPart(t)).Except(declared.Datasets.SelectMany(d => (string[])[d.Table, Former.TableOf(d)]))
            .Select(t => new TableChange($"DROP TABLE {Sql.Table(declared.Id, t)}", true, t));

    // All tables of a pack are looked at by one statement: the catalogue answers each in milliseconds, and every start asks for every pack.
    private static Tables Standing(Warehouse warehouse, DbConnection connection, string pack) =>
        connection.Rows("SELECT table_name, column_name, data_type FROM information_schema.columns WHERE table_schema = ?",
            r => (Table: r.GetString(0), Name: r.GetString(1), Type: warehouse.TypeNamed(r.GetString(2))), Sql.Schema(pack))
            .GroupBy(c => c.Table).ToDictionary(t => t.Key, t => t.ToDictionary(c => c.Name, c => c.Type));

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
