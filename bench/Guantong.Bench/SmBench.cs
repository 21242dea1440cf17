using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using Guantong.Trust;

namespace Guantong.Bench;

/// <summary>The national algorithms over blocks of 16 KiB, beside `openssl speed` in the same minute, on one thread each.</summary>
internal static class SmBench
{
    private const int Block = 16 << 10;
    private static readonly TimeSpan Span = TimeSpan.FromSeconds(2);

    public static async Task<Ratio> RunAsync()
    {
        var (key, start, block) = (RandomNumberGenerator.GetBytes(16), RandomNumberGenerator.GetBytes(16), RandomNumberGenerator.GetBytes(Block));
        var nonce = start[..12];
        var worst = double.MaxValue;
        foreach (var (name, work) in ((string, Action)[])[("sm3", () => Sm3.Hash(block)), ("sm4-cbc", () => Sm4.EncryptCbc(key, start, block)), ("sm4-ctr", () => Sm4.Count(key, start, block))])
        {
            var (theirs, ours) = (await OpenSslAsync(name), Rate(work));
            Measure.Say($"{name,-8} {ours / 1e6:0} MB/s, openssl {theirs / 1e6:0} MB/s: {ours / theirs:0.00}");
            worst = Math.Min(worst, ours / theirs);
        }
        // OpenSSL before 3.1 has no SM4-GCM to compare with.
        Measure.Say($"sm4-gcm  {Rate(() => Sm4.Seal(key, nonce, block)) / 1e6:0} MB/s, without a peer");
        return new Ratio(worst, 0.8);
    }

    // Bytes a second.
    private static double Rate(Action work)
    {
        for (var i = 0; i < 200; i++)
            work();
        var (watch, blocks) = (Stopwatch.StartNew(), 0L);
        for (; watch.Elapsed < Span; blocks++)
            work();
        return blocks * Block / watch.Elapsed.TotalSeconds;
    }

    private static async Task<double> OpenSslAsync(string name)
    {
        var start = new ProcessStartInfo("openssl", ["speed", "-elapsed", "-mr", "-seconds", $"{Span.TotalSeconds}", "-bytes", $"{Block}", "-evp", name]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var said = process.StandardError.ReadToEndAsync();
        var text = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        await said;
        // "+F:…:name:bytes a second"
        return text.Split('\n').FirstOrDefault(l => l.StartsWith("+F:", StringComparison.Ordinal)) is { } line
            && double.TryParse(line.Split(':')[^1], NumberStyles.Float, CultureInfo.InvariantCulture, out var rate) ? rate
            : throw new MaterialAbsentException($"openssl measures no {name}; install OpenSSL 3 with the national algorithms");
    }
}
