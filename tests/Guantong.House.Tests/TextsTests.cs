using System.Text.Json;
using System.Text.RegularExpressions;

namespace Guantong.Tests;

/// <summary>What a page says is written down in both languages.</summary>
public sealed partial class TextsTests
{
    [Theory, InlineData("Guantong.Desk"), InlineData("Guantong.Portal")]
    public void Every_text_that_a_page_names_is_there(string room)
    {
        var there = Directory.GetFiles(Path.Combine(Repository.Root, "src"), "texts.json", SearchOption.AllDirectories).Where(f => !f.Contains("artifacts", StringComparison.Ordinal))
            .SelectMany(f => JsonDocument.Parse(File.ReadAllText(f)).RootElement.EnumerateObject().Select(t => t.Name)).ToHashSet();
        var pages = Directory.GetFiles(Path.Combine(Repository.Root, "src", room), "*.razor", SearchOption.AllDirectories);
        var named = pages.SelectMany(p => Named().Matches(File.ReadAllText(p)).Select(m => (Page: Path.GetFileName(p), Text: m.Groups[1].Value))).ToList();
        Assert.True(named.Count > 100, "no page names a text");
        Assert.Empty(named.Where(n => !there.Contains(n.Text)).Select(n => $"{n.Page} says {n.Text}, which is in no texts.json: write it there in zh and en").Distinct());
    }

    // Names with a dot, whole: what is put together of parts is not known before it is said.
    [GeneratedRegex(@"\bSay\(""([a-z][\w-]*(?:\.[\w-]+)+)""\s*[,)]")]
    private static partial Regex Named();
}
