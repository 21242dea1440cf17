using System.Globalization;
using System.Security.Cryptography;
using Guantong.Packs;
using Guantong.Trust;

namespace Guantong.Data;

/// <summary>What people do with tickets: report, send, comment, mend, verify, send back, decline. What cannot be done is refused with its reason.</summary>
public sealed class TicketLoop(Store store, Warehouse warehouse, PackRegistry packs, DataKeys keys, Jurisdiction land, TicketFollowing following, TimeProvider clock)
{
    /// <summary>The longest text that anybody writes here, in characters.</summary>
    public const int Longest = 1000;

    private readonly TicketBook _book = new(packs, keys, land);

    /// <summary>Reports a fault of a dataset (异议); the data bureau looks at it first.</summary>
    /// <param name="me">Null for whoever is not signed in.</param>
    /// <param name="field">The field at fault, or null for the whole.</param>
    /// <param name="rows">Which rows, in the reporter's words.</param>
    /// <param name="words">What is wrong, and why.</param>
    /// <returns>Its number, and the code by which whoever is not signed in follows it.</returns>
    /// <exception cref="RefusedException">A text is missing or too long, or the field is not of the dataset.</exception>
    public async Task<(string Number, string Code)> ReportAsync(Person? me, Pack pack, Dataset dataset, string? field, string? rows, string? words, CancellationToken cancel = default)
    {
        Written(words, isNeeded: true);
        Written(rows, isNeeded: false);
        if (!string.IsNullOrEmpty(field) && dataset.Field(field) is null)
            throw new RefusedException(422, "ticket-field", field);
        var code = RandomNumberGenerator.GetString("23456789ABCDEFGHJKMNPQRSTUVWXYZ", 10);
        return await store.ChangeAsync(clock.GetUtcNow(), async change => (await OpenAsync(change, me, pack, dataset, field, rows, words, code), code), cancel);
    }

    /// <summary>The same within a change, for whoever is signed in: they follow it by their account.</summary>
    public Task<string> ReportAsync(Change change, Person me, Pack pack, Dataset dataset, string? field, string? rows, string words) => OpenAsync(change, me, pack, dataset, field, rows, words, code: null);

    private async Task<string> OpenAsync(Change change, Person? me, Pack pack, Dataset dataset, string? field, string? rows, string? words, string? code) => (await _book.OpenAsync(change, new Ticket
    {
        Pack = pack.Id, Dataset = dataset.Id, Kind = "report", Field = field ?? "", Unit = land.Units.Named(dataset.Source.Name)?.Id, Grade = "warning",
        Reporter = me?.Login, Words = words, WhichRows = rows, Code = code is null ? null : TicketBook.Hash(code),
    }, me ?? Nobody))!.Number;

    // Whoever is not signed in is known to the ledger by that alone.
    private static readonly Person Nobody = new("reporter", "", "", "citizen", null, "", []);

    /// <summary>Sends a report on to the unit that answers for the rows.</summary>
    /// <param name="unit">Another unit than its source; null to leave it.</param>
    public Task<Ticket> SendAsync(Person me, string number, string? unit, string? grade, string? note, CancellationToken cancel = default) => DoAsync(me, number, "ticket.oversee", ["found", "sent"], note, isNoteNeeded: false, async (change, ticket) =>
    {
        if (unit is not null && land.Units.Find(unit) is null)
            throw new RefusedException(422, "ticket-unit", unit);
        if (grade is not (null or "error" or "warning"))
            throw new RefusedException(422, "ticket-grade", grade);
        ticket = ticket with { Unit = unit ?? ticket.Unit, Grade = grade ?? ticket.Grade };
        if (ticket.Unit is null)
            throw new RefusedException(422, "ticket-unit", "");
        return await _book.SendAsync(change, ticket with { Region = land.Units.Find(ticket.Unit)!.Region }, me, note);
    }, cancel);

    /// <summary>Says something about a ticket, or what the fault comes from.</summary>
    /// <param name="reason">One of the bureau's list; null to leave it.</param>
    public Task<Ticket> CommentAsync(Person me, string number, string? reason, string? note, CancellationToken cancel = default) => DoAsync(me, number, "ticket.mend", ["sent", "mended"], note, isNoteNeeded: reason is null, async (change, ticket) =>
    {
        ticket = ticket with { Reason = await FaultReasons.KnownAsync(change, reason) ?? ticket.Reason };
        await TicketBook.SaveAsync(change, ticket);
        await _book.StepAsync(change, ticket, "commented", me, note, new { ticket.Reason });
        return ticket;
    }, cancel);

    /// <summary>Says that a fault is mended. The rule looks at once, and sends it back where it is not.</summary>
    /// <param name="reason">What it came from; needed where none was said yet.</param>
    public async Task<Ticket> MendAsync(Person me, string number, string? reason, string? note, CancellationToken cancel = default)
    {
        var ticket = await DoAsync(me, number, "ticket.mend", ["sent"], note, isNoteNeeded: false, async (change, ticket) =>
        {
            ticket = ticket with { State = "mended", Mended = change.Stamp, MendedBy = me.Login, Held = null, Reason = await FaultReasons.KnownAsync(change, reason) ?? ticket.Reason };
            if (ticket.Reason is null)
                throw new RefusedException(422, "ticket-reason");
            await TicketBook.SaveAsync(change, ticket);
            await _book.StepAsync(change, ticket, "mended", me, note, new { ticket.Reason });
            return ticket;
        }, cancel);
        return await CheckAsync(ticket, cancel);
    }

