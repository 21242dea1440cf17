using System.Text.RegularExpressions;
using Guantong.Commands;
using Guantong.Data;

namespace Guantong.Bench;

/// <summary>`guantong check` of 100 packs: a new process each time, against a budget of a second; and again within one process.</summary>
internal static class CheckBench
{
    private const int Packs = 100;
    private const int Rounds = 7;

    public static async Task<Ratio> RunAsync()
    {
        using var scratch = new Scratch();
        // Each pack that ships, in turn, with an id of its own.
        var shipped = PackFolder.Below(Places.Pack("")).ToList();
        for (var i = 0; i < Packs; i++)
            CopyPack(shipped[i % shipped.Count], Path.Combine(scratch.Folder, $"{i:000}"), i);
        var cold = new List<double>();
        for (var i = 0; i < Rounds; i++)
            cold.Add(await Child.RunAsync(Child.Guantong, "check", scratch.Folder));
        var empty = Measure.Median([await Child.RunAsync(Child.Guantong, "--help"), await Child.RunAsync(Child.Guantong, "--help"), await Child.RunAsync(Child.Guantong, "--help")]);
        var warm = new List<double>();
        for (var i = -3; i < Rounds; i++)
        {
            var seconds = await Measure.SecondsAsync(() => CheckAsync(scratch.Folder));
            if (i >= 0)
                warm.Add(seconds);
        }
        Measure.Say($"one cold process  {Measure.Median(cold) * 1000:0} ms for {Packs} packs, median of {Rounds} ({cold.Min() * 1000:0}–{cold.Max() * 1000:0}); `--help` alone takes {empty * 1000:0} ms");
        Measure.Say($"warm              {Measure.Median(warm) * 1000:0} ms, median of {Rounds}");
        return new Ratio(1 / Measure.Median(cold), 1);
    }

    private static async Task CheckAsync(string folder)
    {
        var (said, quiet) = (Console.Out, TextWriter.Null);
        Console.SetOut(quiet);
        var code = await Commands.Commands.Root().Parse(["check", folder]).InvokeAsync();
        Console.SetOut(said);
        if (code != 0)
            throw new InvalidOperationException($"check ended with {code}");
    }

    private static void CopyPack(string from, string to, int number)
    {
        foreach (var file in Directory.GetFiles(from, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
        var declared = Path.Combine(to, "pack.yaml");
        File.WriteAllText(declared, Regex.Replace(File.ReadAllText(declared), "^pack: (.*)$", $"pack: $1-{number}", RegexOptions.Multiline));
    }
}
