using System.Text.Json;
using Guantong.Packs;
using Guantong.Packs.Checking;
using Guantong.Packs.Tracing;
using Guantong.Trust;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Guantong.Data;

/// <summary>Packs in force, catalogue, collection, quality, warehouse: what this room offers and needs. Start reading here.</summary>
public static class DataRoom
{
    /// <summary>This room's tables.</summary>
    public static readonly Migrations Migrations = new("data", typeof(DataRoom).Assembly);

    /// <summary>Registers the room's services.</summary>
    /// <param name="warehouse">A DuckDB file, or <c>postgres://…</c>.</param>
    /// <param name="data">The platform's folder; connections may name folders below its drops/.</param>
    /// <param name="workers">Whether feeds are fetched and followed, and deadlines watched.</param>
    public static IServiceCollection AddData(this IServiceCollection services, string warehouse, string data, bool workers) => (workers ? services.AddHostedService<FeedRunner>().AddHostedService(p => p.GetRequiredService<Forgetting>()) : services)
        .AddTickets(workers)
        .AddEntities(workers).AddSingleton<OrganisationRecords>()
        .AddSharing()
        .AddVoices()
        .AddSingleton<Forgetting>()
        .AddSingleton<Connections>()
        .AddSingleton<PushedRows>()
        .AddSingleton<Lineage>()
        .AddSingleton<RegionWarehouse>()
        .AddOpenings(workers)
        .AddPermissions()
        .AddGallery()
        .AddSingleton(p => new Feeds(p.GetRequiredService<Warehouse>(), p.GetRequiredService<DatasetSeals>(), p.GetRequiredService<PackRegistry>(), p.GetRequiredService<Connections>(), p.GetRequiredService<Store>(), Path.Combine(data, "drops"), p.GetRequiredService<TimeProvider>()))
        .AddSingleton(p => Warehouse.Open(warehouse, p.GetRequiredService<TimeProvider>()))
        .AddSingleton<FigureSheets>()
        .AddSingleton<DatasetSeals>()
        .AddSingleton<KeyFollower>(p => (key, cancel) => p.GetRequiredService<DatasetSeals>().FollowAsync(key, p.GetRequiredService<PackRegistry>().Applied.Values.Select(a => a.Pack), cancel))
        .AddSingleton<DatasetReads>()
        .AddCatalogue(Path.Combine(data, "search"), workers)
        .AddCkan()
        .AddSingleton(p => new PackRegistry(p.GetRequiredService<Store>(), p.GetRequiredService<Warehouse>(), p.GetRequiredService<DatasetSeals>(), p.GetRequiredService<TimeProvider>(), p.GetRequiredService<Func<Surroundings>>(), p.GetServices<PackFollower>()));

    /// <summary>A pack's files on their way in.</summary>
    public sealed record PackUpload(string Root, Dictionary<string, string> Texts, bool Confirm = false);

