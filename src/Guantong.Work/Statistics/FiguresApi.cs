using Guantong.Trust;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guantong.Work;

/// <summary>Figures of handling over the API, as JSON and CSV.</summary>
internal static class FiguresApi
{
    public static void MapFigures(this IEndpointRouteBuilder api)
    {
        var figures = api.MapGroup("/handling").WithTags("Work").Needs("handling.figures");
        figures.MapGet("/figures", async (HandlingFigures book, HttpContext http, string by = "matter", string? from = null, string? to = null) => book.Period(from, to) is not var (first, last)
            ? http.WorkProblem(400, "figures-period") : Results.Ok(new { From = first, To = last, Items = await book.OfAsync(by, first, last, http.Rows("handling.figures"), http.RequestAborted) }))
            .WithSummary("How cases were handled in a period (from, to: days; the last thirty unless written), by matter or by unit");
        figures.MapGet("/figures.csv", async (HandlingFigures book, HttpContext http, string by = "matter", string? from = null, string? to = null) =>
        {
            if (book.Period(from, to) is not var (first, last))
                return http.WorkProblem(400, "figures-period");
            using var stream = new MemoryStream();
            await using (var writer = Csv.Writer(stream))
            {
                await writer.WriteLineAsync(Csv.Line(by == "unit" ? "unit" : "matter", "received", "ended", "in_time", "with_term", "open", "red", "mean_days", "median_days"));
                foreach (var f in await book.OfAsync(by, first, last, http.Rows("handling.figures"), http.RequestAborted))
                    await writer.WriteLineAsync(Csv.Line(f.Key, f.Received, f.Ended, f.InTime, f.WithTerm, f.Open, f.Red, f.MeanDays, f.MedianDays));
            }
            return Results.File(stream.ToArray(), "text/csv; charset=utf-8", $"figures-{by}-{first:yyyyMMdd}-{last:yyyyMMdd}.csv");
        }).WithSummary("The same as CSV");
    }
}
