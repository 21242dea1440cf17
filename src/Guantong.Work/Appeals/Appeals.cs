using System.Data.Common;
using System.Globalization;
using Dapper;
using Guantong.Data;
using Guantong.Processes;
using Guantong.Trust;

namespace Guantong.Work;

/// <summary>Appeals of applicants against what their cases came to: filed on the case's page, taken or not, and decided by the organ that the matter names.</summary>
/// <remarks>行政复议法（2023 修订）§20: within sixty days, and where force majeure or another good reason made one miss the term, it goes on counting once that is gone; §30: within five days the organ looks into whether it takes it; §62: it decides within sixty days of taking it. The organ judges an excuse; no machine does (rights.md 7).</remarks>
public sealed class Appeals(Store store, Steps steps, PackRegistry packs, DataKeys keys, Notices notices, NoticeSignal news, Jurisdiction land, TimeProvider clock)
{
    /// <summary>The longest words, in characters.</summary>
    public const int Longest = 2000;

    private const string Key = "appeal", ToTake = "P5D working", ToDecide = "P60D";

    /// <summary>What an organ may do with one that is filed, and with one that it took.</summary>
    public static readonly IReadOnlyList<string> Takings = ["accepted", "refused"], Results = ["upheld", "changed", "revoked", "ordered"];

    private sealed record Row(string Id, string Number, string Title, string Pack, string Matter, string Region, string Unit, string State, string? Result, long Late, string Since, string Until, string? Due, string Filed, string? Ended);

    private sealed record StepRow(string Id, long Seq, string At, string What, string? Unit, string? Words);

    private const string Columns = "a.case_id AS Id, c.number AS Number, c.title AS Title, c.pack AS Pack, c.matter AS Matter, c.region AS Region, a.unit AS Unit, a.state AS State, a.result AS Result, a.late AS Late, a.since AS Since, a.until AS Until, a.due AS Due, a.filed AS Filed, a.ended AS Ended";
    private const string From = "FROM work_appeal a JOIN work_case c ON c.id = a.case_id";

    /// <summary>Until when a case may be appealed here; null where it goes on, or its matter names no organ of the jurisdiction.</summary>
    public async Task<AppealTerm?> TermAsync(Case row, CancellationToken cancel = default)
    {
        if (row is not { Ended: { } ended, State: "ended" or "terminated" or "rejected" } || (await packs.AtAsync(row.Pack, row.Revision, cancel)).Matter(row.Matter)?.Appeal is not { To: { } named, Review: var limit } || land.Units.Named(named) is not { } organ)
            return null;
        var now = clock.GetUtcNow();
        var today = now.ToOffset(land.Offset).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        var served = await store.ReadAsync(c => c.ExecuteScalarAsync<string?>("SELECT max(s.served) FROM work_serving s WHERE s.case_id = @Id AND s.served <= @today AND (s.state = 'served' OR s.way = 'notice') AND (s.party = @Applicant OR @Applicant IS NULL)", new { row.Id, today, row.Applicant }), cancel);
        var since = served is null ? Time.Read(ended) : new DateTimeOffset(DateTime.ParseExact(served, "yyyy-MM-dd", CultureInfo.InvariantCulture).AddHours(12), land.Offset);
        var until = land.Calendars.Of(row.Region).Due(since, TimeLimit.Of(limit));
        return new AppealTerm(organ.Id, Time.Write(since), Time.Write(until), now > until);
    }

    /// <summary>An applicant appeals, once.</summary>
    /// <param name="excuse">Beyond the term: why it was missed.</param>
    /// <param name="actor">Who they are to the ledger: applicant, or their login.</param>
    /// <exception cref="ConflictException">appeal-none: it may not be appealed here, or not yet; appeal-words; appeal-late: the term is over, and no excuse; appeal-given; case-archived.</exception>
    public async Task FileAsync(Case row, string? given, string? excuse, string actor, CancellationToken cancel = default)
    {
        var (words, said) = (Words(given) ?? throw new ConflictException("appeal-words"), Words(excuse));
        var term = await TermAsync(row, cancel) ?? throw new ConflictException("appeal-none");
        if (row.Archived is not null)
            throw new ConflictException("case-archived");
        if (term.IsOver && said is null)
            throw new ConflictException("appeal-late");
        await store.ChangeAsync(clock.GetUtcNow(), async change =>
        {
            if (await change.ExecuteAsync("INSERT INTO work_appeal (case_id, unit, state, late, since, until, due, filed, version) VALUES (@Id, @Organ, 'filed', @late, @Since, @Until, @due, @Stamp, 1) ON CONFLICT (case_id) DO NOTHING",
                new { row.Id, term.Organ, late = term.IsOver ? 1L : 0, term.Since, term.Until, due = steps.DueOf(change.At, ToTake, row.Region), change.Stamp }) == 0)
                throw new ConflictException("appeal-given");
            await StepAsync(change, row.Id, "filed", null, words, cancel);
            if (term.IsOver)
                await StepAsync(change, row.Id, "excused", null, said, cancel);
            change.Record(row, actor, "appeal.filed", new { unit = term.Organ, late = term.IsOver });
        }, cancel);
    }

