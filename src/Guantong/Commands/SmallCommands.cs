using System.CommandLine;
using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Guantong.Hosting;
using Guantong.Packs.Reading;

namespace Guantong.Commands;

/// <summary>guantong test: the script beside the solution does it.</summary>
internal static class TestCommand
{
    public static Command Make(Func<string, string> about)
    {
        var command = new Command("test", about("cli.test")).Needs("tool.run");
        command.SetAction(async (_, cancel) =>
        {
            using var script = Process.Start(new ProcessStartInfo(Path.Combine(Settings.FindHome(), "guantong"), ["test"]))!;
            await script.WaitForExitAsync(cancel);
            return script.ExitCode;
        });
        return command;
    }
}

/// <summary>guantong schemas FOLDER: writes the grammar as JSON Schema.</summary>
internal static class SchemasCommand
{
    public static Command Make(Func<string, string> about)
    {
        var folder = new Argument<string>("folder") { DefaultValueFactory = _ => "schemas" };
        var command = new Command("schemas", about("cli.schemas")) { folder }.Needs("tool.run");
        command.SetAction(parsed =>
        {
            var target = Directory.CreateDirectory(parsed.GetValue(folder)!).FullName;
            foreach (var (name, text) in SchemaWriter.All())
                File.WriteAllText(Path.Combine(target, name), text);
            return 0;
        });
        return command;
    }
}

/// <summary>guantong texts [FILE]: what the platform says, in English, in the shape of a language's file; with one, what that does not say yet.</summary>
internal static class TextsCommand
{
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static Command Make(Func<string, string> about)
    {
        var file = new Argument<string?>("file") { Arity = ArgumentArity.ZeroOrOne };
        var command = new Command("texts", about("cli.texts")) { file }.Needs("tool.run");
        command.SetAction(parsed =>
        {
            JsonObject? said = null;
            try
            {
                if (parsed.GetValue(file) is { } path)
                    said = JsonNode.Parse(File.ReadAllText(path))?["rooms"] as JsonObject;
            }
            catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
            {
                Console.Error.WriteLine(parsed.Say("cli.texts.unreadable", parsed.GetValue(file), e.Message));
                return 2;
            }
            var rooms = RoomTexts.All.Select(r => (r.Key, Left: r.Value.Keys.Where(k => said?[r.Key]?[k] is null).Order(StringComparer.Ordinal).ToDictionary(k => k, k => r.Value.Say("en", k)))).Where(r => r.Left.Count > 0);
            Console.WriteLine(JsonSerializer.Serialize(new { language = "", rooms = rooms.ToDictionary(r => r.Key, r => r.Left) }, Readable));
            return 0;
        });
        return command;
    }
}
