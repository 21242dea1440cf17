using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Security.Cryptography.Pkcs;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using DocumentFormat.OpenXml.Packaging;
using Guantong.Trust;
using Guantong.Work;
using Microsoft.Extensions.DependencyInjection;
using SkiaSharp;

namespace Guantong.Tests;

/// <summary>PDFs of documents bear the seal and the signature of the unit that made them out, where it gave one.</summary>
public sealed partial class SealTests : IDisposable
{
    private const string Huzhou = "zj-ecology-330500", Password = "合成口令";
    private readonly string _folder = Directory.CreateTempSubdirectory("guantong-seals-").FullName;

    public void Dispose() => Directory.Delete(_folder, true);

    private void Give(string unit, DateTimeOffset until, string? password = Password)
    {
        using var rsa = RSA.Create(2048);
        using var certificate = new CertificateRequest("CN=演示·湖州市生态环境局", rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).CreateSelfSigned(until.AddDays(-30), until);
        File.WriteAllBytes(Path.Combine(_folder, unit + ".pfx"), certificate.Export(X509ContentType.Pkcs12, password));
        using var picture = SKSurface.Create(new SKImageInfo(240, 240));
        using var red = new SKPaint { Color = SKColors.Red.WithAlpha(160), Style = SKPaintStyle.Stroke, StrokeWidth = 8, IsAntialias = true };
        picture.Canvas.DrawCircle(120, 120, 110, red);
        using var image = picture.Snapshot();
        using var png = image.Encode(SKEncodedImageFormat.Png, 100);
        File.WriteAllBytes(Path.Combine(_folder, unit + ".png"), png.ToArray());
    }

    private static async Task<byte[]> PdfAsync(RunningPlatform platform, HttpClient mine, string region, string official)
    {
        var number = (await mine.PostAsJsonAsync("/api/v1/services/environment.air-quality/air-report/applications", new { region, data = new { kind = "露天焚烧", place = "示例村口", seen_on = "2026-02-20" }, @for = "self" }).JsonAsync()).GetProperty("number").GetString()!;
        using var unit = await platform.SignInAsync(official);
        Assert.Equal(System.Net.HttpStatusCode.NoContent, await RunningPlatform.FinishAsync(unit, number, "inspect", new { confirmed = false, finding = "现场没有发现焚烧" }));
        await platform.EndedAsync(unit, number);
        var document = (await mine.GetFromJsonAsync<JsonElement>($"/api/v1/me/applications/{number}")).GetProperty("documents")[0].GetProperty("id").GetString();
        return await mine.GetByteArrayAsync($"/api/v1/me/applications/{number}/documents/{document}.pdf");
    }

    private static async Task<byte[]> WordAsync(HttpClient mine)
    {
        var number = (await mine.GetFromJsonAsync<JsonElement>("/api/v1/me/applications")).GetProperty("items")[0].GetProperty("number").GetString();
        var document = (await mine.GetFromJsonAsync<JsonElement>($"/api/v1/me/applications/{number}")).GetProperty("documents")[0].GetProperty("id").GetString();
        return await mine.GetByteArrayAsync($"/api/v1/me/applications/{number}/documents/{document}.docx");
    }

    // What is signed, and the signature: all of the file but the hole in which it stands.
    private static (byte[] Content, SignedCms Signature) Parts(byte[] pdf)
    {
        var text = Encoding.Latin1.GetString(pdf);
        var range = Range().Match(text);
        var at = Enumerable.Range(1, 4).Select(i => int.Parse(range.Groups[i].Value, System.Globalization.CultureInfo.InvariantCulture)).ToArray();
        Assert.Equal((0, pdf.Length), (at[0], at[2] + at[3]));
        byte[] content = [.. pdf[..at[1]], .. pdf[at[2]..]];
        var cms = new SignedCms(new ContentInfo(content), detached: true);
        cms.Decode(Convert.FromHexString(text[(at[1] + 1)..(at[2] - 1)]));
        return (content, cms);
    }

