using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Xml;
using Dapper;
using Guantong.Data;
using Guantong.Packs;
using Guantong.Processes;
using Guantong.Trust;

namespace Guantong.Work;

/// <summary>Opens cases, finds, counts and draws them.</summary>
public sealed class Cases(Store store, PackRegistry packs, Jurisdiction land, Steps steps, TimeProvider clock, WorkSignal signal)
{
    /// <summary>Opens a case within a change that is under way (a warning and its case stand together).</summary>
    /// <returns>The case's id.</returns>
    public async Task<string> OpenAsync(Change change, AppliedPack applied, Matter matter, string title, string region, JsonObject data, string? warning, string by, string? start = null)
    {
        var id = Guid.CreateVersion7(change.At).ToString("n");
        var number = await NextNumberAsync(change, $"{region}-{change.At.Year.ToString(CultureInfo.InvariantCulture)}", "000000");
        data["case"] = About(change, land, number, title, region);
        var row = new Case(id, number, applied.Pack.Id, applied.Revision, matter.Id, title, region,
            "open", null, change.Stamp, by, null, matter.Limit is { } limit ? Time.Write(change.At + XmlConvert.ToTimeSpan(limit)) : null,
            data.ToJsonString(Json.Plain), JsonSerializer.Serialize(new ProcessState([], Json.Values(data), 1, null, []), Json.Plain), warning, 1);
        await InsertAsync(change, row);
        change.Record(by, "case.opened", $"case:{row.Number}", JsonSerializer.Serialize(new { row.Pack, row.Revision, row.Matter, row.Region, row.Warning }, Json.Plain));
        try
        {
            await steps.StartAsync(change, row, start);
        }
        catch (StuckException stuck)
        {
            await Incidents.SetAsideAsync(change, row, "", WorkRunner.ProcessStart, new JsonObject { ["start"] = start }, stuck);
        }
        return id;
    }

    /// <summary>Opens a case on its own.</summary>
    public async Task<string> OpenAsync(AppliedPack applied, Matter matter, string title, string region, JsonObject data, Person by, CancellationToken cancel = default)
    {
        var id = await store.ChangeAsync(clock.GetUtcNow(), change => OpenAsync(change, applied, matter, title, region, data, null, by.Login), cancel);
        signal.Raise();
        return id;
    }

    /// <summary>Writes a new case's row.</summary>
    internal static Task InsertAsync(Change change, Case row) => change.ExecuteAsync("""
        INSERT INTO work_case (id, number, pack, revision, matter, title, region, state, opened, opened_by, due, data, process, warning, version, parent, parent_token, parent_node, given, called, depth)
        VALUES (@Id, @Number, @Pack, @Revision, @Matter, @Title, @Region, @State, @Opened, @OpenedBy, @Due, @Data, @Process, @Warning, @Version, @Parent, @ParentToken, @ParentNode, @Given, @Called, @Depth)
        """, row);

