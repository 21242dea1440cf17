using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Dapper;
using Guantong.Trust;
using Guantong.Work;
using Microsoft.Extensions.DependencyInjection;

namespace Guantong.Bench.Durable;

/// <summary>A year of cases over twenty matters: each opened, handled task by task and ended by the platform itself, day after day of a clock that is told; and what an official with 5,000 open tasks waits for their list then.</summary>
/// <remarks>It takes an hour and a half. Where GUANTONG_BENCH_KEEP names a folder it goes on there from the day at which it ended before, and with GUANTONG_BENCH_MINUTES it ends after the day in which those are over.</remarks>
internal static class YearBench
{
    private const int Matters = 20;
    private const int Backlog = 5_000;
    private const int Clients = 32;
    private const int Pages = 500;
    private static readonly DateTimeOffset New = new(2026, 1, 1, 1, 0, 0, TimeSpan.Zero);

    // Which kind of process the matters have, by their number: mostly one task, some two in a row, some with a decision by hand and a document, a few with three.
    private static readonly (int Upto, string Body, string[] Tasks)[] Kinds =
    [
        (8, Row("inspect"), ["inspect"]),
        (14, Row("inspect", "review"), ["inspect", "review"]),
        (18, """
            <startEvent id="start"/><userTask id="inspect" name="现场核查" guantong:form="forms/air-inspect.json" guantong:due="P5D working"/><exclusiveGateway id="found" default="none"/>
            <serviceTask id="reply" name="答复" guantong:service="compose-document" guantong:document="documents/air-reply.md"/><endEvent id="end" name="已答复"/><endEvent id="unfounded" name="不属实"/>
            <sequenceFlow id="a" sourceRef="start" targetRef="inspect"/><sequenceFlow id="b" sourceRef="inspect" targetRef="found"/>
            <sequenceFlow id="yes" sourceRef="found" targetRef="reply"><conditionExpression xsi:type="tFormalExpression">confirmed = true</conditionExpression></sequenceFlow>
            <sequenceFlow id="none" sourceRef="found" targetRef="unfounded"/><sequenceFlow id="c" sourceRef="reply" targetRef="end"/>
            """, ["inspect"]),
        (Matters, Row("inspect", "review", "close"), ["inspect", "review", "close"]),
    ];

