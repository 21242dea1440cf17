using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Guantong.Tests;

/// <summary>docs/systems.md tells of each system that the plan names whether it works: made of what packs implement and of what tests say that they show, and never typed.</summary>
public sealed partial class SystemsDocsTests
{
    private const string Path = "docs/systems.md";

    private sealed record Row(string Id, string Zh, string En, string Application);

    private sealed record Shown(string System, string? Lacks, string Test);

    private static readonly (string Id, string Name)[] Applications =
        [("platform", "The integrated platform"), ("method", "The method"), ("party", "Party and state bodies"), ("government", "Digital government"), ("economy", "Digital economy"), ("society", "Digital society"), ("law", "Rule of law"), ("institution", "Theory, rules"), ("mechanism", "Management")];

    // The list as it was taken from the plan (packs/reform/map).
    private static List<Row> Rows() => [.. from line in File.ReadLines(System.IO.Path.Combine(Repository.Root, "packs/reform/map/samples/system.csv")).Skip(1)
        let cells = Cell().Matches(line).Select(m => m.Groups[1].Success ? m.Groups[1].Value.Replace("\"\"", "\"", StringComparison.Ordinal) : m.Groups[2].Value).ToList()
        select new Row(cells[0], cells[1], cells[2], cells[3])];

    private static List<Shown> Tests() => [.. from file in Directory.EnumerateFiles(System.IO.Path.Combine(Repository.Root, "tests"), "*Tests.cs", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
        from Match said in Said().Matches(File.ReadAllText(file))
        from Match one in One().Matches(said.Groups[1].Value)
        select new Shown(one.Groups[1].Value, one.Groups[2].Success ? one.Groups[2].Value : null, $"{System.IO.Path.GetFileNameWithoutExtension(file)}.{said.Groups[2].Value}")];

    private static Dictionary<string, List<string>> Packs() => (from file in Directory.EnumerateFiles(System.IO.Path.Combine(Repository.Root, "packs"), "pack.yaml", SearchOption.AllDirectories)
        let text = File.ReadAllText(file)
        let id = Id().Match(text).Groups[1].Value
        from system in Implements().Match(text).Groups[1].Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
        orderby id
        group id by system).ToDictionary(g => g.Key, g => g.ToList());

    [Fact]
    public void The_page_is_what_packs_and_tests_say()
    {
        var (rows, tests, packs) = (Rows(), Tests(), Packs());
        Assert.Equal(114, rows.Count);
        Assert.All(tests.Select(t => t.System).Concat(packs.Keys), s => Assert.Contains(rows, r => r.Id == s));
        var page = new StringBuilder("# What of the plan works\n\nEach of the 114 systems that the plan names. *Works*: a test shows all that its row asks for. *Partly*: tests or a pack show some of it, and what lacks is said. Made of `implements` in packs and `[Shows]` in tests by `SystemsDocsTests`; run with `GUANTONG_WRITE=1` it writes this page.\n");
        string State(Row row) => tests.Any(t => t.System == row.Id && t.Lacks is null) ? "works" : tests.Any(t => t.System == row.Id) || packs.ContainsKey(row.Id) ? "partly" : "not yet";
        page.Append($"\n{string.Join(", ", ((string[])["works", "partly", "not yet"]).Select(s => $"{rows.Count(r => State(r) == s)} {s}"))}.\n".Replace("works", "work", StringComparison.Ordinal));
        foreach (var (application, name) in Applications)
        {
            page.Append(CultureInfo.InvariantCulture, $"\n## {name}\n\n| system | | packs | shown by | lacks |\n| --- | --- | --- | --- | --- |\n");
            foreach (var row in rows.Where(r => r.Application == application))
            {
                var shown = tests.Where(t => t.System == row.Id).ToList();
                var lacks = shown.Any(t => t.Lacks is null) ? "" : shown.Count > 0 ? string.Join("; ", shown.Select(t => t.Lacks).Distinct()) : packs.ContainsKey(row.Id) ? "a test that shows it" : "";
                page.Append(CultureInfo.InvariantCulture, $"| {row.Zh} {row.En} `{row.Id}` | {State(row)} | {string.Join(", ", packs.GetValueOrDefault(row.Id, []))} | {string.Join("<br>", shown.Select(t => $"`{t.Test}`").Distinct())} | {lacks} |\n");
            }
        }
        var file = System.IO.Path.Combine(Repository.Root, Path);
        if (Environment.GetEnvironmentVariable("GUANTONG_WRITE") == "1")
            File.WriteAllText(file, page.ToString());
        Assert.Equal(page.ToString(), File.Exists(file) ? File.ReadAllText(file) : "");
    }

    [GeneratedRegex("(?:^|,)(?:\"((?:[^\"]|\"\")*)\"|([^,]*))")]
    private static partial Regex Cell();

    [GeneratedRegex(@"((?:\[Shows\([^\]]+\)\]\s*)+)(?:\[[^\n]+\]\s*)*public (?:async )?(?:Task|void) (\w+)")]
    private static partial Regex Said();

    [GeneratedRegex("""\[Shows\("([a-z0-9-]+)"(?:, Lacks = "([^"]+)")?\)\]""")]
    private static partial Regex One();

    [GeneratedRegex(@"^pack: (\S+)", RegexOptions.Multiline)]
    private static partial Regex Id();

    [GeneratedRegex(@"^implements: \[([^\]]*)\]", RegexOptions.Multiline)]
    private static partial Regex Implements();
}
