using System.CommandLine;
using System.Text.Json;
using Guantong.Trust;

namespace Guantong.Commands;

/// <summary>guantong why-denied: why somebody may or may not do an act.</summary>
internal static class WhyDeniedCommand
{
    public static Command Make(Func<string, string> about)
    {
        var login = new Argument<string>("login") { Description = about("opt.login") };
        var act = new Argument<string>("act") { Description = about("opt.act") };
        var thing = new Argument<string?>("about") { Description = about("opt.about"), Arity = ArgumentArity.ZeroOrOne };
        var command = new Command("why-denied", about("cli.why-denied")) { login, act, thing }.Needs("policy.explain");
        command.SetAction((parsed, cancel) => Reach.RunAsync(parsed, async reach =>
        {
            static string Escaped(string? text) => Uri.EscapeDataString(text ?? "");
            var why = (await reach.GetAsync($"why?login={Escaped(parsed.GetValue(login))}&act={Escaped(parsed.GetValue(act))}&about={Escaped(parsed.GetValue(thing))}", cancel)).Deserialize<Explained>(JsonSerializerOptions.Web)!;
            Console.WriteLine(parsed.Say("why.told", why.Login, why.Roles));
            foreach (var sentence in why.Why)
                Console.WriteLine(sentence);
            return why.Allowed ? 0 : 1;
        }, cancel));
        return command;
    }
}
