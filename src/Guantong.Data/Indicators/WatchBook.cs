using Guantong.Packs;

namespace Guantong.Data;

/// <summary>What was expected of a figure by those before it.</summary>
/// <param name="At">First day of its period.</param>
/// <param name="Value">The figure.</param>
/// <param name="Expected">Null where nothing could be said.</param>
/// <param name="Error">The standard error of what was expected.</param>
/// <param name="Freedom">Degrees of freedom of that error; null where it is of a long series.</param>
public sealed record WatchedFigure(DateOnly At, double Value, double? Expected, double? Error, int? Freedom);

/// <summary>What is now expected of a region's figures, in place of all that was kept from a day on.</summary>
/// <param name="Way">The way in which it is reckoned.</param>
/// <param name="From">Null where nothing kept has to go.</param>
public sealed record WatchedChange(string Region, string Way, DateOnly? From, IReadOnlyList<WatchedFigure> Figures);

/// <summary>What early warning remembers of figures, so that it looks again at those alone that changed: fingerprints of regions as they were evaluated, and what was expected of each figure.</summary>
public static class WatchBook
{
    /// <summary>Region → fingerprint of what was evaluated last; empty where an evaluation has begun and not ended.</summary>
    public static IReadOnlyDictionary<string, string> Evaluated(Warehouse warehouse, Pack pack, Indicator indicator)
    {
        using var connection = warehouse.Read();
        return connection.Rows("SELECT region, max(digest) FROM guantong.watched_region WHERE pack = ? AND indicator = ? GROUP BY region", r => (Region: r.GetString(0), Digest: r.GetString(1)), pack.Id, indicator.Id)
            .ToDictionary(r => r.Region, r => r.Digest);
    }

    /// <summary>Says that regions are about to be evaluated: should it not come to its end, it is done again.</summary>
    public static void Begin(Warehouse warehouse, Pack pack, Indicator indicator, IReadOnlyCollection<string> regions) => warehouse.Write(connection =>
        regions.Count == 0 ? 0 : connection.Run($"UPDATE guantong.watched_region SET digest = '' WHERE pack = ? AND indicator = ? AND {Among(regions)}", pack.Id, indicator.Id));

    /// <summary>Says what regions were evaluated.</summary>
    /// <param name="digests">Region → fingerprint; null of a region that has no figures any more.</param>
    public static void End(Warehouse warehouse, Pack pack, Indicator indicator, IReadOnlyDictionary<string, string?> digests) => warehouse.Write(connection =>
    {
        if (digests.Count == 0)
            return 0;
        connection.Run($"DELETE FROM guantong.watched_region WHERE pack = ? AND indicator = ? AND {Among([.. digests.Keys])}", pack.Id, indicator.Id);
        connection.Append("guantong", "watched_region", digests.Where(d => d.Value is not null).Select(d => (object?[])[pack.Id, indicator.Id, d.Key, d.Value]));
        return 0;
    });

    /// <summary>What was expected of figures, by region and way, in the order of time.</summary>
    public static ILookup<(string Region, string Way), WatchedFigure> Expected(Warehouse warehouse, Pack pack, Indicator indicator, string period, IReadOnlyCollection<string> regions)
    {
        if (regions.Count == 0)
            return Enumerable.Empty<WatchedFigure>().ToLookup(_ => ("", ""));
        using var connection = warehouse.Read();
        return connection.Rows($"SELECT region, way, starts, value, expected, error, freedom FROM guantong.watched_figure WHERE pack = ? AND indicator = ? AND period = ? AND {Among(regions)} ORDER BY starts",
            r => (Key: (r.GetString(0), r.GetString(1)), Figure: new WatchedFigure(DateOnly.FromDateTime(r.GetDateTime(2)), r.GetDouble(3), r.IsDBNull(4) ? null : r.GetDouble(4), r.IsDBNull(5) ? null : r.GetDouble(5), r.IsDBNull(6) ? null : (int)r.GetInt64(6))),
            pack.Id, indicator.Id, period).ToLookup(r => r.Key, r => r.Figure);
    }

    /// <summary>Keeps what is expected now.</summary>
    /// <param name="ways">The ways that are declared; what was reckoned in others goes.</param>
    public static void Keep(Warehouse warehouse, Pack pack, Indicator indicator, string period, IReadOnlyCollection<string> ways, IReadOnlyCollection<WatchedChange> changes) => warehouse.Write(connection =>
    {
        connection.Run($"DELETE FROM guantong.watched_figure WHERE pack = ? AND indicator = ? AND (period <> ? OR way NOT IN ({string.Join(", ", ways.Select(Sql.Text))}))", pack.Id, indicator.Id, period);
        foreach (var same in changes.Where(c => c.From is not null).GroupBy(c => (c.Way, c.From)))
            connection.Run($"DELETE FROM guantong.watched_figure WHERE pack = ? AND indicator = ? AND period = ? AND way = ? AND starts >= DATE '{same.Key.From:yyyy-MM-dd}' AND {Among([.. same.Select(c => c.Region)])}", pack.Id, indicator.Id, period, same.Key.Way);
        connection.Append("guantong", "watched_figure", changes.SelectMany(c => c.Figures.Select(f => (object?[])[pack.Id, indicator.Id, period, c.Region, c.Way, f.At, f.Value, f.Expected, f.Error, (long?)f.Freedom])));
        return 0;
    });

    /// <summary>Forgets all of an indicator, so that it is evaluated anew.</summary>
    public static void Forget(Warehouse warehouse, Pack pack, Indicator indicator) => warehouse.Write(connection =>
        connection.Run("DELETE FROM guantong.watched_region WHERE pack = ? AND indicator = ?", pack.Id, indicator.Id) + connection.Run("DELETE FROM guantong.watched_figure WHERE pack = ? AND indicator = ?", pack.Id, indicator.Id));

    private static string Among(IReadOnlyCollection<string> regions) => $"region IN ({string.Join(", ", regions.Select(Sql.Text))})";
}
