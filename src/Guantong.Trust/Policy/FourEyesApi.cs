using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guantong.Trust;

/// <summary>Four eyes and roles for a time, over the API.</summary>
public static class FourEyesApi
{
    /// <summary>What somebody says to a request.</summary>
    public sealed record Word(string? Note = null);

    /// <summary>What asking for a role for a time takes.</summary>
    /// <param name="Until">ISO 8601 with its offset.</param>
    public sealed record NewElevation(string Role, DateTimeOffset Until, string Reason);

    internal static void MapFourEyes(this IEndpointRouteBuilder api)
    {
        var requests = api.MapGroup("/four-eyes").WithTags("Policy").TellsRefusals().Needs("four-eyes.take-part");
        requests.MapGet("", (FourEyes eyes, HttpContext http, bool all = false) => eyes.ForAsync(http.Caller(), !all, http.RequestAborted))
            .WithSummary("What I asked for and what waits for me to agree; decided ones too with all=true").Produces<FourEyesRequest[]>();
        requests.MapGet("/{id}", async (string id, FourEyes eyes, HttpContext http) => await eyes.FindAsync(http.Caller(), id, http.RequestAborted) is { } found ? Results.Ok(found) : http.Problem(404, "not-found", id))
            .WithSummary("One request").Produces<FourEyesRequest>();
        requests.MapPost("/{id}/agree", async (string id, Word given, FourEyes eyes, HttpContext http) => Alone(http) ?? http.NeedsStepUp()
                ?? Results.Ok(new { Done = await eyes.AgreeAsync(http.Caller(), id, given.Note, http.RequestAborted) }))
            .WithSummary("Agree: it is carried out at once, as it was asked for");
        requests.MapPost("/{id}/decline", async (string id, Word given, FourEyes eyes, HttpContext http) => Alone(http) ?? http.NeedsStepUp() ?? await DoneAsync(eyes.DeclineAsync(http.Caller(), id, given.Note, http.RequestAborted)))
            .WithSummary("Decline, with a reason");
        requests.MapDelete("/{id}", async (string id, FourEyes eyes, HttpContext http) => Alone(http) ?? await DoneAsync(eyes.WithdrawAsync(http.Caller(), id, http.RequestAborted)))
            .WithSummary("Withdraw what I asked for");

        var elevations = api.MapGroup("/elevations").WithTags("Policy").TellsRefusals();
        elevations.MapGet("", (Elevations held, HttpContext http) => held.PresentAsync(http.RequestAborted)).Needs("elevation.read").WithSummary("Roles that are held for a time now").Produces<Elevation[]>();
        elevations.MapGet("/mine", async (Elevations held, HttpContext http) => Results.Ok(new
        {
            Open = Elevations.OpenTo(http.Caller()).Select(r => new { r.Role, Hours = r.Longest.TotalHours, r.FourEyes }), Items = await held.OfAsync(http.Caller().Login, http.RequestAborted),
        })).Needs("elevation.ask").WithSummary("Which roles I may ask for, and what I was given");
        elevations.MapPost("", async (NewElevation given, Elevations held, HttpContext http) => Alone(http) ?? http.NeedsStepUp()
                ?? (await held.AskAsync(http.Caller(), given.Role, given.Until, given.Reason, http.RequestAborted) is var request ? Results.Accepted($"/api/v1/four-eyes/{request.Id}", request) : null!))
            .Needs("elevation.ask").WithSummary("Ask for a role until a time, with the reason; another person has to agree").Produces<FourEyesRequest>(202);
        elevations.MapDelete("/{id}", async (string id, Elevations held, HttpContext http) => await held.EndAsync(http.Caller(), id, http.RequestAborted) ? Results.NoContent() : http.Problem(404, "not-found", id))
            .Needs("elevation.ask").WithSummary("Give my own back; operators and security officers end others' too");
    }

    // Agreeing is a second person's: neither a program nor the machine's own command line is one.
    private static IResult? Alone(HttpContext http) => http.SessionId() is null ? http.Problem(403, "no-session") : null;

    private static async Task<IResult> DoneAsync(Task work)
    {
        await work;
        return Results.NoContent();
    }
}
