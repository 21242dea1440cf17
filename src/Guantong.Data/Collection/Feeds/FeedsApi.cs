using Guantong.Packs;
using Guantong.Trust;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guantong.Data;

/// <summary>Feeds over HTTP, below /api/v1/feeds: how each stands, and fetching one now.</summary>
internal static class FeedsApi
{
    public static void MapFeeds(this IEndpointRouteBuilder api)
    {
        var all = api.MapGroup("/feeds").WithTags("Collection");
        all.MapGet("", (Feeds feeds, HttpContext http) => feeds.List().Select(f => Shown(feeds, f.Dataset, f.State, Lang.Of(http))))
            .Needs("feed.read").WithSummary("The feeds that are fetched or followed, and how each stands");
        all.MapPost("/{pack}/{dataset}/run", async (string pack, string dataset, Feeds feeds, PackRegistry registry, HttpContext http) =>
        {
            if (registry.Applied.GetValueOrDefault(pack) is not { } applied || applied.Pack.Dataset(dataset) is not { Feed.At: not null } found)
                return http.Problem(404, "not-found", $"{pack}/{dataset}");
            if (found.Feed.From == "change-stream")
                return http.Problem(409, "feed-follows", $"{pack}/{dataset}");
            try
            {
                // It goes on when nobody listens any more.
                return Results.Ok(Shown(feeds, found, await feeds.RunAsync(applied, found, CancellationToken.None), Lang.Of(http)));
            }
            catch (FeedBusyException)
            {
                return http.Problem(409, "feed-busy", $"{pack}/{dataset}");
            }
        }).Needs("feed.run").WithSummary("Fetch a feed now");
    }

    private static object Shown(Feeds feeds, Dataset dataset, FeedState state, string lang) => new
    {
        state.Pack, state.Dataset, dataset.Feed!.From, At = dataset.Feed.At!.Name, dataset.Feed.Every, Running = feeds.IsRunning(state.Pack, state.Dataset),
        state.Started, state.Succeeded, state.Failures, state.Fault?.Code, Fault = state.Fault?.Say(lang), state.Due, state.Rows,
    };
}
