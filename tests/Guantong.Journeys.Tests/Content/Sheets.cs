using System.IO.Compression;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Guantong.Packs;
using Guantong.Data;

namespace Guantong.Tests;

/// <summary>Files made for tests, and how they are sent.</summary>
internal static class Sheets
{
    public const string Pack = "environment.air-quality";

    public static byte[] Pdf(string text = "证据") => Encoding.UTF8.GetBytes($"%PDF-1.7\n{text}\n%%EOF\n");

    public static byte[] Png(int size = 64) => [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, .. Enumerable.Range(0, size).Select(i => (byte)(i * 31))];

    public static byte[] Jpg() => [0xFF, 0xD8, 0xFF, 0xE0, 1, 2, 3, 4, 5];

    /// <summary>A packed document with these parts.</summary>
    public static byte[] Packed(params (string Name, byte[] Content)[] parts)
    {
        using var memory = new MemoryStream();
        using (var zip = new ZipArchive(memory, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, content) in parts)
            {
                using var part = zip.CreateEntry(name, CompressionLevel.SmallestSize).Open();
                part.Write(content);
            }
        }
        return memory.ToArray();
    }

    public static byte[] Docx(params (string Name, byte[] Content)[] more) => Packed([("[Content_Types].xml", "<Types/>"u8.ToArray()), ("word/document.xml", "<w:document/>"u8.ToArray()), .. more]);

    public static Task<HttpResponseMessage> SendAsync(this HttpClient http, string path, byte[] content, string? basket = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new ByteArrayContent(content) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        if (basket is not null)
            request.Headers.Add("Basket", basket);
        return http.SendAsync(request);
    }

    /// <summary>What an answer came to: its status, and the code of the problem where it is one.</summary>
    public static async Task<string> ToldAsync(this Task<HttpResponseMessage> asking)
    {
        using var answer = await asking;
        if (answer.IsSuccessStatusCode)
            return $"{(int)answer.StatusCode}";
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>();
        var detail = problem.GetProperty("detail").GetString()!;
        Assert.DoesNotContain("conflict.", detail, StringComparison.Ordinal);
        Assert.DoesNotContain("{0}", detail, StringComparison.Ordinal);
        return $"{(int)answer.StatusCode} {(problem.TryGetProperty("code", out var code) ? code.GetString() : "fields")}";
    }

    public static async Task<JsonElement> JsonAsync(this Task<HttpResponseMessage> asking)
    {
        using var answer = await asking;
        Assert.True(answer.IsSuccessStatusCode, $"{answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }

    /// <summary>A case of the air pack that somebody reported in Huzhou, and its open task.</summary>
    public static async Task<(string Number, string Task)> ReportedAsync(RunningPlatform platform, HttpClient official)
    {
        var opened = await official.PostAsJsonAsync("/api/v1/cases", new { pack = Pack, matter = "air-report", region = "330500", data = new { kind = "其他", place = "测试路", seen_on = "2026-11-01" } }).JsonAsync();
        await platform.RunJobsAsync();
        var file = await official.GetFromJsonAsync<JsonElement>($"/api/v1/cases/{opened.GetProperty("id").GetString()}");
        return (file.GetProperty("case").GetProperty("number").GetString()!, file.GetProperty("tasks").EnumerateArray().Single().GetProperty("id").GetString()!);
    }

    /// <summary>The air pack, with further fields in its form for reports.</summary>
    public static Task WithFieldsAsync(RunningPlatform platform, string fields, params string[] required)
    {
        var files = PackFolder.Read(Path.Combine(Repository.Root, "packs/environment/air-quality"), "packs/environment/air-quality");
        var texts = files.Texts.ToDictionary();
        var form = JsonNode.Parse(texts["forms/air-report.json"])!.AsObject();
        foreach (var (name, field) in JsonNode.Parse(fields)!.AsObject().ToList())
            form["properties"]![name] = field!.DeepClone();
        foreach (var name in required)
            form["required"]!.AsArray().Add(name);
        texts["forms/air-report.json"] = form.ToJsonString(new JsonSerializerOptions { WriteIndented = true });
        texts["pack.yaml"] = texts["pack.yaml"].Replace("version: 1.", "version: 1.9", StringComparison.Ordinal);
        return platform.ApplyAsync(files with { Texts = texts });
    }
}
