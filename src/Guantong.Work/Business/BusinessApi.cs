using Guantong.Data;
using Guantong.Packs;
using Guantong.Trust;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guantong.Work;

/// <summary>What whoever acts for an organisation does and sees, policies, and the public record, over the API.</summary>
internal static class BusinessApi
{
    public static void MapBusiness(this IEndpointRouteBuilder api)
    {
        var me = api.MapGroup("/me/organisations").WithTags("Business").Needs("self.see");
        me.MapGet("", async (OrganisationHomes homes, HttpContext http) => Results.Ok((await homes.OfAsync(http.Caller(), http.RequestAborted)).Select(Shown)))
            .WithSummary("The organisations that I may act for today, with the matters of my authority");
        me.MapGet("/{code}", async (string code, OrganisationHomes homes, OrganisationRecords records, Jurisdiction land, HttpContext http) =>
            await homes.FindAsync(http.Caller(), code, http.RequestAborted) is not { } acting ? http.Problem(404, "not-found", code)
            : Results.Ok(new { Organisation = Shown(acting), Record = records.Of(code, isPublic: false).Select(l => Shown(l, Lang.Of(http), land, homes.RenewalOf(l))) }))
            .WithSummary("One of them: what registers say of it, licences by their end, each with its source, its day and the service that renews it");
        me.MapGet("/{code}/policies", async (string code, OrganisationHomes homes, SupportPolicies policies, HttpContext http) =>
            await homes.FindAsync(http.Caller(), code, http.RequestAborted) is not { } acting ? http.Problem(404, "not-found", code)
            : Results.Ok((await policies.MatchAsync(http.Caller(), acting, Lang.Of(http), isDrawn: false, http.RequestAborted)).Select(m => new
            {
                Pack = m.Pack.Id, m.Policy.Id, Name = m.Pack.Say(Lang.Of(http), m.Policy.Name), Outcome = Outcome(m), Why = Decisions.DecisionJson.Write(m.Why), m.Given, m.Case,
                Facts = m.Facts.Select(f => new { Dataset = f.Dataset is null ? f.Fact.Data.Name : $"{f.Home!.Id}/{f.Dataset.Id}", Source = f.Dataset?.Source.Name, Found = f.Row is not null, f.AsOf }),
            })))
            .WithSummary("How the policies that are in force fit it, by which rules and facts; the read stands in the ledger");
        me.MapPost("/{code}/policies/{pack}/{policy}", async (string code, string pack, string policy, OrganisationHomes homes, SupportPolicies policies, HttpContext http) =>
            await homes.FindAsync(http.Caller(), code, http.RequestAborted) is not { } acting ? http.Problem(404, "not-found", code)
            : await WorkRoom.ActAsync(http, async () => Results.Ok(new { Number = await policies.ConfirmAsync(http.Caller(), acting, pack, policy, http.RequestAborted) })))
            .WithSummary("Confirm a policy that is had without an application (免申即享); a case is opened");
        var anyone = api.MapGroup("").WithTags("Business").Needs("public.read");
        anyone.MapGet("/policies", (SupportPolicies policies, UserCentre centre, Jurisdiction land, HttpContext http, string? q) => Results.Ok(policies.Find(q).Select(p => new
        {
            Pack = p.Pack.Id, p.Policy.Id, Name = p.Pack.Say(Lang.Of(http), p.Policy.Name), Unit = land.Units.Named(p.Policy.Unit.Name)?.Say(Lang.Of(http)) ?? p.Policy.Unit.Name,
            Basis = p.Pack.Say(Lang.Of(http), p.Policy.Basis), Gives = p.Pack.Say(Lang.Of(http), p.Policy.Gives), From = p.Policy.FirstDay, Until = p.Policy.LastDay, State = p.Policy.StateOn(centre.Today), Matter = p.Policy.MatterOf(p.Pack), p.Policy.IsAutomatic,
        }))).WithSummary("The policies for organisations, by words that each has to say");
        anyone.MapGet("/organisations/{code}/record", (string code, OrganisationRecords records, Jurisdiction land, HttpContext http) =>
            records.Of(code, isPublic: true) is { Count: > 0 } lines ? Results.Ok(lines.Select(l => Shown(l, Lang.Of(http), land, null))) : http.Problem(404, "not-found", code))
            .WithSummary("What is public of an organisation, each line with its source and day");
    }

    private static object Shown(ActingFor acting) => new { acting.Organisation.Code, acting.Organisation.Name, acting.Organisation.Region, acting.IsRepresentative, acting.Matters, Agents = acting.Agents.Select(a => new { a.Id, a.Agent, a.Matters, a.From, a.To, a.Accepted, a.Ended }) };

    private static object Shown(RecordLine line, string lang, Jurisdiction land, (Pack Pack, Matter Matter)? renewal) => new
    {
        Kind = line.Record.As, Dataset = line.DatasetId, Source = line.Dataset.Source.Name, line.AsOf, Title = line.Say(line.Record.Title.Name, lang, land), line.Until,
        Fields = line.Record.Fields.ToDictionary(f => f.Name, f => line.Values.GetValueOrDefault(f.Name)), line.Record.Public, Renew = renewal is var (pack, matter) ? $"{pack.Id}/{matter.Id}" : null,
    };

    // The words of decisions are the packs'; programs read these.
    private static string Outcome(PolicyMatch match) => match.Outcome switch { SupportPolicy.Fits => "fits", SupportPolicy.Nearly => "nearly", _ => "not" };
}
