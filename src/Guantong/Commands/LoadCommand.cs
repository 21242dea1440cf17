using System.CommandLine;
using System.Text.Json;
using Guantong.Data;

namespace Guantong.Commands;

/// <summary>guantong load PACK --data FOLDER: streams files through typing and quality rules into the warehouse.</summary>
internal static class LoadCommand
{
    public static Command Make(Func<string, string> about)
    {
        var pack = new Argument<string>("pack") { Description = about("arg.pack") };
        var rows = new Option<string>("--data") { Description = about("opt.rows"), Required = true };
        var dataset = new Option<string?>("--dataset") { Description = about("opt.dataset") };
        var command = new Command("load", about("cli.load")) { pack, rows, dataset }.Needs("rows.load");
        command.SetAction((parsed, cancel) => Reach.RunAsync(parsed, reach => RunAsync(parsed, reach, parsed.GetValue(pack)!, parsed.GetValue(rows)!, parsed.GetValue(dataset), cancel), cancel));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, Reach reach, string given, string folder, string? dataset, CancellationToken cancel)
    {
        var id = PackFolder.Below(given).FirstOrDefault() is { } pack ? PackFolder.IdOf(pack) : given;
        using var request = new HttpRequestMessage(HttpMethod.Post, "loads")
        {
            Content = System.Net.Http.Json.JsonContent.Create(new { pack = id, dataset, folder = Path.GetFullPath(folder) }),
        };
        using var response = await reach.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancel);
        if (!response.IsSuccessStatusCode)
            await Reach.ReadAsync(response, cancel);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(cancel));
        var code = 0;
        while (await reader.ReadLineAsync(cancel) is { } line)
        {
            using var json = JsonDocument.Parse(line);
            code = Math.Max(code, Print(parsed, json.RootElement));
        }
        return code;
    }

    private static int Print(ParseResult parsed, JsonElement line)
    {
        string Text(string name) => line.GetProperty(name).ToString();
        switch (Text("kind"))
        {
            case "progress":
                Console.Error.WriteLine($"  {Text("text")}");
                return 0;
            case "refused":
                Console.Error.WriteLine(Text("text"));
                return 1;
            case "summary":
                Console.WriteLine(parsed.Say("load.sum", Text("dataset"), Text("rowsIn"), Text("added"), Text("changed"), Text("same"), Text("rejected"), Text("files"), Text("seconds")));
                foreach (var r in line.GetProperty("rejects").EnumerateArray())
                    Console.WriteLine(parsed.Say("load.reject", r.GetProperty("rows"), r.GetProperty("why"), r.GetProperty("file"), r.GetProperty("line")));
                foreach (var q in line.GetProperty("quality").EnumerateArray())
                    Console.WriteLine(parsed.Say("load.rule", q.GetProperty("rule"), q.GetProperty("field"), q.GetProperty("measured"), q.GetProperty("wanted"), parsed.Say(q.GetProperty("passed").GetBoolean() ? "load.passed" : "load.failed")));
                return 0;
            default:
                Console.WriteLine(parsed.Say("load.after", Text("derived"), Text("values"), Text("warnings")));
                return 0;
        }
    }
}
