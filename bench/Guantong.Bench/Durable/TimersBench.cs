using System.Diagnostics;
using System.Text.Json.Nodes;
using Dapper;
using Guantong.Trust;
using Guantong.Work;
using Microsoft.Extensions.DependencyInjection;

namespace Guantong.Bench.Durable;

/// <summary>A hundred thousand timers due at once: new work goes on while they drain, and none is lost or goes off twice.</summary>
internal static class TimersBench
{
    private const int Clients = 4;
    private static readonly TimeSpan Watched = TimeSpan.FromSeconds(30);

    // A case either waits for a timer, or has a task and then a service.
    private const string Either = """
        <startEvent id="start"/><exclusiveGateway id="which" default="b"/>
        <intermediateCatchEvent id="rest" name="公示"><timerEventDefinition><timeDuration>PT1H</timeDuration></timerEventDefinition></intermediateCatchEvent><endEvent id="rested" name="期满"/>
        <userTask id="inspect" name="现场核查" guantong:form="forms/air-inspect.json"/>
        <serviceTask id="reply" name="答复" guantong:service="compose-document" guantong:document="documents/air-reply.md"/><endEvent id="end" name="已答复"/>
        <sequenceFlow id="a" sourceRef="start" targetRef="which"/>
        <sequenceFlow id="w" sourceRef="which" targetRef="rest"><conditionExpression>place = "timer"</conditionExpression></sequenceFlow><sequenceFlow id="x" sourceRef="rest" targetRef="rested"/>
        <sequenceFlow id="b" sourceRef="which" targetRef="inspect"/><sequenceFlow id="c" sourceRef="inspect" targetRef="reply"/><sequenceFlow id="d" sourceRef="reply" targetRef="end"/>
        """;

    public static async Task<Ratio> RunAsync()
    {
        var timers = Stock.Count("GUANTONG_BENCH_TIMERS", 100_000);
        using var scratch = new Scratch();
        await using var platform = await DurablePlatform.BuildAsync(scratch.Fresh("data"), Either, "inspect");
        var template = await platform.OpenAsync(0, "timer");
        var runner = platform.Services.GetRequiredService<WorkRunner>();
        await runner.StartAsync(CancellationToken.None);
        await WorkAsync(platform, TimeSpan.FromSeconds(5));
        var quiet = await WorkAsync(platform, Watched);
        await Stock.FillAsync(platform, template, timers, "stock-");
        var watch = Stopwatch.StartNew();
        var left = await LeftAsync(platform);
        var busy = await WorkAsync(platform, Watched);
        var during = left - await LeftAsync(platform);
        if (during >= left)
            throw new InvalidOperationException("The timers were gone before new work was measured; take more.");
        Measure.Say($"quiet   {quiet.Rate:0.0} cases/s opened, finished and served by {Clients} at once; a service waits {quiet.Wait:0} ms (median)");
        Measure.Say($"drain   {busy.Rate:0.0} cases/s; a service waits {busy.Wait:0} ms (median), {busy.Longest:0} ms at most; {during / Watched.TotalSeconds:0} timers/s beside them");
        while (await LeftAsync(platform) > 0)
            await Task.Delay(200);
        await runner.StopAsync(CancellationToken.None);
        Measure.Say($"drained {timers} timers in {watch.Elapsed.TotalSeconds:0} s ({timers / watch.Elapsed.TotalSeconds:0}/s)");
        await OnceAsync(platform, timers);
        return new Ratio(busy.Rate / quiet.Rate, 0.5);
    }

    private static Task<long> LeftAsync(DurablePlatform platform) => platform.Store.ReadAsync(c => c.ExecuteScalarAsync<long>("SELECT count(*) FROM work_timer WHERE due <= @now", new { now = Time.Write(DateTimeOffset.UtcNow) }));

    private static async Task OnceAsync(DurablePlatform platform, int timers)
    {
        var (ended, fired, cases) = await platform.Store.ReadAsync(c => c.QueryFirstAsync<(long, long, long)>("""
            SELECT (SELECT count(*) FROM work_case WHERE number LIKE 'stock-%' AND state = 'ended' AND outcome = '期满'),
                   (SELECT count(*) FROM ledger WHERE action = 'timer.fired'), (SELECT count(DISTINCT about) FROM ledger WHERE action = 'timer.fired')
            """));
        if ((ended, fired, cases) != (timers, timers, timers))
            throw new InvalidOperationException($"{timers} timers: {ended} cases ended, {fired} went off in {cases} cases");
    }

    private static async Task<(double Rate, double Wait, double Longest)> WorkAsync(DurablePlatform platform, TimeSpan time)
    {
        var waits = new List<double>();
        var watch = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, Clients).Select(_ => Task.Run(async () =>
        {
            while (watch.Elapsed < time)
            {
                var id = await platform.OpenAsync(1);
                var task = (await platform.Cases.FindAsync(id, RowRights.All))!.Tasks.Single();
                await platform.Tasks.FinishAsync(task.Id, new JsonObject { ["confirmed"] = true, ["finding"] = "现场核查属实（合成）" }, DurablePlatform.Official);
                var finished = watch.Elapsed;
                while ((await platform.Cases.FindAsync(id, RowRights.All))!.Case.State != "ended")
                    await Task.Delay(5);
                lock (waits)
                    waits.Add((watch.Elapsed - finished).TotalMilliseconds);
            }
        })));
        return (waits.Count / watch.Elapsed.TotalSeconds, Measure.Median(waits), waits.Max());
    }
}
