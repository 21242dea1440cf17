using System.Globalization;
using Guantong.Data;
using Guantong.Portal.Me;
using Guantong.Portal.Services;
using Guantong.Trust;
using Guantong.Work;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Guantong.Portal.Wallet;

/// <summary>The wallet's pages, and the one on which whoever was shown something reads it. They work without JavaScript.</summary>
internal static class WalletPages
{
    public static void MapWallet(this IEndpointRouteBuilder me)
    {
        var wallet = me.MapGroup("/wallet").Needs("self.see");
        wallet.MapGet("", ListAsync);
        wallet.MapGet("/{id}", (string id, HttpContext http, Wallets wallets, PackRegistry packs, Jurisdiction land) => OneAsync(id, http, wallets, packs, land, null));
        wallet.MapPost("/{id}/show", ShowAsync).Limited(ApplicationsApi.Limit);
        wallet.MapPost("/{id}/end", async Task<IResult> (string id, HttpContext http, Wallets wallets, PackRegistry packs, Jurisdiction land) =>
        {
            var of = (await MePages.FormAsync(http))["id"].ToString();
            return await ServicePages.RefusedAsync(http, () => wallets.EndAsync(http.Caller(), of, http.RequestAborted)) is { } fault ? await OneAsync(id, http, wallets, packs, land, fault) : Results.LocalRedirect($"/me/wallet/{Uri.EscapeDataString(id)}#presentations");
        });
    }

    public static void MapReading(this IEndpointRouteBuilder pages)
    {
        // Opening the address reads nothing yet: a program that looks at links ahead would use it up.
        pages.MapGet("/show/{token}", async Task<IResult> (string token, HttpContext http, Wallets wallets, Jurisdiction land) =>
        {
            var isOpen = await wallets.IsOpenAsync(token, http.RequestAborted);
            return new RazorComponentResult<ReadingPage>(new { Visit = Visit.Of(http, land), Land = land, Token = token, IsOpen = isOpen }) { StatusCode = isOpen ? 200 : 404 };
        }).Needs("credential.show").Limited(ApplicationsApi.Limit);
        pages.MapPost("/show/{token}", ReadAsync).Needs("credential.show").Limited(ApplicationsApi.Limit);
    }

    private static async Task<IResult> ListAsync(HttpContext http, Wallets wallets, UserCentre centre, PackRegistry packs, Jurisdiction land)
    {
        var credentials = await wallets.MineAsync(http.Caller(), http.RequestAborted);
        var names = new Dictionary<string, string>();
        foreach (var one in credentials)
            names[one.Id] = (await packs.AtAsync(one.Pack, one.Revision, http.RequestAborted)).Say(Lang.Of(http), one.Name);
        var holders = (await centre.OwnAsync(http.Caller(), http.RequestAborted)).Skip(1).ToDictionary(o => o.Subject, o => o.Name);
        return new RazorComponentResult<WalletPage>(new { Visit = MePages.VisitOf(http), Land = land, Credentials = credentials, Names = names, Holders = holders, wallets.Today });
    }

    private static async Task<IResult> OneAsync(string id, HttpContext http, Wallets wallets, PackRegistry packs, Jurisdiction land, string? fault, NewPresentation? given = null)
    {
        if (await wallets.FindAsync(http.Caller(), id, http.RequestAborted) is not var (credential, fields))
            return PortalRoom.Message(MePages.VisitOf(http), "missing.title", "missing.text", 404);
        return new RazorComponentResult<CredentialPage>(new
        {
            Visit = MePages.VisitOf(http), Land = land, Pack = await packs.AtAsync(credential.Pack, credential.Revision, http.RequestAborted), Credential = credential, Fields = fields, State = credential.StateOn(wallets.Today),
            Presentations = await wallets.PresentationsAsync(http.Caller(), id, http.RequestAborted), Fault = fault, Chosen = given?.Fields ?? [], given?.Purpose, Minutes = given?.Minutes ?? Wallets.Terms[0], Once = given?.Once ?? true,
        }) { StatusCode = fault is null ? 200 : 422 };
    }

    private static async Task<IResult> ShowAsync(string id, HttpContext http, Wallets wallets, PackRegistry packs, Jurisdiction land, TimeProvider clock)
    {
        var form = await MePages.FormAsync(http);
        var given = new NewPresentation([.. form["field"].OfType<string>()], form["purpose"], int.TryParse(form["minutes"], NumberStyles.None, CultureInfo.InvariantCulture, out var minutes) ? minutes : 0, form["once"] != "0");
        var (made, token) = ("", "");
        if (await ServicePages.RefusedAsync(http, async () => (made, token) = await wallets.PresentAsync(http.Caller(), id, given, http.RequestAborted)) is { } fault)
            return await OneAsync(id, http, wallets, packs, land, fault, given);
        var (credential, fields) = (await wallets.FindAsync(http.Caller(), id, http.RequestAborted))!.Value;
        var pack = await packs.AtAsync(credential.Pack, credential.Revision, http.RequestAborted);
        var address = $"{WalletApi.IssuerOf(http)}/show/{token}";
        return new RazorComponentResult<ShownPage>(new Dictionary<string, object?>
        {
            ["Visit"] = MePages.VisitOf(http), ["Name"] = pack.Say(Lang.Of(http), credential.Name), ["Purpose"] = given.Purpose!.Trim(), ["Credential"] = id, ["Id"] = made, ["Address"] = address, ["Once"] = given.Once,
            ["Until"] = clock.GetUtcNow().AddMinutes(minutes).ToOffset(land.Offset).ToString("HH:mm", CultureInfo.InvariantCulture), ["Fields"] = fields.Where(f => given.Fields!.Contains(f.Name)).Select(f => pack.Say(Lang.Of(http), f.Title)).ToList(), ["Picture"] = SecurityPages.Picture(address),
        });
    }

    private static async Task<IResult> ReadAsync(string token, HttpContext http, Wallets wallets, PackRegistry packs, Jurisdiction land, IAntiforgery guard)
    {
        if (!await guard.IsRequestValidAsync(http))
            return PortalRoom.Message(Visit.Of(http, land), "expired.title", "expired.text", 400);
        var reader = (await http.Request.ReadFormAsync(http.RequestAborted))["reader"].ToString();
        Shown? shown = null;
        var fault = await ServicePages.RefusedAsync(http, async () => shown = await wallets.ReadAsync(token, reader, WalletApi.IssuerOf(http), http.RequestAborted));
        // A page with a form is kept nowhere as it is; this one has none.
        if (shown is not null)
            http.Response.Headers.CacheControl = "no-store";
        return new RazorComponentResult<ReadingPage>(new Dictionary<string, object?>
        {
            ["Visit"] = Visit.Of(http, land), ["Land"] = land, ["Token"] = token, ["Shown"] = shown, ["Fault"] = fault, ["Reader"] = reader, ["IsOpen"] = shown is null && await wallets.IsOpenAsync(token, http.RequestAborted),
            ["Pack"] = shown is null ? null : await packs.AtAsync(shown.Pack, shown.Revision, http.RequestAborted),
        }) { StatusCode = fault is null ? 200 : 422 };
    }
}
