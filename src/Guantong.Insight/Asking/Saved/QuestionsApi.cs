using System.Text.Json;
using Guantong.Trust;
using Guantong.Work;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guantong.Insight;

/// <summary>Kept questions over the API.</summary>
internal static class QuestionsApi
{
    public static void MapQuestions(this IEndpointRouteBuilder api)
    {
        var all = api.MapGroup("/questions").WithTags("Asking").Needs("question.ask");
        all.MapGet("", async (SavedQuestions questions, HttpContext http, string? q, bool mine = false, bool pinned = false, int skip = 0, int take = 50) =>
            skip < 0 || take is < 1 or > TrustRoom.LargestPage ? http.Problem(400, "bad-page", TrustRoom.LargestPage) : Results.Ok(await questions.PageAsync(http.Caller(), q, mine, pinned, skip, take, http.RequestAborted)))
            .WithSummary("Kept questions that the caller sees, pinned ones first").Produces<Page<SavedQuestion>>();
        all.MapPost("", (QuestionGiven given, SavedQuestions questions, HttpContext http) => AskingTexts.ActAsync(http, async () =>
        {
            var kept = await questions.KeepAsync(http.Caller(), given, http.RequestAborted);
            return Results.Created($"/api/v1/questions/{kept.Id}", kept);
        })).WithSummary("Keep a question: kind ask, build or sql; visibility me, unit or all").Produces<SavedQuestion>(201);
        all.MapGet("/{id}", async (string id, SavedQuestions questions, HttpContext http) => await questions.FindAsync(http.Caller(), id, http.RequestAborted) is { } one ? Results.Ok(one) : http.Problem(404, "not-found", id))
            .WithSummary("A kept question").Produces<SavedQuestion>();
        all.MapGet("/{id}/versions", async (string id, SavedQuestions questions, HttpContext http) =>
            await questions.FindAsync(http.Caller(), id, http.RequestAborted) is null ? http.Problem(404, "not-found", id) : Results.Ok(await questions.VersionsAsync(id, http.RequestAborted)))
            .WithSummary("What a kept question was, version by version").Produces<QuestionVersion[]>();
        all.MapPut("/{id}", (string id, QuestionGiven given, SavedQuestions questions, HttpContext http) => AskingTexts.ActAsync(http, async () => Results.Ok(await questions.ChangeAsync(http.Caller(), id, given, http.RequestAborted))))
            .WithSummary("Change a question of one's own; give the version that was read").Produces<SavedQuestion>();
        all.MapDelete("/{id}", (string id, SavedQuestions questions, HttpContext http, long version = 0) => AskingTexts.ActAsync(http, async () =>
        {
            await questions.DeleteAsync(http.Caller(), id, version, http.RequestAborted);
            return Results.NoContent();
        })).WithSummary("Delete a question of one's own; give the version that was read");
        foreach (var (method, isPinned) in ((string, bool)[])[("PUT", true), ("DELETE", false)])
        {
            all.MapMethods("/{id}/pin", [method], (string id, SavedQuestions questions, HttpContext http) => AskingTexts.ActAsync(http, async () =>
            {
                await questions.PinAsync(http.Caller(), id, isPinned, http.RequestAborted);
                return Results.NoContent();
            })).WithSummary(isPinned ? "Put a question on one's page" : "Take a question off one's page");
        }
    }
}
