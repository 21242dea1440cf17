using Guantong.Trust;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Guantong.Data;

/// <summary>Quality and its tickets, over the API.</summary>
public static class TicketsApi
{
    /// <summary>The limit on reports of one address: whoever is not signed in may report.</summary>
    public static readonly Limit Limit = new("report", 30);

    /// <summary>A fault that somebody found in a dataset.</summary>
    /// <param name="Words">What is wrong, and why.</param>
    /// <param name="Rows">Which rows.</param>
    public sealed record NewReport(string Pack, string Dataset, string? Field, string? Rows, string? Words);

    /// <summary>A report's number, and the code to follow it by.</summary>
    public sealed record Reported(string Number, string Code);

    /// <summary>A step with what may be said to it.</summary>
    public sealed record Said(string? Note = null, string? Reason = null, string? Unit = null, string? Grade = null);

    /// <summary>A reason of the bureau's list.</summary>
    public sealed record Worded(string? Zh, string? En);

    internal static IServiceCollection AddTickets(this IServiceCollection services, bool watching)
    {
        services.AddSingleton<TicketFollowing>().AddSingleton<TicketLoop>().AddSingleton<Tickets>().AddSingleton<FaultReasons>().AddSingleton<Standings>();
        return watching ? services.AddHostedService<TicketWatch>() : services;
    }

    internal static void MapTickets(this IEndpointRouteBuilder api)
    {
        var quality = api.MapGroup("/quality").WithTags("Quality").TellsRefusals();
        quality.MapGet("/datasets/{pack}/{id}", (string pack, string id, string? region, PackRegistry registry, Warehouse warehouse, HttpContext http) => DataRoom.Find(registry, http, pack, id) is not var (p, d)
                ? http.Problem(404, "not-found", $"{pack}/{id}")
                : Results.Ok(new { Score = QualityView.Of(warehouse, p.Id, d.Id, region), Measures = QualityView.Last(warehouse, p.Id, d.Id) }))
            .Needs("dataset.read-closed").WithSummary("A dataset's scores over time and by region, and what each rule measured last");
        quality.MapPost("/datasets/{pack}/{id}/measure", MeasureAsync).Needs("ticket.oversee").WithSummary("Measure a dataset as it stands now");

        var tickets = quality.MapGroup("/tickets");
        tickets.MapGet("", (Tickets book, HttpContext http, string? state, string? light, string? unit, string? pack, string? dataset, string? kind, bool mine = false, string sort = "opened", int skip = 0, int take = 50) => PageAsync(book, http,
                new TicketQuery(state, light, unit, pack, dataset, kind, mine, sort, skip, take))).Needs("ticket.read").WithSummary("Tickets that I see").Produces<TicketList>();
        tickets.MapGet("/{number}", async (string number, Tickets book, HttpContext http) => await book.FindAsync(http.Caller(), number, http.RequestAborted) is { } file
                ? Results.Ok(new { file.Ticket, file.Steps, Rows = book.RowsOf(http.Caller(), file.Ticket) }) : http.Problem(404, "not-found", number))
            .Needs("ticket.read").WithSummary("A ticket: its steps, what it touches, rows that show the fault");
        tickets.MapPost("", ReportAsync).Needs("ticket.report").Limited(Limit).WithSummary("Report a fault of a dataset; the answer holds the number and, this once, the code to follow it by").Produces<Reported>(201);
        tickets.MapGet("/{number}/status", async (string number, string? code, Tickets book, HttpContext http) => await book.FollowAsync(number, code ?? "", http.RequestAborted) is { Ticket: var t } file
                ? Results.Ok(new { t.Number, t.Pack, t.Dataset, t.Field, t.State, t.Words, t.WhichRows, t.Opened, t.Due, t.Closed, Steps = file.Steps.Select(s => new { s.At, s.Action, Note = s.Action is "declined" or "verified" ? s.Note : null }) })
                : http.Problem(404, "not-found", number))
            .Needs("ticket.report").Limited(Limit).WithSummary("How my report stands, by its number and code");
        tickets.MapPost("/{number}/send", (string number, Said given, TicketLoop loop, HttpContext http) => loop.SendAsync(http.Caller(), number, given.Unit, given.Grade, given.Note, http.RequestAborted))
            .Needs("ticket.oversee").WithSummary("Send a report on to the unit that answers for the rows").Produces<Ticket>();
        tickets.MapPost("/{number}/comment", (string number, Said given, TicketLoop loop, HttpContext http) => loop.CommentAsync(http.Caller(), number, given.Reason, given.Note, http.RequestAborted))
            .Needs("ticket.mend").WithSummary("Say what the fault comes from, or something about it").Produces<Ticket>();
        tickets.MapPost("/{number}/mend", (string number, Said given, TicketLoop loop, HttpContext http) => loop.MendAsync(http.Caller(), number, given.Reason, given.Note, http.RequestAborted))
            .Needs("ticket.mend").WithSummary("Say that it is mended; the rule looks at once, and sends it back where it is not").Produces<Ticket>();
        tickets.MapPost("/{number}/verify", (string number, Said given, TicketLoop loop, HttpContext http) => loop.VerifyAsync(http.Caller(), number, given.Note, http.RequestAborted))
            .Needs("ticket.oversee").WithSummary("Verify a mend of another unit: the ticket is closed, and everyone downstream told").Produces<Ticket>();
        tickets.MapPost("/{number}/return", (string number, Said given, TicketLoop loop, HttpContext http) => loop.ReturnAsync(http.Caller(), number, given.Note, http.RequestAborted))
            .Needs("ticket.oversee").WithSummary("Send a mend back, with the reason").Produces<Ticket>();
        tickets.MapPost("/{number}/decline", (string number, Said given, TicketLoop loop, HttpContext http) => loop.DeclineAsync(http.Caller(), number, given.Note, http.RequestAborted))
            .Needs("ticket.oversee").WithSummary("End a report that is groundless, with the answer to whoever reported it").Produces<Ticket>();
        quality.MapGet("/notices", (Tickets book, HttpContext http) => book.NoticesAsync(http.Caller(), cancel: http.RequestAborted)).Needs("ticket.read").WithSummary("What my unit and I were told of tickets").Produces<TicketNotice[]>();

        quality.MapGet("/standing", (Standings book, HttpContext http, string? region, string by = "unit", string sort = "score", bool descending = false) => StandingAsync(book, http, by, region, sort, descending, lines => Results.Ok(lines)))
            .Needs("standing.read").WithSummary("How units, or regions (by=region), stand with the quality of their data").Produces<UnitStanding[]>();
        quality.MapGet("/standing.csv", (Standings book, HttpContext http, string? region, string by = "unit", string sort = "score", bool descending = false) => StandingAsync(book, http, by, region, sort, descending, lines => Results.Stream(async to =>
            {
                await using var writer = Csv.Writer(to);
                foreach (var line in Standings.Csv(lines, Lang.Of(http)))
                    await writer.WriteLineAsync(line);
            }, "text/csv; charset=utf-8", "standing.csv")))
            .Needs("standing.read").WithSummary("The same as CSV");

        var reasons = quality.MapGroup("/reasons");
        reasons.MapGet("", (FaultReasons list, HttpContext http, bool ended = false) => list.AllAsync(ended, http.RequestAborted)).Needs("ticket.read").WithSummary("What faults may come from, as the bureau words it").Produces<FaultReason[]>();
        reasons.MapPut("/{id}", async (string id, Worded given, FaultReasons list, HttpContext http) => await DoneAsync(list.PutAsync(http.Caller(), id, given.Zh, given.En, http.RequestAborted))).Needs("ticket.oversee").WithSummary("Put a reason on the list, or word it anew");
        reasons.MapDelete("/{id}", async (string id, FaultReasons list, HttpContext http) => await DoneAsync(list.EndAsync(http.Caller(), id, http.RequestAborted))).Needs("ticket.oversee").WithSummary("Take a reason off the list");
    }

