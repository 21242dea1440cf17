using Guantong.Trust;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using QRCoder;

namespace Guantong.Portal.Me;

/// <summary>A person's password, authenticator app, recovery codes and passkeys. What changes them wants fresh proof.</summary>
internal static class SecurityPages
{
    public static void MapSecurity(this IEndpointRouteBuilder me)
    {
        // With its return type unsaid this would pass for a RequestDelegate, whose result is dropped.
        me.MapGet("/security", async Task<IResult> (HttpContext http) => await ShowAsync(http, null));
        me.MapPost("/security/password", PasswordAsync);
        me.MapGet("/security/app", async (HttpContext http, SecondFactors second) =>
            http.NeedsStepUp() ?? (await second.WantedAsync(http.Caller().Login, http.RequestAborted) ? Results.LocalRedirect("/me/security") : await AppAsync(http, second, null)));
        me.MapPost("/security/app", async (HttpContext http, SecondFactors second) =>
        {
            if (http.NeedsStepUp() is { } first)
                return first;
            var codes = await second.ConfirmAsync(http.Caller(), (await MePages.FormAsync(http))["code"].ToString(), http.RequestAborted);
            return codes is null ? await AppAsync(http, second, Problems.Say(Lang.Of(http), "wrong-code")) : Codes(http, codes);
        });
        me.MapPost("/security/app/remove", async (HttpContext http, SecondFactors second) =>
        {
            if (Fresh(http) is { } first)
                return first;
            await second.RemoveAsync(http.Caller(), http.Caller().Login, http.RequestAborted);
            return Results.LocalRedirect("/me/security");
        });
        me.MapPost("/security/codes", async (HttpContext http, SecondFactors second) => Fresh(http)
            ?? (await second.WantedAsync(http.Caller().Login, http.RequestAborted) ? Codes(http, await second.RenewCodesAsync(http.Caller(), http.RequestAborted)) : Results.LocalRedirect("/me/security")));
        me.MapPost("/security/passkeys/remove", async (HttpContext http, Passkeys passkeys) =>
        {
            if (Fresh(http) is { } first)
                return first;
            await passkeys.RemoveAsync(http.Caller(), http.Caller().Login, (await MePages.FormAsync(http))["id"].ToString(), http.RequestAborted);
            return Results.LocalRedirect("/me/security");
        });
    }

    // A form's own address shows nothing by itself: after the proof the person finds the page it stands on.
    private static IResult? Fresh(HttpContext http) => http.NeedsStepUp() is null ? null : Results.LocalRedirect($"{StepUp.Path}?ReturnUrl=/me/security");

    private static async Task<IResult> PasswordAsync(HttpContext http, Accounts accounts, Sessions sessions)
    {
        var (me, form) = (http.Caller(), await MePages.FormAsync(http));
        if (Fresh(http) is { } first)
            return first;
        var fresh = form["fresh"].ToString();
        var fault = Passwords.Fault(fresh, me.Login) is { } weak ? "password-" + weak : fresh != form["again"].ToString() ? "password-differs" : null;
        if (fault is not null)
            return await ShowAsync(http, Problems.Say(Lang.Of(http), fault));
        await accounts.ChangePasswordAsync(me, me.Login, fresh, http.RequestAborted);
        // Whoever knew the password before is out (ASVS 3.3.3).
        await sessions.EndAllAsync(me, me.Login, http.SessionId(), http.RequestAborted);
        return Results.LocalRedirect("/me/security?changed=1");
    }

    private static async Task<RazorComponentResult> ShowAsync(HttpContext http, string? fault)
    {
        var (login, services) = (http.Caller().Login, http.RequestServices);
        var second = (SecondFactors)services.GetService(typeof(SecondFactors))!;
        var passkeys = (Passkeys)services.GetService(typeof(Passkeys))!;
        return new RazorComponentResult<SecurityPage>(new Dictionary<string, object?>
        {
            ["Visit"] = MePages.VisitOf(http), ["Fault"] = fault, ["IsChanged"] = http.Request.Query.ContainsKey("changed"), ["HasApp"] = await second.WantedAsync(login, http.RequestAborted),
            ["CodesLeft"] = await second.CodesLeftAsync(login, http.RequestAborted), ["Passkeys"] = await passkeys.OfAsync(login, http.RequestAborted),
            ["IsFresh"] = http.NeedsStepUp() is null, ["Offset"] = ((Jurisdiction)services.GetService(typeof(Jurisdiction))!).Offset,
        }) { StatusCode = fault is null ? 200 : 422 };
    }

    private static async Task<IResult> AppAsync(HttpContext http, SecondFactors second, string? fault)
    {
        var visit = MePages.VisitOf(http);
        var secret = await second.BeginAsync(http.Caller(), http.RequestAborted);
        return new RazorComponentResult<AppPage>(new Dictionary<string, object?>
        {
            ["Visit"] = visit, ["Secret"] = secret, ["Picture"] = Picture(Totp.Address(visit.Say("site"), http.Caller().Login, secret)), ["Fault"] = fault,
        }) { StatusCode = fault is null ? 200 : 422 };
    }

    private static RazorComponentResult Codes(HttpContext http, IReadOnlyList<string> codes) => new RazorComponentResult<CodesPage>(new { Visit = MePages.VisitOf(http), Codes = codes });

    /// <summary>A QR code as the path of an SVG, a unit a module, with the quiet zone of four that readers want (ISO/IEC 18004).</summary>
    internal static (string Path, int Size) Picture(string text)
    {
        using var data = QRCodeGenerator.GenerateQrCode(text, QRCodeGenerator.ECCLevel.M);
        var rows = data.ModuleMatrix;
        var path = new System.Text.StringBuilder();
        for (var y = 0; y < rows.Count; y++)
        {
            for (var x = 0; x < rows.Count; x++)
            {
                if (rows[y][x])
                    path.Append(System.Globalization.CultureInfo.InvariantCulture, $"M{x},{y}h1v1h-1z");
            }
        }
        return (path.ToString(), rows.Count);
    }
}
