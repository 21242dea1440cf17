using System.Text.Json;
using Dapper;
using Guantong.Packs;
using Guantong.Trust;

namespace Guantong.Data;

/// <summary>Finds the same organisations in all datasets of organisations: certain ones (the same valid credit code) are linked, likely ones go to a person, and what a person decided stands in every later run.</summary>
/// <remarks>Plan, annex 6 §5(4)1. Organisations alone: rights.md 1 lets no natural person be recognised across datasets.</remarks>
public sealed class Entities(Store store, Warehouse warehouse, PackRegistry packs, Jurisdiction land, TimeProvider clock) : IDisposable
{
    /// <summary>What the ledger calls a run that nobody asked for.</summary>
    private const string Itself = "entities";

    private readonly OrganisationRows _table = new(warehouse);
    private readonly PlaceNames _places = new(land.Regions.All.Select(r => (r.Name, r.Level)));
    private readonly SemaphoreSlim _one = new(1, 1);

    /// <summary>The datasets that take part: every one of the packs in force that says <c>organisation</c>.</summary>
    public IReadOnlyList<(Pack Pack, Dataset Dataset)> Taking => [.. packs.Applied.Values.SelectMany(a => a.Pack.Datasets.Where(d => d.Organisation is not null).Select(d => (a.Pack, d)))];

    /// <summary>Those of them of which a person sees every row: rows are compared side by side, so that a part of them would mislead.</summary>
    public IReadOnlyList<string> Seen(Person? me) => [.. Taking.Where(t => RowsSeen.Of(me, t.Pack, t.Dataset, land).IsAll).Select(t => $"{t.Pack.Id}/{t.Dataset.Id}")];

    /// <summary>The last run, or null.</summary>
    public Task<EntityRun?> LastAsync(CancellationToken cancel = default) => store.ReadAsync(c => c.QueryFirstOrDefaultAsync<EntityRun?>(
        "SELECT at AS At, login AS Login, stood AS Stood, row_count AS Rows, organisations AS Organisations, waiting AS Waiting FROM entity_run LIMIT 1"), cancel);

    /// <summary>Runs over the warehouse as it stands. Doing it again changes nothing.</summary>
    /// <param name="by">Who asks; null where rows may have changed: then it runs only if they did.</param>
    /// <returns>Null where nothing had changed.</returns>
    public async Task<EntityRun?> RunAsync(Person? by, CancellationToken cancel = default)
    {
        await _one.WaitAsync(cancel);
        try
        {
            var taking = Taking;
            var stood = string.Join('\n', taking.Select(t => Stood(t.Pack, t.Dataset)));
            if (by is null && ((await LastAsync(cancel))?.Stood ?? "") == stood)
                return null;
            var decisions = await store.ReadAsync(DecisionsAsync, cancel);
            var (rows, found) = await Task.Run(() => Resolve(taking, decisions), cancel);
            return await store.ChangeAsync(clock.GetUtcNow(), async change =>
            {
                await QueueAsync(change, found);
                var run = new EntityRun { At = change.Stamp, Login = by?.Login ?? Itself, Stood = stood, Rows = rows.Count, Organisations = rows.Select(r => r.Organisation).Distinct().LongCount(), Waiting = found.Count };
                // Former runs stand in the ledger.
                await change.ExecuteAsync("DELETE FROM entity_run");
                await change.ExecuteAsync("INSERT INTO entity_run (at, login, stood, row_count, organisations, waiting) VALUES (@At, @Login, @Stood, @Rows, @Organisations, @Waiting)",
                    new { run.At, run.Login, run.Stood, run.Rows, run.Organisations, run.Waiting });
                change.Record(run.Login, "entities.resolved", "entities:all", JsonSerializer.Serialize(new { rows = run.Rows, organisations = run.Organisations, waiting = run.Waiting }), by?.Unit);
                return run;
            }, cancel);
        }
        finally
        {
            _one.Release();
        }
    }

    private string Stood(Pack pack, Dataset dataset)
    {
        using var connection = warehouse.Read();
        return $"{pack.Id}/{dataset.Id} {packs.Applied[pack.Id].Revision[..16]} {connection.Count("SELECT max(id) FROM guantong.load WHERE pack = ?", pack.Id)} {warehouse.RowCount(pack.Id, dataset.Id)}";
    }

