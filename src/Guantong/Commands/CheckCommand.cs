using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using Guantong.Data;
using Guantong.Hosting;
using Guantong.Packs;
using Guantong.Packs.Checking;
using Guantong.Packs.Reading;
using Guantong.Trust;

namespace Guantong.Commands;

/// <summary>guantong check FOLDER: proves packs without touching any store.</summary>
internal static class CheckCommand
{
    private static readonly JsonSerializerOptions Pretty = new(JsonSerializerDefaults.Web) { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static Command Make(Func<string, string> about)
    {
        var folders = new Argument<string[]>("folder") { Description = about("arg.packs"), Arity = ArgumentArity.ZeroOrMore };
        var format = new Option<string>("--format") { Description = about("opt.format"), DefaultValueFactory = _ => "text" };
        format.AcceptOnlyFromAmong("text", "json", "sarif");
        var command = new Command("check", about("cli.check")) { folders, format }.Needs("tool.run");
        command.SetAction(parsed => Run(parsed, parsed.GetValue(folders)!, parsed.GetValue(format)!));
        return command;
    }

    private static int Run(ParseResult parsed, string[] given, string format)
    {
        var settings = parsed.Settings();
        var folders = (given.Length == 0 ? [settings.Packs] : given).SelectMany(PackFolder.Below).ToList();
        if (folders.Count == 0)
        {
            Console.Error.WriteLine(parsed.Say("check.none", string.Join(", ", given)));
            return 2;
        }
        try
        {
            // A check is over in a second: each core takes its share, and packs are read while the surroundings are gathered.
            // Only findings are kept, for what is kept costs the collector more than reading it.
            var gathering = Task.Run(() => Around.Of(Jurisdiction.Read(settings.JurisdictionFile), settings.Packs, new PortableSql().Bind));
            var early = new List<PackReading>();
            while (!gathering.IsCompleted && early.Count < folders.Count)
                early.Add(Read(folders[early.Count]));
            var around = gathering.GetAwaiter().GetResult();
            var found = new IReadOnlyList<Finding>[folders.Count];
            Parallel.For(0, found.Length, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount },
                i => found[i] = PackCheck.Prove(i < early.Count ? early[i] : Read(folders[i]), around).Findings);
            var findings = found.SelectMany(f => f).ToList();
            Print(parsed, findings, folders.Count, format);
            return findings.Any(f => f.Severity == Severity.Error) ? 1 : 0;
        }
        catch (Exception e) when ((e as PackFolderException ?? e.InnerException) is PackFolderException folder)
        {
            Console.Error.WriteLine(parsed.Say("error.folder", folder.Code, folder.File));
            return 2;
        }
        catch (ConfigurationException e)
        {
            Console.Error.WriteLine(parsed.Say("error.config", e.Message));
            return 2;
        }
    }

    private static PackReading Read(string folder) => PackReader.Read(PackFolder.Read(folder, folder.Replace('\\', '/')));

    private static void Print(ParseResult parsed, IReadOnlyList<Finding> findings, int packs, string format)
    {
        var lang = parsed.Lang();
        if (format == "json")
        {
            Console.WriteLine(JsonSerializer.Serialize(findings.Select(f => new { f.Code, Severity = f.Severity.ToString().ToLowerInvariant(), f.Mark.File, f.Mark.Line, f.Mark.Column, Message = f.Message(lang) }), Pretty));
            return;
        }
        if (format == "sarif")
        {
            Console.WriteLine(JsonSerializer.Serialize(Sarif(findings, lang), Pretty));
            return;
        }
        foreach (var f in findings)
            Console.WriteLine($"{f.Mark}: {parsed.Say("severity." + f.Severity)} {f.Code}: {f.Message(lang)}");
        Console.WriteLine(parsed.Say("check.sum", packs, findings.Count(f => f.Severity == Severity.Error),
            findings.Count(f => f.Severity == Severity.Warning), findings.Count(f => f.Severity == Severity.Hint)));
    }

    // SARIF 2.1.0, §3.13–3.27: the few properties that editors and CI read.
    private static Dictionary<string, object> Sarif(IReadOnlyList<Finding> findings, string lang) => new()
    {
        ["$schema"] = "https://json.schemastore.org/sarif-2.1.0.json",
        ["version"] = "2.1.0",
        ["runs"] = new[]
        {
            new
            {
                tool = new { driver = new { name = "guantong check", rules = findings.Select(f => f.Code).Distinct().Select(id => new { id }) } },
                results = findings.Select(f => new
                {
                    ruleId = f.Code,
                    level = f.Severity switch { Severity.Error => "error", Severity.Warning => "warning", _ => "note" },
                    message = new { text = f.Message(lang) },
                    locations = new[] { new { physicalLocation = new { artifactLocation = new { uri = f.Mark.File }, region = new { startLine = f.Mark.Line, startColumn = f.Mark.Column } } } },
                }),
            },
        },
    };
}
