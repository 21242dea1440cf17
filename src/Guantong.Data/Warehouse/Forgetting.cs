using System.Text.Json;
using System.Xml;
using Guantong.Packs;
using Guantong.Trust;
using Microsoft.Extensions.Logging;

namespace Guantong.Data;

/// <summary>Forgets former rows once their time is over (a dataset's <c>history</c>), erases rows whose <c>retention</c> is, and thins what provisional figures were (an indicator's <c>daily</c>); once a day, and says so in the ledger.</summary>
public sealed class Forgetting(Warehouse warehouse, PackRegistry packs, Store store, TimeProvider clock, ILogger<Forgetting> log) : PeriodicWatch(TimeSpan.FromDays(1), clock, log)
{
    private readonly TimeProvider _clock = clock;

    /// <summary>How long former rows are kept where a dataset does not say.</summary>
    public static readonly TimeSpan Default = TimeSpan.FromDays(30);

    /// <summary>Before when a dataset's former rows are forgotten.</summary>
    public static DateTime Horizon(Dataset dataset, DateTimeOffset now) => now.UtcDateTime - (dataset.History is { } kept ? XmlConvert.ToTimeSpan(kept) : Default);

    /// <summary>Forgets, erases and thins what is due.</summary>
    /// <returns>How many rows and figures there were.</returns>
    public async Task<long> RunAsync(CancellationToken cancel = default) => await ForgetAsync(cancel) + await EraseAsync(cancel) + await ThinAsync(cancel);

    private async Task<long> ThinAsync(CancellationToken cancel)
    {
        var all = 0L;
        foreach (var (pack, indicator) in packs.Applied.Values.SelectMany(a => a.Pack.Indicators.Select(i => (a.Pack, i))).ToList())
        {
            var before = FigureBook.ByMonthBefore(indicator, _clock.GetUtcNow().UtcDateTime);
            var gone = await Task.Run(() => warehouse.Write(connection => FigureBook.Thin(connection, pack, indicator, before)), cancel);
            if (gone == 0)
                continue;
            all += gone;
            await RecordAsync("figures.thinned", $"indicator:{pack.Id}/{indicator.Id}", null, new { figures = gone, before = Time.Write(before) }, cancel);
        }
        return all;
    }

    private async Task<long> EraseAsync(CancellationToken cancel)
    {
        var all = 0L;
        foreach (var (pack, dataset) in packs.Applied.Values.SelectMany(a => a.Pack.Datasets.Select(d => (a.Pack, d))).ToList())
        {
            if (Erasing.Horizon(dataset, _clock.GetUtcNow()) is not { } before)
                continue;
            var erased = await Task.Run(() => Erasing.Erase(warehouse, pack, dataset, before), cancel);
            if (erased.Rows == 0)
                continue;
            all += erased.Rows;
            await RecordAsync("rows.erased", $"dataset:{pack.Id}/{dataset.Id}", $"{pack.Id}/{dataset.Id}", new { rows = erased.Rows, before = Time.Write(before), left = erased.Left, retention = dataset.Retention }, cancel);
        }
        return all;
    }

    private async Task<long> ForgetAsync(CancellationToken cancel)
    {
        var all = 0L;
        foreach (var (pack, dataset) in packs.Applied.Values.SelectMany(a => a.Pack.Datasets.Select(d => (a.Pack, d))).ToList())
        {
            var horizon = Horizon(dataset, _clock.GetUtcNow());
            var gone = await Task.Run(() => warehouse.Write(connection => Warehouse.Exists(connection, pack.Id, Former.TableOf(dataset))
                ? connection.Run($"DELETE FROM {Sql.Table(pack.Id, Former.TableOf(dataset))} WHERE {Former.Went} < ?", horizon) : 0), cancel);
            if (gone == 0)
                continue;
            all += gone;
            await RecordAsync("rows.forgotten", $"dataset:{pack.Id}/{dataset.Id}", $"{pack.Id}/{dataset.Id}", new { rows = gone, before = Time.Write(horizon) }, cancel);
        }
        return all;
    }

    private Task RecordAsync(string act, string about, string? dataset, object content, CancellationToken cancel) => store.ChangeAsync(_clock.GetUtcNow(), change =>
    {
        change.Record(Policy.Operator, act, about, JsonSerializer.Serialize(content), dataset: dataset);
        return Task.CompletedTask;
    }, cancel);

    /// <inheritdoc/>
    protected override Task LookAsync(bool isFirst, CancellationToken cancel) => RunAsync(cancel);
}
