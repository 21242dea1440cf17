using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Dapper;
using Guantong.Data;
using Guantong.Packs;
using Guantong.Processes;
using Guantong.Trust;

namespace Guantong.Work;

/// <summary>Opens cases, finds, counts and draws them.</summary>
public sealed partial class Cases(Store store, PackRegistry packs, Jurisdiction land, Steps steps, CaseSeals seals, Ledger ledger, Looks looks, TimeProvider clock, WorkSignal signal)
{
    /// <summary>Opens a case within a change that is under way (a warning and its case stand together).</summary>
    /// <param name="accept">How it is accepted before it begins; null where it begins at once.</param>
    /// <returns>The case's id.</returns>
    public async Task<string> OpenAsync(Change change, AppliedPack applied, Matter matter, string title, string region, JsonObject data, string? warning, string by, string? unit = null, string? start = null, IReadOnlySet<string>? personal = null, Applicant? applicant = null, AcceptanceRule? accept = null)
    {
        var id = Guid.CreateVersion7(change.At).ToString("n");
        var number = await NextNumberAsync(change, $"{region}-{change.At.Year.ToString(CultureInfo.InvariantCulture)}", "000000");
        data["case"] = About(change, land, number, title, region);
        var row = new Case(id, number, applied.Pack.Id, applied.Revision, matter.Id, title, region,
            accept is null ? "open" : "received", null, change.Stamp, by, null, accept is null ? steps.DueOf(change.At, matter.Limit, region) : null,
            data.ToJsonString(Json.Plain), JsonSerializer.Serialize(new ProcessState([], Json.Values(data), 1, null, []), Json.Plain), warning, 1, Applicant: applicant?.Subject, Agent: applicant?.Agent, Authority: applicant?.Authority, Term: matter.Limit)
        {
            Sealed = personal ?? System.Collections.Frozen.FrozenSet<string>.Empty,
        };
        await steps.InsertAsync(change, row);
        change.Record(row, by, "case.opened", new { row.Pack, row.Revision, row.Matter, row.Region, row.Warning, row.Agent, row.Authority }, unit);
        if (accept is null)
            await steps.BeginAsync(change, row, start);
        else
            await Acceptances.OpenAsync(change, steps, row, accept, Sorter.UnitOf(land, applied.Pack, matter, region));
        return id;
    }

    /// <summary>Opens a case on its own.</summary>
    public async Task<string> OpenAsync(AppliedPack applied, Matter matter, string title, string region, JsonObject data, Person by, CancellationToken cancel = default)
    {
        var id = await store.ChangeAsync(clock.GetUtcNow(), change => OpenAsync(change, applied, matter, title, region, data, null, by.Login, by.Unit), cancel);
        signal.Raise();
        return id;
    }

