using System.Text.Encodings.Web;
using System.Text.Json;
using Dapper;
using Guantong.Packs;
using Guantong.Trust;

namespace Guantong.Data;

/// <summary>Who may run statements in the sandbox, and over what: a unit by its grant, or an applicant by a permission.</summary>
/// <param name="Id">The grant's id, or <c>permission:ID</c>.</param>
/// <param name="About">PACK/DATASET.</param>
/// <param name="Unit">The unit, or the principal of the permission.</param>
/// <param name="Fields">The fields that were granted; of these, what is personal or sealed is not there.</param>
/// <param name="IsOutside">Whether it is nobody of the government's: every result is held, and until it is released nothing is told of it.</param>
public sealed record SandboxHolder(string Id, string About, string Unit, IReadOnlyList<string> Fields, RowsSeen Rows, bool IsOutside)
{
    private const string OfPermission = "permission:";

    /// <summary>A unit by what its grant said to this call.</summary>
    public static SandboxHolder Of(ShareGrant grant, ShareVerdict verdict, Pack pack, Dataset dataset) => new(grant.Id, grant.About, grant.Unit, verdict.Fields, RowsSeen.Granted(pack, dataset, grant.Terms.Region, grant.Terms.Rows), false);

    /// <summary>An applicant by their permission.</summary>
    public static SandboxHolder Of(OpeningPermission permission, Dataset dataset) => new(OfPermission + permission.Id, $"{permission.Pack}/{permission.Dataset}", permission.Principal, [.. dataset.Fields.Select(f => f.Id)], RowsSeen.All, true);
}

/// <summary>What came of a statement in the sandbox.</summary>
/// <param name="Grant">The holder: a grant's id, or <c>permission:ID</c>.</param>
/// <param name="Unit">The unit that holds the grant, or the principal of the permission.</param>
/// <param name="Findings">What the system noticed for whoever checks it: many-rows, key, small-counts.</param>
/// <param name="State">held, released or refused.</param>
/// <param name="Rows">The rows, for whoever may see them; null else.</param>
public sealed record SandboxResult(string Id, string Grant, string About, string Unit, string Statement, IReadOnlyList<ConfinedColumn> Columns, long RowCount, IReadOnlyList<string> Findings,
    string Made, string By, string State, string? Decided, string? DecidedBy, string Reason, IReadOnlyList<IReadOnlyList<object?>>? Rows = null);

/// <summary>SQL over what a grant or a permission opens, where rows cannot leave: the statement is confined, and its result is held until somebody who answers for the data has looked at it (数据沙箱).</summary>
/// <remarks>Plan, annex 6 §5(4)3. Fields that are personal or sealed are not there at all. Data of grade 1 is public: its results are not held.</remarks>
public sealed class Sandbox(Store store, ConfinedSql confined, ConfinedRuns runs, SharedThings things, TimeProvider clock)
{
    /// <summary>The most rows of a result: what is larger is no finding, but the data itself.</summary>
    public const int MostRows = 1000;

    // Below this, a count may tell of somebody (rights.md 3).
    private const int Small = 5;

    private static readonly JsonSerializerOptions Written = new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private const string Columns = "id, grant_id AS GrantId, about, unit, statement, columns, result, row_count AS Count, findings, made, made_by AS MadeBy, state, decided, decided_by AS DecidedBy, reason";

    private sealed class Row
    {
        public string Id { get; set; } = "";
        public string GrantId { get; set; } = "";
        public string About { get; set; } = "";
        public string Unit { get; set; } = "";
        public string Statement { get; set; } = "";
        public string Columns { get; set; } = "[]";
        public string Result { get; set; } = "[]";
        public long Count { get; set; }
        public string Findings { get; set; } = "[]";
        public string Made { get; set; } = "";
        public string MadeBy { get; set; } = "";
        public string State { get; set; } = "";
        public string? Decided { get; set; }
        public string? DecidedBy { get; set; }
        public string Reason { get; set; } = "";

        public SandboxResult Read(bool withRows) => new(Id, GrantId, About, Unit, Statement, JsonSerializer.Deserialize<List<ConfinedColumn>>(Columns, Written)!, Count, JsonSerializer.Deserialize<List<string>>(Findings, Written)!,
            Made, MadeBy, State, Decided, DecidedBy, Reason, withRows ? JsonSerializer.Deserialize<List<List<object?>>>(Result, Written) : null);
    }

    /// <summary>The most results of one holder from outside that wait at once.</summary>
    public const int MostHeld = 50;

    /// <summary>The fields that a holder's statement may name.</summary>
    public static IReadOnlyList<string> Fields(SandboxHolder holder, Shared shared, Pack pack, Dataset dataset)
    {
        var homes = pack.Homes(dataset);
        return [.. holder.Fields.Where(f => !shared.Personal.ContainsKey(f) && !homes.ContainsKey(f))];
    }

