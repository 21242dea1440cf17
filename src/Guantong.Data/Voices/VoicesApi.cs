using Guantong.Trust;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Guantong.Data;

/// <summary>Ratings, comments and requests for data, over the API: everybody reads, who is signed in writes, units answer.</summary>
public static class VoicesApi
{
    /// <summary>The limit on what one address writes.</summary>
    public static readonly Limit Limit = new("voice", 120);

    /// <summary>Stars for a dataset, 1 to 5.</summary>
    public sealed record Stars(int Value);

    /// <summary>A comment.</summary>
    public sealed record NewComment(string? Words);

    /// <summary>What a unit answers.</summary>
    public sealed record Answered(string? Answer = null);

    /// <summary>Why something is not shown.</summary>
    public sealed record Withheld(string? Reason = null);

    /// <summary>What is asked for: what, why, of whom.</summary>
    public sealed record NewRequest(string? Title, string? Why, string? Unit = null);

    /// <summary>The answer to a request.</summary>
    /// <param name="State">considered, opened, declined or withheld.</param>
    /// <param name="Dataset">PACK/DATASET that was opened.</param>
    public sealed record AnsweredRequest(string? State, string? Reason, string? Dataset = null);

    internal static IServiceCollection AddVoices(this IServiceCollection services) => services.AddSingleton<Ratings>().AddSingleton<Comments>().AddSingleton<DataRequests>();

