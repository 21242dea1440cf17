using Guantong.Portal.Parts;
using Guantong.Trust;
using Guantong.Work;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Guantong.Portal.Channels;

/// <summary>The channels of regions (频道) and their service zones (专区), and what officials see of them before the public does: the same pages.</summary>
internal static class ChannelPages
{
    public static void MapChannels(this IEndpointRouteBuilder pages)
    {
        pages.MapGet("/channels", async Task<IResult> (RegionChannels book, Jurisdiction land, HttpContext http) =>
            new RazorComponentResult<ChannelsPage>(new { Visit = Visit.Of(http, land), Land = land, Shown = await book.OnShowAsync(http.RequestAborted) })).Needs("public.read").Kept();
        pages.MapGet("/channels/{region}", (string region, RegionChannels book, HttpContext http) => ShownAsync(http, book, region, null)).Needs("public.read").Kept();
        pages.MapGet("/channels/{region}/zones/{zone}", (string region, string zone, RegionChannels book, HttpContext http) => ShownAsync(http, book, region, zone)).Needs("public.read").Kept();
        pages.MapGet("/channels/{region}/pictures/{id}", async (string region, string id, ChannelPictures pictures, Attachments files, HttpContext http) =>
            await ChannelsApi.PictureAsync(pictures, files, region, id, http) is { } picture ? picture : Missing(http)).Needs("public.read");

        var preview = pages.MapGroup("/channels/{region}/preview").Needs("channel.read").WithMetadata(new FramedHereAttribute());
        preview.MapGet("", (string region, long? version, RegionChannels book, HttpContext http) => PreviewAsync(http, book, region, null, version));
        preview.MapGet("/zones/{zone}", (string region, string zone, long? version, RegionChannels book, HttpContext http) => PreviewAsync(http, book, region, zone, version));
    }

    private static async Task<IResult> ShownAsync(HttpContext http, RegionChannels book, string region, string? zone) =>
        await book.OnShowAsync(region, http.RequestAborted) is { } shown ? await PageAsync(http, region, shown.Unit, shown.Content, zone, $"/channels/{region}", "") : Missing(http);

    private static async Task<IResult> PreviewAsync(HttpContext http, RegionChannels book, string region, string? zone, long? version)
    {
        http.Response.Headers["X-Robots-Tag"] = "noindex";
        return await book.FindAsync(region, http.Rows("channel.read"), http.RequestAborted) is { } channel && (version is null ? channel.Draft : channel.Versions.FirstOrDefault(v => v.No == version)?.Content) is { } content
            ? await PageAsync(http, region, channel.Unit, content, zone, $"/channels/{region}/preview", $"?lang={Lang.Of(http)}{(version is null ? "" : $"&version={version}")}") : Missing(http);
    }

    private static async Task<IResult> PageAsync(HttpContext http, string region, string unit, ChannelContent content, string? zone, string address, string query)
    {
        var (land, things, clock) = (Of<Jurisdiction>(http), Of<ChannelThings>(http), Of<TimeProvider>(http));
        var shown = zone is null ? null : content.Zones.FirstOrDefault(z => z.Id == zone);
        if (land.Regions.Find(region) is not { } found || (zone is not null && shown is null))
            return Missing(http);
        var visit = Visit.Of(http, land);
        var offered = await things.OfAsync(region, http.RequestAborted);
        return shown is not null
            ? new RazorComponentResult<ZonePage>(new { Visit = visit, Content = content, Zone = shown, Things = offered, Address = address + query })
            : new RazorComponentResult<ChannelPage>(new
            {
                Visit = visit, Region = found, Unit = land.Units.Find(unit)?.Say(visit.Lang) ?? unit, Content = content, Things = offered,
                Today = DateOnly.FromDateTime(clock.GetUtcNow().ToOffset(land.Offset).DateTime), ZoneAddress = (Func<string, string>)(id => $"{address}/zones/{id}{query}"),
            });
    }

    private static T Of<T>(HttpContext http) where T : class => (T)http.RequestServices.GetService(typeof(T))!;

    private static RazorComponentResult Missing(HttpContext http) => PortalRoom.Message(Visit.Of(http, Of<Jurisdiction>(http)), "missing.title", "missing.text", 404);
}
