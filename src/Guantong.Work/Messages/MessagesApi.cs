using System.Text.Json.Nodes;
using System.Xml;
using Guantong.Trust;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guantong.Work;

/// <summary>Messages and signals over the API.</summary>
internal static class MessagesApi
{
    /// <summary>A message: its name, the key of the case it is for, what it carries, how long it is kept (ISO 8601 duration, seven days unless told).</summary>
    public sealed record NewMessage(string Name, string? Key, JsonObject? Data, string? Keep);

    /// <summary>A signal: its name and what it carries.</summary>
    public sealed record NewSignal(string Name, JsonObject? Data);

    public static void MapMessages(this IEndpointRouteBuilder work)
    {
        work.MapPost("/messages", (NewMessage given, Messages messages, HttpContext http) => WorkRoom.ActAsync(http, async () =>
        {
            var once = http.Request.Headers["Idempotency-Key"].ToString();
            if (!IsName(given.Name) || given.Key?.Length > 200 || once.Length > 200 || Keep(given.Keep) is not { } keep)
                return http.WorkProblem(422, "message-broken");
            if (CaseDecisions.IsForged(given.Data))
                return http.WorkProblem(422, "data-reserved", CaseDecisions.Kept);
            var message = await messages.ReceiveAsync(given.Name, given.Key, given.Data ?? [], keep, once.Length == 0 ? null : once, http.Caller(), http.RequestAborted);
            return Results.Accepted($"/api/v1/messages/{message.Id}", Told(message));
        })).Needs("message.send").WithSummary("Send a message to the case that waits for it, or that begins by it; an Idempotency-Key makes sending it again harmless");
        work.MapGet("/messages/{id}", async (string id, Messages messages, HttpContext http) =>
            await messages.FindAsync(id, http.Rows("message.mend"), http.RequestAborted) is { } whole ? Results.Ok(ToldWhole(whole, http))
            : await messages.FindAsync(id, RowRights.All, http.RequestAborted) is { } message && message.Sender == http.Caller().Login ? Results.Ok(Told(message)) : http.Problem(404, "not-found", id))
            .Needs("message.send").WithSummary("Where a message that I sent is: kept (ready) or taken, and by which case");
        work.MapPost("/signals", async (NewSignal given, Messages messages, HttpContext http) => !IsName(given.Name)
            ? http.WorkProblem(422, "message-broken")
            : CaseDecisions.IsForged(given.Data) ? http.WorkProblem(422, "data-reserved", CaseDecisions.Kept)
            : Results.Accepted(null, new { cases = await messages.GiveAsync(given.Name, given.Data ?? [], http.Caller(), http.RequestAborted) }))
            .Needs("message.send").WithSummary("Give a signal to every case that waits for it");
    }

    /// <summary>Messages as operators see, mend and drop them.</summary>
    public static void MapMessageMending(this IEndpointRouteBuilder api)
    {
        var mending = api.MapGroup("/messages").WithTags("Work").Needs("message.mend");
        mending.MapGet("", async (Messages messages, HttpContext http, string? state, string? name, string? q, int skip = 0, int take = 50) =>
        {
            if (skip < 0 || take is < 1 or > TrustRoom.LargestPage)
                return http.Problem(400, "bad-page", TrustRoom.LargestPage);
            var page = await messages.PageAsync(state, name, q, http.Rows("message.mend"), skip, take, http.RequestAborted);
            return Results.Ok(new Page<object>([.. page.Items.Select(m => ToldWhole(m, http))], page.Total, skip, take));
        }).WithSummary("Messages, the latest first; state is ready (kept), waiting (to be tried again), taken, expired, failed or dismissed");
        mending.MapPost("/{id}/retry", (string id, IncidentsApi.Resolution given, Messages messages, HttpContext http) =>
            ResolveAsync(http, () => messages.RetryAsync(id, given.Data, given.Reason, http.Caller(), http.RequestAborted)))
            .WithSummary("Send a message that failed or expired once more, with its data (also the region) mended first where some are given");
        mending.MapPost("/{id}/drop", (string id, IncidentsApi.Resolution given, Messages messages, HttpContext http) =>
            ResolveAsync(http, () => messages.DropAsync(id, given.Reason, http.Caller(), http.RequestAborted)))
            .WithSummary("Drop a message that nobody is to take");
    }

    private static Task<IResult> ResolveAsync(HttpContext http, Func<Task> act) => WorkRoom.ActAsync(http, async () =>
    {
        await act();
        return Results.NoContent();
    });

    private static object ToldWhole(WorkMessage m, HttpContext http) => new
    {
        m.Id, m.Kind, m.Name, m.Key, State = m.Stands, m.Sender, m.Sent, m.Expires, m.TakenBy, m.Begins, Said = m.Say(Lang.Of(http)), m.ResolvedBy, m.Reason, Data = JsonNode.Parse(CaseSeals.Mask(m.Data)),
    };

    private static object Told(WorkMessage message) => new { message.Id, message.Name, message.Key, message.State, message.Expires, message.TakenBy };

    private static bool IsName(string? name) => name is { Length: > 0 and <= 200 };

    private static TimeSpan? Keep(string? text)
    {
        try
        {
            var keep = text is null ? Messages.Kept : XmlConvert.ToTimeSpan(text);
            return keep > TimeSpan.Zero && keep <= TimeSpan.FromDays(366) ? keep : null;
        }
        catch (Exception e) when (e is FormatException or OverflowException)
        {
            return null;
        }
    }
}
