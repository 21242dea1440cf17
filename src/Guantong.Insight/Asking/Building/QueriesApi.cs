using System.Text.Json;
using Guantong.Data;
using Guantong.Trust;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using MiniExcelLibs;

namespace Guantong.Insight;

/// <summary>Built queries over the API.</summary>
internal static class QueriesApi
{
    public static void MapQueries(this IEndpointRouteBuilder api)
    {
        var all = api.MapGroup("/queries").WithTags("Asking").Needs("question.ask");
        all.MapGet("/datasets", (QueryRuns queries, HttpContext http) => Results.Ok(queries.Askable(http.Caller()).Select(d => Written(d, Lang.Of(http)))))
            .WithSummary("What the caller may query: datasets with their fields, without those that are personal or sealed");
        all.MapPost("/words", (JsonElement query, QueryRuns queries, Jurisdiction land, HttpContext http) => AskingTexts.ActAsync(http, () =>
        {
            var (read, lang) = (SavedQuestions.ReadQuery(query), Lang.Of(http));
            var (sql, columns) = queries.Write(http.Caller(), read);
            var data = queries.Find(http.Caller(), read.Dataset)!;
            return Task.FromResult(Results.Ok(new { Words = QueryWords.Say(read, data, columns, land, lang), Sql = sql, Columns = QueryWords.Labels(columns, data.Pack, lang) }));
        })).WithSummary("A query in words and as SQL; nothing is run");
        all.MapPost("/run", (JsonElement query, QueryRuns queries, Jurisdiction land, HttpContext http) => AskingTexts.ActAsync(http, async () =>
        {
            var (read, lang) = (SavedQuestions.ReadQuery(query), Lang.Of(http));
            var found = await queries.RunAsync(http.Caller(), read, cancel: http.RequestAborted);
            var data = queries.Find(http.Caller(), read.Dataset)!;
            return Results.Ok(new { Columns = QueryWords.Labels(found.Columns, data.Pack, lang), found.Kinds, Rows = Shown(found, land, lang), found.IsCut, Words = QueryWords.Say(read, data, found.Columns, land, lang), found.Sql });
        })).WithSummary("Run a query: its columns and rows, in words and as SQL");
        all.MapGet("/rows.csv", (string? query, QueryRuns queries, Jurisdiction land, HttpContext http) => AskingTexts.ActAsync(http, async () =>
        {
            var (labels, rows) = await FileAsync(query, "csv", queries, land, http);
            using var file = new MemoryStream();
            await using (var writer = Csv.Writer(file))
            {
                await writer.WriteLineAsync(Csv.Line(labels));
                foreach (var row in rows)
                    await writer.WriteLineAsync(Csv.Line(row));
            }
            return Results.File(file.ToArray(), "text/csv; charset=utf-8", "query.csv");
        })).WithSummary("The rows of a query (its JSON) as CSV");
        all.MapGet("/rows.xlsx", (string? query, QueryRuns queries, Jurisdiction land, HttpContext http) => AskingTexts.ActAsync(http, async () =>
        {
            var (labels, rows) = await FileAsync(query, "xlsx", queries, land, http);
            using var file = new MemoryStream();
            file.SaveAs(rows.Select(r => labels.Select((l, i) => (l, r[i])).ToDictionary(c => c.l, c => c.Item2)));
            return Results.File(file.ToArray(), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "query.xlsx");
        })).WithSummary("The rows of a query (its JSON) as a workbook");
    }

    private static async Task<(IReadOnlyList<string> Labels, List<object?[]> Rows)> FileAsync(string? json, string format, QueryRuns queries, Jurisdiction land, HttpContext http)
    {
        var query = SavedQuestions.TryReadQuery(json) ?? throw new RefusedException(422, "query-json");
        var found = await queries.RunAsync(http.Caller(), query, format, http.RequestAborted);
        return (QueryWords.Labels(found.Columns, queries.Find(http.Caller(), query.Dataset)!.Pack, Lang.Of(http)), Shown(found, land, Lang.Of(http)));
    }

    private static List<object?[]> Shown(QueryResult found, Jurisdiction land, string lang) => [.. found.Rows.Select(r => r.Select((v, i) => QueryWords.Shown(found.Columns[i], v, land, lang)).ToArray())];

    private static object Written(AskableDataset d, string lang) => new
    {
        d.Key,
        Name = d.Pack.Say(lang, d.Dataset.Name),
        d.IsOfPersons,
        d.Regions,
        Fields = d.Fields.Select(f => new { f.Id, Name = d.Pack.Say(lang, f.Name), f.Type, f.Unit, Is = BuiltFilter.For(f.Type, f.Id == d.Regions) }),
        Towards = d.Towards.Select(w => new { Id = w.Path, Name = QueryWords.NameOf(w, d.Pack, lang), w.Field.Type, w.Field.Unit, Is = BuiltFilter.For(w.Field.Type, w.Path == d.Regions) }),
        Referring = d.Referring.Select(r => new { Dataset = r.Table.Key, By = r.By.Id, Ways = r.Table.Fields.SelectMany(f => r.Measures(f).Select(m => $"{r.Prefix}{m}({f.Id})")).Prepend($"{r.Prefix}count") }),
    };
}
