using System.CommandLine;
using System.Diagnostics;
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
