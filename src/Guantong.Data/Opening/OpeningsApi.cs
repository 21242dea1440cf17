using Guantong.Packs;
using Guantong.Trust;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Guantong.Data;

/// <summary>What is published instead of a dataset's rows, over HTTP.</summary>
internal static class OpeningsApi
{
    public static IServiceCollection AddOpenings(this IServiceCollection services, bool workers) =>
        (workers ? services.AddHostedService<OpeningRunner>() : services).AddSingleton<Openings>().AddSingleton<OpenData>();

    public static void MapOpenings(this IEndpointRouteBuilder api)
    {
        var opened = api.MapGroup("/datasets/{pack}/{id}/opened").WithTags("Opening");
        api.MapGet("/datasets/{pack}/{id}/openapi.json", DescribeAsync).WithTags("Opening").Needs("dataset.read").ForOtherSites().WithSummary("What is open of a dataset, described by an OpenAPI document of its own");
        opened.MapGet("/rows", async (string pack, string id, Openings openings, Warehouse warehouse, DatasetReads reads, HttpContext http, int skip = 0, int take = 50) =>
        {
            if (skip < 0 || take is < 1 or > TrustRoom.LargestPage)
                return http.Problem(400, "bad-page", TrustRoom.LargestPage);
            return await ReadAsync(openings, http, pack, id, async (p, d, edition) =>
            {
                if (d.Open == "conditional")
                    await reads.ReadAsync(Callers.Of(http.User), p, d, ["opened"], skip, cancel: http.RequestAborted);
                return Results.Ok(OpenedTable.Page(warehouse, p, d, edition, skip, take));
            }, async (p, d) =>
            {
                await reads.ReadAsync(Callers.Of(http.User), p, d, ["opened"], skip, cancel: http.RequestAborted);
                return Results.Ok(DatasetRows.Page(warehouse, p, d, new RowQuery(Skip: skip, Take: take), RowsSeen.All, null));
            });
        }).Needs("dataset.read").ForOtherSites().WithSummary("What is published instead of a dataset's rows, page by page").Produces<RowPage>();
        opened.MapGet("/rows.csv", (string pack, string id, Openings openings, Warehouse warehouse, DatasetReads reads, HttpContext http) => ReadAsync(openings, http, pack, id, async (p, d, edition) =>
        {
            await ExportedAsync(reads, http, p, d, "opened csv");
            return Results.Stream(to => OpenedTable.WriteCsvAsync(warehouse, p, d, edition, to, http.RequestAborted), "text/csv; charset=utf-8", $"{d.Id}.csv");
        }, async (p, d) =>
        {
            await ExportedAsync(reads, http, p, d, "opened csv");
            return Results.Stream(to => DatasetRows.WriteCsvAsync(warehouse, p, d, RowsSeen.All, to, http.RequestAborted, null), "text/csv; charset=utf-8", $"{d.Id}.csv");
        })).Needs("dataset.read").ForOtherSites().WithSummary("The whole of it as CSV");
        opened.MapGet("/rows.json", (string pack, string id, Openings openings, Warehouse warehouse, DatasetReads reads, HttpContext http) => ReadAsync(openings, http, pack, id, async (p, d, edition) =>
        {
            await ExportedAsync(reads, http, p, d, "opened json");
            return Results.Stream(to => OpenedTable.WriteJsonAsync(warehouse, p, d, edition, to, http.RequestAborted), "application/json", $"{d.Id}.json");
        }, async (p, d) =>
        {
            await ExportedAsync(reads, http, p, d, "opened json");
            return Results.Stream(to => DatasetRows.WriteJsonAsync(warehouse, p, d, RowsSeen.All, to, http.RequestAborted, null), "application/json", $"{d.Id}.json");
        })).Needs("dataset.read").ForOtherSites().WithSummary("The whole of it as JSON");
        opened.MapGet("", async (string pack, string id, Openings openings, HttpContext http) => openings.Find(pack, id) is var (p, d)
                ? Results.Ok(Told(await openings.StateAsync(p, d, http.RequestAborted), d, http)) : http.Problem(404, "not-found", $"{pack}/{id}"))
            .Needs("opening.read").WithSummary("How what is published instead of a dataset's rows stands, and what is left of risk in it");
        opened.MapPost("/publish", async (string pack, string id, Openings openings, HttpContext http) =>
        {
            if (openings.Find(pack, id) is not var (p, d))
                return http.Problem(404, "not-found", $"{pack}/{id}");
            if (!openings.MayPublish(http.Caller(), d))
                return http.Problem(403, "opening-other-unit", d.Source.Name);
            var outcome = await openings.PublishAsync(http.Caller(), p, d, http.RequestAborted);
            return outcome.Refusal is { } refusal ? http.Problem(409, refusal.Code, [.. refusal.Args]) : Results.Ok(new { outcome.Result, outcome.Edition!.Edition, outcome.Edition.At, outcome.Edition.Rows, outcome.Edition.Report });
        }).Needs("opening.publish").WithSummary("Publish a dataset as it declares, or learn why that is refused; what stood stands then");
    }

