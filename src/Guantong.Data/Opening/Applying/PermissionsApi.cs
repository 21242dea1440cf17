using Guantong.Packs;
using Guantong.Trust;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Guantong.Data;

/// <summary>Applying for what is open on condition, deciding on it, permissions and their notebooks, over the API.</summary>
public static class PermissionsApi
{
    /// <summary>An application.</summary>
    /// <param name="For">Who uses it: person:LOGIN or organisation:CODE.</param>
    /// <param name="Form">rows or sandbox.</param>
    /// <param name="Agreement">Hash of the agreement that was read and accepted.</param>
    public sealed record NewApplication(string Pack, string Dataset, string? For, string? Form, string? Purpose, string? Product, int Days, string? Safeguards, string? Agreement);

    /// <summary>A decision.</summary>
    public sealed record Decision(bool Agree, string? Reason = null);

    /// <summary>Why a permission ends.</summary>
    public sealed record Ending(string? Reason = null);

    /// <summary>A statement.</summary>
    public sealed record Statement(string? Sql);

    internal static IServiceCollection AddPermissions(this IServiceCollection services) => services.AddSingleton<Permissions>().AddSingleton<Notebooks>()
        .AddSingleton<OpeningGranted>(p => async (who, pack, dataset, cancel) => await p.GetRequiredService<Permissions>().HoldsAsync(who, pack, dataset, "rows", cancel: cancel) is not null);

    internal static void MapPermissions(this IEndpointRouteBuilder api)
    {
        var opening = api.MapGroup("/opening").WithTags("Opening").TellsRefusals();
        opening.MapGet("/offers", (Permissions permissions, HttpContext http) => Results.Ok(permissions.Offers().Select(o => Told(o, http))))
            .Needs("dataset.read").WithSummary("Datasets that are open on condition and can be applied for");
        opening.MapGet("/offers/{pack}/{id}", (string pack, string id, Permissions permissions, HttpContext http) => permissions.Find(pack, id) is { } offer
                ? Results.Ok(new { Offer = Told(offer, http), Agreement = OpeningAgreement.Of(offer.Pack, offer.Dataset) }) : http.Problem(404, "not-found", $"{pack}/{id}"))
            .Needs("dataset.read").WithSummary("One of them, with the agreement that an applicant accepts by its hash");
        var mine = opening.MapGroup("").OnlyForPeople();
        mine.MapPost("/applications", ApplyAsync).Needs("opening.apply").WithSummary("Apply for what is open on condition").Produces<OpeningFile>(201);
        mine.MapGet("/applications", async (Permissions permissions, HttpContext http) => Results.Ok(await permissions.OfAsync(http.Caller(), http.RequestAborted)))
            .Needs("opening.apply").WithSummary("My applications and permissions").Produces<OpeningFile[]>();
        mine.MapPost("/applications/{id}/withdraw", async (string id, Permissions permissions, HttpContext http) =>
        {
            await permissions.WithdrawAsync(http.Caller(), id, http.RequestAborted);
            return Results.NoContent();
        }).Needs("opening.apply").WithSummary("Take back an application of mine that is not decided yet");
        mine.MapPost("/permissions/{id}/give-up", async (string id, Permissions permissions, HttpContext http) => Results.Ok(await permissions.EndAsync(http.Caller(), id, null, http.RequestAborted)))
            .Needs("opening.apply").WithSummary("Give a permission of mine up").Produces<OpeningPermission>();
        opening.MapGet("/applications/seen", async (Permissions permissions, HttpContext http, string? state, int skip = 0, int take = 50) => skip < 0 || take is < 1 or > TrustRoom.LargestPage
                ? http.Problem(400, "bad-page", TrustRoom.LargestPage) : Results.Ok(await permissions.PageAsync(http.Caller(), state, skip, take, http.RequestAborted)))
            .Needs("opening.decide").WithSummary("Applications for my unit's data; all of them to the bureau").Produces<OpeningPage>();
        opening.MapPost("/applications/{id}/decide", async (string id, Decision given, Permissions permissions, HttpContext http) => Results.Ok(await permissions.DecideAsync(http.Caller(), id, given.Agree, given.Reason, http.RequestAborted)))
            .Needs("opening.decide").WithSummary("Agree to an application, or refuse it with the reason").Produces<OpeningFile>();
        opening.MapPost("/permissions/{id}/end", async (string id, Ending given, Permissions permissions, HttpContext http) => Results.Ok(await permissions.EndAsync(http.Caller(), id, given.Reason, http.RequestAborted)))
            .Needs("opening.end").WithSummary("End a permission, with the reason").Produces<OpeningPermission>();
        MapNotebook(mine.MapGroup("/permissions/{id}/cells"));
    }

