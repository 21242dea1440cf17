using System.CommandLine;

namespace Guantong.Commands;

/// <summary>guantong status [--verify-ledger].</summary>
internal static class StatusCommand
{
    public static Command Make(Func<string, string> about)
    {
        var verify = new Option<bool>("--verify-ledger") { Description = about("opt.verify") };
        var command = new Command("status", about("cli.status")) { verify }.Needs("status.read");
        command.SetAction((parsed, cancel) => Reach.RunAsync(parsed, reach => parsed.GetValue(verify) ? VerifyAsync(parsed, reach, cancel) : ShowAsync(parsed, reach, cancel), cancel));
        return command;
    }

    internal static async Task<int> VerifyAsync(ParseResult parsed, Reach reach, CancellationToken cancel)
    {
        var verdict = await reach.GetAsync("ledger/verdict", cancel);
        if (verdict.GetProperty("firstBad").ValueKind == System.Text.Json.JsonValueKind.Null)
        {
            Console.WriteLine(parsed.Say("ledger.good", verdict.GetProperty("entries"), verdict.GetProperty("head")));
            return 0;
        }
        Console.Error.WriteLine(parsed.Say("ledger.bad", verdict.GetProperty("firstBad"), verdict.GetProperty("why"), verdict.GetProperty("entries")));
        return 1;
    }

    private static async Task<int> ShowAsync(ParseResult parsed, Reach reach, CancellationToken cancel)
    {
        var status = await reach.GetAsync("status", cancel);
        Console.WriteLine(parsed.Say("status.stores", status.GetProperty("store"), status.GetProperty("warehouse"), status.GetProperty("jurisdiction")));
        Console.WriteLine(parsed.Say("status.work", status.GetProperty("cases"), status.GetProperty("openCases"), status.GetProperty("openTasks"), status.GetProperty("warnings"), status.GetProperty("loadsUnseen")));
        foreach (var pack in status.GetProperty("packs").EnumerateArray())
        {
            Console.WriteLine(parsed.Say("status.pack", pack.GetProperty("id"), pack.GetProperty("version"), pack.GetProperty("name")));
            foreach (var dataset in pack.GetProperty("datasets").EnumerateArray())
                Console.WriteLine(parsed.Say("status.dataset", dataset.GetProperty("id"), dataset.GetProperty("rows")));
        }
        return 0;
    }
}
