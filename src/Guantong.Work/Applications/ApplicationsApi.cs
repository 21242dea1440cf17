using System.Text.Json.Nodes;
using Guantong.Data;
using Guantong.Packs;
using Guantong.Trust;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Guantong.Work;

/// <summary>Services over the API: list, guide, apply, look up. Nobody has to sign in.</summary>
public static class ApplicationsApi
{
    /// <summary>The limit on what one address may apply for and look up: codes cannot be guessed by trying, nor units flooded.</summary>
    public static readonly Limit Limit = new("applications", 60);

    /// <summary>What applying asks for.</summary>
    /// <param name="Region">Where.</param>
    /// <param name="Data">What the form asks for.</param>
    /// <param name="For">For whom, with the caller's account: <c>self</c>, <c>person:LOGIN</c> or <c>organisation:CODE</c>; null to look it up by number and code.</param>
    /// <param name="NotifyEmail">Without an account: where they want to be told how it goes on; null for nowhere.</param>
    /// <param name="Materials">Of materials that come later or are promised: material → later, or promise:HASH of the text that was read.</param>
    /// <param name="Files">The basket in which the files lie that go with it.</param>
    /// <param name="Objections">Field that data fills (prefill) → why that is not right; what stands in the data given here counts then.</param>
    public sealed record NewApplication(string Region, JsonObject? Data, string? For = null, string? NotifyEmail = null, string? Files = null, IReadOnlyDictionary<string, string>? Materials = null, IReadOnlyDictionary<string, string>? Objections = null);

    internal static void MapApplications(this IEndpointRouteBuilder api)
    {
        var services = api.MapGroup("/services").WithTags("Services");
        services.MapGet("", (Applications applications) => Results.Ok(applications.Services().Select(s => new { Pack = s.Applied.Pack.Id, s.Matter.Id, s.Matter.Name, s.Matter.About, s.Matter.Limit, s.Matter.Fee, Result = s.Matter.Document })))
            .Needs("public.read").WithSummary("What people and businesses can apply for");
        services.MapGet("/{pack}/{matter}", (string pack, string matter, Applications applications, HttpContext http) => applications.Find(pack, matter) is not var (applied, found)
            ? http.Problem(404, "not-found", $"{pack}/{matter}")
            : Results.Ok(new
            {
                Pack = pack, found.Id, found.Name, found.About, found.Limit, found.Fee, Result = found.Document,
                Regions = applications.Regions(found).Select(r => new { r.Code, r.Name }),
                Needs = found.Needs.Select(n => new { Data = n.Data.Name, Fields = n.Fields.Select(f => f.Name), n.For }),
                Materials = found.Materials.Select(m => new { m.Id, m.Name, m.About, m.Required, When = m.When?.Name, m.Form, From = m.From?.Name, m.Omit, m.Promise, PromiseSha256 = m.Promise is { } text ? MaterialRules.Hash(text) : null, Types = m.Kinds }),
                Parts = found.Joint is { } joint ? applications.PartsOf(applied.Pack, joint).Select(p => new { Matter = $"{p.Pack.Id}/{p.Matter.Id}", p.Matter.Name, Unit = p.Pack.LeadOf(p.Matter), p.Matter.Limit, When = p.Part.When?.Name, After = p.Part.After.Select(a => a.Name) }) : null,
                Form = found.Form is { } form ? JsonNode.Parse(applied.Pack.Forms[form.Name]) : null,
            })).Needs("public.read").WithSummary("A service's guide, with the JSON Schema of its form");
        services.MapGet("/{pack}/{matter}/prefill", async (string pack, string matter, string? region, [FromQuery(Name = "for")] string? whom, Applications applications, SharedThings things, HttpContext http) => applications.Find(pack, matter) is not var (applied, found)
            ? http.Problem(404, "not-found", $"{pack}/{matter}") : http.SessionId() is null ? http.Problem(401, "no-session")
            : Results.Ok((await applications.PrefilledAsync(applied, found, new Applying(http.Caller(), whom is null or "self" ? "person:" + http.Caller().Login : whom), region, isDrawn: true, http.RequestAborted)).Select(p => new { p.Field, p.Dataset, Name = things.Called(applied.Pack, p.Dataset, Lang.Zh), p.Source, p.Value, p.Why, p.AsOf })))
            .Needs("service.apply").Limited(Limit).WithSummary("What data says of one's own application: fields that need not be filled in, and why others are asked for");
        services.MapPost("/{pack}/{matter}/applications", (string pack, string matter, NewApplication given, Applications applications, HttpContext http) => WorkRoom.ActAsync(http, async () =>
        {
            if (applications.Find(pack, matter) is not var (applied, found))
                return http.Problem(404, "not-found", $"{pack}/{matter}");
            if (given.For is not null && http.SessionId() is null)
                return http.Problem(401, "no-session");
            var who = given.For is { } principal ? new Applying(http.Caller(), principal == "self" ? "person:" + http.Caller().Login : principal) : null;
            var outcome = await applications.ApplyAsync(applied, found, new Filling(given.Region, given.Data ?? [], who)
            {
                Told = string.IsNullOrWhiteSpace(given.NotifyEmail) ? null : (given.NotifyEmail.Trim(), Lang.Of(http)), Basket = given.Files,
                Choices = given.Materials ?? new Dictionary<string, string>(), Objections = given.Objections ?? new Dictionary<string, string>(),
            }, http.RequestAborted);
            return outcome.Receipt is { } receipt ? Results.Created($"/api/v1/applications/{receipt.Number}", receipt) : http.FormProblem(outcome.Faults);
        })).Needs("service.apply").Limited(Limit).WithSummary("Apply; the answer holds the number and, this once, the code to look the case up with; none where it is for the caller's account").Produces<Receipt>(201);
        api.MapGet("/applications/{number}", async (string number, string code, Applications applications, Jurisdiction land, HttpContext http) =>
            await applications.LookUpAsync(number, code, http.RequestAborted) is { } file
                ? Results.Ok(new { file.Case.Number, file.Case.Title, file.Case.State, file.Case.Outcome, file.Case.Opened, file.Case.Due, file.Case.IsDueEstimated, file.Case.Stopped, Pauses = file.Pauses.Select(p => ClocksApi.Shown(p, land, Lang.Of(http))), file.Case.Ended, Termination = Shown(file.Termination, land, Lang.Of(http)), Acceptance = AcceptancesApi.Shown(file, land, Lang.Of(http)), MergedInto = Shown(file.MergedInto), file.Merged, file.Split, Parts = Shown(file.Parts, land, Lang.Of(http)), file.Steps, file.Documents, Payments = file.Payments.Select(PaymentsApi.Shown), file.Files, Materials = file.Materials.Select(m => new { m.Material, m.Name, m.State, m.Since, m.Due, m.Light, m.Promise, m.Checked, m.Reason }), Decisions = file.Decisions(Lang.Of(http)).Select(CaseDecisions.Write) })
                : http.Problem(404, "not-found", number))
            .Needs("service.look-up").Limited(Limit).WithTags("Services").WithSummary("How an application stands and how it was decided, by its number and code");
    }

