using System.Collections.Concurrent;
using Dapper;
using Guantong.Packs;
using Guantong.Trust;

namespace Guantong.Data;

/// <summary>Brings tickets in line with what the rules find: opens, counts, lets mends hold or sends them back. Doing it again changes nothing.</summary>
public sealed class TicketFollowing(Store store, Warehouse warehouse, PackRegistry packs, DataKeys keys, Jurisdiction land, TimeProvider clock) : IDisposable
{
    private readonly TicketBook _book = new(packs, keys, land);
    private readonly SemaphoreSlim _following = new(1, 1);
    private readonly ConcurrentDictionary<(string Pack, string Dataset), DateTime> _followed = [];

    /// <summary>Follows the last run of a dataset.</summary>
    public async Task FollowAsync(Pack pack, Dataset dataset, CancellationToken cancel = default)
    {
        if (dataset.Quality.Count == 0 && !dataset.IsVital)
            return;
        // One at a time here; over nodes the open key lets one of two stand.
        await _following.WaitAsync(cancel);
        try
        {
            var now = clock.GetUtcNow();
            var open = await OpenAsync(pack.Id, dataset.Id, cancel);
            var measured = MeasuredAt(pack, dataset);
            var faults = warehouse.RowCount(pack.Id, dataset.Id) == 0 && open.Count == 0 ? [] : Fault.Of(warehouse, pack, dataset, land, now.UtcDateTime);
            UnitScores.Keep(warehouse, pack, dataset, land);
            var work = Work(pack, dataset, open, faults).ToList();
            if (work.Count > 0)
                await store.ChangeAsync(now, async change =>
                {
                    foreach (var step in work)
                        await step(change);
                    change.Record(TicketBook.Rule, "tickets.followed", $"dataset:{pack.Id}/{dataset.Id}", dataset: $"{pack.Id}/{dataset.Id}");
                }, cancel);
            if (measured is { } at)
                _followed[(pack.Id, dataset.Id)] = at;
        }
        finally
        {
            _following.Release();
        }
    }

    /// <summary>Follows what change streams measured since: they measure while they rest too, when no rows come that would be followed.</summary>
    public async Task CatchUpAsync(CancellationToken cancel = default)
    {
        foreach (var pack in packs.Applied.Values.Select(a => a.Pack))
        {
            foreach (var dataset in pack.Datasets.Where(d => d.Feed?.From == "change-stream"))
            {
                if (MeasuredAt(pack, dataset) is { } at && at != _followed.GetValueOrDefault((pack.Id, dataset.Id)))
                    await FollowAsync(pack, dataset, cancel);
            }
        }
    }

    private DateTime? MeasuredAt(Pack pack, Dataset dataset) => QualityView.Last(warehouse, pack.Id, dataset.Id).Select(r => (DateTime?)r.At).Max();

    private Task<IReadOnlyList<Ticket>> OpenAsync(string pack, string dataset, CancellationToken cancel) => store.ReadAsync(async c =>
        (IReadOnlyList<Ticket>)[.. await c.QueryAsync<Ticket>($"SELECT {Ticket.Columns} FROM quality_ticket WHERE pack = @pack AND dataset = @dataset AND kind IN ('rule', 'load') AND closed IS NULL", new { pack, dataset })], cancel);

    private IEnumerable<Func<Change, Task>> Work(Pack pack, Dataset dataset, IReadOnlyList<Ticket> open, IReadOnlyList<Fault> faults)
    {
        var standing = open.Where(t => t.Kind == "rule").ToDictionary(t => (t.Rule, t.Field, t.Unit));
        foreach (var fault in faults)
        {
            if (!standing.Remove((fault.Rule, fault.Field, fault.Unit?.Id), out var ticket))
                yield return change => _book.OpenAsync(change, Draft(pack, dataset, fault), null, dataset.IsVital && fault.Rule == "fresh", TicketBook.OpenKey(pack.Id, dataset.Id, fault.Rule, fault.Field, fault.Unit?.Id));
            else if (Differs(ticket, fault))
                yield return change => FailsAsync(change, ticket, fault);
        }
        var measured = dataset.Quality.SelectMany(q => q.SubjectsIn(dataset).Select(s => (q.Rule, s))).ToHashSet();
        foreach (var ticket in standing.Values)
        {
            if (!measured.Contains((ticket.Rule, ticket.Field)))
                yield return change => ChangeAsync(change, ticket, t => _book.CloseAsync(change, t, "withdrawn", null, null));
            else if (ticket.State is "found" or "sent" || ticket.Held is null)
                yield return change => HoldsAsync(change, ticket);
        }
        // A load that came through since mends the one that did not.
        foreach (var ticket in open.Where(t => t.Kind == "load" && t.State != "mended" && LoadedSince(pack, dataset, t.Opened)))
            yield return change => HoldsAsync(change, ticket);
    }

    private static Ticket Draft(Pack pack, Dataset dataset, Fault fault) => new()
    {
        Pack = pack.Id, Dataset = dataset.Id, Kind = "rule", Rule = fault.Rule, Field = fault.Field, Unit = fault.Unit?.Id, Grade = fault.Grade,
        Rows = fault.Rows, Broken = fault.Broken, Measured = fault.Measured, Wanted = fault.Wanted,
    };

