using Guantong.Data;
using Guantong.Packs;
using Guantong.Portal.Me;
using Guantong.Trust;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Guantong.Portal.Showing;

/// <summary>The pages of what was built on open data (成果展示) and of competitions (开放数据大赛).</summary>
internal static class GalleryPages
{
    public static void MapGallery(this IEndpointRouteBuilder pages)
    {
        pages.MapGet("/data/apps", async Task<IResult> (Gallery gallery, PackRegistry packs, Jurisdiction land, HttpContext http) =>
            new RazorComponentResult<GalleryPage>(new { Visit = Visit.Of(http, land), Apps = await gallery.ListAsync("released", http.RequestAborted), Packs = packs })).Needs("public.read");
        pages.MapGet("/data/competitions", async Task<IResult> (Competitions book, Jurisdiction land, HttpContext http) =>
            new RazorComponentResult<CompetitionsPage>(new { Visit = Visit.Of(http, land), Competitions = await book.ListAsync(http.RequestAborted) })).Needs("public.read");
        pages.MapGet("/data/competitions/{id}", (string id, Competitions book, Gallery gallery, PackRegistry packs, HttpContext http, string? entered) => CompetitionAsync(id, book, gallery, packs, http, entered is not null, null)).Needs("public.read");
        var mine = pages.MapGroup("").Needs("gallery.send").OfOnesOwn();
        mine.MapGet("/my/apps", (Gallery gallery, HttpContext http, string? sent) => MineAsync(gallery, http, sent is not null, new Dictionary<string, string>(), [], new Dictionary<string, string>()));
        mine.MapPost("/my/apps", SendAsync);
        mine.MapPost("/my/apps/withdraw", async (Gallery gallery, HttpContext http) =>
        {
            try
            {
                await gallery.WithdrawAsync(http.Caller(), (await MePages.FormAsync(http))["id"].ToString(), http.RequestAborted);
                return Results.LocalRedirect("/my/apps");
            }
            catch (RefusedException refused)
            {
                return PortalRoom.Failure(http, refused.Status, refused.Code, [.. refused.Args]);
            }
        });
        mine.MapPost("/data/competitions/{id}/enter", async (string id, Competitions book, Gallery gallery, PackRegistry packs, HttpContext http) =>
        {
            try
            {
                await book.EnterAsync(http.Caller(), id, (await MePages.FormAsync(http))["app"].ToString(), http.RequestAborted);
                return Results.LocalRedirect($"/data/competitions/{id}?entered=1");
            }
            catch (RefusedException refused)
            {
                return await CompetitionAsync(id, book, gallery, packs, http, false, refused.Say(Lang.Of(http)));
            }
        });
    }

    private static async Task<RazorComponentResult> CompetitionAsync(string id, Competitions book, Gallery gallery, PackRegistry packs, HttpContext http, bool isEntered, string? fault)
    {
        var visit = MePages.VisitOf(http);
        if (await book.FindAsync(id, http.RequestAborted) is not { } competition)
            return PortalRoom.Message(visit, "missing.title", "missing.text", 404);
        var me = http.SessionId() is null ? null : Callers.Of(http.User);
        var mine = me?.May("gallery.send") == true ? (await gallery.OfAsync(me, http.RequestAborted)).Where(a => a.State is "sent" or "released").ToList() : null;
        return new RazorComponentResult<CompetitionPage>(new Dictionary<string, object?>
        {
            ["Visit"] = visit, ["Competition"] = competition, ["Entries"] = await book.EntriesAsync(id, onlyReleased: true, http.RequestAborted), ["Mine"] = mine, ["Packs"] = packs, ["IsEntered"] = isEntered, ["Fault"] = fault,
        }) { StatusCode = fault is null ? 200 : 422 };
    }

    private static async Task<IResult> SendAsync(Gallery gallery, HttpContext http)
    {
        var form = await MePages.FormAsync(http);
        string[] chosen = [.. form["datasets"].OfType<string>()];
        var typed = form.ToDictionary(f => f.Key, f => f.Value.ToString());
        try
        {
            var (app, faults) = await gallery.SendAsync(http.Caller(), new GalleryGiven(form["title"].ToString().Trim(), form["about"].ToString().ReplaceLineEndings("\n"), form["link"].ToString().Trim(), chosen), http.RequestAborted);
            return app is not null ? Results.LocalRedirect("/my/apps?sent=1")
                : await MineAsync(gallery, http, false, typed, chosen, faults.ToDictionary(f => f.Key, f => Problems.Say(Lang.Of(http), f.Value, Gallery.FaultArgs)));
        }
        catch (RefusedException refused)
        {
            return await MineAsync(gallery, http, false, typed, chosen, new Dictionary<string, string> { ["title"] = refused.Say(Lang.Of(http)) });
        }
    }

    private static async Task<RazorComponentResult> MineAsync(Gallery gallery, HttpContext http, bool isSent, IReadOnlyDictionary<string, string> typed, IReadOnlyList<string> chosen, IReadOnlyDictionary<string, string> faults) =>
        new RazorComponentResult<MyAppsPage>(new Dictionary<string, object?>
        {
            ["Visit"] = MePages.VisitOf(http), ["Me"] = http.Caller(), ["Apps"] = await gallery.OfAsync(http.Caller(), http.RequestAborted), ["Usable"] = gallery.Usable().ToList(), ["IsSent"] = isSent, ["Typed"] = typed, ["Chosen"] = chosen, ["Faults"] = faults,
        }) { StatusCode = faults.Count == 0 ? 200 : 422 };

    /// <summary>A dataset (PACK/DATASET) by its name, and where it is read or applied for; no address where it is not in force.</summary>
    public static (string Name, string? Address) Named(PackRegistry packs, string about, string lang) => about.Split('/') is [var pack, var id] && packs.Find(pack) is { } found && found.Dataset(id) is { } dataset
        ? (found.Say(lang, dataset.Name), dataset.Open == "unconditional" ? $"/data/{about}" : $"/data/{about}/apply") : (about, null);
}
