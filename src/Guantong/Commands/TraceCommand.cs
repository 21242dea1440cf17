using System.CommandLine;
using Guantong.Data;
using Guantong.Packs;
using Guantong.Packs.Reading;
using Guantong.Packs.Tracing;

namespace Guantong.Commands;

/// <summary>guantong trace PACK [ITEM]: the V as a tree in the terminal.</summary>
internal static class TraceCommand
{
    public static Command Make(Func<string, string> about)
    {
        var pack = new Argument<string>("pack") { Description = about("arg.pack") };
        var item = new Argument<string?>("item") { Description = about("arg.item"), Arity = ArgumentArity.ZeroOrOne };
        var command = new Command("trace", about("cli.trace")) { pack, item }.Needs("tool.run");
        command.SetAction(parsed => Run(parsed, parsed.GetValue(pack)!, parsed.GetValue(item)));
        return command;
    }

    private static int Run(ParseResult parsed, string given, string? item)
    {
        try
        {
            var folder = PackFolder.Below(given).FirstOrDefault() ?? PackFolder.Below(parsed.Settings().Packs).FirstOrDefault(f => PackFolder.IdOf(f) == given);
            if (folder is null)
            {
                Console.Error.WriteLine(parsed.Say("error.no-pack", given));
                return 2;
            }
            var reading = PackReader.Read(PackFolder.Read(folder, folder.Replace('\\', '/')));
            if (reading.Pack is not { } pack)
            {
                foreach (var f in reading.Findings)
                    Console.Error.WriteLine($"{f.Mark}: {f.Message(parsed.Lang())}");
                return 1;
            }
            if ((item is null ? Trace.Of(pack) : Trace.Of(pack, item)) is not { } step)
            {
                Console.Error.WriteLine(Trust.Problems.Say(parsed.Lang(), "not-found", item));
                return 2;
            }
            Print(pack, step, "", "", parsed.Lang());
            return 0;
        }
        catch (PackFolderException e)
        {
            Console.Error.WriteLine(parsed.Say("error.folder", e.Code, e.File));
            return 2;
        }
    }

    private static void Print(Pack pack, TraceStep step, string first, string rest, string lang)
    {
        var name = pack.Say(lang, step.Name);
        Console.WriteLine($"{first}{Data.CatalogueTexts.Say(lang, "trace." + step.Kind)} {step.Id}{(name != step.Id ? " " + name : "")}  {step.Mark}");
        for (var i = 0; i < step.Below.Count; i++)
        {
            var last = i == step.Below.Count - 1;
            Print(pack, step.Below[i], rest + (last ? "└─ " : "├─ "), rest + (last ? "   " : "│  "), lang);
        }
    }
}
