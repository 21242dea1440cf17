using Guantong.Trust;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Guantong.Portal.Everyone;

/// <summary>What makes the Portal everybody's: pages that are large and plain, an icon on the phone, and what works while there is no network.</summary>
internal static class EveryonePages
{
    public static void MapEveryone(this IEndpointRouteBuilder pages)
    {
        pages.MapGet("/mode", (string? to, string? back, HttpContext http) =>
        {
            http.Response.Cookies.Append(Visit.ModeCookie, to == "elder" ? "elder" : "usual", new CookieOptions { MaxAge = TimeSpan.FromDays(365), SameSite = SameSiteMode.Lax, HttpOnly = true });
            return PortalRoom.Back(back);
        }).Needs("public.read");
        pages.MapGet("/offline", IResult (Jurisdiction land, HttpContext http) => new RazorComponentResult<OfflinePage>(new { Visit = Visit.Of(http, land) })).Needs("public.read");
        pages.MapGet("/manifest.webmanifest", (Jurisdiction land, HttpContext http) => Manifest(Visit.Of(http, land))).Needs("public.read");
        // A worker has a say over its own folder alone: it has to come from the top.
        pages.MapGet("/worker.js", IResult (IWebHostEnvironment site) => site.WebRootFileProvider.GetFileInfo("_content/Guantong.Portal/worker.js") is { Exists: true } worker
            ? Results.Stream(worker.CreateReadStream(), "text/javascript; charset=utf-8") : Results.NotFound()).Needs("public.read");
    }

    // W3C Web Application Manifest.
    private static IResult Manifest(Visit visit) => Results.Json(new
    {
        name = $"{visit.Say("site")} · {visit.Jurisdiction}",
        short_name = visit.Say("site"),
        lang = visit.Lang,
        start_url = "/",
        scope = "/",
        display = "standalone",
        theme_color = "#0b5cab",
        background_color = "#ffffff",
        icons = new[] { new { src = "/_content/Guantong.Portal/icon.svg", sizes = "any", type = "image/svg+xml", purpose = "any" } },
    }, contentType: "application/manifest+json");
}
