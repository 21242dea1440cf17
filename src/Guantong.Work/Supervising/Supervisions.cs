using Dapper;
using Guantong.Trust;

namespace Guantong.Work;

/// <summary>Opens supervisions (督办), takes answers to them, and ends them (docs/handling.md).</summary>
/// <remarks>Plan, “重大任务”贯彻落实的综合集成机制: 可随时进行批示、督办和问题反馈. A supervision is of a unit, never of an official.</remarks>
public sealed class Supervisions(Store store, Steps steps, Jurisdiction land, TimeProvider clock)
{
    /// <summary>What a list may be narrowed to.</summary>
    public static readonly IReadOnlyList<string> States = ["open", "overdue", "answered", "closed", "withdrawn"];

    /// <summary>The data bureau or a leader over the case's region holds a unit to something (督办).</summary>
    /// <param name="caseId">Id or number of the case.</param>
    /// <param name="unit">A unit that has or had a task in the case; null where one alone has one open.</param>
    /// <param name="due">ISO 8601; in the future, within a year.</param>
    /// <returns>The supervision's id.</returns>
    /// <exception cref="ConflictException">case-gone; supervise-not-yours; supervise-over: the case has ended; supervise-whom, ask-own: not a unit of the case, or one's own; supervise-twice: one's unit supervises it already; ask-due, reason-missing.</exception>
    public async Task<string> OpenAsync(string caseId, string? unit, string? demand, string? due, string? reason, Person by, CancellationToken cancel = default)
    {
        var (wanted, why, until) = (Reason.Of(demand), Reason.Of(reason), Deadline.Of(due, clock.GetUtcNow()));
        var opened = "";
        await store.ChangeAsync(clock.GetUtcNow(), async change =>
        {
            var rights = by.Rows("case.read", land);
            var id = await change.FindAsync<string>($"SELECT id FROM work_case WHERE (id = @caseId OR number = @caseId){rights.OfCase("work_case")}", rights.With(new { caseId })) ?? throw new ConflictException("case-gone");
            var row = await steps.HoldAsync(change, id);
            if (!May(by, row.Region))
                throw new ConflictException("supervise-not-yours");
            if (row.State is not ("open" or "stuck"))
                throw new ConflictException("supervise-over");
            var had = (await change.QueryAsync<WorkTask>($"SELECT {WorkTask.Columns} FROM work_task WHERE case_id = @id", new { id })).AsList();
            var open = had.Where(t => t.State == "open").Select(t => t.Unit).Distinct().ToList();
            var whom = unit ?? (open is [var only] ? only : null);
            if (whom is null || !had.Any(t => t.Unit == whom))
                throw new ConflictException("supervise-whom");
            if (whom == by.Unit)
                throw new ConflictException("ask-own");
            if (await change.FindAsync<string>("SELECT id FROM work_supervision WHERE case_id = @id AND unit = @whom AND by_unit = @Unit AND state IN ('open', 'answered')", new { id, whom, Unit = by.Unit ?? "" }) is not null)
                throw new ConflictException("supervise-twice");
            opened = Insert(change, row, whom, by.Login, by.Unit ?? "", wanted, why, until);
            change.Record(row, by, "case.supervised", new { supervision = opened, unit = whom, due = until });
        }, cancel);
        return opened;
    }

    /// <summary>The platform opens one of a unit whose leaders did not act on what is overdue; it is that of whoever may supervise the case.</summary>
    internal static void OpenFor(Change change, Case row, string unit, string due)
    {
        var id = Insert(change, row, unit, "process", "", "", "", due);
        change.Record(row, "process", "case.supervised", new { supervision = id, unit, due, overdue = true });
    }

    /// <summary>The supervised unit says how it stands. It may do so several times, until the supervision is over.</summary>
    /// <exception cref="ConflictException">supervision-gone; supervision-elsewhere: another unit is supervised; supervision-over; reason-missing.</exception>
    public Task AnswerAsync(string id, string? words, Person by, CancellationToken cancel = default)
    {
        var said = Reason.Of(words);
        return ActAsync(id, null, by, "supervision.answered", async (change, one) =>
        {
            if (!by.May("supervision.answer", new Thing(Unit: one.Unit)))
                throw new ConflictException("supervision-elsewhere");
            await MoveAsync(change, one, "answered", one.Due);
            return new SupervisionLine(id, 0, change.Stamp, "answered", by.Login, by.Unit!, said, null);
        }, cancel);
    }

