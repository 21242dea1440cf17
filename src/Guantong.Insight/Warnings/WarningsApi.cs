using Guantong.Data;
using Guantong.Packs;
using Guantong.Packs.Reading;
using Guantong.Trust;
using Guantong.Work;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guantong.Insight;

/// <summary>Warnings over the API: reading, acknowledging, judging, measuring, replaying; and rosters of duty.</summary>
internal static class WarningsApi
{
    /// <summary>That somebody has a warning in hand.</summary>
    public sealed record Acknowledged(string? Note);

    /// <summary>What a warning turned out to be.</summary>
    /// <param name="Verdict">confirmed or false.</param>
    /// <param name="Version">As it was read; refuses where it has changed since.</param>
    public sealed record Judgement(string? Verdict, string? Note, long? Version = null);

    /// <summary>Something that happened.</summary>
    /// <param name="Day">yyyy-MM-dd.</param>
    public sealed record NewEvent(string? Pack, string? Indicator, string? Region, string? Day, string? Words);

    /// <summary>A declaration to run over past figures.</summary>
    /// <param name="Warn">What would stand under <c>warn</c>, in YAML; what is declared when left out.</param>
    public sealed record NewReplay(string? Pack, string? Indicator, string? Warn = null, string? Region = null, DateOnly? From = null, DateOnly? To = null);

    /// <summary>Somebody on call.</summary>
    /// <param name="Unit">The caller's own when left out.</param>
    /// <param name="Login">An official of the unit; the unit itself when left out.</param>
    /// <param name="From">yyyy-MM-ddTHH:mm or yyyy-MM-dd by the jurisdiction's clock.</param>
    public sealed record NewTurn(string? Unit, string? Login, string? From, string? To);

