using System.CommandLine;
using System.Text.Json;
using Guantong.Data;
using Guantong.Packs;

namespace Guantong.Commands;

/// <summary>guantong plan FOLDER and guantong apply FOLDER.</summary>
internal static class PlanCommand
{
    public static Command Make(Func<string, string> about, bool apply)
    {
        var folder = new Argument<string>("folder") { Description = about("arg.packs") };
        var confirm = new Option<bool>("--confirm") { Description = about("opt.confirm") };
        var command = new Command(apply ? "apply" : "plan", about(apply ? "cli.apply" : "cli.plan")) { folder }.Needs(apply ? "pack.apply" : "pack.plan");
        if (apply)
            command.Add(confirm);
        command.SetAction((parsed, cancel) => Reach.RunAsync(parsed, reach => RunAsync(parsed, reach, parsed.GetValue(folder)!, apply, apply && parsed.GetValue(confirm), cancel), cancel));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, Reach reach, string given, bool apply, bool confirm, CancellationToken cancel)
    {
        var folders = PackFolder.Below(given).ToList();
        if (folders.Count == 0)
        {
            Console.Error.WriteLine(parsed.Say("check.none", given));
            return 2;
        }
        var code = 0;
        foreach (var folder in folders)
        {
            var files = PackFolder.Read(folder, folder.Replace('\\', '/'));
            var body = new { root = files.Root, texts = files.Texts, confirm };
            var answer = await reach.PostAsync(apply ? "packs/apply" : "packs/plan", body, cancel);
            code = Math.Max(code, Print(parsed, answer, apply));
        }
        return code;
    }

    private static int Print(ParseResult parsed, JsonElement answer, bool apply)
    {
        var pack = answer.GetProperty("pack").GetString() ?? "?";
        foreach (var finding in answer.GetProperty("findings").EnumerateArray())
            Console.WriteLine($"{finding.GetProperty("place").GetString()}: {finding.GetProperty("code").GetString()}: {finding.GetProperty("message").GetString()}");
        var changes = answer.GetProperty("changes").EnumerateArray().ToList();
        var sound = answer.GetProperty("sound").GetBoolean();
        if (sound)
            Console.WriteLine(changes.Count == 0 ? parsed.Say("plan.none", pack) : parsed.Say("plan.head", pack, changes.Count));
        foreach (var change in changes)
        {
            Console.WriteLine($"  {parsed.Say("change." + change.GetProperty("kind").GetString())} {change.GetProperty("what").GetString()} {change.GetProperty("id").GetString()}");
            foreach (var d in change.GetProperty("details").EnumerateArray())
                Console.WriteLine($"      {d.GetProperty("path").GetString()}: {d.GetProperty("was").GetString()} → {d.GetProperty("becomes").GetString()}");
        }
        var touched = answer.GetProperty("touches").EnumerateArray().ToList();
        if (touched.Count > 0)
            Console.WriteLine(parsed.Say("plan.touches", touched.Count));
        foreach (var t in touched)
            Console.WriteLine($"      {parsed.Say("touched." + t.GetProperty("kind").GetString())} {t.GetProperty("name").GetString()} ({string.Join('/', ((string[])["pack", "id"]).Select(p => t.GetProperty(p).GetString()).Where(p => p is { Length: > 0 }))})");
        foreach (var stake in answer.GetProperty("rowsAtStake").EnumerateObject())
            Console.WriteLine(parsed.Say("plan.stake", stake.Name, stake.Value.GetInt64()));
        if (!apply)
            return sound ? 0 : 1;
        var result = answer.GetProperty("result").GetString()!;
        Console.WriteLine(parsed.Say("apply." + result, pack));
        return result is "applied" or "unchanged" ? 0 : 1;
    }

    /// <summary>What the first start says of each pack that it brings in.</summary>
    public static void Print(ParseResult parsed, string result, PackPlan plan)
    {
        foreach (var f in plan.Findings)
            Console.WriteLine($"{f.Mark}: {parsed.Say("severity." + f.Severity)} {f.Code}: {f.Message(parsed.Lang())}");
        Console.WriteLine("  " + parsed.Say("apply." + result, plan.Pack?.Id));
    }
}