    /// <summary>Whoever supervises accepts what was answered: the supervision is closed (销号).</summary>
    /// <param name="version">As they read it; null where they do not mind what was added since.</param>
    /// <exception cref="ConflictException">supervision-gone; supervision-not-yours; supervision-over; supervision-unanswered; supervision-changed: something was added since.</exception>
    public Task AcceptAsync(string id, string? words, long? version, Person by, CancellationToken cancel = default) => DecideAsync(id, "accepted", words, null, version, by, cancel);

    /// <summary>Whoever supervises sends it back to the unit, with another deadline.</summary>
    /// <exception cref="ConflictException">The same, and ask-due, reason-missing.</exception>
    public Task SendBackAsync(string id, string? words, string? due, long? version, Person by, CancellationToken cancel = default) => DecideAsync(id, "sent-back", Reason.Of(words), Deadline.Of(due, clock.GetUtcNow()), version, by, cancel);

    /// <summary>Whoever supervises takes it back.</summary>
    /// <exception cref="ConflictException">supervision-gone; supervision-not-yours; supervision-over; reason-missing.</exception>
    public Task WithdrawAsync(string id, string? words, Person by, CancellationToken cancel = default) => DecideAsync(id, "withdrawn", Reason.Of(words), null, null, by, cancel);

    /// <summary>Whether somebody may supervise cases of a region.</summary>
    public bool May(Person by, string region) => by.May("case.supervise", new Thing(Region: region), land);

    /// <summary>Whether a supervision is theirs to accept, send back and withdraw: their unit's, or one that the platform opened of a case that they may supervise.</summary>
    public bool IsTheirs(Person by, Supervision one) => May(by, one.Region) && (one.IsByPlatform ? by.Unit != one.Unit : one.ByUnit == by.Unit);

    /// <summary>A page of supervisions: those that wait first, the soonest due first; then the latest.</summary>
    /// <param name="state">One of <see cref="States"/>; null for all.</param>
    public Task<Page<Supervision>> PageAsync(string? state, RowRights rights, int skip, int take, CancellationToken cancel = default) => store.ReadAsync(async c =>
    {
        var where = $"WHERE (@state IS NULL OR s.state = @state OR (@state = 'overdue' AND s.state = 'open' AND s.due < @now)){rights.OfCase("c")}";
        var args = rights.With(new { state, skip, take, now = Time.Write(clock.GetUtcNow()) });
        var items = await c.QueryAsync<Supervision>($"SELECT {Supervision.Columns} {Supervision.From} {where} ORDER BY CASE WHEN s.state IN ('open', 'answered') THEN 0 ELSE 1 END, CASE WHEN s.state IN ('open', 'answered') THEN s.due END, s.ended DESC, s.id LIMIT @take OFFSET @skip", args);
        return new Page<Supervision>(await WithLinesAsync(c, items.AsList()), await c.ExecuteScalarAsync<long>($"SELECT count(*) {Supervision.From} {where}", args), skip, take);
    }, cancel);

    /// <summary>The supervisions of a case, oldest first.</summary>
    public Task<IReadOnlyList<Supervision>> OfCaseAsync(string caseId, CancellationToken cancel = default) => store.ReadAsync(async c =>
        await WithLinesAsync(c, (await c.QueryAsync<Supervision>($"SELECT {Supervision.Columns} {Supervision.From} WHERE s.case_id = @caseId ORDER BY s.opened, s.id", new { caseId })).AsList()), cancel);

    private async Task<IReadOnlyList<Supervision>> WithLinesAsync(System.Data.Common.DbConnection connection, List<Supervision> all)
    {
        if (all.Count == 0)
            return [];
        var ids = all.Select(s => s.Id).ToArray();
        var lines = (await connection.QueryAsync<SupervisionLine>($"SELECT {SupervisionLine.Columns} FROM work_supervision_line l WHERE l.supervision_id {(store.IsPostgres ? "= ANY(@ids)" : "IN @ids")} ORDER BY l.supervision_id, l.seq", new { ids })).ToLookup(l => l.SupervisionId);
        return [.. all.Select(s => s with { Lines = [.. lines[s.Id]] })];
    }

