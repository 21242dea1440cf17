using Guantong.Data;
using Guantong.Packs;
using Guantong.Trust;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guantong.Work;

/// <summary>What happened in a process's cases, over the API: figures, ways, and the events themselves.</summary>
internal static class RecordApi
{
    private static readonly string[] Formats = ["xes", "ocel", "csv"];
    private static readonly string[] Tables = ["nodes", "steps", "variants"];

    /// <summary>Which process, and which of its cases.</summary>
    public sealed record Asked
    {
        /// <summary>The pack that the process is of.</summary>
        public required string Pack { get; init; }

        /// <summary>The process's file within the pack, such as processes/permit.bpmn.</summary>
        public required string File { get; init; }

        /// <summary>First day on which they were opened.</summary>
        public string? From { get; init; }

        /// <summary>Last day on which they were opened.</summary>
        public string? To { get; init; }

        /// <summary>Code of a region, with those within it.</summary>
        public string? Region { get; init; }

        /// <summary>The pack's revision that they run on.</summary>
        public string? Revision { get; init; }

        /// <summary>open, stuck, ended or withdrawn.</summary>
        public string? State { get; init; }
    }

    public static void MapRecord(this IEndpointRouteBuilder api)
    {
        var processes = api.MapGroup("/processes").WithTags("Processes").Needs("record.read");
        processes.MapGet("/figures", (HttpContext http, PackRegistry packs, Jurisdiction land, ProcessRecord record, [AsParameters] Asked asked) => WithAsync(http, packs, land, asked, async (pack, scope) =>
        {
            var figures = await record.FiguresAsync(scope, Matters(pack, asked.File), http.RequestAborted);
            return Results.Ok(new
            {
                figures.Cases, figures.Ended, figures.Unrecorded, Took = Told(figures.Took),
                Nodes = figures.Nodes.Select(n => new { n.Node, Name = Label(http, pack, asked.File, n.Node), n.Passes, n.Cases, n.Standing, n.Since, n.Withdrawn, Took = Told(n.Took) }),
                figures.Flows,
                Steps = (await record.StepsAsync(scope, http.RequestAborted)).Select(s => new { s.From, s.To, Took = Told(s.Took) }),
            });
        })).WithSummary("Where a process's cases stand, how often they went where, and how long it took (seconds)");
        processes.MapGet("/variants", (HttpContext http, PackRegistry packs, Jurisdiction land, ProcessRecord record, [AsParameters] Asked asked, int skip = 0, int take = 20) => WithAsync(http, packs, land, asked, async (_, scope) =>
        {
            if (skip < 0 || take is < 1 or > TrustRoom.LargestPage)
                return http.Problem(400, "bad-page", TrustRoom.LargestPage);
            var page = await record.VariantsAsync(scope, skip, take, http.RequestAborted);
            return Results.Ok(new { Items = page.Items.Select(v => new { Way = v.Key, v.Cases, v.Share, Took = Told(v.Took), v.Example }), page.Total, page.Skip, page.Take });
        })).WithSummary("The ways that a process's ended cases went, repetitions folded, the most frequent first");
        processes.MapGet("/table.csv", (HttpContext http, PackRegistry packs, Jurisdiction land, ProcessRecord record, [AsParameters] Asked asked, string table) => WithAsync(http, packs, land, asked, async (pack, scope) =>
        {
            string Say(string node) => Label(http, pack, asked.File, node);
            var name = $"{Path.GetFileNameWithoutExtension(asked.File)}-{table}.csv";
            switch (table)
            {
                case "nodes":
                    var figures = await record.FiguresAsync(scope, Matters(pack, asked.File), http.RequestAborted);
                    return Results.Stream(to => CsvExport.WriteNodesAsync(figures, Say, to), "text/csv; charset=utf-8", name);
                case "steps":
                    var steps = await record.StepsAsync(scope, http.RequestAborted);
                    return Results.Stream(to => CsvExport.WriteStepsAsync(steps, Say, to), "text/csv; charset=utf-8", name);
                case "variants":
                    var ways = await record.VariantsAsync(scope, 0, int.MaxValue, http.RequestAborted);
                    return Results.Stream(to => CsvExport.WriteVariantsAsync(ways.Items, w => Fold.Say(w, Say, Lang.Of(http)), to), "text/csv; charset=utf-8", name);
                default:
                    return http.WorkProblem(422, "record-format", string.Join(", ", Tables));
            }
        })).WithSummary("A table of figures as CSV: nodes, steps or variants");
        processes.MapGet("/events", (HttpContext http, PackRegistry packs, Jurisdiction land, EventLog log, [AsParameters] Asked asked, string format) => WithAsync(http, packs, land, asked, async (pack, scope) =>
        {
            if (!Formats.Contains(format))
                return http.WorkProblem(422, "record-format", string.Join(", ", Formats));
            await log.NoteAsync(scope, format, http.Caller(), http.RequestAborted);
            var (lang, cancel, name) = (Lang.Of(http), http.RequestAborted, Path.GetFileNameWithoutExtension(asked.File));
            return format switch
            {
                "xes" => Results.Stream(to => XesExport.WriteAsync(log, scope, pack.Say(lang, pack.Processes[asked.File].Definition.Name), lang, to, cancel), "application/xml", name + ".xes"),
                "ocel" => Results.Stream(to => OcelExport.WriteAsync(log, scope, lang, to, cancel), "application/json", name + ".ocel.json"),
                _ => Results.Stream(to => CsvExport.WriteAsync(log, scope, lang, to, cancel), "text/csv; charset=utf-8", name + ".csv"),
            };
        }, "record.export")).Needs("record.export").WithSummary("What happened in a process's cases, for process mining: XES (IEEE 1849-2016), OCEL 2.0 JSON or CSV; the ledger keeps who took it");
    }

    private static async Task<IResult> WithAsync(HttpContext http, PackRegistry packs, Jurisdiction land, Asked asked, Func<Pack, RecordScope, Task<IResult>> act, string by = "record.read")
    {
        if (packs.Find(asked.Pack) is not { } pack || !pack.Processes.ContainsKey(asked.File))
            return http.Problem(404, "not-found", $"{asked.Pack}/{asked.File}");
        return RecordScope.Of(asked.Pack, asked.File, asked.From, asked.To, asked.Region, asked.Revision, asked.State, land, http.Rows(by)) is { } scope
            ? await act(pack, scope) : http.WorkProblem(422, "record-scope");
    }

    private static string[] Matters(Pack pack, string file) => [.. pack.Matters.Where(m => m.Process?.Name == file).Select(m => m.Id)];

    private static string Label(HttpContext http, Pack pack, string file, string node) =>
        pack.Processes[file].Definition.Find(node) is { } known ? pack.Say(Lang.Of(http), known.Label) : node;

    private static object? Told(Spans? spans) => spans is null ? null
        : new { spans.Count, Median = spans.IsTelling ? spans.Median.TotalSeconds : (double?)null, P90 = spans.IsTelling ? spans.P90.TotalSeconds : (double?)null };
}
