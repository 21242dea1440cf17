using Guantong.Trust;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guantong.Data;

/// <summary>The three lists (三张清单) over the API: resources are the catalogue itself, demand and responsibility stand here.</summary>
internal static class ListsApi
{
    /// <summary>What filing a demand asks for.</summary>
    public sealed record NewDemand(string Name, string About, string Purpose);

    /// <summary>An answer to a demand: the entry that meets it, or why it is declined.</summary>
    public sealed record DemandAnswer(string? Entry = null, string? Note = null);

    /// <summary>A page of a list, and how many there are in all.</summary>
    public sealed record ListPage<T>(IReadOnlyList<T> Items, long Total, int Skip, int Take);

    public static void MapLists(this IEndpointRouteBuilder api)
    {
        var demand = api.MapGroup("/catalogue-demand").WithTags("Catalogue").Needs("catalogue.read-closed");
        demand.MapGet("", async (DemandList list, HttpContext http, string? state, string? origin, string? by, string? q, int skip = 0, int take = 50) =>
                Wrong(http, state, origin) ?? PageOf(http, await list.FindAsync(new DemandQuery(state, origin, by, q), http.RequestAborted), skip, take))
            .WithSummary("Data that matters and indicators of packs in force need, and that units asked for, with its state (需求清单)").Produces<ListPage<Demand>>();
        demand.MapPost("", async (NewDemand given, DemandList list, HttpContext http) => Told(http, await list.FileAsync(http.Caller(), given.Name, given.About, given.Purpose, http.RequestAborted), 201))
            .Needs("catalogue.demand").WithSummary("File a demand for one's own unit");
        demand.MapPost("/{id}/answer", async (string id, DemandAnswer given, DemandList list, HttpContext http) => Told(http, await list.AnswerAsync(http.Caller(), id, given.Entry, given.Note, http.RequestAborted), 204))
            .Needs("catalogue.answer").WithSummary("Answer a demand: by the entry that meets it, or by declining with a reason");
        api.MapGet("/catalogue-demand.csv", async (DemandList list, HttpContext http, string? state, string? origin, string? by, string? q) => Wrong(http, state, origin)
                ?? Csv(http, "demand", ["state", "by", "name", "about", "for", "entry", "items", "filed", "note"], (await list.FindAsync(new DemandQuery(state, origin, by, q), http.RequestAborted))
                    .Select(d => (object?[])[Word(http, "demand", d.State), d.By, d.Name, d.About, d.For, d.Entry, string.Join('、', d.Items), d.Filed, d.Note])))
            .WithTags("Catalogue").Needs("catalogue.read-closed").WithSummary("The list of demand as CSV");
        api.MapGet("/catalogue-duties", async (DutyList list, HttpContext http, string? unit, string? does, string? stands, int skip = 0, int take = 50) =>
                WrongDuty(http, does, stands) ?? PageOf(http, await list.FindAsync(new DutyQuery(unit, does, stands), http.RequestAborted), skip, take))
            .WithTags("Catalogue").Needs("catalogue.read-closed").WithSummary("What each unit has to do for each dataset: provide, update, quality, and how it stands (责任清单)").Produces<ListPage<DataDuty>>();
        api.MapGet("/catalogue-duties.csv", async (DutyList list, HttpContext http, string? unit, string? does, string? stands) => WrongDuty(http, does, stands)
                ?? Csv(http, "duty", ["unit", "name", "does", "wanted", "stands", "measured"], (await list.FindAsync(new DutyQuery(unit, does, stands), http.RequestAborted))
                    .Select(d => (object?[])[d.Unit, d.Name, Word(http, "does", d.Does), d.Wanted, Word(http, "stands", d.Stands), d.Measured])))
            .WithTags("Catalogue").Needs("catalogue.read-closed").WithSummary("The list of responsibility as CSV");
    }

    private static IResult? Wrong(HttpContext http, string? state, string? origin) => Unknown(http, state, DemandList.States) ?? Unknown(http, origin, DemandList.Origins);

    private static IResult? WrongDuty(HttpContext http, string? does, string? stands) => Unknown(http, does, DutyList.Doings) ?? Unknown(http, stands, DutyList.Stands);

    private static IResult? Unknown(HttpContext http, string? wish, IReadOnlyList<string> known) =>
        string.IsNullOrEmpty(wish) || known.Contains(wish) ? null : http.CatalogueProblem(400, "choice", wish, string.Join(", ", known));

    private static IResult PageOf<T>(HttpContext http, IReadOnlyList<T> all, int skip, int take) => skip < 0 || take is < 1 or > TrustRoom.LargestPage
        ? http.Problem(400, "bad-page", TrustRoom.LargestPage) : Results.Ok(new ListPage<T>([.. all.Skip(skip).Take(take)], all.Count, skip, take));

    private static string Word(HttpContext http, string kind, string word) => CatalogueTexts.Say(Lang.Of(http), $"list.{kind}.{word}");

    private static IResult Csv(HttpContext http, string name, string[] columns, IEnumerable<object?[]> rows)
    {
        var lang = Lang.Of(http);
        return Results.Stream(async stream =>
        {
            await using var writer = Trust.Csv.Writer(stream);
            await writer.WriteLineAsync(Trust.Csv.Line(columns.Select(c => CatalogueTexts.Say(lang, $"list.column.{c}"))));
            foreach (var row in rows)
                await writer.WriteLineAsync(Trust.Csv.Line(row));
        }, "text/csv; charset=utf-8", name + ".csv");
    }

    private static IResult Told(HttpContext http, string? fault, int done) => fault switch
    {
        null => Results.StatusCode(done),
        "demand-gone" => http.CatalogueProblem(404, fault),
        "demand-unit" => http.CatalogueProblem(403, fault),
        _ => http.CatalogueProblem(422, fault, DemandList.Longest),
    };
}
