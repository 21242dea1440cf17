using System.Text;
using Guantong.Trust;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guantong.Work;

/// <summary>Payments over the API.</summary>
public static class PaymentsApi
{
    /// <summary>The longest notification, in bytes.</summary>
    public const int LongestWord = 16 << 10;

    /// <summary>By which channel to pay; the first when left out.</summary>
    public sealed record NewPaying(string? Channel = null);

    /// <summary>What became of a difference.</summary>
    public sealed record Resolution(string? How, string? Reason);

    /// <summary>Why what was paid goes back.</summary>
    public sealed record Refund(string? Reason);

    /// <summary>Whose statement of which day (yyyy-MM-dd) to go through.</summary>
    public sealed record StatementDay(string? Day, string? Channel = null);

    internal static void MapPayments(this IEndpointRouteBuilder api)
    {
        var pay = api.MapGroup("/pay").WithTags("Payments").Needs("payment.pay").Limited(ApplicationsApi.Limit);
        pay.MapGet("/{code}", async (string code, Payments book, HttpContext http) => await book.FindAsync(code, http.RequestAborted) is { } payment ? Results.Ok(Shown(payment)) : http.Problem(404, "not-found", code))
            .WithSummary("What is to be paid by a payment code, and whether it was; never by whom");
        pay.MapPost("/{code}", (string code, NewPaying given, Payments book, HttpContext http) => WorkRoom.ActAsync(http, async () => Results.Ok(new { Address = await book.PayAsync(code, given.Channel, http.RequestAborted) })))
            .WithSummary("Begin to pay; the answer says where the payer goes");

        var all = api.MapGroup("/payments").WithTags("Payments");
        all.MapPost("/channels/{channel}/notifications", async (string channel, Payments book, HttpContext http) =>
        {
            try
            {
                return Results.Ok(new { Outcome = await book.HearAsync(channel, await WordAsync(http), http.RequestAborted) });
            }
            catch (PaymentWordException e)
            {
                return http.WorkProblem(e.Code is "word-shape" or "word-differs" ? 400 : 401, e.Code);
            }
            catch (ConflictException e)
            {
                return http.WorkProblem(404, e.Code, [.. e.Args]);
            }
        }).Needs("payment.tell").WithSummary("A channel's notification, by its signature");
        all.MapGet("", async (Payments book, HttpContext http, string? state, int skip = 0, int take = 50) => skip < 0 || take is < 1 or > TrustRoom.LargestPage ? http.Problem(400, "bad-page", TrustRoom.LargestPage)
            : await book.PageAsync(state, http.Rows("payment.read"), skip, take, http.RequestAborted) is var page ? Results.Ok(new Page<object>([.. page.Items.Select(Listed)], page.Total, skip, take)) : Results.NoContent())
            .Needs("payment.read").WithSummary("Orders of one's unit, the newest first");
        all.MapGet("/differences", async (Payments book, HttpContext http, bool? open, int skip = 0, int take = 50) => skip < 0 || take is < 1 or > TrustRoom.LargestPage ? http.Problem(400, "bad-page", TrustRoom.LargestPage)
            : Results.Ok(await book.DifferencesAsync(open, http.Rows("payment.read"), skip, take, http.RequestAborted)))
            .Needs("payment.read").WithSummary("Where a channel's word and the orders differ").Produces<Page<PaymentDifference>>();
        all.MapPost("/differences/{id}/resolve", (string id, Resolution given, Payments book, HttpContext http) => DoneAsync(http, () => book.ResolveAsync(id, given.How, given.Reason, http.Caller(), http.RequestAborted)))
            .Needs("payment.settle").WithSummary("Say what became of a difference: refund or explained, with a reason");
        all.MapPost("/{number}/refund", (string number, Refund given, Payments book, HttpContext http) => DoneAsync(http, () => book.RefundAsync(number, given.Reason, http.Caller(), http.RequestAborted)))
            .Needs("payment.settle").WithSummary("Have what was paid go back, with a reason");
        all.MapPost("/reconcile", (StatementDay given, Payments book, HttpContext http) => WorkRoom.ActAsync(http, async () => Results.Ok(await book.ReconcileAsync(given.Channel, given.Day, http.Caller(), http.RequestAborted))))
            .Needs("payment.settle").WithSummary("Go through a channel's statement of a day that is over").Produces<Reconciled>();
    }

    /// <summary>An order as anybody sees it who has its code.</summary>
    internal static object Shown(Payment payment) => new { payment.Number, payment.Code, payment.Name, payment.Kind, payment.Fen, Amount = Yuan.Say(payment.Fen), Currency = "CNY", payment.Payee, payment.Basis, payment.Unit, payment.State, payment.Made, payment.Due, payment.Paid, payment.Ended, payment.Receipt, payment.ReceiptCode };

    // Its code is for whoever pays.
    private static object Listed(Payment payment) => new { payment.Number, payment.CaseNumber, payment.Title, payment.Name, payment.Kind, payment.Fen, Amount = Yuan.Say(payment.Fen), Currency = "CNY", payment.Payee, payment.Unit, payment.State, payment.Made, payment.Due, payment.Channel, payment.Trade, payment.Paid, payment.Ended, payment.Reason, payment.Receipt };

    private static async Task<PaymentWord> WordAsync(HttpContext http)
    {
        var buffer = new byte[LongestWord + 1];
        var length = await http.Request.Body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, http.RequestAborted);
        return length > LongestWord ? throw new PaymentWordException("word-shape")
            : new PaymentWord(name => http.Request.Headers[name] is [{ } one] ? one : null, Encoding.UTF8.GetString(buffer, 0, length));
    }

    private static Task<IResult> DoneAsync(HttpContext http, Func<Task> act) => WorkRoom.ActAsync(http, async () =>
    {
        await act();
        return Results.NoContent();
    });
}
