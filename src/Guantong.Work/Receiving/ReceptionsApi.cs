using Guantong.Data;
using Guantong.Trust;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guantong.Work;

/// <summary>The one reception over the API: taking in, sorting, and the models that help with it.</summary>
internal static class ReceptionsApi
{
    /// <summary>To which matter, in which region; and why, where it is said.</summary>
    public sealed record Sending(string? Pack, string? Matter, string? Region = null, string? Reason = null);

    /// <summary>To which case, and why.</summary>
    public sealed record Joining(string? Case, string? Reason);

    /// <summary>Why.</summary>
    public sealed record Because(string? Reason);

    /// <summary>From which confidence on a model sorts by itself; null: it suggests only. And the model that it takes the place of; null where none is in force.</summary>
    public sealed record Using(double? Alone = null, string? Instead = null);

    public static void MapReceptions(this IEndpointRouteBuilder api)
    {
        var all = api.MapGroup("").WithTags("Reception");
        all.MapPost("/reception", (NewReception given, Receptions book, HttpContext http) => WorkRoom.ActAsync(http, async () =>
            Results.Created("", await book.ReceiveAsync(given, null, http.SessionId() is null ? null : http.Caller(), Lang.Of(http), http.RequestAborted))))
            .Needs("service.apply").Limited(ApplicationsApi.Limit).WithSummary("Say something in one's own words: the platform finds whose it is. The answer holds a number and, without an account, this once the code to look it up with").Produces<Receipt>(201);
        all.MapGet("/reception/{number}", async (string number, string code, Receptions book, Jurisdiction land, HttpContext http) =>
            await book.LookUpAsync(number, code, http.RequestAborted) is { } view ? Results.Ok(Shown(view, land, Lang.Of(http))) : http.Problem(404, "not-found", number))
            .Needs("service.look-up").Limited(ApplicationsApi.Limit).WithSummary("What became of what one said, by its number and code");
        all.MapGet("/me/reception", async (Receptions book, Jurisdiction land, HttpContext http) => Results.Ok((await book.OfAsync(http.Caller(), http.RequestAborted)).Select(v => Shown(v, land, Lang.Of(http)))))
            .Needs("self.see").WithSummary("What I said with my account, the newest first");
        all.MapPost("/receptions", (NewReception given, Receptions book, HttpContext http) => WorkRoom.ActAsync(http, async () => Results.Created("", await book.ReceiveAsync(given, http.Caller(), null, Lang.Of(http), http.RequestAborted))))
            .Needs("reception.take").WithSummary("Take in what somebody says at a counter, on the phone, by letter or through another program").Produces<Receipt>(201);
        all.MapGet("/receptions", async (Receptions book, HttpContext http, string? state, string? channel, string? q, int skip = 0, int take = 50) =>
            skip < 0 || take is < 1 or > TrustRoom.LargestPage ? http.Problem(400, "bad-page", TrustRoom.LargestPage) : Results.Ok(await book.PageAsync(state, channel, q, http.Rows("reception.read"), skip, take, http.RequestAborted)))
            .Needs("reception.read").WithSummary("What came in: what waits first, the oldest first").Produces<Page<Reception>>();
        all.MapGet("/receptions/{id}", async (string id, Receptions book, HttpContext http) => await book.FindAsync(id, http.Caller(), cancel: http.RequestAborted) is { } file ? Results.Ok(file) : http.Problem(404, "not-found", id))
            .Needs("reception.read").WithSummary("What came in, where it may belong with the confidence of each, and what says nearly the same").Produces<ReceptionFile>();
        all.MapGet("/receptions/{id}/attachments/{attachment}", (string id, string attachment, Receptions book, Attachments files, HttpContext http) => WorkRoom.ActAsync(http, async () =>
            await book.OpenAsync(id, attachment, http.Caller(), http.RequestAborted) is { } file ? await AttachmentsApi.SendAsync(files, file, http) : http.Problem(404, "not-found", attachment)))
            .Needs("reception.read").WithSummary("A file that came with it, to be saved");
        all.MapPost("/receptions/{id}/sort", (string id, Sending given, Receptions book, HttpContext http) => WorkRoom.ActAsync(http, async () => Results.Ok(new { Case = await book.SortAsync(id, given.Pack, given.Matter, given.Region, given.Reason, http.Caller(), http.RequestAborted) })))
            .Needs("reception.sort").WithSummary("Sort it to a matter, or anew to another one while nobody handles it");
        all.MapPost("/receptions/{id}/join", (string id, Joining given, Receptions book, HttpContext http) => DoAsync(http, () => book.JoinAsync(id, given.Case, given.Reason, http.Caller(), http.RequestAborted)))
            .Needs("reception.sort").WithSummary("Join it to a case that is about the same");
        all.MapPost("/receptions/{id}/close", (string id, Because given, Receptions book, HttpContext http) => DoAsync(http, () => book.CloseAsync(id, given.Reason, http.Caller(), http.RequestAborted)))
            .Needs("reception.sort").WithSummary("Close it as nothing for government, with reasons");
        all.MapPost("/receptions/{id}/reopen", (string id, Because given, Receptions book, HttpContext http) => DoAsync(http, () => book.ReopenAsync(id, given.Reason, http.Caller(), http.RequestAborted)))
            .Needs("reception.sort").WithSummary("Take joining or closing back");
        all.MapPost("/cases/{id}/acceptance/return", (string id, Because given, Receptions book, Tasks tasks, HttpContext http) => DoAsync(http, () => book.ReturnAsync(id, given.Reason, http.Caller(), tasks, http.RequestAborted)))
            .Needs("task.work").WithSummary("Give back to the reception what was sorted to a unit and is not its own");
        all.MapGet("/mailbox", async (Mailbox mailbox, HttpContext http) => Results.Ok(await mailbox.StateAsync(http.RequestAborted)))
            .Needs("mailbox.read").WithSummary("The mailbox of the reception: how reading it goes, and what was found in it").Produces<MailboxState>();
        all.MapPost("/mailbox/look", (Mailbox mailbox, HttpContext http) => DoAsync(http, () => mailbox.AgainAsync(http.Caller(), http.RequestAborted)))
            .Needs("mailbox.look").WithSummary("Have the mailbox read now, not when it is due");
        all.MapGet("/sort-models", async (SortModels models, HttpContext http) => Results.Ok(await models.ListAsync(http.RequestAborted)))
            .Needs("sorting.read").WithSummary("The models that sort, with how each did on what it had not seen").Produces<SortModelLine[]>();
        all.MapPost("/sort-models", (SortModels models, HttpContext http) => WorkRoom.ActAsync(http, async () => Results.Created("", await models.TrainAsync(http.Caller(), http.RequestAborted))))
            .Needs("sorting.decide").WithSummary("Train a model on what people sorted; it is not in force by that").Produces<SortModelLine>(201);
        all.MapPost("/sort-models/{id}/use", (string id, Using given, SortModels models, HttpContext http) => DoAsync(http, () => models.UseAsync(id, given.Alone, given.Instead, http.Caller(), http.RequestAborted)))
            .Needs("sorting.decide").WithSummary("Put a model in force, in place of the one that is: to suggest, or to sort by itself from a confidence on");
        all.MapPost("/sort-models/{id}/retire", (string id, SortModels models, HttpContext http) => DoAsync(http, () => models.RetireAsync(id, http.Caller(), http.RequestAborted)))
            .Needs("sorting.decide").WithSummary("Take a model out of force");
        all.MapGet("/sort-models/accuracy", async (SortModels models, TimeProvider clock, HttpContext http, int days = 90) => days is < 1 or > 3660 ? http.Problem(400, "bad-page", 3660) : Results.Ok(await models.AccuracyAsync(clock.GetUtcNow().AddDays(-days), http.Rows("sorting.read"), http.RequestAborted)))
            .Needs("sorting.read").WithSummary("How sorting came out, by the unit that things went to in the end").Produces<SortAccuracy[]>();
    }

    private static object Shown(ReceptionView view, Jurisdiction land, string lang) => new
    {
        view.Number, view.Received, view.State, view.Reason, Unit = land.Units.Find(view.Unit ?? "")?.Say(lang),
        Case = view.File is not { } file ? null : new { Number = view.State == "joined" ? null : file.Case.Number, file.Case.State, file.Case.Outcome, file.Case.Due, file.Case.Ended, file.Steps, file.Documents, Acceptance = view.State == "joined" ? null : AcceptancesApi.Shown(file, land, lang) },
    };

    private static Task<IResult> DoAsync(HttpContext http, Func<Task> act) => WorkRoom.ActAsync(http, async () =>
    {
        await act();
        return Results.NoContent();
    });
}
