using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Dapper;
using Guantong.Packs;
using Guantong.Trust;

namespace Guantong.Data;

/// <summary>Writes tickets, their steps and whom each step is told: what every way into the loop has in common.</summary>
internal sealed class TicketBook(PackRegistry packs, DataKeys keys, Jurisdiction land)
{
    /// <summary>The data key that seals what people write in a report.</summary>
    public const string Key = "ticket";

    /// <summary>Who acts where a rule does.</summary>
    public const string Rule = "quality";

    public static string OpenKey(string pack, string dataset, string rule, string field, string? unit) => string.Join('\n', pack, dataset, rule, field, unit);

    /// <summary>Opens a ticket, and sends it on where its unit is known and nobody has to look at it first.</summary>
    /// <returns>Null where one of the same measure and unit is open already.</returns>
    public async Task<Ticket?> OpenAsync(Change change, Ticket draft, Person? by, bool isUrgent = false, string? openKey = null)
    {
        var id = Guid.CreateVersion7(change.At).ToString("n");
        var (pack, dataset) = (packs.Find(draft.Pack), packs.Find(draft.Pack)?.Dataset(draft.Dataset));
        var touches = pack is null || dataset is null ? [] : Downstream.Of(packs.Applied.Values.Select(a => a.Pack), pack, dataset, land);
        var ticket = draft with
        {
            Id = id, Number = $"Q{change.At.ToOffset(land.Offset).ToString("yyyyMMdd", CultureInfo.InvariantCulture)}-{id[^6..].ToUpperInvariant()}",
            State = "found", Opened = change.Stamp, Region = land.Units.Find(draft.Unit)?.Region ?? land.Root, Touches = JsonSerializer.Serialize(touches, Touched.Written),
        };
        var words = await SealAsync(change, ticket.Words, id);
        var which = await SealAsync(change, ticket.WhichRows, id);
        var made = await change.ExecuteAsync("""
            INSERT INTO quality_ticket (id, number, pack, dataset, kind, rule, field, unit, region, grade, state, opened, row_count, broken, measured, wanted, rounds, reporter, words, which_rows, code, touches, open_key)
            VALUES (@Id, @Number, @Pack, @Dataset, @Kind, @Rule, @Field, @Unit, @Region, @Grade, @State, @Opened, @Rows, @Broken, @Measured, @Wanted, 0, @Reporter, @words, @which, @Code, @Touches, @openKey)
            ON CONFLICT (open_key) DO NOTHING
            """, new { ticket.Id, ticket.Number, ticket.Pack, ticket.Dataset, ticket.Kind, ticket.Rule, ticket.Field, ticket.Unit, ticket.Region, ticket.Grade, ticket.State, ticket.Opened, ticket.Rows, ticket.Broken, ticket.Measured, ticket.Wanted, ticket.Reporter, words, which, ticket.Code, ticket.Touches, openKey });
        if (made == 0)
            return null;
        await StepAsync(change, ticket, "found", by, null, new { ticket.Kind, ticket.Rule, ticket.Field, ticket.Unit, ticket.Broken });
        if (ticket.Unit is not null && ticket.Kind != "report")
            ticket = await SendAsync(change, ticket, by, null, isUrgent);
        // Whoever builds on the dataset hears of it as it opens.
        await TellDownstreamAsync(change, ticket, "found");
        return ticket;
    }

    /// <summary>Sends a ticket to its unit, with a deadline.</summary>
    public async Task<Ticket> SendAsync(Change change, Ticket ticket, Person? by, string? note, bool isUrgent = false)
    {
        var time = Deadlines.Of(packs.Find(ticket.Pack)?.Dataset(ticket.Dataset), ticket.Grade, isUrgent);
        var due = change.At + time;
        ticket = ticket with { State = "sent", Sent = change.Stamp, Due = Time.Write(due), Near = Time.Write(Deadlines.Near(due, time)), Overdue = null, Mended = null, MendedBy = null, Held = null };
        await SaveAsync(change, ticket);
        await StepAsync(change, ticket, "sent", by, note, new { ticket.Unit, ticket.Due });
        await TellAsync(change, ticket, "sent", ticket.Unit);
        return ticket;
    }

    /// <summary>Sends a ticket back whose mend does not hold; its deadline stays as it was, for the unit had its time.</summary>
    public async Task<Ticket> SendBackAsync(Change change, Ticket ticket, Person? by, string? note)
    {
        ticket = ticket with { State = "sent", Sent = change.Stamp, Mended = null, MendedBy = null, Held = null, Rounds = ticket.Rounds + 1 };
        await SaveAsync(change, ticket);
        await StepAsync(change, ticket, "sent-back", by, note, new { ticket.Unit, ticket.Broken, ticket.Rounds });
        await TellAsync(change, ticket, "sent-back", ticket.Unit);
        return ticket;
    }

