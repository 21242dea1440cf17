using Dapper;
using Guantong.Data;
using Guantong.Packs;
using Guantong.Processes;
using Guantong.Trust;

namespace Guantong.Work;

/// <summary>The materials of applications: what is owed comes later or is closed, what is promised is checked afterwards.</summary>
/// <remarks>国办发〔2020〕42号 (告知承诺); 国发〔2022〕5号 (容缺受理). A promise that was broken is recorded, and nothing is done to anybody by that (rights.md 1 and 7).</remarks>
public sealed class Materials(Store store, Steps steps, PackRegistry packs, Jurisdiction land, TimeProvider clock, WorkSignal signal)
{
    // Until a material is in or closed; then it is due at once.
    private const string PutOff = "9999-12-31T23:59:59.999Z";

    /// <summary>How the materials of a case stand, in the order in which they came.</summary>
    public Task<IReadOnlyList<CaseMaterial>> OfAsync(Case row, Pack pack, CancellationToken cancel = default) => store.ReadAsync(async connection =>
    {
        // What was brought for a part of one thing stands with the joint case.
        var found = await connection.QueryAsync<CaseMaterial>($"SELECT {CaseMaterial.Columns} FROM work_material WHERE case_id = @id", new { id = row.Joint ?? row.Id });
        var declared = pack.Matter(row.Matter)?.Materials ?? [];
        return (IReadOnlyList<CaseMaterial>)[.. found.Where(m => row.Joint is null || declared.Any(d => d.Id == m.Material)).OrderBy(m => declared.ToList().FindIndex(d => d.Id == m.Material)).Select(m => Shown(m, row, declared.FirstOrDefault(d => d.Id == m.Material)))];
    }, cancel);

    private CaseMaterial Shown(CaseMaterial material, Case row, Material? declared) => material with
    {
        Name = declared?.Name ?? material.Material,
        From = declared?.From?.Name,
        Light = material is { State: "owed", Due: { } due } ? TermLight.Of(land.Calendars.Of(row.Region), Time.Read(material.Since), Time.Read(due), declared?.Omit is { } term ? TimeLimit.Of(term) : null, clock.GetUtcNow()) : null,
    };

    /// <summary>Whether an official looks after a material.</summary>
    public static bool May(Person by, CaseMaterial material) => by.May("material.decide", new Thing(Unit: material.Unit));

    /// <summary>Closes a material that is owed: it is waited for no longer.</summary>
    /// <exception cref="ConflictException">material-gone, material-not-yours, material-not-owed, reason-missing.</exception>
    public async Task CloseAsync(string caseId, string material, string? reason, Person by, CancellationToken cancel = default)
    {
        var said = Reason.Of(reason);
        await store.ChangeAsync(clock.GetUtcNow(), async change =>
        {
            var (row, held) = await HoldAsync(change, caseId, material, by);
            if (held.State != "owed")
                throw new ConflictException("material-not-owed");
            await change.ExecuteAsync("UPDATE work_material SET state = 'closed', reason = @said, ended = @Stamp, ended_by = @Login, version = version + 1 WHERE case_id = @caseId AND material = @material", new { caseId = row.Id, material, said, change.Stamp, by.Login });
            change.Record(row, by, "material.closed", new { material, reason = said });
            await ReleaseAsync(change, row);
        }, cancel);
        signal.Raise();
    }

    /// <summary>Says whether a promise was kept, after looking into it. It is said once.</summary>
    /// <exception cref="ConflictException">material-gone, material-not-yours, material-not-promised, material-checked, material-result, reason-missing.</exception>
    public Task CheckAsync(string caseId, string material, string? result, string? reason, Person by, CancellationToken cancel = default)
    {
        if (result is not ("kept" or "broken"))
            throw new ConflictException("material-result");
        var said = Reason.Of(reason);
        return store.ChangeAsync(clock.GetUtcNow(), async change =>
        {
            var (row, held) = await HoldAsync(change, caseId, material, by);
            if (held.State != "promised")
                throw new ConflictException("material-not-promised");
            if (held.Checked is not null)
                throw new ConflictException("material-checked");
            await change.ExecuteAsync("UPDATE work_material SET checked = @result, reason = @said, ended = @Stamp, ended_by = @Login, version = version + 1 WHERE case_id = @caseId AND material = @material", new { caseId = row.Id, material, result, said, change.Stamp, by.Login });
            change.Record(row, by, "promise." + result, new { material, text = held.PromiseSha256, reason = said });
        }, cancel);
    }

    /// <summary>Promises of the cases that somebody sees, the oldest first.</summary>
    /// <param name="isChecked">Those that were checked, instead of those that were not.</param>
    public Task<Page<PromiseLine>> PromisesAsync(bool isChecked, RowRights rights, int skip, int take, CancellationToken cancel = default) => store.ReadAsync(async connection =>
    {
        var from = $"FROM work_material m JOIN work_case c ON c.id = m.case_id WHERE m.state = 'promised' AND m.checked IS {(isChecked ? "NOT NULL" : "NULL")}{rights.OfCase("c")}";
        var args = rights.With(new { skip, take });
        var lines = await connection.QueryAsync<PromiseLine>($"""
            SELECT m.case_id AS CaseId, c.number AS Number, c.title AS Title, c.pack AS Pack, c.revision AS Revision, c.matter AS Matter, m.material AS Material, m.unit AS Unit, m.since AS Since,
                m.promise AS Promise, m.promise_sha256 AS PromiseSha256, m.checked AS Checked, m.reason AS Reason, m.version AS Version
            {from} ORDER BY m.since, m.case_id, m.material LIMIT @take OFFSET @skip
            """, args);
        var named = new List<PromiseLine>();
        foreach (var line in lines)
            named.Add(line with { Name = (await packs.AtAsync(line.Pack, line.Revision, cancel)).Matter(line.Matter)?.Materials.FirstOrDefault(m => m.Id == line.Material)?.Name ?? line.Material });
        return new Page<PromiseLine>(named, await connection.ExecuteScalarAsync<long>($"SELECT count(*) {from}", args), skip, take);
    }, cancel);

