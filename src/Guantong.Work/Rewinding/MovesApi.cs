using System.Text.Json.Nodes;
using Guantong.Processes;
using Guantong.Trust;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guantong.Work;

/// <summary>Going back and forward over the API.</summary>
internal static class MovesApi
{
    /// <summary>Where to (an activity's id), in whose instance, whether what was done since is undone first; why; and the case's version as it was seen.</summary>
    public sealed record Going(string? To, string? Within, bool Compensate, string? Reason, long Version);

    /// <summary>The token of what is left, and the later activity to go to (null: what follows); what is known instead; why; and the case's version as it was seen.</summary>
    public sealed record Leaving(string? Token, string? To, JsonObject? Data, string? Reason, long Version);

    public static void MapMoves(this IEndpointRouteBuilder work)
    {
        var one = work.MapGroup("/cases/{id}");
        one.MapGet("/moves", async (string id, Cases cases, Moves moves, HttpContext http) =>
            await cases.FindAsync(id, http.Rows("case.read"), http.RequestAborted) is { } file ? Results.Ok(Told(await moves.SeeAsync(file, http.Caller(), Lang.Of(http), http.RequestAborted))) : http.Problem(404, "not-found", id))
            .Needs("case.read").WithSummary("How I may send the case back and forward now, and what each would end, leave and open");
        Map(one, MoveKind.Rewind, "Send the case back to an activity that was come to before");
        Map(one, MoveKind.Recall, "Take back what I gave, while nobody has acted on it");
        Map(one, MoveKind.Redo, "Do one branch again; no other's open work ends");
        one.MapPost("/skip", (string id, Leaving given, Cases cases, Moves moves, HttpContext http) =>
            MoveAsync(http, id, cases, moves, new Move(MoveKind.Skip, given.To, null, given.Token), given.Data, given.Reason, given.Version))
            .Needs("case.move").WithSummary("Leave an activity without its being done, or go on at a later one");
    }

    private static void Map(RouteGroupBuilder one, MoveKind kind, string summary) =>
        one.MapPost("/" + Word(kind), (string id, Going given, Cases cases, Moves moves, HttpContext http) =>
            MoveAsync(http, id, cases, moves, new Move(kind, given.To, given.Within, null, given.Compensate), null, given.Reason, given.Version)).Needs("case.move").WithSummary(summary);

    private static Task<IResult> MoveAsync(HttpContext http, string id, Cases cases, Moves moves, Move move, JsonObject? data, string? reason, long version) => WorkRoom.ActAsync(http, async () =>
    {
        var lang = Lang.Of(http);
        if (await cases.FindAsync(id, http.Rows("case.read"), http.RequestAborted) is not { } file)
            return http.Problem(404, "not-found", id);
        try
        {
            var faults = await moves.MoveAsync(file.Case.Id, move, data, reason, version, http.Caller(), http.RequestAborted);
            return faults.Count == 0 ? Results.NoContent() : http.FormProblem(faults);
        }
        catch (RewindException e)
        {
            return Results.Problem(detail: await moves.SayAsync(file.Case, e.Fault, lang, http.RequestAborted), statusCode: 409, title: WorkTexts.Say(lang, "move.refused"),
                extensions: new Dictionary<string, object?> { ["code"] = "move-" + Kebab(e.Fault.Reason) });
        }
        catch (StuckException stuck)
        {
            return http.WorkProblem(422, "still-stuck", WorkTexts.Say(lang, "incident.why." + stuck.Why, stuck.Detail));
        }
    });

    private static object Told(CaseMoves moves) => new
    {
        moves.Version,
        Moves = moves.Offers.Select(o => new { Kind = Word(o.Move.Kind), o.Move.To, o.Name, o.Move.Within, o.Instance, o.Move.Token, o.Leaves, o.Form, o.Preview, o.Undoes }),
    };

    private static string Word(MoveKind kind) => $"{kind}".ToLowerInvariant();

    private static string Kebab(RewindRefusal reason) => string.Concat($"{reason}".Select((c, i) => i > 0 && char.IsUpper(c) ? $"-{char.ToLowerInvariant(c)}" : $"{char.ToLowerInvariant(c)}"));
}
