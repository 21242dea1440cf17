using System.Collections.Concurrent;
using System.Data.Common;
using System.Text.Json;
using System.Xml;
using Guantong.Packs;
using Guantong.Trust;

namespace Guantong.Data;

/// <summary>A feed is being fetched already.</summary>
public sealed class FeedBusyException : Exception;

/// <summary>Fetches feeds over their connections, and remembers how each went.</summary>
/// <remarks>Plan, annex 6 §5(4)1 数据归集系统.</remarks>
public sealed class Feeds(Warehouse warehouse, DatasetSeals seals, PackRegistry packs, Connections connections, Store store, string drops, TimeProvider clock) : IDisposable
{
    private static readonly TimeSpan ShortestBackOff = TimeSpan.FromSeconds(30), LongestBackOff = TimeSpan.FromHours(1);

    private readonly HttpClient _http = HttpRows.Client();
    private readonly ConcurrentDictionary<(string Pack, string Dataset), bool> _running = [];

    /// <summary>The datasets that are fetched or followed over a connection, with how each stands.</summary>
    public IReadOnlyList<(AppliedPack Applied, Dataset Dataset, FeedState State)> List()
    {
        var states = FeedStates.All(warehouse);
        return [.. from applied in packs.Applied.Values
                   from dataset in applied.Pack.Datasets
                   where dataset.Feed?.At is not null
                   select (applied, dataset, states.GetValueOrDefault((applied.Pack.Id, dataset.Id)) ?? new FeedState(applied.Pack.Id, dataset.Id, null, null, 0, null, null, 0))];
    }

    /// <summary>Whether a feed is being fetched or followed now.</summary>
    public bool IsRunning(string pack, string dataset) => _running.ContainsKey((pack, dataset));

    /// <summary>When all that the source had was last here, new rows or none: now for a change stream that is followed; null before the first time, and for what comes in no such way.</summary>
    public DateTime? SeenAt(string pack, string dataset)
    {
        var state = FeedStates.Of(warehouse, pack, dataset);
        return IsRunning(pack, dataset) && state.Fault is null && packs.Find(pack)?.Dataset(dataset)?.Feed?.From == "change-stream" ? Now : state.Succeeded;
    }

    /// <summary>Fetches a feed once and loads what came. What went wrong stands in its state afterwards.</summary>
    /// <exception cref="FeedBusyException">It is being fetched already.</exception>
    public async Task<FeedState> RunAsync(AppliedPack applied, Dataset dataset, CancellationToken stop = default)
    {
        var key = (applied.Pack.Id, dataset.Id);
        if (!_running.TryAdd(key, true))
            throw new FeedBusyException();
        try
        {
            var before = FeedStates.Of(warehouse, applied.Pack.Id, dataset.Id) with { Started = Now };
            return await EndAsync(before, dataset, await TryAsync(applied.Pack, dataset, stop));
        }
        finally
        {
            _running.TryRemove(key, out _);
        }
    }

    /// <summary>Follows a change stream until it is stopped or breaks.</summary>
    internal async Task FollowAsync(AppliedPack applied, Dataset dataset, CancellationToken stop)
    {
        var key = (applied.Pack.Id, dataset.Id);
        if (!_running.TryAdd(key, true))
            throw new FeedBusyException();
        try
        {
            var state = FeedStates.Of(warehouse, applied.Pack.Id, dataset.Id) with { Started = Now, Due = null };
            try
            {
                var from = await OpenAsync(dataset, stop);
                var stream = new ChangeStream(warehouse, seals, applied.Pack, dataset, from, clock)
                {
                    Delivered = rows =>
                    {
                        var recovers = state.Failures > 0 || state.Succeeded is null;
                        state = state with { Rows = state.Rows + rows, Succeeded = Now, Failures = 0, Fault = null };
                        if (recovers)
                            FeedStates.Put(warehouse, state);
                    },
                };
                await stream.RunAsync(stop);
            }
            catch (LoadRefusedException e)
            {
                await EndAsync(state, dataset, (0, Fault(e)));
            }
            finally
            {
                if (stop.IsCancellationRequested)
                    FeedStates.Put(warehouse, state);
            }
        }
        finally
        {
            _running.TryRemove(key, out _);
        }
    }

    private DateTime Now => clock.GetUtcNow().UtcDateTime;

    private static FeedFault Fault(LoadRefusedException e) => new(e.File, e.Line, e.Code, e.Args);

    private async Task<(long Rows, FeedFault? Fault)> TryAsync(Pack pack, Dataset dataset, CancellationToken stop)
    {
        try
        {
            return await FetchAsync(pack, dataset, await OpenAsync(dataset, stop), stop);
        }
        catch (LoadRefusedException e)
        {
            return (0, Fault(e));
        }
    }

    private async Task<OpenConnection> OpenAsync(Dataset dataset, CancellationToken stop)
    {
        var at = dataset.Feed!.At!.Name;
        var from = await connections.OpenAsync(at, stop) ?? throw new LoadRefusedException(at, 0, "connection-missing", at);
        string[] wanted = dataset.Feed.From switch
        {
            "http-api" => ["http"],
            "postgres" or "change-stream" => ["postgres"],
            "mysql" => ["mysql"],
            _ => ["folder", "sftp"],
        };
        return wanted.Contains(from.Connection.Kind) ? from : throw new LoadRefusedException(at, 0, "connection-other-kind", from.Connection.Kind, string.Join(", ", wanted));
    }