    public static async Task<Ratio> RunAsync()
    {
        var count = Stock.Count("GUANTONG_BENCH_CASES", 1_000_000);
        var minutes = Stock.Count("GUANTONG_BENCH_MINUTES", int.MaxValue);
        using var scratch = new Scratch();
        var keep = Environment.GetEnvironmentVariable("GUANTONG_BENCH_KEEP") is { Length: > 0 } told ? told : null;
        var days = new YearDays(Path.Combine(keep ?? scratch.Folder, "days.csv"));
        var clock = new ToldClock(New);
        await using var platform = await DurablePlatform.BuildAsync(keep is null ? scratch.Fresh("data") : Path.Combine(keep, "data"), WithMatters, clock, keep is null ? null : "year");
        var land = platform.Services.GetRequiredService<Jurisdiction>();
        var cities = land.Regions.Children(land.Root).Select(r => r.Code).Where(c => land.Units.ForRegion("省生态环境厅", c)?.Region == c).ToList();
        var officials = cities.ToDictionary(c => c, c => new Person("bench-" + c, "演示·承办", "Demo officer", "official", land.Units.ForRegion("省生态环境厅", c)!.Id, c, ["case-worker"]));
        var busy = DurablePlatform.Official;
        var opened = (int)await platform.Store.ReadAsync(c => c.ExecuteScalarAsync<long>("SELECT count(*) FROM work_case"));
        var began = Stopwatch.StartNew();
        for (var month = (int)(12L * opened / count); month < 12 && began.Elapsed.TotalMinutes < minutes; month++)
        {
            var until = (int)((long)count * (month + 1) / 12);
            // A day at a time: what came in is opened, then what is open is done, but for a backlog of the busy unit.
            var aDay = Math.Max(1, count / 12 / 21);
            while (opened < until && began.Elapsed.TotalMinutes < minutes)
            {
                var watch = Stopwatch.StartNew();
                var today = Math.Min(aDay, until - opened);
                clock.Now = New.AddDays(365.0 * opened / count);
                await Parallel.ForEachAsync(Enumerable.Range(opened, today), Few, async (i, cancel) =>
                {
                    clock.Tick();
                    var city = cities[(int)(Scatter(i) % (uint)cities.Count)];
                    await platform.Cases.OpenAsync(platform.Applied, platform.Applied.Pack.Matter($"matter-{i % Matters}")!, string.Create(CultureInfo.InvariantCulture, $"合成办件 {i}"), city, new JsonObject { ["place"] = "示例路口", ["kind"] = "其他", ["seen_on"] = "2026-01-01" }, officials[city], cancel);
                });
                opened += today;
                clock.Now = clock.Now.AddHours(6);
                var (done, served) = (await WorkOffAsync(platform, clock, officials, busy.Unit!), await ServeAsync(platform));
                days.Add(new YearDay(month + 1, today, watch.Elapsed.TotalSeconds, done, served));
            }
            if (opened == until)
                Measure.Say($"{days.Of(month + 1)}; here {Environment.WorkingSet >> 20} MiB");
        }
        var (ended, open) = await platform.Store.ReadAsync(c => c.QuerySingleAsync<(long, long)>("SELECT (SELECT count(*) FROM work_case WHERE state = 'ended'), (SELECT count(*) FROM work_task WHERE state = 'open' AND unit = @Unit)", new { busy.Unit }));
        Measure.Say($"{opened} of {count} cases over {Matters} matters and {cities.Count} cities: {days.Cases / days.Seconds:0} cases/s, {days.Tasks / days.Seconds:0} tasks/s, {days.Served} pieces of work by the runner; {ended} have ended, {open} tasks are open at the busy unit; the last month at {days.LastToFirst:0.00} of the first's rate");
        Measure.Say($"memory: {Process.GetCurrentProcess().PeakWorkingSet64 >> 20} MiB at most");
        if (opened < count)
        {
            Measure.Say($"not done yet: run it again to go on");
            return new Ratio(0, 1);
        }
        foreach (var (table, size, rows) in await platform.Store.ReadAsync(c => c.QueryAsync<(string, long, long)>("SELECT relname, pg_total_relation_size(oid), reltuples::bigint FROM pg_class WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace ORDER BY 2 DESC LIMIT 8")))
            Measure.Say($"  {table,-16} {size >> 20,6} MiB  {rows} rows");
        var p99 = await PagesAsync(platform, clock, busy, (int)open);
        return new Ratio(100 / p99, 1);
    }

    private static readonly ParallelOptions Few = new() { MaxDegreeOfParallelism = Clients };

    // What is open is finished, oldest first, until nothing is left but the backlog.
    private static async Task<int> WorkOffAsync(DurablePlatform platform, ToldClock clock, IReadOnlyDictionary<string, Person> officials, string busy)
    {
        var done = 0;
        while (true)
        {
            var open = (await platform.Store.ReadAsync(c => c.QueryAsync<(string Id, string Unit, string Region)>("""
                SELECT t.id, t.unit, c.region FROM work_task t JOIN work_case c ON c.id = t.case_id WHERE t.state = 'open' AND t.unit <> @busy
                UNION ALL (SELECT t.id, t.unit, c.region FROM work_task t JOIN work_case c ON c.id = t.case_id WHERE t.state = 'open' AND t.unit = @busy ORDER BY t.opened DESC OFFSET @Backlog)
                """, new { busy, Backlog }))).AsList();
            if (open.Count == 0)
                return done;
            await Parallel.ForEachAsync(open, Few, async (task, cancel) =>
            {
                clock.Tick();
                if (await platform.Tasks.FinishAsync(task.Id, new JsonObject { ["confirmed"] = true, ["finding"] = "现场核查属实，已责令整改（合成）" }, officials[task.Region], cancel) is { Count: > 0 } faults)
                    throw new InvalidOperationException(faults[0].ToString());
            });
            done += open.Count;
        }
    }

