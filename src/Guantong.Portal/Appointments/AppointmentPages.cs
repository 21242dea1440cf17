using System.Globalization;
using Guantong.Data;
using Guantong.Insight;
using Guantong.Packs;
using Guantong.Portal.Me;
using Guantong.Portal.Parts;
using Guantong.Portal.Services;
using Guantong.Trust;
using Guantong.Work;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Guantong.Portal.Appointments;

/// <summary>A place where a matter is done in person, as its page shows it.</summary>
/// <param name="Next">The first slot that is free; null where none is, or nothing is booked.</param>
/// <param name="Free">How much is free in all.</param>
public sealed record FoundPlace(Place Place, QueueStanding Queue, Slot? Next, int Free);

/// <summary>An appointment in its reader's words.</summary>
public sealed record ShownBooking(Booking Of, string When, string Place, string Matter);

/// <summary>Places, and the appointments of whoever is signed in. They work without JavaScript.</summary>
internal static class AppointmentPages
{
    private const int MostPlaces = 12;

    public static void MapAppointments(this IEndpointRouteBuilder pages)
    {
        pages.MapGet("/places/{id}", PlaceAsync).Needs("public.read").Kept();
        pages.MapGet("/services/{pack}/{matter}/book", (string pack, string matter, string? place, string? day, string? move, HttpContext http) => BookAsync(http, $"{pack}/{matter}", place, day, move, null, null)).Needs("public.read");
    }

    public static void MapMyBookings(this IEndpointRouteBuilder me)
    {
        var mine = me.MapGroup("/bookings").Needs("booking.make");
        mine.MapGet("", ListAsync);
        mine.MapPost("", MakeAsync).Limited(ApplicationsApi.Limit);
        mine.MapGet("/{id}", (string id, HttpContext http) => OneAsync(id, http, null));
        mine.MapGet("/{id}.ics", FileAsync);
        mine.MapPost("/{id}/cancel", async (string id, Bookings bookings, HttpContext http) =>
            await ServicePages.RefusedAsync(http, () => bookings.CancelAsync(http.Caller(), id, http.RequestAborted)) is { } fault ? await OneAsync(id, http, fault) : Results.LocalRedirect("/me/bookings")).Limited(ApplicationsApi.Limit);
    }

    /// <summary>Where a matter is done in person in a region, or anywhere, with what is free.</summary>
    public static async Task<IReadOnlyList<FoundPlace>> FindAsync(Bookings bookings, Queues queues, string pack, Matter matter, string? region, CancellationToken cancel)
    {
        var found = new List<FoundPlace>();
        foreach (var place in bookings.PlacesOf(matter, region).Take(MostPlaces))
        {
            var days = await bookings.DaysAsync(pack, matter, place, cancel);
            found.Add(new FoundPlace(place, await queues.StandingAsync(place.Id, cancel), days.SelectMany(d => d.Slots).FirstOrDefault(s => s.Free > 0), days.Sum(d => d.Free)));
        }
        return found;
    }

    /// <summary>The map on which a region's places are shown: its own, else that of the nearest region around it that has one.</summary>
    public static DrawnMap? MapOf(Maps maps, Jurisdiction land, string region) => land.Regions.Upwards(region).Select(r => maps.Draw(r.Code)).FirstOrDefault(m => m is not null);

