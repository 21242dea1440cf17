using System.Globalization;

namespace Guantong.Data;

/// <summary>The loads that stand in the warehouse.</summary>
public static class LoadBook
{
    /// <summary>Every load with its pack and dataset, oldest first.</summary>
    public static IReadOnlyList<(long Id, string Pack, string Dataset)> All(Warehouse warehouse)
    {
        using var connection = warehouse.Read();
        return connection.Rows("SELECT id, pack, dataset FROM guantong.load ORDER BY id", r => (r.GetInt64(0), r.GetString(1), r.GetString(2)));
    }

    /// <summary>The loads after one, oldest first.</summary>
    public static IReadOnlyList<(long Id, string Pack, string Dataset)> After(Warehouse warehouse, long load)
    {
        using var connection = warehouse.Read();
        return connection.Rows("SELECT id, pack, dataset FROM guantong.load WHERE id > ? ORDER BY id", r => (r.GetInt64(0), r.GetString(1), r.GetString(2)), load);
    }

    /// <summary>When the newest load of each dataset had ended.</summary>
    public static Dictionary<(string Pack, string Dataset), DateTime> Newest(Warehouse warehouse)
    {
        using var connection = warehouse.Read();
        return connection.Rows("SELECT pack, dataset, max(ended) FROM guantong.load GROUP BY pack, dataset", r => (r.GetString(0), r.GetString(1), r.GetDateTime(2))).ToDictionary(l => (l.Item1, l.Item2), l => l.Item3);
    }

    /// <summary>When a load of a dataset had ended; null when there is none of that number.</summary>
    public static DateTime? EndOf(Warehouse warehouse, string pack, string dataset, long load)
    {
        using var connection = warehouse.Read();
        return connection.Scalar("SELECT ended FROM guantong.load WHERE id = ? AND pack = ? AND dataset = ?", load, pack, dataset) as DateTime?;
    }

    /// <summary>The last load that had ended by a time; 0 where none had.</summary>
    public static long LastBy(Warehouse warehouse, DateTime at)
    {
        using var connection = warehouse.Read();
        return connection.Count("SELECT coalesce(max(id), 0) FROM guantong.load WHERE ended <= ?", at);
    }

    /// <summary>How the operations store names a load.</summary>
    public static string Key(long load) => load.ToString(CultureInfo.InvariantCulture);
}
