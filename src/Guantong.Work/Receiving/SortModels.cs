using System.Security.Cryptography;
using System.Text.Json;
using Dapper;
using Guantong.Data;
using Guantong.Trust;

namespace Guantong.Work;

/// <summary>A model that sorts, as it is listed.</summary>
/// <param name="State">trained, used or retired.</param>
/// <param name="Alone">From which confidence on it sorts by itself; null where it suggests only.</param>
public sealed record SortModelLine(string Id, string Made, string MadeBy, long Examples, SortMeasure Measured, string Sha256, string State, double? Alone, string? Used, string? UsedBy);

/// <summary>How suggestions came out for a unit that things went to in the end.</summary>
/// <param name="Went">How many went to it; by a rule, by a model alone, by a person.</param>
/// <param name="Suggested">How many had a suggestion of a model.</param>
/// <param name="Right">Of how many it was the unit's.</param>
public sealed record SortAccuracy(string Unit, long Went, long ByRule, long ByModel, long ByPerson, long Suggested, long Right);

/// <summary>Trains models on what people sorted, keeps them, and says which is in force. A person puts a model in force and takes it out.</summary>
public sealed class SortModels(Store store, DataKeys keys, PackRegistry packs, Jurisdiction land, TimeProvider clock)
{
    private const string Columns = "id AS Id, made AS Made, made_by AS MadeBy, examples AS Examples, measured AS Measured, sha256 AS Sha256, state AS State, alone AS Alone, used AS Used, used_by AS UsedBy";

    // The one that was asked last stays read.
    private volatile Tuple<string, SortModel>? _read;

    private sealed class Row
    {
        public string Id { get; set; } = "";
        public string Made { get; set; } = "";
        public string MadeBy { get; set; } = "";
        public long Examples { get; set; }
        public string Measured { get; set; } = "";
        public string Sha256 { get; set; } = "";
        public string State { get; set; } = "";
        public double? Alone { get; set; }
        public string? Used { get; set; }
        public string? UsedBy { get; set; }
    }

    /// <summary>All models, the newest first.</summary>
    public async Task<IReadOnlyList<SortModelLine>> ListAsync(CancellationToken cancel = default) =>
        [.. (await store.ReadAsync(c => c.QueryAsync<Row>($"SELECT {Columns} FROM work_sort_model ORDER BY made DESC, id DESC"), cancel)).Select(Line)];

    private static SortModelLine Line(Row r) => new(r.Id, r.Made, r.MadeBy, r.Examples, JsonSerializer.Deserialize<SortMeasure>(r.Measured, Json.Plain)!, r.Sha256, r.State, r.Alone, r.Used, r.UsedBy);

    /// <summary>Trains a model on what went where, as people sorted it or units accepted it. It is not in force by that.</summary>
    /// <exception cref="ConflictException">sort-few: there are too few examples, or of one matter alone.</exception>
    public async Task<SortModelLine> TrainAsync(Person by, CancellationToken cancel = default)
    {
        var examples = await ExamplesAsync(cancel);
        if (examples.Count < SortModel.Fewest || examples.DistinctBy(e => e.Label).Count() < 2)
            throw new ConflictException("sort-few", SortModel.Fewest, examples.Count);
        var (kept, measured) = await Task.Run(() => SortModel.Train(examples, UnitOf), cancel);
        var at = clock.GetUtcNow();
        var line = new SortModelLine(Guid.CreateVersion7(at).ToString("n"), Time.Write(at), by.Login, examples.Count, measured, Convert.ToHexStringLower(SHA256.HashData(kept)), "trained", null, null, null);
        await store.ChangeAsync(at, async change =>
        {
            await change.ExecuteAsync("INSERT INTO work_sort_model (id, made, made_by, examples, measured, model, sha256, state) VALUES (@Id, @Made, @MadeBy, @Examples, @measured, @model, @Sha256, 'trained')",
                new { line.Id, line.Made, line.MadeBy, line.Examples, measured = JsonSerializer.Serialize(measured, Json.Plain), model = Convert.ToBase64String(kept), line.Sha256 });
            change.Record(by, "sort-model.trained", $"sort-model:{line.Id}", JsonSerializer.Serialize(new { line.Examples, line.Sha256, measured.HeldOut, measured.Right }, Json.Plain));
        }, cancel);
        return line;
    }

    /// <summary>Puts a model in force, in place of the one that is.</summary>
    /// <param name="alone">From which confidence on it sorts by itself (0.5 to 1); null: it suggests, and a person sorts.</param>
    /// <param name="instead">The model that was in force when this was decided; null where none was.</param>
    /// <exception cref="ConflictException">sort-gone; sort-alone: not between 0.5 and 1; sort-meanwhile: another is in force than was seen.</exception>
    public Task UseAsync(string id, double? alone, string? instead, Person by, CancellationToken cancel = default) => alone is < 0.5 or > 1 or double.NaN ? throw new ConflictException("sort-alone") : store.ChangeAsync(clock.GetUtcNow(), async change =>
    {
        // All are held, so of two who decide at once the second sees what the first did.
        var all = (await change.QueryAsync<(string Id, string State)>($"SELECT id, state FROM work_sort_model ORDER BY id{change.ForUpdate}")).AsList();
        if (all.All(m => m.Id != id))
            throw new ConflictException("sort-gone");
        if (all.FirstOrDefault(m => m.State == "used").Id != instead)
            throw new ConflictException("sort-meanwhile");
        await change.ExecuteAsync("UPDATE work_sort_model SET state = 'retired' WHERE state = 'used'");
        await change.ExecuteAsync("UPDATE work_sort_model SET state = 'used', alone = @alone, used = @Stamp, used_by = @Login WHERE id = @id", new { id, alone, change.Stamp, by.Login });
        change.Record(by, "sort-model.used", $"sort-model:{id}", JsonSerializer.Serialize(new { alone, instead }, Json.Plain));
    }, cancel);

