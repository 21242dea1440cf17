using System.Diagnostics;

namespace Guantong.Bench;

/// <summary>From starting `up` on a folder that was used before, to its first page; against a budget of three seconds.</summary>
internal static class StartBench
{
    private const int Rounds = 5;

    public static async Task<Ratio> RunAsync()
    {
        using var scratch = new Scratch();
        using var http = new HttpClient { Timeout = TimeSpan.FromMinutes(2) };
        var first = await StartAsync(http, scratch.Folder);
        var next = new List<double>();
        for (var i = 0; i < Rounds; i++)
            next.Add(await StartAsync(http, scratch.Folder));
        Measure.Say($"first start  {first:0.00} s, with the demonstration packs and their rows");
        Measure.Say($"next starts  {Measure.Median(next):0.00} s, median of {Rounds} ({next.Min():0.00}–{next.Max():0.00})");
        return new Ratio(3 / Measure.Median(next), 1);
    }

    private static async Task<double> StartAsync(HttpClient http, string data)
    {
        var url = MemoryBench.FreeUrl();
        var watch = Stopwatch.StartNew();
        await using var child = Child.Start(Child.Guantong, "up", "--demo", "--url", url, "--at", data);
        await child.ServedAsync(http, url + "/");
        return watch.Elapsed.TotalSeconds;
    }
}
