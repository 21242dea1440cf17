using Guantong.Data;
using Guantong.Portal.Pages;
using Guantong.Trust;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Guantong.Portal.OpenData;

/// <summary>The pages of open data (开放域): what there is, each dataset, what people say of it, and what they ask to be opened.</summary>
internal static class OpenDataPages
{
    private const int Preview = 20, PageSize = 12, Said = 10;

    public static void MapOpenData(this IEndpointRouteBuilder pages)
    {
        pages.MapGet("/data", ListAsync).Needs("dataset.read");
        pages.MapGet("/data/{pack}/{dataset}", (string pack, string dataset, Data.OpenData data, HttpContext http, int skip = 0, int said = 0, string? done = null) =>
            ShowAsync(pack, dataset, data, http, new Shown { Skip = skip, Said = said, Done = done })).Needs("dataset.read");
        pages.MapPost("/data/{pack}/{dataset}/rate", RateAsync).Needs("voice.write").Limited(VoicesApi.Limit);
        pages.MapPost("/data/{pack}/{dataset}/comment", CommentAsync).Needs("voice.write").Limited(VoicesApi.Limit);
        pages.MapRequests();
    }

    private static async Task<RazorComponentResult> ListAsync(CatalogueSearch search, Jurisdiction land, HttpContext http, string? q, string? category, string? provider, string? format, string? open, string? sort, int skip = 0)
    {
        var chosen = ((string Facet, string? Value)[])[("category", category), ("provider", provider), ("format", format), ("open", open)];
        var query = new CatalogueQuery(q ?? "", chosen.Where(c => !string.IsNullOrEmpty(c.Value)).ToDictionary(c => c.Facet, c => (IReadOnlyList<string>)[c.Value!]), CatalogueQuery.Sorts.Contains(sort ?? "") ? sort : null,
            Math.Clamp(skip, 0, CatalogueQuery.Deepest - PageSize), PageSize, PublicAlone: true);
        return new RazorComponentResult<DataListPage>(new { Visit = Visit.Of(http, land), Query = query, Found = await search.FindAsync(query, http.RequestAborted), Land = land });
    }

    /// <summary>What a dataset's page shows beside the dataset.</summary>
    private sealed record Shown
    {
        public int Skip { get; init; }

        public int Said { get; init; }

        public string? Done { get; init; }

        public string Words { get; init; } = "";

        public string? RateFault { get; init; }

        public string? CommentFault { get; init; }
    }

    private static async Task<RazorComponentResult> ShowAsync(string pack, string dataset, Data.OpenData data, HttpContext http, Shown shown)
    {
        var (services, cancel) = (http.RequestServices, http.RequestAborted);
        T The<T>() where T : notnull => (T)services.GetService(typeof(T))!;
        var (land, me) = (The<Jurisdiction>(), MeOf(http));
        var visit = Visit.Of(http, land);
        if (await data.FindAsync(pack, dataset, cancel) is not { } open)
            return await ClosedAsync(pack, dataset, visit, http, shown.Skip);
        var maySee = open.HasRows && (!open.IsBySteps || await Openings.MaySeeAsync(Callers.Of(http.User), open.Pack, open.Dataset, services, cancel: cancel));
        if (maySee && open.Dataset.Open == "conditional")
            await The<DatasetReads>().ReadAsync(Callers.Of(http.User), open.Pack, open.Dataset, ["opened"], Math.Max(0, shown.Skip), isDrawn: true, cancel);
        var (about, ratings, comments, clock) = ($"{pack}/{dataset}", The<Ratings>(), The<Comments>(), The<TimeProvider>());
        var today = DateOnly.FromDateTime(clock.GetUtcNow().ToOffset(land.Offset).DateTime);
        return new RazorComponentResult<DatasetPage>(new Dictionary<string, object?>
        {
            ["Visit"] = visit, ["Open"] = open, ["Pack"] = open.Pack, ["Dataset"] = open.Dataset, ["Land"] = land,
            ["Status"] = open.IsBySteps ? null : DatasetStatus.Of(The<Warehouse>(), open.Pack, open.Dataset), ["IsSynthetic"] = data.IsSynthetic(open),
            ["Rows"] = maySee ? await data.PageAsync(open, Math.Max(0, shown.Skip), Preview, cancel) : null,
            ["Citation"] = new Citation(open, open.Changed(The<Warehouse>()), http.Site(), today, land, visit.Lang), ["Site"] = http.Site(),
            ["Rating"] = await ratings.OfAsync(about, me, cancel), ["Comments"] = await comments.ShownAsync(about, Math.Max(0, shown.Said), Said, cancel), ["Mine"] = me is null ? [] : await comments.MineAsync(me, about, cancel),
            ["IsSignedIn"] = me is not null, ["Done"] = shown.Done, ["Words"] = shown.Words, ["RateFault"] = shown.RateFault, ["CommentFault"] = shown.CommentFault,
        }) { StatusCode = shown.RateFault is null && shown.CommentFault is null ? 200 : 422 };
    }

