using System.Text.Json;
using Dapper;
using Guantong.Packs;
using Guantong.Trust;

namespace Guantong.Data;

/// <summary>Data that somebody needs (需求清单).</summary>
/// <param name="Origin">pack: a matter or indicator of a pack in force needs it; filed: a unit asked for it.</param>
/// <param name="State">met: it is in the catalogue and shared; open: nobody answered yet; conditional: it is there, under a condition; unshared: it is there and not shared; declined: it will not be provided.</param>
/// <param name="By">Who needs it: a unit's name.</param>
/// <param name="For">What for.</param>
/// <param name="Entry">The entry that meets it, or null.</param>
/// <param name="Items">The items wanted; none where nobody said.</param>
public sealed record Demand(string Id, string Origin, string State, string By, string Name, string About, string For, string? Entry, IReadOnlyList<string> Items, string Filed, string Note = "");

/// <summary>Which demands are wanted; null for any.</summary>
/// <param name="By">The id or name of the unit that needs it.</param>
/// <param name="Words">A part of what is needed, of what it is used in, or of what for.</param>
public sealed record DemandQuery(string? State = null, string? Origin = null, string? By = null, string? Words = null);

/// <summary>The list of demand: what matters and indicators of packs in force need, and what units filed, each with its state.</summary>
public sealed class DemandList(Store store, CatalogueBook book, PackRegistry packs, Jurisdiction land, TimeProvider clock)
{
    /// <summary>The longest text, in characters.</summary>
    public const int Longest = 1000;

    /// <summary>The states, what is open first.</summary>
    public static IReadOnlyList<string> States { get; } = ["open", "unshared", "conditional", "met", "declined"];

    /// <summary>Where demands come from.</summary>
    public static IReadOnlyList<string> Origins { get; } = ["pack", "filed"];

    private sealed class Row
    {
        public required string Id { get; init; }
        public required string Unit { get; init; }
        public required string Name { get; init; }
        public required string About { get; init; }
        public required string Purpose { get; init; }
        public required string State { get; init; }
        public string? Entry { get; init; }
        public required string Filed { get; init; }
        public required string Note { get; init; }
    }

    /// <summary>The demands that fit, what is open first.</summary>
    public async Task<IReadOnlyList<Demand>> FindAsync(DemandQuery query, CancellationToken cancel = default)
    {
        var by = land.Units.Find(query.By)?.Name ?? query.By;
        bool Says(string text) => text.Contains(query.Words!, StringComparison.OrdinalIgnoreCase);
        return [.. (await AllAsync(cancel)).Where(d => (string.IsNullOrEmpty(query.State) || d.State == query.State) && (string.IsNullOrEmpty(query.Origin) || d.Origin == query.Origin)
            && (string.IsNullOrEmpty(by) || d.By == by) && (string.IsNullOrEmpty(query.Words) || Says(d.Name) || Says(d.About) || Says(d.For)))];
    }

    private async Task<IReadOnlyList<Demand>> AllAsync(CancellationToken cancel)
    {
        var filed = await store.ReadAsync(c => c.QueryAsync<Row>("SELECT id AS Id, unit AS Unit, name AS Name, about AS About, purpose AS Purpose, state AS State, entry AS Entry, filed AS Filed, note AS Note FROM catalogue_demand ORDER BY filed DESC, id"), cancel);
        return [.. filed.Select(r => new Demand(r.Id, "filed", r.State, land.Units.Find(r.Unit)?.Name ?? r.Unit, r.Name, r.About, r.Purpose, r.Entry, [], r.Filed, r.Note)).Concat(packs.Applied.Values.SelectMany(OfPack)).OrderBy(d => States.ToList().IndexOf(d.State))];
    }

    // A pack's needs follow the pack: nobody files or answers them.
    private static IEnumerable<Demand> OfPack(AppliedPack applied)
    {
        var pack = applied.Pack;
        Demand Of(string kind, string id, string by, string what, string purpose, Dataset data, IReadOnlyList<string> items) => new($"{pack.Id}:{kind}:{id}:{data.Id}", "pack", data.Source.Name == by ? "met" : data.Share switch { "unconditional" => "met", "conditional" => "conditional", _ => "unshared" },
            by, data.Name, what, purpose, PackEntries.IdOf(pack.Id, data.Id), items, applied.Applied);
        foreach (var matter in pack.Matters)
        {
            foreach (var need in matter.Needs)
            {
                if (pack.Dataset(need.Data.Name) is { } data)
                    yield return Of("matter", matter.Id, pack.Lead.Name, matter.Name, need.For, data, [.. need.Fields.Select(f => data.Field(f.Name)?.Name ?? f.Name)]);
            }
        }
        foreach (var indicator in pack.Indicators)
        {
            foreach (var data in indicator.Needs.Select(n => pack.Dataset(n.Name)).OfType<Dataset>())
                yield return Of("indicator", indicator.Id, pack.Lead.Name, indicator.Name, indicator.About, data, []);
        }
    }

    /// <summary>Files a demand for one's own unit.</summary>
    /// <returns>Null where it is filed, else what stands in the way: demand-words or demand-unit.</returns>
    public async Task<string?> FileAsync(Person by, string? name, string? about, string? purpose, CancellationToken cancel = default)
    {
        if (((string?[])[name, about, purpose]).Any(t => string.IsNullOrWhiteSpace(t) || t.Length > Longest))
            return "demand-words";
        if (land.Units.Find(by.Unit) is not { } unit)
            return "demand-unit";
        await store.ChangeAsync(clock.GetUtcNow(), async change =>
        {
            var id = Guid.CreateVersion7(change.At).ToString("n");
            await change.ExecuteAsync("INSERT INTO catalogue_demand (id, unit, name, about, purpose, state, filed, filed_by, note) VALUES (@id, @unit, @name, @about, @purpose, 'open', @Stamp, @Login, '')",
                new { id, unit = unit.Id, name = name!.Trim(), about = about!.Trim(), purpose = purpose!.Trim(), change.Stamp, by.Login });
            change.Record(by, "catalogue.demand-filed", $"demand:{id}", JsonSerializer.Serialize(new { name }));
        }, cancel);
        return null;
    }

    /// <summary>Answers a demand that was filed: by an entry that meets it, or by declining with a reason.</summary>
    /// <returns>Null where it is answered, else what stands in the way: demand-gone, demand-entry or demand-note.</returns>
    public async Task<string?> AnswerAsync(Person by, string id, string? entry, string? note, CancellationToken cancel = default)
    {
        var kept = string.IsNullOrWhiteSpace(entry) ? null : await book.FindAsync(entry.Trim(), cancel);
        if (!string.IsNullOrWhiteSpace(entry) && kept is not { State: "current" })
            return "demand-entry";
        if (kept is null && string.IsNullOrWhiteSpace(note) || note?.Length > Longest)
            return "demand-note";
        var state = kept?.Entry.Share switch { null => "declined", "unconditional" => "met", "conditional" => "conditional", _ => "unshared" };
        return await store.ChangeAsync(clock.GetUtcNow(), async change =>
        {
            var touched = await change.ExecuteAsync("UPDATE catalogue_demand SET state = @state, entry = @entry, note = @note, answered = @Stamp, answered_by = @Login WHERE id = @id", new { id, state, entry = kept?.Entry.Id, note = note?.Trim() ?? "", change.Stamp, by.Login });
            change.Record(by, touched > 0 ? "catalogue.demand-answered" : "catalogue.demand-gone", $"demand:{id}", JsonSerializer.Serialize(new { state, entry = kept?.Entry.Id }));
            return touched > 0 ? null : "demand-gone";
        }, cancel);
    }
}
