using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Guantong.Data;
using Guantong.Packs;
using Guantong.Packs.Reading;
using Guantong.Trust;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guantong.Insight;

/// <summary>Screens over the API: what they show in one round trip, changed in place, taken away as files, commented on and asked for.</summary>
internal static class ScreensApi
{
    private const string Excel = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

    /// <summary>A screen as somebody would have it.</summary>
    /// <param name="Screen">In the form of <c>screen.yaml</c>.</param>
    public sealed record WishedScreen(JsonElement Screen);

    /// <summary>A change.</summary>
    /// <param name="Version">The region's last version that its author saw.</param>
    public sealed record NewScreen(long Version, JsonElement Screen, string? Note = null);

    /// <summary>Something said about a figure.</summary>
    public sealed record NewComment(string Pack, string Indicator, string Period, DateOnly At, string Region, string? Words = null);

    /// <summary>Something that happened.</summary>
    public sealed record NewEvent(string Pack, string Region, DateOnly First, DateOnly? Last = null, string? Words = null);

    /// <summary>A wish to be sent a screen.</summary>
    /// <param name="Every">weekly or monthly.</param>
    /// <param name="Day">weekly: 1 (Monday) to 7; monthly: 1 to 28.</param>
    public sealed record NewSubscription(string Pack, string Region, string? Every = null, long Day = 1);

