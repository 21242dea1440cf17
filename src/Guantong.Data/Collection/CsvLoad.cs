using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using DuckDB.NET.Data;
using Guantong.Packs;

namespace Guantong.Data;

/// <summary>Loads CSV files into a dataset: all of them in one transaction, each row typed and checked, nothing twice.</summary>
public static class CsvLoad
{
    /// <summary>Loads files. Killed at any point, it leaves nothing; repeated, it adds nothing.</summary>
    /// <param name="warehouse">Where to.</param>
    /// <param name="pack">The pack that declares the dataset.</param>
    /// <param name="dataset">The dataset.</param>
    /// <param name="files">Paths of the files.</param>
    /// <param name="progress">Is told how far the load has come.</param>
    /// <param name="seals">Seals what its sealed fields get; null where it has none.</param>
    /// <param name="stop">Stops the load; nothing stands then.</param>
    /// <exception cref="LoadRefusedException">A file as a whole cannot be loaded; nothing was changed.</exception>
    public static LoadSummary Load(Warehouse warehouse, Pack pack, Dataset dataset, IReadOnlyList<string> files, IProgress<LoadProgress>? progress = null, RowSeals? seals = null, CancellationToken stop = default)
    {
        if (dataset.Feed is not { From: "csv" } feed)
            throw new LoadRefusedException(files.Count > 0 ? Path.GetFileName(files[0]) : "", 0, "dataset-without-csv", dataset.Id);
        var started = warehouse.Time.GetUtcNow().UtcDateTime;
        var probed = Probe(files, [.. feed.Columns.SelectMany(c => c.Headers).Distinct()], progress, stop);
        var homes = SealedTables.Needed(pack, dataset, seals);
        // Whoever guesses a short file could try its hash.
        if (homes.Count > 0)
            probed = [.. probed.Select(p => p with { Sha256 = seals!.Hash(homes.Values.First(), p.Sha256) })];
        var shape = ShapeOf(dataset, homes);
        var scratch = warehouse.NewScratch();
        var lent = homes.ToDictionary(h => h.Key, h => warehouse.Each(text => seals!.Seal(h.Value, text)));
        try
        {
            return warehouse.Write(connection =>
            {
                if (homes.Count > 0)
                {
                    SealedTables.KeepUp(warehouse, connection, pack, seals!);
                    SealedTables.SealStanding(warehouse, connection, pack, dataset, seals!);
                }
                var known = probed.Select(p => connection.Count("SELECT count(*) FROM guantong.load WHERE pack = ? AND dataset = ? AND sha256 = ? AND shape = ?", pack.Id, dataset.Id, p.Sha256, shape) > 0).ToList();
                var fresh = probed.Where((_, i) => !known[i]).DistinctBy(p => p.Sha256).ToList();
                progress?.Report(new LoadProgress("read", "", 0, fresh.Sum(f => f.Records)));
                var outcome = fresh.Count == 0 ? [] : new Loading(connection, pack, dataset, fresh, scratch.FullName, lent, stop).Run(started, shape, warehouse.Time);
                progress?.Report(new LoadProgress("measure", "", 0, 0));
                var quality = QualityRun.Measure(connection, pack, dataset, outcome.Count == 0 ? null : outcome[^1].Id, warehouse.Time.GetUtcNow().UtcDateTime);
                return Sum(probed, outcome, quality);
            });
        }
        finally
        {
            scratch.Delete(true);
            foreach (var seal in lent.Values)
                seal.Dispose();
        }
    }

    private static ProbedFile[] Probe(IReadOnlyList<string> files, IReadOnlyList<string> wanted, IProgress<LoadProgress>? progress, CancellationToken stop)
    {
        var probed = new ProbedFile[files.Count];
        var faults = new ConcurrentDictionary<int, LoadRefusedException>();
        Parallel.For(0, files.Count, new ParallelOptions { CancellationToken = stop }, i =>
        {
            try
            {
                probed[i] = ProbedFile.Look(files[i], wanted, stop);
                progress?.Report(new LoadProgress("probe", probed[i].Name, probed[i].Size, probed[i].Size));
            }
            catch (LoadRefusedException e)
            {
                faults[i] = e;
            }
        });
        return faults.IsEmpty ? probed : throw faults.OrderBy(f => f.Key).First().Value;
    }

    private static string ShapeOf(Dataset dataset, IReadOnlyDictionary<string, SealHome> homes)
    {
        var text = new StringBuilder();
        foreach (var f in dataset.Fields)
            text.Append(f.Id).Append(f.Type).Append(f.Least).Append('~').Append(f.Most).AppendJoin('|', f.OneOf).Append(f.Required).Append(';');
        foreach (var c in dataset.Feed!.Columns)
            text.Append(c.Field).AppendJoin('|', c.Headers).Append(';');
        text.AppendJoin('|', dataset.Feed.Missing).AppendJoin('|', dataset.Key).AppendJoin('|', homes.Select(h => $"{h.Key} {h.Value}"));
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())))[..16];
    }

    private static LoadSummary Sum(IReadOnlyList<ProbedFile> probed, IReadOnlyList<FileLoad> loads, IReadOnlyList<QualityResult> quality)
    {
        var byHash = loads.ToDictionary(l => l.Sha256);
        var outcomes = probed.Select(p => byHash.Remove(p.Sha256, out var l)
            ? new FileOutcome(p.Name, p.Sha256, l.RowsIn, l.Added, l.Changed, l.Same, l.Rejects.Count, false)
            : new FileOutcome(p.Name, p.Sha256, p.Records + p.Faulty, 0, 0, p.Records + p.Faulty, 0, true)).ToList();
        return new LoadSummary([.. loads.Select(l => l.Id)], outcomes.Sum(o => o.RowsIn), outcomes.Sum(o => o.RowsAdded), outcomes.Sum(o => o.RowsChanged), outcomes.Sum(o => o.RowsSame),
            outcomes.Sum(o => o.RowsRejected), outcomes, [.. loads.SelectMany(l => l.Rejects)], quality);
    }
}

/// <summary>What one file of a load came to.</summary>
internal sealed record FileLoad(long Id, string Sha256, long RowsIn, long Added, long Changed, long Same, IReadOnlyList<Reject> Rejects);
