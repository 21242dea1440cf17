using Guantong.Trust;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Guantong.Data;

/// <summary>The catalogue over the API. Officials see every entry, everybody else the open ones.</summary>
public static class CatalogueApi
{
    /// <param name="workers">Whether sources are harvested when they are due.</param>
    internal static IServiceCollection AddCatalogue(this IServiceCollection services, string index, bool workers) => (workers ? services.AddHostedService<HarvestRunner>() : services)
        .AddSingleton(OutsideNetworks.Read(Environment.GetEnvironmentVariable("GUANTONG_HARVEST_ALLOW"))).AddSingleton<OutsideFetch>().AddSingleton<Harvester>()
        .AddSingleton<CatalogueBook>()
        .AddSingleton<CatalogueImport>().AddSingleton<DemandList>().AddSingleton<DutyList>().AddSingleton<Watches>().AddSingleton<LabelBook>()
        .AddSingleton(p => new CatalogueSearch(p.GetRequiredService<CatalogueBook>(), p.GetRequiredService<Jurisdiction>(), Path.Combine(index, "catalogue")))
        .AddSingleton<PackFollower>(p => (change, applied) => CatalogueBook.FollowAsync(change, applied.Pack, applied.By, p.GetRequiredService<Jurisdiction>()));

    /// <summary>An entry that was changed, and the version that it was changed from.</summary>
    public sealed record ChangedEntry(CatalogueEntry Entry, int Version);

    internal static void MapCatalogue(this IEndpointRouteBuilder api)
    {
        var catalogue = api.MapGroup("/catalogue").WithTags("Catalogue").Needs("catalogue.read");
        catalogue.MapGet("", async (CatalogueSearch search, HttpContext http, string? q, string? sort, int skip = 0, int take = 20) =>
        {
            if (skip < 0 || take is < 1 or > TrustRoom.LargestPage)
                return http.Problem(400, "bad-page", TrustRoom.LargestPage);
            if (skip + take > CatalogueQuery.Deepest)
                return http.CatalogueProblem(400, "deep", CatalogueQuery.Deepest);
            if (sort is not null && !CatalogueQuery.Sorts.Contains(sort))
                return http.CatalogueProblem(400, "sort", sort, string.Join(", ", CatalogueQuery.Sorts));
            var chosen = http.Request.Query.Where(p => CatalogueQuery.Facets.Contains(p.Key)).ToDictionary(p => p.Key, p => (IReadOnlyList<string>)[.. p.Value.OfType<string>()]);
            if (http.Request.Query.Keys.FirstOrDefault(k => k is not ("q" or "sort" or "skip" or "take" or "lang") && !chosen.ContainsKey(k)) is { } stranger)
                return http.CatalogueProblem(400, "facet", stranger, string.Join(", ", CatalogueQuery.Facets));
            return Results.Ok(await search.FindAsync(new CatalogueQuery(q ?? "", chosen, sort, skip, take, !SeesAll(http)), http.RequestAborted));
        }).WithSummary("Entries by words, facets and order; a facet may be given several times, and one value is enough").Produces<FoundEntries>();
        catalogue.MapGet("/{id}", async (string id, CatalogueBook book, HttpContext http) => await SeenAsync(book, http, id) is { } kept ? Results.Ok(kept) : http.Problem(404, "not-found", id))
            .WithSummary("An entry").Produces<KeptEntry>();
        catalogue.MapGet("/{id}/versions", async (string id, CatalogueBook book, HttpContext http) => await SeenAsync(book, http, id) is not null
                ? Results.Ok((await book.VersionsAsync(id, http.RequestAborted)).Where(v => SeesAll(http) || v.Entry.IsPublic).Select(v => Shown(v, http))) : http.Problem(404, "not-found", id))
            .WithSummary("Every version of an entry, the newest first, with what changed").Produces<EntryVersion[]>();
        catalogue.MapGet("/{id}/changes", async (string id, int from, int to, CatalogueBook book, HttpContext http) =>
        {
            var versions = await SeenAsync(book, http, id) is null ? [] : await book.VersionsAsync(id, http.RequestAborted);
            return versions.FirstOrDefault(v => v.Version == from && (SeesAll(http) || v.Entry.IsPublic)) is { } was && versions.FirstOrDefault(v => v.Version == to && (SeesAll(http) || v.Entry.IsPublic)) is { } becomes
                ? Results.Ok(EntryFields.Changes(was.Entry, becomes.Entry)) : http.Problem(404, "not-found", $"{id} {from}…{to}");
        }).WithSummary("What differs between two versions").Produces<EntryChange[]>();
        catalogue.MapPost("", async (CatalogueEntry entry, CatalogueBook book, HttpContext http) => Saved(http, await book.AddAsync(http.Caller(), entry, http.RequestAborted), 201))
            .Needs("catalogue.edit").WithSummary("Add an entry by hand").Produces<KeptEntry>(201);
        catalogue.MapPut("/{id}", async (string id, ChangedEntry given, CatalogueBook book, HttpContext http) => Saved(http, await book.ChangeAsync(http.Caller(), id, given.Entry, given.Version, http.RequestAborted), 200))
            .Needs("catalogue.edit").WithSummary("Change an entry that was made by hand or imported").Produces<KeptEntry>();
        catalogue.MapDelete("/{id}", async (string id, CatalogueBook book, HttpContext http) => await book.WithdrawAsync(http.Caller(), id, http.RequestAborted) is { } refused ? Refused(http, refused) : Results.NoContent())
            .Needs("catalogue.edit").WithSummary("Withdraw an entry; its history stays");
        api.MapForms();
        api.MapHarvest();
        api.MapLists();
        api.MapLabels();
        api.MapWatches();
        foreach (var (form, media, writer) in Forms)
        {
            api.MapGet("/catalogue." + form, (CatalogueBook book, Jurisdiction land, HttpContext http) => WriteAsync(http, land, media, writer, book.AllAsync(!SeesAll(http), http.RequestAborted)))
                .WithTags("Catalogue").Needs("catalogue.read").WithSummary($"The whole catalogue as DCAT-AP 3, as {media}");
            catalogue.MapGet("/{id}." + form, async (string id, CatalogueBook book, Jurisdiction land, HttpContext http) =>
                    await SeenAsync(book, http, id) is { } kept ? WriteAsync(http, land, media, writer, new[] { kept }.ToAsyncEnumerable()) : http.Problem(404, "not-found", id))
                .WithSummary($"An entry as DCAT-AP 3, as {media}");
        }
    }

