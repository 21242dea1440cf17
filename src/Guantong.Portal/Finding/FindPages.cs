using Guantong.Data;
using Guantong.Insight;
using Guantong.Packs;
using Guantong.Portal.Pages;
using Guantong.Portal.Parts;
using Guantong.Portal.Services;
using Guantong.Trust;
using Guantong.Work;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Guantong.Portal.Finding;

/// <summary>The front page, search, browsing and guided questions.</summary>
internal static class FindPages
{
    private const int Shown = 5, PageSize = 20;

    public static void MapFinding(this IEndpointRouteBuilder pages)
    {
        pages.MapGet("/", HomeAsync).Needs("public.read").Kept();
        pages.MapGet("/screens", async Task<IResult> (Finder finder, Jurisdiction land, HttpContext http) => new RazorComponentResult<ScreensPage>(new { Visit = Visit.Of(http, land), (await finder.AllAsync(http.RequestAborted)).Screens })).Needs("public.read").Kept();
        pages.MapGet("/search", SearchAsync).Needs("public.read").Kept();
        pages.MapGet("/search/open", OpenAsync).Needs("public.read");
        pages.MapGet("/services", BrowseAsync).Needs("public.read").Kept();
        pages.MapGet("/guides", IResult (Finder finder, Jurisdiction land, HttpContext http) => new RazorComponentResult<GuidesPage>(new { Visit = Visit.Of(http, land), Guides = finder.Guides() })).Needs("public.read").Kept();
        pages.MapGet("/guides/{pack}/{guide}", Ask).Needs("public.read").Kept();
    }

    /// <summary>Where a wish's page stands.</summary>
    internal static string Address(string path, FindWish wish)
    {
        var parts = new (string Name, string? Value)[] { ("q", wish.Words), ("kind", wish.Kind), ("subject", wish.Subject), ("unit", wish.Unit), ("region", wish.Region), ("audience", wish.Audience), ("event", wish.Event), ("skip", wish.Skip == 0 ? null : $"{wish.Skip}") }
            .Where(p => !string.IsNullOrEmpty(p.Value)).Select(p => $"{p.Name}={Uri.EscapeDataString(p.Value!)}").ToList();
        return parts.Count == 0 ? path : $"{path}?{string.Join('&', parts)}";
    }

    private static async Task<IResult> HomeAsync(Finder finder, SupportPolicies policies, RegionChannels channels, Jurisdiction land, HttpContext http) =>
        new RazorComponentResult<Home>(new { Visit = Visit.Of(http, land), Land = land, Channels = await channels.OnShowAsync(http.RequestAborted), Things = await finder.AllAsync(http.RequestAborted), Events = finder.Events(), Guides = finder.Guides(), Policies = policies.Find().Count });

    private static async Task<IResult> SearchAsync(Finder finder, RegionChannels channels, Jurisdiction land, HttpContext http, string? q)
    {
        var visit = Visit.Of(http, land);
        var wish = Wish(http, q ?? "");
        return new RazorComponentResult<SearchPage>(new { Visit = visit, Land = land, Wish = wish, Found = await finder.FindAsync(wish, visit.Lang, http.RequestAborted), Channel = await channels.NearestAsync(wish.Region, http.RequestAborted) });
    }

    private static async Task<IResult> BrowseAsync(Finder finder, RegionChannels channels, Jurisdiction land, HttpContext http)
    {
        var visit = Visit.Of(http, land);
        var wish = Wish(http, "") with { Kind = "service", Take = 100 };
        return new RazorComponentResult<ServiceList>(new { Visit = visit, Land = land, Wish = wish, Found = await finder.FindAsync(wish, visit.Lang, http.RequestAborted), Guides = finder.Guides(), Channel = await channels.NearestAsync(wish.Region, http.RequestAborted) });
    }

    private static FindWish Wish(HttpContext http, string words)
    {
        string? Given(string name) => http.Request.Query[name].ToString() is { Length: > 0 and < 80 } value ? value : null;
        var kind = Given("kind");
        return new FindWish(words, kind, Given("subject"), Given("unit"), Given("region"), Given("audience"), Given("event"), int.TryParse(Given("skip"), out var skip) && skip is > 0 and < 100_000 ? skip : 0, kind is null ? Shown : PageSize);
    }

    // What is opened after a search is counted; what a program fetches ahead, or another site makes a browser open, is not.
    private static async Task<IResult> OpenAsync(Finder finder, Jurisdiction land, HttpContext http, string? q, string? thing)
    {
        var headers = http.Request.Headers;
        var isVisitor = headers["Sec-Fetch-Site"].ToString() is "" or "same-origin" && headers["Sec-Purpose"].Count == 0 && headers["Purpose"].Count == 0;
        return await finder.OpenAsync(q ?? "", thing ?? "", isVisitor ? http : null, http.RequestAborted) is { } to ? Results.LocalRedirect(to)
            : PortalRoom.Message(Visit.Of(http, land), "missing.title", "missing.text", 404);
    }

    private static IResult Ask(string pack, string guide, PackRegistry packs, Jurisdiction land, HttpContext http)
    {
        var visit = Visit.Of(http, land);
        if (packs.Find(pack) is not { } home || home.Guide(guide) is not { } found)
            return PortalRoom.Message(visit, "missing.title", "missing.text", 404);
        var way = found.Way(http.Request.Query.ToDictionary(p => p.Key, p => p.Value.ToString()));
        var answers = way.ToDictionary(w => w.Question.Ask.Name, w => w.Answer);
        var next = found.Next(answers);
        return new RazorComponentResult<GuideQuestionPage>(new Dictionary<string, object?>
        {
            ["Visit"] = visit, ["Pack"] = home, ["Guide"] = found, ["Way"] = way, ["Next"] = next,
            ["Outcome"] = next is null ? GuideOutcome.Of(home, found, answers, visit.Lang) : null,
            ["IsUnanswered"] = next is not null && http.Request.Query["at"] == next.Ask.Name,
        });
    }
}
