using Guantong.Trust;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guantong.Work;

/// <summary>Drafts over the API.</summary>
internal static class DraftsApi
{
    /// <summary>What is typed.</summary>
    /// <param name="Typed">What stands in the form's controls, by their names: income, members[0].income.</param>
    /// <param name="Version">The version that was seen; 0 where there was none.</param>
    public sealed record Typing(IReadOnlyDictionary<string, string>? Typed, long Version = 0);

    public static void MapDrafts(this IEndpointRouteBuilder api)
    {
        var tasks = api.MapGroup("/tasks/{id}/draft").WithTags("Work").Needs("task.work");
        tasks.MapGet("", async (string id, Tasks tasks, TaskDrafts drafts, HttpContext http) =>
            await tasks.FindAsync(id, http.Rows("task.read"), http.RequestAborted) is { } task && await drafts.FindAsync(task, http.Caller(), http.RequestAborted) is { } draft
                ? Results.Ok(new { draft.Typed, draft.Version, draft.Saved, draft.By }) : http.Problem(404, "not-found", id)).WithSummary("What is typed into a task's form and not sent yet");
        tasks.MapPut("", (string id, Typing given, TaskDrafts drafts, HttpContext http) => WorkRoom.ActAsync(http, async () =>
            Told(http, await drafts.SaveAsync(id, given.Typed ?? new Dictionary<string, string>(), given.Version, http.Caller(), http.RequestAborted))))
            .WithSummary("Save it over the version that was seen; where it was changed elsewhere nothing is overwritten, and the answer (409) holds what stands there");
        var mine = api.MapGroup("/me/drafts").WithTags("Me").Needs("self.see").OnlyForPeople();
        mine.MapGet("", async (ApplicationDrafts drafts, HttpContext http) => Results.Ok((await drafts.OfAsync(http.Caller(), http.RequestAborted)).Select(d => new { d.Id, d.Of!.Value.Pack, d.Of.Value.Matter, d.Version, d.Saved, d.Typed })))
            .WithSummary("Applications that I have begun and not sent");
        mine.MapDelete("/{id}", async (string id, ApplicationDrafts drafts, HttpContext http) => await drafts.RemoveAsync(http.Caller(), id, http.RequestAborted) ? Results.NoContent() : http.Problem(404, "not-found", id))
            .WithSummary("Throw one away");
    }

    private static IResult Told(HttpContext http, DraftSaving saving) => saving.IsSaved ? Results.Ok(new { saving.Now!.Version, saving.Now.Saved })
        : Results.Problem(detail: WorkTexts.Say(Lang.Of(http), "conflict.draft-moved"), statusCode: 409, title: WorkTexts.Say(Lang.Of(http), "conflict"),
            extensions: new Dictionary<string, object?> { ["code"] = "draft-moved", ["now"] = saving.Now is { } now ? new { now.Typed, now.Version, now.Saved, now.By } : null });
}
