using Guantong.Trust;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Guantong.Data;

/// <summary>Asking for data, deciding on it, grants and interfaces, over the API. What a grant opens is served by the gateway.</summary>
public static class SharingApi
{
    /// <summary>What asking takes.</summary>
    /// <param name="About">PACK/DATASET or interface:ID.</param>
    public sealed record NewRequest(string About, AskedTerms Terms, string? Renews = null);

    /// <summary>Terms as they are asked for; what is left out is the least.</summary>
    public sealed record AskedTerms(string Purpose, string For, string[] Fields, string? Matter = null, Dictionary<string, string>? Rows = null, string? Region = null,
        string[]? Forms = null, string Within = "any", int PerMinute = 60, long PerDay = 10_000, int Days = 183, string[]? Clear = null, int CacheSeconds = 0)
    {
        /// <summary>In full.</summary>
        public ShareTerms Full() => new(Purpose, For, string.IsNullOrWhiteSpace(Matter) ? null : Matter.Trim(), Fields, Rows ?? [], string.IsNullOrWhiteSpace(Region) ? null : Region.Trim(), Forms ?? ["query"], Within, PerMinute, PerDay, Days, Clear ?? [], CacheSeconds);
    }

    /// <summary>A decision on the step at hand.</summary>
    public sealed record Decision(bool Agree, string? Reason = null, AskedTerms? Narrowed = null);

    /// <summary>What a grant becomes.</summary>
    public sealed record Setting(string State, string? Reason = null);

    /// <summary>A program that is to call by its unit's grants.</summary>
    public sealed record NewConsumer(string Name);

    internal static IServiceCollection AddSharing(this IServiceCollection services) =>
        services.AddSingleton<ShareSignal>().AddSingleton<SharedThings>().AddSingleton<SharingBook>().AddSingleton<InterfaceBook>().AddSingleton<SupplyLedger>().AddSingleton<GrantedRows>().AddSingleton<Upstreams>().AddSingleton<Sandbox>();

    internal static void MapSharing(this IEndpointRouteBuilder api)
    {
        var share = api.MapGroup("/sharing").WithTags("Sharing").TellsRefusals();
        share.MapPost("/check", CheckAsync).Needs("share.ask").WithSummary("What the system finds of a request, and who would decide on it; nothing is kept");
        share.MapPost("/requests", AskAsync).Needs("share.ask").WithSummary("Ask for data for one's own unit; what needs nobody's word is granted at once").Produces<ShareFile>(201);
        share.MapGet("/requests", async (SharingBook book, HttpContext http, string? state, string? unit, string? about, bool mine = false, int skip = 0, int take = 50) => skip < 0 || take is < 1 or > TrustRoom.LargestPage
                ? http.Problem(400, "bad-page", TrustRoom.LargestPage)
                : Results.Ok(await book.PageAsync(http.Caller(), new ShareQuery(state, unit, about, mine, skip, take), http.RequestAborted)))
            .Needs("share.read").WithSummary("Requests that I see; mine=true for those that wait for me").Produces<SharePage>();
        share.MapGet("/requests/{id}", async (string id, SharingBook book, HttpContext http) => await book.FindAsync(id, http.RequestAborted) is { } file && SharingBook.Sees(http.Caller(), file) ? Results.Ok(file) : http.Problem(404, "not-found", id))
            .Needs("share.read").WithSummary("A request, its checks, its steps and its grant").Produces<ShareFile>();
        share.MapPost("/requests/{id}/decide", async (string id, Decision given, SharingBook book, HttpContext http) =>
        {
            if (given.Narrowed?.Full() is { } less && less.Faults() is { Count: > 0 } faults)
                return Faults(http, faults);
            return Results.Ok(await book.DecideAsync(http.Caller(), id, given.Agree, given.Reason, given.Narrowed?.Full(), http.RequestAborted));
        }).Needs("share.decide").WithSummary("Agree, to all or to less, or refuse with the reason").Produces<ShareFile>();
        share.MapPost("/requests/{id}/withdraw", async (string id, SharingBook book, HttpContext http) =>
        {
            await book.WithdrawAsync(http.Caller(), id, http.RequestAborted);
            return Results.NoContent();
        }).Needs("share.ask").WithSummary("Take a request back that is not decided yet");
        share.MapGet("/grants", async (SharingBook book, HttpContext http, string? state, string? about, string? unit) => Results.Ok((await book.GrantsAsync(http.Caller(), http.RequestAborted))
                .Where(g => (state is null || g.State == state) && (about is null || g.About == about) && (unit is null || g.Unit == unit))))
            .Needs("share.read").WithSummary("Grants of my unit and over its data; all of them to the bureau").Produces<ShareGrant[]>();
        share.MapPost("/grants/{id}/state", async (string id, Setting given, SharingBook book, HttpContext http) => Results.Ok(await book.SetAsync(http.Caller(), id, given.State, given.Reason, http.RequestAborted)))
            .Needs("grant.set").WithSummary("Suspend, resume or end a grant; each node of the gateway knows within a second").Produces<ShareGrant>();
        share.MapPost("/keys", async (NewConsumer given, Accounts accounts, ShareSignal signal, HttpContext http) =>
        {
            if (http.NeedsStepUp() is { } first)
                return first;
            if (http.Caller().Unit is null)
                return http.Problem(403, "share-unit");
            if (string.IsNullOrWhiteSpace(given.Name) || given.Name.Length > 80)
                return http.Problem(422, "share-key-name", 80);
            var (id, key) = await accounts.IssueKeyAsync(http.Caller(), given.Name.Trim(), [PolicyBook.Consumer], http.RequestAborted);
            signal.Raise();
            return Results.Ok(new { id, key });
        }).Needs("share.ask").WithSummary("A key for a program of one's unit that calls the gateway by the unit's grants, and can do nothing else; it is shown once");
        share.MapGet("/interfaces", async (SharedThings things, HttpContext http) => Results.Ok(await things.InterfacesAsync(http.RequestAborted))).Needs("interface.read").WithSummary("Interfaces of units").Produces<ShareInterface[]>();
        share.MapPut("/interfaces/{id}", async (string id, ShareInterface given, InterfaceBook book, HttpContext http) =>
        {
            var full = given with { Id = id };
            if (await book.FaultsAsync(full, http.RequestAborted) is { Count: > 0 } faults)
                return Faults(http, faults);
            await book.PutAsync(http.Caller(), full, http.RequestAborted);
            return Results.Ok(full);
        }).Needs("interface.manage").WithSummary("Register, change, deprecate or retire an interface of one's unit").Produces<ShareInterface>();
        share.MapGet("/results", async (Sandbox sandbox, HttpContext http) => Results.Ok(await sandbox.HeldAsync(http.Caller(), http.RequestAborted)))
            .Needs("share.decide").WithSummary("Results of the sandbox that wait for me to look at them").Produces<SandboxResult[]>();
        share.MapPost("/results/{id}/decide", async (string id, Decision given, Sandbox sandbox, HttpContext http) => Results.Ok(await sandbox.DecideAsync(http.Caller(), id, given.Agree, given.Reason, http.RequestAborted)))
            .Needs("share.decide").WithSummary("Let a result of the sandbox go, or keep it back with the reason").Produces<SandboxResult>();
        share.MapGet("/supply", async (SupplyLedger ledger, HttpContext http) => Results.Ok(await ledger.FiguresAsync(http.RequestAborted)))
            .Needs("share.figures").WithSummary("供需对接一本账: what is asked for and met, how fast, how fresh, how stable").Produces<SupplyFigures>();
        share.MapGet("/service", async (SupplyLedger ledger, HttpContext http, int days = 7) => days is < 1 or > 366
                ? http.Problem(400, "bad-days", 366)
                : Results.Ok(await ledger.ServiceAsync(days, http.RequestAborted)))
            .Needs("share.figures").WithSummary("How each dataset and interface was served: calls, availability, p50, p95, p99").Produces<ServiceLevel[]>();
        share.MapGet("/service.csv", async (SupplyLedger ledger, HttpContext http, int days = 7) => days is < 1 or > 366
                ? http.Problem(400, "bad-days", 366)
                : Csv(await ledger.ServiceAsync(days, http.RequestAborted), $"service-{days}.csv"))
            .Needs("share.figures").WithSummary("The same as CSV");
    }

