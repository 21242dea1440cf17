using System.Data.Common;
using System.Globalization;
using Guantong.Packs;

namespace Guantong.Data;

/// <summary>Brings a dataset's rows to those of a temporary table, whole rows compared with whole rows: a query may give a key twice, or none.</summary>
/// <param name="fresh">The temporary table, with all fields of the dataset; its name unquoted.</param>
/// <param name="which">SQL condition over the rows that are compared; empty for all. Others stay as they are.</param>
internal sealed class Differing(Warehouse warehouse, DbConnection connection, Pack pack, Dataset dataset, string fresh, string which)
{
    private const string Table = "derived~differing", Came = "guantong_came", Went = "guantong_went", Alike = "guantong_alike";

    // Sums of the same numbers in another order differ in their last digits: that is no change.
    private const double Noise = 1e-12;

    private readonly string _table = Sql.Table(pack.Id, dataset.Table);
    private readonly string _fields = string.Join(", ", dataset.Fields.Select(f => Sql.Name(f.Id)));
    private readonly List<string> _keys = [.. dataset.Key.Select(k => Sql.Name(k.Name))];

    /// <summary>Writes what differs under a load of its own.</summary>
    /// <param name="source">What stands where a load's file does.</param>
    /// <param name="erased">Before when rows that go are erased, not put aside, whatever time they are of where the dataset has none; null for never.</param>
    /// <returns>The load; null where nothing differs.</returns>
    public long? Write(string source, DateTime? erased)
    {
        // What its sources erased does not live on among former rows.
        var old = erased is { } before ? Old(before) : null;
        if (old is not null)
            connection.Run($"DELETE FROM {Sql.Table(pack.Id, Former.TableOf(dataset))} WHERE {old}");
        var (compared, some) = (which.Length == 0 ? "" : $" WHERE {which}", $"SELECT count(*) FROM (SELECT 1 FROM {Sql.Name(fresh)} LIMIT 1) AS q");
        if (connection.Count($"SELECT count(*) FROM (SELECT 1 FROM {_table}{compared} LIMIT 1) AS q") == 0)
            return connection.Count(some) == 0 ? null : Remember(source, "TRUE", null, null);
        connection.Analyse(fresh);
        connection.Run($"""
            CREATE TEMP TABLE {Sql.Name(Table)} AS SELECT *, count(*) OVER (PARTITION BY {string.Join(", ", _keys)}) AS {Alike}
            FROM (SELECT {_fields}, sum({Came}) AS {Came}, sum({Went}) AS {Went} FROM (
                SELECT {_fields}, 1 AS {Came}, 0 AS {Went} FROM {Sql.Name(fresh)} UNION ALL SELECT {_fields}, 0, 1 FROM {_table}{compared}) AS each_one
                GROUP BY {_fields} HAVING sum({Came}) <> sum({Went})) AS differing
            """);
        LeaveOutNoise();
        connection.Analyse(Table);
        var load = connection.Count($"SELECT count(*) FROM {Sql.Name(Table)}") == 0 ? (long?)null : Remember(source, Among("f", Came), Among("t", Went), old);
        connection.Run($"DROP TABLE {Sql.Name(Table)}");
        return load;
    }

    // The whole row has to be the same, and nothing is the same as nothing; by the texts of its key it is looked up.
    private string Among(string row, string way) =>
        $"EXISTS (SELECT 1 FROM {Sql.Name(Table)} AS s WHERE s.{way} > 0 AND {string.Join(" AND ", _keys.Select(k => $"coalesce(CAST(s.{k} AS VARCHAR), '') = coalesce(CAST({row}.{k} AS VARCHAR), '')").Concat(dataset.Fields.Select(f => $"s.{Sql.Name(f.Id)} IS NOT DISTINCT FROM {row}.{Sql.Name(f.Id)}")))})";

    private void LeaveOutNoise()
    {
        var numbers = dataset.Fields.Where(f => f.Type == "number").Select(f => Sql.Name(f.Id)).Except(_keys).ToList();
        if (numbers.Count == 0)
            return;
        var same = dataset.Fields.Select(f => Sql.Name(f.Id)).Except(_keys).Select(f => numbers.Contains(f)
            ? $"(a.{f} IS NOT DISTINCT FROM b.{f} OR abs(a.{f} - b.{f}) <= {Noise.ToString(CultureInfo.InvariantCulture)} * greatest(abs(a.{f}), abs(b.{f})))" : $"a.{f} IS NOT DISTINCT FROM b.{f}");
        connection.Run($"""
            DELETE FROM {Sql.Name(Table)} AS a USING {Sql.Name(Table)} AS b
            WHERE {string.Join(" AND ", _keys.Select(k => $"a.{k} = b.{k}"))} AND a.{Alike} = 2 AND a.{Came} + a.{Went} = 1 AND b.{Came} + b.{Went} = 1 AND a.{Came} <> b.{Came} AND {string.Join(" AND ", same)}
            """);
    }

    // A row that comes or goes does so with all that are the same.
    private long Remember(string source, string comes, string? goes, string? old)
    {
        var load = connection.Count("SELECT nextval('guantong.load_id')");
        var at = warehouse.Time.GetUtcNow().UtcDateTime;
        var went = goes is null ? 0 : (old is null ? 0 : Erase($"{old} AND {goes}")) + Former.PutAside(connection, pack, dataset, goes, load, at);
        warehouse.MakeRoom(connection, pack, dataset, Sql.Name(fresh));
        var came = connection.Run($"INSERT INTO {_table} ({_fields}, {Former.Load}) SELECT {_fields}, ? FROM {Sql.Name(fresh)} AS f WHERE {comes}", load);
        var keys = string.Join(", ", _keys);
        var changed = goes is null ? 0 : connection.Count($"SELECT count(*) FROM (SELECT {keys} FROM {Sql.Name(Table)} GROUP BY {keys} HAVING sum({Came}) > 0 AND sum({Went}) > 0) AS q");
        var all = connection.Count($"SELECT count(*) FROM {Sql.Name(fresh)}");
        connection.Run("INSERT INTO guantong.load (id, pack, dataset, file, sha256, shape, started, ended, rows_in, rows_added, rows_changed, rows_same, rows_rejected, rows_removed) VALUES (?, ?, ?, ?, '', 'query', ?, ?, ?, ?, ?, ?, 0, ?)",
            load, pack.Id, dataset.Id, source, at, at, all, came - changed, changed, all - came, went - changed);
        warehouse.Counted(connection, pack.Id, dataset.Table, came - went);
        return load;
    }

    private string Old(DateTime before) => Erasing.TimeOf(dataset) is { } time ? $"{Sql.Name(time.Id)} < TIMESTAMP '{before.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)}'" : "TRUE";

    // Nothing is left that would tell an indicator what went: all that is counted over it is counted anew.
    private int Erase(string which)
    {
        var gone = connection.Run($"DELETE FROM {_table} AS t WHERE {which}");
        if (gone > 0)
            connection.Run("UPDATE guantong.indicator_cells SET computed = TIMESTAMP '1970-01-01 00:00:00' WHERE pack = ? AND dataset = ?", pack.Id, dataset.Id);
        return gone;
    }
}
