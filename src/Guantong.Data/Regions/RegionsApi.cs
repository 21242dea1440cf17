using Guantong.Trust;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Guantong.Data;

/// <summary>Regions' warehouses and return flow over HTTP.</summary>
internal static class RegionsApi
{
    public static void MapRegions(this IEndpointRouteBuilder api)
    {
        api.MapGet("/regions/{region}/datasets", async (string region, RegionWarehouse regions, Jurisdiction land, HttpContext http) => land.Regions.Find(region) is null
                ? http.Problem(404, "not-found", region)
                : Results.Ok(await regions.OfAsync(http.Caller(), region, http.RequestAborted)))
            .WithTags("Data").Needs("region.read").WithSummary("A region's warehouse: its rows of each dataset, their score, and who takes them back how far").Produces<RegionDataset[]>();
        api.MapGet("/datasets/{pack}/{id}/changes", ChangesAsync).WithTags("Data").Needs("dataset.read-closed")
            .WithSummary("What came, changed and went since a position, of the rows that the caller sees: how a region takes its rows back. Give the position again once the answer is kept").Produces<RegionChanges>();
    }

    private static async Task<IResult> ChangesAsync(string pack, string id, string? position, [FromQuery(Name = "for")] string? region, PackRegistry registry, Warehouse warehouse, RegionWarehouse regions, DatasetSeals seals, Jurisdiction land, TimeProvider clock, HttpContext http, int take = 500)
    {
        if (DataRoom.Find(registry, http, pack, id) is not var (p, d) || (region is not null && land.Regions.Find(region) is null))
            return http.Problem(404, "not-found", region ?? $"{pack}/{id}");
        if (take is < 1 or > TrustRoom.LargestPage)
            return http.Problem(400, "bad-page", TrustRoom.LargestPage);
        try
        {
            // Of what went before former rows were forgotten nothing is known: whoever was away so long begins anew.
            if (position is not null && RegionChanges.LoadOf(position) is > 0 and var load && (LoadBook.EndOf(warehouse, pack, id, load) is not { } ended || ended < Forgetting.Horizon(d, clock.GetUtcNow())))
                return http.Problem(410, "position-forgotten", position);
            return Results.Ok(await regions.ReturnAsync(http.Caller(), p, d, region, position, take, await seals.ReadingAsync(p, http.RequestAborted), http.RequestAborted));
        }
        catch (FormatException)
        {
            return http.Problem(400, "bad-position", position);
        }
    }
}