    [Fact]
    public async Task A_PDF_is_signed_by_the_unit_that_made_its_document_out_and_any_change_to_it_is_found()
    {
        Give(Huzhou, DateTimeOffset.UtcNow.AddDays(20));
        await using var platform = await RunningPlatform.StartAsync("sqlite", seals: _folder);
        using var mine = await platform.SignInAsync("citizen-a");
        var pdf = await PdfAsync(platform, mine, "330500", "worker-huzhou");
        if (Environment.GetEnvironmentVariable("GUANTONG_PICTURES") is { Length: > 0 } pictures)
            await File.WriteAllBytesAsync(Path.Combine(pictures, "sealed.pdf"), pdf, TestContext.Current.CancellationToken);
        var (content, signature) = Parts(pdf);
        signature.CheckSignature(verifySignatureOnly: true);
        Assert.Equal("CN=演示·湖州市生态环境局", signature.SignerInfos[0].Certificate!.Subject);
        content[content.Length / 2] ^= 1;
        var changed = new SignedCms(new ContentInfo(content), detached: true);
        changed.Decode(signature.Encode());
        Assert.Throws<CryptographicException>(() => changed.CheckSignature(verifySignatureOnly: true));
        using (var read = UglyToad.PdfPig.PdfDocument.Open(pdf))
            Assert.Single(read.GetPages().SelectMany(p => p.GetImages()));
        // The Word file, which anybody can change, says where the sealed one is.
        using (var word = WordprocessingDocument.Open(new MemoryStream(await WordAsync(mine)), false))
            Assert.Contains("加盖电子印章的版式文件（PDF）为正式件", word.MainDocumentPart!.Document!.InnerText, StringComparison.Ordinal);
        // A unit that gave none seals nothing.
        Assert.DoesNotContain("/ByteRange", Encoding.Latin1.GetString(await PdfAsync(platform, mine, "330100", "worker-hangzhou")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_cannot_be_a_seal_is_refused_at_the_start_and_one_that_has_run_out_seals_nothing()
    {
        await using var platform = await RunningPlatform.StartAsync("sqlite");
        var land = platform.Services.GetRequiredService<Jurisdiction>();
        UnitSeals Read(string folder, string? password = Password) => new(folder, password, land, TimeProvider.System);
        Assert.Contains("no folder", Assert.Throws<ConfigurationException>(() => Read(Path.Combine(_folder, "none"))).Message, StringComparison.Ordinal);
        Give(Huzhou, DateTimeOffset.UtcNow.AddDays(-1));
        using (var old = Read(_folder))
            Assert.Null(old.Of(Huzhou));
        Give(Huzhou, DateTimeOffset.UtcNow.AddDays(20));
        using (var now = Read(_folder))
        {
            Assert.NotNull(now.Of(Huzhou));
            Assert.Null(now.Of("zj-ecology-330100"));
            Assert.Null(now.Of(null));
        }
        Assert.Contains("GUANTONG_SEALS_PASSWORD", Assert.Throws<ConfigurationException>(() => Read(_folder, "wrong")).Message, StringComparison.Ordinal);
        await File.WriteAllTextAsync(Path.Combine(_folder, Huzhou + ".png"), "<svg/>", TestContext.Current.CancellationToken);
        Assert.Contains("no PNG", Assert.Throws<ConfigurationException>(() => Read(_folder)).Message, StringComparison.Ordinal);
        File.Delete(Path.Combine(_folder, Huzhou + ".png"));
        Give("nobody", DateTimeOffset.UtcNow.AddDays(20));
        Assert.Contains("named by no unit", Assert.Throws<ConfigurationException>(() => Read(_folder)).Message, StringComparison.Ordinal);
    }

    [GeneratedRegex(@"/ByteRange\s*\[\s*(\d+)\s+(\d+)\s+(\d+)\s+(\d+)")]
    private static partial Regex Range();
}