    /// <summary>Keeps how the materials of a case that was just opened stand.</summary>
    internal static async Task KeepAsync(Change change, Steps steps, Jurisdiction land, Case row, Pack pack, Matter matter, IReadOnlyList<(Material Material, string State)> stand, string actor)
    {
        foreach (var (material, state) in stand)
        {
            // Of a joint, the unit of the first part that asks for it.
            var asks = matter.Joint?.Parts.Select(p => p.Pack is null ? pack.Matter(p.Id) : null).FirstOrDefault(m => m?.Materials.Any(x => x.Id == material.Id) == true) ?? matter;
            var lead = asks.With.Count > 0 ? asks.With[0].Name : "";
            var unit = land.Units.ForRegion(lead, row.Region)?.Id ?? lead;
            var promise = state == "promised" ? material.Promise : null;
            var (due, hash) = (state == "owed" ? steps.DueOf(change.At, material.Omit, row.Region) : null, promise is null ? null : MaterialRules.Hash(promise));
            await change.ExecuteAsync("INSERT INTO work_material (case_id, material, state, unit, since, due, promise, promise_sha256, version) VALUES (@caseId, @Id, @state, @unit, @Stamp, @due, @promise, @hash, 1)",
                new { caseId = row.Id, material.Id, state, unit, change.Stamp, due, promise, hash });
            if (state != "given")
                change.Record(row, actor, "material." + state, new { material = material.Id, due, text = hash, revision = promise is null ? null : row.Revision });
        }
    }

    /// <summary>Says within a change that an owed material is in.</summary>
    /// <exception cref="ConflictException">material-not-owed.</exception>
    internal static async Task GiveAsync(Change change, Case row, string material)
    {
        if (await change.ExecuteAsync("UPDATE work_material SET state = 'given', ended = @Stamp, version = version + 1 WHERE case_id = @Id AND material = @material AND state = 'owed'", new { row.Id, material, change.Stamp }) != 1)
            throw new ConflictException("material-not-owed");
        change.Record(row, "applicant", "material.given", new { material });
        await ReleaseAsync(change, row);
    }

    /// <summary>Puts a job that makes a result document off while a material of its case is owed; whoever gives or closes the last one lets it go on.</summary>
    /// <returns>Whether it was put off.</returns>
    internal async Task<bool> HoldsUpAsync(Change change, Case row, DueWork job, string service)
    {
        if (service != "compose-document")
            return false;
        // Held, so that a material which comes at this moment is seen here or sees the job there.
        var owed = (await change.QueryAsync<string>($"SELECT material FROM work_material WHERE case_id = @id AND state = 'owed'{change.ForUpdate}", new { id = row.Joint ?? await Clocks.WholeAsync(change, row.Id) })).ToList();
        if (row.Joint is not null && owed.Count > 0)
        {
            var asked = (await packs.AtAsync(row.Pack, row.Revision)).Matter(row.Matter)!.Materials;
            owed.RemoveAll(m => asked.All(a => a.Id != m));
        }
        if (owed.Count == 0)
            return false;
        await change.ExecuteAsync("UPDATE work_job SET due = @PutOff WHERE id = @Id", new { job.Id, PutOff });
        change.Record(row, "process", "service.waits-for-material", new { node = job.Node });
        return true;
    }

    private static async Task ReleaseAsync(Change change, Case row)
    {
        // Parts of one thing wait for what is theirs alone: they look again.
        if (await change.FindAsync<long>("SELECT count(*) FROM work_material WHERE case_id = @Id AND state = 'owed'", new { row.Id }) > 0 && await change.FindAsync<string>("SELECT p.id FROM work_case p WHERE p.joint = @Id LIMIT 1", new { row.Id }) is null)
            return;
        await change.ExecuteAsync("""
            UPDATE work_job SET due = @Stamp WHERE due = @PutOff AND state = 'ready' AND case_id IN (WITH RECURSIVE whole (id) AS (
              SELECT r.id FROM work_case r WHERE r.id = @Id UNION ALL SELECT p.id FROM work_case p JOIN whole w ON p.parent = w.id WHERE p.called IS NOT NULL OR p.joint IS NOT NULL) SELECT id FROM whole)
            """, new { row.Id, change.Stamp, PutOff });
    }

    private async Task<(Case Row, CaseMaterial Material)> HoldAsync(Change change, string caseId, string material, Person by)
    {
        var row = await steps.HoldAsync(change, await change.FindAsync<string>("SELECT joint FROM work_case WHERE id = @caseId", new { caseId }) ?? caseId);
        var held = await change.FindAsync<CaseMaterial>($"SELECT {CaseMaterial.Columns} FROM work_material WHERE case_id = @Id AND material = @material", new { row.Id, material }) ?? throw new ConflictException("material-gone");
        return May(by, held) ? (row, held) : throw new ConflictException("material-not-yours");
    }
}
