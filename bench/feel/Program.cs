using System.Diagnostics;
using System.Text.Json;
using Guantong.Decisions;
using Guantong.Feel;

// The same expressions and inputs as peers/feelin.mjs, the same table as peers/zen.mjs.
var cases = JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "cases.json"))).RootElement;

foreach (var example in cases.GetProperty("expressions").EnumerateArray())
{
    var text = example.GetProperty("text").GetString()!;
    var names = example.GetProperty("inputs").EnumerateObject().Select(p => p.Name).ToArray();
    var scope = example.GetProperty("inputs").EnumerateObject().ToDictionary(p => p.Name, p => Given(p.Value));
    var values = names.Select(n => FeelClr.From(scope[n])).ToArray();
    var program = FeelExpression.Parse(text, names).Expression!.Prepare(names);
    Measure("prepared", text, () => program.Run(values));
    Measure("parse+evaluate", text, () => FeelExpression.Parse(text, names).Expression!.Evaluate(scope, new FeelSession()));
}

var model = DmnModel.Read(Table.Dmn(100, 5), "table.dmn");
if (model.Faults.Count > 0)
    throw new InvalidOperationException(model.Faults[0].Message("en"));
var decide = model.Model!.Prepare("decision", Table.Inputs(5));
var row = 0;
Measure("table", "100 rules x 5 inputs", () => decide.Run(Table.Row(row++ % 100, 5)));

static object? Given(JsonElement value) => value.ValueKind switch
{
    JsonValueKind.Number => value.GetDecimal(),
    JsonValueKind.String => value.GetString(),
    JsonValueKind.True or JsonValueKind.False => value.GetBoolean(),
    JsonValueKind.Array => value.EnumerateArray().Select(Given).ToList(),
    JsonValueKind.Object => value.EnumerateObject().ToDictionary(p => p.Name, p => Given(p.Value)),
    _ => null,
};

static void Measure(string kind, string what, Func<FeelValue> run)
{
    var clock = Stopwatch.StartNew();
    long rounds = 0;
    while (clock.ElapsedMilliseconds < 400)
    {
        run();
        rounds++;
    }
    var best = double.MaxValue;
    long bytes = 0;
    for (var i = 0; i < 5; i++)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        clock.Restart();
        for (long n = 0; n < rounds; n++)
            run();
        best = Math.Min(best, clock.Elapsed.TotalNanoseconds / rounds);
        bytes = (GC.GetAllocatedBytesForCurrentThread() - before) / rounds;
    }
    Console.WriteLine($"{kind}\t{what}\t{best:0.0} ns\t{bytes} B");
}
