using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Dapper;
using Guantong.Packs;
using Guantong.Packs.Checking;
using Guantong.Packs.Planning;
using Guantong.Packs.Reading;
using Guantong.Trust;
using PackChange = Guantong.Packs.Planning.Change;

namespace Guantong.Data;

/// <summary>A pack that is in force.</summary>
/// <param name="Revision">SHA-256 over its files; cases remember the revision they run on.</param>
public sealed record AppliedPack(Pack Pack, string Revision, string Applied, string By);

/// <summary>What applying would do: findings, changes, and the rows that would be lost.</summary>
public sealed record PackPlan(Pack? Pack, IReadOnlyList<Finding> Findings, IReadOnlyList<PackChange> Changes, IReadOnlyDictionary<string, long> RowsAtStake)
{
    /// <summary>True when the pack can be applied as it is.</summary>
    public bool IsSound => Pack is not null && Findings.All(f => f.Severity != Severity.Error);

    /// <summary>True when rows would be lost, which has to be confirmed.</summary>
    public bool NeedsConfirmation => RowsAtStake.Count > 0;
}

/// <summary>How an apply ended: <c>applied</c>, <c>unchanged</c>, <c>unsound</c>, <c>unconfirmed</c> or <c>moved</c>.</summary>
public sealed record ApplyOutcome(string Result, PackPlan Plan);

/// <summary>The packs in force, and how they come to be so.</summary>
public sealed class PackRegistry(Store store, Warehouse warehouse, DatasetSeals seals, TimeProvider clock, Func<Surroundings> around, IEnumerable<PackFollower> followers) : IDisposable
{
    private readonly SemaphoreSlim _applying = new(1, 1);
    private ImmutableSortedDictionary<string, AppliedPack> _applied = ImmutableSortedDictionary.Create<string, AppliedPack>(StringComparer.Ordinal);
    private ImmutableDictionary<(string Id, string Revision), Pack> _revisions = ImmutableDictionary<(string, string), Pack>.Empty;

    /// <summary>The packs in force, by id.</summary>
    public IReadOnlyDictionary<string, AppliedPack> Applied => _applied;

    /// <summary>A pack in force, or null.</summary>
    public Pack? Find(string id) => _applied.GetValueOrDefault(id)?.Pack;

    /// <summary>Reads what is in force from the store, and brings the warehouse in line with it.</summary>
    public async Task OpenAsync(CancellationToken cancel = default)
    {
        var rows = await store.ReadAsync(c => c.QueryAsync<(string Id, string Revision, string Applied, string By, string Files)>(
            "SELECT p.id, p.revision, p.applied, p.applied_by, r.files FROM pack p JOIN pack_revision r ON r.id = p.id AND r.revision = p.revision ORDER BY p.id"), cancel);
        foreach (var row in rows)
        {
            var pack = Unpack(row.Id, row.Files);
            _applied = _applied.SetItem(row.Id, new AppliedPack(pack, row.Revision, row.Applied, row.By));
            _revisions = _revisions.SetItem((row.Id, row.Revision), pack);
            warehouse.Apply(pack, losing: true);
            await seals.BringAsync(pack, cancel);
        }
    }

    /// <summary>A pack as it was at a revision, for the cases that run on it.</summary>
    public async Task<Pack> AtAsync(string id, string revision, CancellationToken cancel = default)
    {
        if (_revisions.TryGetValue((id, revision), out var known))
            return known;
        var files = await store.ReadAsync(c => c.QueryFirstAsync<string>("SELECT files FROM pack_revision WHERE id = @id AND revision = @revision", new { id, revision }), cancel);
        var pack = Unpack(id, files);
        _revisions = _revisions.SetItem((id, revision), pack);
        return pack;
    }

    /// <summary>A pack that is in force by now, whichever node applied it; or null.</summary>
    public async Task<AppliedPack?> InForceAsync(Trust.Change change, string id)
    {
        var (revision, applied, by) = await change.FindAsync<(string?, string, string)>("SELECT revision, applied, applied_by FROM pack WHERE id = @id", new { id });
        return revision is null ? null : new AppliedPack(await AtAsync(id, revision), revision, applied, by);
    }

    /// <summary>Says what applying these files would change; changes nothing.</summary>
    public PackPlan Plan(PackFiles files)
    {
        var here = around();
        // Packs that came over the API count like those in the folder.
        var reading = PackCheck.Check(files, here with
        {
            Packs = here.Packs is not { } packs ? null : _applied.Values.Select(a => (a.Pack.Id, a.Pack.Version)).Concat(packs.Select(p => (Id: p.Key, Version: p.Value))).DistinctBy(p => p.Id).ToDictionary(p => p.Id, p => p.Version),
            Other = id => Find(id) ?? here.Other?.Invoke(id),
        });
        if (reading.Pack is not { } pack || reading.Findings.Any(f => f.Severity == Severity.Error))
            return new PackPlan(reading.Pack, reading.Findings, [], new Dictionary<string, long>());
        var applied = Find(pack.Id);
        var changes = PackDiff.Between(applied, pack);
        var atStake = changes.Where(c => c.Loses && applied is not null)
            .Select(c => (c.Id, Rows: warehouse.RowCount(applied!.Id, c.Id)))
            .Where(r => r.Rows > 0).ToDictionary(r => r.Id, r => r.Rows);
        return new PackPlan(pack, reading.Findings, changes, atStake);
    }

