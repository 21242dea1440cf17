using Guantong.Data;
using Guantong.Packs;
using Guantong.Trust;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guantong.Insight;

/// <summary>Searching, suggestions and guided questions over the API.</summary>
internal static class FindApi
{
    private const int MostSuggested = 8;

    /// <summary>A thing that a search suggests.</summary>
    public sealed record Suggestion(string Kind, string Name, string Address);

    /// <summary>Guided questions, and where one stands in them.</summary>
    /// <param name="Next">The question that comes next; null when the answers lead on.</param>
    /// <param name="Matters">Where they lead; empty where nothing fits, null while something is still asked.</param>
    /// <param name="Why">The rules that led there, in words.</param>
    public sealed record GuideStanding(string Pack, string Id, string Name, string About, IReadOnlyList<GuideAnswered> Answered, GuideAsked? Next, IReadOnlyList<GuideMatter>? Matters, IReadOnlyList<string> Why);

    /// <summary>A question that was answered.</summary>
    public sealed record GuideAnswered(string Ask, string Name, string Answer);

    /// <summary>A question that is asked.</summary>
    /// <param name="Choices">What is sent back → how it is called in the reader's language.</param>
    public sealed record GuideAsked(string Ask, string Name, string About, IReadOnlyDictionary<string, string> Choices);

    /// <summary>A matter that answers lead to.</summary>
    public sealed record GuideMatter(string Pack, string Id, string Name, string About, string Address);

    public static void MapFinding(this IEndpointRouteBuilder api)
    {
        api.MapGet("/search", async (Finder finder, HttpContext http, string? q, string? kind, string? subject, string? unit, string? region, string? audience, [Microsoft.AspNetCore.Mvc.FromQuery(Name = "event")] string? at, int skip = 0, int take = 20) =>
        {
            if (skip < 0 || take is < 1 or > TrustRoom.LargestPage)
                return http.Problem(400, "bad-page", TrustRoom.LargestPage);
            var lang = Lang.Of(http);
            var page = await finder.FindAsync(new FindWish(q ?? "", kind, subject, unit, region, audience, at, skip, take), lang, http.RequestAborted);
            return Results.Ok(new
            {
                page.Words, page.Understood, page.Total, Order = page.Kinds.Select(k => k.Kind), page.IsQuestion, page.Answer, page.Offers,
                Services = Shown(page.Of("service")), Guides = Shown(page.Of("guide")), Screens = Shown(page.Of("screen")), Datasets = Shown(page.Of("dataset")), Channels = Shown(page.Of("channel")),
                Totals = page.Kinds.ToDictionary(k => k.Kind, k => k.Total),
                Facets = new { Subject = page.Subjects, Unit = page.Units, Audience = page.Audiences, Event = page.Events },
            });
        }).Needs("public.read").WithTags("Finding").WithSummary("Services, guided questions, public screens, open datasets and channels of regions by everyday words, pinyin, initials or English; a question about a service is answered from what it declares, with its source, or not at all. Without words: all there is");
        api.MapGet("/suggestions", async (Finder finder, HttpContext http, string? q) =>
        {
            var page = await finder.FindAsync(new FindWish(q ?? "", Take: MostSuggested), Lang.Of(http), http.RequestAborted);
            return Results.Ok((Suggestion[])[.. string.IsNullOrWhiteSpace(q) ? [] : page.Kinds.SelectMany(k => k.Items).Take(MostSuggested).Select(i => new Suggestion(i.Kind, i.Title, i.Address))]);
        }).Needs("public.read").WithTags("Finding").WithSummary("What may be meant by the beginning of a query").Produces<Suggestion[]>();
        api.MapGet("/events", (Finder finder, HttpContext http) => Results.Ok(finder.Events().Select(e => new { e.Id, Audience = e.IsOfBusiness ? "business" : "person", Name = e.Say(Lang.Of(http)) })))
            .Needs("public.read").WithTags("Finding").WithSummary("Events of a life and of a business that have services");
        api.MapGet("/guides", (Finder finder, HttpContext http) => Results.Ok(finder.Guides().Select(g => new { Pack = g.Pack.Id, g.Guide.Id, Name = g.Pack.Say(Lang.Of(http), g.Guide.Name), About = g.Pack.Say(Lang.Of(http), g.Guide.About) })))
            .Needs("public.read").WithTags("Finding").WithSummary("Guided questions that lead to a service");
        api.MapGet("/guides/{pack}/{guide}", (string pack, string guide, PackRegistry packs, HttpContext http) =>
            packs.Find(pack) is { } home && home.Guide(guide) is { } found ? Results.Ok(Standing(home, found, http.Request.Query.ToDictionary(q => q.Key, q => q.Value.ToString()), Lang.Of(http))) : http.Problem(404, "not-found", $"{pack}/{guide}"))
            .Needs("public.read").WithTags("Finding").WithSummary("Where one stands in guided questions: each answer is a parameter by its question's name. Nothing is kept").Produces<GuideStanding>();
    }

    private static IEnumerable<object> Shown(FoundKind kind) => kind.Items.Select(i => new { i.Pack, i.Id, Name = i.Title, About = string.Concat(i.About.Select(a => a.Text)), i.Address, i.IsOffered, i.Limit, i.Fee });

    private static GuideStanding Standing(Pack pack, Guide guide, IReadOnlyDictionary<string, string> given, string lang)
    {
        var way = guide.Way(given);
        var answers = way.ToDictionary(w => w.Question.Ask.Name, w => w.Answer);
        var next = guide.Next(answers);
        var outcome = next is null ? GuideOutcome.Of(pack, guide, answers, lang) : null;
        return new GuideStanding(pack.Id, guide.Id, pack.Say(lang, guide.Name), pack.Say(lang, guide.About),
            [.. way.Select(w => new GuideAnswered(w.Question.Ask.Name, pack.Say(lang, w.Question.Name), w.Answer))],
            next is null ? null : new GuideAsked(next.Ask.Name, pack.Say(lang, next.Name), pack.Say(lang, next.About), next.Choices.ToDictionary(c => c, c => pack.Say(lang, c))),
            outcome is null ? null : [.. outcome.Matters.Select(m => new GuideMatter(pack.Id, m.Id, pack.Say(lang, m.Name), pack.Say(lang, m.About), $"/services/{pack.Id}/{m.Id}"))],
            outcome is null ? [] : [.. outcome.Why.All().SelectMany(w => w.Tables).SelectMany(t => t.Fired)]);
    }
}
