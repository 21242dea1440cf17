using System.CommandLine;
using System.Security.Cryptography;
using System.Text.Json;

namespace Guantong.Commands;

/// <summary>guantong people: who can sign in.</summary>
internal static class PeopleCommand
{
    public static Command Make(Func<string, string> about) => new("people", about("cli.people"))
    {
        Add(about), List(about), SignOut(about), Remove(about), RemoveDemo(about),
        PostCommands.List(about), PostCommands.Give(about), PostCommands.End(about), Authority(about), RecertifyCommand.Make(about),
    };

    internal static Argument<string> Login(Func<string, string> about) => new("login") { Description = about("opt.login") };

    private static Command Add(Func<string, string> about)
    {
        var login = Login(about);
        var name = new Option<string>("--name") { Description = about("opt.person-name"), Required = true };
        var nameEn = new Option<string>("--name-en") { Description = about("opt.person-name-en"), DefaultValueFactory = _ => "" };
        var kind = new Option<string>("--kind") { Description = about("opt.person-kind"), DefaultValueFactory = _ => "official" };
        var unit = new Option<string?>("--unit") { Description = about("opt.person-unit") };
        var region = new Option<string?>("--region") { Description = about("opt.person-region") };
        var roles = new Option<string[]>("--roles") { Description = about("opt.person-roles"), AllowMultipleArgumentsPerToken = true, DefaultValueFactory = _ => [] };
        var input = new Option<bool>("--password-from-input") { Description = about("opt.person-input") };
        var command = new Command("add", about("cli.people-add")) { login, name, nameEn, kind, unit, region, roles, input }.Needs("people.manage");
        command.SetAction((parsed, cancel) => Reach.RunAsync(parsed, async reach =>
        {
            var given = parsed.GetValue(input) ? await Console.In.ReadLineAsync(cancel) ?? "" : null;
            // Shown this once: whoever it is for changes it on the security page.
            var password = given ?? string.Join('-', Enumerable.Range(0, 4).Select(_ => RandomNumberGenerator.GetString("abcdefghjkmnpqrstuvwxyz23456789", 5)));
            await reach.PostAsync("people", new
            {
                login = parsed.GetValue(login), name = parsed.GetValue(name), nameEn = parsed.GetValue(nameEn), kind = parsed.GetValue(kind), unit = parsed.GetValue(unit), region = parsed.GetValue(region),
                roles = parsed.GetValue(roles)!.SelectMany(r => r.Split(',', StringSplitOptions.RemoveEmptyEntries)).ToArray(), password,
            }, cancel);
            Console.WriteLine(parsed.Say("people.added", parsed.GetValue(login)));
            if (given is null)
                Console.WriteLine(parsed.Say("people.password", password));
            return 0;
        }, cancel));
        return command;
    }

    private static Command List(Func<string, string> about)
    {
        var command = new Command("list", about("cli.people-list")).Needs("people.manage");
        command.SetAction((parsed, cancel) => Reach.RunAsync(parsed, async reach =>
        {
            foreach (var person in (await reach.GetAsync("people", cancel)).EnumerateArray())
                Console.WriteLine($"{person.GetProperty("login").GetString(),-20} {person.GetProperty("name").GetString()} · {person.GetProperty("kind").GetString()} · {string.Join(", ", person.GetProperty("roles").EnumerateArray().Select(r => r.GetString()))}");
            return 0;
        }, cancel));
        return command;
    }

    private static Command SignOut(Func<string, string> about)
    {
        var login = Login(about);
        var command = new Command("sign-out", about("cli.people-sign-out")) { login }.Needs("people.manage");
        command.SetAction((parsed, cancel) => Reach.RunAsync(parsed, async reach =>
        {
            await reach.PostAsync($"people/{Uri.EscapeDataString(parsed.GetValue(login)!)}/sign-out", new { }, cancel);
            Console.WriteLine(parsed.Say("people.signed-out", parsed.GetValue(login)));
            return 0;
        }, cancel));
        return command;
    }

    private static Command RemoveDemo(Func<string, string> about)
    {
        var command = new Command("remove-demo", about("cli.people-remove-demo")).Needs("people.remove");
        command.SetAction((parsed, cancel) => Reach.RunAsync(parsed, async reach =>
        {
            var gone = (await reach.PostAsync("people/remove-demo", new { }, cancel)).GetProperty("removed").GetInt32();
            Console.WriteLine(parsed.Say("people.demo-removed", gone));
            return 0;
        }, cancel));
        return command;
    }

    private static Command Remove(Func<string, string> about)
    {
        var login = Login(about);
        var reason = new Option<string>("--reason") { Description = about("opt.reason"), Required = true };
        var command = new Command("remove", about("cli.people-remove")) { login, reason }.Needs("people.remove");
        command.SetAction((parsed, cancel) => Reach.RunAsync(parsed, async reach =>
        {
            await reach.DoAsync(HttpMethod.Post, $"people/{Uri.EscapeDataString(parsed.GetValue(login)!)}/remove", new { reason = parsed.GetValue(reason) }, cancel);
            Console.WriteLine(parsed.Say("people.removed", parsed.GetValue(login)));
            return 0;
        }, cancel));
        return command;
    }

    private static Command Authority(Func<string, string> about)
    {
        var login = Login(about);
        var command = new Command("authority", about("cli.people-authority")) { login }.Needs("people.manage");
        command.SetAction((parsed, cancel) => Reach.RunAsync(parsed, async reach =>
        {
            var found = await reach.GetAsync($"people/{Uri.EscapeDataString(parsed.GetValue(login)!)}/authorities", cancel);
            var lines = 0;
            foreach (var side in (string[])["given", "held"])
            {
                foreach (var one in found.GetProperty(side).EnumerateArray())
                {
                    string Text(string name) => one.GetProperty(name).ToString();
                    var state = Text("ended").Length > 0 ? "ended" : Text("accepted").Length > 0 ? "accepted" : "offered";
                    Console.WriteLine(parsed.Say("people.authority." + side, Text("principal"), Text("agent"), string.Join(", ", one.GetProperty("matters").EnumerateArray().Select(m => m.GetString())), Text("from"), Text("to"), parsed.Say("authority.state." + state)));
                    lines++;
                }
            }
            if (lines == 0)
                Console.WriteLine(parsed.Say("people.authority.none"));
            return 0;
        }, cancel));
        return command;
    }
}
