using System.Data.Common;
using Guantong.Packs;

namespace Guantong.Data;

/// <summary>How far each source has been read: moved in the transaction that writes its rows, so that none is lost and none comes twice.</summary>
public static class Positions
{
    /// <summary>A source's position, or null when nothing was read yet.</summary>
    public static string? Of(Warehouse warehouse, string pack, string dataset, string source)
    {
        using var connection = warehouse.Read();
        return connection.Scalar("SELECT position FROM guantong.position WHERE pack = ? AND dataset = ? AND source = ?", pack, dataset, source) as string;
    }

    internal static void Move(DbConnection connection, Pack pack, Dataset dataset, string source, string position, DateTime at)
    {
        connection.Run("DELETE FROM guantong.position WHERE pack = ? AND dataset = ? AND source = ?", pack.Id, dataset.Id, source);
        connection.Run("INSERT INTO guantong.position VALUES (?, ?, ?, ?, ?)", pack.Id, dataset.Id, source, position, at);
    }
}
