using System.Text.Json;
using Dapper;
using Guantong.Packs;
using Guantong.Trust;

namespace Guantong.Data;

/// <summary>Keeps the entries of the catalogue, every version of each, with who changed what and when.</summary>
/// <remarks>Entries of packs follow the packs in force, in the transaction that brings them there.</remarks>
public sealed class CatalogueBook(Store store, Jurisdiction land, TimeProvider clock)
{
    /// <summary>How entries stand in the store, and nowhere else.</summary>
    internal static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private const string Columns = "id AS Id, origin AS Origin, source AS Source, version AS Version, state AS State, body AS Body, changed AS Changed, seq AS Seq";

    // A class: on SQLite a count comes as whatever it fits.
    private sealed class Row
    {
        public required string Id { get; init; }
        public required string Origin { get; init; }
        public required string Source { get; init; }
        public long Version { get; init; }
        public required string State { get; init; }
        public required string Body { get; init; }
        public required string Changed { get; init; }
        public long Seq { get; init; }

        public KeptEntry Kept => new(JsonSerializer.Deserialize<CatalogueEntry>(Body, Json)!, Origin, Source, (int)Version, State, Changed, Seq);
    }

    private sealed class VersionRow
    {
        public required string Id { get; init; }
        public long Version { get; init; }
        public required string At { get; init; }
        public required string By { get; init; }
        public string? Unit { get; init; }
        public required string State { get; init; }
        public required string Body { get; init; }
        public required string Changes { get; init; }
        public long Seq { get; init; }

        public EntryVersion Said => new(Id, (int)Version, At, By, Unit, State, JsonSerializer.Deserialize<EntryChange[]>(Changes, Json)!, JsonSerializer.Deserialize<CatalogueEntry>(Body, Json)!, Seq);
    }

    /// <summary>Takes the datasets of packs in force that are not in the catalogue yet: those of a store from before there was one.</summary>
    public async Task OpenAsync(PackRegistry packs, CancellationToken cancel = default)
    {
        foreach (var applied in packs.Applied.Values)
        {
            var known = (await store.ReadAsync(c => c.QueryAsync<Row>($"SELECT {Columns} FROM catalogue_entry WHERE origin = 'pack' AND source = @Id", new { applied.Pack.Id }), cancel)).ToDictionary(r => r.Id, r => r.Kept.Entry);
            var standing = (await store.ReadAsync(c => c.QueryAsync<string>("SELECT dataset FROM opening WHERE pack = @Id AND edition IS NOT NULL", new { applied.Pack.Id }), cancel)).ToHashSet();
            // Entries from before openings stood in the catalogue are written anew too.
            if (applied.Pack.Datasets.Any(d => known.GetValueOrDefault(PackEntries.IdOf(applied.Pack.Id, d.Id)) is not { } entry || entry.Opening != PackEntries.OpeningOf(d, standing.Contains(d.Id))))
                await store.ChangeAsync(clock.GetUtcNow(), change => FollowAsync(change, applied.Pack, applied.By, land), cancel);
        }
    }

    /// <summary>Brings the entries of a pack in line with it, in the transaction in which it comes into force.</summary>
    internal static async Task FollowAsync(Change change, Pack pack, string by, Jurisdiction land)
    {
        var unit = await change.FindAsync<string>("SELECT unit FROM person WHERE login = @by", new { by });
        var before = (await change.QueryAsync<Row>($"SELECT {Columns} FROM catalogue_entry WHERE origin = 'pack' AND source = @Id", new { pack.Id })).ToDictionary(r => r.Id, r => r.Kept);
        foreach (var dataset in pack.Datasets)
        {
            var entry = PackEntries.Of(pack, dataset, land) with { Opening = await OpeningAsync(change, pack, dataset) };
            // What the catalogue itself gave stays: its labels too.
            if (before.Remove(entry.Id, out var kept))
                entry = entry with { Code = kept.Entry.Code, Published = kept.Entry.Published, Labels = kept.Entry.Labels };
            await PutAsync(change, entry, "pack", pack.Id, "current", by, unit);
        }
        foreach (var gone in before.Values)
            await PutAsync(change, gone.Entry, "pack", pack.Id, "withdrawn", by, unit);
    }

    private static async Task<string> OpeningAsync(Change change, Pack pack, Dataset dataset) => dataset.Opening is null ? ""
        : PackEntries.OpeningOf(dataset, await change.FindAsync<long?>("SELECT edition FROM opening WHERE pack = @pack AND dataset = @dataset", new { pack = pack.Id, dataset = dataset.Id }) is not null);