    /// <summary>Runs a statement; its result is kept, and told only as far as it is released.</summary>
    /// <param name="andThen">What else changes with it, given the result's id.</param>
    /// <returns>The result, or why there is none.</returns>
    /// <exception cref="RefusedException">Too many results of a holder from outside wait already.</exception>
    public async Task<(SandboxResult? Result, SqlRefusal? Refused)> RunAsync(Person by, SandboxHolder holder, Shared shared, Pack pack, Dataset dataset, string sql, Func<Change, string, Task>? andThen = null, CancellationToken cancel = default)
    {
        var fields = Fields(holder, shared, pack, dataset);
        if (fields.Count == 0)
            return (null, new SqlRefusal("sql-unbound", null, dataset.Table));
        var table = new ConfinedTable(pack, dataset, fields) { Rows = holder.Rows };
        var (query, refused) = confined.Confine(sql, new Dictionary<string, ConfinedTable>(StringComparer.OrdinalIgnoreCase) { [dataset.Table] = table });
        if (query is null)
            return (null, refused);
        if (holder.IsOutside && await store.ReadAsync(c => c.ExecuteScalarAsync<long>("SELECT count(*) FROM share_result WHERE grant_id = @Id AND state = 'held'", new { holder.Id }), cancel) >= MostHeld)
            throw new RefusedException(409, "sandbox-held-many", MostHeld);
        (var rows, refused) = await runs.RunAsync(query, MostRows, cancel);
        // The engine names the value at which it failed: that would be a row on its way out.
        if (rows is null)
            return (null, refused!.Code == "sql-failed" ? new SqlRefusal("sql-failed-inside", null) : refused);
        var findings = Findings(rows, shared, query);
        var state = rows.IsCut ? "refused" : shared.Grade == 1 && !holder.IsOutside ? "released" : "held";
        var id = Guid.NewGuid().ToString("n");
        await store.ChangeAsync(clock.GetUtcNow(), async change =>
        {
            await change.ExecuteAsync("INSERT INTO share_result (id, grant_id, about, unit, statement, columns, result, row_count, findings, made, made_by, state) VALUES (@id, @holder, @About, @Unit, @sql, @columns, @result, @count, @findings, @Stamp, @Login, @state)",
                new { id, holder = holder.Id, holder.About, holder.Unit, sql, columns = JsonSerializer.Serialize(rows.Columns, Written), result = rows.IsCut ? "[]" : JsonSerializer.Serialize(rows.Rows, Written), count = (long)rows.Rows.Count, findings = JsonSerializer.Serialize(findings), change.Stamp, by.Login, state });
            if (andThen is not null)
                await andThen(change, id);
            change.Record(by, "sandbox.run", $"sandbox:{id}", JsonSerializer.Serialize(new { grant = holder.Id, columns = rows.Columns.Count, rows = rows.Rows.Count, state }, Written), dataset: holder.About);
        }, cancel);
        return (await FindAsync(id, state == "released", cancel), null);
    }

    private static List<string> Findings(ConfinedRows rows, Shared shared, ConfinedQuery query)
    {
        var findings = new List<string>();
        if (rows.IsCut)
            findings.Add("many-rows");
        if (rows.Columns.Any(c => shared.Key.Contains(c.Name)))
            findings.Add("key");
        for (var i = 0; i < query.Columns.Count; i++)
        {
            if (query.Columns[i].Kind == "integer" && rows.Rows.Any(r => r[i] is long and > 0 and < Small))
            {
                findings.Add("small-counts");
                break;
            }
        }
        return findings;
    }

    /// <summary>A result, or null.</summary>
    /// <param name="withRows">Whether its rows are told.</param>
    public Task<SandboxResult?> FindAsync(string id, bool withRows, CancellationToken cancel = default) => store.ReadAsync(async c =>
        (await c.QueryFirstOrDefaultAsync<Row>($"SELECT {Columns} FROM share_result WHERE id = @id", new { id }))?.Read(withRows), cancel);

    /// <summary>Results that wait for somebody who answers for the data, the oldest first.</summary>
    public async Task<IReadOnlyList<SandboxResult>> HeldAsync(Person by, CancellationToken cancel = default)
    {
        var held = new List<SandboxResult>();
        foreach (var row in await store.ReadAsync(c => c.QueryAsync<Row>($"SELECT {Columns} FROM share_result WHERE state = 'held' ORDER BY made"), cancel))
        {
            if (await MayCheckAsync(by, row.About, row.MadeBy, cancel))
                held.Add(row.Read(withRows: true));
        }
        return held;
    }

    private async Task<bool> MayCheckAsync(Person by, string about, string madeBy, CancellationToken cancel) => by.Login != madeBy
        && (by.Has("data-bureau") || (by.Has("steward", "leader") && by.Unit is not null && (await things.FindAsync(about, cancel))?.Source == by.Unit));

    /// <summary>Lets a result go to whoever asked, or keeps it back with the reason.</summary>
    /// <exception cref="RefusedException">There is none, it is another's to check, or it was decided on.</exception>
    public async Task<SandboxResult> DecideAsync(Person by, string id, bool release, string? reason, CancellationToken cancel = default)
    {
        if (!release && string.IsNullOrWhiteSpace(reason) || reason?.Length > ShareTerms.Longest)
            throw new RefusedException(422, "share-reason", ShareTerms.Longest);
        await store.ChangeAsync(clock.GetUtcNow(), async change =>
        {
            var row = await change.FindAsync<Row>($"SELECT {Columns} FROM share_result WHERE id = @id{change.ForUpdate}", new { id }) ?? throw new RefusedException(404, "not-found", id);
            if (!await MayCheckAsync(by, row.About, row.MadeBy, cancel))
                throw new RefusedException(403, "share-not-yours");
            if (row.State != "held")
                throw new RefusedException(409, "share-ended");
            await change.ExecuteAsync("UPDATE share_result SET state = @state, decided = @Stamp, decided_by = @Login, reason = @reason, result = CASE WHEN @state = 'refused' THEN '[]' ELSE result END WHERE id = @id",
                new { id, state = release ? "released" : "refused", change.Stamp, by.Login, reason = reason?.Trim() ?? "" });
            change.Record(by, release ? "sandbox.released" : "sandbox.refused", $"sandbox:{id}", JsonSerializer.Serialize(new { grant = row.GrantId, reason = reason?.Trim() }, Written), dataset: row.About);
        }, cancel);
        return (await FindAsync(id, withRows: false, cancel))!;
    }
}
