using System.Globalization;
using System.Text.Json;
using Dapper;
using Guantong.Packs;
using Guantong.Trust;

namespace Guantong.Work;

/// <summary>Appointments (预约): a person books a slot of a matter at a place, moves it and cancels it. No slot is given to more than it takes, whoever books at the same moment.</summary>
/// <remarks>What was not kept counts for the place: the row is nobody's from then on, and nothing here asks how often somebody did not come (design/rights.md 1).</remarks>
public sealed class Bookings(Store store, Applications applications, UserCentre centre, Jurisdiction land, TimeProvider clock)
{
    /// <summary>How many appointments one person may have ahead.</summary>
    public const int Most = 3;

    private sealed record Taken(string Starts, string Ends);

    private sealed record Wish(string Pack, Matter Matter, Place Place, Slot Slot, int Seats);

    private DateTimeOffset Now => clock.GetUtcNow().ToOffset(land.Offset);

    /// <summary>Today by the jurisdiction's clock.</summary>
    public DateOnly Today => DateOnly.FromDateTime(Now.DateTime);

    /// <summary>A place by its id, or null.</summary>
    public Place? PlaceOf(string? id) => land.Places.FirstOrDefault(p => p.Id == id);

    /// <summary>Where a matter is done in person: of a region those within it or around it, its own first.</summary>
    public IReadOnlyList<Place> PlacesOf(Matter matter, string? region = null) => matter.InPerson is not { } there ? [] :
        [.. land.Places.Where(p => p.Kind == there.Kind && (region is null || land.Regions.Within(p.Region, region) || land.Regions.Within(region, p.Region))).OrderBy(p => p.Region == region ? 0 : region is not null && land.Regions.Within(p.Region, region) ? 1 : 2)];

    /// <summary>The days from today on for which a matter can be booked at a place, with their slots.</summary>
    public async Task<IReadOnlyList<BookableDay>> DaysAsync(string pack, Matter matter, Place place, CancellationToken cancel = default)
    {
        if (matter.InPerson?.Book is not { } rule)
            return [];
        var taken = (await store.ReadAsync(c => c.QueryAsync<Taken>("SELECT starts AS Starts, ends AS Ends FROM work_booking WHERE place = @place AND pack = @pack AND matter = @matter AND seat IS NOT NULL AND ends > @now", new { place = place.Id, pack, matter = matter.Id, now = Time.Write(Now) }), cancel))
            .Select(t => (Starts: Time.Read(t.Starts), Ends: Time.Read(t.Ends))).ToList();
        return [.. Enumerable.Range(0, rule.Ahead + 1).Select(Today.AddDays).Select(day => new BookableDay(day,
            [.. Slots.On(place, rule, day, land.Offset).Where(s => s.Starts > Now).Select(s => s with { Free = Math.Max(0, s.Free - taken.Count(t => t.Starts < s.Ends && t.Ends > s.Starts)) })],
            !place.Calendar.Knows(day.Year)))];
    }

    /// <summary>Books a slot.</summary>
    /// <param name="at">The slot's beginning by the jurisdiction's clock, 2026-11-03T09:00.</param>
    /// <exception cref="ConflictException">booking-place: it is not done there; booking-slot: there is no such slot; booking-full: nothing of it is free; booking-clash: they have another at that time; booking-many: they have enough ahead.</exception>
    public async Task<Booking> MakeAsync(Person me, string pack, string matter, string? place, string? at, CancellationToken cancel = default)
    {
        var (self, wish) = (await SelfAsync(me, cancel), WishOf(pack, matter, place, at));
        var id = Guid.CreateVersion7(clock.GetUtcNow()).ToString("n");
        await store.ChangeAsync(clock.GetUtcNow(), async change =>
        {
            var number = await NumberAsync(change);
            var seat = await SeatAsync(change, self, wish, "");
            await change.ExecuteAsync("INSERT INTO work_booking (id, number, place, pack, matter, holder, day, starts, ends, seat, state, made) VALUES (@id, @number, @place, @pack, @matter, @self, @day, @starts, @ends, @seat, 'booked', @Stamp)",
                new { id, number, place = wish.Place.Id, pack, matter, self, day = DayOf(wish), starts = Time.Write(wish.Slot.Starts), ends = Time.Write(wish.Slot.Ends), seat, change.Stamp });
            change.Record(me, "booking.made", Booking.About(id), Detail(wish), self);
        }, cancel);
        return (await FindAsync(me, id, cancel))!;
    }

    /// <summary>Moves one of theirs to another slot, there or at another place.</summary>
    /// <exception cref="ConflictException">As booking, and: booking-gone: none of theirs; booking-over: it has begun, or is over.</exception>
    public async Task<Booking> MoveAsync(Person me, string id, string? place, string? at, CancellationToken cancel = default)
    {
        var old = await FindAsync(me, id, cancel) ?? throw new ConflictException("booking-gone");
        var (self, wish) = (await SelfAsync(me, cancel), WishOf(old.Pack!, old.Matter!, place, at));
        await store.ChangeAsync(clock.GetUtcNow(), async change =>
        {
            await NumberAsync(change);
            var seat = await SeatAsync(change, self, wish, id);
            if (await change.ExecuteAsync($"UPDATE work_booking SET place = @place, day = @day, starts = @starts, ends = @ends, seat = @seat, reminded = NULL WHERE id = @id AND holder = @self AND {IsAhead}",
                new { id, self, place = wish.Place.Id, day = DayOf(wish), starts = Time.Write(wish.Slot.Starts), ends = Time.Write(wish.Slot.Ends), seat, change.Stamp }) == 0)
                throw new ConflictException("booking-over");
            change.Record(me, "booking.moved", Booking.About(id), Detail(wish), self);
        }, cancel);
        return (await FindAsync(me, id, cancel))!;
    }