    private static async Task<IResult> PageAsync(Tickets book, HttpContext http, TicketQuery query) =>
        query.Skip < 0 || query.Take is < 1 or > TrustRoom.LargestPage ? http.Problem(400, "bad-page", TrustRoom.LargestPage)
        : query.Light is not (null or "" or "green" or "yellow" or "red") ? http.Problem(400, "ticket-light", query.Light)
        : Results.Ok(await book.PageAsync(http.Caller(), query, http.RequestAborted));

    private static async Task<IResult> StandingAsync(Standings book, HttpContext http, string by, string? region, string sort, bool descending, Func<IReadOnlyList<UnitStanding>, IResult> give) =>
        by is not ("unit" or "region") || !Standings.Orders.Contains(sort) ? http.Problem(400, "standing-wish", string.Join(", ", Standings.Orders))
        : give(await book.OfAsync(by, string.IsNullOrEmpty(region) ? null : region, sort, descending, Lang.Of(http), http.RequestAborted));

    private static async Task<IResult> ReportAsync(NewReport given, PackRegistry registry, TicketLoop loop, HttpContext http)
    {
        if (DataRoom.Find(registry, http, given.Pack, given.Dataset) is not var (pack, dataset))
            return http.Problem(404, "not-found", $"{given.Pack}/{given.Dataset}");
        var (number, code) = await loop.ReportAsync(Callers.Of(http.User), pack, dataset, given.Field, given.Rows, given.Words, http.RequestAborted);
        return Results.Created($"/api/v1/quality/tickets/{number}", new Reported(number, code));
    }

    private static async Task<IResult> MeasureAsync(string pack, string id, PackRegistry registry, TicketLoop loop, HttpContext http)
    {
        if (DataRoom.Find(registry, http, pack, id) is not var (p, d))
            return http.Problem(404, "not-found", $"{pack}/{id}");
        return Results.Ok(await loop.MeasureAsync(http.Caller(), p, d, http.RequestAborted));
    }

    private static async Task<IResult> DoneAsync(Task work)
    {
        await work;
        return Results.NoContent();
    }
}