    /// <summary>Brings a pack into force, whole or not at all.</summary>
    /// <param name="files">The pack's folder.</param>
    /// <param name="by">Who applies it.</param>
    /// <param name="confirmed">True when losing the rows that <see cref="PackPlan.RowsAtStake"/> names is wanted.</param>
    /// <param name="onto">The revision that the files were changed from: where another is in force by now, nothing is changed (<c>moved</c>). Null for whichever is in force.</param>
    /// <param name="cancel">Stops before anything is changed.</param>
    public async Task<ApplyOutcome> ApplyAsync(PackFiles files, Person by, bool confirmed, string? onto = null, CancellationToken cancel = default)
    {
        await _applying.WaitAsync(cancel);
        try
        {
            var plan = Plan(files);
            if (!plan.IsSound)
                return new ApplyOutcome("unsound", plan);
            if (onto is not null && _applied.GetValueOrDefault(plan.Pack!.Id)?.Revision != onto)
                return new ApplyOutcome("moved", plan);
            if (plan.Changes.Count == 0)
                return new ApplyOutcome("unchanged", plan);
            if (plan.NeedsConfirmation && !confirmed)
                return new ApplyOutcome("unconfirmed", plan);
            await BringIntoForceAsync(plan, by, onto, cancel);
            return new ApplyOutcome("applied", plan);
        }
        catch (MovedException)
        {
            return new ApplyOutcome("moved", Plan(files));
        }
        finally
        {
            _applying.Release();
        }
    }

    private async Task BringIntoForceAsync(PackPlan plan, Person by, string? onto, CancellationToken cancel)
    {
        var pack = plan.Pack!;
        var files = JsonSerializer.Serialize(pack.Files.Texts.OrderBy(t => t.Key, StringComparer.Ordinal).ToDictionary());
        var revision = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(files)));
        // Two stores, no common transaction: tables are made first (harmless if the next step fails, and made again
        // in vain), the pack comes into force in the operations store, and only then is anything dropped.
        warehouse.Apply(pack, losing: false);
        var at = clock.GetUtcNow();
        await store.ChangeAsync(at, async change =>
        {
            await change.ExecuteAsync(
                "INSERT INTO pack_revision (id, revision, version, files, applied) VALUES (@Id, @revision, @Version, @files, @Stamp) ON CONFLICT (id, revision) DO NOTHING",
                new { pack.Id, revision, pack.Version, files, change.Stamp });
            var stood = await change.ExecuteAsync(
                "INSERT INTO pack (id, revision, applied, applied_by) VALUES (@Id, @revision, @Stamp, @Login) ON CONFLICT (id) DO UPDATE SET revision = excluded.revision, applied = excluded.applied, applied_by = excluded.applied_by WHERE @onto IS NULL OR pack.revision = @onto",
                new { pack.Id, revision, change.Stamp, by.Login, onto });
            if (stood == 0)
                throw new MovedException();
            change.Record(by, "pack.applied", $"pack:{pack.Id}", JsonSerializer.Serialize(new
            {
                pack.Version,
                revision,
                changes = plan.Changes.Select(c => $"{c.Kind} {c.What} {c.Id}".ToLowerInvariant()),
                plan.RowsAtStake,
            }));
            foreach (var follower in followers)
                await follower(change, new AppliedPack(pack, revision, change.Stamp, by.Login));
        }, cancel);
        warehouse.Apply(pack, losing: true);
        _applied = _applied.SetItem(pack.Id, new AppliedPack(pack, revision, Time.Write(at), by.Login));
        _revisions = _revisions.SetItem((pack.Id, revision), pack);
        // Rows that a load under the former declaration wrote meanwhile are sealed too.
        await seals.BringAsync(pack, cancel);
        // What is declared anew of rows that stand is to be computed.
        warehouse.Tell();
    }

    // Another node brought another revision into force meanwhile: nothing of the change may stand.
    private sealed class MovedException : Exception;

    private static Pack Unpack(string id, string files) =>
        PackReader.Read(new PackFiles($"packs/{id}", JsonSerializer.Deserialize<Dictionary<string, string>>(files)!)).Pack
        ?? throw new InvalidOperationException($"The applied pack {id} no longer reads; apply a version that this platform understands.");

    /// <inheritdoc/>
    public void Dispose() => _applying.Dispose();
}
