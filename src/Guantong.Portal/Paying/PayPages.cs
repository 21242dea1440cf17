using Guantong.Data;
using Guantong.Portal.Services;
using Guantong.Trust;
using Guantong.Work;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Guantong.Portal.Paying;

/// <summary>The pages on which people pay, and the one that stands for a bank in a trial. They work without JavaScript.</summary>
/// <remarks>The code stands in the address, as it does in the picture on a printed order: it lets one see what is to be paid, and pay it, and nothing else.</remarks>
internal static class PayPages
{
    public static void MapPaying(this IEndpointRouteBuilder pages)
    {
        pages.MapGet("/pay", IResult (Jurisdiction land, HttpContext http) => new RazorComponentResult<PayPage>(new { Visit = Visit.Of(http, land), Land = land })).Needs("payment.pay");
        pages.MapPost("/pay", FindAsync).Needs("payment.pay").Limited(ApplicationsApi.Limit);
        pages.MapGet("/pay/{code}", (string code, Payments book, PackRegistry packs, Jurisdiction land, HttpContext http) => ShowAsync(code, book, packs, land, http, null)).Needs("payment.pay").Limited(ApplicationsApi.Limit);
        pages.MapPost("/pay/{code}", BeginAsync).Needs("payment.pay").Limited(ApplicationsApi.Limit);
        pages.MapGet("/pay/simulated/{trade}", async Task<IResult> (string trade, SimulatedChannel channel, Payments book, Jurisdiction land, HttpContext http) =>
            book.Channels.Contains(channel) && await channel.FindAsync(trade, http.RequestAborted) is { } known ? new RazorComponentResult<SimulatedPage>(new { Visit = Visit.Of(http, land), Trade = known }) : Missing(land, http)).Needs("payment.pay").Limited(ApplicationsApi.Limit);
        pages.MapPost("/pay/simulated/{trade}", PressAsync).Needs("payment.pay").Limited(ApplicationsApi.Limit);
    }

    private static async Task<IResult> FindAsync(Payments book, Jurisdiction land, IAntiforgery guard, HttpContext http)
    {
        if (!await guard.IsRequestValidAsync(http))
            return Expired(land, http);
        var code = (await http.Request.ReadFormAsync(http.RequestAborted))["code"].ToString();
        return await book.FindAsync(code, http.RequestAborted) is { } payment ? Results.LocalRedirect("/pay/" + payment.Code)
            : new RazorComponentResult<PayPage>(new { Visit = Visit.Of(http, land), Land = land, Code = code, Fault = Visit.Of(http, land).Say("pay.none") }) { StatusCode = 404 };
    }

    private static async Task<IResult> ShowAsync(string code, Payments book, PackRegistry packs, Jurisdiction land, HttpContext http, string? fault)
    {
        if (await book.FindAsync(code, http.RequestAborted) is not { } payment)
            return new RazorComponentResult<PayPage>(new { Visit = Visit.Of(http, land), Land = land, Fault = Visit.Of(http, land).Say("pay.none") }) { StatusCode = 404 };
        return new RazorComponentResult<PayPage>(new { Visit = Visit.Of(http, land), Land = land, Payment = payment, Pack = await packs.AtAsync(payment.Pack, payment.Revision, http.RequestAborted), book.Channels, Fault = fault, HasFailed = http.Request.Query.ContainsKey("failed") }) { StatusCode = fault is null ? 200 : 409 };
    }

    private static async Task<IResult> BeginAsync(string code, Payments book, PackRegistry packs, Jurisdiction land, IAntiforgery guard, HttpContext http)
    {
        if (!await guard.IsRequestValidAsync(http))
            return Expired(land, http);
        var channel = (await http.Request.ReadFormAsync(http.RequestAborted))["channel"].ToString();
        var address = "";
        var fault = await ServicePages.RefusedAsync(http, async () => address = await book.PayAsync(code, channel, http.RequestAborted));
        return fault is null ? address.StartsWith('/') ? Results.LocalRedirect(address) : Results.Redirect(address) : await ShowAsync(code, book, packs, land, http, fault);
    }

    // The channel's word goes the way of any: signed, and heard by its signature.
    private static async Task<IResult> PressAsync(string trade, SimulatedChannel channel, Payments book, Jurisdiction land, IAntiforgery guard, HttpContext http)
    {
        if (!await guard.IsRequestValidAsync(http))
            return Expired(land, http);
        if (!book.Channels.Contains(channel) || await channel.FindAsync(trade, http.RequestAborted) is not { } known)
            return Missing(land, http);
        var what = (await http.Request.ReadFormAsync(http.RequestAborted))["do"].ToString();
        if (what is not ("pay" or "fail" or "silent"))
            return Results.LocalRedirect(known.Back);
        if (await channel.PressAsync(trade, what != "fail", http.RequestAborted) is { } news && what != "silent")
        {
            var (headers, body) = await channel.SignAsync(news, cancel: http.RequestAborted);
            await book.HearAsync(channel.Id, new PaymentWord(name => headers.GetValueOrDefault(name), body), http.RequestAborted);
        }
        return Results.LocalRedirect(known.Back + (what == "fail" ? "?failed=1" : ""));
    }

    private static RazorComponentResult Missing(Jurisdiction land, HttpContext http) => PortalRoom.Message(Visit.Of(http, land), "missing.title", "missing.text", 404);

    private static RazorComponentResult Expired(Jurisdiction land, HttpContext http) => PortalRoom.Message(Visit.Of(http, land), "expired.title", "expired.text", 400);
}
