using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Validation;

namespace Guantong.Tests;

/// <summary>Documents bear a number of their unit's series and a code by which anybody checks them, and are taken away as Word files.</summary>
public sealed class DocumentTests
{
    private const string Pack = "environment.air-quality";

    private static async Task<string> AnsweredAsync(RunningPlatform platform, HttpClient who, string finding, string region = "330500", string official = "worker-huzhou")
    {
        using var answer = await who.PostAsJsonAsync($"/api/v1/services/{Pack}/air-report/applications", new { region, data = new { kind = "露天焚烧", place = "示例村口", seen_on = "2026-02-20" }, @for = "self" });
        Assert.True(answer.StatusCode == HttpStatusCode.Created, await answer.Content.ReadAsStringAsync());
        var number = (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("number").GetString()!;
        using var unit = await platform.SignInAsync(official);
        Assert.Equal(HttpStatusCode.NoContent, await RunningPlatform.FinishAsync(unit, number, "inspect", new { confirmed = false, finding }));
        await platform.EndedAsync(unit, number);
        return number;
    }

    private static async Task<JsonElement> OnlyAsync(HttpClient who, string number) => Assert.Single((await who.GetFromJsonAsync<JsonElement>($"/api/v1/me/applications/{number}")).GetProperty("documents").EnumerateArray());

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task Numbers_run_within_a_unit_and_a_code_tells_anybody_that_a_document_is_real(string store)
    {
        await using var platform = await RunningPlatform.StartAsync(store);
        using var mine = await platform.SignInAsync("citizen-a");
        using var anyone = platform.Anonymous();
        var year = DateTimeOffset.UtcNow.AddHours(8).Year;
        var numbers = new List<string>();
        JsonElement last = default;
        foreach (var (region, official) in ((string, string)[])[("330500", "worker-huzhou"), ("330500", "worker-huzhou"), ("330100", "worker-hangzhou")])
        {
            last = await OnlyAsync(mine, await AnsweredAsync(platform, mine, "现场没有发现焚烧", region, official));
            numbers.Add(last.GetProperty("number").GetString()!);
        }
        Assert.Equal([$"湖州市环答〔{year}〕1号", $"湖州市环答〔{year}〕2号", $"杭州市环答〔{year}〕1号"], numbers);

        var code = last.GetProperty("code").GetString()!;
        using var real = await anyone.PostAsJsonAsync("/api/v1/documents/check", new { code = $" {code[..4].ToLowerInvariant()} {code[4..8]}-{code[8..]} " });
        Assert.Equal(HttpStatusCode.OK, real.StatusCode);
        var told = await real.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal($"大气污染问题答复书 杭州市环答〔{year}〕1号", $"{told.GetProperty("name")} {told.GetProperty("number")}");
        // That it is real, and never what it says.
        Assert.DoesNotContain("焚烧", told.ToString(), StringComparison.Ordinal);
        foreach (var wrong in (string[])["", "ABCD", new string('A', 12), "' OR 1=1 --xx"])
        {
            using var none = await anyone.PostAsJsonAsync("/api/v1/documents/check", new { code = wrong });
            Assert.Equal(HttpStatusCode.NotFound, none.StatusCode);
        }
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task A_document_is_taken_away_as_a_valid_Word_file_by_whom_it_concerns_alone(string store)
    {
        await using var platform = await RunningPlatform.StartAsync(store);
        using var mine = await platform.SignInAsync("citizen-a");
        using var other = await platform.SignInAsync("citizen-b");
        // What is typed stays text: no markup, no list, no field, no broken XML.
        const string finding = "1. 现场 **没有** 发现 <b>焚烧</b> & “烟”\r\n- 第二行 ]]> {{case.number}} \u0007";
        var number = await AnsweredAsync(platform, mine, finding);
        var document = await OnlyAsync(mine, number);
        var path = $"/api/v1/me/applications/{number}/documents/{document.GetProperty("id")}.docx";
        Assert.Equal(HttpStatusCode.NotFound, (await other.GetAsync(path)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await mine.GetAsync($"/api/v1/me/applications/{number}/documents/..%2F..%2Fx.docx")).StatusCode);
        using var answer = await mine.GetAsync(path);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.EndsWith(".docx", Uri.UnescapeDataString(answer.Content.Headers.ContentDisposition!.FileNameStar!), StringComparison.Ordinal);
        using var word = WordprocessingDocument.Open(new MemoryStream(await answer.Content.ReadAsByteArrayAsync()), false);
        Assert.Empty(new OpenXmlValidator().Validate(word).Select(e => e.Description));
        var text = word.MainDocumentPart!.Document!.Body!.InnerText;
        foreach (var wanted in (string[])[document.GetProperty("number").GetString()!, "大气污染问题答复书", "现场 **没有** 发现 <b>焚烧</b> & “烟”", "第二行 ]]> {{case.number}}", string.Join(' ', document.GetProperty("code").GetString()!.Chunk(4).Select(c => new string(c))), "湖州市生态环境局"])
            Assert.Contains(wanted, text, StringComparison.Ordinal);

        using var official = await platform.SignInAsync("worker-huzhou");
        using var elsewhere = await platform.SignInAsync("worker-hangzhou");
        Assert.Equal(HttpStatusCode.OK, (await official.GetAsync($"/api/v1/cases/{number}/documents/{document.GetProperty("id")}.docx")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await elsewhere.GetAsync($"/api/v1/cases/{number}/documents/{document.GetProperty("id")}.docx")).StatusCode);
    }

    [Fact]
    public async Task A_document_is_taken_away_as_a_PDF_by_whom_it_concerns_alone()
    {
        await using var platform = await RunningPlatform.StartAsync("sqlite");
        using var mine = await platform.SignInAsync("citizen-a");
        using var other = await platform.SignInAsync("citizen-b");
        const string finding = "1. 现场 **没有** 发现 <b>焚烧</b> & “烟”\r\n- 第二行 ]]> \u0007 龘";
        var number = await AnsweredAsync(platform, mine, finding + string.Concat(Enumerable.Repeat("，经走访周边住户并调取监控，没有发现焚烧痕迹（已拍照留存）", 12)));
        var document = await OnlyAsync(mine, number);
        var path = $"/api/v1/me/applications/{number}/documents/{document.GetProperty("id")}.pdf";
        Assert.Equal(HttpStatusCode.NotFound, (await other.GetAsync(path)).StatusCode);
        using var answer = await mine.GetAsync(path);
        Assert.Equal("application/pdf", answer.Content.Headers.ContentType?.MediaType);
        // What it says can be searched and copied, and its fonts come with it.
        using var pdf = UglyToad.PdfPig.PdfDocument.Open(await answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
        var said = string.Concat(pdf.GetPages().SelectMany(p => p.Letters).Select(l => l.Value)).Replace(" ", "", StringComparison.Ordinal)
            // A font may have one glyph for a character and the radical that looks like it; then the radical is told, which means the same (NFKC).
            .Normalize(System.Text.NormalizationForm.FormKC);
        foreach (var wanted in (string[])[document.GetProperty("number").GetString()!, "大气污染问题答复书", "行政复议"])
            Assert.Contains(wanted, said, StringComparison.Ordinal);
        Assert.All(pdf.GetPages(), p => Assert.Equal((595, 842), ((int)Math.Round(p.Width), (int)Math.Round(p.Height))));
        if (Environment.GetEnvironmentVariable("GUANTONG_PICTURES") is { Length: > 0 } folder)
            await File.WriteAllBytesAsync(Path.Combine(folder, "document.pdf"), await answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken), TestContext.Current.CancellationToken);

        using var official = await platform.SignInAsync("worker-huzhou");
        Assert.Equal(HttpStatusCode.OK, (await official.GetAsync($"/api/v1/cases/{number}/documents/{document.GetProperty("id")}.pdf")).StatusCode);
    }
}
