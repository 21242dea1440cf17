using System.Text.Json;
using System.Text.Json.Nodes;
using Dapper;
using Guantong.Data;
using Guantong.Packs;
using Guantong.Processes;
using Guantong.Trust;

namespace Guantong.Work;

/// <summary>What officials do with their tasks: see, take, give back, finish.</summary>
public sealed class Tasks(Store store, Cases cases, Steps steps, PackRegistry packs, Jurisdiction land, TimeProvider clock, WorkSignal signal)
{
    /// <summary>A page of a unit's tasks, the soonest due first.</summary>
    /// <param name="unit">The unit's id; null for every unit.</param>
    /// <param name="state">open or done; null for both.</param>
    /// <param name="words">Words of the task, the case's title or number; null for all.</param>
    /// <param name="rights">Whose cases' tasks may be seen; those of one's own unit always.</param>
    /// <param name="me">Who looks at their own list, where they do: what others ask of them stands in it too.</param>
    /// <param name="skip">How many to leave out.</param>
    /// <param name="take">How many at most.</param>
    /// <param name="cancel">Gives up.</param>
    public Task<Page<TaskLine>> PageAsync(string? unit, string? state, string? words, RowRights rights, Person? me, int skip, int take, CancellationToken cancel = default) => store.ReadAsync(async connection =>
    {
        const string chosen = "WHERE (@unit IS NULL OR t.unit = @unit) AND (@state IS NULL OR t.state = @state)";
        const string withCase = "FROM work_task t JOIN work_case c ON c.id = t.case_id";
        const string said = "(t.name LIKE @words ESCAPE '\\' OR c.title LIKE @words ESCAPE '\\' OR c.number LIKE @words ESCAPE '\\')";
        var like = Cases.Like(words);
        var seen = rights.Covers(unit) ? "" : rights.OfCase("c");
        var now = Time.Write(clock.GetUtcNow());
        var args = rights.With(new { unit, state, words = like, skip, take, myUnit = me?.Unit, me = me?.Login, now, answers = Says(me, "supervision.answer") ? 1 : 0 });
        // Where neither words nor rights ask for it, no case is looked up before the page is cut, nor for the count, which an index answers.
        var counts = like is not null || seen.Length > 0;
        var narrowed = counts ? $"{withCase} {chosen}{(like is null ? "" : $" AND {said}")}{seen}" : $"FROM work_task t {chosen}";
        var asked = me is null ? null : AskLines.From(state, Says(me, "escalation.answer")) + (like is null ? "" : $" AND {said}") + rights.OfCase("c");
        var supervised = SupervisionLines.From + (like is null ? "" : " AND (c.title LIKE @words ESCAPE '\\' OR c.number LIKE @words ESCAPE '\\')") + rights.OfCase("c");
        // Of a task only what its place in the list goes by is read at first.
        var keys = $"""
            SELECT t.id AS Id, t.name AS Name, t.unit AS Unit, t.state AS State, NULL AS Assignee, t.opened AS Opened, t.due AS Due, NULL AS Ended, '' AS CaseId, '' AS Number, '' AS Title, '' AS Region, '' AS Pack, '' AS Matter,
                   'task' AS Kind, '' AS Ask, '' AS AskedBy, '' AS Words, NULL AS Term, NULL AS Stopped, '' AS CaseOpened, NULL AS CaseTerm, 0 AS StandsIn, {(counts ? "count(*) OVER ()" : "CAST(0 AS BIGINT)")} AS Total
            {narrowed} ORDER BY CASE WHEN t.state = 'open' THEN 0 ELSE 1 END, coalesce(t.due, '9999'), t.opened, t.id LIMIT
            """;
        // Each half is cut by its own order, which an index has: only what may stand on the page is sorted with the other's.
        const string order = "ORDER BY CASE WHEN State = 'open' THEN 0 ELSE 1 END, CASE WHEN Kind = 'escalation' THEN 0 ELSE 1 END, coalesce(Due, '9999'), Opened, Id, Kind, Ask";
        var found = (await connection.QueryAsync<TaskLine, long, (TaskLine Line, long Total)>(asked is null ? $"{keys} @take OFFSET @skip"
            : $"SELECT * FROM (SELECT * FROM ({keys} (@skip + @take)) o UNION ALL SELECT a.*, CAST(0 AS BIGINT) AS Total FROM ({AskLines.Columns} {asked}) a UNION ALL SELECT s.*, CAST(0 AS BIGINT) AS Total FROM ({SupervisionLines.Columns} {supervised}) s) l {order} LIMIT @take OFFSET @skip", (line, total) => (line, total), args, splitOn: "Total")).ToList();
        string[] ids = [.. found.Where(f => f.Line.Kind == "task").Select(f => f.Line.Id)];
        var whole = ids.Length == 0 ? [] : (await connection.QueryAsync<TaskLine>($"""
            SELECT t.id AS Id, t.name AS Name, t.unit AS Unit, t.state AS State, t.assignee AS Assignee, t.opened AS Opened, t.due AS Due, t.ended AS Ended,
                   c.id AS CaseId, c.number AS Number, c.title AS Title, c.region AS Region, c.pack AS Pack, c.matter AS Matter, 'task' AS Kind, '' AS Ask, '' AS AskedBy, '' AS Words,
                   t.term AS Term, c.stopped AS Stopped, c.opened AS CaseOpened, c.term AS CaseTerm,
                   CASE WHEN t.state = 'open' AND t.assignee IS NOT NULL AND EXISTS (SELECT 1 FROM work_absence b WHERE b.login = t.assignee AND b.unit = t.unit AND b.substitute = @me AND b.begins <= @now AND b.ends > @now) THEN 1 ELSE 0 END AS StandsIn
            {withCase} WHERE t.id {(store.IsPostgres ? "= ANY(@ids)" : "IN @ids")}
            """, new { me = me?.Login, now, ids })).ToDictionary(l => l.Id);
        // Whoever goes through all that match counts them on the way; on a page of what is asked alone nobody has.
        var total = counts && found.FirstOrDefault(f => f.Line.Kind == "task") is { Line: not null } one ? one.Total
            : await connection.ExecuteScalarAsync<long>($"SELECT count(*) {narrowed}", args);
        var at = clock.GetUtcNow();
        return new Page<TaskLine>([.. found.Select(f => f.Line.Kind == "task" ? whole[f.Line.Id] : f.Line).Select(t => t with { Light = TermLight.Of(land, t, at) })],
            total + (asked is null ? 0 : await connection.ExecuteScalarAsync<long>($"SELECT (SELECT count(*) {asked}) + (SELECT count(*) {supervised})", args)), skip, take);
    }, cancel);

