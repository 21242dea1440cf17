using System.Data.Common;
using Guantong.Packs;

namespace Guantong.Data;

/// <summary>Keeps what stands in the warehouse sealed under one version of each key, so that equal values are equal at every moment.</summary>
internal static class SealedTables
{
    private const string Mark = "sealed:1:";

    /// <summary>A dataset's sealed fields, which nothing is written to without keys.</summary>
    public static IReadOnlyDictionary<string, SealHome> Needed(Pack pack, Dataset dataset, RowSeals? seals) => pack.Homes(dataset) is var homes && (homes.Count == 0 || seals is not null) ? homes
        : throw new InvalidOperationException($"{dataset.Id} has sealed fields, and no keys were given.");

    /// <summary>The version under which the warehouse's rows are sealed by a key; null where none is.</summary>
    public static long? VersionOf(DbConnection connection, string key) => connection.Scalar("SELECT version FROM guantong.seal WHERE key = ?", key) as long?;

    /// <summary>Seals a pack's rows anew where a key was rotated since. Comes before anything is sealed in the same transaction.</summary>
    /// <exception cref="KeysMovedException">The rows are sealed under a later version than the one at hand.</exception>
    public static void KeepUp(Warehouse warehouse, DbConnection connection, Pack pack, RowSeals seals)
    {
        foreach (var key in pack.Homes().Select(seals.KeyOf).Distinct())
        {
            if (seals.VersionOf(key) is not { } current)
                continue;
            var kept = VersionOf(connection, key);
            if (kept > current)
                throw new KeysMovedException();
            if (kept is null)
                connection.Run("INSERT INTO guantong.seal VALUES (?, ?)", key, current);
            else if (kept < current)
                SealAgain(warehouse, connection, pack, key, current, seals);
        }
    }

    // Any column of text may hold them: a query passes values on under other names.
    private static void SealAgain(Warehouse warehouse, DbConnection connection, Pack pack, string key, long current, RowSeals seals)
    {
        foreach (var (table, column) in Columns(warehouse, connection, pack))
            warehouse.Rewrite(connection, table, column, $"starts_with({column}, ?) AND NOT starts_with({column}, ?)", [$"{Mark}{key}:", $"{Mark}{key}:{current}:"], seals.Again);
        connection.Run("UPDATE guantong.seal SET version = ? WHERE key = ?", current, key);
    }

    /// <summary>The datasets in which something stands in clear that is to be sealed.</summary>
    public static IReadOnlyList<Dataset> ToSeal(Warehouse warehouse, Pack pack)
    {
        if (pack.Homes().Count == 0)
            return [];
        using var connection = warehouse.Read();
        return [.. pack.Datasets.Where(d => pack.Homes(d) is { Count: > 0 } homes && Warehouse.Exists(connection, pack.Id, d.Table)
            && connection.Count($"SELECT count(*) FROM {Sql.Table(pack.Id, d.Table)} WHERE {string.Join(" OR ", homes.Select(h => Clear(pack, h.Key, h.Value)))}") > 0)];
    }

    /// <summary>Seals what stands in clear in a dataset's sealed fields, and forgets what was rejected from it in clear.</summary>
    public static void SealStanding(Warehouse warehouse, DbConnection connection, Pack pack, Dataset dataset, RowSeals seals)
    {
        foreach (var (field, home) in pack.Homes(dataset))
        {
            warehouse.Rewrite(connection, Sql.Table(pack.Id, dataset.Table), Sql.Name(field), Clear(pack, field, home), [], text => seals.Pass(home, text));
        }
        connection.Run("UPDATE guantong.reject SET value = ? WHERE value NOT IN ('', ?) AND load IN (SELECT id FROM guantong.load WHERE pack = ? AND dataset = ?)", RowSeals.Masked, RowSeals.Masked, pack.Id, dataset.Id);
    }

    /// <summary>The fields that are not sealed any more and hold sealed values. What a query gives comes anew with its next load.</summary>
    public static IReadOnlyList<(Dataset Dataset, Field Field)> ToOpen(Warehouse warehouse, Pack pack)
    {
        using var connection = warehouse.Read();
        return connection.Count("SELECT count(*) FROM guantong.seal") == 0 ? [] :
        [
            .. from dataset in pack.Datasets
               where dataset.Feed is not { From: "query" } && Warehouse.Exists(connection, pack.Id, dataset.Table)
               from field in dataset.Fields
               where field.Type == "string" && pack.HomeOf(dataset, field) is null
                   && connection.Count($"SELECT count(*) FROM {Sql.Table(pack.Id, dataset.Table)} WHERE {Sealed(pack, field)}") > 0
               select (dataset, field),
        ];
    }

    /// <summary>Opens what stands sealed in such a field.</summary>
    public static int OpenStanding(Warehouse warehouse, DbConnection connection, Pack pack, Dataset dataset, Field field, RowSeals seals)
    {
        // Its home was itself, or what it refers to.
        List<SealHome> homes = [new(dataset.Id, field.Id), .. field.Refers?.Name.Split('.') is [var d, var f] ? [new SealHome(d, f)] : Array.Empty<SealHome>()];
        return warehouse.Rewrite(connection, Sql.Table(pack.Id, dataset.Table), Sql.Name(field.Id), Sealed(pack, field), [], text => seals.Clear(homes, text));
    }

    private static string Sealed(Pack pack, Field field) => $"starts_with({Sql.Name(field.Id)}, {Sql.Text($"{Mark}data.{pack.Id}.")})";

    private static string Clear(Pack pack, string field, SealHome home) =>
        $"({Sql.Name(field)} IS NOT NULL AND NOT starts_with({Sql.Name(field)}, {Sql.Text($"{Mark}{RowSeals.KeyOf(pack.Id, home.Dataset)}:")}))";

    private static List<(string Table, string Column)> Columns(Warehouse warehouse, DbConnection connection, Pack pack) =>
    [
        .. from column in connection.Rows("SELECT table_name, column_name, data_type FROM information_schema.columns WHERE table_schema = ?", r => (Table: r.GetString(0), Name: r.GetString(1), Type: r.GetString(2)), Sql.Schema(pack.Id))
           where warehouse.TypeNamed(column.Type) == "VARCHAR" && !Placement.IsPart(column.Table)
           select (Sql.Table(pack.Id, column.Table), Sql.Name(column.Name)),
    ];
}