    /// <summary>Takes the model out of force that is.</summary>
    /// <exception cref="ConflictException">sort-gone: it is not in force.</exception>
    public Task RetireAsync(string id, Person by, CancellationToken cancel = default) => store.ChangeAsync(clock.GetUtcNow(), async change =>
    {
        if (await change.ExecuteAsync("UPDATE work_sort_model SET state = 'retired' WHERE id = @id AND state = 'used'", new { id }) != 1)
            throw new ConflictException("sort-gone");
        change.Record(by, "sort-model.retired", $"sort-model:{id}");
    }, cancel);

    /// <summary>What the model in force says of a text: nothing where none is.</summary>
    internal async Task<(string? Model, double? Alone, IReadOnlyList<(string Label, double Confidence)> Says)> SayAsync(string said, CancellationToken cancel)
    {
        if (await store.ReadAsync(c => c.QueryFirstOrDefaultAsync<Row>($"SELECT {Columns} FROM work_sort_model WHERE state = 'used'"), cancel) is not { } used)
            return (null, null, []);
        var model = _read is { } read && read.Item1 == used.Id ? read.Item2 : null;
        if (model is null)
        {
            var kept = Convert.FromBase64String((await store.ReadAsync(c => c.QuerySingleAsync<string>("SELECT model FROM work_sort_model WHERE id = @Id", new { used.Id }), cancel))!);
            if (Convert.ToHexStringLower(SHA256.HashData(kept)) != used.Sha256)
                throw new InvalidOperationException($"Model {used.Id} is not what was trained. Put another in force, or train anew.");
            model = SortModel.Read(kept);
            _read = Tuple.Create(used.Id, model);
        }
        return (used.Id, used.Alone, model.Predict(said));
    }

    /// <summary>How sorting came out in a time, by the unit that things went to in the end.</summary>
    public async Task<IReadOnlyList<SortAccuracy>> AccuracyAsync(DateTimeOffset since, RowRights rights, CancellationToken cancel = default)
    {
        // The last that went is where it went; a suggestion of a model before it was right where it named the same unit.
        var rows = await store.ReadAsync(c => c.QueryAsync<(string Unit, string How, string? Said)>($"""
            SELECT w.unit, w.how, (SELECT s.unit FROM work_sorting s WHERE s.reception_id = r.id AND s.how = 'model' ORDER BY s.seq LIMIT 1)
            FROM work_reception r JOIN work_sorting w ON w.reception_id = r.id AND w.seq = (SELECT max(m.seq) FROM work_sorting m WHERE m.reception_id = r.id AND m.went = 1)
            WHERE r.received >= @since AND r.state = 'sorted'{rights.And("r.region", "1 = 0")}
            """, rights.With(new { since = Time.Write(since) })), cancel);
        return [.. rows.GroupBy(r => r.Unit).OrderByDescending(g => g.Count()).ThenBy(g => g.Key, StringComparer.Ordinal).Select(g => new SortAccuracy(g.Key, g.Count(), g.Count(r => r.How == "rule"), g.Count(r => r.How == "model"), g.Count(r => r.How == "person"), g.Count(r => r.Said is not null), g.Count(r => r.Said == g.Key)))];
    }

    private string UnitOf(string label, string region) =>
        label.Split('/') is [var pack, var id] && packs.Applied.GetValueOrDefault(pack)?.Pack is { } applied && applied.Matter(id) is { } matter ? Sorter.UnitOf(land, applied, matter, region) : label;

    private async Task<IReadOnlyList<SortExample>> ExamplesAsync(CancellationToken cancel) => await store.ReadAsync(async c =>
    {
        var rows = (await c.QueryAsync<(string Id, string Said, string Region, string Pack, string Matter)>($"""
            SELECT r.id, r.said, r.region, r.pack, r.matter FROM work_reception r WHERE r.state = 'sorted' AND r.said IS NOT NULL
              AND ((SELECT w.how FROM work_sorting w WHERE w.reception_id = r.id AND w.went = 1 ORDER BY w.seq DESC LIMIT 1) = 'person'
                OR EXISTS (SELECT 1 FROM work_acceptance a WHERE a.case_id = r.case_id AND a.state = 'accepted' AND a.answered_by <> 'process')
                OR EXISTS (SELECT 1 FROM work_task t WHERE t.case_id = r.case_id AND t.state = 'done'))
            ORDER BY r.received DESC LIMIT {SortModel.Most}
            """)).AsList();
        var ring = await keys.RingAsync(c, [Receptions.Key], cancel);
        // Of matters that are no more there is nothing to sort to; what was erased teaches nothing.
        return (IReadOnlyList<SortExample>)[.. from r in rows
            where packs.Applied.GetValueOrDefault(r.Pack)?.Pack.Matter(r.Matter)?.Sort is not null
            let said = ring.Open(r.Said, Receptions.PlaceOf(r.Id)).Text
            where said is not null
            select new SortExample(r.Id, said, r.Region, $"{r.Pack}/{r.Matter}")];
    }, cancel);
}