    private static bool Says(Person? me, string act) => me?.May(act, new Thing(me.Unit)) == true;

    /// <summary>A task by id, or null; what is personal in it is masked.</summary>
    public Task<WorkTask?> FindAsync(string id, RowRights rights, CancellationToken cancel = default) => store.ReadAsync(async connection =>
        await connection.QueryFirstOrDefaultAsync<WorkTask>($"SELECT {WorkTask.Columns} FROM work_task WHERE id = @id{OfTask(rights)}", rights.With(new { id })) is { } task ? task with { Data = task.Data is { } data ? CaseSeals.Mask(data) : null } : null, cancel);

    private static string OfTask(RowRights rights) => rights.OfCase("rc") is { Length: > 0 } seen ? $" AND EXISTS (SELECT 1 FROM work_case rc WHERE rc.id = work_task.case_id{seen})" : "";

    /// <summary>The JSON Schema of a task's form, or null when it has none.</summary>
    public async Task<string?> FormAsync(WorkTask task, CancellationToken cancel = default)
    {
        if (task.Form is null || await cases.FindAsync(task.CaseId, RowRights.All, cancel) is not { } file)
            return null;
        return await FormAsync(task, file.Case, cancel);
    }

    private async Task<string?> FormAsync(WorkTask task, Case row, CancellationToken cancel) =>
        task.Form is null ? null : (await packs.AtAsync(row.Pack, row.Revision, cancel)).Forms.GetValueOrDefault(task.Form);

    /// <summary>An official takes a task of their unit (or gives it back).</summary>
    /// <exception cref="ConflictException">It is another unit's, somebody else's, or no longer open.</exception>
    public Task TakeAsync(string id, Person by, bool giveBack, CancellationToken cancel = default) => store.ChangeAsync(clock.GetUtcNow(), async change =>
    {
        var (task, row) = await HoldAsync(change, id, by);
        var mine = await DelegateAsync(change, id);
        // Who stands in for somebody does their task; it stays theirs.
        if ((mine?.Login ?? task.Assignee ?? by.Login) != by.Login)
            throw new ConflictException("task-taken");
        if (mine is not null)
        {
            // The colleague gives back what was entrusted to them; it is its assignee's again.
            if (!giveBack)
                throw new ConflictException("task-delegated");
            await TaskHandling.EndAsync(change, mine, "returned", by);
            change.Record(row, by, "task.delegate-returned", new { task = task.Node });
            return;
        }
        await change.ExecuteAsync("UPDATE work_task SET assignee = @assignee, version = version + 1 WHERE id = @id", new { id, assignee = giveBack ? null : by.Login });
        change.Record(row, by, giveBack ? "task.given-back" : "task.taken", new { task = task.Node });
    }, cancel);