    private (IReadOnlyList<OrganisationRow> Rows, IReadOnlyList<Candidate> Found) Resolve(IReadOnlyList<(Pack Pack, Dataset Dataset)> taking, IReadOnlyList<PairDecision> decisions)
    {
        var rows = _table.Rewrite(taking, decisions);
        var organisations = rows.ToDictionary(r => r.Key, r => r.Organisation);
        // What was decided of two rows is decided of the organisations that they are of.
        var apart = decisions.Where(d => !d.IsSame && organisations.ContainsKey(d.Left) && organisations.ContainsKey(d.Right))
            .SelectMany(d => ((string, string)[])[(organisations[d.Left], organisations[d.Right]), (organisations[d.Right], organisations[d.Left])]).ToHashSet();
        return (rows, Candidates.Of([.. rows.Select(r => KnownOrganisation.Of(r, _places))], (one, other) => apart.Contains((one.Organisation, other.Organisation))));
    }

    // Brings what waits in line with what was found; what is decided is not touched.
    private static async Task QueueAsync(Change change, IReadOnlyList<Candidate> found)
    {
        var waiting = (await change.QueryAsync<EntityPair>($"SELECT {EntityPair.Columns} FROM entity_pair WHERE verdict IS NULL")).ToDictionary(p => (p.Left, p.Right));
        foreach (var pair in found.Select(c => EntityPair.Of(change.At, c.Left, c.Right, c.Likeness)))
        {
            if (!waiting.Remove((pair.Left, pair.Right), out var stands))
                await PutAsync(change, pair);
            else if (stands with { Id = pair.Id } != pair)
                await change.ExecuteAsync("UPDATE entity_pair SET left_name = @LeftName, right_name = @RightName, score = @Score, parts = @Written WHERE id = @Id AND verdict IS NULL", new { pair.LeftName, pair.RightName, pair.Score, pair.Written, stands.Id });
        }
        foreach (var gone in waiting.Values)
            await change.ExecuteAsync("DELETE FROM entity_pair WHERE id = @Id AND verdict IS NULL", new { gone.Id });
    }

    private static Task<int> PutAsync(Change change, EntityPair pair) => change.ExecuteAsync("""
        INSERT INTO entity_pair (id, left_data, left_row, right_data, right_row, left_name, right_name, score, parts, verdict, login, decided)
        VALUES (@Id, @LeftData, @LeftRow, @RightData, @RightRow, @LeftName, @RightName, @Score, @Written, @Verdict, @Login, @Decided) ON CONFLICT (left_data, left_row, right_data, right_row) DO NOTHING
        """, new { pair.Id, pair.LeftData, pair.LeftRow, pair.RightData, pair.RightRow, pair.LeftName, pair.RightName, pair.Score, pair.Written, pair.Verdict, pair.Login, pair.Decided });

