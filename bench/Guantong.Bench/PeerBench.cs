using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Guantong.Decisions;
using Guantong.Feel;
using Guantong.Processes;

namespace Guantong.Bench;

/// <summary>FEEL, decision tables and processes against peers from npm, on the same expressions, table, process and inputs in the same run; one thread.</summary>
internal static class PeerBench
{
    private const int Rules = 100;
    private const int Inputs = 5;

    private static string Peers => Path.Combine(Places.Root, "bench", "peers");

    /// <summary>Expressions against feelin, which has no prepared form: its one figure stands against both of ours. The worst expression counts.</summary>
    public static async Task<Ratio> FeelAsync()
    {
        var theirs = await PeerAsync("feelin.mjs");
        using var cases = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(Peers, "cases.json")));
        var (prepared, parsed) = (new Ratio(double.MaxValue, 100), new Ratio(double.MaxValue, 5));
        foreach (var example in cases.RootElement.GetProperty("expressions").EnumerateArray())
        {
            var text = example.GetProperty("text").GetString()!;
            var scope = example.GetProperty("inputs").EnumerateObject().ToDictionary(p => p.Name, p => Given(p.Value));
            string[] names = [.. scope.Keys];
            FeelValue[] values = [.. scope.Values.Select(FeelClr.From)];
            var program = FeelExpression.Parse(text, names).Expression!.Prepare(names);
            var (ready, bytes) = Nanoseconds(() => program.Run(values));
            var (whole, _) = Nanoseconds(() => FeelExpression.Parse(text, names).Expression!.Evaluate(scope, new FeelSession()));
            var peer = theirs[text];
            Measure.Say($"prepared {ready,6:0} ns, {bytes,3} B, {peer / ready,6:0}×   parsed {whole,6:0} ns, {peer / whole,4:0}×   feelin {peer,7:0} ns   {text}");
            prepared = prepared with { Value = Math.Min(prepared.Value, peer / ready) };
            parsed = parsed with { Value = Math.Min(parsed.Value, peer / whole) };
        }
        Measure.Say($"worst: prepared {prepared}, parsed and evaluated {parsed}");
        return prepared.Value / prepared.Goal < parsed.Value / parsed.Goal ? prepared : parsed;
    }

    /// <summary>A table of 100 rules over 5 inputs, first hit, against zen-engine.</summary>
    public static async Task<Ratio> TablesAsync()
    {
        var theirs = (await PeerAsync("zen.mjs")).Values.Single();
        var decision = DmnModel.Read(PeerTable.Dmn(Rules, Inputs), "table.dmn").Model!.Prepare("decision", PeerTable.Inputs(Inputs));
        for (var rule = 0; rule < Rules; rule++)
        {
            if (decision.Run(PeerTable.Row(rule, Inputs)).ToString() is var said && said != rule.ToString(CultureInfo.InvariantCulture))
                throw new InvalidOperationException($"Rule {rule} gave {said}.");
        }
        var row = 0;
        var (ours, bytes) = Nanoseconds(() => decision.Run(PeerTable.Row(row++ % Rules, Inputs)));
        Measure.Say($"{Rules} rules × {Inputs} inputs   {ours:0} ns, {bytes} B   zen-engine {theirs:0} ns");
        return new Ratio(theirs / ours, 10);
    }

    /// <summary>A process of seven nodes from start to end, a task of people among them, against bpmn-engine with its definition parsed.</summary>
    public static async Task<Ratio> ProcessAsync()
    {
        var theirs = (await PeerAsync("engine.mjs")).Values.Single();
        var faults = new List<ProcessFault>();
        var process = BpmnModel.Read(await File.ReadAllTextAsync(Path.Combine(Peers, "process.bpmn")), faults)?.Choose(null)?.Definition ?? throw new InvalidOperationException("process.bpmn cannot run");
        var (given, at) = (new Dictionary<string, object?> { ["environment"] = new Dictionary<string, object?> { ["variables"] = new Dictionary<string, object?> { ["fits"] = true } } }, DateTimeOffset.UnixEpoch);
        var nothing = new Dictionary<string, object?>();
        Step Walk()
        {
            var waits = ProcessEngine.Start(process, given, at).State;
            return ProcessEngine.Apply(process, waits, new ProcessEvent.Complete(at, waits.Tokens[0].Id, nothing));
        }
        if (Walk() is not { State.EndNode: "told" } ended || !ended.State.Visited.Contains("grant"))
            throw new InvalidOperationException("The process did not end as it should.");
        var (ours, bytes) = Nanoseconds(Walk);
        Measure.Say($"{process.Nodes.Count} nodes   {ours:0} ns, {bytes} B   bpmn-engine {theirs:0} ns");
        return new Ratio(theirs / ours, 200);
    }

    /// <summary>What a script of bench/peers measures, in nanoseconds by what it measured.</summary>
    private static async Task<Dictionary<string, double>> PeerAsync(string script)
    {
        using var node = Process.Start(new ProcessStartInfo("node", [Path.Combine(Peers, script)]) { RedirectStandardOutput = true })!;
        var said = await node.StandardOutput.ReadToEndAsync();
        await node.WaitForExitAsync();
        if (node.ExitCode != 0)
            throw new InvalidOperationException($"{script} ended with {node.ExitCode}");
        return said.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => l.Split('\t')).ToDictionary(c => c[1], c => double.Parse(c[2], CultureInfo.InvariantCulture));
    }

    // The best of five batches, as the peers' scripts take it.
    private static (double Nanoseconds, long Bytes) Nanoseconds<T>(Func<T> run)
    {
        var clock = Stopwatch.StartNew();
        var rounds = 0;
        for (; clock.ElapsedMilliseconds < 400; rounds++)
            run();
        var (best, bytes) = (double.MaxValue, 0L);
        for (var i = 0; i < 5; i++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            clock.Restart();
            for (var n = 0; n < rounds; n++)
                run();
            best = Math.Min(best, clock.Elapsed.TotalNanoseconds / rounds);
            bytes = (GC.GetAllocatedBytesForCurrentThread() - before) / rounds;
        }
        return (best, bytes);
    }

    private static object? Given(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Number => value.GetDecimal(),
        JsonValueKind.String => value.GetString(),
        JsonValueKind.True or JsonValueKind.False => value.GetBoolean(),
        JsonValueKind.Array => value.EnumerateArray().Select(Given).ToList(),
        JsonValueKind.Object => value.EnumerateObject().ToDictionary(p => p.Name, p => Given(p.Value)),
        _ => null,
    };
}
