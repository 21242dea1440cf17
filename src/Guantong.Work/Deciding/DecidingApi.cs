using System.Text.Json;
using System.Text.Json.Nodes;
using Guantong.Data;
using Guantong.Decisions;
using Guantong.Decisions.Explaining;
using Guantong.Feel;
using Guantong.Packs;
using Guantong.Trust;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Guantong.Work;

/// <summary>Decisions over the API: list, evaluate one or a batch, cover, compare.</summary>
internal static class DecidingApi
{
    private const int LargestBatch = 10_000;

    /// <summary>What evaluating asks for: one set of inputs, or a batch of them; with Explain, each answer says in words how it came about.</summary>
    public sealed record Trial(string Pack, string File, string Decision, JsonElement? Input, JsonElement[]? Batch, string? Dmn, bool Explain = false);

    /// <summary>What comparing asks for: the changed DMN text.</summary>
    public sealed record Changed(string Pack, string File, string Decision, string Dmn);

    public static void MapDeciding(this IEndpointRouteBuilder api)
    {
        var decisions = api.MapGroup("/decisions").WithTags("Decisions").Needs("decision.try").WithMetadata(new RequestSizeLimitAttribute(TrustRoom.LargestUpload));
        decisions.MapGet("", (PackRegistry packs) => Results.Ok(packs.Applied.Values.SelectMany(a => a.Pack.Decisions.Values.Select(d => new
        {
            Pack = a.Pack.Id,
            File = d.Path,
            Decisions = d.Model.Decisions.Select(x => new { x.Id, x.Name, x.Label, x.Inputs }),
            Inputs = d.Model.Inputs.Select(i => new { i.Name, i.Label, Type = i.Type.ToString() }),
        })))).WithSummary("Decision files of the packs in force, with their decisions and inputs");
        decisions.MapPost("/evaluate", Evaluate).WithSummary("Evaluate a decision on one set of inputs or a batch; with `explain`, in words too; with `dmn`, a changed version of the file");
        decisions.MapGet("/coverage", async (string pack, string file, string decision, Deciding deciding, HttpContext http) =>
        {
            if (deciding.Find(pack, file) is not { } found || !Has(found.Model, decision))
                return http.Problem(404, "not-found", $"{pack}/{file}#{decision}");
            var past = await deciding.PastAsync(pack, file, decision, http.Caller(), http.RequestAborted);
            return Results.Ok(new { Rows = past.Count, Rules = deciding.Coverage(found.Model, decision, past) });
        }).WithSummary("How often each rule fired over the latest rows and cases that the decision has judged");
        decisions.MapPost("/compare", async (Changed given, Deciding deciding, HttpContext http) =>
        {
            if (deciding.Find(given.Pack, given.File) is not { } found || !Has(found.Model, given.Decision))
                return http.Problem(404, "not-found", $"{given.Pack}/{given.File}#{given.Decision}");
            return Changes(given.Dmn, given.Pack, given.File, given.Decision, deciding, http, out var changed)
                ?? Results.Ok(deciding.Compare(found.Model, changed!, given.Decision, await deciding.PastAsync(given.Pack, given.File, given.Decision, http.Caller(), http.RequestAborted)));
        }).WithSummary("A changed version against the one in force, on the latest rows and cases that the decision has judged").Produces<VersionComparison>();
    }

    private static IResult Evaluate(Trial given, Deciding deciding, PackRegistry packs, HttpContext http)
    {
        if (deciding.Find(given.Pack, given.File) is not { } found || !Has(found.Model, given.Decision))
            return http.Problem(404, "not-found", $"{given.Pack}/{given.File}#{given.Decision}");
        var model = found.Model;
        if (given.Dmn is { } dmn && Changes(dmn, given.Pack, given.File, given.Decision, deciding, http, out model) is { } problem)
            return problem;
        var inputs = given.Batch ?? (given.Input is { } one ? [one] : []);
        if (inputs.Length is 0 or > LargestBatch || inputs.Any(i => i.ValueKind != JsonValueKind.Object))
            return http.Problem(400, "bad-batch", LargestBatch);
        var answers = new JsonArray();
        foreach (var input in inputs)
        {
            var (values, unknown) = DecisionJson.Inputs(model!, input);
            if (unknown.Count > 0)
                return http.Problem(422, "unknown-input", string.Join(", ", unknown), string.Join(", ", model!.Inputs.Select(i => i.Name)));
            try
            {
                answers.Add((JsonNode)Answer(model!, given, values, deciding.Session(), packs.Find(given.Pack)!, Lang.Of(http)));
            }
            catch (FeelBudgetException)
            {
                return http.Problem(422, "decision-budget");
            }
        }
        return Results.Ok(given.Batch is null ? answers[0] : answers);
    }

    private static JsonObject Answer(DmnModel model, Trial given, IReadOnlyDictionary<string, object?> values, FeelSession session, Pack pack, string lang)
    {
        var outcome = given.Explain ? model.Trace(given.Decision, values, session) : model.Evaluate(given.Decision, values, session);
        var answer = DecisionJson.Answer(outcome, lang);
        if (given.Explain)
            answer["explanation"] = DecisionJson.Write(Explanation.Of(outcome, lang, text => pack.Say(lang, text)));
        return answer;
    }

    private static bool Has(DmnModel model, string decision) => model.Decisions.Any(d => d.Id == decision);

    private static IResult? Changes(string dmn, string pack, string file, string decision, Deciding deciding, HttpContext http, out DmnModel? model)
    {
        var reading = deciding.Read(pack, file, dmn);
        model = reading.Model;
        if (reading.Faults.Count > 0)
            return http.Problem(422, "bad-decision", string.Join("; ", reading.Faults.Take(5).Select(f => $"{f.Line}:{f.Column} {f.Message(Lang.Of(http))}")));
        return model is null || !Has(model, decision) ? http.Problem(404, "not-found", decision) : null;
    }
}