    /// <summary>Maps the room's part of the API, below /api/v1.</summary>
    public static void MapData(this IEndpointRouteBuilder api)
    {
        api.MapCatalogue();
        var packs = api.MapGroup("/packs").WithTags("Packs").Needs("pack.read").WithMetadata(new RequestSizeLimitAttribute(TrustRoom.LargestUpload));
        packs.MapGet("", (PackRegistry registry) => Results.Ok(registry.Applied.Values.Select(a => new { a.Pack.Id, a.Pack.Version, a.Pack.Name, a.Pack.Application, a.Revision, a.Applied, a.By })))
            .WithSummary("Packs in force");
        packs.MapGet("/{id}/findings", (string id, PackRegistry registry, HttpContext http) =>
            registry.Find(id) is { } pack ? Results.Ok(Said(http, registry.Plan(pack.Files).Findings)) : http.Problem(404, "not-found", id))
            .WithSummary("What check finds of a pack in force, against what stands around it now");
        packs.MapGet("/{id}/trace", (string id, string? item, PackRegistry registry, HttpContext http) =>
            registry.Find(id) is { } pack && (item is null ? Trace.Of(pack) : Trace.Of(pack, item)) is { } step ? Results.Ok(step) : http.Problem(404, "not-found", item ?? id))
            .WithSummary("From goal to column and back up to the screen").Produces<TraceStep>();
        packs.MapPost("/plan", async (PackUpload given, PackRegistry registry, Lineage lineage, HttpContext http) =>
        {
            var plan = registry.Plan(new PackFiles(given.Root, given.Texts));
            return Show(http, plan, null, await lineage.TouchedAsync(plan, http.RequestAborted));
        }).Needs("pack.plan").WithSummary("What applying a pack would change, and what of all that is in force that touches");
        packs.MapPost("/apply", async (PackUpload given, PackRegistry registry, HttpContext http) =>
        {
            var outcome = await registry.ApplyAsync(new PackFiles(given.Root, given.Texts), http.Caller(), given.Confirm, cancel: http.RequestAborted);
            return Show(http, outcome.Plan, outcome.Result);
        }).Needs("pack.apply").WithSummary("Bring a pack into force: all of it, or nothing");

        api.MapTickets();
        api.MapEntities();
        api.MapConnections();
        api.MapFeeds();
        api.MapPush();
        api.MapLineage();
        api.MapRegions();
        api.MapSharing();
        api.MapOpenings();
        api.MapVoices();
        api.MapPermissions();
        api.MapGallery();
        var data = api.MapGroup("/datasets").WithTags("Data").Needs("dataset.read");
        data.MapGet("", (PackRegistry registry, Warehouse warehouse, HttpContext http) => Results.Ok(Seen(registry, http)
            .Select(p => new { Pack = p.Pack.Id, p.Dataset.Id, p.Dataset.Name, p.Dataset.About, Source = p.Dataset.Source.Name, p.Dataset.Share, p.Dataset.Open, p.Dataset.Grade, Rows = warehouse.RowCount(p.Pack.Id, p.Dataset.Id) })))
            .WithSummary("Datasets: the open ones to everybody, all of them to officials");
        data.MapGet("/{pack}/{id}", (string pack, string id, PackRegistry registry, Warehouse warehouse, HttpContext http) => Find(registry, http, pack, id) is not var (p, d)
            ? http.Problem(404, "not-found", $"{pack}/{id}")
            : Results.Ok(new { d.Id, d.Name, d.About, d.Licence, Source = d.Source.Name, Key = d.Key.Select(k => k.Name), Fields = d.Fields.Select(f => new { f.Id, f.Name, f.Type, f.Unit, Refers = f.Refers?.Name }), Status = DatasetStatus.Of(warehouse, p, d) }))
            .WithSummary("A dataset: schema, loads, quality");
        data.MapGet("/{pack}/{id}/rows", async (string pack, string id, string? sort, bool? descending, [FromQuery(Name = "as-of")] long? asOf, PackRegistry registry, Warehouse warehouse, DatasetSeals seals, DatasetReads reads, HttpContext http, int skip = 0, int take = 50) =>
        {
            if (Find(registry, http, pack, id) is not var (p, d))
                return http.Problem(404, "not-found", $"{pack}/{id}");
            if (skip < 0 || take is < 1 or > TrustRoom.LargestPage)
                return http.Problem(400, "bad-page", TrustRoom.LargestPage);
            var equal = http.Request.Query.Where(q => d.Field(q.Key) is not null).ToDictionary(q => q.Key, q => q.Value.ToString());
            if (sort is not null && d.Field(sort) is null)
                return http.Problem(404, "not-found", sort);
            if (asOf is { } load && LoadBook.EndOf(warehouse, pack, id, load) is var ended && (ended is null || ended < Forgetting.Horizon(d, http.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow())))
                return ended is null ? http.Problem(404, "not-found", $"{pack}/{id}@{load}") : http.Problem(410, "as-of-forgotten", load);
            var homes = p.Homes(d);
            if (equal.Where(e => e.Value.Length > 0 && homes.ContainsKey(e.Key)).Select(e => e.Key).ToList() is { Count: > 0 } sought)
                await seals.RecordSoughtAsync(http.Caller(), p, d, sought, http.RequestAborted);
            await reads.ReadAsync(Callers.Of(http.User), p, d, equal.Keys, skip, cancel: http.RequestAborted);
            return Results.Ok(DatasetRows.Page(warehouse, p, d, new RowQuery(sort, descending ?? false, equal, skip, take) { AsOf = asOf }, Rows(http, p, d), await seals.ReadingAsync(p, http.RequestAborted)));
        }).ForOtherSites().WithSummary("Rows; a query parameter named like a field keeps the rows with that value; the value of a sealed field has to be whole, and that it was sought stands in the ledger; as-of reads them as they were when a load had ended").Produces<RowPage>();
        data.MapGet("/{pack}/{id}/rows.csv", async (string pack, string id, PackRegistry registry, Warehouse warehouse, DatasetSeals seals, DatasetReads reads, HttpContext http) =>
        {
            if (Find(registry, http, pack, id) is not var (p, d))
                return http.Problem(404, "not-found", $"{pack}/{id}");
            await reads.ExportedAsync(Callers.Of(http.User), p, d, "csv", http.RequestAborted);
            return Results.Stream(await StreamAsync(p, seals, http, (to, keys) => DatasetRows.WriteCsvAsync(warehouse, p, d, Rows(http, p, d), to, http.RequestAborted, keys)), "text/csv; charset=utf-8", $"{d.Id}.csv");
        }).ForOtherSites().WithSummary("All rows as CSV");
        data.MapGet("/{pack}/{id}/rows.json", async (string pack, string id, PackRegistry registry, Warehouse warehouse, DatasetSeals seals, DatasetReads reads, HttpContext http) =>
        {
            if (Find(registry, http, pack, id) is not var (p, d))
                return http.Problem(404, "not-found", $"{pack}/{id}");
            await reads.ExportedAsync(Callers.Of(http.User), p, d, "json", http.RequestAborted);
            return Results.Stream(await StreamAsync(p, seals, http, (to, keys) => DatasetRows.WriteJsonAsync(warehouse, p, d, Rows(http, p, d), to, http.RequestAborted, keys)), "application/json", $"{d.Id}.json");
        }).ForOtherSites().WithSummary("All rows as JSON");
        data.MapGet("/{pack}/{id}/rejects", async (string pack, string id, PackRegistry registry, Warehouse warehouse, DatasetReads reads, HttpContext http, int skip = 0, int take = 50) =>
        {
            // Where a rejected row would lie is not known: whoever sees all rows sees them.
            if (Find(registry, http, pack, id) is not var (p, d) || !Rows(http, p, d).IsAll)
                return http.Problem(404, "not-found", $"{pack}/{id}");
            await reads.ReadAsync(Callers.Of(http.User), p, d, ["rejects"], skip, cancel: http.RequestAborted);
            var (rejects, total) = DatasetStatus.Rejects(warehouse, p, d, Math.Max(0, skip), Math.Clamp(take, 1, TrustRoom.LargestPage));
            return Results.Ok(new { Items = rejects.Select(r => new { r.File, r.Line, r.Field, r.Value, r.Rule, Message = r.Message(Lang.Of(http)) }), Total = total });
        }).WithSummary("Rejected rows with file and line");
    }

