using System.Globalization;
using Dapper;
using Guantong.Trust;

namespace Guantong.Data;

/// <summary>The plan's figures of demand and supply (供需对接一本账), each computed from what happened.</summary>
/// <param name="Asked">Requests that came in.</param>
/// <param name="Met">Those of them that were granted.</param>
/// <param name="Refused">Those that were refused.</param>
/// <param name="Open">Those that wait, and how many of these are overdue.</param>
/// <param name="SatisfiedRate">Met of all that are decided or overdue; null where there are none. The plan wants 0.99.</param>
/// <param name="MinuteRate">Of grants in force that want data by the minute: those of interfaces, which answer from the source itself, and those whose data came, or whose source was seen to have nothing new, within the last two minutes, a minute late at most. The plan wants 0.90.</param>
/// <param name="ApprovalHours">How long a decided request took, the median in hours.</param>
/// <param name="Stability">Calls of the last thirty days that were answered, of all that were not the caller's fault. The plan wants 0.999.</param>
public sealed record SupplyFigures(long Asked, long Met, long Refused, long Withdrawn, long Open, long Overdue, double? SatisfiedRate, long MinuteWanted, double? MinuteRate, double? ApprovalHours, long Calls, double? Stability);

/// <summary>How something shared was served over some days.</summary>
/// <param name="Availability">Answered, of all calls that were not refused; null where there were none.</param>
/// <param name="P50">Milliseconds within which half of the answers were ready; the others likewise.</param>
public sealed record ServiceLevel(string About, string Name, long Calls, long Failed, long Refused, long Cached, double? Availability, double? P50, double? P95, double? P99);

/// <summary>Reads the figures of sharing.</summary>
public sealed class SupplyLedger(Store store, SharedThings things, Warehouse warehouse, Feeds feeds, TimeProvider clock)
{
    /// <summary>The plan's targets for 2022 (annex 6 §6.6), by figure.</summary>
    public static readonly IReadOnlyDictionary<string, double> Targets = new Dictionary<string, double> { ["satisfied"] = 0.99, ["minute"] = 0.90, ["stability"] = 0.999 };

    /// <summary>The figures now.</summary>
    public async Task<SupplyFigures> FiguresAsync(CancellationToken cancel = default)
    {
        var now = clock.GetUtcNow();
        var requests = (await store.ReadAsync(c => c.QueryAsync<(string State, string Asked, string? Ended, string? Due)>("SELECT state, asked, ended, due FROM share_request"), cancel)).AsList();
        long Count(string state) => requests.Count(r => r.State == state);
        var overdue = requests.Count(r => r.State == "open" && r.Due is { } due && Time.Read(due) <= now);
        var (met, refused) = (Count("granted"), Count("refused"));
        var judged = met + refused + overdue;
        var hours = requests.Where(r => r.State is "granted" or "refused" && r.Ended is not null).Select(r => (Time.Read(r.Ended!) - Time.Read(r.Asked)).TotalHours).Order().ToList();
        var (wanted, kept) = await MinutelyAsync(now, cancel);
        var (calls, failed) = await store.ReadAsync(c => c.QueryFirstAsync<(long, long)>("SELECT CAST(coalesce(sum(calls - refused), 0) AS BIGINT), CAST(coalesce(sum(failed), 0) AS BIGINT) FROM share_minute WHERE at >= @from", new { from = Time.Write(now.AddDays(-30)) }), cancel);
        return new(requests.Count, met, refused, Count("withdrawn"), Count("open"), overdue, judged == 0 ? null : (double)met / judged, wanted, wanted == 0 ? null : (double)kept / wanted,
            hours.Count == 0 ? null : hours[hours.Count / 2], calls, calls == 0 ? null : (double)(calls - failed) / calls);
    }

