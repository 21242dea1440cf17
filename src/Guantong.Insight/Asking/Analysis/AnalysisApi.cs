using Guantong.Data;
using Guantong.Trust;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guantong.Insight;

/// <summary>Analysts' SQL over the API.</summary>
internal static class AnalysisApi
{
    /// <summary>A statement and what it is for.</summary>
    public sealed record NewRun(string? Sql, string? Purpose);

    public static void MapAnalysis(this IEndpointRouteBuilder api)
    {
        var all = api.MapGroup("/analysis").WithTags("Asking").Needs("analysis.sql");
        all.MapGet("/tables", (QueryRuns queries, HttpContext http) => Results.Ok(queries.Tables(http.Caller()).OrderBy(t => t.Key, StringComparer.Ordinal).Select(t => new
        {
            Table = t.Key,
            Dataset = t.Value.Key,
            Name = t.Value.Pack.Say(Lang.Of(http), t.Value.Dataset.Name),
            Columns = t.Value.Fields.Select(f => new { f.Id, Name = t.Value.Pack.Say(Lang.Of(http), f.Name), f.Type, f.Unit }),
        }))).WithSummary("The tables that the caller's SQL may read; personal and sealed columns are not there, nor are datasets about natural persons");
        all.MapPost("/run", (NewRun given, Analysis analysis, HttpContext http) => AskingTexts.ActAsync(http, async () =>
        {
            var answer = await analysis.RunAsync(http.Caller(), given.Sql, given.Purpose, http.RequestAborted);
            return answer.Refused is { } refused ? throw new RefusedException(422, "analysis-sql", refused)
                : Results.Ok(new { answer.Id, answer.Rows!.Columns, answer.Rows.Rows, answer.Rows.IsCut, Milliseconds = (long)answer.Took.TotalMilliseconds });
        })).WithSummary("Run one SELECT for a stated purpose; it stands in the ledger");
        all.MapGet("/runs", async (Analysis analysis, HttpContext http) => Results.Ok(await analysis.MineAsync(http.Caller(), 50, http.RequestAborted))).WithSummary("What the caller ran").Produces<SqlRun[]>();
    }
}
