using Guantong.Trust;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guantong.Work;

/// <summary>Absences and skills of a unit's officials over the API.</summary>
internal static class ColleaguesApi
{
    /// <summary>Who is away (null: the caller), from which day to which (yyyy-MM-dd), and who stands in.</summary>
    public sealed record Away(string? Login, string? From, string? To, string? Substitute);

    /// <summary>All that they can do.</summary>
    public sealed record SkillSet(IReadOnlyList<string>? Skills);

    public static void MapColleagues(this IEndpointRouteBuilder work)
    {
        work.MapGet("/absences", async (Absences book, HttpContext http) => Results.Ok(http.Caller().Unit is { } unit ? await book.OfUnitAsync(unit, http.RequestAborted) : []))
            .Needs("absence.read").WithSummary("Who of my unit is away now or will be, and who stands in").Produces<Absence[]>();
        work.MapPost("/absences", (Away given, Absences book, HttpContext http) => WorkRoom.ActAsync(http, async () =>
        {
            var id = await book.DeclareAsync(given.Login, given.From, given.To, given.Substitute, http.Caller(), http.RequestAborted);
            return Results.Created("/api/v1/absences", new { id });
        })).Needs("absence.declare").WithSummary("Say that I am away, or as a leader that an official of my unit is, and who stands in");
        work.MapPost("/absences/{id}/end", (string id, Absences book, HttpContext http) => WorkRoom.ActAsync(http, async () =>
        {
            await book.EndAsync(id, http.Caller(), http.RequestAborted);
            return Results.NoContent();
        })).Needs("absence.declare").WithSummary("End an absence before its time");
        work.MapGet("/skills", async (Skills skills, HttpContext http) => Results.Ok((http.Caller().Unit is { } unit ? await skills.OfUnitAsync(unit, http.RequestAborted) : Enumerable.Empty<IGrouping<string, string>>()).Select(s => new { Login = s.Key, Skills = s.ToArray() })))
            .Needs("absence.read").WithSummary("What the officials of my unit can do, for tasks that are assigned by it");
        work.MapPut("/skills/{login}", (string login, SkillSet given, Skills skills, HttpContext http) => WorkRoom.ActAsync(http, async () =>
        {
            await skills.SetAsync(login, given.Skills, http.Caller(), http.RequestAborted);
            return Results.NoContent();
        })).Needs("absence.manage").WithSummary("Say what an official of my unit can do");
    }
}
