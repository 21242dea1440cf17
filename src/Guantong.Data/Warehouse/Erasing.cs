using System.Data.Common;
using System.Globalization;
using System.Xml;
using Guantong.Packs;

namespace Guantong.Data;

/// <summary>What an erasure came to.</summary>
/// <param name="Rows">Rows erased, former ones among them.</param>
/// <param name="Left">Rows that still stand.</param>
internal sealed record Erased(long Rows, long Left, DateTime Before);

/// <summary>Erases rows whose retention is over (a dataset's <c>retention</c>), whole days at a time.</summary>
/// <remarks>
/// A row's age is that of the date or time in its key; of the load that brought it where the key has none. What was computed from erased rows
/// stands as it was computed last, unless it holds personal data: its rows from before are not computed anew.
/// Plan, annex 6 §5(4)1; Personal Information Protection Law, art. 19 and 47.
/// </remarks>
internal static class Erasing
{
    /// <summary>The date or time by which a dataset's rows age; null where that is their load's.</summary>
    public static Field? TimeOf(Dataset dataset) => dataset.Key.Select(k => dataset.Field(k.Name)!).FirstOrDefault(f => f.Type is "date" or "timestamp");

    /// <summary>Before when a dataset's rows are to be erased; null where they are kept.</summary>
    public static DateTime? Horizon(Dataset dataset, DateTimeOffset now) => dataset.Retention is not { } kept ? null
        : kept.StartsWith('P') && Years(kept) is { } years ? now.UtcDateTime.Date.AddYears(-years) : now.UtcDateTime.Date - XmlConvert.ToTimeSpan(kept);

    // A year of a retention is one of the calendar.
    private static int? Years(string kept) => kept.EndsWith('Y') && int.TryParse(kept.AsSpan(1, kept.Length - 2), NumberStyles.None, CultureInfo.InvariantCulture, out var years) ? years : null;

    /// <summary>Erases what is due.</summary>
    public static Erased Erase(Warehouse warehouse, Pack pack, Dataset dataset, DateTime before) => warehouse.Write(connection =>
    {
        if (!Warehouse.Exists(connection, pack.Id, dataset.Table))
            return new Erased(0, 0, before);
        // What a query gives comes again whatever load it bears; without a time it has no age of its own.
        var time = TimeOf(dataset);
        if (time is null && dataset.Feed is { From: "query" })
            return new Erased(0, 0, before);
        var old = time is null ? $"{Former.Load} IN (SELECT id FROM guantong.load WHERE ended < ?)" : $"{Sql.Name(time.Id)} < ?";
        var rows = (long)connection.Run($"DELETE FROM {Sql.Table(pack.Id, dataset.Table)} WHERE {old}", before);
        warehouse.Counted(connection, pack.Id, dataset.Table, -rows);
        rows += connection.Run($"DELETE FROM {Sql.Table(pack.Id, Former.TableOf(dataset))} WHERE {old}", before);
        // Nor do samples of faulty rows keep what is gone.
        connection.Run("UPDATE guantong.reject SET value = '' WHERE value <> '' AND load IN (SELECT id FROM guantong.load WHERE pack = ? AND dataset = ? AND ended < ?)", pack.Id, dataset.Id, before);
        if (rows > 0)
        {
            connection.Run("DELETE FROM guantong.quality_row WHERE pack = ? AND dataset = ?", pack.Id, dataset.Id);
            connection.Run("DELETE FROM guantong.erased WHERE pack = ? AND dataset = ?", pack.Id, dataset.Id);
            connection.Run("INSERT INTO guantong.erased VALUES (?, ?, ?)", pack.Id, dataset.Id, before);
        }
        return new Erased(rows, warehouse.RowCount(connection, pack.Id, dataset.Table), before);
    });

    /// <summary>From when on what a dataset gives can be computed anew: all that it rests on still has its rows. Null for always.</summary>
    public static DateTime? Since(DbConnection connection, Pack pack, Dataset dataset)
    {
        var erased = connection.Rows("SELECT dataset, before FROM guantong.erased WHERE pack = ?", r => (Dataset: r.GetString(0), Before: r.GetDateTime(1)), pack.Id).ToDictionary(e => e.Dataset, e => e.Before);
        return erased.Count == 0 ? null : Since(pack, dataset, erased, []);
    }

    private static DateTime? Since(Pack pack, Dataset dataset, Dictionary<string, DateTime> erased, HashSet<string> seen)
    {
        DateTime? since = erased.TryGetValue(dataset.Id, out var own) ? own : null;
        foreach (var need in seen.Add(dataset.Id) ? dataset.Feed?.Needs ?? [] : [])
        {
            if (pack.Dataset(need.Name) is { } below && Since(pack, below, erased, seen) is { } further && (since is null || further > since))
                since = further;
        }
        return since;
    }

    /// <summary>SQL that keeps to the time since a moment; empty for all.</summary>
    public static string From(Field? time, DateTime? since) => time is null || since is null ? ""
        : $"{Sql.Name(time.Id)} >= TIMESTAMP '{since.Value.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)}'";
}