    /// <summary>Verifies a mend for the data bureau: the rule looks once more, then the ticket is closed and everyone downstream told.</summary>
    public async Task<Ticket> VerifyAsync(Person me, string number, string? note, CancellationToken cancel = default)
    {
        Seen(await HeldAsync(number, cancel), me, "ticket.oversee");
        if (await HeldAsync(number, cancel) is { State: "mended" } mended && (await CheckAsync(mended, cancel)).State != "mended")
            throw new RefusedException(409, "ticket-not-held");
        return await DoAsync(me, number, "ticket.oversee", ["mended"], note, isNoteNeeded: false, async (change, ticket) =>
        {
            // 双人: never whoever mended it, nor anybody of the unit that did; of the bureau's own faults, another person.
            if (ticket.MendedBy == me.Login || (ticket.Unit is not null && ticket.Unit == me.Unit && land.Units.Find(me.Unit)?.Line != "data"))
                throw new RefusedException(403, "ticket-own");
            ticket = ticket with { State = "verified", Verified = change.Stamp, VerifiedBy = me.Login };
            await TicketBook.SaveAsync(change, ticket);
            await _book.StepAsync(change, ticket, "verified", me, note);
            return await _book.CloseAsync(change, ticket, "shared", me, null);
        }, cancel);
    }

    /// <summary>Sends a mend back that does not convince the bureau.</summary>
    public Task<Ticket> ReturnAsync(Person me, string number, string? note, CancellationToken cancel = default) =>
        DoAsync(me, number, "ticket.oversee", ["mended"], note, isNoteNeeded: true, (change, ticket) => _book.SendBackAsync(change, ticket, me, note), cancel);

    /// <summary>Ends a report that is groundless, with the answer to whoever reported it. What a rule finds is not declined: the rule is mended.</summary>
    public Task<Ticket> DeclineAsync(Person me, string number, string? note, CancellationToken cancel = default) => DoAsync(me, number, "ticket.oversee", ["found", "sent", "mended"], note, isNoteNeeded: true, (change, ticket) =>
        ticket.Kind == "report" ? _book.CloseAsync(change, ticket, "declined", me, note) : throw new RefusedException(409, "ticket-by-rule"), cancel);

    /// <summary>Measures a dataset as it stands now, and follows what is found.</summary>
    public async Task<IReadOnlyList<QualityResult>> MeasureAsync(Person me, Pack pack, Dataset dataset, CancellationToken cancel = default)
    {
        var results = await Task.Run(() => QualityRun.Again(warehouse, pack, dataset), cancel);
        await store.ChangeAsync(clock.GetUtcNow(), change =>
        {
            change.Record(me, "quality.measured", $"dataset:{pack.Id}/{dataset.Id}", dataset: $"{pack.Id}/{dataset.Id}");
            return Task.CompletedTask;
        }, cancel);
        await following.FollowAsync(pack, dataset, cancel);
        return results;
    }

    // What a rule found, the rule judges again over the rows as they stand now.
    private async Task<Ticket> CheckAsync(Ticket ticket, CancellationToken cancel)
    {
        if (ticket.Kind == "report" || packs.Find(ticket.Pack) is not { } pack || pack.Dataset(ticket.Dataset) is not { } dataset)
            return ticket;
        await Task.Run(() => QualityRun.Again(warehouse, pack, dataset), cancel);
        await following.FollowAsync(pack, dataset, cancel);
        return await HeldAsync(ticket.Number, cancel) ?? ticket;
    }

    private Task<Ticket?> HeldAsync(string number, CancellationToken cancel) =>
        store.ReadAsync(c => Dapper.SqlMapper.QueryFirstOrDefaultAsync<Ticket>(c, $"SELECT {Ticket.Columns} FROM quality_ticket WHERE number = @number", new { number }), cancel);

    private async Task<Ticket> DoAsync(Person me, string number, string act, string[] states, string? note, bool isNoteNeeded, Func<Change, Ticket, Task<Ticket>> work, CancellationToken cancel)
    {
        Written(note, isNoteNeeded);
        return await store.ChangeAsync(clock.GetUtcNow(), async change =>
        {
            var ticket = Seen(await TicketBook.HoldAsync(change, number), me, act);
            return states.Contains(ticket.State) ? await work(change, ticket) : throw new RefusedException(409, "ticket-state", ticket.Number);
        }, cancel);
    }

    // What somebody does not see is not there; what they see and may not do is refused.
    private Ticket Seen(Ticket? ticket, Person me, string act)
    {
        if (ticket is null || !me.May("ticket.read", ThingOf(ticket), land))
            throw new RefusedException(404, "not-found", ticket?.Number ?? "");
        return me.May(act, ThingOf(ticket), land) ? ticket : throw new RefusedException(403, "ticket-other");
    }

    internal static Thing ThingOf(Ticket ticket) => new(Unit: ticket.Unit, Region: ticket.Region);

    private static void Written(string? text, bool isNeeded)
    {
        if ((isNeeded && string.IsNullOrWhiteSpace(text)) || text?.Length > Longest)
            throw new RefusedException(422, "ticket-words", Longest.ToString(CultureInfo.InvariantCulture));
    }
}
