using System.Security.Cryptography;
using System.Text;
using Guantong.Packs;
using Guantong.Trust;

namespace Guantong.Data;

/// <summary>Composite indices (综合指数): a weighted mean of points, one part an indicator.</summary>
/// <remarks>Where a part has no figure there is no index: what is missing is not guessed. Method after OECD/JRC, Handbook on Constructing Composite Indicators (2008), steps 5 and 6.</remarks>
public static class CompositeIndex
{
    /// <summary>Composite indices, each after those that it is made of.</summary>
    public static IReadOnlyList<Indicator> InOrder(Pack pack, IEnumerable<Indicator> indices)
    {
        var order = new List<Indicator>();
        void Add(Indicator index, IReadOnlySet<Indicator> wanted)
        {
            foreach (var part in index.Composite!.Of.Select(p => pack.Indicator(p.Indicator.Name)).OfType<Indicator>().Where(wanted.Contains))
                Add(part, wanted);
            if (!order.Contains(index))
                order.Add(index);
        }
        var all = indices.ToHashSet();
        foreach (var index in all)
            Add(index, all);
        return order;
    }

    internal static string NameOf(Pack pack, Indicator index) => $"composite~{pack.Id}~{index.Id}";

    internal static string ShapeOf(Indicator index) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n',
        [index.Composite!.Normalise, .. index.Periods, .. index.Composite.Of.Select(p => $"{p.Indicator.Name} {p.Weight} {p.Floor} {p.Ceiling}")]))));

    internal static long Compute(Warehouse warehouse, Pack pack, Indicator index)
    {
        var now = warehouse.Time.GetUtcNow().UtcDateTime;
        return warehouse.Write(connection =>
        {
            var names = string.Join(", ", index.Composite!.Of.Select(p => Sql.Text(p.Indicator.Name)));
            var stored = connection.Rows($"SELECT indicator, period, starts, region, value FROM guantong.indicator_value WHERE pack = ? AND dimension = '' AND indicator IN ({names})",
                r => (Indicator: r.GetString(0), Key: (Period: r.GetString(1), At: DateOnly.FromDateTime(r.GetDateTime(2)), Region: r.GetString(3)), Value: r.GetDouble(4)), pack.Id);
            var rows = new List<object?[]>();
            foreach (var period in index.Periods)
            {
                foreach (var time in stored.Where(s => s.Key.Period == period).GroupBy(s => s.Key.At))
                {
                    var parts = time.GroupBy(s => s.Indicator).ToDictionary(g => g.Key, g => (IReadOnlyDictionary<string, double>)g.ToDictionary(s => s.Key.Region, s => s.Value));
                    foreach (var (region, value) in Score(pack, index.Composite, parts))
                        rows.Add([index.Id, period, time.Key, region, "", "", value, (long)index.Composite.Of.Count]);
                }
            }
            var load = connection.Count("SELECT coalesce(max(id), 0) FROM guantong.load");
            connection.Run("DELETE FROM guantong.indicator_cells WHERE name = ?", NameOf(pack, index));
            connection.Run("INSERT INTO guantong.indicator_cells (name, pack, dataset, shape, load, computed) VALUES (?, ?, '', ?, ?, ?)", NameOf(pack, index), pack.Id, ShapeOf(index), load, now);
            return FigureBook.Replace(connection, pack, [index], $"indicator = {Sql.Text(index.Id)}", now, () => connection.Append(null, FigureBook.Fresh, rows));
        });
    }

    /// <summary>The index of every region for which all parts have a figure and points.</summary>
    /// <param name="figures">Indicator → region → figure, all of one period.</param>
    public static IReadOnlyDictionary<string, double> Score(Pack pack, Composite index, IReadOnlyDictionary<string, IReadOnlyDictionary<string, double>> figures)
    {
        var scores = new Dictionary<string, double>();
        if (index.Of.Any(p => !figures.ContainsKey(p.Indicator.Name)))
            return scores;
        var points = index.Of.Select(p => Points(index.Normalise, p, pack.Indicator(p.Indicator.Name)!.HigherIsBetter, figures[p.Indicator.Name])).ToList();
        foreach (var region in points[0].Keys.Where(r => points.TrueForAll(p => p.ContainsKey(r))))
            scores[region] = index.Of.Select((p, i) => (double)p.Weight * points[i][region]).Sum() / 100;
        return scores;
    }

    private static Dictionary<string, double> Points(string normalise, CompositePart part, bool higher, IReadOnlyDictionary<string, double> figures) => normalise switch
    {
        "none" => figures.ToDictionary(),
        "bounds" => figures.ToDictionary(f => f.Key, f => Turned(100 * Math.Clamp((f.Value - (double)part.Floor!) / (double)(part.Ceiling! - part.Floor!), 0, 1), higher)),
        _ => figures.GroupBy(f => RegionCode.Above(f.Key)).SelectMany(siblings => Among(normalise, higher, [.. siblings])).ToDictionary(),
    };

    // Regions are held against those under the same parent; where all are alike nobody is best.
    private static IEnumerable<KeyValuePair<string, double>> Among(string normalise, bool higher, IReadOnlyList<KeyValuePair<string, double>> siblings)
    {
        var (least, most, mean) = (siblings.Min(s => s.Value), siblings.Max(s => s.Value), siblings.Average(s => s.Value));
        if (most - least <= 1e-12 * Math.Max(Math.Abs(most), 1))
            return [];
        var deviation = Math.Sqrt(siblings.Sum(s => (s.Value - mean) * (s.Value - mean)) / siblings.Count);
        return siblings.Select(s => KeyValuePair.Create(s.Key, Turned(normalise == "min-max" ? 100 * (s.Value - least) / (most - least) : 50 + (10 * (s.Value - mean) / deviation), higher)));
    }

    private static double Turned(double points, bool higher) => higher ? points : 100 - points;
}