    /// <summary>Decides for good that two rows are one organisation, or two: rows that a code had linked are parted, too.</summary>
    /// <param name="verdict">same or different.</param>
    /// <exception cref="RefusedException">A row is not there, the two are decided already, or it would contradict what was decided of others.</exception>
    public Task<EntityPair> DecideAsync(Person me, RowKey one, RowKey other, string? verdict, CancellationToken cancel = default) => AloneAsync(async () =>
    {
        if (verdict is not ("same" or "different"))
            throw new RefusedException(422, "entity-verdict", verdict ?? "");
        var (left, right) = RowKey.Ordered(one, other);
        var (seen, rows) = (Seen(me), _table.Find([left, right]).ToDictionary(r => r.Key));
        if (left == right || rows.Count < 2 || !seen.Contains(left.Data) || !seen.Contains(right.Data))
            throw new RefusedException(404, "not-found", $"{left.Data} {left.Row}, {right.Data} {right.Row}");
        var (known, beside) = (KnownOrganisation.Of(rows[left], _places), KnownOrganisation.Of(rows[right], _places));
        return await store.ChangeAsync(clock.GetUtcNow(), async change =>
        {
            var stands = await change.FindAsync<EntityPair>($"SELECT {EntityPair.Columns} FROM entity_pair WHERE left_data = @ld AND left_row = @lr AND right_data = @rd AND right_row = @rr{change.ForUpdate}", new { ld = left.Data, lr = left.Row, rd = right.Data, rr = right.Row });
            if (stands?.Verdict is not null)
                throw new RefusedException(409, "entity-decided");
            if (Grouping.Contradicts(await DecisionsAsync(change.Connection), new PairDecision(left, right, verdict == "same")))
                throw new RefusedException(409, "entity-contradicts");
            // The score that is kept is the one that was seen by whoever decided.
            var pair = EntityPair.Of(change.At, known, beside, Likeness.Of(known, beside)) with { Id = stands?.Id ?? Guid.CreateVersion7(change.At).ToString("n"), Verdict = verdict, Login = me.Login, Decided = change.Stamp };
            await change.ExecuteAsync("DELETE FROM entity_pair WHERE id = @Id", new { pair.Id });
            await PutAsync(change, pair);
            change.Record(me, $"entity.{verdict}", pair.About, Detail(pair), dataset: pair.LeftData);
            return pair;
        }, cancel);
    }, cancel);

    /// <summary>Takes a decision back: the two are what their codes and scores say again.</summary>
    /// <exception cref="RefusedException">It is not there, or nobody decided it.</exception>
    public Task<EntityPair> UndoAsync(Person me, string id, CancellationToken cancel = default) => AloneAsync(() => store.ChangeAsync(clock.GetUtcNow(), async change =>
    {
        var seen = Seen(me);
        var pair = await change.FindAsync<EntityPair>($"SELECT {EntityPair.Columns} FROM entity_pair WHERE id = @id{change.ForUpdate}", new { id });
        if (pair is null || !seen.Contains(pair.LeftData) || !seen.Contains(pair.RightData))
            throw new RefusedException(404, "not-found", id);
        if (pair.Verdict is null)
            throw new RefusedException(409, "entity-undecided");
        // It waits for a person again, save where its code or its score settles it by itself.
        var rows = _table.Find([pair.Left, pair.Right]);
        await change.ExecuteAsync(rows.Count == 2 && rows.Any(r => r.Code is null) && pair.Score >= Likeness.LookFrom
            ? "UPDATE entity_pair SET verdict = NULL, login = NULL, decided = NULL WHERE id = @id" : "DELETE FROM entity_pair WHERE id = @id", new { id });
        change.Record(me, "entity.undone", pair.About, Detail(pair), dataset: pair.LeftData);
        return pair with { Verdict = null, Login = null, Decided = null };
    }, cancel), cancel);

    private static string Detail(EntityPair pair) => JsonSerializer.Serialize(new { left = $"{pair.LeftData} {pair.LeftRow}", right = $"{pair.RightData} {pair.RightRow}", pair.Verdict, pair.Score }, Touched.Written);

    // One decision at a time here; whatever two nodes decide at once, rows are put together the same way on both.
    private async Task<EntityPair> AloneAsync(Func<Task<EntityPair>> work, CancellationToken cancel)
    {
        await _one.WaitAsync(cancel);
        try
        {
            var pair = await work();
            await RegroupAsync(CancellationToken.None);
            return pair;
        }
        finally
        {
            _one.Release();
        }
    }

    /// <summary>Puts rows together as decided: what a process that was killed left undone.</summary>
    internal async Task RegroupAsync(CancellationToken cancel)
    {
        var decisions = await store.ReadAsync(DecisionsAsync, cancel);
        await Task.Run(() => _table.Regroup(decisions), cancel);
    }

    private static async Task<IReadOnlyList<PairDecision>> DecisionsAsync(System.Data.Common.DbConnection connection) =>
        [.. (await connection.QueryAsync<EntityPair>($"SELECT {EntityPair.Columns} FROM entity_pair WHERE verdict IS NOT NULL")).Select(p => new PairDecision(p.Left, p.Right, p.Verdict == "same"))];

    /// <inheritdoc/>
    public void Dispose() => _one.Dispose();
}
