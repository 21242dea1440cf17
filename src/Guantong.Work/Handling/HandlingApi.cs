using Guantong.Trust;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guantong.Work;

/// <summary>Handling over the API.</summary>
internal static class HandlingApi
{
    /// <summary>To whom (null: taken from whoever has it), and the task's version as it was seen (null: whatever it is).</summary>
    public sealed record Assignment(string? Login, long? Version);

    /// <summary>To which colleague, with words or none.</summary>
    public sealed record Delegation(string? Login, string? Words);

    /// <summary>To which unit, and why.</summary>
    public sealed record HandOver(string? Unit, string? Reason);

    /// <summary>To which region below, and why.</summary>
    public sealed record HandDown(string? Region, string? Reason);

    /// <summary>To whom of the unit, why, and the ids of what was shown (null: whatever is on them now).</summary>
    public sealed record PostHandOver(string? To, string? Reason, IReadOnlyList<string>? Seen);

    /// <summary>Why.</summary>
    public sealed record Because(string? Reason);

    /// <summary>Whom; how many have to agree (null: all); whether one after the other; until when (ISO 8601); about what.</summary>
    public sealed record Countersigning(IReadOnlyList<Addressee>? To, long? Quorum, bool InTurn, string? Due, string? Words);

    /// <summary>Whom; what silence means (agrees, none or remind); until when (ISO 8601); about what.</summary>
    public sealed record Opinion(IReadOnlyList<Addressee>? To, string? Silence, string? Due, string? Words);

    /// <summary>Whom, with words or none.</summary>
    public sealed record Copy(IReadOnlyList<Addressee>? To, string? Words);

    /// <summary>What is said.</summary>
    public sealed record Said(string? Words);

    /// <summary>To which units (null: all that have an open task in the case), and what.</summary>
    public sealed record Instruction(IReadOnlyList<string>? Units, string? Words);

    /// <summary>agree, disagree, answer or acknowledge, with words; of an escalation assign (to whom), instruct or extend (until when, ISO 8601).</summary>
    public sealed record Answer(string? Result, string? Words, string? Login = null, string? Due = null);

    /// <summary>Which of those who were asked.</summary>
    public sealed record Dropped(string? Of);

    /// <summary>Until when now.</summary>
    public sealed record Reminder(string? Due);

    /// <summary>take, assign, hand-over or copy; which tasks; to whom of the unit, to which unit or whom, why.</summary>
    public sealed record Batch(string? Act, IReadOnlyList<string>? Tasks, string? Login, IReadOnlyList<Addressee>? To, string? Words);

