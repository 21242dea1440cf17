using System.Text;
using System.Xml.Linq;
using Guantong.Insight;
using Guantong.Trust;
using Guantong.Work;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guantong.Portal.Finding;

/// <summary>What search engines are told: which pages there are, and which are nobody's to index.</summary>
/// <remarks>sitemaps.org protocol 0.9; RFC 9309.</remarks>
internal static class Sitemap
{
    private static readonly XNamespace Schema = "http://www.sitemaps.org/schemas/sitemap/0.9";

    private static readonly string[] Fixed = ["/", "/services", "/guides", "/data", "/screens", "/say", "/documents"];

    // What is somebody's own, or asked by a form.
    private static readonly string[] Closed = ["/me", "/my/", "/desk", "/api/", "/sign-in", "/applications", "/pay", "/show/", "/search", "/language", "/mode"];

    public static void MapSitemap(this IEndpointRouteBuilder pages)
    {
        pages.MapGet("/sitemap.xml", MapAsync).Needs("public.read");
        pages.MapGet("/robots.txt", (HttpContext http) => Results.Text($"User-agent: *\n{string.Concat(Closed.Select(c => $"Disallow: {c}\n"))}Sitemap: {WalletApi.IssuerOf(http)}/sitemap.xml\n")).Needs("public.read");
    }

    private static async Task<IResult> MapAsync(Finder finder, Jurisdiction land, HttpContext http)
    {
        var all = await finder.AllAsync(http.RequestAborted);
        string[] paths =
        [
            .. Fixed, .. all.Services.Select(s => $"/services/{s.Applied.Pack.Id}/{s.Matter.Id}"), .. finder.Guides().Select(g => $"/guides/{g.Pack.Id}/{g.Guide.Id}"),
            .. all.Screens.Select(p => $"/screens/{p.Id}"), .. all.Datasets.Select(d => $"/data/{d.Pack.Id}/{d.Dataset.Id}"), .. land.Places.Select(p => $"/places/{p.Id}"),
        ];
        var document = new XDocument(new XDeclaration("1.0", "utf-8", null), new XElement(Schema + "urlset", paths.Select(p => new XElement(Schema + "url", new XElement(Schema + "loc", WalletApi.IssuerOf(http) + p)))));
        return Results.Text($"{document.Declaration}\n{document}", "application/xml", Encoding.UTF8);
    }
}
