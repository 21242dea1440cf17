using System.Text.Json;
using Dapper;
using Guantong.Data;
using Guantong.Processes;
using Guantong.Trust;

namespace Guantong.Work;

/// <summary>Takes a matter's running cases from one version of their pack to another: looks first, then begins; <see cref="MigrationRunner"/> does it case by case.</summary>
public sealed class CaseMigrations(Store store, PackRegistry packs, Jurisdiction land, CaseSeals seals, TimeProvider clock)
{
    private const int Batch = 200;

    /// <summary>Wakes whoever runs migrations.</summary>
    internal WorkSignal Begun { get; } = new();

    /// <summary>The versions of a pack, the latest first, with the running cases of a matter on each.</summary>
    public async Task<IReadOnlyList<CaseVersion>> VersionsAsync(string pack, string matter, RowRights rights, CancellationToken cancel = default)
    {
        var inForce = packs.Applied.GetValueOrDefault(pack)?.Revision;
        var rows = await store.ReadAsync(c => c.QueryAsync<(string Revision, string Version, string Applied, long Running)>($"""
            SELECT r.revision, r.version, r.applied, (SELECT count(*) FROM work_case c WHERE c.pack = r.id AND c.matter = @matter AND c.revision = r.revision AND c.state IN ('open', 'stuck') AND c.called IS NULL{rights.OfCase("c")})
            FROM pack_revision r WHERE r.id = @pack ORDER BY r.applied DESC, r.revision
            """, rights.With(new { pack, matter })), cancel);
        return [.. rows.Select(r => new CaseVersion(r.Revision, r.Version, r.Applied, r.Revision == inForce, r.Running))];
    }

    /// <summary>The version that a case runs on.</summary>
    public async Task<CaseVersion> VersionOfAsync(Case row, CancellationToken cancel = default)
    {
        var (version, applied) = await store.ReadAsync(c => c.QueryFirstAsync<(string, string)>("SELECT version, applied FROM pack_revision WHERE id = @Pack AND revision = @Revision", new { row.Pack, row.Revision }), cancel);
        return new CaseVersion(row.Revision, version, applied, packs.Applied.GetValueOrDefault(row.Pack)?.Revision == row.Revision);
    }

    /// <summary>What a mapping makes of each node; looks at no case.</summary>
    /// <exception cref="ConflictException">migration-no-version, migration-no-matter.</exception>
    public async Task<Migration> MapAsync(MigrationOrder order, CancellationToken cancel = default) => (await OpenAsync(order, cancel)).Migration;

    /// <summary>Tries the migration on every running case, in batches; changes nothing.</summary>
    /// <param name="order">Which cases, from where to where, by which mapping.</param>
    /// <param name="rights">Whose cases are looked at.</param>
    /// <param name="progress">Told how many cases have been looked at.</param>
    /// <param name="cancel">Gives up.</param>
    /// <exception cref="ConflictException">migration-no-version, migration-no-matter.</exception>
    public async Task<MigrationCheck> CheckAsync(MigrationOrder order, RowRights rights, IProgress<long>? progress = null, CancellationToken cancel = default)
    {
        var crossing = await OpenAsync(order, cancel);
        var (can, seen, after) = (0L, 0L, "");
        var cannot = new Dictionary<MigrationWhy, List<MigratedCase>>();
        while (true)
        {
            var rows = await store.ReadAsync(async c => (await c.QueryAsync<Case>($"""
                SELECT {Case.Columns} FROM work_case WHERE pack = @Pack AND matter = @Matter AND revision = @From AND state IN ('open', 'stuck') AND called IS NULL AND id > @after{rights.OfCase("work_case")} ORDER BY id LIMIT {Batch}
                """, rights.With(new { order.Pack, order.Matter, order.From, after }))).AsList(), cancel);
            foreach (var row in rows)
            {
                var (_, why) = await crossing.TryAsync(await store.ReadAsync(async c => await seals.OpenAsync(c, row), cancel), clock.GetUtcNow());
                if (why is null)
                    can++;
                else if (cannot.TryGetValue(why, out var those))
                    those.Add(Looked(row, why));
                else
                    cannot[why] = [Looked(row, why)];
            }
            progress?.Report(seen += rows.Count);
            if (rows.Count < Batch)
                return new MigrationCheck(crossing.Migration, can, [.. cannot.OrderByDescending(c => c.Value.Count).Select(c => (c.Key, (IReadOnlyList<MigratedCase>)c.Value))]);
            after = rows[^1].Id;
        }
    }

    private static MigratedCase Looked(Case row, MigrationWhy why) => new(row.Id, row.Number, row.Title, "cannot", why);

    /// <summary>Begins to migrate the cases that run now; each by itself, in a transaction of its own.</summary>
    /// <returns>The migration's id.</returns>
    /// <exception cref="ConflictException">reason-missing, migration-no-version, migration-no-matter, migration-mapping, migration-running, migration-nothing.</exception>
    public async Task<string> StartAsync(MigrationOrder order, string reason, Person by, CancellationToken cancel = default)
    {
        var migration = (await OpenAsync(order, cancel)).Migration;
        if (migration.Faults.Count > 0)
            throw new ConflictException("migration-mapping");
        // Kept whole: what is proposed may be proposed otherwise by a later release.
        var mapping = migration.Nodes.ToDictionary(n => n.From.Id, n => n.To?.Id);
        return await BeginAsync(order with { Mapping = mapping }, reason, by, null, $"""
            INSERT INTO work_migration_case (migration_id, case_id, state)
            SELECT @id, id, 'waiting' FROM work_case WHERE pack = @Pack AND matter = @Matter AND revision = @From AND state IN ('open', 'stuck') AND called IS NULL{by.Rows("migration.run", land).OfCase("work_case")}
            """, cancel);
    }

