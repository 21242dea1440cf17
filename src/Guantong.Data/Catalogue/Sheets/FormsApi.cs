using Guantong.Trust;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Guantong.Data;

/// <summary>The departments' form over the API: taken away as a workbook or CSV, and taken in after a preview.</summary>
internal static class FormsApi
{
    public const string Excel = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

    /// <summary>The most entries of one workbook.</summary>
    public const int MostEntries = 20_000;

    public static void MapForms(this IEndpointRouteBuilder api)
    {
        api.MapGet("/catalogue.xlsx", async (CatalogueBook book, HttpContext http, bool blank = false) =>
        {
            var entries = blank ? [] : await TakenAsync(book, http);
            // What writes a workbook writes it at once, which a response does not take.
            var whole = new MemoryStream();
            FormFiles.WriteExcel(whole, entries);
            whole.Position = 0;
            return Results.Stream(whole, Excel, "公共数据资源目录.xlsx");
        }).WithTags("Catalogue").Needs("catalogue.read").WithSummary("The departments' form with the entries that the caller sees; blank=true gives it empty");
        api.MapGet("/catalogue.csv", async (CatalogueBook book, HttpContext http) => Csv(CatalogueForm.ResourceRows(await TakenAsync(book, http)), "信息资源.csv"))
            .WithTags("Catalogue").Needs("catalogue.read").WithSummary("The form's sheet of resources as CSV");
        api.MapGet("/catalogue-items.csv", async (CatalogueBook book, HttpContext http) => Csv(CatalogueForm.ItemRows(await TakenAsync(book, http)), "信息项.csv"))
            .WithTags("Catalogue").Needs("catalogue.read").WithSummary("The form's sheet of data items as CSV; the running numbers are those of the resources");
        api.MapPost("/catalogue/import", async (HttpRequest request, CatalogueImport import, HttpContext http, string? digest) =>
        {
            if (!request.HasFormContentType || await PlanAsync(import, http, (await request.ReadFormAsync(http.RequestAborted)).Files) is not { } plan)
                return http.CatalogueProblem(422, "form-files");
            if (digest is null)
                return Results.Ok(Told(http, plan, false));
            return await import.ApplyAsync(http.Caller(), plan, digest, http.RequestAborted) ? Results.Ok(Told(http, plan, true))
                : plan.Faults.Count > 0 ? Results.Json(Told(http, plan, false), statusCode: 422) : http.CatalogueProblem(409, "form-moved");
        }).WithTags("Catalogue").Needs("catalogue.edit").WithMetadata(new RequestSizeLimitAttribute(2 * CatalogueImport.LargestFile))
            .WithSummary("What taking a filled form (a workbook, or two CSV files named resources and items) would change; with the digest of that preview, it is taken, whole or not at all");
    }

    private static async Task<ImportPlan?> PlanAsync(CatalogueImport import, HttpContext http, IFormFileCollection files)
    {
        if (files.Any(f => f.Length > CatalogueImport.LargestFile))
            return null;
        if (files is [{ } only] && !only.FileName.EndsWith(".csv", StringComparison.OrdinalIgnoreCase))
        {
            await using var workbook = only.OpenReadStream();
            return await import.PlanExcelAsync(http.Caller(), workbook, http.RequestAborted);
        }
        return files.GetFile("resources") is { } resources ? await import.PlanCsvAsync(http.Caller(), await BytesAsync(resources), files.GetFile("items") is { } items ? await BytesAsync(items) : [], http.RequestAborted) : null;
    }

    private static async Task<byte[]> BytesAsync(IFormFile file)
    {
        using var bytes = new MemoryStream();
        await file.CopyToAsync(bytes);
        return bytes.ToArray();
    }

    private static object Told(HttpContext http, ImportPlan plan, bool done) => new
    {
        Done = done, plan.Digest, Add = plan.Count("add"), Change = plan.Count("change"), Keep = plan.Count("keep"), plan.Lines,
        Faults = plan.Faults.Select(f => new { f.Sheet, f.Row, f.Column, f.Cell, f.Code, Message = f.Say(Lang.Of(http)) }),
    };

    private static async Task<IReadOnlyList<CatalogueEntry>> TakenAsync(CatalogueBook book, HttpContext http)
    {
        var entries = new List<CatalogueEntry>();
        await foreach (var kept in book.AllAsync(!CatalogueApi.SeesAll(http), http.RequestAborted))
        {
            if (entries.Count == MostEntries)
                break;
            entries.Add(kept.Entry);
        }
        return entries;
    }

    private static IResult Csv(IEnumerable<IReadOnlyList<string>> rows, string name) => Results.Stream(stream => FormFiles.WriteCsvAsync(stream, rows), "text/csv; charset=utf-8", name);
}
