using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Guantong.Data;
using Guantong.Packs;
using Guantong.Trust;

namespace Guantong.Insight;

/// <summary>Has warnings follow figures: those of regions whose figures, or whose pack, changed since they were last evaluated.</summary>
public sealed class RegionWatch(Warehouse warehouse, Figures figures, Foresight foresight, Warnings warnings, Jurisdiction land)
{
    // Another number where the methods say something else of the same figures.
    private const int Make = 1;

    /// <summary>Brings an indicator's warnings in line with its figures.</summary>
    /// <returns>How many fired anew or grew.</returns>
    public async Task<int> FollowAsync(AppliedPack applied, Indicator indicator, CancellationToken cancel = default)
    {
        var (pack, warn) = (applied.Pack, indicator.Warn!);
        var regions = WatchedRegions.Of(figures.Of(pack, indicator, warn.Period), land);
        var digests = regions.ToDictionary(r => r.Region.Code, r => Digest(applied, r));
        var known = WatchBook.Evaluated(warehouse, pack, indicator);
        var changed = digests.Where(d => known.GetValueOrDefault(d.Key) != d.Value).Select(d => d.Key).Concat(known.Keys.Where(k => !digests.ContainsKey(k))).ToHashSet();
        // The first time, warnings of regions that have no figures end too.
        var isWhole = known.Count == 0;
        if (changed.Count == 0 && !isWhole)
            return 0;
        // What comes together does so across regions.
        if (warn.Together.Count > 0)
            changed = [.. digests.Keys, .. known.Keys];
        WatchBook.Begin(warehouse, pack, indicator, changed);
        var due = foresight.Of(pack, indicator, warn, [.. regions.Where(r => changed.Contains(r.Region.Code))], keep: true);
        var fired = await warnings.FireAsync(applied, indicator, Evaluation.Of(warn, indicator.HigherIsBetter, due), isWhole ? null : changed, cancel);
        WatchBook.End(warehouse, pack, indicator, changed.ToDictionary(c => c, c => digests.GetValueOrDefault(c)));
        return fired;
    }

    private static string Digest(AppliedPack applied, WatchedRegion region)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{Make}\n{applied.Revision}\n{string.Join('<', region.Above.Select(a => $"{a.Code} {a.Level}"))}\n")));
        Span<byte> line = stackalloc byte[20];
        foreach (var figure in region.Figures)
        {
            BitConverter.TryWriteBytes(line, figure.At.DayNumber);
            BitConverter.TryWriteBytes(line[4..], figure.Value);
            BitConverter.TryWriteBytes(line[12..], figure.Rows);
            hash.AppendData(line);
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
