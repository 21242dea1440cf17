using Guantong.Trust;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Guantong.Data;

/// <summary>Applications built on open data, and competitions of them, over the API.</summary>
internal static class GalleryApi
{
    public sealed record NewApp(string? Title, string? About, string? Link, string[]? Datasets);

    public sealed record NewCompetition(string? Title, string? TitleEn, string? Rules, string? RulesEn, string? From, string? Until, string[]? Datasets);

    public sealed record Decision(bool Agree, string? Reason = null);

    public sealed record Entering(string? App);

    public sealed record Awarding(string? App, string? Award = null);

    /// <summary>An application as everybody sees it.</summary>
    public sealed record PublicApp(string Id, string Author, string Title, string About, string Link, IReadOnlyList<string> Datasets, DateTimeOffset? Released)
    {
        public static PublicApp Of(GalleryApp app) => new(app.Id, app.Author, app.Given.Title, app.Given.About, app.Given.Link, app.Given.Datasets, app.Decided);
    }

    public static IServiceCollection AddGallery(this IServiceCollection services) => services.AddSingleton<Gallery>().AddSingleton<Competitions>();

    public static void MapGallery(this IEndpointRouteBuilder api)
    {
        var apps = api.MapGroup("/gallery").WithTags("Gallery").TellsRefusals();
        apps.MapGet("/apps", async (Gallery gallery, HttpContext http) => Results.Ok((await gallery.ListAsync("released", http.RequestAborted)).Select(PublicApp.Of)))
            .Needs("public.read").WithSummary("Applications built on open data").Produces<PublicApp[]>();
        apps.MapGet("/waiting", async (Gallery gallery, HttpContext http) => Results.Ok(await gallery.ListAsync("sent", http.RequestAborted)))
            .Needs("gallery.release").WithSummary("Applications that wait to be released").Produces<GalleryApp[]>();
        apps.MapPost("/apps/{id}/decide", async (string id, Decision given, Gallery gallery, HttpContext http) => Results.Ok(await gallery.DecideAsync(http.Caller(), id, given.Agree, given.Reason, http.RequestAborted)))
            .Needs("gallery.release").WithSummary("Release an application, or refuse it or take it off with the reason").Produces<GalleryApp>();
        var mine = apps.MapGroup("").OnlyForPeople();
        mine.MapPost("/apps", async (NewApp given, Gallery gallery, HttpContext http) =>
        {
            var (app, faults) = await gallery.SendAsync(http.Caller(), new GalleryGiven(given.Title ?? "", given.About ?? "", given.Link ?? "", given.Datasets ?? []), http.RequestAborted);
            return app is null ? Faults(http, faults, Gallery.FaultArgs) : Results.Created($"/api/v1/gallery/mine", app);
        }).Needs("gallery.send").WithSummary("Send in an application that was built on open data").Produces<GalleryApp>(201);
        mine.MapGet("/mine", async (Gallery gallery, HttpContext http) => Results.Ok(await gallery.OfAsync(http.Caller(), http.RequestAborted))).Needs("gallery.send").WithSummary("My applications").Produces<GalleryApp[]>();
        mine.MapPost("/apps/{id}/withdraw", async (string id, Gallery gallery, HttpContext http) =>
        {
            await gallery.WithdrawAsync(http.Caller(), id, http.RequestAborted);
            return Results.NoContent();
        }).Needs("gallery.send").WithSummary("Take an application of mine back");

        var competitions = api.MapGroup("/competitions").WithTags("Gallery").TellsRefusals();
        competitions.MapGet("", async (Competitions book, HttpContext http) => Results.Ok(await book.ListAsync(http.RequestAborted))).Needs("public.read").WithSummary("Competitions of applications on open data").Produces<Competition[]>();
        competitions.MapGet("/{id}", async (string id, Competitions book, HttpContext http) => await book.FindAsync(id, http.RequestAborted) is { } found
                ? Results.Ok(new { Competition = found, Entries = (await book.EntriesAsync(id, onlyReleased: true, http.RequestAborted)).Select(e => new { App = PublicApp.Of(e.App), e.Entered, e.Award }) }) : http.Problem(404, "not-found", id))
            .Needs("public.read").WithSummary("One, with what was entered and the awards");
        competitions.MapPost("", async (NewCompetition given, Competitions book, HttpContext http) =>
        {
            var (made, faults) = await book.DeclareAsync(http.Caller(), new CompetitionGiven(given.Title ?? "", given.TitleEn ?? "", given.Rules ?? "", given.RulesEn ?? "", given.From ?? "", given.Until ?? "", given.Datasets ?? []), http.RequestAborted);
            return made is null ? Faults(http, faults, CompetitionGiven.FaultArgs) : Results.Created($"/api/v1/competitions/{made.Id}", made);
        }).Needs("competition.manage").WithSummary("Declare a competition").Produces<Competition>(201);
        competitions.MapPost("/{id}/awards", async (string id, Awarding given, Competitions book, HttpContext http) =>
        {
            await book.AwardAsync(http.Caller(), id, given.App ?? "", given.Award, http.RequestAborted);
            return Results.NoContent();
        }).Needs("competition.manage").WithSummary("Record an award to an application, or take it back");
        competitions.MapPost("/{id}/entries", async (string id, Entering given, Competitions book, HttpContext http) =>
        {
            await book.EnterAsync(http.Caller(), id, given.App ?? "", http.RequestAborted);
            return Results.NoContent();
        }).OnlyForPeople().Needs("gallery.send").WithSummary("Enter an application of mine");
    }

    private static IResult Faults(HttpContext http, IReadOnlyDictionary<string, string> faults, object?[] args) => http.FieldProblem(faults.ToDictionary(f => f.Key, f => new[] { Problems.Say(Lang.Of(http), f.Value, args) }));
}