    public static void MapScreens(this IEndpointRouteBuilder api)
    {
        var screens = api.MapGroup("/screens").WithTags("Insight").TellsRefusals();
        screens.MapGet("", (PackRegistry packs, HttpContext http) => Results.Ok(packs.Applied.Values.Select(a => a.Pack).Where(p => p.Screen is not null).Select(p => new { Pack = p.Id, Screen = p.Screen!.Id, Name = p.Say(Lang.Of(http), p.Screen.Name), About = p.Say(Lang.Of(http), p.About) })))
            .Needs("cockpit.read").WithSummary("Screens of the packs in force");
        screens.MapGet("/{pack}/{screen}", async (string pack, string screen, string? region, string? at, string? known, PackRegistry packs, ScreenData data, Jurisdiction land, HttpContext http) =>
            Find(packs, land, pack, screen, region) is var (found, place) ? Results.Ok(Shown(await data.ReadAsync(found, place, Back(at, known), http.Caller(), cancel: http.RequestAborted), http)) : http.Problem(404, "not-found", $"{pack}/{screen}"))
            .Needs("cockpit.read").WithSummary("All that a screen shows at a region and time, as it is or was known, in one round trip");
        screens.MapGet("/{pack}/{screen}.xlsx", async (string pack, string screen, string? region, string? at, string? known, PackRegistry packs, ScreenData data, ScreenFiles files, Jurisdiction land, HttpContext http) =>
            Find(packs, land, pack, screen, region) is var (found, place) ? Results.File(files.Excel(await data.ReadAsync(found, place, Back(at, known), http.Caller(), cancel: http.RequestAborted), Lang.Of(http)), Excel, $"{place.Say(Lang.Of(http))} {found.Say(Lang.Of(http), found.Screen!.Name)}.xlsx") : http.Problem(404, "not-found", $"{pack}/{screen}"))
            .Needs("cockpit.read").WithSummary("The same as a workbook, a sheet for each card");
        screens.MapGet("/{pack}/{screen}.pdf", async (string pack, string screen, string? region, string? at, string? known, PackRegistry packs, ScreenData data, ScreenFiles files, Jurisdiction land, HttpContext http) =>
        {
            if (Find(packs, land, pack, screen, region) is not var (found, place))
                return http.Problem(404, "not-found", $"{pack}/{screen}");
            return files.Pdf(await data.ReadAsync(found, place, Back(at, known), http.Caller(), cancel: http.RequestAborted), Lang.Of(http)) is { } pdf
                ? Results.File(pdf, "application/pdf", $"{place.Say(Lang.Of(http))} {found.Say(Lang.Of(http), found.Screen!.Name)}.pdf") : http.Problem(503, "screen-no-font");
        }).Needs("cockpit.read").WithSummary("The same as a document");

        screens.MapGet("/{pack}/{screen}/versions", async (string pack, string screen, string? region, PackRegistry packs, ScreenBook book, Jurisdiction land, HttpContext http) =>
        {
            if (Find(packs, land, pack, screen, region) is not var (found, place))
                return http.Problem(404, "not-found", $"{pack}/{screen}");
            var inForce = await book.InForceAsync(found, place.Code, http.RequestAborted);
            return Results.Ok(new
            {
                inForce.Version,
                inForce.EditedFor,
                Screen = JsonNode.Parse(ScreenReader.Write(inForce.Screen)),
                Declared = JsonNode.Parse(ScreenReader.Write(found.Screen!)),
                Steps = (await book.HistoryAsync(found, place.Code, http.RequestAborted)).Select(s => new { s.Version.Version, s.Version.Made, s.Version.ByLogin, s.Version.Note, Undone = s.Version.Screen is null, Changes = s.Changes.Select(c => new { c.Kind, c.Card }) }),
            });
        }).Needs("screen.edit").WithSummary("A region's screen as it is in force and declared, and how it was changed");
        screens.MapPost("/{pack}/{screen}/preview", async (string pack, string screen, string? region, string? at, string? known, WishedScreen given, PackRegistry packs, ScreenData data, Jurisdiction land, HttpContext http) =>
        {
            if (Find(packs, land, pack, screen, region) is not var (found, place))
                return http.Problem(404, "not-found", $"{pack}/{screen}");
            return ScreenBook.Check(found, given.Screen) is ({ } wished, _) ? Results.Ok(Shown(await data.ReadAsync(found, place, Back(at, known), http.Caller(), wished, http.RequestAborted), http)) : Faults(http, ScreenBook.Check(found, given.Screen).Findings);
        }).Needs("screen.edit").WithSummary("What a changed screen would show; nothing is kept");
        screens.MapPut("/{pack}/{screen}", async (string pack, string screen, string? region, NewScreen given, PackRegistry packs, ScreenBook book, Jurisdiction land, HttpContext http) =>
        {
            if (Find(packs, land, pack, screen, region) is not var (found, place))
                return http.Problem(404, "not-found", $"{pack}/{screen}");
            return ScreenBook.Check(found, given.Screen) is ({ } wished, _) ? Results.Ok(new { Version = await book.SaveAsync(http.Caller(), found, place.Code, given.Version, wished, given.Note, http.RequestAborted) }) : Faults(http, ScreenBook.Check(found, given.Screen).Findings);
        }).Needs("screen.edit").WithSummary("Change the screen of a region, by the same proofs as a declared one");
        screens.MapDelete("/{pack}/{screen}", async (string pack, string screen, string? region, long version, string? note, PackRegistry packs, ScreenBook book, Jurisdiction land, HttpContext http) =>
        {
            if (Find(packs, land, pack, screen, region) is not var (found, place))
                return http.Problem(404, "not-found", $"{pack}/{screen}");
            return Results.Ok(new { Version = await book.UndoAsync(http.Caller(), found, place.Code, version, note, http.RequestAborted) });
        }).Needs("screen.edit").WithSummary("Take a region's changes back: what is above it, or declared, stands again");

        var comments = api.MapGroup("/figure-comments").WithTags("Insight").TellsRefusals();
        comments.MapGet("", async (string pack, string indicator, string period, string at, string region, FigureComments book, HttpContext http) =>
            Results.Ok(await book.OfAsync(new FigureAsked(pack, indicator, period, Until(at)!.Value, region), http.RequestAborted)))
            .Needs("cockpit.read").WithSummary("What was said about a figure").Produces<FigureComment[]>();
        comments.MapPost("", async (NewComment given, FigureComments book, HttpContext http) => Results.Ok(await book.SayAsync(http.Caller(), new FigureAsked(given.Pack, given.Indicator, given.Period, given.At, given.Region), given.Words, http.RequestAborted)))
            .Needs("figure.comment").WithSummary("Say something about a figure").Produces<FigureComment>();
        comments.MapDelete("/{id}", async (string id, FigureComments book, HttpContext http) =>
        {
            await book.WithdrawAsync(http.Caller(), id, http.RequestAborted);
            return Results.NoContent();
        }).Needs("figure.comment").WithSummary("Take one's own words back");

        var events = api.MapGroup("/screen-events").WithTags("Insight").TellsRefusals();
        events.MapPost("", async (NewEvent given, ScreenEvents book, HttpContext http) => Results.Ok(await book.AddAsync(http.Caller(), given.Pack, given.Region, given.First, given.Last, given.Words, http.RequestAborted)))
            .Needs("screen.edit").WithSummary("Mark an event on the trends of a region").Produces<ScreenEvent>();
        events.MapDelete("/{id}", async (string id, ScreenEvents book, HttpContext http) =>
        {
            await book.RemoveAsync(http.Caller(), id, http.RequestAborted);
            return Results.NoContent();
        }).Needs("screen.edit").WithSummary("Take a mark off");

        var subscriptions = api.MapGroup("/screen-subscriptions").WithTags("Insight").TellsRefusals();
        subscriptions.MapGet("", async (ScreenSubscriptions book, HttpContext http) => Results.Ok((await book.OfAsync(http.Caller(), http.RequestAborted)).Select(s => new { s.Id, s.Pack, s.Region, s.Every, s.Day, s.Due, s.Sent })))
            .Needs("cockpit.read").WithSummary("Screens that I am sent");
        subscriptions.MapPost("", async (NewSubscription given, ScreenSubscriptions book, HttpContext http) =>
        {
            var made = await book.AskAsync(http.Caller(), given.Pack, given.Region, given.Every, given.Day, http.RequestAborted);
            return Results.Ok(new { made.Id, made.Due });
        }).Needs("cockpit.read").WithSummary("Ask for a screen every week or month");
        subscriptions.MapDelete("/{id}", async (string id, ScreenSubscriptions book, HttpContext http) =>
        {
            await book.EndAsync(http.Caller(), id, http.RequestAborted);
            return Results.NoContent();
        }).Needs("cockpit.read").WithSummary("Be sent it no more");
    }