    /// <summary>An applicant takes an appeal back that is not decided. It is not filed again (行政复议法 §74).</summary>
    /// <exception cref="ConflictException">appeal-waits: there is none that waits for the organ.</exception>
    public Task WithdrawAsync(Case row, string actor, CancellationToken cancel = default) => store.ChangeAsync(clock.GetUtcNow(), async change =>
    {
        await MoveAsync(change, row.Id, ["filed", "accepted"], "withdrawn", null, null);
        await StepAsync(change, row.Id, "withdrawn", null, null, cancel);
        change.Record(row, actor, "appeal.withdrawn");
    }, cancel);

    /// <summary>The organ takes an appeal or not, and decides on one that it took, with its reasons.</summary>
    /// <param name="what">Of <see cref="Takings"/> where it is filed, of <see cref="Results"/> where it is accepted.</param>
    /// <exception cref="ConflictException">appeal-gone: no appeal to their unit; appeal-what, appeal-words; appeal-own: they worked on the case; appeal-waits: it does not stand there any more.</exception>
    public async Task DecideAsync(Person by, string number, string? what, string? given, CancellationToken cancel = default)
    {
        var isTaking = Takings.Contains(what);
        if (what is null || (!isTaking && !Appeals.Results.Contains(what)))
            throw new ConflictException("appeal-what");
        var words = Words(given) ?? throw new ConflictException("appeal-words");
        await store.ChangeAsync(clock.GetUtcNow(), async change =>
        {
            if (await change.FindAsync<Row>($"SELECT {Columns} {From} WHERE c.number = @number", new { number }) is not { } appeal || !by.May("appeal.decide", new Thing(Unit: appeal.Unit))
                || await change.FindAsync<Case>($"SELECT {Case.Columns} FROM work_case WHERE id = @Id{change.ForUpdate}", new { appeal.Id }) is not { } row)
                throw new ConflictException("appeal-gone");
            if (await change.FindAsync<string>("SELECT id FROM work_task WHERE case_id = @Id AND ended_by = @Login LIMIT 1", new { row.Id, by.Login }) is not null)
                throw new ConflictException("appeal-own");
            var due = what == "accepted" ? steps.DueOf(change.At, ToDecide, row.Region) : null;
            await MoveAsync(change, row.Id, isTaking ? ["filed"] : ["accepted"], isTaking ? what : "decided", isTaking ? null : what, due);
            var seq = await StepAsync(change, row.Id, what, by.Unit, words, cancel);
            change.Record(row, by, isTaking ? "appeal." + what : "appeal.decided", isTaking ? null : new { result = what });
            await notices.TellAsync(change, row, new Happening("appeal", $"appeal:{row.Id}:{seq}") { Unit = by.Unit });
        }, cancel);
        news.Raise();
    }

    /// <summary>The appeal of a case, or null.</summary>
    public Task<CaseAppeal?> FindAsync(string caseId, CancellationToken cancel = default) => store.ReadAsync(async c =>
        (await OpenAsync(c, await c.QueryAsync<Row>($"SELECT {Columns} {From} WHERE a.case_id = @caseId", new { caseId }), isOpen: true)) is [var appeal, ..] ? appeal : null, cancel);

    /// <summary>The same for an official who sees the case: what was said is for who may decide on it, and for the unit whose case it is.</summary>
    public Task<CaseAppeal?> FindAsync(CaseFile file, Person reader, CancellationToken cancel = default) => store.ReadAsync(async c =>
        await c.QueryFirstOrDefaultAsync<Row>($"SELECT {Columns} {From} WHERE a.case_id = @Id", new { file.Case.Id }) is { } row
            ? (await OpenAsync(c, [row], file.Tasks.Any(t => Policy.MayWork(reader, t.Unit)) || reader.May("appeal.decide", new Thing(Unit: row.Unit))))[0] : null, cancel);