    /// <summary>An official finishes a task with what they filled in.</summary>
    /// <returns>The faults of the form, none when the task is done.</returns>
    /// <exception cref="ConflictException">It is another unit's, somebody else's, or no longer open.</exception>
    public async Task<IReadOnlyList<FormFault>> FinishAsync(string id, JsonObject given, Person by, CancellationToken cancel = default)
    {
        try
        {
            await store.ChangeAsync(clock.GetUtcNow(), change => FinishAsync(change, id, given, by, cancel), cancel);
        }
        catch (FormRefused refused)
        {
            return refused.Faults;
        }
        signal.Raise();
        return [];
    }

    private async Task FinishAsync(Change change, string id, JsonObject given, Person by, CancellationToken cancel)
    {
        var (task, row) = await HoldAsync(change, id, by);
        if (row.Suspended is not null)
            throw new ConflictException("case-suspended");
        if (Acceptances.IsOf(task))
            throw new ConflictException("acceptance-answer");
        await HoldUpAsync(change, task, row, by);
        var form = await FormAsync(task, row, cancel);
        var (clean, faults) = await HoldAgainstFormAsync(form, Attachments.Filled(form, given, form?.Contains("x-file", StringComparison.Ordinal) == true ? await Attachments.OfTaskAsync(change, id) : []));
        if (faults.Count > 0)
            throw new FormRefused(faults);
        var filled = clean.ToJsonString(Json.Plain);
        var kept = (await steps.Seals.OfAsync(change, row, filled)).Json(filled);
        change.Later("UPDATE work_task SET state = 'done', ended = @Stamp, ended_by = @Login, assignee = @Login, data = @data, version = version + 1 WHERE id = @id",
            new { change.Stamp, by.Login, data = kept, id });
        TaskDrafts.Forget(change, id);
        Escalations.Over(change, "task_id = @id", new { id, change.Stamp });
        // What was given stays with the task, which can be erased; the ledger keeps the names alone.
        change.Record(row, by, "task.done", new { task = task.Node, given = clean.Select(g => g.Key) });
        if (task.Assignee is { } assignee && assignee != by.Login)
            change.Record(row, by, "task.done-for", new { task = task.Node, assignee });
        try
        {
            await steps.TakeAsync(change, row, new ProcessEvent.Complete(change.At, task.Token, Json.Values(clean)));
        }
        catch (StuckException stuck)
        {
            // The official has done their part: what stands in the way is an operator's affair.
            await Incidents.SetAsideAsync(change, row, task.Token, WorkRunner.TaskFinish, kept, stuck);
        }
    }

    /// <summary>The faults that finishing a task with this would meet; changes nothing.</summary>
    public async Task<IReadOnlyList<FormFault>> CheckAsync(WorkTask task, JsonObject given, CancellationToken cancel = default)
    {
        var form = await FormAsync(task, cancel);
        var files = await store.ReadAsync(c => c.QueryAsync<Attachment>($"SELECT {Attachment.Columns} FROM work_attachment WHERE task_id = @Id ORDER BY at, id", new { task.Id }), cancel);
        return (await HoldAgainstFormAsync(form, Attachments.Filled(form, given, files))).Faults;
    }

    private async Task<(JsonObject Clean, IReadOnlyList<FormFault> Faults)> HoldAgainstFormAsync(string? form, JsonObject given) =>
        form is { } schema ? await FormCheck.CheckAsync(schema, given, land) : ([], []);

    /// <summary>Holds a task's case, for whoever works on it.</summary>
    /// <exception cref="ConflictException">It is another unit's, somebody else's, or no longer open; or they have declared an interest in the case.</exception>
    internal async Task<(WorkTask Task, Case Case)> HoldAsync(Change change, string id, Person by)
    {
        var (row, task) = await change.FindAsync<Case, WorkTask>($"SELECT {Case.Columns} FROM work_case WHERE id = (SELECT case_id FROM work_task WHERE id = @id){change.ForUpdate}",
            $"SELECT {WorkTask.Columns} FROM work_task WHERE id = @id", new { id });
        if (row is null || task is null)
            throw new ConflictException("task-gone");
        if (!Policy.MayWork(by, task.Unit))
            throw new ConflictException(await change.FindAsync<string>($"SELECT id FROM work_task WHERE id = @id{OfTask(by.Rows("task.read", land))}", by.Rows("task.read", land).With(new { id })) is null ? "task-gone" : "task-elsewhere");
        if (task.State != "open")
            throw new ConflictException("task-" + task.State);
        var (recused, trusted) = await change.FindAsync<string, Asked>("SELECT login FROM work_recusal WHERE case_id = @caseId AND login = @Login", Delegate, new { id, caseId = row.Id, by.Login });
        if (recused is not null)
            throw new ConflictException("task-recused");
        await HoldApartAsync(change, task, row, by.Login);
        // Whom the assignee asked to do it stands in their place until it is called back.
        var holder = trusted?.Login ?? task.Assignee;
        if (holder is not null && holder != by.Login && !await Absences.StandsInAsync(change, holder, task.Unit, by.Login))
            throw new ConflictException(trusted is not null && task.Assignee == by.Login ? "task-delegated" : "task-taken");
        return (task, await steps.Seals.OpenAsync(change, row));
    }

