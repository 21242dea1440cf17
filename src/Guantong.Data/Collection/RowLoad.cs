using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Guantong.Packs;

namespace Guantong.Data;

/// <summary>Rows from one source, ready to be loaded.</summary>
/// <param name="Files">Their texts.</param>
/// <param name="IsAll">Whether they are all there is: rows that they do not hold are removed.</param>
/// <param name="Source">What the position belongs to; null where none is kept.</param>
/// <param name="Position">How far the source has been read; kept with the rows, in one transaction.</param>
internal sealed record Delivery(IReadOnlyList<ProbedFile> Files, bool IsAll = false, string? Source = null, string? Position = null)
{
    /// <summary>Whether the same content twice is one delivery: a file is; a table may come to hold again what it held before.</summary>
    public bool IsKnownByContent { get; init; } = true;

    /// <summary>Whether quality is measured with it: a stream does so now and then, not at each change.</summary>
    public bool IsMeasured { get; init; } = true;
}

/// <summary>Loads rows into a dataset: all of a delivery in one transaction, each row typed and checked, nothing twice.</summary>
public static class RowLoad
{
    /// <summary>Loads files of the feed's format. Killed at any point, it leaves nothing; repeated, it adds nothing.</summary>
    /// <param name="warehouse">Where to.</param>
    /// <param name="pack">The pack that declares the dataset.</param>
    /// <param name="dataset">The dataset.</param>
    /// <param name="files">Paths of the files.</param>
    /// <param name="progress">Is told how far the load has come.</param>
    /// <param name="seals">Seals what its sealed fields get; null where it has none.</param>
    /// <param name="stop">Stops the load; nothing stands then.</param>
    /// <exception cref="LoadRefusedException">A file as a whole cannot be loaded; nothing was changed.</exception>
    public static LoadSummary Files(Warehouse warehouse, Pack pack, Dataset dataset, IReadOnlyList<string> files, IProgress<LoadProgress>? progress = null, RowSeals? seals = null, CancellationToken stop = default)
    {
        if (dataset.Feed is not { IsDelivered: true } feed)
            throw new LoadRefusedException(files.Count > 0 ? Path.GetFileName(files[0]) : "", 0, "dataset-without-feed", dataset.Id);
        var scratch = warehouse.NewScratch();
        try
        {
            return Deliver(warehouse, pack, dataset, new Delivery(Probe(files, feed, scratch.FullName, progress, stop)), scratch.FullName, progress, seals, stop);
        }
        finally
        {
            scratch.Delete(true);
        }
    }

    /// <summary>Loads a delivery.</summary>
    internal static LoadSummary Deliver(Warehouse warehouse, Pack pack, Dataset dataset, Delivery delivery, string scratch, IProgress<LoadProgress>? progress = null, RowSeals? seals = null, CancellationToken stop = default)
    {
        var started = warehouse.Time.GetUtcNow().UtcDateTime;
        var homes = SealedTables.Needed(pack, dataset, seals);
        // Whoever guesses a short file could try its hash.
        IReadOnlyList<ProbedFile> probed = homes.Count > 0 ? [.. delivery.Files.Select(p => p with { Sha256 = seals!.Hash(homes.Values.First(), p.Sha256) })] : delivery.Files;
        var shape = ShapeOf(dataset, homes);
        var lent = homes.ToDictionary(h => h.Key, h => warehouse.Staging.Each(text => seals!.Seal(h.Value, text)));
        try
        {
            return warehouse.Write(connection =>
            {
                if (homes.Count > 0)
                {
                    SealedTables.KeepUp(warehouse, connection, pack, seals!);
                    SealedTables.SealStanding(warehouse, connection, pack, dataset, seals!);
                }
                var known = probed.Select(p => delivery.IsKnownByContent && connection.Count("SELECT count(*) FROM guantong.load WHERE pack = ? AND dataset = ? AND sha256 = ? AND shape = ?", pack.Id, dataset.Id, p.Sha256, shape) > 0).ToList();
                var fresh = probed.Where((_, i) => !known[i]).DistinctBy(p => p.Sha256).ToList();
                progress?.Report(new LoadProgress("read", "", 0, fresh.Sum(f => f.Records)));
                var outcome = fresh.Count == 0 ? [] : new Loading(warehouse, connection, pack, dataset, fresh, delivery.IsAll, scratch, lent, stop).Run(started, shape, warehouse.Time);
                if (delivery is { Source: { } source, Position: { } position })
                    Positions.Move(connection, pack, dataset, source, position, warehouse.Time.GetUtcNow().UtcDateTime);
                progress?.Report(new LoadProgress("measure", "", 0, 0));
                var quality = delivery.IsMeasured ? QualityRun.Measure(connection, pack, dataset, outcome.Count == 0 ? null : outcome[^1].Id, warehouse.Time.GetUtcNow().UtcDateTime) : [];
                return Sum(probed, outcome, quality);
            });
        }
        finally
        {
            foreach (var seal in lent.Values)
                seal.Dispose();
        }
    }

