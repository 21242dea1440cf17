using Guantong.Packs;
using Guantong.Packs.Checking;

namespace Guantong.Tests;

/// <summary>The rules that docs/pack-language.md shows are checked as they stand there.</summary>
public sealed class QualityDocsTests
{
    private static readonly string[] Other =
    [
        "dataset: enterprise-year", "name: 企业年度数", "source: 省市场监管局", "share: unconditional", "open: none", "key: [year]",
        "fields: {year: {type: date}, enterprises: {type: integer}}", "feed: {from: manual}",
    ];

    [Fact]
    public void Every_kind_of_rule_has_an_example_that_passes_the_check()
    {
        var docs = File.ReadAllText(Path.Combine(Repository.Root, "docs/pack-language.md"));
        var from = docs.IndexOf("```yaml\nquality:", StringComparison.Ordinal) + "```yaml\n".Length;
        var rules = docs[from..docs.IndexOf("```", from, StringComparison.Ordinal)];
        foreach (var kind in QualityRule.Kinds.Keys)
            Assert.Contains($"rule: {kind},", rules, StringComparison.Ordinal);
        var sound = SoundPack.Files(SoundPack.Permit);
        var files = sound with { Texts = new Dictionary<string, string>(sound.Texts) { ["datasets/enterprise.yaml"] = Enterprise(rules), ["datasets/enterprise-year.yaml"] = string.Join('\n', Other) } };
        Assert.Equal([], PackCheck.Check(files, SoundPack.Around).Findings.Where(f => f.Severity != Severity.Hint).Select(f => $"{f.Mark} {f.Message("en")}"));
    }

    private static string Enterprise(string rules) => $$"""
        dataset: enterprise
        name: 企业
        source: 省市场监管局
        share: unconditional
        open: none
        region: region
        key: [code]
        fields:
          code: {type: string}
          name: {type: string}
          region: {type: string}
          address: {type: string}
          licence: {type: string}
          parent: {type: string}
          state: {type: string}
          capital: {type: number}
          opened: {type: date}
          closed: {type: date}
          changed: {type: timestamp}
        feed: {from: manual}

        """ + rules;
}