    private static (Pack Pack, Region Region)? Find(PackRegistry packs, Jurisdiction land, string pack, string screen, string? region) =>
        packs.Find(pack) is { Screen: { } declared } found && declared.Id == screen && land.Regions.Find(region ?? land.Root) is { } place ? (found, place) : null;

    private static TimeBack Back(string? at, string? known) => new(Until(at), Until(known));

    private static DateOnly? Until(string? at) => at is null ? null
        : DateOnly.TryParseExact(at, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : throw new RefusedException(400, "screen-at", at);

    private static IResult Faults(HttpContext http, IReadOnlyList<Finding> findings) => Results.Problem(
        detail: Problems.Say(Lang.Of(http), "screen-faults", findings.Count), statusCode: 422, title: Problems.Title(Lang.Of(http), 422), type: "https://guantong.dev/problems/screen-faults",
        extensions: new Dictionary<string, object?> { ["code"] = "screen-faults", ["findings"] = findings.Select(f => new { f.Code, f.Mark.Line, f.Mark.Column, Message = f.Message(Lang.Of(http)) }) });

    private static object Shown(ShownScreen screen, HttpContext http)
    {
        var (lang, pack) = (Lang.Of(http), screen.Pack);
        return new
        {
            Pack = pack.Id,
            Screen = screen.InForce.Screen.Id,
            Name = pack.Say(lang, screen.InForce.Screen.Name),
            Region = screen.Region.Code,
            RegionName = screen.Region.Say(lang),
            screen.At,
            screen.Known,
            screen.InForce.Version,
            screen.InForce.EditedFor,
            screen.IsSynthetic,
            Rows = ScreenLayout.Height([.. screen.Cards.Select(c => c.Place)]),
            screen.WallColumns,
            WallRows = ScreenLayout.Height([.. screen.Cards.Select(c => c.OnWall)]),
            Cards = screen.Cards.Select(c => new
            {
                c.Card.Id,
                c.Card.As,
                By = c.Card.By?.Name,
                Title = screen.TitleOf(c, lang),
                Place = new { c.Place.Column, c.Place.Row, c.Place.Span, c.Place.Rows },
                OnWall = new { c.OnWall.Column, c.OnWall.Row, c.OnWall.Span, c.OnWall.Rows },
                c.IsSynthetic,
                Indicators = c.Indicators.Select(i => new
                {
                    i.Indicator.Id,
                    Name = pack.Say(lang, i.Indicator.Name),
                    Unit = pack.Say(lang, i.Indicator.Unit),
                    i.Period,
                    i.At,
                    i.Latest,
                    i.Light,
                    i.IsWatched,
                    Warning = i.Warning is { } w ? new { w.Id, w.Level, w.FirstDay, w.LastDay, w.Value, w.CaseId } : null,
                    i.IsSynthetic,
                    i.Comments,
                    i.Series,
                    i.Parts,
                    Members = i.Members.Select(m => new { m.Member, Name = screen.MemberOf(c, m.Member, lang), m.Series }),
                    i.Rest,
                }),
                List = c.List is { } list ? ListOf(list, pack, lang) : null,
                Html = screen.HtmlOf(c, lang),
                Levels = c.Levels?.Select(l => new { l.Level, l.Declared, l.Linked, l.Running }),
                c.Bpmn,
            }),
            Events = screen.Events.Select(e => new { e.Id, e.Region, e.FirstDay, e.LastDay, e.Words }),
        };
    }

    private static object ListOf(ShownList list, Pack pack, string lang) => new
    {
        list.Of,
        list.Total,
        Warnings = list.Warnings.Select(w => new { w.Id, w.Indicator, w.Region, w.FirstDay, w.LastDay, w.Level, w.Value, w.CaseId }),
        Cases = list.Cases.Select(c => new { c.Number, c.Title, c.State, c.Region, c.Opened, c.Due, c.Light }),
        Tickets = list.Tickets.Select(t => new { t.Number, t.Dataset, t.Field, t.State, t.Region, t.Opened, t.Due }),
        Goals = list.Goals.Select(g => new { g.Goal.Id, Name = pack.Say(lang, g.Goal.Name), Unit = g.Indicator is { } indicator ? pack.Say(lang, indicator.Unit) : null, g.Light }),
        Systems = list.Systems.Select(s => new { s.Id, Name = lang != Lang.Zh ? s.NameEn : s.Name, s.LeadUnit, s.State }),
    };
}
