using System.Diagnostics;
using System.Globalization;
using System.IO.MemoryMappedFiles;
using Guantong.Fuzz;

// Guantong.Fuzz ROOT [COUNT [FIRST]] tries inputs; Guantong.Fuzz ROOT show SEED prints one and tries it.
if (args.Length == 0)
{
    Console.Error.WriteLine("usage: Guantong.Fuzz ROOT [COUNT [FIRST SEED]]   or   Guantong.Fuzz ROOT show SEED");
    return 2;
}
var root = args[0];
var material = Environment.GetEnvironmentVariable("GUANTONG_MATERIAL") is { Length: > 0 } told ? told : Path.Combine(root, "..", "shared", "material");
var campaign = new Campaign(Corpus.Of(Path.Combine(root, "packs"), Path.Combine(material, "dmn-tck")), fault => Console.WriteLine($"seed {fault.Seed}: {(fault.What.Length > 1500 ? fault.What[..1500] : fault.What)}"));
if (args is [_, "show", var one])
{
    var seed = Number(one);
    Console.WriteLine(campaign.Input(seed).Input);
    campaign.Run(seed, 1, 1, (_, _) => { }, CancellationToken.None);
    return Told();
}
var (count, first) = (args.Length > 1 ? Number(args[1]) : 10_000_000, args.Length > 2 ? Number(args[2]) : 1);
var threads = Environment.ProcessorCount;

// What is under way stands in a file, so that it is known even when the process is gone.
var traces = Path.Combine(Path.GetTempPath(), $"guantong-fuzz-{Environment.ProcessId}");
using var file = MemoryMappedFile.CreateFromFile(traces, FileMode.Create, null, 8 * threads);
using var now = file.CreateViewAccessor();
Console.WriteLine($"{count} inputs from seed {first} on {threads} threads; the seeds under way stand in {traces} (od -t d8)");
var clock = Stopwatch.StartNew();
using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, e) =>
{
    e.Cancel = true;
    stop.Cancel();
};
var latest = first;
var since = new long[threads];
var watch = new Thread(() =>
{
    for (var tick = 1; !stop.IsCancellationRequested; tick++)
    {
        Thread.Sleep(1000);
        for (var n = 0; n < threads; n++)
        {
            if (Volatile.Read(ref since[n]) is var started && started > 0 && Stopwatch.GetElapsedTime(started).TotalSeconds > 300)
            {
                Console.WriteLine($"seed {now.ReadInt64(8 * n)} hangs");
                Environment.Exit(1);
            }
        }
        if (tick % 30 == 0)
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{latest - first,10} inputs, {clock.Elapsed.TotalSeconds:0} s, {(latest - first) / clock.Elapsed.TotalSeconds:0} a second, {campaign.Faults.Count} faults"));
    }
}) { IsBackground = true };
watch.Start();
campaign.Run(first, count, threads, (n, seed) =>
{
    now.Write(8 * n, seed);
    Volatile.Write(ref since[n], seed == 0 ? 0 : Stopwatch.GetTimestamp());
    if (seed > 0)
        latest = seed;
}, stop.Token);
Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
    $"slowest input {campaign.Slowest.Value * 1000:0} ms (seed {campaign.Slowest.Seed}), largest {campaign.Largest.Value / (1 << 20):0.0} MiB allocated (seed {campaign.Largest.Seed}), peak of the process {Process.GetCurrentProcess().PeakWorkingSet64 >> 20} MiB"));
File.Delete(traces);
return Told();

int Told()
{
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"fuzz {campaign.Texts} texts, {campaign.Models} models, {campaign.Faults.Count} faults"));
    return campaign.Faults.Count == 0 ? 0 : 1;
}

static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);