    private static async Task<int> ServeAsync(DurablePlatform platform)
    {
        var runner = platform.Services.GetRequiredService<WorkRunner>();
        var served = 0;
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            while (await runner.RunNextAsync(CancellationToken.None))
                Interlocked.Increment(ref served);
        })));
        return served;
    }

    // Pages all over the official's list, with their own rights; every tenth by words.
    private static async Task<double> PagesAsync(DurablePlatform platform, ToldClock clock, Person busy, int open)
    {
        var rights = busy.Rows("task.read", platform.Services.GetRequiredService<Jurisdiction>());
        var took = new List<double>();
        for (var i = -20; i < Pages; i++)
        {
            clock.Tick();
            var skip = i % 3 == 0 ? 0 : (int)(Scatter(i) % (uint)Math.Max(1, open - 50));
            var words = i % 10 == 0 ? string.Create(CultureInfo.InvariantCulture, $"合成办件 {Scatter(i) % 1000}") : null;
            var seconds = await Measure.SecondsAsync(() => platform.Tasks.PageAsync(busy.Unit, "open", words, rights, busy, skip, 50));
            if (i >= 0)
                took.Add(seconds * 1000);
        }
        took.Sort();
        Measure.Say($"task list of an official with {open} open tasks, {Pages} pages: median {Measure.Median(took):0.0} ms, p99 {took[Pages * 99 / 100]:0.0} ms, slowest {took[^1]:0.0} ms");
        return took[Pages * 99 / 100];
    }

    // The pack's one matter that is applied for becomes twenty.
    private static IReadOnlyDictionary<string, string> WithMatters(IReadOnlyDictionary<string, string> files)
    {
        var changed = new Dictionary<string, string>(files);
        changed.Remove("processes/air-report.bpmn", out _);
        changed.Remove("matters/air-report.yaml", out var matter);
        for (var i = 0; i < Matters; i++)
        {
            var (_, body, tasks) = Kinds.First(k => i < k.Upto);
            changed[$"matters/matter-{i}.yaml"] = matter!.Replace("matter: air-report", $"matter: matter-{i}", StringComparison.Ordinal).Replace("name: 大气污染问题反映", $"name: 合成事项{i}", StringComparison.Ordinal).Replace("processes/air-report.bpmn", $"processes/matter-{i}.bpmn", StringComparison.Ordinal);
            changed[$"processes/matter-{i}.bpmn"] = DurablePlatform.Process(body, tasks);
        }
        changed["business.yaml"] = changed["business.yaml"].Replace("[air-report]", $"[{string.Join(", ", Enumerable.Range(0, Matters).Select(i => $"matter-{i}"))}]", StringComparison.Ordinal);
        return changed;
    }

    private static string Row(params string[] tasks) => "<startEvent id=\"start\"/><endEvent id=\"end\" name=\"已办结\"/>"
        + string.Concat(tasks.Select(t => $"<userTask id=\"{t}\" name=\"{t}\" guantong:form=\"forms/air-inspect.json\" guantong:due=\"P5D working\"/>"))
        + string.Concat(tasks.Prepend("start").Zip(tasks.Append("end"), (a, b) => $"<sequenceFlow id=\"{a}_{b}\" sourceRef=\"{a}\" targetRef=\"{b}\"/>"));

    // The same for every run, and no pattern to speak of.
    private static uint Scatter(int i) => unchecked(((uint)i * 2654435761u) ^ ((uint)i >> 7)) >> 8;

    /// <summary>A clock that stands where it is told, but that no two things happen at the same moment.</summary>
    private sealed class ToldClock(DateTimeOffset start) : TimeProvider
    {
        private long _ticks = start.UtcTicks;

        public DateTimeOffset Now { get => new(Interlocked.Read(ref _ticks), TimeSpan.Zero); set => Interlocked.Exchange(ref _ticks, Math.Max(value.UtcTicks, Interlocked.Read(ref _ticks))); }

        public void Tick() => Interlocked.Add(ref _ticks, TimeSpan.TicksPerMillisecond);

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
