using Guantong.Data;
using Guantong.Insight;
using Guantong.Packs;
using Guantong.Portal.Appointments;
using Guantong.Portal.Business;
using Guantong.Portal.Channels;
using Guantong.Portal.Conditional;
using Guantong.Portal.Everyone;
using Guantong.Portal.Finding;
using Guantong.Portal.Me;
using Guantong.Portal.OpenData;
using Guantong.Portal.Pages;
using Guantong.Portal.Parts;
using Guantong.Portal.Paying;
using Guantong.Portal.Receiving;
using Guantong.Portal.Reports;
using Guantong.Portal.Services;
using Guantong.Portal.Showing;
using Guantong.Portal.SigningIn;
using Guantong.Portal.Wallet;
using Guantong.Trust;
using Guantong.Trust.Provider;
using Guantong.Work;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Guantong.Portal;

/// <summary>The citizens' and businesses' front (浙里办): server-rendered pages that need no JavaScript. Start reading here.</summary>
public static class PortalRoom
{
    /// <summary>Registers what rendering needs.</summary>
    public static IServiceCollection AddPortal(this IServiceCollection services)
    {
        services.AddRazorComponents();
        services.AddOutputCache();
        services.AddSingleton<KnownForNow>();
        return services;
    }

    /// <summary>Maps the pages.</summary>
    public static void MapPortal(this IEndpointRouteBuilder routes)
    {
        var pages = routes.MapGroup("").ExcludeFromDescription();
        pages.MapFinding();
        pages.MapChannels();
        pages.MapOpenData();
        pages.MapServices();
        pages.MapAppointments();
        pages.MapSitemap();
        pages.MapSaying();
        pages.MapBusiness();
        pages.MapPaying();
        pages.MapReading();
        pages.MapReports();
        pages.MapConditional();
        pages.MapGallery();
        pages.MapSignIn();
        pages.MapStopping();
        pages.MapEveryone();
        routes.MapMe();
        pages.MapGet("/screens/{pack}", ScreenAsPage).Needs("public.read");
        pages.MapGet("/language", (string to, string? back, HttpContext http) =>
        {
            http.Response.Cookies.Append(Lang.Cookie, Lang.Read(to, http), new CookieOptions { MaxAge = TimeSpan.FromDays(365), SameSite = SameSiteMode.Lax, HttpOnly = true });
            return Back(back);
        }).Needs("public.read");
        // A request delegate, for which no code is made with the program: what is made there for a fallback puts it before the fallbacks of others.
        pages.MapFallback((HttpContext http) => Message(Visit.Of(http, http.RequestServices.GetRequiredService<Jurisdiction>()), "missing.title", "missing.text", 404).ExecuteAsync(http)).Needs("public.read");
    }

    /// <summary>Back to where somebody came from: only a path of this site is gone back to.</summary>
    internal static IResult Back(string? back) =>
        Results.LocalRedirect(back is (['/', not ('/' or '\\'), ..] or "/") && !back.Any(char.IsControl) ? Onward.Plain(back) : "/");

    private static RazorComponentResult ScreenAsPage(string pack, string? region, PackRegistry registry, Warehouse warehouse, Figures figures, Maps maps, Jurisdiction land, HttpContext http)
    {
        var visit = Visit.Of(http, land);
        if (registry.Find(pack) is not { Screen: { } screen } p || land.Regions.Find(region ?? land.Root) is not { } at)
            return Message(visit, "missing.title", "missing.text", 404);
        // What is to be done stands on officials' screens alone; goals are everybody's.
        var cards = screen.Cards.SelectMany(c => (c.Of == "goals" ? p.Goals.Select(g => g.Indicator).OfType<Ref>().Where(i => !screen.Cards.Any(o => o.Shows(i.Name))) : c.Indicators)
            .Select(i => Show(p, p.Indicator(i.Name)!, c, at.Code, figures, maps))).ToList();
        return new RazorComponentResult<ScreenPage>(new Dictionary<string, object?>
        {
            ["Visit"] = visit,
            ["Pack"] = p,
            ["Region"] = at,
            ["Regions"] = land.Regions,
            ["Root"] = land.Root,
            ["IsSynthetic"] = p.Datasets.Any(d => DatasetStatus.IsSynthetic(warehouse, p, d)),
            ["Cards"] = cards,
        });
    }

    private static ScreenPage.Shown Show(Pack pack, Indicator indicator, Card card, string region, Figures figures, Maps maps)
    {
        var period = card.PeriodOf(indicator);
        // The public page shows every figure in one of four plain ways.
        var kind = card.As switch { "map" => "map", "trend" or "heat" => "trend", _ => card.IsByRegion ? "list" : "light" };
        var latest = figures.Latest(pack, indicator, period);
        var byRegion = latest is null || kind is not ("map" or "list") ? [] : figures.On(pack, indicator, period, latest.Value).ToDictionary(f => f.Region);
        var series = kind is "trend" or "light" ? figures.Of(pack, indicator, period, region) : [];
        return new ScreenPage.Shown(indicator, kind, period, latest, kind == "map" ? maps.Draw(region) : null, byRegion, [.. series.TakeLast(90)]);
    }

    /// <summary>The page that says what went wrong with a request.</summary>
    public static IResult Failure(HttpContext http, int status, string code, params object?[] args)
    {
        var visit = Visit.Of(http, http.RequestServices.GetRequiredService<Jurisdiction>());
        return new RazorComponentResult<Message>(new Dictionary<string, object?> { ["Visit"] = visit, ["Title"] = Problems.Title(visit.Lang, status), ["Text"] = Problems.Say(visit.Lang, code, args) }) { StatusCode = status };
    }

    internal static RazorComponentResult Message(Visit visit, string title, string text, int status) =>
        new RazorComponentResult<Message>(new Dictionary<string, object?> { ["Visit"] = visit, ["Title"] = visit.Say(title), ["Text"] = visit.Say(text) }) { StatusCode = status };
}
