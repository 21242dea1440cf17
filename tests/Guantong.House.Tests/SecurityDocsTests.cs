using System.Globalization;
using System.Text.RegularExpressions;

namespace Guantong.Tests;

/// <summary>docs/security.md tells of every item of OWASP ASVS 5.0.0, levels 1 and 2, how it is met and which test shows it.</summary>
public sealed partial class SecurityDocsTests
{
    // The items of level 1 and 2 by section; what is left out is of level 3.
    private const string Items =
        "1.1:1-2 1.2:1-9 1.3:1-11 1.4:1-3 1.5:1-2 2.1:1-3 2.2:1-3 2.3:1-4 2.4:1 3.2:1-2 3.3:1-4 3.4:1-6 3.5:1-5 3.7:1-2 4.1:1-3 4.2:1 4.3:1-2 4.4:1-4 5.1:1 5.2:1-3 5.3:1-2 5.4:1-3 "
        + "6.1:1-3 6.2:1-12 6.3:1-4 6.4:1-4 6.5:1-5 6.6:1-3 6.8:1-4 7.1:1-3 7.2:1-4 7.3:1-2 7.4:1-5 7.5:1-2 7.6:1-2 8.1:1-2 8.2:1-3 8.3:1 8.4:1 9.1:1-3 9.2:1-4 "
        + "10.1:1-2 10.2:1-2 10.3:1-4 10.4:1-11 10.5:1-5 10.6:1-2 10.7:1-3 11.1:1-2 11.2:1-3 11.3:1-3 11.4:1-4 11.5:1 11.6:1 12.1:1-3 12.2:1-2 12.3:1-4 13.1:1 13.2:1-5 13.3:1-2 13.4:1-5 "
        + "14.1:1-2 14.2:1-4 14.3:1-3 15.1:1-3 15.2:1-3 15.3:1-7 16.1:1 16.2:1-5 16.3:1-4 16.4:1-3 16.5:1-3 17.1:1 17.2:1-4 17.3:1-2";

    private static readonly string[] Statuses = ["met", "partly", "not met", "does not apply"];

    private static readonly string Text = File.ReadAllText(Path.Combine(Repository.Root, "docs", "security.md"));

    private static readonly IReadOnlyList<Told> Rows = [.. Row().Matches(Text).Select(m => new Told(m.Groups[1].Value, m.Groups[2].Value, m.Groups[3].Value, m.Groups[4].Value, m.Groups[5].Value))];

    private sealed record Told(string Item, string Asks, string Status, string How, string Tests)
    {
        public bool IsShown => Tests != "–";
    }

    [Fact]
    public void Each_item_is_told_once()
    {
        var items = Items.Split(' ').Select(s => s.Split(':', '-')).SelectMany(s => Enumerable.Range(1, Number(s[^1])).Select(n => $"V{s[0]}.{n}")).ToList();
        Assert.Equal(253, items.Count);
        Assert.Equal(items, Rows.Select(r => r.Item));
    }

    [Fact]
    public void Each_says_what_it_asks_how_it_stands_and_why() => Assert.All(Rows, r =>
    {
        Assert.Contains(r.Status, Statuses);
        Assert.True(r.Asks.Length > 3 && r.How.Length > 3, r.Item);
        Assert.True(r.Status != "does not apply" || !r.IsShown, $"{r.Item} does not apply and names a test");
    });

    [Fact]
    public void Each_test_named_is_there()
    {
        var classes = Directory.GetFiles(Path.Combine(Repository.Root, "tests"), "*Tests.cs", SearchOption.AllDirectories).ToLookup(f => Path.GetFileNameWithoutExtension(f), File.ReadAllText);
        var named = Rows.Where(r => r.IsShown).SelectMany(r => r.Tests.Split(", ").Select(t => (r.Item, Test: t.Trim('`')))).ToList();
        Assert.NotEmpty(named);
        Assert.Equal([], named.Where(n => n.Test.Split('.') is not [var type, var method] || !classes[type].Any(t => t.Contains($" {method}(", StringComparison.Ordinal))).Select(n => $"{n.Item}: {n.Test}"));
    }

    [Fact]
    public void The_counts_at_the_head_are_true()
    {
        foreach (var status in Statuses)
            Assert.Contains($"| {status} | {Rows.Count(r => r.Status == status)} |", Text, StringComparison.Ordinal);
        Assert.Contains($"| in all | {Rows.Count} |", Text, StringComparison.Ordinal);
        var met = Rows.Where(r => r.Status == "met").ToList();
        Assert.Contains($"Of the {met.Count} that are met, {met.Count(r => r.IsShown)} name a test.", Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Each_weakness_names_items_that_are_not_met_whole()
    {
        var weak = Text.Split("## Known weaknesses")[1].Split("\n## ")[0];
        var open = Rows.Where(r => r.Status is "partly" or "not met").Select(r => r.Item).ToHashSet();
        var named = Item().Matches(weak).Select(m => m.Value).ToList();
        Assert.NotEmpty(named);
        Assert.Equal([], named.Where(n => !open.Contains(n)));
        // What is not met at all is a weakness, and said to be one.
        Assert.Equal([], Rows.Where(r => r.Status == "not met").Select(r => r.Item).Except(named));
    }

    [Fact]
    public void The_limits_in_the_document_are_those_in_the_code()
    {
        var limits = Limit().Matches(Text).ToList();
        Assert.NotEmpty(limits);
        Assert.All(limits, l => Assert.Contains(l.Groups[2].Value, File.ReadAllText(Path.Combine(Repository.Root, l.Groups[1].Value)), StringComparison.Ordinal));
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^\| (V[\d.]+) \| ([^|]+) \| ([^|]+) \| ([^|]+) \| ([^|]+) \|$", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex(@"V\d+\.\d+\.\d+")]
    private static partial Regex Item();

    [GeneratedRegex(@"^\| [^|]+ \| [^|]+ \| `(src/[^`]+)`: `([^`]+)` \|$", RegexOptions.Multiline)]
    private static partial Regex Limit();
}
