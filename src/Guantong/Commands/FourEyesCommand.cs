using System.CommandLine;

namespace Guantong.Commands;

/// <summary>guantong four-eyes: what waits for a second person. Agreeing is that person's own, signed in; this machine's operator agrees to nothing.</summary>
internal static class FourEyesCommand
{
    public static Command Make(Func<string, string> about)
    {
        var all = new Option<bool>("--all") { Description = about("opt.four-eyes-all") };
        var command = new Command("four-eyes", about("cli.four-eyes")) { all }.Needs("four-eyes.take-part");
        command.SetAction((parsed, cancel) => Reach.RunAsync(parsed, async reach =>
        {
            var list = await reach.GetAsync($"four-eyes?all={(parsed.GetValue(all) ? "true" : "false")}", cancel);
            if (list.GetArrayLength() == 0)
                Console.WriteLine(parsed.Say("four-eyes.none"));
            foreach (var one in list.EnumerateArray())
            {
                string Text(string name) => one.GetProperty(name).ToString();
                Console.WriteLine(parsed.Say("four-eyes.line", Text("id"), Text("act"), Text("about"), Text("asker"), Text("reason"), Text("expires"), parsed.Say("four-eyes.state." + Text("state")), Text("decidedBy")));
            }
            return 0;
        }, cancel));
        return command;
    }
}

/// <summary>guantong elevations list | end: roles that are held for a time.</summary>
internal static class ElevationsCommand
{
    public static Command Make(Func<string, string> about) => new("elevations", about("cli.elevations")) { List(about), End(about) };

    private static Command List(Func<string, string> about)
    {
        var command = new Command("list", about("cli.elevations-list")).Needs("elevation.read");
        command.SetAction((parsed, cancel) => Reach.RunAsync(parsed, async reach =>
        {
            var list = await reach.GetAsync("elevations", cancel);
            if (list.GetArrayLength() == 0)
                Console.WriteLine(parsed.Say("elevations.none"));
            foreach (var one in list.EnumerateArray())
            {
                string Text(string name) => one.GetProperty(name).ToString();
                Console.WriteLine(parsed.Say("elevations.line", Text("id"), Text("login"), Text("role"), Text("until"), Text("agreedBy"), Text("reason")));
            }
            return 0;
        }, cancel));
        return command;
    }

    private static Command End(Func<string, string> about)
    {
        var id = new Argument<string>("id") { Description = about("arg.elevation") };
        var command = new Command("end", about("cli.elevations-end")) { id }.Needs("elevation.end");
        command.SetAction((parsed, cancel) => Reach.RunAsync(parsed, async reach =>
        {
            await reach.DoAsync(HttpMethod.Delete, $"elevations/{Uri.EscapeDataString(parsed.GetValue(id)!)}", null, cancel);
            Console.WriteLine(parsed.Say("elevations.ended", parsed.GetValue(id)));
            return 0;
        }, cancel));
        return command;
    }
}
