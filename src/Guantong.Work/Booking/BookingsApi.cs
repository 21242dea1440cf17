using Guantong.Trust;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guantong.Work;

/// <summary>Places, appointments and queues over the API.</summary>
internal static class BookingsApi
{
    /// <summary>What is booked.</summary>
    /// <param name="Service">PACK/MATTER.</param>
    /// <param name="Place">Id of the place.</param>
    /// <param name="At">The slot's beginning by the jurisdiction's clock, 2026-11-03T09:00.</param>
    public sealed record NewBooking(string? Service, string? Place, string? At);

    /// <summary>Which counter calls.</summary>
    public sealed record Calling(int Counter);

    /// <summary>How a turn ended: done or absent.</summary>
    public sealed record TurnEnd(string? How);

    public static void MapBookings(this IEndpointRouteBuilder api)
    {
        var places = api.MapGroup("/places").WithTags("Services");
        places.MapGet("", (Jurisdiction land, HttpContext http, string? region) => Results.Ok(land.Places.Where(p => region is null || land.Regions.Within(p.Region, region)).Select(p => Shown(p, Lang.Of(http)))))
            .Needs("public.read").WithSummary("Places where people come in person");
        places.MapGet("/{id}", async (string id, Bookings bookings, Queues queues, HttpContext http) => bookings.PlaceOf(id) is not { } place ? http.Problem(404, "not-found", id)
            : Results.Ok(new { Place = Shown(place, Lang.Of(http)), Queue = Shown(await queues.StandingAsync(id, http.RequestAborted)) }))
            .Needs("public.read").WithSummary("A place with its hours, how many wait there and which numbers are being served");
        api.MapGet("/services/{pack}/{matter}/slots", async (string pack, string matter, string place, Applications applications, Bookings bookings, HttpContext http) =>
            applications.Find(pack, matter) is not var (_, found) || bookings.PlacesOf(found).FirstOrDefault(p => p.Id == place) is not { } where ? http.Problem(404, "not-found", $"{pack}/{matter} {place}")
            : Results.Ok((await bookings.DaysAsync(pack, found, where, http.RequestAborted)).Select(d => new { d.Day, d.IsEstimated, Slots = d.Slots.Select(s => new { s.At, s.Starts, s.Ends, s.Free }) })))
            .Needs("public.read").WithTags("Services").WithSummary("The slots of a service at a place, day by day; a day without slots is closed or over");

        var me = api.MapGroup("/me/bookings").WithTags("Me").Needs("booking.make").OnlyForPeople();
        me.MapGet("", async (Bookings bookings, HttpContext http) =>
        {
            var (ahead, past) = await bookings.MineAsync(http.Caller(), http.RequestAborted);
            return Results.Ok(new { Ahead = ahead, Past = past });
        }).WithSummary("My appointments: those ahead, and those that were");
        me.MapGet("/{id}", async (string id, Bookings bookings, HttpContext http) => await bookings.FindAsync(http.Caller(), id, http.RequestAborted) is { } one ? Results.Ok(one) : http.Problem(404, "not-found", id)).WithSummary("One of my appointments").Produces<Booking>();
        me.MapPost("", (NewBooking given, Bookings bookings, HttpContext http) => WorkRoom.ActAsync(http, async () =>
        {
            var of = (given.Service ?? "").Split('/');
            var made = await bookings.MakeAsync(http.Caller(), of[0], of[^1], given.Place, given.At, http.RequestAborted);
            return Results.Created($"/api/v1/me/bookings/{made.Id}", made);
        })).Limited(ApplicationsApi.Limit).WithSummary("Book a slot of a service at a place").Produces<Booking>(201);
        me.MapPost("/{id}/move", (string id, NewBooking given, Bookings bookings, HttpContext http) => WorkRoom.ActAsync(http, async () => Results.Ok(await bookings.MoveAsync(http.Caller(), id, given.Place, given.At, http.RequestAborted))))
            .Limited(ApplicationsApi.Limit).WithSummary("Move one of my appointments to another slot").Produces<Booking>();
        me.MapPost("/{id}/cancel", (string id, Bookings bookings, HttpContext http) => DoneAsync(http, () => bookings.CancelAsync(http.Caller(), id, http.RequestAborted))).Limited(ApplicationsApi.Limit).WithSummary("Cancel one of my appointments");

        var desk = api.MapGroup("/places/{place}").WithTags("Work");
        desk.MapGet("/bookings", async (string place, string? day, Queues queues, HttpContext http) => queues.PlacesOf(http.Caller(), "place.read").All(p => p.Id != place) ? http.Problem(404, "not-found", place)
            : Results.Ok(await queues.DayAsync(place, day ?? queues.Today, http.RequestAborted))).Needs("place.read").WithSummary("A day of a place of my region: appointments by slot, and numbers taken").Produces<IReadOnlyList<Booking>>();
        desk.MapGet("/figures", async (string place, string from, string to, Queues queues, HttpContext http) => queues.PlacesOf(http.Caller(), "place.read").All(p => p.Id != place) ? http.Problem(404, "not-found", place)
            : Results.Ok(await queues.FiguresAsync(place, from, to, http.RequestAborted))).Needs("place.read").WithSummary("How appointments at a place were kept, from one day to another").Produces<PlaceFigures>();
        desk.MapPost("/bookings/{id}/arrived", (string place, string id, Queues queues, HttpContext http) => WorkRoom.ActAsync(http, async () => Results.Ok(new { Ticket = await queues.ArriveAsync(http.Caller(), place, id, http.RequestAborted) })))
            .Needs("place.work").WithSummary("Somebody who booked is there; the answer holds their number in the queue");
        desk.MapPost("/bookings/{id}/end", (string place, string id, TurnEnd given, Queues queues, HttpContext http) => DoneAsync(http, () => queues.EndAsync(http.Caller(), place, id, given.How, http.RequestAborted))).Needs("place.work").WithSummary("End somebody's turn: done, or absent");
        desk.MapPost("/tickets", (string place, Queues queues, HttpContext http) => WorkRoom.ActAsync(http, async () => Results.Ok(new { Ticket = await queues.TakeNumberAsync(http.Caller(), place, http.RequestAborted) })))
            .Needs("place.work").WithSummary("Somebody comes without an appointment and takes a number");
        desk.MapPost("/next", (string place, Calling given, Queues queues, HttpContext http) => WorkRoom.ActAsync(http, async () => Results.Ok(new { Ticket = await queues.NextAsync(http.Caller(), place, given.Counter, http.RequestAborted) })))
            .Needs("place.work").WithSummary("A counter calls the next; null where nobody waits any more");
    }

    private static object Shown(Place p, string lang) => new { p.Id, p.Kind, Name = p.Say(lang), p.Region, Address = p.SayAddress(lang), At = new[] { p.East, p.North }, p.Phone, p.Counters, Hours = p.Runs.Select(r => new { From = $"{r.From}", To = $"{r.To}", Spans = r.Hours?.Spans.Select(s => $"{s.From:HH\\:mm}-{s.To:HH\\:mm}") ?? [] }) };

    private static object Shown(QueueStanding queue) => new { queue.Waiting, Called = queue.Called.Select(c => new { c.Ticket, c.Counter }) };

    private static Task<IResult> DoneAsync(HttpContext http, Func<Task> act) => WorkRoom.ActAsync(http, async () =>
    {
        await act();
        return Results.NoContent();
    });
}
