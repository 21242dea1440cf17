using System.CommandLine;

namespace Guantong.Commands;

/// <summary>guantong people recertify [LOGIN]: which roles are to be confirmed anew, and confirming or withdrawing them.</summary>
internal static class RecertifyCommand
{
    public static Command Make(Func<string, string> about)
    {
        var login = new Argument<string?>("login") { Description = about("opt.login"), Arity = ArgumentArity.ZeroOrOne };
        var all = new Option<bool>("--all") { Description = about("opt.recertify-all") };
        var post = new Option<string?>("--post") { Description = about("opt.recertify-post") };
        var confirm = new Option<string?>("--confirm") { Description = about("opt.recertify-confirm") };
        var withdraw = new Option<string?>("--withdraw") { Description = about("opt.recertify-withdraw") };
        var command = new Command("recertify", about("cli.people-recertify")) { login, all, post, confirm, withdraw }.Needs("role.confirm");
        command.SetAction((parsed, cancel) => Reach.RunAsync(parsed, async reach =>
        {
            var (who, yes, no) = (parsed.GetValue(login), parsed.GetValue(confirm), parsed.GetValue(withdraw));
            if ((yes ?? no) is null)
                return await ListAsync(parsed, reach, who, parsed.GetValue(all), cancel);
            if (who is null || (yes is not null && no is not null))
            {
                Console.Error.WriteLine(parsed.Say("recertify.which"));
                return 2;
            }
            await reach.DoAsync(HttpMethod.Post, $"recertification/{Uri.EscapeDataString(who)}/{(yes is not null ? "confirm" : "withdraw")}", new { post = parsed.GetValue(post), note = yes ?? no }, cancel);
            Console.WriteLine(parsed.Say(yes is not null ? "recertify.confirmed" : "recertify.withdrawn", who));
            return 0;
        }, cancel));
        return command;
    }

    private static async Task<int> ListAsync(ParseResult parsed, Reach reach, string? login, bool all, CancellationToken cancel)
    {
        var list = await reach.GetAsync($"recertification?all={(all ? "true" : "false")}{(login is null ? "" : "&login=" + Uri.EscapeDataString(login))}", cancel);
        if (list.GetArrayLength() == 0)
            Console.WriteLine(parsed.Say("recertify.none"));
        foreach (var one in list.EnumerateArray())
        {
            string Text(string name) => one.GetProperty(name).ToString();
            Console.WriteLine(parsed.Say("recertify.line", Text("login"), Text("name"), string.Join(", ", one.GetProperty("roles").EnumerateArray().Select(r => r.GetString())),
                Text("post").Length > 0 ? Text("post") : parsed.Say("recertify.account"), Text("due")[..10], Text("ends")[..10], parsed.Say("recertify.state." + Text("state"))));
        }
        return 0;
    }
}