    private Task DecideAsync(string id, string what, string? words, string? due, long? version, Person by, CancellationToken cancel)
    {
        var said = string.IsNullOrWhiteSpace(words) ? "" : Reason.Of(words);
        return ActAsync(id, version, by, "supervision." + what, async (change, one) =>
        {
            if (!IsTheirs(by, one))
                throw new ConflictException("supervision-not-yours");
            if (what != "withdrawn" && one.State != "answered")
                throw new ConflictException("supervision-unanswered");
            await MoveAsync(change, one, what switch { "accepted" => "closed", "sent-back" => "open", _ => "withdrawn" }, due ?? one.Due);
            return new SupervisionLine(id, 0, change.Stamp, what, by.Login, by.Unit ?? "", said, due);
        }, cancel);
    }

    // The case is held, so that of two at once the second sees what the first did.
    private Task ActAsync(string id, long? version, Person by, string action, Func<Change, Supervision, Task<SupervisionLine>> act, CancellationToken cancel) => store.ChangeAsync(clock.GetUtcNow(), async change =>
    {
        var rights = by.Rows("supervision.read", land);
        var caseId = await change.FindAsync<string>($"SELECT s.case_id {Supervision.From} WHERE s.id = @id{rights.OfCase("c")}", rights.With(new { id })) ?? throw new ConflictException("supervision-gone");
        var row = await steps.HoldAsync(change, caseId);
        var one = (await change.FindAsync<Supervision>($"SELECT {Supervision.Columns} {Supervision.From} WHERE s.id = @id", new { id }))!;
        if (one.IsOver)
            throw new ConflictException("supervision-over");
        if (version is { } seen && seen != one.Version)
            throw new ConflictException("supervision-changed");
        var line = await act(change, one);
        await change.ExecuteAsync("INSERT INTO work_supervision_line (supervision_id, seq, at, what, by_login, unit, words, due) VALUES (@SupervisionId, (SELECT coalesce(max(l.seq), 0) + 1 FROM work_supervision_line l WHERE l.supervision_id = @SupervisionId), @At, @What, @ByLogin, @Unit, @Words, @Due)", line);
        // What is said stays with the case.
        change.Record(row, by, action, new { supervision = id, unit = one.Unit, due = line.Due });
    }, cancel);

    private static Task<int> MoveAsync(Change change, Supervision one, string state, string due) =>
        change.ExecuteAsync("UPDATE work_supervision SET state = @state, due = @due, ended = @ended, version = version + 1 WHERE id = @Id",
            new { one.Id, state, due, ended = state is "closed" or "withdrawn" ? change.Stamp : null });

    private static string Insert(Change change, Case row, string unit, string login, string byUnit, string demand, string reason, string due)
    {
        var id = Guid.CreateVersion7(change.At).ToString("n");
        change.Later("INSERT INTO work_supervision (id, case_id, unit, by_login, by_unit, demand, reason, state, opened, due, version) VALUES (@id, @caseId, @unit, @login, @byUnit, @demand, @reason, 'open', @Stamp, @due, 1)",
            new { id, caseId = row.Id, unit, login, byUnit, demand, reason, change.Stamp, due });
        return id;
    }
}

/// <summary>SQL of what supervisions ask of an official's unit, as lines of their task list.</summary>
internal static class SupervisionLines
{
    public const string Columns = """
        SELECT '' AS Id, c.title AS Name, s.unit AS Unit, 'open' AS State, NULL AS Assignee, s.opened AS Opened, s.due AS Due, NULL AS Ended,
               c.id AS CaseId, c.number AS Number, c.title AS Title, c.region AS Region, c.pack AS Pack, c.matter AS Matter,
               'supervise' AS Kind, s.id AS Ask, s.by_login AS AskedBy, s.demand AS Words, NULL AS Term, NULL AS Stopped, s.opened AS CaseOpened, NULL AS CaseTerm, 0 AS StandsIn
        """;

    /// <summary>What waits for an answer of <c>@myUnit</c>, of whoever may give it (<c>@answers</c>).</summary>
    public const string From = Supervision.From + " WHERE @answers = 1 AND s.state = 'open' AND s.unit = @myUnit AND coalesce(@state, 'open') = 'open'";
}
