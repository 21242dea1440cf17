using System.CommandLine;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Guantong.Decisions;
using Guantong.Feel;
using Guantong.Processes;
using Guantong.Processes.Simulating;

namespace Guantong.Commands;

/// <summary>guantong simulate FILE: runs a process in memory with virtual time, and prints what happened as JSON. It opens no store.</summary>
internal static class SimulateCommand
{
    private static readonly JsonSerializerOptions Pretty = new(JsonSerializerDefaults.Web) { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly DateTimeOffset Beginning = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static Command Make(Func<string, string> about)
    {
        var file = new Argument<string>("file") { Description = about("arg.bpmn") };
        var data = new Option<string>("--data") { Description = about("opt.start-data"), DefaultValueFactory = _ => "{}" };
        var events = new Option<string?>("--events") { Description = about("opt.events") };
        var process = new Option<string?>("--process") { Description = about("opt.process") };
        var from = new Option<string?>("--from") { Description = about("opt.from") };
        var manual = new Option<bool>("--manual") { Description = about("opt.manual") };
        var command = new Command("simulate", about("cli.simulate")) { file, data, events, process, from, manual }.Needs("tool.run");
        command.SetAction(parsed => Run(parsed, parsed.GetValue(file)!, parsed.GetValue(process),
            new Given(parsed.GetValue(data)!, parsed.GetValue(events), parsed.GetValue(from), parsed.GetValue(manual))));
        return command;
    }

    private sealed record Given(string Data, string? Events, string? From, bool IsManual);

    private static int Run(ParseResult parsed, string file, string? wanted, Given given)
    {
        var faults = new List<ProcessFault>();
        if (!File.Exists(file))
            return Refuse(parsed, "decide.no-file", file);
        var model = BpmnModel.Read(File.ReadAllText(file), faults);
        Tell(parsed, file, faults);
        if (model is null)
            return 1;
        if (model.Choose(wanted) is not { } process)
            return Refuse(parsed, "simulate.no-process", wanted, string.Join(", ", model.Processes.Select(p => p.Id)));
        foreach (var read in model.Processes.Where(p => p.Id == process.Id || p.Definition is null))
            Tell(parsed, file, read.Faults);
        if (process.Definition is not { } definition)
            return 1;
        if (Input(parsed, file, given, out var refused) is not { } input)
            return refused;
        SimulationResult result;
        try
        {
            result = Simulation.Run(model, definition, input);
        }
        catch (FeelBudgetException e)
        {
            return Refuse(parsed, "decide.budget", e.Message);
        }
        Console.WriteLine(SimulationJson.Write(result).ToJsonString(Pretty));
        var stuck = result.Trace.LastOrDefault(t => t.What is "stuck" or "fail");
        if (result.Status is SimulationStatus.Failed or SimulationStatus.Stuck or SimulationStatus.Endless)
            Console.Error.WriteLine(parsed.Say($"simulate.{result.Status.ToString().ToLowerInvariant()}", stuck?.Id, stuck?.Detail, input.MostSteps));
        return result.Status is SimulationStatus.Completed or SimulationStatus.Waiting ? 0 : 1;
    }

    private static SimulationInput? Input(ParseResult parsed, string file, Given given, out int refused)
    {
        refused = 2;
        if (given.From is not null && !DateTimeOffset.TryParse(given.From, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out _))
        {
            Refuse(parsed, "simulate.bad-from", given.From);
            return null;
        }
        var from = given.From is null ? Beginning : DateTimeOffset.Parse(given.From, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal);
        if (Json(parsed, given.Data) is not { } data)
            return null;
        if (data.ValueKind != JsonValueKind.Object)
        {
            Refuse(parsed, "simulate.no-object");
            return null;
        }
        IReadOnlyList<ScriptedEvent>? events = [];
        if (given.Events is not null)
        {
            if (Json(parsed, given.Events is ['[', ..] or ['@', ..] or "-" ? given.Events : "@" + given.Events) is not { } list)
                return null;
            events = ScriptedEvent.Read(list, from, out var fault);
            if (events is null)
            {
                Refuse(parsed, "simulate.bad-event", fault!.Value.Number, fault.Value.What);
                return null;
            }
        }
        var start = data.EnumerateObject().GroupBy(p => p.Name).ToDictionary(g => g.Key, g => (object?)g.Last().Value);
        return new SimulationInput(from, start, events) { IsManual = given.IsManual, Decide = new DecisionsBeside(file, from).Decide };
    }

    private static JsonElement? Json(ParseResult parsed, string text)
    {
        if (text is ['@', .. var file])
        {
            if (!File.Exists(file))
            {
                Refuse(parsed, "decide.no-file", file);
                return null;
            }
            text = File.ReadAllText(file);
        }
        try
        {
            using var json = JsonDocument.Parse(text == "-" ? Console.In.ReadToEnd() : text);
            return json.RootElement.Clone();
        }
        catch (JsonException e)
        {
            Refuse(parsed, "decide.bad-json", (e.LineNumber ?? 0) + 1, (e.BytePositionInLine ?? 0) + 1);
            return null;
        }
    }

    private static void Tell(ParseResult parsed, string file, IEnumerable<ProcessFault> faults)
    {
        foreach (var fault in faults)
            Console.Error.WriteLine($"{file}:{fault.Line}:{fault.Column}: {fault.Code}: {fault.Message(parsed.Lang())}");
    }

    private static int Refuse(ParseResult parsed, string key, params object?[] args)
    {
        Console.Error.WriteLine(parsed.Say(key, args));
        return 2;
    }

    /// <summary>The decisions of the DMN files that stand beside a file.</summary>
    private sealed class DecisionsBeside(string file, DateTimeOffset from)
    {
        private List<DmnModel>? _models;

        public (bool, object?) Decide(string id, IReadOnlyDictionary<string, object?> data)
        {
            _models ??= [.. Directory.EnumerateFiles(Path.GetDirectoryName(Path.GetFullPath(file))!, "*.dmn").Order(StringComparer.Ordinal)
                .Select(f => DmnModel.Read(File.ReadAllText(f), f, null).Model).OfType<DmnModel>()];
            foreach (var model in _models)
            {
                if (model.Decisions.FirstOrDefault(d => d.Id == id || d.Name == id) is { } decision)
                    return (true, model.Evaluate(decision.Id, data, new FeelSession(FeelLimits.Default, from)).Value);
            }
            return (false, null);
        }
    }
}