    /// <summary>Ends a ticket as shared, declined or withdrawn; whoever heard of it hears how it ended.</summary>
    public async Task<Ticket> CloseAsync(Change change, Ticket ticket, string state, Person? by, string? note)
    {
        ticket = ticket with { State = state, Closed = change.Stamp };
        await SaveAsync(change, ticket);
        await StepAsync(change, ticket, state, by, note, new { ticket.Unit, touches = ticket.Downstream.Count });
        await TellDownstreamAsync(change, ticket, state);
        await TellAsync(change, ticket, state, ticket.Unit);
        return ticket;
    }

    public static Task SaveAsync(Change change, Ticket ticket) => change.ExecuteAsync($"""
        UPDATE quality_ticket SET unit = @Unit, region = @Region, grade = @Grade, state = @State, sent = @Sent, near = @Near, due = @Due, overdue = @Overdue, mended = @Mended, mended_by = @MendedBy, held = @Held,
            verified = @Verified, verified_by = @VerifiedBy, closed = @Closed, row_count = @Rows, broken = @Broken, measured = @Measured, wanted = @Wanted, rounds = @Rounds, reason = @Reason{(ticket.Closed is null ? "" : ", open_key = NULL")}
        WHERE id = @Id
        """, new { ticket.Id, ticket.Unit, ticket.Region, ticket.Grade, ticket.State, ticket.Sent, ticket.Near, ticket.Due, ticket.Overdue, ticket.Mended, ticket.MendedBy, ticket.Held, ticket.Verified, ticket.VerifiedBy, ticket.Closed, ticket.Rows, ticket.Broken, ticket.Measured, ticket.Wanted, ticket.Rounds, ticket.Reason });

    /// <summary>Notes a step on the ticket and in the ledger, and tells the reporter.</summary>
    /// <param name="by">Null for the rule itself.</param>
    public async Task StepAsync(Change change, Ticket ticket, string action, Person? by, string? note, object? detail = null)
    {
        var kept = await SealAsync(change, note, ticket.Id);
        await change.ExecuteAsync("INSERT INTO quality_step (ticket, place, at, action, login, unit, note) SELECT @Id, coalesce(max(place), 0) + 1, @Stamp, @action, @login, @unit, @kept FROM quality_step WHERE ticket = @Id",
            new { ticket.Id, change.Stamp, action, login = by?.Login ?? Rule, unit = by?.Unit, kept });
        change.Record(by?.Login ?? Rule, $"ticket.{action}", ticket.About, detail is null ? "{}" : JsonSerializer.Serialize(detail, Touched.Written), by?.Unit, dataset: $"{ticket.Pack}/{ticket.Dataset}");
        if (ticket.Reporter is { } login && login != by?.Login)
            await NoticeAsync(change, ticket, action, null, login);
    }

    public static async Task TellAsync(Change change, Ticket ticket, string action, string? unit)
    {
        if (unit is not null)
            await NoticeAsync(change, ticket, action, unit, null);
    }

    private static async Task TellDownstreamAsync(Change change, Ticket ticket, string action)
    {
        foreach (var unit in ticket.Downstream.SelectMany(t => t.Units).Distinct().Where(u => u != ticket.Unit))
            await NoticeAsync(change, ticket, action, unit, null);
    }

    private static Task NoticeAsync(Change change, Ticket ticket, string action, string? unit, string? login) =>
        change.ExecuteAsync("INSERT INTO quality_notice (id, ticket, event, unit, login, at) VALUES (@notice, @Id, @action, @unit, @login, @Stamp)", new { notice = Guid.CreateVersion7(change.At).ToString("n"), ticket.Id, action, unit, login, change.Stamp });

    private async Task<string?> SealAsync(Change change, string? text, string id) => string.IsNullOrWhiteSpace(text) ? null : (await keys.RingAsync(change, Key)).Seal(Key, text.Trim(), Place(id));

    public static string Place(string id) => "ticket:" + id;

    public static string Hash(string code) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(code)));

    /// <summary>A ticket held until commit, or null.</summary>
    public static Task<Ticket?> HoldAsync(Change change, string number) => change.FindAsync<Ticket>($"SELECT {Ticket.Columns} FROM quality_ticket WHERE number = @number{change.ForUpdate}", new { number });
}
