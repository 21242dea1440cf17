using System.Text.Encodings.Web;
using System.Text.Json;
using Guantong.Packs;
using Guantong.Trust;

namespace Guantong.Data;

/// <summary>Gets the keys for reading and writing sealed rows, and brings rows that stand in line with keys and declarations.</summary>
public sealed class DatasetSeals(Store store, DataKeys keys, Warehouse warehouse, TimeProvider clock)
{
    private static readonly JsonSerializerOptions Written = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>What reads a pack's rows; null where it seals nothing.</summary>
    public async Task<RowSeals?> ReadingAsync(Pack pack, CancellationToken cancel = default) =>
        pack.Homes().Count == 0 ? null : await StandingAsync(pack, cancel);

    private async Task<RowSeals> StandingAsync(Pack pack, CancellationToken cancel) => new(pack, await store.ReadAsync(c => keys.RingAsync(c, null, cancel), cancel));

    /// <summary>What seals a row that is put in within a change; null where the dataset has no sealed field.</summary>
    public async Task<RowSeals?> WritingAsync(Change change, Pack pack, Dataset dataset)
    {
        var names = KeysOf(pack, dataset);
        foreach (var name in names)
            await keys.RingAsync(change, name);
        return names.Count == 0 ? null : new RowSeals(pack, await keys.RingAsync(change));
    }

    /// <summary>Writes rows into a dataset; the keys that it needs are made.</summary>
    public async Task<T> WriteAsync<T>(Pack pack, Dataset dataset, Func<RowSeals?, T> write, CancellationToken cancel = default)
    {
        while (true)
        {
            var names = KeysOf(pack, dataset);
            var seals = names.Count == 0 ? null : new RowSeals(pack, await keys.RingAsync(names, cancel));
            try
            {
                return await Task.Run(() => write(seals), cancel);
            }
            catch (KeysMovedException)
            {
            }
        }
    }

    /// <summary>Says in the ledger that rows were sought by whole values of sealed fields: by which, never the values.</summary>
    public Task RecordSoughtAsync(Person by, Pack pack, Dataset dataset, IReadOnlyList<string> fields, CancellationToken cancel = default) => store.ChangeAsync(clock.GetUtcNow(), change =>
    {
        change.Record(by, "rows.sought", $"dataset:{pack.Id}/{dataset.Id}", JsonSerializer.Serialize(new { fields }, Written), dataset: $"{pack.Id}/{dataset.Id}");
        return Task.CompletedTask;
    }, cancel);

    /// <summary>Seals what stands in clear and shall not, and opens what shall stand in clear again, as a pack declares it now.</summary>
    public async Task BringAsync(Pack pack, CancellationToken cancel = default)
    {
        if (SealedTables.ToOpen(warehouse, pack) is { Count: > 0 } open)
        {
            var opening = await StandingAsync(pack, cancel);
            warehouse.Write(connection => open.Sum(o => SealedTables.OpenStanding(warehouse, connection, pack, o.Dataset, o.Field, opening)));
        }
        foreach (var dataset in SealedTables.ToSeal(warehouse, pack))
            await WriteAsync(pack, dataset, seals => Bring(pack, dataset, seals), cancel);
        if (await ReadingAsync(pack, cancel) is { } standing)
            KeepUp(pack, standing);
    }

    /// <summary>Seals a pack's rows anew under a key that was rotated, all of them or none.</summary>
    public async Task FollowAsync(string key, IEnumerable<Pack> packs, CancellationToken cancel = default)
    {
        foreach (var pack in packs.Where(p => p.Homes().Any(h => RowSeals.KeyOf(p.Id, h.Dataset) == key)))
            KeepUp(pack, (await ReadingAsync(pack, cancel))!);
    }

    // Rows may be ahead of the keys that were read: then another came before.
    private void KeepUp(Pack pack, RowSeals seals)
    {
        try
        {
            warehouse.Write(connection =>
            {
                SealedTables.KeepUp(warehouse, connection, pack, seals);
                return 0;
            });
        }
        catch (KeysMovedException)
        {
        }
    }

    private int Bring(Pack pack, Dataset dataset, RowSeals? seals) => warehouse.Write(connection =>
    {
        if (seals is null)
            return 0;
        SealedTables.KeepUp(warehouse, connection, pack, seals);
        SealedTables.SealStanding(warehouse, connection, pack, dataset, seals);
        return 0;
    });

    private static List<string> KeysOf(Pack pack, Dataset dataset) => [.. pack.Homes(dataset).Values.Select(h => RowSeals.KeyOf(pack.Id, h.Dataset)).Distinct()];
}
