using Guantong.Trust;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guantong.Work;

/// <summary>Appeals over the API: by applicants on their cases, and by the organs that decide on them.</summary>
internal static class AppealsApi
{
    /// <summary>What an applicant appeals with.</summary>
    /// <param name="Words">What they do not agree with, and why.</param>
    /// <param name="Excuse">Beyond the term: why it was missed.</param>
    /// <param name="Of">Of one thing: the number of the part; null for the case itself.</param>
    /// <param name="Code">Without an account: the code.</param>
    public sealed record Filing(string? Words, string? Excuse = null, string? Of = null, string? Code = null);

    /// <summary>What the organ decides.</summary>
    public sealed record Deciding(string? Result, string? Words);

    public static void MapAppeals(this IEndpointRouteBuilder api)
    {
        var coded = api.MapGroup("/applications/{number}/appeal").WithTags("Services").Needs("service.look-up").Limited(ApplicationsApi.Limit);
        coded.MapGet("", async (string number, string code, string? of, Appeals appeals, Applications applications, HttpContext http) =>
            await applications.LookUpAsync(number, code, http.RequestAborted) is { } file && file.CaseOf(of) is { } row ? await ShowAsync(appeals, row, http) : http.Problem(404, "not-found", number)).WithSummary("Until when a result may be contested, and how an appeal stands, by number and code");
        coded.MapPost("", (string number, Filing given, Appeals appeals, Applications applications, HttpContext http) => CodedAsync(http, applications, number, given, row => appeals.FileAsync(row, given.Words, given.Excuse, "applicant", http.RequestAborted)))
            .WithSummary("Appeal against the result of a case, or of a part of one thing, by number and code");
        coded.MapPost("/withdraw", (string number, Filing given, Appeals appeals, Applications applications, HttpContext http) => CodedAsync(http, applications, number, given, row => appeals.WithdrawAsync(row, "applicant", http.RequestAborted)))
            .WithSummary("Take an appeal back, by number and code");

        var mine = api.MapGroup("/me/applications/{number}/appeal").WithTags("Me").Needs("self.see").OnlyForPeople();
        mine.MapGet("", async (string number, string? of, Appeals appeals, Applications applications, HttpContext http) =>
            await applications.FindMineAsync(http.Caller(), number, http.RequestAborted) is var (file, _) && file.CaseOf(of) is { } row ? await ShowAsync(appeals, row, http) : http.Problem(404, "not-found", number)).WithSummary("Until when the result of one of my applications may be contested, and how my appeal stands");
        mine.MapPost("", (string number, Filing given, Appeals appeals, Applications applications, HttpContext http) => OwnAsync(http, applications, number, given, row => appeals.FileAsync(row, given.Words, given.Excuse, http.Caller().Login, http.RequestAborted)))
            .WithSummary("Appeal against the result of one of my applications");
        mine.MapPost("/withdraw", (string number, Filing given, Appeals appeals, Applications applications, HttpContext http) => OwnAsync(http, applications, number, given, row => appeals.WithdrawAsync(row, http.Caller().Login, http.RequestAborted)))
            .WithSummary("Take my appeal back");

        var all = api.MapGroup("/appeals").WithTags("Appeals");
        all.MapGet("", async (Appeals appeals, HttpContext http, string? state, int skip = 0, int take = 50) => skip < 0 || take is < 1 or > TrustRoom.LargestPage ? http.Problem(400, "bad-page", TrustRoom.LargestPage)
            : Results.Ok(await appeals.PageAsync(http.Caller().Unit ?? "", state, skip, take, http.RequestAborted)))
            .Needs("appeal.decide").WithSummary("Appeals to my unit, those that wait first").Produces<Page<CaseAppeal>>();
        all.MapPost("/{number}/decide", (string number, Deciding given, Appeals appeals, HttpContext http) => DoneAsync(http, () => appeals.DecideAsync(http.Caller(), number, given.Result, given.Words, http.RequestAborted)))
            .Needs("appeal.decide").WithSummary("Take an appeal or not (accepted, refused); decide on one that was taken (upheld, changed, revoked, ordered)");
    }

    private static async Task<IResult> ShowAsync(Appeals appeals, Case row, HttpContext http) =>
        Results.Ok(new { Term = await appeals.TermAsync(row, http.RequestAborted), Appeal = await appeals.FindAsync(row.Id, http.RequestAborted) });

    private static async Task<IResult> CodedAsync(HttpContext http, Applications applications, string number, Filing given, Func<Case, Task> act) =>
        await applications.LookUpAsync(number, given.Code ?? "", http.RequestAborted) is { } file && file.CaseOf(given.Of) is { } row ? await DoneAsync(http, () => act(row)) : http.Problem(404, "not-found", number);

    // An agent looks; whose case it is appeals.
    private static async Task<IResult> OwnAsync(HttpContext http, Applications applications, string number, Filing given, Func<Case, Task> act) =>
        await applications.FindMineAsync(http.Caller(), number, http.RequestAborted) is ({ } file, { Role: not "as-agent" }) && file.CaseOf(given.Of) is { } row ? await DoneAsync(http, () => act(row)) : http.Problem(404, "not-found", number);

    private static Task<IResult> DoneAsync(HttpContext http, Func<Task> act) => WorkRoom.ActAsync(http, async () =>
    {
        await act();
        return Results.NoContent();
    });
}
