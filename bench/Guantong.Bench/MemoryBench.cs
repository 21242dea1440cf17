using System.Net;
using System.Net.Sockets;

namespace Guantong.Bench;

/// <summary>Memory of `up` on a fresh folder with the demonstration packs, after the first pages and at rest; against an empty web app.</summary>
internal static class MemoryBench
{
    private static readonly string[] Pages = ["/", "/data", "/search?q=PM2.5", "/screens/environment.air-quality", "/desk", "/api/v1/datasets", "/api/v1/openapi.json"];

    public static async Task<Ratio> RunAsync()
    {
        using var scratch = new Scratch();
        var (emptyRest, emptyPeak) = await AtRestAsync(url => Child.Start(typeof(MemoryBench).Assembly.Location, "empty-app", url), ["/"]);
        var (rest, peak) = await AtRestAsync(url => Child.Start(Child.Guantong, "up", "--demo", "--url", url, "--at", scratch.Folder), Pages);
        var (again, againPeak) = await AtRestAsync(url => Child.Start(Child.Guantong, "up", "--demo", "--url", url, "--at", scratch.Folder), Pages);
        Measure.Say($"empty web app   VmRSS {emptyRest:0} MiB, VmHWM {emptyPeak:0} MiB");
        Measure.Say($"up, first start VmRSS {rest:0} MiB, VmHWM {peak:0} MiB");
        Measure.Say($"up, next start  VmRSS {again:0} MiB, VmHWM {againPeak:0} MiB");
        return new Ratio(emptyRest / rest, 0);
    }

    private static async Task<(double Quiet, double Peak)> AtRestAsync(Func<string, Child> start, IReadOnlyList<string> pages)
    {
        var url = FreeUrl();
        await using var child = start(url);
        using var http = new HttpClient { Timeout = TimeSpan.FromMinutes(2) };
        await child.ServedAsync(http, url + "/");
        foreach (var page in pages)
            (await http.GetAsync(new Uri(url + page))).Dispose();
        return (await SettleAsync(child), child.Memory("VmHWM"));
    }

    // At rest: within 1 MiB for ten seconds; two minutes at the most.
    private static async Task<double> SettleAsync(Child child)
    {
        var (settled, since) = (child.Memory("VmRSS"), 0);
        for (var second = 0; second < 120 && since < 10; second++)
        {
            await Task.Delay(1000);
            var now = child.Memory("VmRSS");
            (settled, since) = Math.Abs(now - settled) <= 1 ? (settled, since + 1) : (now, 0);
        }
        return settled;
    }

    internal static string FreeUrl()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}";
    }
}
