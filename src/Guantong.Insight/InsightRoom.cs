using System.Text.Encodings.Web;
using System.Text.Json;
using System.Threading.Channels;
using Dapper;
using Guantong.Data;
using Guantong.Packs;
using Guantong.Trust;
using Guantong.Work;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Guantong.Insight;

/// <summary>Indicators, targets, warnings, maps and the closed loop: what this room offers and needs. Start reading here.</summary>
public static class InsightRoom
{
    private static readonly JsonSerializerOptions Plain = new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>This room's tables.</summary>
    public static readonly Migrations Migrations = new("insight", typeof(InsightRoom).Assembly);

    /// <summary>Registers the room's services.</summary>
    public static IServiceCollection AddInsight(this IServiceCollection services) => services
        .AddSingleton<Figures>().AddSingleton<Warnings>().AddSingleton<Maps>().AddSingleton<ClosedLoop>().AddSingleton<StandingV>().AddSingleton<PlanSystems>().AddSingleton<OpenedTogether>().AddSingleton<Finder>().AddSingleton<Returns>().AddAsking().AddHostedService<FollowUp>()
        .AddSingleton<ScreenBook>().AddSingleton<ScreenData>().AddSingleton<ScreenFiles>().AddSingleton<FigureComments>().AddSingleton<ScreenEvents>().AddSingleton<ScreenSubscriptions>().AddSingleton<ScreenPost>()
        .AddSingleton<Foresight>().AddSingleton<RegionWatch>().AddSingleton<WarningCalls>().AddSingleton<OnCall>().AddSingleton<WarningVerdicts>().AddSingleton<WarningReplay>().AddSingleton<WarningFiles>();

    /// <summary>Sends screens to those who asked for them, opens the sheets of returns and passes calls on that nobody answered, in this process.</summary>
    public static IServiceCollection AddInsightWork(this IServiceCollection services) => services.AddHostedService(p => p.GetRequiredService<ScreenPost>()).AddHostedService<ReturnWatch>().AddHostedService<CallWatch>();

    /// <summary>What loading asks for: a folder or file on the platform's own machine.</summary>
    public sealed record NewLoad(string Pack, string? Dataset, string Folder);

    /// <summary>Maps the room's part of the API, below /api/v1.</summary>
    public static void MapInsight(this IEndpointRouteBuilder api)
    {
        api.MapFigures();
        api.MapAsking();
        api.MapReturns();
        api.MapGet("/maps/{region}", (string region, Maps maps, HttpContext http) =>
            maps.GeoJson(region) is { } json ? Results.Text(json, "application/geo+json") : http.Problem(404, "not-found", region))
            .Needs("public.read").WithTags("Insight").WithSummary("Boundaries of the regions below one, with what is known of their date");
        api.MapWarnings();
        api.MapGet("/packs/{id}/v", async (string id, PackRegistry registry, StandingV standing, HttpContext http) =>
            registry.Find(id) is { } pack ? Results.Ok(await standing.OfAsync(pack, http.RequestAborted)) : http.Problem(404, "not-found", id))
            .Needs("pack.read").WithTags("Packs").WithSummary("The V of a pack: what is declared, linked and running at each level").Produces<StandingLevel[]>();
        api.MapFinding();
        api.MapScreens();
        api.MapGet("/systems", (PlanSystems systems) => systems.All()).Needs("public.read").WithTags("Insight").WithSummary("The systems that the plan names, with their lead units and states");
        api.MapPost("/loads", LoadAsync).Needs("rows.load").WithTags("Data").WithSummary("Load files from a folder of the platform's machine (its operator alone); progress and summary as lines of JSON");
        api.MapGet("/status", StatusAsync).WithTags("Insight").WithSummary("How the platform stands").Needs("status.read");
    }

    private static IResult LoadAsync(NewLoad given, PackRegistry registry, ClosedLoop loop, HttpContext http)
    {
        if (registry.Applied.GetValueOrDefault(given.Pack) is not { } applied)
            return http.Problem(404, "not-found", given.Pack);
        return Results.Stream(to => RunAsync(given, applied, loop, http, to), "application/x-ndjson");
    }

