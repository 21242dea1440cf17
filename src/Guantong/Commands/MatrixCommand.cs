using System.CommandLine;
using System.Text.Json;
using Guantong.Trust;

namespace Guantong.Commands;

/// <summary>guantong matrix: endpoints, pages and commands × roles, as Markdown.</summary>
public static class MatrixCommand
{
    internal static Command Make(Func<string, string> about)
    {
        var command = new Command("matrix", about("cli.matrix")).Needs("policy.read");
        command.SetAction((parsed, cancel) => Reach.RunAsync(parsed, async reach =>
        {
            var lines = (await reach.GetAsync("policy/matrix", cancel)).Deserialize<MatrixLine[]>(JsonSerializerOptions.Web)!;
            Console.Write(PolicyMatrix.Markdown([.. lines, .. Lines()]));
            return 0;
        }, cancel));
        return command;
    }

    /// <summary>The lines of the command line itself.</summary>
    public static IEnumerable<MatrixLine> Lines() => Commands.All().Select(c => (Name: Name(c), Act: Commands.ActOf(c))).OrderBy(c => c.Name, StringComparer.Ordinal)
        .Select(c => PolicyMatrix.Line("command", $"guantong {c.Name}", c.Act is { } act ? [act] : []));

    private static string Name(Command command) => command.Parents.OfType<Command>().FirstOrDefault(p => p is not RootCommand) is { } above ? $"{Name(above)} {command.Name}" : command.Name;
}