    /// <summary>Who did what a node's <c>guantong:separate-from</c> names in a case, and so does not do the node too (行政处罚法 §58, §64).</summary>
    internal static async Task<IReadOnlySet<string>> ApartAsync(Change change, string caseId, ProcessNode node)
    {
        if (node.Attributes.GetValueOrDefault("separate-from") is not { } others)
            return new HashSet<string>();
        var done = await change.QueryAsync<(string Node, string Login)>("SELECT DISTINCT node, ended_by FROM work_task WHERE case_id = @caseId AND state = 'done' AND ended_by IS NOT NULL", new { caseId });
        return done.Where(d => others.Split(' ').Contains(d.Node)).Select(d => d.Login).ToHashSet();
    }

    /// <summary>Holds that somebody may do a task beside what they did in its case.</summary>
    /// <exception cref="ConflictException">task-separate: the process keeps the two apart.</exception>
    internal async Task HoldApartAsync(Change change, WorkTask task, Case row, string login)
    {
        // An acceptance is of no process.
        if (Acceptances.IsOf(task))
            return;
        var node = (await packs.AtAsync(row.Pack, row.Revision)).ProcessOf(row.Matter, row.Called).Definition.Node(task.Node);
        if ((await ApartAsync(change, task.CaseId, node)).Contains(login))
            throw new ConflictException("task-separate");
    }

    /// <summary>Holds a task's case, for whoever has to do with it without working on it.</summary>
    /// <exception cref="ConflictException">It is not there for them, or no longer open.</exception>
    internal async Task<(WorkTask Task, Case Case)> LookAsync(Change change, string id, Person by)
    {
        var rights = by.Rows("task.read", land);
        var caseId = await change.FindAsync<string>($"SELECT case_id FROM work_task WHERE id = @id{OfTask(rights)}", rights.With(new { id })) ?? throw new ConflictException("task-gone");
        var row = await steps.HoldAsync(change, caseId);
        var task = (await change.FindAsync<WorkTask>($"SELECT {WorkTask.Columns} FROM work_task WHERE id = @id", new { id }))!;
        return task.State == "open" ? (task, row) : throw new ConflictException("task-" + task.State);
    }

    /// <summary>The colleague whom the assignee has asked to do a task; null where there is none.</summary>
    internal static Task<Asked?> DelegateAsync(Change change, string id) => change.FindAsync<Asked>(Delegate, new { id });

    private const string Delegate = $"SELECT {Asked.Columns} FROM work_ask_of o WHERE o.task_id = @id AND o.kind = 'delegate' AND o.state = 'waiting'";

    // What others were asked holds the task up until it is settled; where a quorum can be reached no longer, that the official decides is kept.
    internal static async Task HoldUpAsync(Change change, WorkTask task, Case row, Person by)
    {
        foreach (var ask in await TaskHandling.AsksAsync(change, "a.task_id = @Id AND a.kind IN ('countersign', 'opinion')", new { task.Id }))
        {
            var (stand, agreed) = (ask.StandAt(change.At), ask.Of.Count(o => o.State == "agreed"));
            if (ask.Of.All(o => o.State is "dropped" or "withdrawn"))
                continue;
            if (stand is AskStand.Open or AskStand.ToRemind)
                throw new ConflictException(stand == AskStand.ToRemind ? "opinion-to-remind" : ask.Kind + "-open");
            if (stand == AskStand.Impossible)
                change.Record(row, by, "countersign.decided", new { task = task.Node, ask = ask.Id, agreed, disagreed = ask.Of.Count(o => o.State == "disagreed"), quorum = ask.Quorum ?? ask.Of.Count(o => o.State != "dropped") });
            else if (stand == AskStand.BySilence)
                change.Record(row, by, "opinion.by-silence", new { task = task.Node, ask = ask.Id, silent = ask.Of.Where(o => o.State == "waiting").Select(o => o.Login ?? o.Unit), means = ask.Silence == "agrees" ? "agrees" : "none" });
        }
    }
}
