using Dapper;
using Guantong.Data;
using Guantong.Trust;

namespace Guantong.Work;

/// <summary>What officials do with a task beside taking, giving back and finishing it: assign and delegate, hand over, ask others, urge and instruct, and take back what they asked (docs/handling.md).</summary>
/// <remarks>Each act is one change with the case held, so that two at once are told of each other; what stands in the way is a <see cref="ConflictException"/> whose code says what.</remarks>
public sealed partial class TaskHandling(Store store, Tasks tasks, Steps steps, PackRegistry packs, Accounts accounts, Jurisdiction land, TimeProvider clock)
{
    /// <summary>The most whom one thing is asked of.</summary>
    public const int MostAsked = 20;

    /// <summary>How long a unit waits between urging the same task twice.</summary>
    public static readonly TimeSpan UrgeEvery = TimeSpan.FromHours(24);

    /// <summary>What was asked about a case and its tasks, in order.</summary>
    public Task<IReadOnlyList<Ask>> OfCaseAsync(string caseId, CancellationToken cancel = default) =>
        store.ReadAsync(async c => Ask.Join(await c.QueryAsync<Ask>(Ask.Select("a.case_id = @caseId"), new { caseId }), await c.QueryAsync<Asked>(Asked.Select("a.case_id = @caseId"), new { caseId })), cancel);

    /// <summary>Who may do a task of a unit: those whom it can be assigned or delegated to, but for those who declared an interest in the case.</summary>
    public async Task<IReadOnlyList<Person>> ColleaguesAsync(WorkTask task, CancellationToken cancel = default)
    {
        var recused = await store.ReadAsync(c => c.QueryAsync<string>("SELECT login FROM work_recusal WHERE case_id = @CaseId", new { task.CaseId }), cancel);
        return [.. (await accounts.OfUnitAsync(task.Unit, cancel)).Where(p => Policy.MayWork(p, task.Unit) && !recused.Contains(p.Login))];
    }

    /// <summary>What was asked, within a change.</summary>
    internal static async Task<IReadOnlyList<Ask>> AsksAsync(Change change, string where, object args) =>
        await change.QueryAsync<Ask>(Ask.Select(where), args) is var asks && asks.Any() ? Ask.Join(asks, await change.QueryAsync<Asked>(Asked.Select(where), args)) : [];

    /// <summary>Ends one of those whom something is asked of.</summary>
    internal static async Task EndAsync(Change change, Asked one, string state, Person by, string? words = null, bool signs = false) =>
        await change.ExecuteAsync("UPDATE work_ask_of SET state = @state, words = @words, ended = @Stamp, ended_by = @Login, signed_by = @signer WHERE id = @Id",
            new { one.Id, state, words, change.Stamp, by.Login, signer = signs ? by.Login : null });

    private Task ActAsync(Func<Change, Task> act, CancellationToken cancel) => store.ChangeAsync(clock.GetUtcNow(), act, cancel);

    // The task of whoever has it: taken by them, or entrusted to them.
    private async Task<(WorkTask Task, Case Case)> HaveAsync(Change change, string id, Person by, bool asAssignee = false)
    {
        var (task, row) = await tasks.HoldAsync(change, id, by);
        if (task.Assignee is null)
            throw new ConflictException("task-untaken");
        return asAssignee && task.Assignee != by.Login ? throw new ConflictException("task-delegated") : (task, row);
    }

    private async Task<(Ask Ask, Case Case)> HoldAskAsync(Change change, string id, Person by)
    {
        var rights = by.Rows("case.read", land);
        var caseId = await change.FindAsync<string>($"SELECT a.case_id FROM work_ask a JOIN work_case c ON c.id = a.case_id WHERE a.id = @id{rights.OfCase("c")}", rights.With(new { id })) ?? throw new ConflictException("ask-gone");
        var row = await steps.HoldAsync(change, caseId);
        return ((await AsksAsync(change, "a.id = @id", new { id }))[0], row);
    }