    // The age of what stays away grows by the minute: it is told when it opens and closes.
    private static bool Differs(Ticket ticket, Fault fault) =>
        ticket.State == "mended" || (fault.Rule != "fresh" && (ticket.Rows != fault.Rows || ticket.Broken != fault.Broken || ticket.Measured != fault.Measured || ticket.Grade != fault.Grade));

    private Task FailsAsync(Change change, Ticket seen, Fault fault) => ChangeAsync(change, seen, async ticket =>
    {
        ticket = ticket with { Rows = fault.Rows, Broken = fault.Broken, Measured = fault.Measured, Wanted = fault.Wanted, Grade = fault.Grade };
        if (ticket.State == "mended")
            await _book.SendBackAsync(change, ticket, null, null);
        else
            await TicketBook.SaveAsync(change, ticket);
    });

    // Rows that came meanwhile may mend a fault before anybody says so.
    private Task HoldsAsync(Change change, Ticket seen) => ChangeAsync(change, seen, async ticket =>
    {
        var isNew = ticket.State != "mended";
        ticket = ticket with { State = "mended", Mended = ticket.Mended ?? change.Stamp, Held = change.Stamp, Broken = 0, Measured = null };
        await TicketBook.SaveAsync(change, ticket);
        await _book.StepAsync(change, ticket, isNew ? "mended" : "held", null, null);
    });

    // It may have moved on since it was read.
    private static async Task ChangeAsync(Change change, Ticket seen, Func<Ticket, Task> work)
    {
        if (await TicketBook.HoldAsync(change, seen.Number) is { Closed: null } ticket)
            await work(ticket);
    }

    private bool LoadedSince(Pack pack, Dataset dataset, string since)
    {
        using var connection = warehouse.Read();
        return connection.Count("SELECT count(*) FROM guantong.load WHERE pack = ? AND dataset = ? AND ended > CAST(? AS TIMESTAMP)", pack.Id, dataset.Id, Time.Read(since).UtcDateTime) > 0
            || (FeedStates.Of(warehouse, pack.Id, dataset.Id) is { Fault: null, Succeeded: { } succeeded } && succeeded > Time.Read(since).UtcDateTime);
    }

    /// <summary>Says that rows of a dataset could not be loaded; where it is vital, a ticket goes out at once.</summary>
    /// <param name="fault">What was wrong, as a code.</param>
    /// <param name="said">What was wrong, in words.</param>
    public async Task LoadFailedAsync(Pack pack, Dataset dataset, string fault, string said, CancellationToken cancel = default)
    {
        if (!dataset.IsVital)
            return;
        var unit = land.Units.Named(dataset.Source.Name)?.Id;
        await store.ChangeAsync(clock.GetUtcNow(), async change =>
        {
            var draft = new Ticket { Pack = pack.Id, Dataset = dataset.Id, Kind = "load", Rule = fault, Field = "", Unit = unit, Grade = "error", Words = said };
            // A fault that stands is told once, whatever comes again.
            if (await _book.OpenAsync(change, draft, null, isUrgent: true, TicketBook.OpenKey(pack.Id, dataset.Id, "load", "", unit)) is null)
                change.Record(TicketBook.Rule, "ticket.load-failed-again", $"dataset:{pack.Id}/{dataset.Id}", dataset: $"{pack.Id}/{dataset.Id}");
        }, cancel);
    }

    /// <summary>What time alone brings: rows that stay away, and deadlines that pass.</summary>
    public async Task WatchAsync(CancellationToken cancel = default)
    {
        var feeds = FeedStates.All(warehouse);
        foreach (var pack in packs.Applied.Values.Select(a => a.Pack))
        {
            // Whatever a load in between did not follow is followed here, and rows of a change stream with it.
            foreach (var dataset in pack.Datasets.Where(d => d.Quality.Count > 0 || d.IsVital))
                await FollowAsync(pack, dataset, cancel);
            // A feed that fails has one ticket for all its failures.
            foreach (var dataset in pack.Datasets.Where(d => d.IsVital))
            {
                if (feeds.GetValueOrDefault((pack.Id, dataset.Id))?.Fault is { } fault && (await OpenAsync(pack.Id, dataset.Id, cancel)).All(t => t.Kind != "load"))
                    await LoadFailedAsync(pack, dataset, fault.Code, fault.Say(Lang.Zh), cancel);
            }
        }
        var now = Time.Write(clock.GetUtcNow());
        var late = await store.ReadAsync(async c => (await c.QueryAsync<string>("SELECT number FROM quality_ticket WHERE state = 'sent' AND overdue IS NULL AND due < @now ORDER BY due LIMIT 1000", new { now })).AsList(), cancel);
        foreach (var number in late)
        {
            await store.ChangeAsync(clock.GetUtcNow(), async change =>
            {
                if (await TicketBook.HoldAsync(change, number) is { State: "sent", Overdue: null } ticket && string.CompareOrdinal(ticket.Due, change.Stamp) < 0)
                {
                    await TicketBook.SaveAsync(change, ticket with { Overdue = change.Stamp });
                    await _book.StepAsync(change, ticket, "overdue", null, null, new { ticket.Unit, ticket.Due });
                    await TicketBook.TellAsync(change, ticket, "overdue", ticket.Unit);
                }
                else
                    change.Record(TicketBook.Rule, "ticket.overdue-missed", $"ticket:{number}");
            }, cancel);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _following.Dispose();
}
