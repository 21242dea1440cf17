using Guantong.Trust;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guantong.Data;

/// <summary>Subscriptions and labels over the API.</summary>
internal static class LabelsApi
{
    /// <summary>What is to be watched; see <see cref="Watch"/>.</summary>
    public sealed record NewWatch(string Kind, string What);

    /// <summary>What a steward says of a label.</summary>
    public sealed record LabelWord(string Label, bool Right);

    public static void MapLabels(this IEndpointRouteBuilder api)
    {
        var labels = api.MapGroup("/catalogue-labels").WithTags("Catalogue").Needs("catalogue.edit");
        labels.MapGet("", (LabelBook book, HttpContext http) => book.WaitingAsync(http.Caller(), TrustRoom.LargestPage, http.RequestAborted)).WithSummary("Labels that wait to be confirmed: by rules, and learned from entries like these").Produces<SuggestedLabel[]>();
        labels.MapPost("/{id}", async (string id, LabelWord given, LabelBook book, HttpContext http) => await book.DecideAsync(http.Caller(), id, given.Label, given.Right, http.RequestAborted) is not { } fault ? Results.NoContent()
                : http.CatalogueProblem(fault switch { "entry-gone" => 404, "entry-not-yours" => 403, _ => 422 }, fault))
            .WithSummary("Confirm or decline a label of an entry; one that was declined is not suggested again");
    }

    public static void MapWatches(this IEndpointRouteBuilder api)
    {
        var watches = api.MapGroup("/catalogue-watches").WithTags("Catalogue").Needs("catalogue.watch");
        watches.MapGet("", (Watches all, HttpContext http) => all.OfAsync(http.Caller(), http.RequestAborted)).WithSummary("What I watch in the catalogue").Produces<Watch[]>();
        watches.MapPost("", async (NewWatch given, Watches all, HttpContext http) => await all.BeginAsync(http.Caller(), given.Kind, given.What, http.RequestAborted) is { } fault ? http.CatalogueProblem(422, fault, Watches.Most) : Results.StatusCode(201))
            .WithSummary("Watch an entry (kind entry: its id) or a search (kind search: its words and facets as in an address)");
        watches.MapDelete("/{id}", async (string id, Watches all, HttpContext http) => await all.EndAsync(http.Caller(), id, http.RequestAborted) ? Results.NoContent() : http.Problem(404, "not-found", id)).WithSummary("Watch it no more");
        watches.MapGet("/news", (Watches all, HttpContext http) => all.NewsAsync(http.Caller(), http.RequestAborted)).WithSummary("What changed since I looked, changes of schemas first").Produces<CatalogueNews[]>();
        watches.MapPost("/seen", async (Watches all, HttpContext http) =>
        {
            await all.SeenAsync(http.Caller(), http.RequestAborted);
            return Results.NoContent();
        }).WithSummary("I have seen what changed");
    }
}