    /// <summary>Brings the entry of a dataset in line with what is published of it, in the transaction in which that comes to stand or goes.</summary>
    /// <param name="opening">As <see cref="CatalogueEntry.Opening"/>.</param>
    internal static async Task OpenedAsync(Change change, string pack, string dataset, string opening, Person by)
    {
        if (await HeldAsync(change, PackEntries.IdOf(pack, dataset)) is { Origin: "pack", State: "current" } kept && kept.Entry.Opening != opening)
            await PutAsync(change, kept.Entry with { Opening = opening }, kept.Origin, kept.Source, kept.State, by.Login, by.Unit);
    }

    /// <summary>The ids of entries of packs that anyone may see.</summary>
    public async Task<IReadOnlySet<string>> PublicAsync(CancellationToken cancel = default) =>
        (await store.ReadAsync(c => c.QueryAsync<string>("SELECT id FROM catalogue_entry WHERE origin = 'pack' AND state = 'current' AND public = 1"), cancel)).ToHashSet();

    /// <summary>An entry, or null.</summary>
    public Task<KeptEntry?> FindAsync(string id, CancellationToken cancel = default) =>
        store.ReadAsync(async c => (await c.QueryFirstOrDefaultAsync<Row>($"SELECT {Columns} FROM catalogue_entry WHERE id = @id", new { id }))?.Kept, cancel);

    /// <summary>Several entries, in the order of their ids as given; those that are not there are left out.</summary>
    public async Task<IReadOnlyList<KeptEntry>> FindAsync(IReadOnlyList<string> ids, CancellationToken cancel = default)
    {
        if (ids.Count == 0)
            return [];
        var rows = (await store.ReadAsync(c => c.QueryAsync<Row>($"SELECT {Columns} FROM catalogue_entry WHERE id {(store.IsPostgres ? "= ANY(@ids)" : "IN @ids")}", new { ids }), cancel)).ToDictionary(r => r.Id, r => r.Kept);
        return [.. ids.Where(rows.ContainsKey).Select(id => rows[id])];
    }

    /// <summary>Every version of an entry, the newest first.</summary>
    public Task<IReadOnlyList<EntryVersion>> VersionsAsync(string id, CancellationToken cancel = default) => store.ReadAsync(async c => (IReadOnlyList<EntryVersion>)[.. (await c.QueryAsync<VersionRow>(
        "SELECT id AS Id, version AS Version, at AS At, changed_by AS By, unit AS Unit, state AS State, body AS Body, changes AS Changes, seq AS Seq FROM catalogue_version WHERE id = @id ORDER BY version DESC", new { id })).Select(r => r.Said)], cancel);

    /// <summary>What was harvested from a source, in the change that goes on with it.</summary>
    internal static async Task<IReadOnlyList<KeptEntry>> OfSourceAsync(Change change, string source) =>
        [.. (await change.QueryAsync<Row>($"SELECT {Columns} FROM catalogue_entry WHERE origin = 'harvest' AND source = @source", new { source })).Select(r => r.Kept)];

    /// <summary>Entries in the order of their ids, a page at a time: for what goes through all of them.</summary>
    public async IAsyncEnumerable<KeptEntry> AllAsync(bool publicAlone, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancel = default)
    {
        const int page = 500;
        for (var after = ""; ;)
        {
            var rows = (await store.ReadAsync(c => c.QueryAsync<Row>($"SELECT {Columns} FROM catalogue_entry WHERE id > @after AND state <> 'withdrawn'{(publicAlone ? " AND public = 1" : "")} ORDER BY id LIMIT {page}", new { after }), cancel)).AsList();
            foreach (var row in rows)
                yield return row.Kept;
            if (rows.Count < page)
                yield break;
            after = rows[^1].Id;
        }
    }

    /// <summary>The number of the last change.</summary>
    internal Task<long> LastAsync(CancellationToken cancel) => store.ReadAsync(c => c.ExecuteScalarAsync<long>("SELECT coalesce(max(last), 0) FROM catalogue_counter WHERE name = 'change'"), cancel);

    /// <summary>What changed after a number, in order; at most so many.</summary>
    internal Task<List<KeptEntry>> ChangedAsync(long after, int most, CancellationToken cancel) => store.ReadAsync(async c =>
        (await c.QueryAsync<Row>($"SELECT {Columns} FROM catalogue_entry WHERE seq > @after ORDER BY seq LIMIT @most", new { after, most })).Select(r => r.Kept).ToList(), cancel);

    /// <summary>Adds an entry made by hand.</summary>
    public Task<EntrySaving> AddAsync(Person by, CatalogueEntry entry, CancellationToken cancel = default) =>
        SaveAsync(by, Own(entry) with { Id = Guid.CreateVersion7(clock.GetUtcNow()).ToString("n"), Code = "" }, null, cancel);