    private static async Task<IResult> PlaceAsync(string id, Bookings bookings, Queues queues, Applications applications, Maps maps, Jurisdiction land, TimeProvider clock, HttpContext http)
    {
        var visit = Visit.Of(http, land);
        if (bookings.PlaceOf(id) is not { } place)
            return PortalRoom.Message(visit, "missing.title", "missing.text", 404);
        return new RazorComponentResult<PlacePage>(new Dictionary<string, object?>
        {
            ["Visit"] = visit, ["Land"] = land, ["Place"] = place, ["Queue"] = await queues.StandingAsync(id, http.RequestAborted), ["Now"] = clock.GetUtcNow().ToOffset(land.Offset).ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture),
            ["Canonical"] = $"{WalletApi.IssuerOf(http)}/places/{place.Id}", ["Map"] = MapOf(maps, land, place.Region),
            ["Services"] = applications.Services().Where(s => s.Matter.InPerson?.Kind == place.Kind).Select(s => (s.Applied.Pack, s.Matter)).ToList(),
        });
    }

    private static async Task<IResult> BookAsync(HttpContext http, string service, string? place, string? day, string? move, string? at, string? fault)
    {
        var (bookings, applications, land) = (http.Of<Bookings>(), http.Of<Applications>(), http.Of<Jurisdiction>());
        var visit = Visit.Of(http, land);
        var of = service.Split('/');
        if (applications.Find(of[0], of[^1]) is not var (applied, matter) || matter.InPerson?.Book is null)
            return PortalRoom.Message(visit, "missing.title", "missing.text", 404);
        if (bookings.PlacesOf(matter).FirstOrDefault(p => p.Id == place) is not { } where)
            return Results.LocalRedirect($"/services/{applied.Pack.Id}/{matter.Id}#in-person");
        var days = await bookings.DaysAsync(applied.Pack.Id, matter, where, http.RequestAborted);
        var moved = move is { Length: > 0 } && http.SessionId() is not null ? await bookings.FindAsync(http.Caller(), move, http.RequestAborted) : null;
        return new RazorComponentResult<BookPage>(new Dictionary<string, object?>
        {
            ["Visit"] = visit, ["Land"] = land, ["Pack"] = applied.Pack, ["Matter"] = matter, ["Place"] = where, ["Days"] = days, ["Moved"] = moved is { State: "booked" } ? moved : null, ["At"] = at, ["Fault"] = fault, ["IsSignedIn"] = http.SessionId() is not null,
            ["Chosen"] = days.FirstOrDefault(d => d.Day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) == day && d.Free > 0) ?? days.FirstOrDefault(d => d.Free > 0),
        }) { StatusCode = fault is null ? 200 : 409 };
    }

    private static async Task<IResult> MakeAsync(Bookings bookings, HttpContext http)
    {
        var form = await MePages.FormAsync(http);
        var (service, place, at, move) = (form["service"].ToString(), form["place"].ToString(), form["at"].ToString(), form["move"].ToString());
        var of = service.Split('/');
        Booking? made = null;
        var fault = await ServicePages.RefusedAsync(http, async () => made = move.Length > 0 ? await bookings.MoveAsync(http.Caller(), move, place, at, http.RequestAborted) : await bookings.MakeAsync(http.Caller(), of[0], of[^1], place, at, http.RequestAborted));
        return fault is null ? Results.LocalRedirect("/me/bookings/" + made!.Id) : await BookAsync(http, service, place, at.Split('T')[0], move, at, fault);
    }

    private static async Task<IResult> ListAsync(Bookings bookings, HttpContext http)
    {
        var (ahead, past) = await bookings.MineAsync(http.Caller(), http.RequestAborted);
        return new RazorComponentResult<BookingsPage>(new { Visit = MePages.VisitOf(http), Ahead = (IReadOnlyList<ShownBooking>)[.. ahead.Select(b => Shown(b, http))], Past = (IReadOnlyList<ShownBooking>)[.. past.Select(b => Shown(b, http))] });
    }

    private static async Task<IResult> OneAsync(string id, HttpContext http, string? fault)
    {
        var (visit, bookings) = (MePages.VisitOf(http), http.Of<Bookings>());
        if (await bookings.FindAsync(http.Caller(), id, http.RequestAborted) is not { } one)
            return PortalRoom.Message(visit, "missing.title", "missing.text", 404);
        return new RazorComponentResult<BookingPage>(new Dictionary<string, object?>
        {
            ["Visit"] = visit, ["Shown"] = Shown(one, http), ["MayChange"] = bookings.MayChange(one), ["Place"] = bookings.PlaceOf(one.Place), ["Fault"] = fault, ["Bring"] = Bring(one, http),
        }) { StatusCode = fault is null ? 200 : 409 };
    }

    private static async Task<IResult> FileAsync(string id, Bookings bookings, HttpContext http)
    {
        if (await bookings.FindAsync(http.Caller(), id, http.RequestAborted) is not { } one || bookings.PlaceOf(one.Place) is not { } place)
            return PortalRoom.Message(MePages.VisitOf(http), "missing.title", "missing.text", 404);
        var (visit, shown) = (MePages.VisitOf(http), Shown(one, http));
        var about = string.Join('\n', Bring(one, http).Prepend($"{visit.Say("booking.number")}{visit.Colon}{one.Number}"));
        var file = CalendarFile.Write(one, place, visit.Lang, shown.Matter, about, $"{WalletApi.IssuerOf(http)}/me/bookings/{one.Id}");
        return Results.File(System.Text.Encoding.UTF8.GetBytes(file), "text/calendar; charset=utf-8", $"{one.Number}.ics");
    }

    private static ShownBooking Shown(Booking one, HttpContext http)
    {
        var (visit, land) = (MePages.VisitOf(http), http.Of<Jurisdiction>());
        var pack = http.Of<PackRegistry>().Find(one.Pack!);
        return new ShownBooking(one, $"{Portal.Visit.Moment(one.Starts, land.Offset)}–{Portal.Visit.Moment(one.Ends, land.Offset)[11..]}", http.Of<Bookings>().PlaceOf(one.Place)?.Say(visit.Lang) ?? one.Place,
            pack?.Matter(one.Matter!) is { } matter ? pack.Say(visit.Lang, matter.Name) : one.Matter!);
    }

    // What its matter says, and the materials that nobody brings by themselves already.
    private static IReadOnlyList<string> Bring(Booking one, HttpContext http)
    {
        var (visit, pack) = (MePages.VisitOf(http), http.Of<PackRegistry>().Find(one.Pack!));
        return pack?.Matter(one.Matter!) is not { } matter ? [] :
            [.. (matter.InPerson?.Bring ?? []).Select(b => pack.Say(visit.Lang, b)), .. matter.Materials.Where(m => m.From is null).Select(m => $"{pack.Say(visit.Lang, m.Name)}{(visit.English ? " — " : "，")}{visit.Say("materials.form." + m.Form)}")];
    }

    private static T Of<T>(this HttpContext http) where T : notnull => (T)http.RequestServices.GetService(typeof(T))!;
}
