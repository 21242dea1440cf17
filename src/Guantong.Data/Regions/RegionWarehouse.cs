using Dapper;
using Guantong.Packs;
using Guantong.Trust;

namespace Guantong.Data;

/// <summary>A receiver that takes a region's rows of a dataset back.</summary>
/// <param name="Behind">Loads of the dataset since the one it has everything up to.</param>
/// <param name="Rows">How many rows it was given in all.</param>
public sealed record RegionReturn(string Receiver, string At, long Rows, long Behind);

/// <summary>A dataset as it stands in a region's warehouse.</summary>
/// <param name="Rows">The rows of the region that the reader sees.</param>
/// <param name="Score">What the region's rows scored last, 0 to 100; null where nothing is measured.</param>
/// <param name="Ended">When its newest load had ended; null where there is none.</param>
public sealed record RegionDataset(string Pack, string Dataset, string Name, string Source, long Rows, double? Score, DateTime? Ended, IReadOnlyList<RegionReturn> Returns);

/// <summary>The warehouses of cities, counties and units: each a view of the one warehouse, by a row's region and the reader's rights.</summary>
/// <remarks>Plan, annex 6 §5(4): 省市县数仓. Nothing is copied; what a region takes back (回流) it takes by <see cref="RegionChanges"/>.</remarks>
public sealed class RegionWarehouse(Store store, Warehouse warehouse, PackRegistry packs, Jurisdiction land, TimeProvider clock)
{
    /// <summary>The datasets of a region, for a reader: those that say which region a row is of.</summary>
    public async Task<IReadOnlyList<RegionDataset>> OfAsync(Person who, string region, CancellationToken cancel = default)
    {
        var returns = (await ReturnsAsync(region, cancel)).ToLookup(r => (r.Pack, r.Dataset));
        var newest = LoadBook.Newest(warehouse);
        var loads = LoadBook.All(warehouse).ToLookup(l => (l.Pack, l.Dataset), l => l.Id);
        using var connection = warehouse.Read();
        return
        [
            .. from applied in packs.Applied.Values
               from dataset in applied.Pack.Datasets
               where dataset.Region is not null && Warehouse.Exists(connection, applied.Pack.Id, dataset.Table)
               let seen = RowsSeen.Of(who, applied.Pack, dataset, land).In(applied.Pack, dataset, region)
               let key = (applied.Pack.Id, dataset.Id)
               select new RegionDataset(applied.Pack.Id, dataset.Id, dataset.Name, dataset.Source.Name,
                   connection.Count($"SELECT count(*) FROM {Sql.Table(applied.Pack.Id, dataset.Table)} AS d WHERE {seen.Condition}"),
                   QualityView.Of(warehouse, applied.Pack.Id, dataset.Id, region).Scores is [var score, ..] ? score.Score : null,
                   newest.TryGetValue(key, out var ended) ? ended : null,
                   [.. returns[key].Select(r => new RegionReturn(r.Receiver, r.At, r.Rows, loads[key].Count(l => l > r.Load)))]),
        ];
    }

    private sealed record Line(string Pack, string Dataset, string Receiver, long Load, long Rows, string At);

    private Task<List<Line>> ReturnsAsync(string region, CancellationToken cancel) => store.ReadAsync(async c => (await c.QueryAsync<Line>(
        "SELECT pack AS Pack, dataset AS Dataset, receiver AS Receiver, load_id AS Load, row_count AS Rows, at AS At FROM region_return WHERE region = @region ORDER BY receiver", new { region })).AsList(), cancel);

    /// <summary>Gives a receiver what came, changed and went in a region's rows, and remembers how far it is.</summary>
    /// <param name="region">Null for all that it may see.</param>
    /// <exception cref="FormatException">The position is none of this dataset's.</exception>
    public async Task<RegionChanges> ReturnAsync(Person who, Pack pack, Dataset dataset, string? region, string? position, int take, RowSeals? seals, CancellationToken cancel = default)
    {
        var seen = RowsSeen.Of(who, pack, dataset, land);
        var changes = RegionChanges.Read(warehouse, pack, dataset, region is null ? seen : seen.In(pack, dataset, region), position, take, seals);
        await store.ChangeAsync(clock.GetUtcNow(), async change =>
        {
            await change.ExecuteAsync("""
                INSERT INTO region_return (pack, dataset, region, receiver, load_id, row_count, at) VALUES (@pack, @dataset, @region, @Login, @load, @rows, @Stamp)
                ON CONFLICT (pack, dataset, region, receiver) DO UPDATE SET load_id = excluded.load_id, row_count = region_return.row_count + excluded.row_count, at = excluded.at
                """, new { pack = pack.Id, dataset = dataset.Id, region = region ?? who.Region ?? land.Root, who.Login, load = changes.More ? 0 : RegionChanges.LoadOf(changes.Position), rows = (long)changes.Rows.Count, change.Stamp });
            change.Record(who, "rows.returned", $"dataset:{pack.Id}/{dataset.Id}", System.Text.Json.JsonSerializer.Serialize(new { region, rows = changes.Rows.Count, removed = changes.Removed.Count }), dataset: $"{pack.Id}/{dataset.Id}");
        }, cancel);
        return changes;
    }
}