    // What is not open, officials see as far as their rights go.
    private static async Task<RazorComponentResult> ClosedAsync(string pack, string dataset, Visit visit, HttpContext http, int skip)
    {
        T The<T>() where T : notnull => (T)http.RequestServices.GetService(typeof(T))!;
        if (DataRoom.Find(The<PackRegistry>(), http, pack, dataset) is not var (p, d))
            return PortalRoom.Message(visit, "missing.title", "missing.text", 404);
        var (land, status) = (The<Jurisdiction>(), DatasetStatus.Of(The<Warehouse>(), p, d));
        return new RazorComponentResult<DatasetPage>(new Dictionary<string, object?>
        {
            ["Visit"] = visit, ["Pack"] = p, ["Dataset"] = d, ["Land"] = land, ["Status"] = status, ["IsSynthetic"] = status.Synthetic,
            ["Rows"] = DatasetRows.Page(The<Warehouse>(), p, d, new RowQuery(Skip: Math.Max(0, skip), Take: Preview), RowsSeen.Of(Callers.Of(http.User), p, d, land), await The<DatasetSeals>().ReadingAsync(p, http.RequestAborted)),
        });
    }

    private static async Task<IResult> RateAsync(string pack, string dataset, Data.OpenData data, Ratings ratings, IAntiforgery guard, HttpContext http)
    {
        if (await GuardedAsync(guard, http) is { } expired)
            return expired;
        if (await data.FindAsync(pack, dataset, http.RequestAborted) is null)
            return await ShowAsync(pack, dataset, data, http, new Shown());
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        try
        {
            if (form["do"] == "take-back")
                await ratings.TakeBackAsync(http.Caller(), $"{pack}/{dataset}", http.RequestAborted);
            else
                await ratings.RateAsync(http.Caller(), $"{pack}/{dataset}", int.TryParse(form["stars"], out var stars) ? stars : 0, http.RequestAborted);
            return Results.LocalRedirect($"/data/{Uri.EscapeDataString(pack)}/{Uri.EscapeDataString(dataset)}?done={(form["do"] == "take-back" ? "unrated" : "rated")}#voices");
        }
        catch (RefusedException refused)
        {
            return await ShowAsync(pack, dataset, data, http, new Shown { RateFault = refused.Say(Lang.Of(http)) });
        }
    }

    private static async Task<IResult> CommentAsync(string pack, string dataset, Data.OpenData data, Comments comments, IAntiforgery guard, HttpContext http)
    {
        if (await GuardedAsync(guard, http) is { } expired)
            return expired;
        if (await data.FindAsync(pack, dataset, http.RequestAborted) is not { } open)
            return await ShowAsync(pack, dataset, data, http, new Shown());
        var words = (await http.Request.ReadFormAsync(http.RequestAborted))["words"].ToString();
        try
        {
            await comments.SayAsync(http.Caller(), open, words, http.RequestAborted);
            return Results.LocalRedirect($"/data/{Uri.EscapeDataString(pack)}/{Uri.EscapeDataString(dataset)}?done=commented#voices");
        }
        catch (RefusedException refused)
        {
            return await ShowAsync(pack, dataset, data, http, new Shown { Words = words, CommentFault = refused.Say(Lang.Of(http)) });
        }
    }

    /// <summary>The page that says so where a form did not come from here, or was open for too long.</summary>
    internal static async Task<IResult?> GuardedAsync(IAntiforgery guard, HttpContext http) => await guard.IsRequestValidAsync(http) ? null
        : PortalRoom.Message(Visit.Of(http, (Jurisdiction)http.RequestServices.GetService(typeof(Jurisdiction))!), "expired.title", "expired.text", 400);

    /// <summary>Whoever is signed in on this browser; a key is nobody who says anything.</summary>
    internal static Person? MeOf(HttpContext http) => http.SessionId() is null ? null : Callers.Of(http.User);
}
