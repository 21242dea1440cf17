using Guantong.Trust;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Guantong.Data;

/// <summary>Organisations known again across datasets, over the API.</summary>
public static class EntitiesApi
{
    /// <summary>A row of a dataset.</summary>
    /// <param name="Data">pack/dataset.</param>
    /// <param name="Row">Its key.</param>
    public sealed record NamedRow(string? Data, string? Row)
    {
        internal RowKey Key => new(Data ?? "", Row ?? "");
    }

    /// <summary>What somebody says of two rows.</summary>
    /// <param name="Verdict">same or different.</param>
    public sealed record NewDecision(NamedRow? Left, NamedRow? Right, string? Verdict);

    /// <summary>What somebody says of a pair that waits.</summary>
    /// <param name="Verdict">same or different.</param>
    public sealed record PairVerdict(string? Verdict);

    internal static IServiceCollection AddEntities(this IServiceCollection services, bool watching)
    {
        services.AddSingleton<Entities>().AddSingleton<EntityReads>();
        return watching ? services.AddHostedService<EntityWatch>() : services;
    }

    internal static void MapEntities(this IEndpointRouteBuilder api)
    {
        var group = api.MapGroup("/entities").WithTags("Entities").Needs("entity.review").TellsRefusals();
        group.MapGet("", async (Entities entities, EntityReads reads, HttpContext http) => Results.Ok(new { Datasets = entities.Seen(http.Caller()), Last = await entities.LastAsync(http.RequestAborted), Waiting = await reads.WaitingAsync(http.Caller(), http.RequestAborted) }))
            .WithSummary("Datasets of organisations, the last run, and how many pairs wait for a person");
        group.MapPost("/run", async (Entities entities, HttpContext http) => Results.Ok(await entities.RunAsync(http.Caller(), http.RequestAborted)))
            .WithSummary("Compare the organisations of all datasets as they stand now").Produces<EntityRun>();
        group.MapGet("/pairs", async (EntityReads reads, HttpContext http, string? data, string? words, string state = "waiting", string sort = "score", int skip = 0, int take = 50) =>
        {
            if (skip < 0 || take is < 1 or > TrustRoom.LargestPage)
                return http.Problem(400, "bad-page", TrustRoom.LargestPage);
            if (!PairQuery.States.Contains(state) || !PairQuery.Sorts.Contains(sort))
                return http.Problem(400, "entity-wish", string.Join(", ", PairQuery.States), string.Join(", ", PairQuery.Sorts));
            var page = await reads.PairsAsync(http.Caller(), new PairQuery(state, Some(data), Some(words), sort, skip, take), cancel: http.RequestAborted);
            return Results.Ok(new { Items = page.Items.Select(p => Told(p, http)), page.Total, page.Skip, page.Take });
        }).WithSummary("Pairs of rows with their scores, each part in words; state: waiting, same, different; sort: score, name, decided");
        group.MapGet("/pairs/{id}", async (string id, EntityReads reads, HttpContext http) => await reads.PairAsync(http.Caller(), id, cancel: http.RequestAborted) is { } file
                ? Results.Ok(new { Pair = Told(file.Pair, http), Left = Told(file.Left), Right = Told(file.Right) }) : http.Problem(404, "not-found", id))
            .WithSummary("A pair: both rows side by side, and what the score is made of");
        group.MapPost("/pairs/{id}/decide", async (string id, PairVerdict given, Entities entities, EntityReads reads, HttpContext http) => await reads.PairAsync(http.Caller(), id, cancel: http.RequestAborted) is { Pair: var p }
                ? Results.Ok(Told(await entities.DecideAsync(http.Caller(), p.Left, p.Right, given.Verdict, http.RequestAborted), http)) : http.Problem(404, "not-found", id))
            .WithSummary("Decide that a pair is one organisation (same), or two (different)");
        group.MapPost("/pairs/{id}/undo", async (string id, Entities entities, HttpContext http) => Results.Ok(Told(await entities.UndoAsync(http.Caller(), id, http.RequestAborted), http)))
            .WithSummary("Take a decision back");
        group.MapPost("/decisions", async (NewDecision given, Entities entities, HttpContext http) => Results.Ok(Told(await entities.DecideAsync(http.Caller(), given.Left?.Key ?? new("", ""), given.Right?.Key ?? new("", ""), given.Verdict, http.RequestAborted), http)))
            .WithSummary("Decide the same of any two rows: two that a code linked can be parted by it");

        var organisations = api.MapGroup("/entities").WithTags("Entities").Needs("entity.read");
        organisations.MapGet("/organisations", async (EntityReads reads, HttpContext http, string? words, int least = 1, int skip = 0, int take = 50) => skip < 0 || take is < 1 or > TrustRoom.LargestPage
                ? http.Problem(400, "bad-page", TrustRoom.LargestPage) : Results.Ok(await reads.OrganisationsAsync(http.Caller(), Some(words), least, skip, take, cancel: http.RequestAborted)))
            .WithSummary("Organisations by a part of a name or a whole code; least: with as many rows at least").Produces<OrganisationList>();
        organisations.MapGet("/organisations/{id}", async (string id, EntityReads reads, HttpContext http) => await reads.OrganisationAsync(http.Caller(), id, cancel: http.RequestAborted) is { Count: > 0 } rows
                ? Results.Ok(new { Organisation = id, Rows = rows.Select(Told) }) : http.Problem(404, "not-found", id))
            .WithSummary("An organisation's rows in every dataset");
        organisations.MapGet("/organisations.csv", async (EntityReads reads, HttpContext http) =>
        {
            var rows = await reads.ExportAsync(http.Caller(), http.RequestAborted);
            return Results.Stream(async to =>
            {
                await using var writer = Csv.Writer(to);
                await writer.WriteLineAsync("organisation,data,row,by,code,name,address,phone");
                foreach (var row in rows)
                    await writer.WriteLineAsync(Csv.Line(row.Organisation, row.Key.Data, row.Key.Row, row.By, row.Code, row.Name, row.Address, row.Phone));
            }, "text/csv; charset=utf-8", "organisations.csv");
        }).WithSummary("Every row with its organisation, as CSV; by: what puts it there (code, person, nothing)");
    }

    private static object Told(EntityPair pair, HttpContext http) => new
    {
        pair.Id,
        Left = new { Data = pair.LeftData, Row = pair.LeftRow, Name = pair.LeftName },
        Right = new { Data = pair.RightData, Row = pair.RightRow, Name = pair.RightName },
        pair.Score,
        Parts = pair.Parts.Select(p => new { p.Of, p.Found, p.Alike, p.Points, p.Most, Words = p.Say(Lang.Of(http)) }),
        pair.Verdict, pair.Login, pair.Decided,
    };

    private static object? Told(OrganisationRow? row) => row is null ? null : new { row.Key.Data, row.Key.Row, row.Organisation, row.By, row.Code, row.Name, row.Address, row.Phone };

    private static string? Some(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}
