using System.Text.RegularExpressions;
using Guantong.Data;
using Guantong.Decisions;
using Guantong.Packs;
using Guantong.Packs.Checking;
using Guantong.Processes;
using Guantong.Tests.Broken;

namespace Guantong.Tests;

/// <summary>A sound pack with one fault yields one finding, at its place, in both languages, with the mend.</summary>
public sealed partial class BrokenPackTests
{
    private static readonly Dictionary<string, BrokenPack> Cases = BrokenPack.All.ToDictionary(c => c.Name);

    public static TheoryData<string> Names => [.. Cases.Keys];

    [Theory, InlineData(SoundPack.Air), InlineData(SoundPack.Permit)]
    public void A_sound_pack_has_no_finding(string folder) =>
        Assert.Empty(PackCheck.Check(SoundPack.Files(folder), SoundPack.Around).Findings.Select(Shown));

    public static TheoryData<string> Shipped =>
        [.. SoundPack.Shipped.Select(f => Path.GetRelativePath(Repository.Root, f).Replace('\\', '/'))];

    [Theory, MemberData(nameof(Shipped))]
    public void A_pack_that_ships_has_no_finding(string folder) =>
        Assert.Empty(PackCheck.Check(SoundPack.Files(folder), SoundPack.Shipping).Findings.Select(Shown));

    [Theory, MemberData(nameof(Names))]
    public void One_fault_gives_one_finding_at_its_place(string name)
    {
        var broken = Cases[name];
        var findings = PackCheck.Check(broken.Files(), SoundPack.Around).Findings;
        var place = new Mark(broken.At ?? broken.Path, broken.Line, broken.Column);
        Assert.Equal([$"{place} {broken.Code}"], findings.Select(f => $"{f.Mark} {f.Code}"));
        foreach (var lang in (string[])["zh-CN", "en"])
            Assert.True(Says(findings[0].Message(lang), lang), findings[0].Message(lang));
        Assert.NotEqual(findings[0].Message("zh-CN"), findings[0].Message("en"));
    }

    [Fact]
    public void Every_code_that_has_a_sentence_has_a_case()
    {
        var declared = Finding.Codes.Concat(ProcessFault.Codes).Concat(DmnFault.Codes).ToHashSet();
        Assert.Equal([], declared.Except(BrokenPack.All.Select(c => c.Code)).Order());
        Assert.Equal([], BrokenPack.All.Select(c => c.Code).Except(declared).Order());
    }

    [Fact]
    public void The_checker_names_the_codes_that_have_a_sentence_and_no_others()
    {
        var sources = new[] { "Guantong.Packs", "Guantong.Data/Warehouse", "Guantong.Processes", "Guantong.Decisions" }
            .SelectMany(r => Directory.GetFiles(Path.Combine(Repository.Root, "src", r), "*.cs", SearchOption.AllDirectories)).Select(File.ReadAllText).ToList();
        IEnumerable<string> In(Regex regex) => sources.SelectMany(s => regex.Matches(s)).Select(m => m.Groups[1].Value);
        var unknown = In(Unknown()).Select(kind => "unknown-" + kind).ToList();
        var declared = Finding.Codes.Concat(ProcessFault.Codes).Concat(DmnFault.Codes).ToHashSet();
        Assert.Equal([], In(Named()).Concat(unknown).Except(declared).Order());
        Assert.Equal([], declared.Except(In(Literal())).Except(unknown).Order());
    }

    [Theory]
    [InlineData("pack.yaml", "version:", "verison:", "version")]
    [InlineData("datasets/air-hourly.yaml", "retention:", "retension:", "retention")]
    [InlineData("business.yaml", "[pollution-episode]", "[polution-episode]", "pollution-episode")]
    [InlineData("matters/pollution-episode.yaml", "processes/episode.bpmn", "processes/episod.bpmn", "processes/episode.bpmn")]
    [InlineData("processes/episode.bpmn", "name=\"省气象局\"", "name=\"省气像局\"", "省气象局")]
    public void A_misspelt_word_is_answered_with_the_one_that_was_meant(string path, string from, string to, string meant)
    {
        var finding = Assert.Single(PackCheck.Check(BrokenPack.Air(path, from, to, "", 0, 0).Files(), SoundPack.Around).Findings);
        Assert.Contains($"是否想写：{meant}？|是否指：{meant}？".Split('|'), s => finding.Message("zh-CN").EndsWith(s, StringComparison.Ordinal));
        Assert.EndsWith($"Did you mean: {meant}?", finding.Message("en"), StringComparison.Ordinal);
    }

    private static string Shown(Finding f) => $"{f.Mark} {f.Code} {f.Message("en")}";

    // A sentence of that language, filled in, that asks for something to be done.
    private static bool Says(string message, string lang) =>
        message.Length > 0 && !message.StartsWith("finding.", StringComparison.Ordinal) && !message.Contains('@', StringComparison.Ordinal)
        && !Unfilled().IsMatch(message) && (lang == "en" ? MendEnglish() : MendChinese()).IsMatch(message);

    [GeneratedRegex(@"\{\d")]
    private static partial Regex Unfilled();

    [GeneratedRegex("请|是否(指|想写)：|可用：|例如")]
    private static partial Regex MendChinese();

    [GeneratedRegex(@"Did you mean: |For example|(^|[.:;,!] |\bor )(Add|Aggregate|Break|Change|Check|Choose|Complete|Connect|Declare|Draw|Flatten|Give|Keep|Make|Mend|Move|Name|Place|Point|Put|Remove|Rename|Save|Say|Split|Swap|Take|Use|Write)\b", RegexOptions.IgnoreCase)]
    private static partial Regex MendEnglish();

    [GeneratedRegex(@"(?:Finding\.(?:Error|Warn|Hint)|SqlFault|Tell|Skip|Fault|At)\((?:[\w.()!\[\]]+, )*""([a-z]+(?:-[a-z]+)+)""")]
    private static partial Regex Named();

    // Any such word, save where it stands as the key of its own sentence.
    [GeneratedRegex(@"(?<!\[)""([a-z]+(?:-[a-z]+)+)""")]
    private static partial Regex Literal();

    [GeneratedRegex(@"(?:Known|Unknown)\(""([a-z]+)""")]
    private static partial Regex Unknown();
}
