using System.Diagnostics;
using Guantong.Data;
using Guantong.Hosting;
using Guantong.Packs.Reading;
using Guantong.Trust;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;

namespace Guantong.Bench;

/// <summary>How long somebody who comes for the first time, over a line of 400 kbit/s and 400 ms there and back, waits until a page can be used: it is seen, and what it takes can be typed.</summary>
internal static class SlowLineBench
{
    private const int Visits = 10, Bits = 400_000;
    private static readonly TimeSpan RoundTrip = TimeSpan.FromMilliseconds(400);

    /// <exception cref="MaterialAbsentException">There is no Chromium.</exception>
    public static async Task<Ratio> RunAsync()
    {
        const string chromium = "/usr/bin/chromium";
        if (!File.Exists(chromium))
            throw new MaterialAbsentException("This benchmark needs a browser: apt-get install chromium.");
        using var scratch = new Scratch();
        await using var app = await Platform.BuildAsync(new Settings(Places.Root, scratch.Fresh("data"), null, "zhejiang", "http://127.0.0.1:0", Demo: true), workers: true);
        await app.StartAsync();
        var packs = app.Services.GetRequiredService<PackRegistry>();
        foreach (var pack in (string[])["environment/air-quality", "society/assistance", "society/concerns", "society/birth"])
        {
            if (await packs.ApplyAsync(PackFolder.Read(Places.Pack(pack), "packs/" + pack), Policy.Operator, confirmed: true) is { Result: not ("applied" or "unchanged") } refused)
                throw new InvalidOperationException($"{pack} was {refused.Result}");
        }
        (string Name, string Path, string Takes)[] pages =
        [
            ("home", "/", "input[name=q]"),
            ("search", "/search?q=" + Uri.EscapeDataString("上户口"), "input[name=q]"),
            ("guide", "/services/society.birth/birth", "main a[href$='/apply']"),
            ("form", "/services/society.birth/birth/apply", "#f-child_name"),
        ];
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await playwright.Chromium.LaunchAsync(new() { ExecutablePath = chromium, Args = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"] });
        var worst = 0.0;
        foreach (var (name, path, takes) in pages)
        {
            var (times, weight) = (new List<double>(), 0L);
            for (var i = -1; i < Visits; i++)
            {
                // Nothing is kept from one visit to the next: neither connection nor file.
                await using var line = new SlowLine(new Uri(app.Urls.First()), Bits, RoundTrip);
                await using var context = await browser.NewContextAsync(new() { BaseURL = line.Address, Locale = "zh-CN", ViewportSize = new() { Width = 390, Height = 844 } });
                var page = await context.NewPageAsync();
                var watch = Stopwatch.StartNew();
                await page.GotoAsync(path, new() { WaitUntil = WaitUntilState.Commit });
                await page.WaitForFunctionAsync("takes => performance.getEntriesByName('first-contentful-paint').length > 0 && document.querySelector(takes)?.checkVisibility()", takes, new() { PollingInterval = 10 });
                if (i < 0)
                    continue;
                times.Add(watch.Elapsed.TotalMilliseconds);
                weight = Math.Max(weight, line.Came);
            }
            times.Sort();
            Measure.Say($"{name,-7} {weight / 1024.0:0.0} KiB until then: p50 {times[Visits / 2]:0} ms, longest of {Visits} {times[^1]:0} ms (3,000 wanted)");
            worst = Math.Max(worst, times[^1]);
        }
        await app.StopAsync();
        return new Ratio(3000 / worst, 1);
    }
}
