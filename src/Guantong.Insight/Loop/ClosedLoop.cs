using System.Text.Json;
using Dapper;
using Guantong.Data;
using Guantong.Packs;
using Guantong.Trust;

namespace Guantong.Insight;

/// <summary>What followed from new rows.</summary>
public sealed record LoopOutcome(long Derived, long Values, int Warnings);

/// <summary>The closed loop: new rows → derived datasets → indicators → warnings → cases, and tickets for what is at fault in them. Each part replaces or skips what is there, so that it can be done again at any time.</summary>
public sealed class ClosedLoop(Store store, Warehouse warehouse, DatasetSeals seals, PackRegistry packs, RegionWatch watch, TicketFollowing tickets, TimeProvider clock) : IDisposable
{
    // One after the other: two followers at once would both find an episode without its warning.
    private readonly SemaphoreSlim _following = new(1, 1);

    /// <summary>Loads files into a dataset and follows the loop to its end.</summary>
    /// <exception cref="LoadRefusedException">A file cannot be loaded; nothing was changed.</exception>
    public async Task<(LoadSummary Summary, LoopOutcome Loop)> LoadAsync(AppliedPack applied, Dataset dataset, IReadOnlyList<string> files, Person by, IProgress<LoadProgress>? progress = null, CancellationToken cancel = default)
    {
        try
        {
            var summary = await seals.WriteAsync(applied.Pack, dataset, keys => RowLoad.Files(warehouse, applied.Pack, dataset, files, progress, keys, cancel), cancel);
            // The rows stand: what follows from them does not depend on whether anybody still listens.
            return (summary, await FollowAsync(applied, dataset.Id, summary.Loads, by, CancellationToken.None));
        }
        catch (LoadRefusedException e)
        {
            await tickets.LoadFailedAsync(applied.Pack, dataset, e.Code, e.Say(Lang.Zh), CancellationToken.None);
            throw;
        }
    }

    /// <summary>Loads the sample rows that a pack ships with.</summary>
    public async Task LoadSamplesAsync(Pack pack, string folder, CancellationToken cancel = default)
    {
        foreach (var dataset in Inbox.Ordered(pack, pack.Datasets.Where(d => d.Feed is { IsDelivered: true, Path: not null })))
        {
            var file = Path.Combine(folder, dataset.Feed!.Path!.Name);
            // A sample of a header alone says that there are no rows yet.
            if (File.Exists(file) && (!file.EndsWith(".csv", StringComparison.Ordinal) || File.ReadLines(file).Skip(1).Any()))
                await LoadAsync(packs.Applied[pack.Id], dataset, [file], Policy.Operator, null, cancel);
        }
    }

    /// <summary>Follows up loads that committed in the warehouse and nobody followed yet, and what was measured since.</summary>
    public async Task CatchUpAsync(CancellationToken cancel = default)
    {
        foreach (var group in (await UnseenAsync(cancel)).GroupBy(l => (l.Pack, l.Dataset)))
        {
            if (packs.Applied.TryGetValue(group.Key.Pack, out var applied) && applied.Pack.Dataset(group.Key.Dataset) is not null)
                await FollowAsync(applied, group.Key.Dataset, [], Policy.Operator, cancel);
        }
        await tickets.CatchUpAsync(cancel);
        await BackfillAsync(cancel);
    }

    private async Task<IReadOnlyList<(long Id, string Pack, string Dataset)>> UnseenAsync(CancellationToken cancel)
    {
        if (_seen is null)
        {
            var seen = (await store.ReadAsync(c => c.QueryAsync<string>("SELECT load_id FROM load_seen"), cancel)).ToHashSet();
            var all = LoadBook.All(warehouse);
            var unseen = all.Where(l => !seen.Contains(LoadBook.Key(l.Id))).ToList();
            // A stream makes a load a second: those before the first that is unseen are not asked for again.
            _seen = unseen.Count > 0 ? unseen[0].Id - 1 : all.Count > 0 ? all[^1].Id : 0;
            return unseen;
        }
        var later = LoadBook.After(warehouse, _seen.Value);
        if (later.Count == 0)
            return later;
        var keys = later.Select(l => LoadBook.Key(l.Id)).ToList();
        var known = (await store.ReadAsync(c => c.QueryAsync<string>(store.IsPostgres ? "SELECT load_id FROM load_seen WHERE load_id = ANY(@keys)" : "SELECT load_id FROM load_seen WHERE load_id IN @keys", new { keys }), cancel)).ToHashSet();
        _seen = later.TakeWhile(l => known.Contains(LoadBook.Key(l.Id))).Select(l => l.Id).DefaultIfEmpty(_seen.Value).Last();
        return [.. later.Where(l => !known.Contains(LoadBook.Key(l.Id)))];
    }

    private long? _seen;