    /// <summary>Of an application and its parts, by the number of the case: until when it may be appealed, and its appeal. What may not be and was not is not there.</summary>
    public async Task<IReadOnlyDictionary<string, (AppealTerm? Term, CaseAppeal? Appeal)>> OfAsync(ApplicationFile file, CancellationToken cancel = default)
    {
        var all = new Dictionary<string, (AppealTerm?, CaseAppeal?)>();
        foreach (var row in file.Parts.Select(p => p.File?.Case).Prepend(file.Case).OfType<Case>())
        {
            var (term, appeal) = (await TermAsync(row, cancel), await FindAsync(row.Id, cancel));
            if (term is not null || appeal is not null)
                all[row.Number] = (term, appeal);
        }
        return all;
    }

    /// <summary>A page of the appeals to a unit, those that wait first.</summary>
    public Task<Page<CaseAppeal>> PageAsync(string unit, string? state, int skip, int take, CancellationToken cancel = default) => store.ReadAsync(async c =>
    {
        var args = new { unit, state, skip, take };
        const string where = "WHERE a.unit = @unit AND (@state IS NULL OR a.state = @state)";
        return new Page<CaseAppeal>(await OpenAsync(c, await c.QueryAsync<Row>($"SELECT {Columns} {From} {where} ORDER BY CASE WHEN a.state IN ('filed', 'accepted') THEN 0 ELSE 1 END, CASE WHEN a.state IN ('filed', 'accepted') THEN a.due END, a.filed DESC, a.case_id LIMIT @take OFFSET @skip", args), isOpen: true),
            await c.ExecuteScalarAsync<long>($"SELECT count(*) {From} {where}", args), skip, take);
    }, cancel);

    private static string? Words(string? given) =>
        given?.Length > Longest ? throw new ConflictException("appeal-words") : string.IsNullOrWhiteSpace(given) ? null : given.Trim();

    // Of two who act at once, the second finds it moved on.
    private static async Task MoveAsync(Change change, string id, string[] from, string to, string? result, string? due)
    {
        foreach (var state in from)
        {
            if (await change.ExecuteAsync("UPDATE work_appeal SET state = @to, result = @result, due = @due, ended = @ended, version = version + 1 WHERE case_id = @id AND state = @state",
                new { id, to, result, due, state, ended = to == "accepted" ? null : change.Stamp }) == 1)
                return;
        }
        throw new ConflictException("appeal-waits");
    }

    private async Task<long> StepAsync(Change change, string id, string what, string? unit, string? words, CancellationToken cancel)
    {
        var seq = await change.FindAsync<long>("SELECT coalesce(max(seq), 0) + 1 FROM work_appeal_step WHERE case_id = @id", new { id });
        var kept = words is null ? null : (await keys.RingAsync(change, Key, cancel)).Seal(Key, words, Place(id, seq));
        await change.ExecuteAsync("INSERT INTO work_appeal_step (case_id, seq, at, what, unit, words) VALUES (@id, @seq, @Stamp, @what, @unit, @kept)", new { id, seq, change.Stamp, what, unit, kept });
        return seq;
    }

    private async Task<IReadOnlyList<CaseAppeal>> OpenAsync(DbConnection connection, IEnumerable<Row> found, bool isOpen)
    {
        var rows = found.ToList();
        if (rows.Count == 0)
            return [];
        var ids = rows.Select(r => r.Id).ToArray();
        var taken = (await connection.QueryAsync<StepRow>($"SELECT case_id AS Id, seq AS Seq, at AS At, what AS What, unit AS Unit, words AS Words FROM work_appeal_step WHERE case_id {(store.IsPostgres ? "= ANY(@ids)" : "IN @ids")} ORDER BY case_id, seq", new { ids })).ToLookup(s => s.Id);
        var ring = await keys.RingAsync(connection, [Key]);
        string? Said(StepRow step) => step.Words is not { } words ? null : !isOpen ? CaseSeals.Masked : ring.Open(words, Place(step.Id, step.Seq)).Text ?? CaseSeals.Erased;
        return [.. rows.Select(r => new CaseAppeal(r.Number, r.Title, r.Pack, r.Matter, r.Region, r.Unit, r.State, r.Result, r.Late == 1, r.Since, r.Until, r.Due, r.Filed, r.Ended, [.. taken[r.Id].Select(s => new AppealStep(s.At, s.What, s.Unit, Said(s)))]))];
    }

    private static string Place(string id, long seq) => string.Create(CultureInfo.InvariantCulture, $"appeal:{id}:{seq}");
}