    /// <summary>What a case knows of itself.</summary>
    internal static JsonObject About(Change change, Jurisdiction land, string number, string title, string region) =>
        new() { ["number"] = number, ["title"] = title, ["region"] = region, ["day"] = change.At.ToOffset(land.Offset).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) };

    /// <summary>The next number: 330000-2026-000123 within a region and year, and 330000-2026-000123-1 within a case that calls.</summary>
    internal static async Task<string> NextNumberAsync(Change change, string within, string digits)
    {
        await change.ExecuteAsync("INSERT INTO counter (name, value) VALUES (@within, 1) ON CONFLICT (name) DO UPDATE SET value = counter.value + 1", new { within });
        var value = await change.FindAsync<long>("SELECT value FROM counter WHERE name = @within", new { within });
        return $"{within}-{value.ToString(digits, CultureInfo.InvariantCulture)}";
    }

    /// <summary>A case by id or number with its tasks and documents, or null; with those that called it and that it called, as far as they are seen too.</summary>
    public Task<CaseFile?> FindAsync(string idOrNumber, RowRights rights, CancellationToken cancel = default) => store.ReadAsync(async connection =>
    {
        var row = await connection.QueryFirstOrDefaultAsync<Case>($"SELECT {Case.Columns} FROM work_case WHERE (id = @idOrNumber OR number = @idOrNumber){rights.OfCase("work_case")}", rights.With(new { idOrNumber }));
        if (row is null)
            return null;
        var tasks = await connection.QueryAsync<WorkTask>($"SELECT {WorkTask.Columns} FROM work_task WHERE case_id = @Id ORDER BY opened, id", new { row.Id });
        var documents = await connection.QueryAsync<CaseDocument>(
            "SELECT id AS Id, case_id AS CaseId, name AS Name, markdown AS Markdown, sha256 AS Sha256, made AS Made FROM work_document WHERE case_id = @Id ORDER BY made", new { row.Id });
        const string line = "SELECT id AS Id, number AS Number, title AS Title, pack AS Pack, state AS State, outcome AS Outcome, parent_node AS ParentNode, opened AS Opened, ended AS Ended FROM work_case";
        return new CaseFile(row, tasks.AsList(), documents.AsList())
        {
            Caller = row.Parent is null ? null : await connection.QueryFirstOrDefaultAsync<CaseLine>($"{line} WHERE id = @Parent{rights.OfCase("work_case")}", rights.With(new { row.Parent })),
            Called = (await connection.QueryAsync<CaseLine>($"{line} WHERE parent = @Id{rights.OfCase("work_case")} ORDER BY opened, id", rights.With(new { row.Id }))).AsList(),
        };
    }, cancel);

    /// <summary>A page of cases, newest first; filtered by state, matter and words of the title or number. Those that others called are left out unless asked for.</summary>
    public Task<Page<Case>> PageAsync(string? state, string? matter, string? words, bool called, RowRights rights, int skip, int take, CancellationToken cancel = default) => store.ReadAsync(async connection =>
    {
        var where = "WHERE (@state IS NULL OR state = @state) AND (@matter IS NULL OR matter = @matter) AND (@words IS NULL OR title LIKE @words ESCAPE '\\' OR number LIKE @words ESCAPE '\\') AND (@called OR parent IS NULL)" + rights.OfCase("work_case");
        var args = rights.With(new { state, matter, words = Like(words), called, skip, take });
        var items = (await connection.QueryAsync<Case>($"SELECT {Case.Columns} FROM work_case {where} ORDER BY opened DESC, id DESC LIMIT @take OFFSET @skip", args)).AsList();
        return new Page<Case>(items, await connection.ExecuteScalarAsync<long>($"SELECT count(*) FROM work_case {where}", args), skip, take);
    }, cancel);

    /// <summary>Counts a pack's cases and tasks.</summary>
    public Task<CaseCounts> CountAsync(string pack, CancellationToken cancel = default) => store.ReadAsync(async connection =>
    {
        async Task<IReadOnlyDictionary<string, long>> By(string sql) => (await connection.QueryAsync<(string Key, long Count)>(sql, new { pack })).ToDictionary(r => r.Key, r => r.Count);
        return new CaseCounts(
            await By("SELECT matter, count(*) FROM work_case WHERE pack = @pack AND called IS NULL GROUP BY matter"),
            await By("SELECT c.matter, count(*) FROM work_task t JOIN work_case c ON c.id = t.case_id WHERE c.pack = @pack AND t.state = 'done' GROUP BY c.matter"),
            await By("SELECT t.unit, count(*) FROM work_task t JOIN work_case c ON c.id = t.case_id WHERE c.pack = @pack GROUP BY t.unit"));
    }, cancel);

    /// <summary>How many cases of some matters are under way on a revision of their pack: they go on on it whatever comes into force.</summary>
    public Task<long> UnderWayAsync(string pack, string revision, IReadOnlyCollection<string> matters, CancellationToken cancel = default) => store.ReadAsync(async connection =>
        (await connection.QueryAsync<(string Matter, long Count)>("SELECT matter, count(*) FROM work_case WHERE pack = @pack AND revision = @revision AND state IN ('open', 'stuck') GROUP BY matter", new { pack, revision }))
            .Where(r => matters.Contains(r.Matter)).Sum(r => r.Count), cancel);

    /// <summary>A case's process for drawing, on the revision that the case runs on; names in a reader's language.</summary>
    public async Task<CaseDrawing> DrawAsync(Case row, string lang, CancellationToken cancel = default)
    {
        var pack = await packs.AtAsync(row.Pack, row.Revision, cancel);
        var definition = pack.ProcessOf(row.Matter, row.Called).Definition;
        var state = Steps.StateOf(row);
        return new CaseDrawing(definition.Named(name => land.Units.Named(name)?.Say(lang) ?? pack.Say(lang, name)), state.Visited, [.. state.Tokens.Select(t => t.Node)]);
    }

    internal static string? Like(string? words) => string.IsNullOrWhiteSpace(words) ? null
        : "%" + words.Trim().Replace("\\", "\\\\", StringComparison.Ordinal).Replace("%", "\\%", StringComparison.Ordinal).Replace("_", "\\_", StringComparison.Ordinal) + "%";
}