    /// <summary>Changes an entry that was made by hand or imported.</summary>
    /// <param name="onto">The version that it was changed from: where another stands by now, nothing is changed.</param>
    public Task<EntrySaving> ChangeAsync(Person by, string id, CatalogueEntry entry, int onto, CancellationToken cancel = default) =>
        SaveAsync(by, Own(entry) with { Id = id }, onto, cancel);

    private Task<EntrySaving> SaveAsync(Person by, CatalogueEntry entry, int? onto, CancellationToken cancel)
    {
        if (EntryCheck.Of(entry, land) is { Count: > 0 } faults)
            return Task.FromResult(new EntrySaving(null, faults));
        return store.ChangeAsync(clock.GetUtcNow(), async change =>
        {
            var kept = await HeldAsync(change, entry.Id);
            var refused = onto is not null && kept is null ? "entry-gone"
                : kept is { Origin: "pack" or "harvest" } ? "entry-follows"
                : kept is not null && kept.Version != onto ? "entry-moved"
                : !MayEdit(by, entry) || (kept is not null && !MayEdit(by, kept.Entry)) ? "entry-not-yours" : null;
            if (refused is not null)
            {
                change.Record(by, "catalogue.change-refused", $"entry:{entry.Id}", JsonSerializer.Serialize(new { why = refused }));
                return new EntrySaving(null, []) { Refused = refused };
            }
            var put = await PutAsync(change, entry with { Code = kept?.Entry.Code ?? "", Published = entry.Published.Length > 0 ? entry.Published : kept?.Entry.Published ?? "", Labels = kept?.Entry.Labels ?? [] },
                kept?.Origin ?? "hand", kept?.Source ?? "", "current", by.Login, by.Unit);
            if (put is null)
                change.Record(by, "catalogue.entry-unchanged", $"entry:{entry.Id}");
            return new EntrySaving(put ?? kept, []);
        }, cancel);
    }

    /// <summary>Takes an entry out of the catalogue; its history stays, and changing it brings it back.</summary>
    /// <returns>Null where it is out now, else what stands in the way.</returns>
    public Task<string?> WithdrawAsync(Person by, string id, CancellationToken cancel = default) => store.ChangeAsync(clock.GetUtcNow(), async change =>
    {
        var kept = await HeldAsync(change, id);
        var refused = kept is null or { State: "withdrawn" } ? "entry-gone" : kept.Origin is "pack" or "harvest" ? "entry-follows" : !MayEdit(by, kept.Entry) ? "entry-not-yours" : null;
        if (refused is not null)
            change.Record(by, "catalogue.change-refused", $"entry:{id}", JsonSerializer.Serialize(new { why = refused }));
        else
            await PutAsync(change, kept!.Entry, kept.Origin, kept.Source, "withdrawn", by.Login, by.Unit);
        return refused;
    }, cancel);

    /// <summary>Takes many entries from one source, each by its id, with one line in the ledger. They must have been checked.</summary>
    public Task<EntryCounts> ImportAsync(Person by, IReadOnlyList<CatalogueEntry> entries, string source, CancellationToken cancel = default) =>
        store.ChangeAsync(clock.GetUtcNow(), change => PutAllAsync(change, entries, "import", source, by.Login, by.Unit, "imported"), cancel);

    /// <summary>Whether somebody may change an entry: stewards those of their own unit, the data bureau's all.</summary>
    public static bool MayEdit(Person who, CatalogueEntry entry) => who.May("catalogue.edit", new Thing(Unit: entry.ProviderCode));

    // What is written is in its normal form: no blanks around, names of units as the jurisdiction has them.
    internal CatalogueEntry Own(CatalogueEntry entry)
    {
        var plain = EntryFields.Normal(entry);
        var unit = land.Units.Find(plain.ProviderCode) ?? land.Units.Named(plain.Provider);
        return unit is null || (plain.ProviderCode.Length > 0 && plain.ProviderCode != unit.Id) ? plain
            : plain with { Provider = unit.Name, ProviderCode = unit.Id, Region = plain.Region.Length > 0 ? plain.Region : unit.Region };
    }

    private static async Task<KeptEntry?> HeldAsync(Change change, string id) => (await change.FindAsync<Row>($"SELECT {Columns} FROM catalogue_entry WHERE id = @id{change.ForUpdate}", new { id }))?.Kept;