    /// <summary>The parts of one thing as their applicant sees them.</summary>
    internal static object Shown(IReadOnlyList<ApplicationPart> parts, Jurisdiction land, string lang) => parts.Select(p => new
    {
        Matter = $"{p.Pack.Id}/{p.Matter.Id}", Name = p.Pack.Say(lang, p.Matter.Name), p.Unit, UnitName = land.Units.Find(p.Unit)?.Say(lang) ?? p.Unit, State = p.File?.Case.State ?? "waiting", p.After,
        p.File?.Case.Number, p.File?.Case.Outcome, p.File?.Case.Opened, p.File?.Case.Due, p.File?.Case.Ended, Stopped = p.File is { Case: { Ended: null, Stopped: { } since } } ? since : null, p.File?.Steps, p.File?.Documents, Appeal = p.File?.Case.Ended is null ? null : p.Matter.Appeal,
        Termination = Shown(p.File?.Termination, land, lang),
    });

    /// <summary>How a case was terminated as its applicant sees it: never by whom.</summary>
    internal static object? Shown(Termination? end, Jurisdiction land, string lang) =>
        end is null ? null : new { end.At, end.Ground, Name = land.Calendars.Ground(end.Ground)?.Say(lang) ?? end.Ground, Law = land.Calendars.Ground(end.Ground)?.SayLaw(lang), end.Reason };

    /// <summary>The case that one is handled with as the applicant of that one sees it: how far it is and what came of it.</summary>
    internal static object? Shown(ApplicationFile? into) => into is null ? null : new { into.Case.State, into.Case.Outcome, into.Case.Due, into.Case.Ended, into.Steps };

    /// <summary>The faults of a form as a problem with faults by field.</summary>
    internal static IResult FormProblem(this HttpContext http, IReadOnlyList<FormFault> faults) =>
        http.FieldProblem(faults.GroupBy(f => f.Field).ToDictionary(g => g.Key, g => g.Select(f => f.Say(Lang.Of(http))).ToArray()));
}
