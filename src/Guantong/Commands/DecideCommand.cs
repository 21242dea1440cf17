using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Guantong.Data;
using Guantong.Decisions;
using Guantong.Decisions.Explaining;
using Guantong.Feel;
using Guantong.Packs.Reading;

namespace Guantong.Commands;

/// <summary>guantong decide FILE --input JSON: evaluates a decision of a DMN file, and says how it came about. It opens no store.</summary>
internal static class DecideCommand
{
    private static readonly JsonSerializerOptions Pretty = new(JsonSerializerDefaults.Web) { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static Command Make(Func<string, string> about)
    {
        var file = new Argument<string>("file") { Description = about("arg.dmn") };
        var input = new Option<string>("--input") { Description = about("opt.input"), DefaultValueFactory = _ => "{}" };
        var decision = new Option<string?>("--decision") { Description = about("opt.decision") };
        var format = new Option<string>("--format") { Description = about("opt.decide-format"), DefaultValueFactory = _ => "text" };
        format.AcceptOnlyFromAmong("text", "json");
        var command = new Command("decide", about("cli.decide")) { file, input, decision, format }.Needs("tool.run");
        command.SetAction(parsed => Run(parsed, parsed.GetValue(file)!, parsed.GetValue(input)!, parsed.GetValue(decision), parsed.GetValue(format)!));
        return command;
    }

    private static int Run(ParseResult parsed, string file, string input, string? wanted, string format)
    {
        int Refuse(string key, params object?[] args)
        {
            Console.Error.WriteLine(parsed.Say(key, args));
            return 2;
        }
        if (!File.Exists(file))
            return Refuse("decide.no-file", file);
        if (input is ['@', ..] && !File.Exists(input[1..]))
            return Refuse("decide.no-file", input[1..]);
        var reading = DmnModel.Read(File.ReadAllText(file), file, Beside(file));
        foreach (var fault in reading.Faults)
            Console.Error.WriteLine($"{file}:{fault.Line}:{fault.Column}: {fault.Code}: {fault.Message(parsed.Lang())}");
        if (reading.Model is not { } model || model.Decisions.Count == 0)
            return 1;
        var decision = wanted is null ? model.Main : model.Decisions.FirstOrDefault(d => d.Id == wanted || d.Name == wanted);
        if (decision is null)
            return Refuse(wanted is null ? "decide.which" : "decide.unknown", wanted, string.Join(", ", model.Decisions.Select(d => d.Id)));
        try
        {
            using var json = JsonDocument.Parse(input switch { "-" => Console.In.ReadToEnd(), ['@', ..] => File.ReadAllText(input[1..]), _ => input });
            if (json.RootElement.ValueKind != JsonValueKind.Object)
                return Refuse("decide.no-object");
            var (inputs, unknown) = DecisionJson.Inputs(model, json.RootElement);
            if (unknown.Count > 0)
                return Refuse("decide.unknown-input", string.Join(", ", unknown), string.Join(", ", decision.Inputs));
            var outcome = model.Trace(decision.Id, inputs, new FeelSession(FeelLimits.Default, DateTimeOffset.Now));
            Print(parsed, outcome, Explanation.Of(outcome, parsed.Lang(), Own(file, parsed.Lang())), format);
            return reading.Faults.Count == 0 ? 0 : 1;
        }
        catch (JsonException e)
        {
            return Refuse("decide.bad-json", (e.LineNumber ?? 0) + 1, (e.BytePositionInLine ?? 0) + 1);
        }
        catch (FeelBudgetException e)
        {
            return Refuse("decide.budget", e.Message);
        }
    }

    // Models that it imports stand beside it.
    private static DmnImports Beside(string file) => (space, _) => Directory.EnumerateFiles(Path.GetDirectoryName(Path.GetFullPath(file))!, "*.dmn")
        .Select(File.ReadAllText).FirstOrDefault(t => t.Contains($"namespace=\"{space}\"", StringComparison.Ordinal));

    // A decision of a pack is explained in the pack's own words for the reader's language.
    private static Func<string, string>? Own(string file, string lang)
    {
        for (var folder = Path.GetDirectoryName(Path.GetFullPath(file)); folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, "pack.yaml")))
                return PackReader.Read(PackFolder.Read(folder, "")).Pack is { } pack ? text => pack.Say(lang, text) : null;
        }
        return null;
    }

    private static void Print(ParseResult parsed, DecisionOutcome outcome, Explanation explanation, string format)
    {
        var answer = DecisionJson.Answer(outcome, parsed.Lang());
        if (format == "json")
        {
            answer["explanation"] = DecisionJson.Write(explanation);
            Console.WriteLine(answer.ToJsonString(Pretty));
            return;
        }
        Console.WriteLine(parsed.Say("decide.result", answer["result"]?.ToJsonString(Pretty) ?? "null"));
        Console.WriteLine();
        Console.Write(explanation);
        foreach (var reason in answer["reasons"]!.AsArray())
            Console.WriteLine(parsed.Say("decide.reason", reason));
    }
}