    /// <summary>Begins to take back what a migration did: a case that has not moved on since stands exactly as before; one that has goes back where the mapping the other way can take it.</summary>
    /// <returns>The id of the migration back.</returns>
    /// <exception cref="ConflictException">reason-missing, migration-gone, migration-running, migration-nothing.</exception>
    public async Task<string> ReverseAsync(string id, string reason, Person by, CancellationToken cancel = default)
    {
        var done = await FindAsync(id, cancel) ?? throw new ConflictException("migration-gone");
        var back = (await OpenAsync(done.Order, cancel)).Migration.Backwards();
        return await BeginAsync(new MigrationOrder(done.Pack, done.Matter, done.To, done.From, back), reason, by, id,
            "INSERT INTO work_migration_case (migration_id, case_id, state) SELECT @id, case_id, 'waiting' FROM work_migration_case WHERE migration_id = @reverses AND state = 'migrated'"
            + (by.Rows("migration.run", land).OfCase("rc") is { Length: > 0 } seen ? $" AND EXISTS (SELECT 1 FROM work_case rc WHERE rc.id = case_id{seen})" : ""), cancel);
    }

    private async Task<string> BeginAsync(MigrationOrder order, string given, Person by, string? reverses, string cases, CancellationToken cancel)
    {
        var reason = Reason.Of(given);
        var at = clock.GetUtcNow();
        var id = Guid.CreateVersion7(at).ToString("n");
        await store.ChangeAsync(at, async change =>
        {
            var mapping = JsonSerializer.Serialize(order.Mapping, Json.Plain);
            // The index refuses a second one at the same instant; here it is told.
            var begun = await change.ExecuteAsync("""
                INSERT INTO work_migration (id, pack, matter, from_revision, to_revision, mapping, reason, started, started_by, unit, reverses)
                VALUES (@id, @Pack, @Matter, @From, @To, @mapping, @reason, @Stamp, @Login, @Unit, @reverses) ON CONFLICT DO NOTHING
                """, new { id, order.Pack, order.Matter, order.From, order.To, mapping, reason, change.Stamp, by.Login, by.Unit, reverses });
            if (begun == 0)
                throw new ConflictException("migration-running");
            var count = await change.ExecuteAsync(cases, by.Rows("migration.run", land).With(new { id, order.Pack, order.Matter, order.From, reverses }));
            if (count == 0)
                throw new ConflictException("migration-nothing");
            change.Record(by, reverses is null ? "migration.started" : "migration.reversed", $"migration:{id}",
                JsonSerializer.Serialize(new { order.Pack, order.Matter, order.From, order.To, reason, cases = count, reverses, moved = order.Mapping!.Where(m => m.Key != m.Value).ToDictionary() }, Json.Plain));
        }, cancel);
        Begun.Raise();
        return id;
    }

    /// <summary>A migration and how far it is, or null.</summary>
    public Task<CaseMigration?> FindAsync(string id, CancellationToken cancel = default) => store.ReadAsync(c =>
        c.QueryFirstOrDefaultAsync<CaseMigration>($"SELECT {CaseMigration.Columns} FROM work_migration m WHERE m.id = @id", new { id }), cancel);

    /// <summary>The migrations of a matter, the latest first.</summary>
    public Task<Page<CaseMigration>> PageAsync(string pack, string matter, int skip, int take, CancellationToken cancel = default) => store.ReadAsync(async c =>
    {
        var items = (await c.QueryAsync<CaseMigration>($"SELECT {CaseMigration.Columns} FROM work_migration m WHERE m.pack = @pack AND m.matter = @matter ORDER BY m.started DESC, m.id DESC LIMIT @take OFFSET @skip", new { pack, matter, skip, take })).AsList();
        return new Page<CaseMigration>(items, await c.ExecuteScalarAsync<long>("SELECT count(*) FROM work_migration WHERE pack = @pack AND matter = @matter", new { pack, matter }), skip, take);
    }, cancel);

    /// <summary>The cases of a migration, those alike in state and reason beside each other.</summary>
    /// <param name="state">waiting, migrated, refused or reversed; null for all.</param>
    public Task<Page<MigratedCase>> CasesAsync(string id, string? state, RowRights rights, int skip, int take, CancellationToken cancel = default) => store.ReadAsync(async c =>
    {
        var from = "FROM work_migration_case m JOIN work_case c ON c.id = m.case_id WHERE m.migration_id = @id AND (@state IS NULL OR m.state = @state)" + rights.OfCase("c");
        var rows = await c.QueryAsync<(string CaseId, string Number, string Title, string State, string? Why)>($"SELECT c.id, c.number, c.title, m.state, m.why {from} ORDER BY m.state, m.why, c.number LIMIT @take OFFSET @skip", rights.With(new { id, state, skip, take }));
        return new Page<MigratedCase>([.. rows.Select(r => new MigratedCase(r.CaseId, r.Number, r.Title, r.State, MigrationWhy.Read(r.Why)))],
            await c.ExecuteScalarAsync<long>($"SELECT count(*) {from}", rights.With(new { id, state })), skip, take);
    }, cancel);

    private async Task<Crossing> OpenAsync(MigrationOrder order, CancellationToken cancel)
    {
        var known = await store.ReadAsync(c => c.ExecuteScalarAsync<long>("SELECT count(*) FROM pack_revision WHERE id = @Pack AND revision IN (@From, @To)", new { order.Pack, order.From, order.To }), cancel);
        return known == 2 ? await Crossing.OpenAsync(packs, order, cancel) : throw new ConflictException("migration-no-version");
    }
}