    internal static void MapVoices(this IEndpointRouteBuilder api)
    {
        var dataset = api.MapGroup("/datasets/{pack}/{id}").WithTags("Voices").TellsRefusals();
        dataset.MapGet("/rating", (string pack, string id, OpenData open, Ratings ratings, HttpContext http) => OfAsync(open, http, pack, id, async _ => Results.Ok(await ratings.OfAsync($"{pack}/{id}", Callers.Of(http.User), http.RequestAborted))))
            .Needs("voice.read").WithSummary("How a dataset is rated, 1 to 5, and by me").Produces<Rating>();
        dataset.MapPut("/rating", (string pack, string id, Stars given, OpenData open, Ratings ratings, HttpContext http) => OfAsync(open, http, pack, id, async _ => Results.Ok(await ratings.RateAsync(http.Caller(), $"{pack}/{id}", given.Value, http.RequestAborted))))
            .Needs("voice.write").Limited(Limit).WithSummary("Rate a dataset; once an account, changed as often as one likes").Produces<Rating>();
        dataset.MapDelete("/rating", (string pack, string id, OpenData open, Ratings ratings, HttpContext http) => OfAsync(open, http, pack, id, async _ => Results.Ok(await ratings.TakeBackAsync(http.Caller(), $"{pack}/{id}", http.RequestAborted))))
            .Needs("voice.write").WithSummary("Take one's rating back").Produces<Rating>();
        dataset.MapGet("/comments", (string pack, string id, OpenData open, Comments comments, HttpContext http, int skip = 0, int take = 20) => OfAsync(open, http, pack, id, async _ => IsPage(skip, take)
                ? Results.Ok(await comments.ShownAsync($"{pack}/{id}", skip, take, http.RequestAborted)) : http.Problem(400, "bad-page", TrustRoom.LargestPage)))
            .Needs("voice.read").WithSummary("What was said of a dataset and answered, the latest first").Produces<VoicePage<Comment>>();
        dataset.MapPost("/comments", (string pack, string id, NewComment given, OpenData open, Comments comments, HttpContext http) => OfAsync(open, http, pack, id, async found => Results.Json(await comments.SayAsync(http.Caller(), found, given.Words, http.RequestAborted), statusCode: 201)))
            .Needs("voice.write").Limited(Limit).WithSummary("Say something of a dataset; it is shown once its steward released it").Produces<Comment>(201);

        var voices = api.MapGroup("/voices/comments").WithTags("Voices").TellsRefusals().Needs("voice.answer");
        voices.MapGet("", async (Comments comments, HttpContext http, string? state, int skip = 0, int take = 20) => IsPage(skip, take)
                ? Results.Ok(await comments.ToAnswerAsync(http.Caller(), state, skip, take, http.RequestAborted)) : http.Problem(400, "bad-page", TrustRoom.LargestPage))
            .WithSummary("Comments that are mine to release and answer").Produces<VoicePage<Comment>>();
        voices.MapPost("/{id}/release", (string id, Answered given, Comments comments, HttpContext http) => comments.ReleaseAsync(http.Caller(), id, given.Answer, http.RequestAborted)).WithSummary("Show a comment, with the unit's answer where there is one").Produces<Comment>();
        voices.MapPost("/{id}/withhold", (string id, Withheld given, Comments comments, HttpContext http) => comments.WithholdAsync(http.Caller(), id, given.Reason, http.RequestAborted)).WithSummary("Keep a comment from being shown, with the reason").Produces<Comment>();

        var requests = api.MapGroup("/data-requests").WithTags("Voices").TellsRefusals();
        requests.MapGet("", async (DataRequests book, HttpContext http, string? q, string? state, string sort = "made", int skip = 0, int take = 20) => !IsPage(skip, take) ? http.Problem(400, "bad-page", TrustRoom.LargestPage)
                : (state is not null && !DataRequests.States.Contains(state)) || sort is not ("made" or "support") ? http.Problem(400, "voice-wish", string.Join(", ", DataRequests.States))
                : Results.Ok(await book.PageAsync(Callers.Of(http.User), new DataRequestQuery(q, state, sort, skip, take), http.RequestAborted)))
            .Needs("voice.read").WithSummary("Data that the public asked to be opened, with state, answer and how many want it").Produces<VoicePage<DataRequest>>();
        requests.MapGet("/{id}", async (string id, DataRequests book, HttpContext http) => await book.FindAsync(Callers.Of(http.User), id, http.RequestAborted) is { } found ? Results.Ok(found) : http.Problem(404, "not-found", id))
            .Needs("voice.read").WithSummary("One of them").Produces<DataRequest>();
        requests.MapPost("", async (NewRequest given, DataRequests book, HttpContext http) =>
        {
            var made = await book.AskAsync(http.Caller(), given.Title, given.Why, given.Unit, http.RequestAborted);
            return Results.Created($"/api/v1/data-requests/{made.Id}", made);
        }).Needs("voice.write").Limited(Limit).WithSummary("Ask for data that is not open yet").Produces<DataRequest>(201);
        requests.MapPut("/{id}/support", (string id, DataRequests book, HttpContext http) => book.SupportAsync(http.Caller(), id, true, http.RequestAborted)).Needs("voice.write").Limited(Limit).WithSummary("Support what another asked for").Produces<DataRequest>();
        requests.MapDelete("/{id}/support", (string id, DataRequests book, HttpContext http) => book.SupportAsync(http.Caller(), id, false, http.RequestAborted)).Needs("voice.write").WithSummary("Support it no more").Produces<DataRequest>();
        requests.MapPost("/{id}/answer", AnswerAsync).Needs("voice.answer").WithSummary("Answer a request, with the reason").Produces<DataRequest>();
    }

    private static async Task<IResult> AnswerAsync(string id, AnsweredRequest given, DataRequests book, OpenData data, HttpContext http)
    {
        OpenDataset? open = null;
        if (!string.IsNullOrEmpty(given.Dataset) && (given.Dataset.Split('/') is not [var pack, var dataset] || (open = await data.FindAsync(pack, dataset, http.RequestAborted)) is null))
            return http.Problem(422, "voice-dataset", given.Dataset);
        return Results.Ok(await book.AnswerAsync(http.Caller(), id, given.State, given.Reason, open, http.RequestAborted));
    }

    private static bool IsPage(int skip, int take) => skip >= 0 && take is >= 1 and <= TrustRoom.LargestPage;

    private static async Task<IResult> OfAsync(OpenData open, HttpContext http, string pack, string id, Func<OpenDataset, Task<IResult>> work) =>
        await open.FindAsync(pack, id, http.RequestAborted) is { } found ? await work(found) : http.Problem(404, "not-found", $"{pack}/{id}");
}