    private static async Task<Func<Stream, Task>> StreamAsync(Pack pack, DatasetSeals seals, HttpContext http, Func<Stream, RowSeals?, Task> write)
    {
        var keys = await seals.ReadingAsync(pack, http.RequestAborted);
        return to => write(to, keys);
    }

    private static RowsSeen Rows(HttpContext http, Pack pack, Dataset dataset) => RowsSeen.Of(Callers.Of(http.User), pack, dataset, http.RequestServices.GetRequiredService<Jurisdiction>());

    /// <summary>The datasets that a caller may see: open and public ones, all of them for officials.</summary>
    public static IEnumerable<(Pack Pack, Dataset Dataset)> Seen(PackRegistry registry, HttpContext http) =>
        from applied in registry.Applied.Values
        from dataset in applied.Pack.Datasets
        where IsPublic(dataset) || Callers.Of(http.User)?.May("dataset.read-closed") == true
        select (applied.Pack, dataset);

    /// <summary>Whether anyone may have a dataset's rows: opened without condition, and not graded above public.</summary>
    public static bool IsPublic(Dataset dataset) => dataset is { Open: "unconditional", Grade: null or 1 };

    /// <summary>One of them, or null.</summary>
    public static (Pack Pack, Dataset Dataset)? Find(PackRegistry registry, HttpContext http, string pack, string dataset) =>
        Seen(registry, http).Where(p => p.Pack.Id == pack && p.Dataset.Id == dataset).Select(p => ((Pack, Dataset)?)p).FirstOrDefault();

    private static IResult Show(HttpContext http, PackPlan plan, string? result, IReadOnlyList<LineageNode>? touched = null) => Results.Ok(new
    {
        Pack = plan.Pack?.Id,
        Sound = plan.IsSound,
        Result = result,
        Findings = Said(http, plan.Findings),
        Changes = plan.Changes.Select(c => new { Kind = c.Kind.ToString(), c.What, c.Id, c.Details, c.Loses }),
        plan.RowsAtStake,
        Touches = (touched ?? []).Select(n => new { n.Kind, n.Pack, n.Id, n.Name }),
    });

    private static IEnumerable<object> Said(HttpContext http, IEnumerable<Finding> findings) =>
        findings.Select(f => new { f.Code, Severity = f.Severity.ToString(), Place = f.Mark.ToString(), Message = f.Message(Lang.Of(http)) });
}