    private static async Task RunAsync(NewLoad given, AppliedPack applied, ClosedLoop loop, HttpContext http, Stream to)
    {
        var lang = Lang.Of(http);
        async Task Say(object line)
        {
            await to.WriteAsync(JsonSerializer.SerializeToUtf8Bytes(line, Plain), http.RequestAborted);
            await to.WriteAsync("\n"u8.ToArray(), http.RequestAborted);
            await to.FlushAsync(http.RequestAborted);
        }
        var groups = Inbox.Sort(applied.Pack, given.Dataset, given.Folder);
        if (groups.Count == 0)
            await Say(new { Kind = "refused", Text = CatalogueTexts.Say(lang, "load.nothing", given.Folder) });
        foreach (var (dataset, files) in groups)
        {
            var progress = Channel.CreateUnbounded<LoadProgress>();
            var work = Task.Run(async () =>
            {
                try
                {
                    return await loop.LoadAsync(applied, dataset, files, http.Caller(), new Reporting(progress.Writer), http.RequestAborted);
                }
                finally
                {
                    progress.Writer.Complete();
                }
            });
            var watch = System.Diagnostics.Stopwatch.StartNew();
            await foreach (var step in progress.Reader.ReadAllAsync(http.RequestAborted))
                await Say(new { Kind = "progress", Text = $"{CatalogueTexts.Say(lang, "stage." + step.Stage)} {step.File}" });
            try
            {
                var (s, after) = await work;
                await Say(new
                {
                    Kind = "summary",
                    Dataset = dataset.Id,
                    s.RowsIn,
                    Added = s.RowsAdded,
                    Changed = s.RowsChanged,
                    Same = s.RowsSame,
                    Rejected = s.RowsRejected,
                    Files = s.Files.Count,
                    Seconds = Math.Round(watch.Elapsed.TotalSeconds, 1),
                    Rejects = s.Rejects.GroupBy(r => (r.Rule, r.Field)).Select(g => new { Rows = g.Count(), Why = $"{g.Key.Rule} {g.Key.Field}", g.First().File, g.First().Line }),
                    Quality = s.Quality.Select(q => new { q.Rule, q.Field, Measured = Math.Round(q.Measured ?? 0, 2), q.Wanted, q.Passed }),
                });
                await Say(new { Kind = "after", after.Derived, after.Values, after.Warnings });
            }
            catch (LoadRefusedException e)
            {
                await Say(new { Kind = "refused", e.Code, e.File, e.Line, Text = e.Say(lang) });
            }
        }
    }

    private sealed class Reporting(ChannelWriter<LoadProgress> to) : IProgress<LoadProgress>
    {
        public void Report(LoadProgress value) => to.TryWrite(value);
    }

    private static async Task<object> StatusAsync(Store store, PackRegistry registry, Warehouse warehouse, Jurisdiction land, HttpContext http)
    {
        var counts = await store.ReadAsync(async c => new
        {
            Cases = await c.ExecuteScalarAsync<long>("SELECT count(*) FROM work_case WHERE called IS NULL"),
            OpenCases = await c.ExecuteScalarAsync<long>("SELECT count(*) FROM work_case WHERE called IS NULL AND state IN ('open', 'stuck')"),
            OpenTasks = await c.ExecuteScalarAsync<long>("SELECT count(*) FROM work_task WHERE state = 'open'"),
            Warnings = await c.ExecuteScalarAsync<long>("SELECT count(*) FROM warning"),
            Seen = await c.ExecuteScalarAsync<long>("SELECT count(*) FROM load_seen"),
        }, http.RequestAborted);
        return new
        {
            Store = store.Label,
            Warehouse = warehouse.Label,
            Jurisdiction = land.Say(Lang.Of(http)),
            counts.Cases,
            counts.OpenCases,
            counts.OpenTasks,
            counts.Warnings,
            LoadsUnseen = LoadBook.All(warehouse).Count - counts.Seen,
            Packs = registry.Applied.Values.Select(a => new { a.Pack.Id, a.Pack.Version, a.Pack.Name, Datasets = a.Pack.Datasets.Select(d => new { d.Id, Rows = warehouse.RowCount(a.Pack.Id, d.Id) }) }),
        };
    }
}