    private static IResult Csv(IReadOnlyList<ServiceLevel> levels, string name) => Results.Stream(async stream =>
    {
        await using var writer = Trust.Csv.Writer(stream);
        await writer.WriteLineAsync(Trust.Csv.Line(["about", "name", "calls", "failed", "refused", "cached", "availability", "p50_ms", "p95_ms", "p99_ms"]));
        foreach (var l in levels)
            await writer.WriteLineAsync(Trust.Csv.Line([l.About, l.Name, l.Calls, l.Failed, l.Refused, l.Cached, l.Availability, l.P50, l.P95, l.P99]));
    }, "text/csv; charset=utf-8", name);

    private static async Task<IResult> CheckAsync(NewRequest given, SharingBook book, HttpContext http)
    {
        var terms = given.Terms.Full();
        if (terms.Faults() is { Count: > 0 } faults)
            return Faults(http, faults);
        var (shared, checks, steps) = await book.CheckAsync(http.Caller(), given.About, terms, cancel: http.RequestAborted);
        return Results.Ok(new { shared.Id, shared.Name, shared.Share, shared.Grade, Checks = checks.Select(c => new { c.Code, c.Passes, Message = Problems.Say(Lang.Of(http), "share-check-" + c.Code, [.. c.Args]) }), Steps = steps });
    }

    private static async Task<IResult> AskAsync(NewRequest given, SharingBook book, HttpContext http)
    {
        var terms = given.Terms.Full();
        if (terms.Faults() is { Count: > 0 } faults)
            return Faults(http, faults);
        var file = await book.AskAsync(http.Caller(), given.About, terms, given.Renews, cancel: http.RequestAborted);
        return Results.Created($"/api/v1/sharing/requests/{file.Request.Id}", file);
    }

    private static IResult Faults(HttpContext http, IReadOnlyDictionary<string, string> faults) =>
        http.FieldProblem(faults.ToDictionary(f => f.Key, f => new[] { Problems.Say(Lang.Of(http), f.Value, ShareTerms.Longest) }));
}
