using Guantong.Data;
using Guantong.Packs;
using Guantong.Portal.Me;
using Guantong.Trust;
using Guantong.Work;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Guantong.Portal.Business;

/// <summary>Pages of organisations: their homes, for whoever may act for them; their public record and the policies, for anyone.</summary>
internal static class BusinessPages
{
    private const int Most = 20;

    public static void MapOrganisations(this IEndpointRouteBuilder me)
    {
        var own = me.MapGroup("/organisations").Needs("self.see");
        own.MapGet("", async Task<IResult> (HttpContext http, OrganisationHomes homes) =>
            new RazorComponentResult<OrganisationsPage>(new { Visit = MePages.VisitOf(http), Organisations = await homes.OfAsync(http.Caller(), http.RequestAborted) }));
        own.MapGet("/{code}", (string code, HttpContext http) => HomeAsync(code, http, null));
        own.MapPost("/{code}/policies/{pack}/{policy}", ConfirmAsync);
    }

    public static void MapBusiness(this IEndpointRouteBuilder pages)
    {
        pages.MapGet("/policies", IResult (string? q, SupportPolicies policies, UserCentre centre, Jurisdiction land, HttpContext http) =>
            new RazorComponentResult<PoliciesPage>(new { Visit = Visit.Of(http, land), Words = q?.Trim() ?? "", Policies = policies.Find(q), centre.Today, Land = land })).Needs("public.read");
        pages.MapGet("/policies/{pack}/{policy}", IResult (string pack, string policy, SupportPolicies policies, SharedThings things, UserCentre centre, Jurisdiction land, HttpContext http) =>
            policies.Find(pack, policy) is var (home, found)
                ? new RazorComponentResult<PolicyPage>(new { Visit = Visit.Of(http, land), Pack = home, Policy = found, Service = policies.ServiceOf(home, found), Things = things, centre.Today, Land = land })
                : PortalRoom.Message(Visit.Of(http, land), "missing.title", "missing.text", 404)).Needs("public.read");
        pages.MapGet("/organisations/{code}", IResult (string code, OrganisationRecords records, Warehouse warehouse, UserCentre centre, Jurisdiction land, HttpContext http) =>
            CreditCode.IsValid(code) && records.Of(code, isPublic: true) is { Count: > 0 } lines
                ? new RazorComponentResult<RecordPage>(new { Visit = Visit.Of(http, land), Code = code, Lines = lines, Land = land, centre.Today, IsSynthetic = lines.Select(l => (l.Pack, l.Dataset)).Distinct().Any(d => DatasetStatus.IsSynthetic(warehouse, d.Pack, d.Dataset)) })
                : PortalRoom.Message(Visit.Of(http, land), "record.none.title", "record.none.text", 404)).Needs("public.read");
    }

    // Who may not act for it is told nothing, not even whether it is there.
    private static async Task<IResult> HomeAsync(string code, HttpContext http, ConflictException? refused)
    {
        var (me, visit, cancel) = (http.Caller(), MePages.VisitOf(http), http.RequestAborted);
        T Of<T>() => (T)http.RequestServices.GetService(typeof(T))!;
        if (await Of<OrganisationHomes>().FindAsync(me, code, cancel) is not { } acting)
            return PortalRoom.Message(visit, "missing.title", "missing.text", 404);
        var (homes, records, applications, packs) = (Of<OrganisationHomes>(), Of<OrganisationRecords>().Of(code, isPublic: false), Of<Applications>(), Of<PackRegistry>());
        var page = await applications.OfAsync(me, 0, Most, acting.Subject, cancel);
        var names = new Dictionary<string, (string Matter, string? Outcome)>();
        foreach (var one in page.Items)
        {
            var pack = await packs.AtAsync(one.Pack, one.Revision, cancel);
            names[one.Number] = (pack.Say(visit.Lang, pack.Matter(one.Matter)?.Name ?? one.Matter), one.Outcome is { } outcome ? pack.Say(visit.Lang, outcome) : null);
        }
        var policies = Of<SupportPolicies>();
        return new RazorComponentResult<OrganisationPage>(new Dictionary<string, object?>
        {
            ["Visit"] = visit, ["Land"] = Of<Jurisdiction>(), ["Acting"] = acting, ["Record"] = records, ["Today"] = Of<UserCentre>().Today, ["Fault"] = refused?.Say(visit.Lang),
            ["Renewals"] = records.Where(l => l.Record.As == "licence").ToDictionary(l => l, homes.RenewalOf),
            ["Matches"] = await policies.MatchAsync(me, acting, visit.Lang, isDrawn: true, cancel), ["Services"] = policies, ["Unseen"] = policies.Find().Count(p => p.Policy.StateOn(Of<UserCentre>().Today) == "in-force" && !acting.May(p.Policy.MatterOf(p.Pack))),
            ["Applications"] = page, ["Names"] = names, ["Documents"] = await homes.DocumentsAsync(page.Items.Select(a => a.Number), cancel),
            ["Credentials"] = acting.IsRepresentative ? (await Of<Wallets>().MineAsync(me, cancel)).Where(c => c.Holder == acting.Subject).ToList() : [],
        }) { StatusCode = refused is null ? 200 : refused.Code == "policy-gone" ? 404 : 409 };
    }

    private static async Task<IResult> ConfirmAsync(string code, string pack, string policy, OrganisationHomes homes, SupportPolicies policies, HttpContext http)
    {
        if (await homes.FindAsync(http.Caller(), code, http.RequestAborted) is not { } acting)
            return PortalRoom.Message(MePages.VisitOf(http), "missing.title", "missing.text", 404);
        try
        {
            return Results.LocalRedirect($"/me/applications/{await policies.ConfirmAsync(http.Caller(), acting, pack, policy, http.RequestAborted)}");
        }
        catch (ConflictException e)
        {
            return await HomeAsync(code, http, e);
        }
    }
}