    private static async Task<IResult> DescribeAsync(string pack, string id, OpenData open, Jurisdiction land, HttpContext http)
    {
        if (await open.FindAsync(pack, id, http.RequestAborted) is not { HasRows: true } found)
            return http.Problem(404, "not-found", $"{pack}/{id}");
        // Whoever may not have the rows is shown none as an example.
        var mayRead = !found.IsBySteps || await Openings.MaySeeAsync(Callers.Of(http.User), found.Pack, found.Dataset, http.RequestServices, cancel: http.RequestAborted);
        return Results.Text(OpenDescription.Of(found, mayRead ? await open.PageAsync(found, 0, OpenDescription.Examples, http.RequestAborted) : null, open.IsSynthetic(found), http.Site(), Lang.Of(http), land).ToJsonString(OpenDescription.Json), "application/json");
    }

    /// <summary>Lets pages of any site read what everybody may have; a browser then sends nobody's session along (Fetch §3.2).</summary>
    internal static T ForOtherSites<T>(this T endpoint) where T : IEndpointConventionBuilder => endpoint.AddEndpointFilter(async (context, next) =>
    {
        context.HttpContext.Response.Headers.AccessControlAllowOrigin = "*";
        return await next(context);
    });

    private static object Told(OpeningState state, Dataset dataset, HttpContext http) => new
    {
        dataset.Open, state.Edition?.Edition, state.Edition?.At, By = state.Edition?.Login, state.Edition?.Rows, state.Edition?.Columns, state.Edition?.Report, state.IsAsDeclared, state.IsOfTheseRows,
        Spent = dataset.Opening!.Counts is null ? null : (decimal?)state.Spent, dataset.Opening.Counts?.Budget,
        Refused = state.Refused is { } refused ? new { refused.Code, Message = Problems.Say(Lang.Of(http), refused.Code, [.. refused.Args]), At = state.RefusedAt } : null,
    };

    private static Task ExportedAsync(DatasetReads reads, HttpContext http, Pack pack, Dataset dataset, string format) =>
        dataset.Open == "conditional" ? reads.ExportedAsync(Callers.Of(http.User), pack, dataset, format, http.RequestAborted) : Task.CompletedTask;

    private static async Task<IResult> ReadAsync(Openings openings, HttpContext http, string pack, string id, Func<Pack, Dataset, OpenedEdition, Task<IResult>> read, Func<Pack, Dataset, Task<IResult>> own)
    {
        // Where nothing is declared in their place, its own rows are what is open on condition.
        var permissions = http.RequestServices.GetRequiredService<Permissions>();
        var offer = permissions.Find(pack, id) is { } found && permissions.OpensRows(found.Pack, found.Dataset) ? found : null;
        if ((offer is null ? openings.Find(pack, id) : (offer.Pack, offer.Dataset)) is not var (p, d))
            return http.Problem(404, "not-found", $"{pack}/{id}");
        if (!await Openings.MaySeeAsync(Callers.Of(http.User), p, d, http.RequestServices, isOwn: offer is not null, http.RequestAborted))
            return http.Problem(403, "opening-conditional", p.Say(Lang.Of(http), d.Name), p.Say(Lang.Of(http), d.Source.Name), d.Listing.OpenCondition is { } condition ? p.Say(Lang.Of(http), condition) : "–", $"/data/{p.Id}/{d.Id}/apply");
        if (offer is not null)
            return await own(p, d);
        return await openings.EditionAsync(p, d, http.RequestAborted) is { } edition ? await read(p, d, edition) : http.Problem(404, "opening-not-yet", p.Say(Lang.Of(http), d.Name));
    }
}