    public static void MapHandling(this IEndpointRouteBuilder work)
    {
        var one = work.MapGroup("/tasks/{id}");
        one.MapGet("/colleagues", async (string id, Tasks tasks, TaskHandling handling, HttpContext http) =>
            await tasks.FindAsync(id, http.Rows("task.read"), http.RequestAborted) is { } task
                ? Results.Ok((await handling.ColleaguesAsync(task, http.RequestAborted)).Select(p => new { p.Login, Name = p.Say(Lang.Of(http)) })) : http.Problem(404, "not-found", id))
            .Needs("task.handle").WithSummary("The case workers of the task's unit, to whom it can be assigned or delegated");
        one.MapPost("/assign", (string id, Assignment given, TaskHandling handling, HttpContext http) => DoAsync(http, () => handling.AssignAsync(id, given.Login, given.Version, http.Caller(), http.RequestAborted)))
            .Needs("task.assign").WithSummary("Assign a task of my unit to an official of it, or take it from whoever has it");
        one.MapPost("/delegate", (string id, Delegation given, TaskHandling handling, HttpContext http) => DoAsync(http, () => handling.DelegateAsync(id, given.Login, given.Words, http.Caller(), http.RequestAborted)))
            .Needs("task.handle").WithSummary("Let a colleague do my task");
        one.MapPost("/hand-over", (string id, HandOver given, TaskHandling handling, HttpContext http) => DoAsync(http, () => handling.HandOverAsync(id, given.Unit, given.Reason, http.Caller(), http.RequestAborted)))
            .Needs("task.handle").WithSummary("Hand a task over to another unit");
        one.MapPost("/hand-down", (string id, HandDown given, TaskHandling handling, HttpContext http) => DoAsync(http, () => handling.HandDownAsync(id, given.Region, given.Reason, http.Caller(), http.RequestAborted)))
            .Needs("task.handle").WithSummary("Hand a task down to the same line of a region directly below");
        one.MapPost("/report-up", (string id, Because given, TaskHandling handling, HttpContext http) => DoAsync(http, () => handling.ReportUpAsync(id, given.Reason, http.Caller(), http.RequestAborted)))
            .Needs("task.handle").WithSummary("Report a task up to the same line of the region above");
        one.MapPost("/return", (string id, Because given, TaskHandling handling, HttpContext http) => DoAsync(http, () => handling.ReturnAsync(id, given.Reason, http.Caller(), http.RequestAborted)))
            .Needs("task.handle").WithSummary("Return a task that was handed over to my unit");
        one.MapPost("/recuse", (string id, Because given, TaskHandling handling, HttpContext http) => DoAsync(http, () => handling.RecuseAsync(id, given.Reason, http.Caller(), http.RequestAborted)))
            .Needs("task.handle").WithSummary("Declare an interest: I take no task of this case again");
        one.MapPost("/countersign", (string id, Countersigning given, TaskHandling handling, HttpContext http) => DoAsync(http, () => handling.CountersignAsync(id, given.To, given.Quorum, given.InTurn, given.Due, given.Words, http.Caller(), http.RequestAborted)))
            .Needs("task.handle").WithSummary("Ask units or officials to sign; the task is not finished before the quorum is reached, or cannot be");
        one.MapPost("/opinion", (string id, Opinion given, TaskHandling handling, HttpContext http) => DoAsync(http, () => handling.AskOpinionAsync(id, given.To, given.Silence, given.Due, given.Words, http.Caller(), http.RequestAborted)))
            .Needs("task.handle").WithSummary("Ask units or officials for their opinion; after the deadline, silence means what is said here");
        one.MapPost("/copy", (string id, Copy given, TaskHandling handling, HttpContext http) => DoAsync(http, () => handling.CopyAsync(id, given.To, given.Words, http.Caller(), http.RequestAborted)))
            .Needs("task.handle").WithSummary("Let units or officials see a task and its case until it ends");
        one.MapPost("/urge", (string id, Said given, TaskHandling handling, HttpContext http) => DoAsync(http, () => handling.UrgeAsync(id, given.Words, http.Caller(), http.RequestAborted)))
            .Needs("task.handle").WithSummary("Urge a task that I wait for");
        work.MapPost("/tasks/batch", (Batch given, TaskHandling handling, HttpContext http) => WorkRoom.ActAsync(http, async () =>
        {
            var results = await handling.ActAsync(given.Act, given.Tasks, given.Login, given.To, given.Words, http.Caller(), http.RequestAborted);
            return Results.Ok(new { Results = results.Select(r => new { r.Id, Done = r.Code is null, r.Code, Detail = r.Code is null ? null : WorkTexts.Say(Lang.Of(http), "conflict." + r.Code) }) });
        })).Needs("task.handle").WithSummary("Take, assign, hand over or copy several tasks, each by itself; what failed is told with why");

        work.MapGet("/cases/{id}/asks", async (string id, Cases cases, TaskHandling handling, TimeProvider clock, HttpContext http) =>
            await cases.FindAsync(id, http.Rows("case.read"), http.RequestAborted) is { } file
                ? Results.Ok((await handling.OfCaseAsync(file.Case.Id, http.RequestAborted)).Select(a => Told(a, clock.GetUtcNow()))) : http.Problem(404, "not-found", id))
            .Needs("case.read").WithSummary("What officials asked of each other about a case and its tasks, and how it stands now");
        work.MapPost("/cases/{id}/instruct", (string id, Instruction given, TaskHandling handling, HttpContext http) => DoAsync(http, () => handling.InstructAsync(id, given.Units, given.Words, http.Caller(), http.RequestAborted)))
            .Needs("case.instruct").WithSummary("Write an instruction on a case, for the units that work on it to acknowledge");

        work.MapGet("/colleagues/{login}/held", (string login, TaskHandling handling, HttpContext http) => WorkRoom.ActAsync(http, async () => Results.Ok(await handling.OnAsync(login, http.Caller(), http.RequestAborted))))
            .Needs("post.hand-over").WithSummary("All that is on an official of my unit: open tasks, what is asked of them by name, whom they stand in for");
        work.MapPost("/colleagues/{login}/hand-over", (string login, PostHandOver given, TaskHandling handling, HttpContext http) => WorkRoom.ActAsync(http, async () =>
            Results.Ok(new { Moved = await handling.HandPostOverAsync(login, given.To, given.Reason, given.Seen, http.Caller(), http.RequestAborted) })))
            .Needs("post.hand-over").WithSummary("Move all of it to another official of my unit, at once");

        var asked = work.MapGroup("/asks/{id}").Needs("task.handle");
        asked.MapPost("/answer", (string id, Answer given, TaskHandling handling, HttpContext http) => DoAsync(http, () => given.Result is "assign" or "instruct" or "extend" ? handling.AnswerEscalationAsync(id, given.Result, given.Words, given.Login, given.Due, http.Caller(), http.RequestAborted)
            : handling.AnswerAsync(id, given.Result, given.Words, http.Caller(), http.RequestAborted)))
            .WithSummary("Sign, give an opinion or acknowledge; act on what is overdue");
        asked.MapPost("/add", (string id, Copy given, TaskHandling handling, HttpContext http) => DoAsync(http, () => handling.AddAsync(id, given.To, http.Caller(), http.RequestAborted)))
            .WithSummary("Ask more to sign or for their opinion");
        asked.MapPost("/drop", (string id, Dropped given, TaskHandling handling, HttpContext http) => DoAsync(http, () => handling.DropAsync(id, given.Of, http.Caller(), http.RequestAborted)))
            .WithSummary("Ask somebody no longer who has not answered");
        asked.MapPost("/remind", (string id, Reminder given, TaskHandling handling, HttpContext http) => DoAsync(http, () => handling.RemindAsync(id, given.Due, http.Caller(), http.RequestAborted)))
            .WithSummary("Remind those who were silent until the deadline");
        asked.MapPost("/withdraw", (string id, TaskHandling handling, HttpContext http) => DoAsync(http, () => handling.WithdrawAsync(id, http.Caller(), http.RequestAborted)))
            .WithSummary("Take back what I asked, handed over or delegated, while the other side has not acted");
    }

    private static Task<IResult> DoAsync(HttpContext http, Func<Task> act) => WorkRoom.ActAsync(http, async () =>
    {
        await act();
        return Results.NoContent();
    });

    private static object Told(Ask a, DateTimeOffset now) => new
    {
        a.Id, a.Kind, a.Way, a.TaskId, a.ByLogin, a.ByUnit, a.Words, a.Asked, a.Due, a.Quorum, a.InTurn, a.Silence, a.Reminded,
        Stand = Kebab(a.StandAt(now)),
        Of = a.Of.Select(o => new { o.Id, o.Place, o.Unit, o.Login, o.State, o.Words, o.Seen, o.SeenBy, o.Ended, o.EndedBy, Silence = a.SilenceOf(o, now) }),
    };

    /// <summary>How it stands, as a word: open, settled, impossible, by-silence or to-remind.</summary>
    internal static string Kebab(AskStand stand) => stand switch
    {
        AskStand.BySilence => "by-silence",
        AskStand.ToRemind => "to-remind",
        _ => $"{stand}".ToLowerInvariant(),
    };
}
