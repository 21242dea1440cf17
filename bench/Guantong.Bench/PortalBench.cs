using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using Guantong.Hosting;
using Guantong.Packs.Reading;
using Guantong.Data;
using Guantong.Trust;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Logging;

namespace Guantong.Bench;

/// <summary>Pages of the Portal that people open most, beside the same bytes as files from the same server; and how much the first of them weighs.</summary>
internal static partial class PortalBench
{
    private const int Warming = 2, Rounds = 3;

    public static async Task<Ratio> RunAsync()
    {
        HttpLoad.Need("h2load");
        using var scratch = new Scratch();
        await using var app = await Platform.BuildAsync(new Settings(Places.Root, scratch.Fresh("data"), null, "zhejiang", "http://127.0.0.1:0", Demo: true), workers: true);
        await app.StartAsync();
        var packs = app.Services.GetRequiredService<PackRegistry>();
        foreach (var pack in (string[])["environment/air-quality", "society/assistance", "society/concerns"])
        {
            if (await packs.ApplyAsync(PackFolder.Read(Places.Pack(pack), "packs/" + pack), Policy.Operator, confirmed: true) is { Result: not ("applied" or "unchanged") } refused)
                throw new InvalidOperationException($"{pack} was {refused.Result}");
        }
        var home = app.Urls.First();
        var cookie = await SignInAsync(home);
        var number = await ApplyAsync(home, cookie);
        (string Name, string Path, string[] Headers)[] pages =
        [
            ("home", "/", []),
            ("search", "/search?q=" + Uri.EscapeDataString("空气"), []),
            ("guide", "/services/environment.air-quality/air-report", []),
            ("status", "/me/applications/" + number, ["Cookie: " + await WithFormsAsync(home + "/me/applications/" + number, cookie)]),
        ];
        var folder = scratch.Fresh("files");
        Directory.CreateDirectory(folder);
        await using var files = await FilesAsync(folder);
        await WeighAsync(home);
        var (worst, slowest) = (double.MaxValue, 0.0);
        foreach (var (name, path, headers) in pages)
        {
            await File.WriteAllBytesAsync(Path.Combine(folder, name + ".html"), await PageAsync(home + path, headers));
            List<double> ofPage = [], ofFile = [];
            for (var round = -Warming; round < Rounds; round++)
            {
                var (page, file) = (await HttpLoad.RateAsync(home + path, headers), await HttpLoad.RateAsync($"{files.Urls.First()}/{name}.html", []));
                if (round < 0)
                    continue;
                ofPage.Add(page);
                ofFile.Add(file);
            }
            var (rate, of) = (Measure.Median(ofPage), Measure.Median(ofFile));
            var took = await HttpLoad.LatencyAsync(home + path, headers, rate / 2, scratch);
            Measure.Say($"{name,-7} {new FileInfo(Path.Combine(folder, name + ".html")).Length / 1024.0:0.0} KiB: {rate:0}/s, as a file {of:0}/s ({rate / of:0.00}); at half load p50 {took.Half:0.0} ms, p99 {took.Most:0.0} ms (25 wanted)");
            (worst, slowest) = (Math.Min(worst, rate / of), Math.Max(slowest, took.Most));
        }
        await app.StopAsync();
        return new Ratio(Math.Min(worst / 0.5, 25 / slowest), 1);
    }

    private static async Task<WebApplication> FilesAsync(string folder)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseSetting("urls", "http://127.0.0.1:0");
        var app = builder.Build();
        app.UseStaticFiles(new StaticFileOptions { FileProvider = new PhysicalFileProvider(folder) });
        await app.StartAsync();
        return app;
    }

    // What goes over the wire for the first page, without pictures.
    private static async Task WeighAsync(string home)
    {
        using var http = new HttpClient();
        http.DefaultRequestHeaders.Add("Accept-Encoding", "br, gzip");
        async Task<byte[]> GetAsync(string path) => await http.GetByteArrayAsync(home + path);
        var page = await GetAsync("/");
        using var plain = new HttpClient();
        var parts = Linked().Matches(await plain.GetStringAsync(home + "/")).Select(m => m.Groups[1].Value).Distinct().ToList();
        var weight = page.Length;
        foreach (var part in parts)
            weight += (await GetAsync(part)).Length;
        Measure.Say($"the first page with {parts.Count} style sheets and scripts: {weight / 1024.0:0.0} KiB over the wire (60 wanted)");
    }

    private static async Task<string> SignInAsync(string home)
    {
        using var http = new HttpClient(new HttpClientHandler { UseCookies = false });
        using var answer = await http.PostAsJsonAsync(home + "/api/v1/session", new { login = "citizen-a", password = Accounts.DemoPassword });
        answer.EnsureSuccessStatusCode();
        return string.Join("; ", answer.Headers.GetValues("Set-Cookie").Select(c => c.Split(';')[0]));
    }

    private static async Task<string> ApplyAsync(string home, string cookie)
    {
        using var http = new HttpClient(new HttpClientHandler { UseCookies = false });
        http.DefaultRequestHeaders.Add("Cookie", cookie);
        using var answer = await http.PostAsJsonAsync(home + "/api/v1/services/environment.air-quality/air-report/applications", new { region = "330100", @for = "self", data = new { kind = "其他", place = "示例路口", seen_on = "2026-01-01" } });
        var said = await answer.Content.ReadFromJsonAsync<JsonElement>();
        return answer.IsSuccessStatusCode ? said.GetProperty("number").GetString()! : throw new InvalidOperationException(said.ToString());
    }

    // A browser that was here before has a cookie for forms too.
    private static async Task<string> WithFormsAsync(string address, string cookie)
    {
        using var http = new HttpClient(new HttpClientHandler { UseCookies = false });
        http.DefaultRequestHeaders.Add("Cookie", cookie);
        using var answer = await http.GetAsync(new Uri(address));
        return answer.Headers.TryGetValues("Set-Cookie", out var more) ? $"{cookie}; {string.Join("; ", more.Select(c => c.Split(';')[0]))}" : cookie;
    }

    private static async Task<byte[]> PageAsync(string address, string[] headers)
    {
        using var http = new HttpClient(new HttpClientHandler { UseCookies = false, AutomaticDecompression = DecompressionMethods.None });
        foreach (var header in headers)
            http.DefaultRequestHeaders.Add(header.Split(':')[0], header[(header.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim());
        return await http.GetByteArrayAsync(address);
    }

    [GeneratedRegex("(?:rel=\"stylesheet\" href|script src)=\"([^\"]+)\"")]
    private static partial Regex Linked();
}