    private static void MapNotebook(RouteGroupBuilder cells)
    {
        cells.MapGet("", async (string id, Notebooks books, HttpContext http) => await books.FindAsync(http.Caller(), id, http.RequestAborted) is { } book
                ? Results.Ok(new { book.Table, Fields = book.Fields.Select(f => new { f.Id, f.Name, f.Type, f.Unit }), book.IsOpen, book.Cells }) : http.Problem(404, "not-found", id))
            .Needs("opening.apply").WithSummary("A permission's notebook: what statements may name, its cells, and of each what may be told of its last result");
        cells.MapPost("", async (string id, Statement given, Notebooks books, HttpContext http) => Results.Ok(new { Id = await books.WriteAsync(http.Caller(), id, null, given.Sql, http.RequestAborted) }))
            .Needs("opening.apply").WithSummary("Add a cell");
        cells.MapPut("/{cell}", async (string id, string cell, Statement given, Notebooks books, HttpContext http) => Results.Ok(new { Id = await books.WriteAsync(http.Caller(), id, cell, given.Sql, http.RequestAborted) }))
            .Needs("opening.apply").WithSummary("Change a cell's statement");
        cells.MapDelete("/{cell}", async (string id, string cell, Notebooks books, HttpContext http) =>
        {
            await books.RemoveAsync(http.Caller(), id, cell, http.RequestAborted);
            return Results.NoContent();
        }).Needs("opening.apply").WithSummary("Take a cell out");
        cells.MapPost("/{cell}/run", async (string id, string cell, Notebooks books, HttpContext http) =>
        {
            var (result, refused) = await books.RunAsync(http.Caller(), id, cell, http.RequestAborted);
            return result is not null ? Results.Ok(result)
                : Results.Problem(detail: refused!.Say(Lang.Of(http)), statusCode: 422, title: Problems.Title(Lang.Of(http), 422), type: $"https://guantong.dev/problems/{refused.Code}", extensions: new Dictionary<string, object?> { ["code"] = refused.Code });
        }).Needs("opening.apply").WithSummary("Run a cell: one SELECT over the fields that may be named; its result is held until somebody who answers for the data has looked at it").Produces<ToldResult>();
        cells.MapGet("/{cell}/result.csv", async (string id, string cell, Notebooks books, HttpContext http) => Csv(await books.TakeAsync(http.Caller(), id, cell, http.RequestAborted)))
            .Needs("opening.apply").WithSummary("A released result as CSV");
    }

    /// <summary>A released result as CSV.</summary>
    public static IResult Csv(SandboxResult result) => Results.Stream(async stream =>
    {
        await using var writer = Trust.Csv.Writer(stream);
        await writer.WriteLineAsync(Trust.Csv.Line(result.Columns.Select(c => (object?)c.Name)));
        foreach (var row in result.Rows ?? [])
            await writer.WriteLineAsync(Trust.Csv.Line(row.Select(v => (object?)v?.ToString())));
    }, "text/csv; charset=utf-8", $"result-{result.Id[..8]}.csv");

    private static object Told(OpeningOffer offer, HttpContext http) => new
    {
        Pack = offer.Pack.Id, offer.Dataset.Id, Name = offer.Pack.Say(Lang.Of(http), offer.Dataset.Name), About = offer.Pack.Say(Lang.Of(http), offer.Dataset.About), Source = offer.Pack.Say(Lang.Of(http), offer.Dataset.Source.Name),
        Condition = offer.Dataset.Listing.OpenCondition is { } condition ? offer.Pack.Say(Lang.Of(http), condition) : null, offer.Forms, offer.MostDays,
    };

    private static async Task<IResult> ApplyAsync(NewApplication given, Permissions permissions, HttpContext http)
    {
        var asked = new OpeningAsked(given.For ?? "", given.Form ?? "", given.Purpose ?? "", given.Product ?? "", given.Days, given.Safeguards ?? "", given.Agreement ?? "");
        var (file, faults) = await permissions.ApplyAsync(http.Caller(), given.Pack, given.Dataset, asked, http.RequestAborted);
        return file is not null ? Results.Created($"/api/v1/opening/applications/{file.Application.Id}", file)
            : http.FieldProblem(faults.ToDictionary(f => f.Key, f => new[] { Problems.Say(Lang.Of(http), f.Value, OpeningAsked.FaultArgs(permissions.Find(given.Pack, given.Dataset)!)) }));
    }
}
