using System.Text.Json;
using System.Xml;
using Guantong.Packs;
using Guantong.Trust;
using Microsoft.Extensions.Hosting;

namespace Guantong.Data;

/// <summary>Forgets former rows once their time is over (a dataset's <c>history</c>), once a day, and says so in the ledger.</summary>
public sealed class Forgetting(Warehouse warehouse, PackRegistry packs, Store store, TimeProvider clock) : BackgroundService
{
    /// <summary>How long former rows are kept where a dataset does not say.</summary>
    public static readonly TimeSpan Default = TimeSpan.FromDays(30);

    /// <summary>Before when a dataset's former rows are forgotten.</summary>
    public static DateTime Horizon(Dataset dataset, DateTimeOffset now) => now.UtcDateTime - (dataset.History is { } kept ? XmlConvert.ToTimeSpan(kept) : Default);

    /// <summary>Forgets what is due.</summary>
    /// <returns>How many former rows there were.</returns>
    public async Task<long> RunAsync(CancellationToken cancel = default)
    {
        var all = 0L;
        foreach (var (pack, dataset) in packs.Applied.Values.SelectMany(a => a.Pack.Datasets.Where(Former.IsKept).Select(d => (a.Pack, d))).ToList())
        {
            var horizon = Horizon(dataset, clock.GetUtcNow());
            var gone = await Task.Run(() => warehouse.Write(connection => Warehouse.Exists(connection, pack.Id, Former.TableOf(dataset))
                ? connection.Run($"DELETE FROM {Sql.Table(pack.Id, Former.TableOf(dataset))} WHERE {Former.Went} < ?", horizon) : 0), cancel);
            if (gone == 0)
                continue;
            all += gone;
            await store.ChangeAsync(clock.GetUtcNow(), change =>
            {
                change.Record(Policy.Operator, "rows.forgotten", $"dataset:{pack.Id}/{dataset.Id}", JsonSerializer.Serialize(new { rows = gone, before = Time.Write(horizon) }), dataset: $"{pack.Id}/{dataset.Id}");
                return Task.CompletedTask;
            }, cancel);
        }
        return all;
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var daily = new PeriodicTimer(TimeSpan.FromDays(1), clock);
        do
            await RunAsync(stoppingToken);
        while (await daily.WaitForNextTickAsync(stoppingToken));
    }
}