    /// <summary>Writes an entry where it says something new: a new version, its changes, and its line in the ledger.</summary>
    /// <returns>Null where nothing changed.</returns>
    internal static async Task<KeptEntry?> PutAsync(Change change, CatalogueEntry entry, string origin, string source, string state, string by, string? unit, bool alone = true)
    {
        var kept = await HeldAsync(change, entry.Id);
        // What the catalogue itself gave stays with an entry that comes again from elsewhere.
        if (kept is not null && origin == "harvest")
            entry = entry with { Code = kept.Entry.Code, Published = entry.Published.Length > 0 ? entry.Published : kept.Entry.Published, Labels = kept.Entry.Labels };
        if (entry.Code.Length == 0)
            entry = entry with { Code = EntryCode.Of(entry, await NextAsync(change, "code")) };
        if (entry.Published.Length == 0)
            entry = entry with { Published = change.Stamp[..10] };
        var changes = EntryFields.Changes(kept?.Entry, entry);
        if (kept is not null && changes.Count == 0 && kept.State == state && kept.Source == source)
            return null;
        var put = new KeptEntry(entry, origin, source, (kept?.Version ?? 0) + 1, state, change.Stamp, await NextAsync(change, "change"));
        var row = new { entry.Id, entry.Code, origin, source, provider = entry.ProviderCode, put.Version, state, isPublic = entry.IsPublic ? 1 : 0, body = JsonSerializer.Serialize(entry, Json), change.Stamp, put.Seq, by, unit, changes = JsonSerializer.Serialize(changes, Json) };
        await change.ExecuteAsync("""
            INSERT INTO catalogue_entry (id, code, origin, source, provider, version, state, public, body, changed, seq) VALUES (@Id, @Code, @origin, @source, @provider, @Version, @state, @isPublic, @body, @Stamp, @Seq)
            ON CONFLICT (id) DO UPDATE SET code = excluded.code, source = excluded.source, provider = excluded.provider, version = excluded.version, state = excluded.state, public = excluded.public, body = excluded.body, changed = excluded.changed, seq = excluded.seq
            """, row);
        await change.ExecuteAsync("INSERT INTO catalogue_version (id, version, at, changed_by, unit, state, body, changes, seq) VALUES (@Id, @Version, @Stamp, @by, @unit, @state, @body, @changes, @Seq)", row);
        // Of many at once the ledger has one line, which whoever puts them writes; each version says by whom.
        if (!alone)
            return put;
        var action = kept is null ? "added" : kept.State == state ? "changed" : state == "current" ? "returned" : state;
        change.Record(by, "catalogue.entry-" + action, $"entry:{entry.Id}", JsonSerializer.Serialize(new { put.Version, fields = changes.Select(c => c.Path).Take(50) }), unit);
        return put;
    }

    /// <summary>Gives an entry a label, or takes it from it, wherever the entry comes from.</summary>
    internal static async Task LabelAsync(Change change, string id, string label, bool has, Person by)
    {
        if (await HeldAsync(change, id) is { } kept)
            await PutAsync(change, kept.Entry with { Labels = has ? [.. kept.Entry.Labels.Append(label).Distinct()] : [.. kept.Entry.Labels.Where(l => l != label)] }, kept.Origin, kept.Source, kept.State, by.Login, by.Unit, alone: false);
    }

    /// <summary>Writes many entries at once, with one line in the ledger.</summary>
    /// <param name="way">How they came: <c>imported</c> or <c>harvested</c>.</param>
    internal static async Task<EntryCounts> PutAllAsync(Change change, IEnumerable<CatalogueEntry> entries, string origin, string source, string by, string? unit, string way)
    {
        var (added, changed, same) = (0, 0, 0);
        foreach (var entry in entries)
        {
            var put = await PutAsync(change, entry, origin, source, "current", by, unit, alone: false);
            _ = put switch { null => same++, { Version: 1 } => added++, _ => changed++ };
        }
        change.Record(by, "catalogue." + way, $"catalogue:{source}", JsonSerializer.Serialize(new { added, changed, same }), unit);
        return new EntryCounts(added, changed, same);
    }

    // The row is held until commit: whoever reads numbers in order misses none.
    private static Task<long> NextAsync(Change change, string name) => change.FindAsync<long>(
        "INSERT INTO catalogue_counter (name, last) VALUES (@name, 1) ON CONFLICT (name) DO UPDATE SET last = catalogue_counter.last + 1 RETURNING last", new { name });
}

/// <summary>What became of many entries.</summary>
public sealed record EntryCounts(int Added, int Changed, int Same);

/// <summary>How saving an entry ended.</summary>
/// <param name="Kept">The entry as it stands now; null where nothing was saved.</param>
/// <param name="Faults">What it may not say.</param>
public sealed record EntrySaving(KeptEntry? Kept, IReadOnlyList<EntryFault> Faults)
{
    /// <summary>What else stands in the way: entry-gone, entry-follows, entry-moved or entry-not-yours.</summary>
    public string? Refused { get; init; }
}
