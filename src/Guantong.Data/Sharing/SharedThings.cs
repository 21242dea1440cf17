using System.Collections.Frozen;
using System.Text.Json;
using Dapper;
using Guantong.Packs;
using Guantong.Trust;

namespace Guantong.Data;

/// <summary>A field of an interface's answers.</summary>
/// <param name="Personal">The kind of personal data that it is, or null.</param>
public sealed record InterfaceField(string Id, string Name, string? Personal = null);

/// <summary>A unit's own HTTP interface that the gateway stands in front of.</summary>
/// <param name="Connection">Where it is reached: a connection of kind http, which holds address and secret.</param>
/// <param name="Fields">The fields of its answers, which are JSON: an object, a list of objects, or either below <c>data</c>, <c>items</c> or <c>rows</c>.</param>
/// <param name="Mock">What it answers in trial, JSON; null where it has no trial.</param>
/// <param name="State">live, deprecated (served, with the date on which it ends) or retired.</param>
/// <param name="Sunset">The day on which a deprecated one ends (RFC 8594).</param>
/// <param name="Successor">The interface that takes its place.</param>
public sealed record ShareInterface(string Id, string Name, string About, string Unit, string Version, string Connection, string Share, int Grade,
    IReadOnlyList<InterfaceField> Fields, string? Mock, string State = "live", string? Sunset = null, string? Successor = null);

/// <summary>What can be asked for: datasets of packs in force and interfaces, as they stand now.</summary>
public sealed class SharedThings(PackRegistry packs, Store store, Jurisdiction land)
{
    private const string Columns = "id, name, about, unit, version, connection, share, grade, fields, mock, state, sunset, successor";

    private sealed class Row
    {
        public string Id { get; set; } = "";
        public string Name { get; set; } = "";
        public string About { get; set; } = "";
        public string Unit { get; set; } = "";
        public string Version { get; set; } = "";
        public string Connection { get; set; } = "";
        public string Share { get; set; } = "";
        public long Grade { get; set; }
        public string Fields { get; set; } = "[]";
        public string? Mock { get; set; }
        public string State { get; set; } = "";
        public string? Sunset { get; set; }
        public string? Successor { get; set; }

        public ShareInterface Read() => new(Id, Name, About, Unit, Version, Connection, Share, (int)Grade, JsonSerializer.Deserialize<List<InterfaceField>>(Fields)!, Mock, State, Sunset, Successor);
    }

    /// <summary>One by its id, or null.</summary>
    public async Task<Shared?> FindAsync(string about, CancellationToken cancel = default) =>
        about.StartsWith(Shared.InterfacePrefix, StringComparison.Ordinal) ? await InterfaceAsync(about[Shared.InterfacePrefix.Length..], cancel) is { } its ? Of(its) : null
        : Dataset(about) is var (pack, dataset) ? Of(pack, dataset) : null;

    /// <summary>The dataset of an id PACK/DATASET, or null.</summary>
    public (Pack Pack, Dataset Dataset)? Dataset(string about) =>
        about.Split('/') is [var pack, var id] && packs.Find(pack) is { } found && found.Dataset(id) is { } dataset ? (found, dataset) : null;

    /// <summary>The dataset that a pack names: its own by id, another pack's by PACK/DATASET; null where that is not in force.</summary>
    public (Pack Pack, Dataset Dataset)? Named(Pack pack, string name) =>
        name.Contains('/', StringComparison.Ordinal) ? Dataset(name) : pack.Dataset(name) is { } own ? (pack, own) : null;

    /// <summary>What a dataset that a pack names is called; the name itself where it is not in force.</summary>
    public string Called(Pack pack, string name, string lang) => Named(pack, name) is var (home, data) ? home.Say(lang, data.Name) : name;

    /// <summary>An interface by its id, or null.</summary>
    public Task<ShareInterface?> InterfaceAsync(string id, CancellationToken cancel = default) => store.ReadAsync(async c =>
        (await c.QueryFirstOrDefaultAsync<Row>($"SELECT {Columns} FROM share_interface WHERE id = @id", new { id }))?.Read(), cancel);

    /// <summary>All interfaces, by name.</summary>
    public Task<IReadOnlyList<ShareInterface>> InterfacesAsync(CancellationToken cancel = default) => store.ReadAsync(async c =>
        (IReadOnlyList<ShareInterface>)[.. (await c.QueryAsync<Row>($"SELECT {Columns} FROM share_interface ORDER BY name, id")).Select(r => r.Read())], cancel);

    /// <summary>A dataset as it is asked for.</summary>
    public Shared Of(Pack pack, Dataset dataset)
    {
        var personal = dataset.Fields.Select(f => (f.Id, Kind: f.Personal ?? Referred(pack, dataset, f))).Where(f => f.Kind is not null).ToFrozenDictionary(f => f.Id, f => f.Kind!);
        return new($"{pack.Id}/{dataset.Id}", dataset.Name, dataset.Share, dataset.Grade ?? 1, land.Units.Named(dataset.Source.Name)?.Id ?? dataset.Source.Name, personal,
            [.. dataset.Fields.Select(f => f.Id)], [.. personal.Where(p => p.Value == "identity").Select(p => p.Key)], [.. dataset.Key.Select(k => k.Name)], dataset.Region?.Name, dataset.Updated, dataset.Listing.Basis);
    }

    /// <summary>An interface as it is asked for.</summary>
    public static Shared Of(ShareInterface given) => new(Shared.InterfacePrefix + given.Id, given.Name, given.State == "retired" ? "none" : given.Share, given.Grade, given.Unit,
        given.Fields.Where(f => f.Personal is not null).ToFrozenDictionary(f => f.Id, f => f.Personal!), [.. given.Fields.Select(f => f.Id)],
        [.. given.Fields.Where(f => f.Personal == "identity").Select(f => f.Id)], [], null, null, null);

    // What refers to a person's number is about that person too.
    private static string? Referred(Pack pack, Dataset dataset, Field field) =>
        pack.HomeOf(dataset, field) is { } home ? pack.Dataset(home.Dataset)?.Field(home.Field)?.Personal ?? "other" : null;
}