    /// <summary>What a case knows of itself.</summary>
    internal static JsonObject About(Change change, Jurisdiction land, string number, string title, string region) =>
        new() { ["number"] = number, ["title"] = title, ["region"] = region, ["day"] = change.At.ToOffset(land.Offset).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) };

    /// <summary>The next number: 330000-2026-000123 within a region and year, and 330000-2026-000123-1 within a case that calls.</summary>
    internal static async Task<string> NextNumberAsync(Change change, string within, string digits)
    {
        return $"{within}-{(await Counter.NextAsync(change, within)).ToString(digits, CultureInfo.InvariantCulture)}";
    }

    /// <summary>A case with what it called as a part of its matter, and so on; a matter that it called is a case of its own.</summary>
    public async Task<IReadOnlyList<CaseFile>> PartsAsync(CaseFile file, CancellationToken cancel = default)
    {
        var parts = new List<CaseFile> { file };
        for (var i = 0; i < parts.Count; i++)
        {
            foreach (var called in parts[i].Called)
            {
                if (await FindAsync(called.Id, RowRights.All, cancel) is { Case.Called: not null } part)
                    parts.Add(part);
            }
        }
        return parts;
    }

    /// <summary>A case by id or number with its tasks and documents, or null; with those that called it and that it called, as far as they are seen too. Nothing is masked: for work, not for showing.</summary>
    public Task<CaseFile?> FindAsync(string idOrNumber, RowRights rights, CancellationToken cancel = default) => store.ReadAsync(async connection =>
        await LoadAsync(connection, idOrNumber, rights) is { } file ? await seals.ShowAsync(connection, file, isOpen: true) : null, cancel);

    /// <summary>The same for an official who reads it: what is personal is masked unless their unit works on the case; that they read it stands in the ledger.</summary>
    /// <param name="isDrawn">By a page, which is drawn more than once for one look.</param>
    /// <remarks>rights.md 5: each read of personal data is for a matter, and logged.</remarks>
    public async Task<CaseFile?> ReadAsync(string idOrNumber, Person reader, RowRights rights, bool isDrawn = false, CancellationToken cancel = default)
    {
        var (file, read) = await store.ReadAsync(async connection =>
        {
            var found = await LoadAsync(connection, idOrNumber, rights);
            if (found is null || (!CaseSeals.Holds(found) && found.Case.Applicant is null))
                return (found, null);
            var may = found.Tasks.Any(t => Policy.MayWork(reader, t.Unit));
            var shown = await seals.ShowAsync(connection, found, may) with { Parties = await CaseParties.OfAsync(connection, found.Case, may) };
            // What is masked was not read; of a case whose applicant is known, that it was opened is told too.
            return ((CaseFile?)shown, may ? "case.personal-read" : found.Case.Applicant is null ? null : "case.read");
        }, cancel);
        if (read is not null && (!isDrawn || looks.IsNew(reader, $"{read}:{file!.Case.Id}:{file.Case.Version}")))
        {
            await store.ChangeAsync(clock.GetUtcNow(), change =>
            {
                change.Record(file!.Case, reader, read, new { fields = read == "case.read" ? [] : file.Personal });
                return Task.CompletedTask;
            }, cancel);
        }
        return file;
    }

    /// <summary>What the ledger holds of a case that is seen, oldest first. Whose case it is and who their agent is stand there by keys that would tell which other cases are theirs: those are for auditors.</summary>
    public async Task<IReadOnlyList<LedgerEntry>> EntriesAsync(Case row, Person reader, CancellationToken cancel = default)
    {
        var entries = await ledger.AboutAsync(CaseLedger.About(row.Number), cancel);
        return reader.May("ledger.read") ? entries : [.. entries.Select(e => e with { Subject = null, Detail = Key().Replace(e.Detail, "person:" + CaseSeals.Masked) })];
    }

    [GeneratedRegex("person:[0-9a-f]{32}")]
    private static partial Regex Key();

    private async Task<CaseFile?> LoadAsync(System.Data.Common.DbConnection connection, string idOrNumber, RowRights rights)
    {
        var row = await connection.QueryFirstOrDefaultAsync<Case>($"SELECT {Case.Columns} FROM work_case WHERE (id = @idOrNumber OR number = @idOrNumber){rights.OfCase("work_case")}", rights.With(new { idOrNumber }));
        if (row is null)
            return null;
        var tasks = await connection.QueryAsync<WorkTask>($"SELECT {WorkTask.Columns} FROM work_task WHERE case_id = @Id ORDER BY opened, id", new { row.Id });
        var documents = await connection.QueryAsync<CaseDocument>(
            $"SELECT {CaseDocument.Columns} FROM work_document WHERE case_id = @Id ORDER BY made", new { row.Id });
        const string line = "SELECT id AS Id, number AS Number, title AS Title, pack AS Pack, state AS State, outcome AS Outcome, parent_node AS ParentNode, opened AS Opened, ended AS Ended, due AS Due FROM work_case";
        var now = clock.GetUtcNow();
        return new CaseFile(Lit(row, now), [.. tasks.Select(t => t with { Light = TermLight.Of(land, row, t, now) })], documents.AsList())
        {
            Pauses = row.Called is null ? await Clocks.OfAsync(connection, row.Id) : await Clocks.OfAsync(connection, await Clocks.WholeAsync(connection, row)),
            Links = await CaseLink.OfAsync(connection, row.Id, rights),
            Termination = row.State == "terminated" ? await Suspensions.TerminationAsync(connection, row.Id) : null,
            Caller = row.Parent is null ? null : await connection.QueryFirstOrDefaultAsync<CaseLine>($"{line} WHERE id = @Parent{rights.OfCase("work_case")}", rights.With(new { row.Parent })),
            Called = await LedAsync(connection, row, (await connection.QueryAsync<CaseLine>($"{line} WHERE parent = @Id{rights.OfCase("work_case")} ORDER BY opened, id", rights.With(new { row.Id }))).AsList()),
        };
    }

    // Of one thing: which unit leads each part.
    private async Task<IReadOnlyList<CaseLine>> LedAsync(System.Data.Common.DbConnection connection, Case row, IReadOnlyList<CaseLine> called)
    {
        if (called.Count == 0 || row.Called is not null || (await packs.AtAsync(row.Pack, row.Revision)).Matter(row.Matter)?.Joint is null)
            return called;
        var units = new Dictionary<string, string>();
        foreach (var part in await connection.QueryAsync<Case>($"SELECT {Case.Columns} FROM work_case WHERE joint = @Id", new { row.Id }))
        {
            var pack = await packs.AtAsync(part.Pack, part.Revision);
            var lead = pack.Matter(part.Matter) is { With: [var first, ..] } ? first.Name : pack.Lead.Name;
            units[part.Id] = land.Units.ForRegion(lead, part.Region)?.Id ?? lead;
        }
        return [.. called.Select(c => c with { Unit = units.GetValueOrDefault(c.Id) })];
    }

    /// <summary>A page of cases, newest first; filtered by state, matter and words of the title or number, or by the whole of a personal value. What is personal is masked. Those that others called are left out unless asked for.</summary>
    public Task<Page<Case>> PageAsync(string? state, string? matter, string? words, bool called, RowRights rights, int skip, int take, CancellationToken cancel = default) => store.ReadAsync(async connection =>
    {
        // The one mapper gives lists to PostgreSQL as arrays, and writes them out for SQLite.
        var among = store.IsPostgres ? "= ANY(@hashes)" : "IN @hashes";
        var where = "WHERE (@state IS NULL OR state = @state) AND (@matter IS NULL OR matter = @matter) AND (@words IS NULL OR title LIKE @words ESCAPE '\\' OR number LIKE @words ESCAPE '\\' OR id IN (SELECT case_id FROM work_sealed WHERE hash " + among + ")) AND (@called OR parent IS NULL)" + rights.OfCase("work_case");
        var args = rights.With(new { state, matter, words = Like(words), hashes = string.IsNullOrWhiteSpace(words) ? [] : (await seals.HashesAsync(connection, words)).ToArray(), called, skip, take });
        var items = (await connection.QueryAsync<Case>($"SELECT {Case.Columns} FROM work_case {where} ORDER BY opened DESC, id DESC LIMIT @take OFFSET @skip", args)).AsList();
        return new Page<Case>([.. items.Select(c => Lit(CaseSeals.Mask(c), clock.GetUtcNow()))], await connection.ExecuteScalarAsync<long>($"SELECT count(*) FROM work_case {where}", args), skip, take);
    }, cancel);

    /// <summary>A pack's open cases in a region and below it that somebody sees, the newest first, and how many there are.</summary>
    /// <param name="within">The digits that the codes of the region and those below it begin with.</param>
    public Task<Page<Case>> OpenOfAsync(string pack, string within, RowRights rights, int take, CancellationToken cancel = default) => store.ReadAsync(async connection =>
    {
        var where = "WHERE pack = @pack AND state IN ('open', 'stuck') AND called IS NULL AND region LIKE @begins" + rights.OfCase("work_case");
        var args = rights.With(new { pack, begins = within + "%", take });
        var items = (await connection.QueryAsync<Case>($"SELECT {Case.Columns} FROM work_case {where} ORDER BY opened DESC, id DESC LIMIT @take", args)).AsList();
        return new Page<Case>([.. items.Select(c => Lit(CaseSeals.Mask(c), clock.GetUtcNow()))], await connection.ExecuteScalarAsync<long>($"SELECT count(*) FROM work_case {where}", args), 0, take);
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

    private Case Lit(Case row, DateTimeOffset now) => row with { Light = TermLight.Of(land, row, now), IsDueEstimated = row is { Due: { } due, Ended: null } && !land.Calendars.Of(row.Region).Knows(Time.Read(due)) };

    internal static string? Like(string? words) => string.IsNullOrWhiteSpace(words) ? null
        : "%" + words.Trim().Replace("\\", "\\\\", StringComparison.Ordinal).Replace("%", "\\%", StringComparison.Ordinal).Replace("_", "\\_", StringComparison.Ordinal) + "%";
}
