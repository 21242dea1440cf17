using System.Globalization;
using System.Text.Json;
using Dapper;
using Guantong.Trust;

namespace Guantong.Work;

/// <summary>How the queue of a place stands: how many wait, and which numbers are being served at which counters.</summary>
public sealed record QueueStanding(long Waiting, IReadOnlyList<(string Ticket, long Counter)> Called);

/// <summary>How appointments at a place were kept, in figures. Of nobody.</summary>
/// <param name="Booked">Appointments of the days, cancelled ones not among them.</param>
/// <param name="Kept">Of them, those whose people came.</param>
/// <param name="Absent">Of them, those that were not kept.</param>
/// <param name="WalkedIn">Numbers taken without an appointment.</param>
public sealed record PlaceFigures(long Booked, long Kept, long Absent, long Cancelled, long WalkedIn);

/// <summary>The queue of a place (排队叫号), as its officials run it: who booked is there, who comes without takes a number, the next is called. Nobody's name is in it.</summary>
/// <remarks>Whoever booked and is there in time goes by their slot, before others once it has begun; who comes later than their slot, or has none, goes by when they came.</remarks>
public sealed class Queues(Store store, Jurisdiction land, TimeProvider clock)
{
    /// <summary>Today by the jurisdiction's clock.</summary>
    public string Today => clock.GetUtcNow().ToOffset(land.Offset).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>The places that a person may see by an act.</summary>
    public IReadOnlyList<Place> PlacesOf(Person who, string act) => [.. land.Places.Where(p => who.May(act, new Thing(Region: p.Region), land))];

    /// <summary>How the queue of a place stands now, for everybody.</summary>
    public Task<QueueStanding> StandingAsync(string place, CancellationToken cancel = default) => store.ReadAsync(async c => new QueueStanding(
        await c.ExecuteScalarAsync<long>("SELECT count(*) FROM work_booking WHERE place = @place AND day = @Today AND state = 'arrived'", new { place, Today }),
        [.. (await c.QueryAsync<(long Ticket, long Counter)>("SELECT ticket, counter FROM work_booking WHERE place = @place AND day = @Today AND state = 'called' ORDER BY counter, called", new { place, Today })).Select(r => (Booking.Say(r.Ticket), r.Counter))]), cancel);

    /// <summary>A day of a place: its appointments by slot, those who took a number among them by when they came.</summary>
    public Task<IReadOnlyList<Booking>> DayAsync(string place, string day, CancellationToken cancel = default) =>
        store.ReadAsync(async c => (IReadOnlyList<Booking>)(await c.QueryAsync<Booking>($"SELECT {Booking.Columns} FROM work_booking WHERE place = @place AND day = @day AND state <> 'cancelled' ORDER BY starts, made, id", new { place, day })).AsList(), cancel);

    /// <summary>Somebody who booked is there: they get their number in the queue.</summary>
    /// <exception cref="ConflictException">place-gone: no place of theirs; ticket-gone: no appointment there today; ticket-state: they are there already, or it is over.</exception>
    public async Task<string> ArriveAsync(Person by, string place, string id, CancellationToken cancel = default)
    {
        Known(by, place);
        return await store.ChangeAsync(clock.GetUtcNow(), async change =>
        {
            var ticket = await TicketAsync(change, place);
            var touched = await change.ExecuteAsync("UPDATE work_booking SET state = 'arrived', arrived = @Stamp, ticket = @ticket, turn = CASE WHEN ends > @Stamp THEN starts ELSE @Stamp END WHERE id = @id AND place = @place AND day = @Today AND state = 'booked'", new { id, place, Today, ticket, change.Stamp });
            if (touched == 0)
                throw await WhyAsync(change, place, id);
            change.Record(by, "booking.arrived", Booking.About(id), Numbered(ticket));
            return Booking.Say(ticket);
        }, cancel);
    }

    /// <summary>Somebody comes without an appointment and takes a number.</summary>
    /// <exception cref="ConflictException">place-gone.</exception>
    public async Task<string> TakeNumberAsync(Person by, string place, CancellationToken cancel = default)
    {
        Known(by, place);
        var id = Guid.CreateVersion7(clock.GetUtcNow()).ToString("n");
        return await store.ChangeAsync(clock.GetUtcNow(), async change =>
        {
            var ticket = await TicketAsync(change, place);
            await change.ExecuteAsync("INSERT INTO work_booking (id, place, day, starts, ends, state, ticket, turn, made, arrived) VALUES (@id, @place, @Today, @Stamp, @Stamp, 'arrived', @ticket, @Stamp, @Stamp, @Stamp)", new { id, place, Today, ticket, change.Stamp });
            change.Record(by, "queue.number", About(place), Numbered(ticket));
            return Booking.Say(ticket);
        }, cancel);
    }