    private async Task<(long Wanted, long Kept)> MinutelyAsync(DateTimeOffset now, CancellationToken cancel)
    {
        var grants = await store.ReadAsync(c => c.QueryAsync<(string About, string Terms)>("SELECT about, terms FROM share_grant WHERE state = 'active' AND until_at > @now", new { now = Time.Write(now) }), cancel);
        var newest = LoadBook.Newest(warehouse);
        var (wanted, kept) = (0L, 0L);
        foreach (var about in grants.Where(g => g.Terms.Contains("\"within\":\"minute\"", StringComparison.Ordinal)).Select(g => g.About))
        {
            wanted++;
            // An interface answers from the source itself.
            if (about.StartsWith(Shared.InterfacePrefix, StringComparison.Ordinal) || (things.Dataset(about) is var (pack, dataset) && IsFresh(newest.TryGetValue((pack.Id, dataset.Id), out var ended) ? ended : null, feeds.SeenAt(pack.Id, dataset.Id))))
                kept++;
        }
        return (wanted, kept);

        bool IsFresh(params IEnumerable<DateTime?> seen) => seen.Any(at => now.UtcDateTime - at <= TimeSpan.FromMinutes(2));
    }

    /// <summary>How everything that was called over some days was served, the most called first.</summary>
    public async Task<IReadOnlyList<ServiceLevel>> ServiceAsync(int days, CancellationToken cancel = default)
    {
        var rows = await store.ReadAsync(c => c.QueryAsync<(string About, long Calls, long Failed, long Refused, long Cached, string Times)>(
            "SELECT about, calls, failed, refused, cached, times FROM share_minute WHERE at >= @from", new { from = Time.Write(clock.GetUtcNow().AddDays(-days)) }), cancel);
        var levels = new List<ServiceLevel>();
        foreach (var about in rows.GroupBy(r => r.About))
        {
            var (calls, failed, refused) = (about.Sum(r => r.Calls), about.Sum(r => r.Failed), about.Sum(r => r.Refused));
            var times = ServiceTimes.Sum(about.Select(r => r.Times));
            levels.Add(new(about.Key, (await things.FindAsync(about.Key, cancel))?.Name ?? about.Key, calls, failed, refused, about.Sum(r => r.Cached), calls - refused == 0 ? null : (double)(calls - refused - failed) / (calls - refused),
                times.Quantile(0.50), times.Quantile(0.95), times.Quantile(0.99)));
        }
        return [.. levels.OrderByDescending(l => l.Calls)];
    }
}

/// <summary>How long answers took, counted in classes of which each is a fifth wider than the one before: enough for quantiles within a tenth, and small enough for a row a minute.</summary>
public sealed class ServiceTimes
{
    private const double First = 0.05, Ratio = 1.2;
    private const int Classes = 96;
    private readonly long[] _counts = new long[Classes];

    /// <summary>Counts an answer.</summary>
    /// <param name="milliseconds">How long it took.</param>
    public void Add(double milliseconds) => Interlocked.Increment(ref _counts[Math.Clamp((int)Math.Ceiling(Math.Log(milliseconds / First, Ratio)), 0, Classes - 1)]);

    /// <summary>The time within which a share of the answers was ready, in milliseconds; null where nothing was counted.</summary>
    public double? Quantile(double share)
    {
        var (total, seen) = (_counts.Sum(), 0L);
        if (total == 0)
            return null;
        for (var i = 0; i < Classes; i++)
        {
            seen += _counts[i];
            if (seen >= share * total)
                return First * Math.Pow(Ratio, i);
        }
        return null;
    }

    /// <summary>As it is kept: class:count, where there is any.</summary>
    public string Write() => string.Join(' ', Enumerable.Range(0, Classes).Where(i => _counts[i] > 0).Select(i => string.Create(CultureInfo.InvariantCulture, $"{i}:{_counts[i]}")));

    /// <summary>Several together.</summary>
    public static ServiceTimes Sum(IEnumerable<string> written)
    {
        var sum = new ServiceTimes();
        foreach (var part in written.SelectMany(w => w.Split(' ', StringSplitOptions.RemoveEmptyEntries)))
        {
            var at = part.IndexOf(':', StringComparison.Ordinal);
            sum._counts[int.Parse(part[..at], CultureInfo.InvariantCulture)] += long.Parse(part[(at + 1)..], CultureInfo.InvariantCulture);
        }
        return sum;
    }
}
