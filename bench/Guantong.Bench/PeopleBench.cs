using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using Guantong.Data;
using Guantong.Hosting;
using Guantong.Trust;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Guantong.Bench;

/// <summary>Five thousand signed-in people who read and apply at the pace of people, each waiting for a page before they go on: how long they wait, and what the node needs. They and the platform share a process and its two cores.</summary>
internal static class PeopleBench
{
    private const string Service = "environment.air-quality/air-report";

    // On average; some are quick and some go for tea.
    private const double Thinking = 12;

    public static async Task<Ratio> RunAsync()
    {
        var people = Durable.Stock.Count("GUANTONG_BENCH_PEOPLE", 5_000);
        var seconds = Durable.Stock.Count("GUANTONG_BENCH_SECONDS", 180);
        using var scratch = new Scratch();
        // Each comes from an address of their own, which the proxy tells.
        await using var app = await Platform.BuildAsync(new Settings(Places.Root, scratch.Fresh("data"), null, "zhejiang", "http://127.0.0.1:0", Demo: true) { Proxies = "127.0.0.1" }, workers: true);
        await app.StartAsync();
        var outcome = await app.Services.GetRequiredService<PackRegistry>().ApplyAsync(PackFolder.Read(Places.Pack("environment/air-quality"), "packs/environment/air-quality"), Policy.Operator, confirmed: true);
        if (outcome.Result is not ("applied" or "unchanged"))
            throw new InvalidOperationException(outcome.Result);
        List<Person> all = [.. Enumerable.Range(0, people).Select(i => new Person($"bench-{i}", $"合成居民{i}", $"Made-up resident {i}", "citizen", null, "330100", []))];
        await app.Services.GetRequiredService<Accounts>().SeedAsync(all);
        var sessions = app.Services.GetRequiredService<Sessions>();
        var tokens = new string[people];
        await Parallel.ForAsync(0, people, async (i, cancel) => tokens[i] = await sessions.StartAsync(all[i], Strength.Password, "bench", cancel: cancel));
        Measure.Say($"{people} people are signed in; here {Environment.WorkingSet >> 20} MiB");

        using var http = new HttpClient(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false, MaxConnectionsPerServer = 2_000 }) { BaseAddress = new Uri(app.Urls.First()), Timeout = TimeSpan.FromMinutes(1) };
        var took = new ConcurrentDictionary<string, ConcurrentBag<double>>();
        var failed = new ConcurrentBag<string>();
        using var end = new CancellationTokenSource(TimeSpan.FromSeconds(seconds));
        var spent = Environment.CpuUsage.TotalTime;
        var crowd = Task.WhenAll(Enumerable.Range(0, people).Select(i => Task.Run(() => LiveAsync(http, i, tokens[i], took, failed, end.Token))));
        var memory = new List<long>();
        for (var part = 0; part < 6; part++)
        {
            await Task.WhenAny(crowd, Task.Delay(TimeSpan.FromSeconds(seconds / 6.0)));
            memory.Add(Environment.WorkingSet >> 20);
        }
        await crowd;
        spent = Environment.CpuUsage.TotalTime - spent;
        foreach (var (action, times) in took.OrderBy(t => t.Key, StringComparer.Ordinal))
        {
            var of = times.Order().ToList();
            Measure.Say($"{action,-7} {of.Count,7} times: p50 {of[of.Count / 2]:0.0} ms, p99 {of[of.Count * 99 / 100]:0.0} ms, longest {of[^1]:0.0} ms");
        }
        var whole = took.Values.SelectMany(t => t).Order().ToList();
        var p99 = whole[whole.Count * 99 / 100];
        Measure.Say($"{whole.Count / (double)seconds:0} requests/s of {people} people for {seconds} s, {failed.Count} failed{(failed.IsEmpty ? "" : $" ({failed.First()})")}; {spent.TotalSeconds / seconds:0.00} processors busy, those of the people included; MiB after each sixth: {string.Join(", ", memory)}");
        await app.StopAsync();
        return new Ratio(failed.IsEmpty ? 1000 / p99 : 0, 1);
    }

    private static async Task LiveAsync(HttpClient http, int who, string token, ConcurrentDictionary<string, ConcurrentBag<double>> took, ConcurrentBag<string> failed, CancellationToken end)
    {
        var chance = new Random(who);
        string? number = null;
        try
        {
            while (true)
            {
                await Task.Delay(TimeSpan.FromSeconds(-Math.Log(1 - chance.NextDouble()) * Thinking), end);
                var (action, path) = chance.Next(100) switch
                {
                    < 15 => ("home", "/"),
                    < 35 => ("search", "/search?q=" + Uri.EscapeDataString(((string[])["空气", "扬尘", "油烟", "kongqi"])[chance.Next(4)])),
                    < 60 => ("guide", "/services/" + Service),
                    < 75 => ("me", "/me"),
                    < 90 when number is not null => ("status", "/me/applications/" + number),
                    < 95 => ("form", $"/services/{Service}/apply"),
                    _ => ("apply", ""),
                };
                using var request = action == "apply"
                    ? new HttpRequestMessage(HttpMethod.Post, $"/api/v1/services/{Service}/applications") { Content = JsonContent.Create(new { region = "330100", @for = "self", data = new { kind = "其他", place = $"示例路口{who}", seen_on = "2026-01-01" } }) }
                    : new HttpRequestMessage(HttpMethod.Get, path);
                request.Headers.Add("Cookie", "guantong=" + token);
                request.Headers.Add("X-Forwarded-For", string.Create(CultureInfo.InvariantCulture, $"10.{who >> 16}.{(who >> 8) & 255}.{who & 255}"));
                var watch = Stopwatch.StartNew();
                using var answer = await http.SendAsync(request, CancellationToken.None);
                var said = await answer.Content.ReadAsStringAsync(CancellationToken.None);
                took.GetOrAdd(action, _ => []).Add(watch.Elapsed.TotalMilliseconds);
                if (!answer.IsSuccessStatusCode)
                    failed.Add($"{action}: {(int)answer.StatusCode} {said[..Math.Min(200, said.Length)]}");
                else if (action == "apply")
                    number = System.Text.Json.JsonDocument.Parse(said).RootElement.GetProperty("number").GetString();
            }
        }
        catch (OperationCanceledException)
        {
        }
    }
}