    /// <summary>A counter calls the next, and is done with whom it had called.</summary>
    /// <returns>The number; null where nobody waits any more.</returns>
    /// <exception cref="ConflictException">place-gone; queue-counter: it has no such counter; queue-empty: nobody waits, and nobody was called.</exception>
    public async Task<string?> NextAsync(Person by, string place, int counter, CancellationToken cancel = default)
    {
        var where = Known(by, place);
        if (counter < 1 || counter > where.Counters)
            throw new ConflictException("queue-counter", where.Counters);
        return await store.ChangeAsync<string?>(clock.GetUtcNow(), async change =>
        {
            var args = new { place, Today, counter = (long)counter, change.Stamp };
            var done = await change.ExecuteAsync("UPDATE work_booking SET state = 'done', ended = @Stamp WHERE place = @place AND day = @Today AND state = 'called' AND counter = @counter", args);
            var next = await change.FindAsync<(string Id, long Ticket)?>($"SELECT id, ticket FROM work_booking WHERE place = @place AND day = @Today AND state = 'arrived' ORDER BY CASE WHEN seat IS NOT NULL AND turn = starts AND starts <= @Stamp THEN 0 ELSE 1 END, turn, ticket LIMIT 1{change.SkipLocked}", args);
            if (next is not var (id, ticket))
            {
                if (done == 0)
                    throw new ConflictException("queue-empty");
                change.Record(by, "queue.done", About(place), JsonSerializer.Serialize(new { counter }, Json.Plain));
                return null;
            }
            await change.ExecuteAsync("UPDATE work_booking SET state = 'called', called = @Stamp, counter = @counter WHERE id = @id", new { id, args.counter, change.Stamp });
            change.Record(by, "queue.called", About(place), JsonSerializer.Serialize(new { number = Booking.Say(ticket), counter }, Json.Plain));
            return Booking.Say(ticket);
        }, cancel);
    }

    /// <summary>Ends somebody's turn: they were served, or were called or waited and are not there.</summary>
    /// <param name="how">done or absent.</param>
    /// <exception cref="ConflictException">place-gone; ticket-gone: nobody of today; ticket-state: they were not called yet, or it is over; ticket-how.</exception>
    public async Task EndAsync(Person by, string place, string id, string? how, CancellationToken cancel = default)
    {
        Known(by, place);
        if (how is not ("done" or "absent"))
            throw new ConflictException("ticket-how");
        await store.ChangeAsync(clock.GetUtcNow(), async change =>
        {
            // Of what was not kept the place is told, and nobody whose it was.
            var touched = how == "done" ? await change.ExecuteAsync("UPDATE work_booking SET state = 'done', ended = @Stamp WHERE id = @id AND place = @place AND day = @Today AND state = 'called'", new { id, place, Today, change.Stamp })
                : await change.ExecuteAsync("UPDATE work_booking SET state = 'absent', holder = NULL, ended = @Stamp WHERE id = @id AND place = @place AND day = @Today AND state IN ('arrived', 'called')", new { id, place, Today, change.Stamp });
            if (touched == 0)
                throw await WhyAsync(change, place, id);
            change.Record(by, "queue." + how, About(place));
        }, cancel);
    }

    /// <summary>How appointments at a place were kept from one day to another.</summary>
    public async Task<PlaceFigures> FiguresAsync(string place, string from, string to, CancellationToken cancel = default)
    {
        var rows = await store.ReadAsync(async c => (await c.QueryAsync<(string State, long Booked, long Count)>("SELECT state, CASE WHEN number IS NULL THEN 0 ELSE 1 END AS booked, count(*) FROM work_booking WHERE place = @place AND day >= @from AND day <= @to GROUP BY state, CASE WHEN number IS NULL THEN 0 ELSE 1 END", new { place, from, to })).AsList(), cancel);
        long Of(params string[] states) => rows.Where(r => r.Booked == 1 && states.Contains(r.State)).Sum(r => r.Count);
        return new PlaceFigures(Of("booked", "arrived", "called", "done", "absent"), Of("arrived", "called", "done"), Of("absent"), Of("cancelled"), rows.Where(r => r.Booked == 0).Sum(r => r.Count));
    }

    private Place Known(Person by, string place) => PlacesOf(by, "place.work").FirstOrDefault(p => p.Id == place) ?? throw new ConflictException("place-gone");

    private Task<long> TicketAsync(Change change, string place) => Counter.NextAsync(change, $"queue:{place}:{Today}");

    private async Task<ConflictException> WhyAsync(Change change, string place, string id) =>
        new(await change.FindAsync<string>("SELECT id FROM work_booking WHERE id = @id AND place = @place AND day = @Today", new { id, place, Today }) is null ? "ticket-gone" : "ticket-state");

    private static string About(string place) => "place:" + place;

    private static string Numbered(long ticket) => JsonSerializer.Serialize(new { number = Booking.Say(ticket) }, Json.Plain);
}
