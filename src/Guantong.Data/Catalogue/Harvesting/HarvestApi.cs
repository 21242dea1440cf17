using Guantong.Trust;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guantong.Data;

/// <summary>The sources that are harvested, over the API.</summary>
internal static class HarvestApi
{
    /// <summary>A source as it shall be; see <see cref="HarvestSource"/>.</summary>
    public sealed record NewSource(string Name, string Kind, string Address, string Schedule);

    public static void MapHarvest(this IEndpointRouteBuilder api)
    {
        var sources = api.MapGroup("/catalogue-sources").WithTags("Catalogue").Needs("catalogue.harvest");
        sources.MapGet("", async (Harvester harvester, HttpContext http) => (await harvester.ListAsync(http.RequestAborted)).Select(s => Told(http, s)))
            .WithSummary("Other catalogues that are harvested, and how it went last");
        sources.MapPut("/{id}", async (string id, NewSource given, Harvester harvester, HttpContext http) =>
        {
            var source = new HarvestSource(id, given.Name.Trim(), given.Kind, given.Address.Trim(), given.Schedule.Trim());
            if (Harvester.Faults(source) is { Count: > 0 } faults)
                return http.FieldProblem(faults.ToDictionary(f => f.Key, f => (string[])[CatalogueTexts.Say(Lang.Of(http), "harvest." + f.Value)]));
            await harvester.PutAsync(http.Caller(), source, http.RequestAborted);
            return Results.NoContent();
        }).WithSummary("Harvest another CKAN (kind ckan: the site) or DCAT catalogue (kind dcat: the document) on a schedule (cron)");
        sources.MapDelete("/{id}", async (string id, Harvester harvester, HttpContext http) => await harvester.RemoveAsync(http.Caller(), id, http.RequestAborted) ? Results.NoContent() : http.Problem(404, "not-found", id))
            .WithSummary("Harvest it no more; its entries stay, marked as vanished");
        sources.MapPost("/{id}/run", async (string id, Harvester harvester, HttpContext http) => await harvester.RunAsync(id, http.RequestAborted) is { } source ? Results.Ok(Told(http, source)) : http.Problem(404, "not-found", id))
            .WithSummary("Harvest it now");
    }

    private static object Told(HttpContext http, HarvestSource s) => new { s.Id, s.Name, s.Kind, s.Address, s.Schedule, s.Due, s.Ran, s.Outcome, s.Detail, Message = HarvestWords.Say(Lang.Of(http), s) };
}

/// <summary>Harvests in words.</summary>
public static class HarvestWords
{
    /// <summary>How it went last, in a reader's language.</summary>
    public static string Say(string lang, HarvestSource source) => source.Outcome switch
    {
        null => CatalogueTexts.Say(lang, "harvest.never"),
        "ok" when System.Text.Json.JsonSerializer.Deserialize<HarvestCounts>(source.Detail!, CatalogueBook.Json) is { } c => CatalogueTexts.Say(lang, "harvest.ok", c.Added, c.Changed, c.Same, c.Vanished, c.Rejected),
        { } code => CatalogueTexts.Say(lang, "harvest.fault." + code, source.Detail),
    };
}
