using System.Diagnostics;
using Guantong.Trust;
using Guantong.Work;
using Microsoft.Extensions.DependencyInjection;

namespace Guantong.Bench.Durable;

/// <summary>Finishing tasks with a million cases in store, against a thousand; and how long the lists take.</summary>
internal static class CasesBench
{
    private const int Few = 1_000;
    private const int Count = 160;
    private const int Rounds = 4;

    public static async Task<Ratio> RunAsync()
    {
        var many = Stock.Count("GUANTONG_BENCH_CASES", 1_000_000);
        using var scratch = new Scratch();
        await using var small = await FilledAsync(scratch, Few);
        await using var large = await FilledAsync(scratch, many);
        var (ofSmall, ofLarge) = (new List<double>(), new List<double>());
        for (var round = 0; round <= Rounds; round++)
        {
            // The first round warms up.
            foreach (var (platform, rates) in new[] { (small, ofSmall), (large, ofLarge) })
            {
                var took = await TasksBench.FinishAllAsync(platform, await platform.OpenAsync(Count, TasksBench.Clients));
                if (round > 0)
                    rates.Add(Count * TasksBench.InARowTasks.Length / took);
            }
        }
        Measure.Say($"{Few,9} cases  {Measure.Median(ofSmall):0} tasks finished/s, median of {Rounds} ({ofSmall.Min():0}–{ofSmall.Max():0})");
        Measure.Say($"{many,9} cases  {Measure.Median(ofLarge):0} tasks finished/s ({ofLarge.Min():0}–{ofLarge.Max():0})");
        foreach (var (name, read) in Lists)
            Measure.Say($"{name,-30} {await TimeAsync(small, read):0.0} ms, {await TimeAsync(large, read):0.0} ms");
        return new Ratio(Measure.Median(ofLarge) / Measure.Median(ofSmall), 0.85);
    }

    private static readonly (string Name, Func<DurablePlatform, Task> Read)[] Lists =
    [
        ("tasks of a unit, open", p => p.Tasks.PageAsync(DurablePlatform.Official.Unit, "open", null, RowRights.All, DurablePlatform.Official, 0, 50)),
        ("tasks of a unit, any", p => p.Tasks.PageAsync(DurablePlatform.Official.Unit, null, null, RowRights.All, DurablePlatform.Official, 0, 50)),
        ("tasks of a unit, by words", p => p.Tasks.PageAsync(DurablePlatform.Official.Unit, "open", "stock-open-11", RowRights.All, DurablePlatform.Official, 0, 50)),
        ("cases, newest", p => p.Cases.PageAsync(null, null, null, false, RowRights.All, 0, 50)),
        ("cases, open", p => p.Cases.PageAsync("open", null, null, false, RowRights.All, 0, 50)),
        ("cases, by words", p => p.Cases.PageAsync(null, null, "stock-open-11", false, RowRights.All, 0, 50)),
        ("a case by its number", p => p.Cases.FindAsync("stock-open-11", RowRights.All)),
        ("its ledger", p => new Ledger(p.Store).AboutAsync("case:stock-open-11")),
        ("the runner finds nothing due", p => p.Services.GetRequiredService<WorkRunner>().RunNextAsync(CancellationToken.None)),
    ];

    // One case in ten is open at its second task.
    private static async Task<DurablePlatform> FilledAsync(Scratch scratch, int count)
    {
        var platform = await DurablePlatform.BuildAsync(scratch.Fresh("data"), TasksBench.InARow, TasksBench.InARowTasks);
        var (open, ended) = (await platform.OpenAsync(1), await platform.OpenAsync(2));
        for (var step = 0; step < TasksBench.InARowTasks.Length; step++)
        {
            foreach (var id in step == 0 ? (string[])[open, ended] : [ended])
                await platform.Tasks.FinishAsync((await platform.Cases.FindAsync(id, RowRights.All))!.Tasks.Single(t => t.State == "open").Id, TasksBench.Given(step), DurablePlatform.Official);
        }
        var watch = Stopwatch.StartNew();
        await Stock.FillAsync(platform, open, count / 10, "stock-open-");
        await Stock.FillAsync(platform, ended, count - count / 10, "stock-ended-");
        Measure.Say($"{count,9} cases stocked in {watch.Elapsed.TotalSeconds:0} s");
        return platform;
    }

    private static async Task<double> TimeAsync(DurablePlatform platform, Func<DurablePlatform, Task> read)
    {
        var took = new List<double>();
        for (var i = 0; i < 7; i++)
            took.Add(await Measure.SecondsAsync(() => read(platform)) * 1000);
        return Measure.Median(took);
    }
}
