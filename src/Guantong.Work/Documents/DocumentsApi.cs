using Guantong.Trust;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Guantong.Work;

/// <summary>Documents over the API: checking one by its code, and taking one away as a Word file.</summary>
public static class DocumentsApi
{
    private const string Word = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";

    /// <summary>The code that stands on a document.</summary>
    public sealed record DocumentCode(string? Code);

    internal static void MapDocuments(this IEndpointRouteBuilder api)
    {
        api.MapPost("/documents/check", async (DocumentCode given, DocumentBook book, HttpContext http) => await book.CheckAsync(given.Code, http.RequestAborted) is { } real ? Results.Ok(real) : http.Problem(404, "not-found", given.Code ?? ""))
            .Needs("service.look-up").Limited(ApplicationsApi.Limit).WithTags("Services").WithSummary("Whether a document is real, by the code that stands on it").Produces<CheckedDocument>();
        api.MapGet("/cases/{id}/documents/{document}.docx", async (string id, string document, Cases cases, HttpContext http) =>
            await cases.ReadAsync(id, http.Caller(), http.Rows("case.read"), cancel: http.RequestAborted) is { } file && File(file.Documents, document, http) is { } word ? word : http.Problem(404, "not-found", document))
            .Needs("case.read").WithTags("Work").WithSummary("A document of a case as a Word file");
        api.MapGet("/me/applications/{number}/documents/{document}.docx", async (string number, string document, Applications applications, HttpContext http) =>
            await applications.FindMineAsync(http.Caller(), number, http.RequestAborted) is var (file, _) && File(file.AllDocuments, document, http) is { } word ? word : http.Problem(404, "not-found", document))
            .Needs("self.see").OnlyForPeople().WithTags("Me").WithSummary("A document of one of my applications as a Word file");
        api.MapGet("/cases/{id}/documents/{document}.pdf", async (string id, string document, Cases cases, HttpContext http) =>
            await cases.ReadAsync(id, http.Caller(), http.Rows("case.read"), cancel: http.RequestAborted) is { } file ? await PdfAsync(http, file.Documents.FirstOrDefault(d => d.Id == document), document) : http.Problem(404, "not-found", document))
            .Needs("case.read").WithTags("Work").WithSummary("A document of a case as a PDF");
        api.MapGet("/me/applications/{number}/documents/{document}.pdf", async (string number, string document, Applications applications, HttpContext http) =>
            await applications.FindMineAsync(http.Caller(), number, http.RequestAborted) is var (file, _) ? await PdfAsync(http, file.AllDocuments.FirstOrDefault(d => d.Id == document), document) : http.Problem(404, "not-found", document))
            .Needs("self.see").OnlyForPeople().WithTags("Me").WithSummary("A document of one of my applications as a PDF");
        api.MapGet("/me/servings/{id}.pdf", async (string id, Servings servings, Cases cases, HttpContext http) => await PdfAsync(http, await servings.DocumentAsync(http.Caller(), id, cases, http.RequestAborted), id))
            .Needs("self.see").OnlyForPeople().WithTags("Me").WithSummary("A document that is served on me as a PDF");
    }

    private static async Task<IResult> PdfAsync(HttpContext http, CaseDocument? document, string id)
    {
        if (document is null)
            return http.Problem(404, "not-found", id);
        var (land, seals) = (http.RequestServices.GetRequiredService<Jurisdiction>(), http.RequestServices.GetRequiredService<UnitSeals>());
        var seal = seals.Of(document.Unit);
        if (DocumentPdf.Of(document, document.Unit is { } unit ? land.Units.Find(unit)?.Name ?? unit : null, http.RequestServices.GetRequiredService<PdfFonts>(), http.RequestServices.GetRequiredService<NoticeSettings>().Site, seal?.Picture is { } picture ? (picture, Time.Read(document.Made).ToOffset(land.Offset).ToString("yyyy年M月d日", System.Globalization.CultureInfo.InvariantCulture)) : null) is not { } pdf)
            return http.WorkProblem(503, "no-font");
        return Results.File(seal is null ? pdf : await seals.SignAsync(pdf, seal, document.Name), "application/pdf", $"{document.Name}{(document.Number is { } number ? $" {number}" : "")}.pdf");
    }

    /// <summary>One of these documents as a Word file to be taken away; null where it is not among them.</summary>
    public static IResult? File(IEnumerable<CaseDocument> documents, string? id, HttpContext http)
    {
        if (documents.FirstOrDefault(d => d.Id == id) is not { } document)
            return null;
        var (land, seals) = (http.RequestServices.GetRequiredService<Jurisdiction>(), http.RequestServices.GetRequiredService<UnitSeals>());
        return Results.File(DocumentDocx.Of(document, document.Unit is { } unit ? land.Units.Find(unit)?.Name ?? unit : null, seals.Of(document.Unit) is not null), Word, $"{document.Name}{(document.Number is { } number ? $" {number}" : "")}.docx");
    }
}