    public static void MapWarnings(this IEndpointRouteBuilder api)
    {
        var all = api.MapGroup("/warnings").WithTags("Insight").TellsRefusals();
        all.MapGet("", async (Warnings warnings, HttpContext http, string? pack, string? indicator, string? region, string? within, string? level, string? state, string? signal, DateOnly? from, DateOnly? to, int skip = 0, int take = 50) =>
            skip < 0 || take is < 1 or > TrustRoom.LargestPage ? http.Problem(400, "bad-page", TrustRoom.LargestPage)
            : Results.Ok(await warnings.PageAsync(new WarningFilter(pack, indicator, region, within, level, state, signal, from, to), skip, take, http.RequestAborted)))
            .Needs("public.read").WithSummary("Warnings, the latest first").Produces<Page<Warning>>();
        all.MapGet("/waiting", async (WarningCalls calls, HttpContext http) => Results.Ok(await calls.WaitingAsync(http.Caller(), http.RequestAborted)))
            .Needs("warning.acknowledge").WithSummary("Warnings that my unit was told of and nobody has acknowledged").Produces<WarningCall[]>();
        all.MapGet("/{id}", async (string id, WarningFiles files, HttpContext http) => await files.OfAsync(id, Lang.Of(http), http.RequestAborted) is { } file ? Results.Ok(file) : http.Problem(404, "not-found", id))
            .Needs("cockpit.read").WithSummary("A warning: why it fired, the figures around it, who was told, what was said of it").Produces<WarningFile>();
        all.MapPost("/{id}/acknowledge", async (string id, Acknowledged given, WarningCalls calls, HttpContext http) =>
        {
            await calls.AcknowledgeAsync(id, given.Note, http.Caller(), http.RequestAborted);
            return Results.NoContent();
        }).Needs("warning.acknowledge").WithSummary("Acknowledge a warning that my unit was told of, as whoever is on call or as its leader");
        all.MapPost("/{id}/judge", async (string id, Judgement given, WarningVerdicts verdicts, HttpContext http) =>
        {
            await verdicts.JudgeAsync(id, given.Verdict, given.Note, given.Version, http.Caller(), http.RequestAborted);
            return Results.NoContent();
        }).Needs("warning.judge").WithSummary("Judge a warning that has ended: confirmed, or a false alarm");
        all.MapGet("/measured", async (WarningVerdicts verdicts, HttpContext http, string? pack, string? indicator, DateOnly? from, DateOnly? to) => Results.Ok(
            (await verdicts.MeasureAsync(pack, indicator, from, to, http.RequestAborted)).Select(m => new { Pack = m.Pack.Id, Indicator = m.Indicator.Id, Name = m.Pack.Say(Lang.Of(http), m.Indicator.Name), m.Measures })))
            .Needs("cockpit.read").WithSummary("How well warnings did: precision, recall of recorded events and days of lead, by indicator and signal");
        all.MapGet("/events", async (WarningVerdicts verdicts, HttpContext http, string? pack, string? indicator, DateOnly? from, DateOnly? to) => Results.Ok(
            (await verdicts.EventsAsync(pack, indicator, from, to, http.RequestAborted)).Select(e => new { e.Id, e.Pack, e.Indicator, e.Region, e.Day, e.Words, e.Recorded })))
            .Needs("cockpit.read").WithSummary("What really happened, as officials recorded it, the latest first");
        all.MapPost("/events", async (NewEvent given, WarningVerdicts verdicts, HttpContext http) =>
        {
            var id = await verdicts.RecordAsync(given.Pack, given.Indicator, given.Region, given.Day, given.Words, http.Caller(), http.RequestAborted);
            return Results.Created("/api/v1/warnings/events", new { id });
        }).Needs("warning.judge").WithSummary("Record something that happened, of which a warning told or did not");
        all.MapPost("/events/{id}/withdraw", async (string id, WarningVerdicts verdicts, HttpContext http) =>
        {
            await verdicts.WithdrawAsync(id, http.Caller(), http.RequestAborted);
            return Results.NoContent();
        }).Needs("warning.judge").WithSummary("Take a recorded event back");
        all.MapPost("/replay", ReplayAsync).Needs("warning.replay").WithSummary("Run a declaration over past figures without firing anything").Produces<Replayed>();

        var duty = api.MapGroup("/on-call").WithTags("Insight").TellsRefusals();
        duty.MapGet("", async (OnCall roster, HttpContext http, string? unit) =>
            (unit ?? http.Caller().Unit) is not { } whose || !roster.MayRead(http.Caller(), whose) ? http.Problem(403, "on-call-not-yours") : Results.Ok(await roster.OfUnitAsync(whose, http.RequestAborted)))
            .Needs("on-call.read").WithSummary("Who of a unit, my own when none is named, is on call now or will be").Produces<OnCallTurn[]>();
        duty.MapPost("", async (NewTurn given, OnCall roster, HttpContext http) =>
        {
            var id = await roster.DeclareAsync(given.Unit, given.Login, given.From, given.To, http.Caller(), http.RequestAborted);
            return Results.Created("/api/v1/on-call", new { id });
        }).Needs("on-call.manage").WithSummary("Put an official, or the unit itself, on a unit's roster");
        duty.MapPost("/{id}/end", async (string id, OnCall roster, HttpContext http) =>
        {
            await roster.EndAsync(id, http.Caller(), http.RequestAborted);
            return Results.NoContent();
        }).Needs("on-call.manage").WithSummary("End a turn before its time");
    }

    private static async Task<IResult> ReplayAsync(NewReplay given, WarningReplay replay, PackRegistry packs, Jurisdiction land, HttpContext http)
    {
        if (packs.Find(given.Pack ?? "") is not { } pack || pack.Indicator(given.Indicator ?? "") is not { } indicator)
            return http.Problem(404, "not-found", $"{given.Pack}/{given.Indicator}");
        if (given.Warn?.Length > WarningReplay.Longest || (indicator.Warn is null && string.IsNullOrWhiteSpace(given.Warn)))
            return http.Problem(422, "warning-declaration", WarningReplay.Longest);
        if (given.Region is not null && land.Regions.Find(given.Region) is null)
            return http.Problem(404, "not-found", given.Region);
        var (replayed, findings) = await replay.RunAsync(pack, indicator, given.Warn, given.Region, given.From, given.To, http.RequestAborted);
        return replayed is not null ? Results.Ok(replayed) : http.Problem(422, "warning-broken", Told(findings, Lang.Of(http)));
    }

    /// <summary>What is wrong with a declaration that was tried out, line by line.</summary>
    internal static string Told(IReadOnlyList<Finding> findings, string lang) => string.Join(" ", findings.Where(f => f.Severity == Severity.Error).Select(f => $"{f.Mark.Line}:{f.Mark.Column} {f.Message(lang)}"));
}
