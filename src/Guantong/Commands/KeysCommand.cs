using System.CommandLine;

namespace Guantong.Commands;

/// <summary>guantong keys list|rotate|rewrap|destroy.</summary>
internal static class KeysCommand
{
    public static Command Make(Func<string, string> about) => new("keys", about("cli.keys"))
    {
        List(about), Rotate(about), Rewrap(about), Destroy(about),
    };

    private static Command List(Func<string, string> about)
    {
        var command = new Command("list", about("cli.keys.list")).Needs("data-key.read");
        command.SetAction((parsed, cancel) => Reach.RunAsync(parsed, async reach =>
        {
            var keys = await reach.GetAsync("data-keys", cancel);
            if (keys.GetArrayLength() == 0)
                Console.WriteLine(parsed.Say("keys.none"));
            foreach (var key in keys.EnumerateArray())
            {
                string Text(string name) => key.GetProperty(name).ToString();
                var since = key.GetProperty("destroyed").GetString() ?? key.GetProperty("retired").GetString() ?? Text("made");
                Console.WriteLine(parsed.Say("keys.line", Text("name"), Text("version"), Text("suite"), parsed.Say("keys.state." + Text("state")), Text("root"), since));
            }
            return 0;
        }, cancel));
        return command;
    }

    private static Command Rotate(Func<string, string> about)
    {
        var name = new Argument<string>("key") { Description = about("arg.key") };
        var command = new Command("rotate", about("cli.keys.rotate")) { name }.Needs("data-key.manage");
        command.SetAction((parsed, cancel) => Reach.RunAsync(parsed, async reach =>
        {
            var done = await reach.PostAsync($"data-keys/{Uri.EscapeDataString(parsed.GetValue(name)!)}/rotate", new { }, cancel);
            Console.WriteLine(parsed.Say("keys.rotated", done.GetProperty("name"), done.GetProperty("version")));
            return 0;
        }, cancel));
        return command;
    }

    private static Command Rewrap(Func<string, string> about)
    {
        var command = new Command("rewrap", about("cli.keys.rewrap")).Needs("data-key.manage");
        command.SetAction((parsed, cancel) => Reach.RunAsync(parsed, async reach =>
        {
            var done = await reach.PostAsync("data-keys/rewrap", new { }, cancel);
            Console.WriteLine(parsed.Say("keys.rewrapped", done.GetProperty("rewrapped"), done.GetProperty("root")));
            return 0;
        }, cancel));
        return command;
    }

    private static Command Destroy(Func<string, string> about)
    {
        var name = new Argument<string>("key") { Description = about("arg.key") };
        var version = new Option<long?>("--key-version") { Description = about("opt.key-version") };
        var reason = new Option<string>("--reason") { Description = about("opt.key-reason"), Required = true };
        var confirm = new Option<bool>("--confirm") { Description = about("opt.key-confirm") };
        var command = new Command("destroy", about("cli.keys.destroy")) { name, version, reason, confirm }.Needs("data-key.destroy");
        command.SetAction((parsed, cancel) =>
        {
            if (parsed.GetValue(confirm))
                return Reach.RunAsync(parsed, reach => DestroyAsync(parsed, reach, parsed.GetValue(name)!, parsed.GetValue(version), parsed.GetValue(reason)!, cancel), cancel);
            Console.Error.WriteLine(parsed.Say("keys.unconfirmed"));
            return Task.FromResult(2);
        });
        return command;
    }

    private static async Task<int> DestroyAsync(ParseResult parsed, Reach reach, string name, long? version, string reason, CancellationToken cancel)
    {
        var done = await reach.PostAsync($"data-keys/{Uri.EscapeDataString(name)}/destroy", new { reason, version }, cancel);
        Console.WriteLine(parsed.Say("keys.destroyed", name, done.GetProperty("destroyed")));
        return 0;
    }
}