    private static IReadOnlyList<ProbedFile> Probe(IReadOnlyList<string> files, Feed feed, string scratch, IProgress<LoadProgress>? progress, CancellationToken stop)
    {
        var probed = new IReadOnlyList<ProbedFile>[files.Count];
        var faults = new ConcurrentDictionary<int, LoadRefusedException>();
        Parallel.For(0, files.Count, new ParallelOptions { CancellationToken = stop }, i =>
        {
            try
            {
                probed[i] = FileText.Read(files[i], feed, Path.Combine(scratch, $"given-{i}"), stop);
                foreach (var file in probed[i])
                    progress?.Report(new LoadProgress("probe", file.Name, file.Size, file.Size));
            }
            catch (LoadRefusedException e)
            {
                faults[i] = e;
            }
        });
        return faults.IsEmpty ? [.. probed.SelectMany(p => p)] : throw faults.OrderBy(f => f.Key).First().Value;
    }

    private static string ShapeOf(Dataset dataset, IReadOnlyDictionary<string, SealHome> homes)
    {
        var text = new StringBuilder();
        foreach (var f in dataset.Fields)
            text.Append(f.Id).Append(f.Type).Append(f.Least).Append('~').Append(f.Most).AppendJoin('|', f.OneOf).Append(f.Required).Append(';');
        foreach (var c in dataset.Feed!.Columns)
            text.Append(c.Field).AppendJoin('|', c.Headers).Append(';');
        text.AppendJoin('|', dataset.Feed.Encoding, dataset.Feed.Sheet, dataset.Feed.Records).AppendJoin('|', dataset.Feed.Missing).AppendJoin('|', dataset.Key).AppendJoin('|', homes.Select(h => $"{h.Key} {h.Value}"));
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())))[..16];
    }

    private static LoadSummary Sum(IReadOnlyList<ProbedFile> probed, IReadOnlyList<FileLoad> loads, IReadOnlyList<QualityResult> quality)
    {
        var byHash = loads.ToDictionary(l => l.Sha256);
        var outcomes = probed.Select(p => byHash.Remove(p.Sha256, out var l)
            ? new FileOutcome(p.Name, p.Sha256, l.RowsIn, l.Added, l.Changed, l.Same, l.Rejects.Count, false) { RowsRemoved = l.Removed }
            : new FileOutcome(p.Name, p.Sha256, p.Records + p.Faulty, 0, 0, p.Records + p.Faulty, 0, true)).ToList();
        return new LoadSummary([.. loads.Select(l => l.Id)], outcomes.Sum(o => o.RowsIn), outcomes.Sum(o => o.RowsAdded), outcomes.Sum(o => o.RowsChanged), outcomes.Sum(o => o.RowsSame),
            outcomes.Sum(o => o.RowsRejected), outcomes, [.. loads.SelectMany(l => l.Rejects)], quality) { RowsRemoved = outcomes.Sum(o => o.RowsRemoved) };
    }
}

/// <summary>What one file of a load came to.</summary>
internal sealed record FileLoad(long Id, string Sha256, long RowsIn, long Added, long Changed, long Same, long Removed, IReadOnlyList<Reject> Rejects);
