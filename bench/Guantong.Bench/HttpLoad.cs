using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Guantong.Bench;

/// <summary>Load over HTTP/1.1 by h2load, one thread of it, so that the other processor is the server's.</summary>
internal static partial class HttpLoad
{
    private const int Clients = 32;

    /// <summary>How long a rate is measured.</summary>
    public static int Seconds { get; } = int.TryParse(Environment.GetEnvironmentVariable("GUANTONG_BENCH_SECONDS"), out var s) ? s : 6;

    /// <exception cref="MaterialAbsentException">A program is not installed.</exception>
    public static void Need(params string[] programs)
    {
        foreach (var program in programs)
        {
            if (!((string[])["/usr/sbin/", "/usr/bin/", "/usr/local/bin/"]).Any(f => File.Exists(f + program)))
                throw new MaterialAbsentException($"{program} is not installed: apt-get install nginx-light nghttp2-client");
        }
    }

    /// <summary>Requests a second.</summary>
    public static async Task<double> RateAsync(string address, string[] headers) =>
        double.Parse(Rate().Match(await LoadAsync(["-D", $"{Seconds}", "-c", $"{Clients}"], address, headers)).Groups[1].Value, CultureInfo.InvariantCulture);

    /// <summary>Median and 99th percentile in milliseconds at a rate of requests a second.</summary>
    public static async Task<(double Half, double Most)> LatencyAsync(string address, string[] headers, double rate, Scratch scratch)
    {
        var log = scratch.Fresh("latency");
        await LoadAsync(["-D", "10", "-c", "16", string.Create(CultureInfo.InvariantCulture, $"--rps={rate / 16:0.0}"), $"--log-file={log}"], address, headers);
        var took = File.ReadLines(log).Select(l => double.Parse(l.Split('\t')[2], CultureInfo.InvariantCulture) / 1000).Order().ToList();
        return (took[took.Count / 2], took[took.Count * 99 / 100]);
    }

    private static async Task<string> LoadAsync(string[] how, string address, string[] headers)
    {
        using var process = Process.Start(new ProcessStartInfo("h2load", ["--h1", "-t", "1", .. how, .. headers.SelectMany(h => (string[])["-H", h]), address]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var said = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return said.Contains(" 0 failed", StringComparison.Ordinal) && Statuses().Match(said) is { Success: true } match && match.Groups[1].Value != "0" && said.Contains(", 0 4xx, 0 5xx", StringComparison.Ordinal) ? said : throw new InvalidOperationException(said);
    }

    [GeneratedRegex(@"([0-9.]+) req/s")]
    private static partial Regex Rate();

    [GeneratedRegex(@"status codes: ([0-9]+) 2xx")]
    private static partial Regex Statuses();
}