    // These loads, and any of the dataset whose following did not come to its end: loading the same files again mends that too.
    private async Task<LoopOutcome> FollowAsync(AppliedPack applied, string dataset, IReadOnlyList<long> fresh, Person by, CancellationToken cancel)
    {
        await _following.WaitAsync(cancel);
        try
        {
            var unseen = (await UnseenAsync(cancel)).Where(l => l.Pack == applied.Pack.Id).ToLookup(l => l.Dataset, l => l.Id);
            var left = unseen[dataset];
            List<long> loads = [.. fresh.Union(left).Order()];
            return loads.Count == 0 ? new LoopOutcome(0, 0, 0) : await FollowInTurnAsync(applied, dataset, loads, unseen, by, cancel);
        }
        finally
        {
            _following.Release();
        }
    }

    private async Task<LoopOutcome> FollowInTurnAsync(AppliedPack applied, string dataset, IReadOnlyList<long> loads, ILookup<string, long> unseen, Person by, CancellationToken cancel)
    {
        var (pack, derived, values, fired) = (applied.Pack, 0L, 0L, 0);
        var stale = DerivedDataset.RestingOn(pack, dataset);
        // What was derived before a follower broke off is followed with what it was derived from.
        List<long> followed = [.. loads, .. stale.SelectMany(d => unseen[d.Id])];
        foreach (var next in stale)
        {
            var rows = await seals.WriteAsync(pack, next, keys => DerivedDataset.Recompute(warehouse, pack, next, loads[^1], keys), cancel);
            derived += rows.Rows;
            // What follows from it follows here too.
            if (rows.Load is { } load)
                followed.Add(load);
        }
        var touched = stale.Select(d => d.Id).Append(dataset).ToHashSet();
        (values, fired) = await ComputeAsync(applied, IndicatorRun.RestingOn(pack, touched), cancel);
        foreach (var measured in stale.Append(pack.Dataset(dataset)!))
            await tickets.FollowAsync(pack, measured, cancel);
        await store.ChangeAsync(clock.GetUtcNow(), async change =>
        {
            foreach (var load in followed)
                await change.ExecuteAsync("INSERT INTO load_seen (load_id, seen) VALUES (@id, @Stamp) ON CONFLICT (load_id) DO NOTHING", new { id = LoadBook.Key(load), change.Stamp });
            foreach (var load in loads)
                change.Record(by, "rows.loaded", $"dataset:{pack.Id}/{dataset}", JsonSerializer.Serialize(new { load }), dataset: $"{pack.Id}/{dataset}");
        }, cancel);
        return new LoopOutcome(derived, values, fired);
    }

    /// <inheritdoc/>
    public void Dispose() => _following.Dispose();

    private async Task<(long Values, int Fired)> ComputeAsync(AppliedPack applied, IReadOnlyList<Indicator> indicators, CancellationToken cancel)
    {
        var (values, fired) = (IndicatorRun.Compute(warehouse, applied.Pack, indicators), 0);
        foreach (var indicator in indicators.Where(i => i.Warn is not null))
            fired += await watch.FollowAsync(applied, indicator, cancel);
        return (values, fired);
    }

    /// <summary>Computes an indicator from all of its rows, whatever is known of them, with those that are counted over the same rows and the indices made of them.</summary>
    /// <returns>How many figures were written.</returns>
    public async Task<long> RecomputeAsync(AppliedPack applied, Indicator indicator, Person by, CancellationToken cancel = default)
    {
        await _following.WaitAsync(cancel);
        try
        {
            await store.ChangeAsync(clock.GetUtcNow(), change =>
            {
                change.Record(by, "indicator.recomputed", $"indicator:{applied.Pack.Id}/{indicator.Id}", "{}");
                return Task.CompletedTask;
            }, cancel);
            IndicatorRun.Forget(warehouse, applied.Pack, indicator);
            var with = IndicatorRun.With(applied.Pack, indicator);
            foreach (var watched in with.Where(i => i.Warn is not null))
                WatchBook.Forget(warehouse, applied.Pack, watched);
            return (await ComputeAsync(applied, with, cancel)).Values;
        }
        finally
        {
            _following.Release();
        }
    }

    // Pack → as it was in force when its indicators were last found to be up to what it declares.
    private readonly Dictionary<string, AppliedPack> _computed = [];

    // Indicators that are declared anew, or otherwise than when they were computed, get their figures of all time.
    private async Task BackfillAsync(CancellationToken cancel)
    {
        foreach (var applied in packs.Applied.Values.Where(a => !ReferenceEquals(_computed.GetValueOrDefault(a.Pack.Id), a)).ToList())
        {
            await _following.WaitAsync(cancel);
            try
            {
                if (IndicatorRun.Stale(warehouse, applied.Pack) is { Count: > 0 } stale)
                    await ComputeAsync(applied, stale, cancel);
                _computed[applied.Pack.Id] = applied;
            }
            finally
            {
                _following.Release();
            }
        }
    }
}
