using System.CommandLine;

namespace Guantong.Commands;

/// <summary>guantong organisations add | show.</summary>
internal static class OrganisationsCommand
{
    public static Command Make(Func<string, string> about) => new("organisations", about("cli.organisations")) { Add(about), Show(about) };

    private static Argument<string> Code(Func<string, string> about) => new("code") { Description = about("arg.credit-code") };

    private static Command Add(Func<string, string> about)
    {
        var code = Code(about);
        var name = new Option<string>("--name") { Description = about("opt.organisation-name"), Required = true };
        var nameEn = new Option<string?>("--name-en") { Description = about("opt.person-name-en") };
        var kind = new Option<string>("--kind") { Description = about("opt.organisation-kind"), DefaultValueFactory = _ => "enterprise" };
        var region = new Option<string>("--region") { Description = about("opt.organisation-region"), Required = true };
        var representative = new Option<string>("--representative") { Description = about("opt.organisation-representative"), Required = true };
        var command = new Command("add", about("cli.organisations-add")) { code, name, nameEn, kind, region, representative }.Needs("people.manage");
        command.SetAction((parsed, cancel) => Reach.RunAsync(parsed, async reach =>
        {
            await reach.DoAsync(HttpMethod.Post, "organisations", new
            {
                code = parsed.GetValue(code), name = parsed.GetValue(name), nameEn = parsed.GetValue(nameEn), kind = parsed.GetValue(kind), region = parsed.GetValue(region), representative = parsed.GetValue(representative),
            }, cancel);
            Console.WriteLine(parsed.Say("organisations.added", parsed.GetValue(code)));
            return 0;
        }, cancel));
        return command;
    }

    private static Command Show(Func<string, string> about)
    {
        var code = Code(about);
        var command = new Command("show", about("cli.organisations-show")) { code }.Needs("people.manage");
        command.SetAction((parsed, cancel) => Reach.RunAsync(parsed, async reach =>
        {
            var found = await reach.GetAsync($"organisations/{Uri.EscapeDataString(parsed.GetValue(code)!)}", cancel);
            string Text(string name) => found.GetProperty(name).ToString();
            Console.WriteLine(parsed.Say("organisations.line", Text("code"), Text("name"), Text("kind"), Text("region"), Text("representative")));
            return 0;
        }, cancel));
        return command;
    }
}
