using Dapper;
using Guantong.Trust;

namespace Guantong.Data;

/// <summary>Which pairs are wanted.</summary>
/// <param name="State">waiting, same or different.</param>
/// <param name="Data">pack/dataset of either row; null for any.</param>
/// <param name="Words">A part of either name; null for any.</param>
/// <param name="Sort">score (the surest first), name, or decided (the newest first).</param>
public sealed record PairQuery(string State = "waiting", string? Data = null, string? Words = null, string Sort = "score", int Skip = 0, int Take = 50)
{
    /// <summary>What <see cref="State"/> may be.</summary>
    public static IReadOnlyList<string> States { get; } = ["waiting", "same", "different"];

    /// <summary>What <see cref="Sort"/> may be.</summary>
    public static IReadOnlyList<string> Sorts { get; } = ["score", "name", "decided"];
}

/// <summary>A page of pairs.</summary>
public sealed record PairList(IReadOnlyList<EntityPair> Items, long Total, int Skip, int Take);

/// <summary>A pair with its rows as the last run found them; a row is null once it is gone.</summary>
public sealed record PairFile(EntityPair Pair, OrganisationRow? Left, OrganisationRow? Right);

/// <summary>A page of organisations.</summary>
public sealed record OrganisationList(IReadOnlyList<OrganisationLine> Items, long Total, int Skip, int Take);

/// <summary>Reads pairs and organisations for those who see every row of the datasets that they are from. That rows were read stands in the ledger.</summary>
public sealed class EntityReads(Store store, Warehouse warehouse, Entities entities, DatasetReads reads)
{
    private readonly OrganisationRows _table = new(warehouse);

    /// <summary>A page of pairs.</summary>
    public async Task<PairList> PairsAsync(Person me, PairQuery query, bool isDrawn = false, CancellationToken cancel = default)
    {
        var seen = entities.Seen(me).ToArray();
        var where = $"left_data {Among("seen")} AND right_data {Among("seen")} AND {(query.State == "waiting" ? "verdict IS NULL" : "verdict = @State")}"
            + (query.Data is null ? "" : " AND (left_data = @Data OR right_data = @Data)") + (query.Words is null ? "" : " AND (left_name LIKE @like OR right_name LIKE @like)");
        var order = query.Sort switch { "name" => "left_name, right_name, id", "decided" => "decided DESC, id", _ => "score DESC, id" };
        var args = new { seen, query.State, query.Data, like = $"%{query.Words}%", query.Skip, query.Take };
        var page = await store.ReadAsync(async c => new PairList((await c.QueryAsync<EntityPair>($"SELECT {EntityPair.Columns} FROM entity_pair WHERE {where} ORDER BY {order} LIMIT @Take OFFSET @Skip", args)).AsList(),
            await c.ExecuteScalarAsync<long>($"SELECT count(*) FROM entity_pair WHERE {where}", args), query.Skip, query.Take), cancel);
        await NoteAsync(me, page.Items.SelectMany(p => (string[])[p.LeftData, p.RightData]), query.Skip, isDrawn, cancel);
        return page;
    }

    /// <summary>How many pairs wait that somebody sees.</summary>
    public Task<long> WaitingAsync(Person me, CancellationToken cancel = default)
    {
        var seen = entities.Seen(me).ToArray();
        return store.ReadAsync(c => c.ExecuteScalarAsync<long>($"SELECT count(*) FROM entity_pair WHERE verdict IS NULL AND left_data {Among("seen")} AND right_data {Among("seen")}", new { seen }), cancel);
    }

    /// <summary>A pair with its rows, or null where there is none that the reader sees.</summary>
    public async Task<PairFile?> PairAsync(Person me, string id, bool isDrawn = false, CancellationToken cancel = default)
    {
        var (seen, pair) = (entities.Seen(me), await store.ReadAsync(c => c.QueryFirstOrDefaultAsync<EntityPair?>($"SELECT {EntityPair.Columns} FROM entity_pair WHERE id = @id", new { id }), cancel));
        if (pair is null || !seen.Contains(pair.LeftData) || !seen.Contains(pair.RightData))
            return null;
        await NoteAsync(me, [pair.LeftData, pair.RightData], 0, isDrawn, cancel);
        var rows = _table.Find([pair.Left, pair.Right]).ToDictionary(r => r.Key);
        return new PairFile(pair, rows.GetValueOrDefault(pair.Left), rows.GetValueOrDefault(pair.Right));
    }

    /// <summary>A page of organisations.</summary>
    /// <param name="words">A part of a name or a whole code; null for all.</param>
    /// <param name="least">With as many rows at least.</param>
    public async Task<OrganisationList> OrganisationsAsync(Person me, string? words, int least, int skip, int take, bool isDrawn = false, CancellationToken cancel = default)
    {
        var seen = entities.Seen(me);
        var (items, total) = await Task.Run(() => _table.Page(seen, words, least, skip, take), cancel);
        if (items.Count > 0)
            await NoteAsync(me, seen, skip, isDrawn, cancel);
        return new OrganisationList(items, total, skip, take);
    }

    /// <summary>An organisation's rows in every dataset that the reader sees; none where it is not there.</summary>
    public async Task<IReadOnlyList<OrganisationRow>> OrganisationAsync(Person me, string id, bool isDrawn = false, CancellationToken cancel = default)
    {
        var rows = await Task.Run(() => _table.Of(id, entities.Seen(me)), cancel);
        await NoteAsync(me, rows.Select(r => r.Key.Data), 0, isDrawn, cancel);
        return rows;
    }

    /// <summary>Every row that the reader sees with its organisation, to be taken away.</summary>
    public async Task<IEnumerable<OrganisationRow>> ExportAsync(Person me, CancellationToken cancel = default)
    {
        var seen = entities.Seen(me);
        foreach (var (pack, dataset) in entities.Taking.Where(t => seen.Contains($"{t.Pack.Id}/{t.Dataset.Id}")))
            await reads.ExportedAsync(me, pack, dataset, "organisations", cancel);
        return _table.All(seen);
    }

    private async Task NoteAsync(Person me, IEnumerable<string> data, int skip, bool isDrawn, CancellationToken cancel)
    {
        var shown = data.ToHashSet();
        foreach (var (pack, dataset) in entities.Taking.Where(t => shown.Contains($"{t.Pack.Id}/{t.Dataset.Id}")))
            await reads.ReadAsync(me, pack, dataset, ["organisation"], skip, isDrawn, cancel);
    }

    private string Among(string list) => store.IsPostgres ? $"= ANY(@{list})" : $"IN @{list}";
}
