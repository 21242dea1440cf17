using System.Globalization;
using Guantong.Data;
using Guantong.Packs;
using Guantong.Portal.Me;
using Guantong.Trust;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Guantong.Portal.Conditional;

/// <summary>The pages on which people and businesses apply for what is open on condition (受限开放), and use what they were granted.</summary>
internal static class ConditionalPages
{
    public static void MapConditional(this IEndpointRouteBuilder pages)
    {
        pages.MapGet("/data/on-condition", IResult (Permissions permissions, Jurisdiction land, HttpContext http) =>
            new RazorComponentResult<OffersPage>(new { Visit = Visit.Of(http, land), Offers = permissions.Offers().OrderBy(o => o.Pack.Id, StringComparer.Ordinal).ToList() })).Needs("dataset.read");
        var apply = pages.MapGroup("/data/{pack}/{dataset}/apply").Needs("opening.apply").OfOnesOwn();
        apply.MapGet("", async (string pack, string dataset, Permissions permissions, HttpContext http) =>
            permissions.Find(pack, dataset) is { } offer ? await FormAsync(offer, permissions, http, new Dictionary<string, string>(), new Dictionary<string, string>()) : Missing(http));
        apply.MapPost("", ApplyAsync);
        var mine = pages.MapGroup("/my/data").Needs("opening.apply").OfOnesOwn();
        mine.MapGet("", (HttpContext http, Permissions permissions, Openings openings, PackRegistry packs, Jurisdiction land, TimeProvider clock, string? sent) => MineAsync(http, permissions, openings, packs, land, clock, sent is not null, null));
        mine.MapPost("/withdraw", (HttpContext http, Permissions permissions, Openings openings, PackRegistry packs, Jurisdiction land, TimeProvider clock) =>
            ActAsync(http, permissions, openings, packs, land, clock, id => permissions.WithdrawAsync(http.Caller(), id, http.RequestAborted)));
        mine.MapPost("/give-up", (HttpContext http, Permissions permissions, Openings openings, PackRegistry packs, Jurisdiction land, TimeProvider clock) =>
            ActAsync(http, permissions, openings, packs, land, clock, id => permissions.EndAsync(http.Caller(), id, null, http.RequestAborted)));
        mine.MapGet("/{id}/agreement", async (string id, HttpContext http, Permissions permissions, Jurisdiction land) =>
            await permissions.FindAsync(id, http.RequestAborted) is { } file && file.Application.Login == http.Caller().Login && await permissions.AgreementAsync(file.Application.Asked.Agreement, http.RequestAborted) is { } agreement
                ? new RazorComponentResult<AgreementPage>(new { Visit = Visit.Of(http, land), file.Application, Agreement = agreement, land.Offset }) : Missing(http));
        mine.MapNotebooks();
    }

    internal static RazorComponentResult Missing(HttpContext http) => PortalRoom.Message(MePages.VisitOf(http), "missing.title", "missing.text", 404);

    private static async Task<RazorComponentResult> FormAsync(OpeningOffer offer, Permissions permissions, HttpContext http, IReadOnlyDictionary<string, string> typed, IReadOnlyDictionary<string, string> faults)
    {
        return new RazorComponentResult<ApplyForPage>(new Dictionary<string, object?>
        {
            ["Visit"] = MePages.VisitOf(http), ["Offer"] = offer, ["Typed"] = typed, ["Faults"] = faults, ["Agreement"] = OpeningAgreement.Of(offer.Pack, offer.Dataset), ["Principals"] = await permissions.PrincipalsAsync(http.Caller(), http.RequestAborted),
        }) { StatusCode = faults.Count == 0 ? 200 : 422 };
    }

    private static async Task<IResult> ApplyAsync(string pack, string dataset, Permissions permissions, HttpContext http)
    {
        if (permissions.Find(pack, dataset) is not { } offer)
            return Missing(http);
        var typed = (await MePages.FormAsync(http)).ToDictionary(f => f.Key, f => f.Value.ToString());
        string Said(string field) => typed.GetValueOrDefault(field, "").ReplaceLineEndings("\n");
        var days = int.TryParse(Said("days"), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
        var asked = new OpeningAsked(Said("for"), Said("form"), Said("purpose"), Said("product"), days, Said("safeguards"), Said("agreement"));
        try
        {
            var (file, faults) = await permissions.ApplyAsync(http.Caller(), pack, dataset, asked, http.RequestAborted);
            return file is not null ? Results.LocalRedirect("/my/data?sent=1")
                : await FormAsync(offer, permissions, http, typed, faults.ToDictionary(f => f.Key, f => Problems.Say(Lang.Of(http), f.Value, OpeningAsked.FaultArgs(offer))));
        }
        catch (RefusedException refused)
        {
            return await FormAsync(offer, permissions, http, typed, new Dictionary<string, string> { ["for"] = refused.Say(Lang.Of(http)) });
        }
    }

    private static async Task<IResult> ActAsync(HttpContext http, Permissions permissions, Openings openings, PackRegistry packs, Jurisdiction land, TimeProvider clock, Func<string, Task> act)
    {
        try
        {
            await act((await MePages.FormAsync(http))["id"].ToString());
            return Results.LocalRedirect("/my/data");
        }
        catch (RefusedException refused)
        {
            return await MineAsync(http, permissions, openings, packs, land, clock, false, refused.Say(Lang.Of(http)));
        }
    }

    private static async Task<RazorComponentResult> MineAsync(HttpContext http, Permissions permissions, Openings openings, PackRegistry packs, Jurisdiction land, TimeProvider clock, bool isSent, string? fault)
    {
        var lines = new List<MyDataPage.Line>();
        foreach (var file in await permissions.OfAsync(http.Caller(), http.RequestAborted))
        {
            var (pack, dataset) = (packs.Find(file.Application.Pack), packs.Find(file.Application.Pack)?.Dataset(file.Application.Dataset));
            var name = dataset is null ? $"{file.Application.Pack}/{file.Application.Dataset}" : pack!.Say(Lang.Of(http), dataset.Name);
            var stands = file.Permission is { } p && p.StandsAs(clock.GetUtcNow()) == "active" && dataset is not null && await permissions.HoldsAsync(http.Caller(), pack!, dataset, p.Form, p.Id, http.RequestAborted) is not null;
            var isPublished = stands && (permissions.OpensRows(pack!, dataset!) || await openings.EditionAsync(pack!, dataset!, http.RequestAborted) is not null);
            lines.Add(new MyDataPage.Line(file, name, stands, isPublished));
        }
        return new RazorComponentResult<MyDataPage>(new Dictionary<string, object?> { ["Visit"] = Visit.Of(http, land), ["Lines"] = lines, ["IsSent"] = isSent, ["Fault"] = fault, ["Offset"] = land.Offset, ["Now"] = clock.GetUtcNow() }) { StatusCode = fault is null ? 200 : 422 };
    }
}
