using Guantong.Trust;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guantong.Work;

/// <summary>Ratings over the API: applicants rate and reply, leaders look into bad ones, the reviewing office decides, all see figures.</summary>
internal static class RatingsApi
{
    /// <summary>A rating by number and code.</summary>
    public sealed record CodedRating(string? Code, int Level, IReadOnlyList<string>? Reasons = null, string? Words = null);

    /// <summary>What an applicant says to an answer; the code where they applied without an account.</summary>
    public sealed record Reply(bool Satisfied, string? Words = null, string? Code = null);

    /// <summary>What was found, or decided.</summary>
    public sealed record Found(string? Finding, string? Words);

    public static void MapRatings(this IEndpointRouteBuilder api)
    {
        var coded = api.MapGroup("/applications/{number}/rating").WithTags("Services").Needs("service.look-up").Limited(ApplicationsApi.Limit);
        coded.MapPost("", (string number, CodedRating given, ServiceRatings ratings, Applications applications, HttpContext http) => CodedAsync(http, applications, number, given.Code,
            row => ratings.RateAsync(row, new GivenRating(given.Level, given.Reasons, given.Words), "applicant", http.RequestAborted))).WithSummary("Rate a case that has ended, by its number and code");
        coded.MapPost("/reply", (string number, Reply given, ServiceRatings ratings, Applications applications, HttpContext http) => CodedAsync(http, applications, number, given.Code,
            row => ratings.ReplyAsync(row, given.Satisfied, given.Words, "applicant", http.RequestAborted))).WithSummary("Say whether what a bad rating was answered will do, by number and code");

        var mine = api.MapGroup("/me/applications/{number}/rating").WithTags("Me").Needs("self.see").OnlyForPeople();
        mine.MapGet("", async (string number, ServiceRatings ratings, Applications applications, HttpContext http) =>
            await applications.FindMineAsync(http.Caller(), number, http.RequestAborted) is var (file, _) && await ratings.FindAsync(file.Case.Number, RowRights.All, http.RequestAborted) is { } rating ? Results.Ok(rating) : http.Problem(404, "not-found", number))
            .WithSummary("How I rated one of my applications, and what came of it").Produces<ServiceRating>();
        mine.MapPost("", (string number, GivenRating given, ServiceRatings ratings, Applications applications, HttpContext http) => OwnAsync(http, applications, number,
            row => ratings.RateAsync(row, given, http.Caller().Login, http.RequestAborted))).WithSummary("Rate one of my applications that has ended");
        mine.MapPost("/reply", (string number, Reply given, ServiceRatings ratings, Applications applications, HttpContext http) => OwnAsync(http, applications, number,
            row => ratings.ReplyAsync(row, given.Satisfied, given.Words, http.Caller().Login, http.RequestAborted))).WithSummary("Say whether what my bad rating was answered will do");

        var all = api.MapGroup("/ratings").WithTags("Ratings");
        all.MapGet("", async (ServiceRatings ratings, HttpContext http, string? state, string? unit, int skip = 0, int take = 50) =>
            skip < 0 || take is < 1 or > TrustRoom.LargestPage ? http.Problem(400, "bad-page", TrustRoom.LargestPage)
            : Results.Ok(await ratings.PageAsync(state, unit, http.Rows("rating.read"), skip, take, http.RequestAborted)))
            .Needs("rating.read").WithSummary("Ratings, those that wait first").Produces<Page<ServiceRating>>();
        all.MapGet("/figures", async (ServiceRatings ratings, TimeProvider clock, HttpContext http, int days = 90) => days is < 1 or > 3660 ? http.Problem(400, "bad-time", days)
            : Results.Ok(new { Units = await ratings.ByUnitAsync(clock.GetUtcNow().AddDays(-days), http.Rows("rating.read"), http.RequestAborted), Matters = await ratings.ByMatterAsync(clock.GetUtcNow().AddDays(-days), http.Rows("rating.read"), http.RequestAborted) }))
            .Needs("rating.read").WithSummary("What became of ratings, by unit and by matter");
        all.MapPost("/{number}/answer", (string number, Found given, ServiceRatings ratings, HttpContext http) => DoneAsync(http, () => ratings.AnswerAsync(http.Caller(), number, given.Finding ?? "", given.Words, http.RequestAborted)))
            .Needs("rating.answer").WithSummary("Say what was found of a bad rating: mended, explained or doubted");
        all.MapPost("/{number}/review", (string number, Found given, ServiceRatings ratings, HttpContext http) => DoneAsync(http, () => ratings.ReviewAsync(http.Caller(), number, given.Finding ?? "", given.Words, http.RequestAborted)))
            .Needs("rating.review").WithSummary("Decide on a rating that is doubted or twice unsatisfied: set-aside, returned or concluded");
    }

    private static async Task<IResult> CodedAsync(HttpContext http, Applications applications, string number, string? code, Func<Case, Task> act) =>
        await applications.LookUpAsync(number, code ?? "", http.RequestAborted) is { } file ? await DoneAsync(http, () => act(file.Case)) : http.Problem(404, "not-found", number);

    // An agent looks; whose case it is rates.
    private static async Task<IResult> OwnAsync(HttpContext http, Applications applications, string number, Func<Case, Task> act) =>
        await applications.FindMineAsync(http.Caller(), number, http.RequestAborted) is ({ } file, { Role: not "as-agent" }) ? await DoneAsync(http, () => act(file.Case)) : http.Problem(404, "not-found", number);

    private static Task<IResult> DoneAsync(HttpContext http, Func<Task> act) => WorkRoom.ActAsync(http, async () =>
    {
        await act();
        return Results.NoContent();
    });
}