    private async Task<(long Rows, FeedFault? Fault)> FetchAsync(Pack pack, Dataset dataset, OpenConnection from, CancellationToken stop)
    {
        var feed = dataset.Feed!;
        var scratch = warehouse.NewScratch();
        try
        {
            if (feed.IsFiles)
                return await Task.Run(() => Drops.With(from, feed, drops, Now, files => TakeInAsync(pack, dataset, files, scratch.FullName, stop).GetAwaiter().GetResult()), stop);
            using var patience = new Patience(clock, stop);
            var (made, position) = (Path.Combine(scratch.FullName, "rows.csv"), feed.Since is null ? null : Positions.Of(warehouse, pack.Id, dataset.Id, "since"));
            var (file, reached) = feed.From == "http-api"
                ? await new HttpRows(_http, clock).FetchAsync(from, feed, position, made, patience)
                : await TableRows.FetchAsync(from, feed, dataset, position, made, patience);
            if (file is null)
                return feed.Removes ? throw new LoadRefusedException($"{from.Connection.Id}", 0, "delivery-empty") : (0, null);
            var summary = await LoadAsync(pack, dataset, new Delivery([file], feed.Removes, "since", reached) { IsKnownByContent = !feed.Removes }, scratch.FullName, stop);
            return (summary.RowsIn, null);
        }
        finally
        {
            scratch.Delete(true);
        }
    }

    // Each file by itself: one that is refused keeps no other out, and is not tried again until it is written anew.
    private async Task<(long Rows, FeedFault? Fault)> TakeInAsync(Pack pack, Dataset dataset, IReadOnlyList<Dropped> files, string scratch, CancellationToken stop)
    {
        var (rows, fault) = (0L, (FeedFault?)null);
        foreach (var (file, i) in files.Select((f, i) => (f, i)))
        {
            stop.ThrowIfCancellationRequested();
            var source = "file:" + file.Name;
            var position = Positions.Of(warehouse, pack.Id, dataset.Id, source);
            if (position == file.Version)
                continue;
            if (position == Refused + file.Version)
            {
                fault ??= FeedStates.Of(warehouse, pack.Id, dataset.Id).Fault;
                continue;
            }
            try
            {
                var texts = FileText.Read(file.Fetch(Path.Combine(scratch, $"fetched-{i}"), stop), file.Name, dataset.Feed!, Path.Combine(scratch, $"given-{i}"), stop);
                var summary = await LoadAsync(pack, dataset, new Delivery(texts, dataset.Feed!.Removes, source, file.Version) { IsKnownByContent = !dataset.Feed.Removes }, scratch, stop);
                rows += summary.RowsIn;
            }
            catch (LoadRefusedException e)
            {
                fault = Fault(e);
                warehouse.Write(connection =>
                {
                    Positions.Move(connection, pack, dataset, source, Refused + file.Version, Now);
                    return 0;
                });
            }
        }
        return (rows, fault);
    }

    private const string Refused = "refused:";

    private async Task<LoadSummary> LoadAsync(Pack pack, Dataset dataset, Delivery delivery, string scratch, CancellationToken stop)
    {
        var summary = await seals.WriteAsync(pack, dataset, keys => RowLoad.Deliver(warehouse, pack, dataset, delivery, scratch, null, keys, stop), stop);
        warehouse.Tell();
        return summary;
    }

    private async Task<FeedState> EndAsync(FeedState before, Dataset dataset, (long Rows, FeedFault? Fault) outcome)
    {
        var every = dataset.Feed!.Every is { } text ? XmlConvert.ToTimeSpan(text) : (TimeSpan?)null;
        var failures = outcome.Fault is null ? 0 : before.Failures + 1;
        // Twice as long each time, at least half a minute, an hour at most; but never sooner than it would have come anyway where that is longer.
        var wait = failures == 0 ? every : Max(ShortestBackOff, Min(LongestBackOff, ShortestBackOff * Math.Pow(2, Math.Min(10, failures - 1))));
        var after = before with { Succeeded = failures == 0 ? Now : before.Succeeded, Failures = failures, Fault = outcome.Fault, Rows = outcome.Fault is null ? outcome.Rows : before.Rows, Due = every is null && dataset.Feed.From != "change-stream" ? null : Now + wait };
        FeedStates.Put(warehouse, after);
        // A feed that keeps failing says so once in the ledger, and once more when it is well again.
        if (before.Fault?.Code != after.Fault?.Code)
        {
            await store.ChangeAsync(clock.GetUtcNow(), change =>
            {
                change.Record(Policy.Operator, after.Fault is null ? "feed.recovered" : "feed.failed", $"dataset:{after.Pack}/{after.Dataset}", JsonSerializer.Serialize(new { code = after.Fault?.Code ?? before.Fault?.Code }), dataset: $"{after.Pack}/{after.Dataset}");
                return Task.CompletedTask;
            }, CancellationToken.None);
        }
        return after;
    }

    private static TimeSpan Max(TimeSpan a, TimeSpan b) => a > b ? a : b;

    private static TimeSpan Min(TimeSpan a, TimeSpan b) => a < b ? a : b;

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();
}
