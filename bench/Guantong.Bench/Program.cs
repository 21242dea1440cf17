using Guantong.Bench;
using Guantong.Bench.Durable;

// Each benchmark measures against a baseline of the same minute on the same machine: what is printed is a ratio, no promise.
Dictionary<string, (string About, Func<Task<Ratio>> Run)> benches = new()
{
    ["load"] = ("rate of a checked load of the air-quality files / rate of DuckDB's COPY of the same files", LoadBench.RunAsync),
    ["quality"] = ("time of one hand-written scan / time of a run of 50 rules over the same 10 million rows, by dataset and region, scored and with rows at fault kept (GUANTONG_BENCH_ROWS takes fewer)", QualityBench.RunAsync),
    ["indicators"] = ("time of 300 indicators over 100 million rows by hand, half as much again / here; a fiftieth of that time / time after a thousandth of new rows: the lower (GUANTONG_BENCH_ROWS takes fewer)", IndicatorBench.RunAsync),
    ["stream"] = ("2 s / 99th percentile from commit at the source to being visible here, at 2,000 changes a second", StreamBench.RunAsync),
    ["excel"] = ("peak memory of a million rows of Excel / of three million", FlowBench.ExcelAsync),
    ["flow"] = ("memory at the peak of a load of 1 GB / of 10 GB (GUANTONG_BENCH_GB takes fewer)", FlowBench.RunAsync),
    ["size"] = ("size of a CSV of 1.4 million rows / of the warehouse that holds them", SizeBench.RunAsync),
    ["gateway"] = ("calls a second through the gateway with full policy, signature and ledger / through nginx's proxy_pass", GatewayBench.RunAsync),
    ["exchange"] = ("messages of 1 KiB a second between two platforms, signed and on record at both / the same calls over mutual TLS alone", ExchangeBench.RunAsync),
    ["check"] = ("1 s / `guantong check` of 100 packs, one cold process", CheckBench.RunAsync),
    ["memory"] = ("memory of an empty ASP.NET Core app / memory of `up` at rest", MemoryBench.RunAsync),
    ["feel"] = ("time of feelin (npm) / time of FEEL here, prepared (100 wanted) or parsed and evaluated (5): the worst expression, whichever lies closer to its goal", PeerBench.FeelAsync),
    ["tables"] = ("time of @gorules/zen-engine (npm) / time of a table of 100 rules and 5 inputs here", PeerBench.TablesAsync),
    ["process"] = ("time of bpmn-engine (npm), its definition parsed / time of a process of seven nodes from start to end here", PeerBench.ProcessAsync),
    ["analysis"] = ("2 s / analysis of the slowest of several tables of 1,000 rules and 8 inputs", AnalysisBench.RunAsync),
    ["tasks"] = ("rate at which officials finish tasks over PostgreSQL / rate of bare transactions that write the same rows", TasksBench.RunAsync),
    ["cases"] = ("rate of finishing tasks with a million cases in store / with a thousand (GUANTONG_BENCH_CASES takes fewer)", CasesBench.RunAsync),
    ["year"] = ("100 ms / p99 of the task list of an official with 5,000 open tasks, after a year of a million cases went through the platform (GUANTONG_BENCH_CASES takes fewer)", YearBench.RunAsync),
    ["timers"] = ("rate of new work while 100,000 timers that are due at once drain / when nothing is due (GUANTONG_BENCH_TIMERS takes fewer)", TimersBench.RunAsync),
    ["ledger"] = ("entries committed a second / 20,000, and recomputed a second / 500,000: the lower", LedgerBench.RunAsync),
    ["sm"] = ("rate of SM3, SM4-CBC and SM4-CTR over 16 KiB here / by `openssl speed`: the lowest", SmBench.RunAsync),
    ["policy"] = ("5 µs / a decision of the policy, the slowest of several kinds", PolicyBench.RunAsync),
    ["catalogue"] = ("50 ms / p99 of a search of a catalogue of 100,000 entries (GUANTONG_BENCH_ENTRIES takes fewer)", CatalogueBench.RunAsync),
    ["screen"] = ("100 ms / p99 of a screen of 40 charts, all its figures in one round trip", ScreenBench.RunAsync),
    ["page"] = ("1 s / p90 until a screen of 40 charts is live in a browser and every chart in sight is drawn, the slower of desktop and wall", ScreenBench.PageAsync),
    ["portal"] = ("requests a second of home, search, guide and status pages / of the same bytes as files, of which half is wanted, or 25 ms / p99 at half load: the lowest", PortalBench.RunAsync),
    ["slow"] = ("3 s / the longest until a page that is visited for the first time can be used, over a line of 400 kbit/s and 400 ms: home, search, a guide, a form", SlowLineBench.RunAsync),
    ["people"] = ("1 s / p99 of every request of 5,000 signed-in people who read and apply at the pace of people, none of which may fail (GUANTONG_BENCH_PEOPLE takes fewer)", PeopleBench.RunAsync),
    ["start"] = ("3 s / second start of `up` until the first page is served", StartBench.RunAsync),
};

if (args is ["flow-child", var kind, var size, var folder])
    return FlowBench.RunChild(kind, int.Parse(size, System.Globalization.CultureInfo.InvariantCulture), folder);
if (args is ["empty-app", var url])
    return await EmptyApp.RunAsync(url);
if (args.Length == 0)
{
    foreach (var (name, (about, _)) in benches)
        Console.WriteLine($"{name,-8} {about}");
    return 0;
}
if (!benches.TryGetValue(args[0], out var bench))
{
    Console.Error.WriteLine($"There is no benchmark {args[0]}; there are {string.Join(", ", benches.Keys)}.");
    return 2;
}
try
{
    var ratio = await bench.Run();
    Console.WriteLine($"{args[0]} {ratio}");
    return 0;
}
catch (MaterialAbsentException e)
{
    Console.Error.WriteLine(e.Message);
    return 2;
}