    private static readonly (string Form, string Media, Func<Stream, IRdfWriter> Writer)[] Forms =
        [("ttl", "text/turtle", s => new TurtleWriter(s)), ("jsonld", "application/ld+json", s => new JsonLdWriter(s)), ("rdf", "application/rdf+xml", s => new RdfXmlWriter(s))];

    private static IResult WriteAsync(HttpContext http, Jurisdiction land, string media, Func<Stream, IRdfWriter> writer, IAsyncEnumerable<KeptEntry> entries)
    {
        var site = http.Site();
        return Results.Stream(async stream =>
        {
            var export = new DcatExport(site, land);
            await using var to = writer(stream);
            foreach (var subject in export.Head())
                await to.WriteAsync(subject, http.RequestAborted);
            await foreach (var kept in entries)
            {
                foreach (var subject in export.Entry(kept, Downloads(site, kept)))
                    await to.WriteAsync(subject, http.RequestAborted);
            }
            await to.EndAsync(http.RequestAborted);
        }, media == "application/ld+json" ? media : media + "; charset=utf-8");
    }

    // The rows of a pack's open dataset are had here.
    private static Dictionary<string, string> Downloads(string site, KeptEntry kept) => kept is { Origin: "pack", Entry.IsOpen: true }
        ? kept.Entry.Formats.ToDictionary(f => f, f => $"{site}/api/v1/datasets/{kept.Entry.Id.Replace(':', '/')}/{(kept.Entry.Opening.Length > 0 ? "opened/" : "")}rows.{f}") : [];

    /// <summary>The address under which this site is reached, the one it was told or else that of the request.</summary>
    public static string Site(this HttpContext http) =>
        (http.RequestServices.GetService<Trust.Provider.ProviderSettings>()?.Issuer?.ToString() ?? $"{http.Request.Scheme}://{http.Request.Host}{http.Request.PathBase}").TrimEnd('/');

    /// <summary>Whether a caller sees entries that are not open.</summary>
    public static bool SeesAll(HttpContext http) => Callers.Of(http.User)?.May("catalogue.read-closed") == true;

    internal static async Task<KeptEntry?> SeenAsync(CatalogueBook book, HttpContext http, string id) =>
        await book.FindAsync(id, http.RequestAborted) is { } kept && (SeesAll(http) || kept is { State: "current", Entry.IsPublic: true }) ? kept : null;

    // Who of an office changed it is the office's affair.
    private static EntryVersion Shown(EntryVersion version, HttpContext http) => SeesAll(http) ? version : version with { By = "", Unit = null };

    private static IResult Saved(HttpContext http, EntrySaving saving, int done) => saving switch
    {
        { Refused: { } refused } => Refused(http, refused),
        { Faults: { Count: > 0 } faults } => http.FieldProblem(faults.GroupBy(f => f.Field).ToDictionary(g => g.Key, g => g.Select(f => f.Say(Lang.Of(http))).ToArray())),
        _ => Results.Json(saving.Kept, statusCode: done),
    };

    private static IResult Refused(HttpContext http, string refused) => http.CatalogueProblem(refused switch { "entry-gone" => 404, "entry-not-yours" => 403, _ => 409 }, refused);

    /// <summary>A problem in the catalogue's words.</summary>
    internal static IResult CatalogueProblem(this HttpContext http, int status, string code, params object?[] args) => Results.Problem(detail: CatalogueTexts.Say(Lang.Of(http), "catalogue.problem." + code, args),
        statusCode: status, title: CatalogueTexts.Say(Lang.Of(http), "catalogue.problem.title"), extensions: new Dictionary<string, object?> { ["code"] = code });
}