    /// <summary>Cancels one of theirs; its slot is free at once.</summary>
    /// <exception cref="ConflictException">booking-gone: none of theirs; booking-over: it has begun, or is over.</exception>
    public async Task CancelAsync(Person me, string id, CancellationToken cancel = default)
    {
        var self = await SelfAsync(me, cancel);
        if (await FindAsync(me, id, cancel) is null)
            throw new ConflictException("booking-gone");
        await store.ChangeAsync(clock.GetUtcNow(), async change =>
        {
            if (await change.ExecuteAsync($"UPDATE work_booking SET state = 'cancelled', seat = NULL, ended = @Stamp WHERE id = @id AND holder = @self AND {IsAhead}", new { id, self, change.Stamp }) == 0)
                throw new ConflictException("booking-over");
            change.Record(me, "booking.cancelled", Booking.About(id), "{}", self);
        }, cancel);
    }

    /// <summary>A person's own: what is ahead, the next first, and what was, the latest first.</summary>
    public async Task<(IReadOnlyList<Booking> Ahead, IReadOnlyList<Booking> Past)> MineAsync(Person me, CancellationToken cancel = default)
    {
        if (await store.SubjectOfAsync(me.Login, cancel) is not { } self)
            return ([], []);
        var rows = await store.ReadAsync(async c => (await c.QueryAsync<Booking>($"SELECT {Booking.Columns} FROM work_booking WHERE holder = @self ORDER BY starts DESC, id LIMIT 100", new { self })).AsList(), cancel);
        var ahead = rows.Where(IsStillAhead).Reverse().ToList();
        return (ahead, [.. rows.Except(ahead)]);
    }

    /// <summary>One of a person's own, or null.</summary>
    public async Task<Booking?> FindAsync(Person me, string id, CancellationToken cancel = default) =>
        await store.SubjectOfAsync(me.Login, cancel) is { } self ? await store.ReadAsync(c => c.QueryFirstOrDefaultAsync<Booking>($"SELECT {Booking.Columns} FROM work_booking WHERE id = @id AND holder = @self", new { id, self }), cancel) : null;

    /// <summary>Whether an appointment is still to come, or they are there.</summary>
    public bool IsStillAhead(Booking one) => one.State is "arrived" or "called" || (one.State == "booked" && Time.Read(one.Ends) > Now);

    /// <summary>Whether an appointment can be moved and cancelled.</summary>
    public bool MayChange(Booking one) => one.State == "booked" && Time.Read(one.Starts) > Now;

    private const string IsAhead = "state = 'booked' AND starts > @Stamp";

    private Wish WishOf(string pack, string matter, string? place, string? at)
    {
        if (applications.Find(pack, matter) is not var (_, found) || found.InPerson?.Book is not { } rule || PlacesOf(found).FirstOrDefault(p => p.Id == place) is not { } where)
            throw new ConflictException("booking-place");
        var slot = DateTime.TryParseExact(at, Slots.Form, CultureInfo.InvariantCulture, DateTimeStyles.None, out var moment) && DateOnly.FromDateTime(moment) is var day && day >= Today && day <= Today.AddDays(rule.Ahead)
            ? Slots.On(where, rule, day, land.Offset).FirstOrDefault(s => s.Starts == new DateTimeOffset(moment, land.Offset) && s.Starts > Now) : null;
        return new Wish(pack, found, where, slot ?? throw new ConflictException("booking-slot"), Slots.Seats(rule, where));
    }

    private async Task<string> SelfAsync(Person me, CancellationToken cancel) => (await centre.OwnAsync(me, cancel)) is [var self, ..] ? self.Subject : throw new ConflictException("booking-person");

    // Who draws a number holds the counter until their change stands: those who book come one after the other, and what is counted below stays so.
    private static async Task<string> NumberAsync(Change change) => "Y" + (await Counter.NextAsync(change, "booking")).ToString("000000", CultureInfo.InvariantCulture);

    private static async Task<long> SeatAsync(Change change, string self, Wish wish, string but)
    {
        var slot = new { self, but, place = wish.Place.Id, pack = wish.Pack, matter = wish.Matter.Id, starts = Time.Write(wish.Slot.Starts), ends = Time.Write(wish.Slot.Ends), change.Stamp };
        var own = (await change.QueryAsync<Taken>("SELECT starts AS Starts, ends AS Ends FROM work_booking WHERE holder = @self AND id <> @but AND state IN ('booked', 'arrived', 'called') AND ends > @Stamp", slot)).AsList();
        if (own.Any(o => string.CompareOrdinal(o.Starts, slot.ends) < 0 && string.CompareOrdinal(o.Ends, slot.starts) > 0))
            throw new ConflictException("booking-clash");
        if (own.Count >= Most)
            throw new ConflictException("booking-many", Most);
        // Slots of another length, from before a pack changed, count where they overlap.
        var taken = (await change.QueryAsync<long>("SELECT seat FROM work_booking WHERE place = @place AND pack = @pack AND matter = @matter AND id <> @but AND seat IS NOT NULL AND starts < @ends AND ends > @starts", slot)).ToHashSet();
        return Enumerable.Range(1, wish.Seats).Select(s => (long?)s).FirstOrDefault(s => !taken.Contains(s!.Value)) ?? throw new ConflictException("booking-full");
    }

    private static string DayOf(Wish wish) => wish.Slot.Starts.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    // What it is for may be a matter of health or hardship: the ledger does without.
    private static string Detail(Wish wish) => JsonSerializer.Serialize(new { place = wish.Place.Id, starts = wish.Slot.At }, Json.Plain);
}
