using System.Data.Common;
using System.Security.Cryptography;
using System.Text;
using Dapper;
using Guantong.Packs;
using Guantong.Trust;

namespace Guantong.Data;

/// <summary>What somebody is told of a ticket: their unit by a step of it, or they themselves.</summary>
public sealed record TicketNotice(string Number, string Event, string At, string Pack, string Dataset, string Kind, string Rule, string Field, string? Unit);

/// <summary>Reads tickets for those who see them: officials those of their region and their unit's, whoever reported one their own.</summary>
public sealed class Tickets(Store store, Warehouse warehouse, PackRegistry packs, DataKeys keys, Jurisdiction land, TimeProvider clock)
{
    /// <summary>A page, by a wish.</summary>
    public Task<TicketList> PageAsync(Person me, TicketQuery query, CancellationToken cancel = default)
    {
        var rights = me.Rows("ticket.read", land);
        var where = Where(me, query, rights);
        var order = query.Sort switch { "due" => "CASE WHEN closed IS NULL THEN 0 ELSE 1 END, due, id", "broken" => "broken DESC, id", _ => "opened DESC, id DESC" };
        return store.ReadAsync(async c =>
        {
            var args = rights.With(new { query.State, query.Unit, query.Pack, query.Dataset, query.Kind, query.Skip, query.Take, me.Login, mine = me.Unit, now = Time.Write(clock.GetUtcNow()) });
            var items = (await c.QueryAsync<Ticket>($"SELECT {Ticket.Columns} FROM quality_ticket WHERE {where} ORDER BY {order} LIMIT @Take OFFSET @Skip", args)).AsList();
            return new TicketList([.. await OpenAsync(c, items)], await c.ExecuteScalarAsync<long>($"SELECT count(*) FROM quality_ticket WHERE {where}", args), query.Skip, query.Take);
        }, cancel);
    }

    private static string Where(Person me, TicketQuery query, RowRights rights)
    {
        const string late = "coalesce(mended, @now) > due";
        var parts = new List<string> { "1 = 1" + rights.And("region", "unit = @rowUnit") };
        if (query.State is { Length: > 0 })
            parts.Add(query.State == "open" ? "closed IS NULL" : "state = @State");
        if (query.Light is { Length: > 0 } light)
            parts.Add(light switch
            {
                "red" => $"due IS NOT NULL AND {late}",
                "yellow" => $"due IS NOT NULL AND NOT ({late}) AND mended IS NULL AND @now >= near",
                _ => $"(due IS NULL OR (NOT ({late}) AND (mended IS NOT NULL OR @now < near)))",
            });
        parts.AddRange(((string, string?)[])[("unit = @Unit", query.Unit), ("pack = @Pack", query.Pack), ("dataset = @Dataset", query.Dataset), ("kind = @Kind", query.Kind)] is var wishes
            ? wishes.Where(w => w.Item2 is { Length: > 0 }).Select(w => w.Item1) : []);
        if (query.Mine)
            parts.Add(me.Unit is null ? "reporter = @Login" : "(unit = @mine OR reporter = @Login)");
        return string.Join(" AND ", parts.Select(p => $"({p})"));
    }

    /// <summary>A ticket with its steps, or null where there is none that the reader sees.</summary>
    public Task<TicketFile?> FindAsync(Person me, string number, CancellationToken cancel = default) =>
        ReadAsync(number, t => me.May("ticket.read", TicketLoop.ThingOf(t), land) || t.Reporter == me.Login, cancel);

    /// <summary>One's own report by its number and code.</summary>
    public Task<TicketFile?> FollowAsync(string number, string code, CancellationToken cancel = default) => ReadAsync(number, t => t.Code is { } hash
        && CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(hash), Encoding.ASCII.GetBytes(TicketBook.Hash(code.Trim().ToUpperInvariant()))), cancel);

    private Task<TicketFile?> ReadAsync(string number, Func<Ticket, bool> sees, CancellationToken cancel) => store.ReadAsync(async c =>
    {
        if (await c.QueryFirstOrDefaultAsync<Ticket>($"SELECT {Ticket.Columns} FROM quality_ticket WHERE number = @number", new { number }) is not { } ticket || !sees(ticket))
            return null;
        var steps = (await c.QueryAsync<TicketStep>("SELECT at AS At, action AS Action, login AS Login, unit AS Unit, note AS Note FROM quality_step WHERE ticket = @Id ORDER BY place", new { ticket.Id })).AsList();
        var ring = await keys.RingAsync(c, [TicketBook.Key]);
        return new TicketFile(Open(ring, ticket), [.. steps.Select(s => s with { Note = Open(ring, s.Note, ticket.Id) })]);
    }, cancel);

    /// <summary>Rows that show the fault, as far as the reader sees them.</summary>
    public IReadOnlyList<FailingRow> RowsOf(Person me, Ticket ticket)
    {
        if (ticket is not { Kind: "rule", IsOpen: true } || packs.Find(ticket.Pack) is not { } pack || pack.Dataset(ticket.Dataset) is not { } dataset)
            return [];
        // A row at fault is shown by its key: to whoever sees all rows, and to the unit that has to mend it.
        if (!RowsSeen.Of(me, pack, dataset, land).IsAll && me.Unit != ticket.Unit)
            return [];
        var regions = dataset.Region is null || ticket.Unit is null ? null : Fault.RegionsOf(warehouse, pack.Id, dataset, ticket.Unit, land);
        return QualityView.Rows(warehouse, ticket.Pack, ticket.Dataset, ticket.Rule, ticket.Field, regions);
    }

    /// <summary>What a person and their unit were told, the newest first.</summary>
    public Task<IReadOnlyList<TicketNotice>> NoticesAsync(Person me, int take = 100, CancellationToken cancel = default) => store.ReadAsync(async c => (IReadOnlyList<TicketNotice>)[.. await c.QueryAsync<TicketNotice>("""
        SELECT t.number AS Number, n.event AS Event, n.at AS At, t.pack AS Pack, t.dataset AS Dataset, t.kind AS Kind, t.rule AS Rule, t.field AS Field, t.unit AS Unit
        FROM quality_notice n JOIN quality_ticket t ON t.id = n.ticket WHERE n.login = @Login OR n.unit = @Unit ORDER BY n.at DESC, n.id DESC LIMIT @take
        """, new { me.Login, me.Unit, take })], cancel);

    private async Task<IEnumerable<Ticket>> OpenAsync(DbConnection connection, IReadOnlyList<Ticket> tickets)
    {
        if (tickets.All(t => t.Words is null))
            return tickets;
        var ring = await keys.RingAsync(connection, [TicketBook.Key]);
        return tickets.Select(t => Open(ring, t));
    }

    private static Ticket Open(KeyRing ring, Ticket ticket) => ticket with { Words = Open(ring, ticket.Words, ticket.Id), WhichRows = Open(ring, ticket.WhichRows, ticket.Id) };

    private static string? Open(KeyRing ring, string? text, string id) => text is null ? null : ring.Open(text, TicketBook.Place(id)).Text ?? RowSeals.Erased;
}
