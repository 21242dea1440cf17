using Guantong.Trust;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guantong.Work;

/// <summary>Channels over the API: what the public sees, and for officials drafting, submitting, deciding and taking off.</summary>
public static class ChannelsApi
{
    /// <summary>A draft over the revision that was seen.</summary>
    public sealed record Writing(ChannelContent Content, long Revision);

    /// <summary>The revision that is submitted, or over which an earlier version is taken up.</summary>
    public sealed record Seen(long Revision);

    /// <summary>From when it is shown; at once when left out.</summary>
    public sealed record Approval(DateTimeOffset? Begins = null);

    /// <summary>Why.</summary>
    public sealed record Because(string? Reason);

    internal static void MapChannels(this IEndpointRouteBuilder api)
    {
        var all = api.MapGroup("/channels").WithTags("Channels");
        all.MapGet("", async (RegionChannels book, Jurisdiction land, HttpContext http) => Results.Ok((await book.OnShowAsync(http.RequestAborted)).Select(c => new { c.Region, Name = land.Regions.Say(c.Region, Lang.Of(http)), c.Content.Title, c.Content.TitleEn, c.Begins, Address = $"/channels/{c.Region}" })))
            .Needs("public.read").WithSummary("Regions that have a channel");
        all.MapGet("/{region}", async (string region, RegionChannels book, HttpContext http) => await book.OnShowAsync(region, http.RequestAborted) is { } shown ? Results.Ok(shown) : http.Problem(404, "not-found", region))
            .Needs("public.read").WithSummary("The channel of a region as the public sees it").Produces<ChannelOnShow>();
        all.MapPost("", (RegionChannels book, HttpContext http) => WorkRoom.ActAsync(http, async () => Results.Created($"/api/v1/channels/{await book.BeginAsync(http.Caller(), http.RequestAborted)}/draft", null)))
            .Needs("channel.edit").WithSummary("Begin the channel of my unit's region");
        all.MapGet("/{region}/draft", async (string region, RegionChannels book, HttpContext http) => await book.FindAsync(region, http.Rows("channel.read"), http.RequestAborted) is { } found
            ? Results.Ok(new { Channel = found, Faults = Said(http, await book.FaultsAsync(region, found.Draft, http.RequestAborted)) }) : http.Problem(404, "not-found", region))
            .Needs("channel.read").WithSummary("A channel's draft with what is wrong in it, and what was submitted of it");
        all.MapPut("/{region}/draft", (string region, Writing given, RegionChannels book, HttpContext http) => WorkRoom.ActAsync(http, async () =>
        {
            var saving = await book.SaveAsync(http.Caller(), region, given.Content, given.Revision, http.RequestAborted);
            return saving.IsSaved ? Results.Ok(new { saving.Now.Revision, Faults = Said(http, await book.FaultsAsync(region, saving.Now.Draft, http.RequestAborted)) })
                : Results.Problem(detail: WorkTexts.Say(Lang.Of(http), "conflict.channel-moved"), statusCode: 409, title: WorkTexts.Say(Lang.Of(http), "conflict"),
                    extensions: new Dictionary<string, object?> { ["code"] = "channel-moved", ["now"] = new { saving.Now.Draft, saving.Now.Revision, saving.Now.Saved, saving.Now.SavedBy } });
        })).Needs("channel.edit").WithSummary("Save the draft over the revision that was seen; where it was changed meanwhile nothing is overwritten, and the answer (409) holds what stands there");
        all.MapPost("/{region}/submit", (string region, Seen given, RegionChannels book, HttpContext http) => WorkRoom.ActAsync(http, async () =>
            await book.SubmitAsync(http.Caller(), region, given.Revision, http.RequestAborted) is { Count: > 0 } faults ? http.FieldProblem(Said(http, faults)) : Results.NoContent()))
            .Needs("channel.edit").WithSummary("Submit the draft for approval; what is wrong in it is told by field (422)");
        AttachmentsApi.Takes(all.MapPost("/{region}/pictures", (string region, string? name, ChannelPictures pictures, HttpContext http) => WorkRoom.ActAsync(http, async () =>
        {
            var added = await pictures.AddAsync(http.Caller(), region, name, http.Request.Body, http.RequestAborted);
            return Results.Created($"/channels/{region}/pictures/{added.Id}", new { added.Id, added.Kind, added.Size });
        })).Needs("channel.edit")).WithSummary("Add a picture: the body is the file, its name stands in the query");
        var versions = all.MapGroup("/{region}/versions/{no:long}");
        versions.MapPost("/take-up", (string region, long no, Seen given, RegionChannels book, HttpContext http) => DoneAsync(http, () => book.TakeUpAsync(http.Caller(), region, no, given.Revision, http.RequestAborted)))
            .Needs("channel.edit").WithSummary("Make an earlier version the draft, to be submitted anew");
        versions.MapPost("/approve", (string region, long no, Approval given, RegionChannels book, HttpContext http) => DoneAsync(http, () => book.ApproveAsync(http.Caller(), region, no, given.Begins, http.RequestAborted)))
            .Needs("channel.approve").WithSummary("Approve a version that waits; nobody approves what they wrote");
        versions.MapPost("/return", (string region, long no, Because given, RegionChannels book, HttpContext http) => DoneAsync(http, () => book.ReturnAsync(http.Caller(), region, no, given.Reason, http.RequestAborted)))
            .Needs("channel.approve").WithSummary("Return a version that waits to its editors, with the reason");
        all.MapPost("/{region}/withdraw", (string region, Because given, RegionChannels book, HttpContext http) => DoneAsync(http, () => book.WithdrawAsync(http.Caller(), region, given.Reason, http.RequestAborted)))
            .Needs("channel.approve").WithSummary("Take a channel off, with the reason");
    }

    /// <summary>A picture of a channel, to be shown; null where it is not there for whoever asks.</summary>
    public static async Task<IResult?> PictureAsync(ChannelPictures pictures, Attachments files, string region, string id, HttpContext http)
    {
        if (await pictures.FindAsync(Callers.Of(http.User), region, id, http.RequestAborted) is not { } found)
            return null;
        var write = await files.ContentAsync(found, http.RequestAborted);
        return Results.Stream(write, FileKind.Media(found.Kind));
    }

    private static Dictionary<string, string[]> Said(HttpContext http, IReadOnlyList<ChannelFault> faults) => faults.GroupBy(f => f.Field).ToDictionary(f => f.Key, f => f.Select(x => x.Say(Lang.Of(http))).ToArray());

    private static Task<IResult> DoneAsync(HttpContext http, Func<Task> act) => WorkRoom.ActAsync(http, async () =>
    {
        await act();
        return Results.NoContent();
    });
}