    private static async Task HoldOpenAsync(Change change, Ask ask)
    {
        if (ask.TaskId is { } id && await change.FindAsync<string>("SELECT state FROM work_task WHERE id = @id", new { id }) != "open")
            throw new ConflictException("ask-over");
    }

    // An official as they act in a unit; null where they have no post there.
    private async Task<IReadOnlyList<Person>> NamedAsync(IEnumerable<Addressee> to, CancellationToken cancel)
    {
        var named = new List<Person>();
        foreach (var unit in to.Where(t => t.Login is not null).Select(t => t.Unit).Distinct())
            named.AddRange(await accounts.OfUnitAsync(unit, cancel));
        return named;
    }

    private async Task HoldAgainstAsync(IReadOnlyList<Addressee> to, Person by, CancellationToken cancel)
    {
        if (to.Count is 0 or > MostAsked || to.Any(t => t is null || land.Units.Find(t.Unit) is null) || to.Distinct().Count() < to.Count)
            throw new ConflictException("ask-whom");
        if (to.Any(t => t.Login == by.Login || (t.Login is null && t.Unit == by.Unit)))
            throw new ConflictException("ask-own");
        var named = await NamedAsync(to, cancel);
        if (to.Any(t => t.Login is not null && !named.Any(p => p.Login == t.Login && p.Unit == t.Unit)))
            throw new ConflictException("ask-not-there");
    }

    private static async Task HoldUnrecusedAsync(Change change, string caseId, IEnumerable<string?> logins)
    {
        foreach (var login in logins.OfType<string>())
        {
            if (await change.FindAsync<string>("SELECT login FROM work_recusal WHERE case_id = @caseId AND login = @login", new { caseId, login }) is not null)
                throw new ConflictException("ask-recused");
        }
    }

    private static string Words(string? given, bool required = true) =>
        !required && string.IsNullOrWhiteSpace(given) ? "" : Reason.Of(given);

    private string Due(string? given) => Deadline.Of(given, clock.GetUtcNow());

    internal static void Insert(Change change, Ask ask)
    {
        change.Later("""
            INSERT INTO work_ask (id, kind, case_id, task_id, by_login, by_unit, words, asked, due, quorum, in_turn, silence, way)
            VALUES (@Id, @Kind, @CaseId, @TaskId, @ByLogin, @ByUnit, @Words, @Asked, @Due, @Quorum, @inTurn, @Silence, @Way)
            """, new { ask.Id, ask.Kind, ask.CaseId, ask.TaskId, ask.ByLogin, ask.ByUnit, ask.Words, ask.Asked, ask.Due, ask.Quorum, inTurn = ask.InTurn ? 1L : 0L, ask.Silence, ask.Way });
    }

    internal static void Insert(Change change, Ask ask, IEnumerable<Addressee> to, long after = 0)
    {
        foreach (var one in to)
        {
            change.Later("INSERT INTO work_ask_of (id, ask_id, kind, case_id, task_id, place, unit, login, state) VALUES (@id, @ask, @Kind, @CaseId, @TaskId, @place, @Unit, @Login, 'waiting')",
                new { id = NewId(change), ask = ask.Id, ask.Kind, ask.CaseId, ask.TaskId, place = ++after, one.Unit, one.Login });
        }
    }

    private static Ask New(Change change, string kind, Case row, string? taskId, Person by, string words, string? due = null, long? quorum = null, bool inTurn = false, string? silence = null) =>
        new(NewId(change), kind, row.Id, taskId, by.Login, by.Unit ?? "", words, change.Stamp, due, quorum, inTurn, silence, null);

    internal static string NewId(Change change) => Guid.CreateVersion7(change.At).ToString("n");

    private static object Whom(IEnumerable<Addressee> to) => to.Select(t => t.Login ?? t.Unit);
}
