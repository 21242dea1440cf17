using System.Text.RegularExpressions;
using Guantong.Data;
using Guantong.Packs;
using Guantong.Packs.Reading;

namespace Guantong.Tests;

/// <summary>Yield per mu judges organisations: nobody is in it, sole traders are kept out by the query itself, and what people read has its English.</summary>
public sealed partial class PerMuPackTests
{
    private static readonly Pack PerMu = PackReader.Read(PackFolder.Read(Path.Combine(Repository.Root, "packs/economy/per-mu"), "packs/economy/per-mu")).Pack!;

    [Fact]
    public void No_person_is_judged_and_none_is_in_the_data()
    {
        Assert.All(PerMu.Datasets.SelectMany(d => d.Fields), f => Assert.Null(f.Personal));
        Assert.All(PerMu.Forms.Values, f => Assert.DoesNotContain("x-personal", f, StringComparison.Ordinal));
        // GB 32100: a code that begins with 92 is a sole trader's, behind whom stands a natural person.
        Assert.Contains("where substr(e.code, 1, 2) <> '92'", PerMu.Dataset("evaluation")!.Feed!.Sql!.Name, StringComparison.Ordinal);
        Assert.Contains(PerMu.Dataset("enterprise")!.Quality, q => q is { IsError: true, That.Name: "substr(code, 1, 2) <> '92'" });
        Assert.Contains("不评价任何自然人", PerMu.About, StringComparison.Ordinal);
        // Rows of single enterprises are for those who answer for them; their classes alone are public, and figures of three or more.
        Assert.Equal(["bonus", "class-list", "industry-standard", "industry-year", "local-rule", "platform", "platform-year", "publication"], PerMu.Datasets.Where(d => d.Open == "unconditional").Select(d => d.Id).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Whatever_is_read_has_its_English()
    {
        IEnumerable<string?> read =
        [
            PerMu.Name, PerMu.About, PerMu.Screen!.Name, .. PerMu.Goals.Select(g => g.Name),
            .. PerMu.Business.SelectMany(c => c.Modules.SelectMany(m => m.Units.Select(u => u.Name).Append(m.Name)).Append(c.Name)),
            .. PerMu.Datasets.SelectMany(d => (string?[])[d.Name, d.About, .. d.Fields.SelectMany(f => (string?[])[f.Name, f.Unit])]),
            .. PerMu.Indicators.SelectMany(i => (string?[])[i.Name, i.About, i.Unit]),
            .. PerMu.Matters.SelectMany(m => (string?[])[m.Name, m.About, m.Fee, m.Document, .. m.Needs.Select(n => n.For)]),
            .. PerMu.CodeLists.SelectMany(c => c.Values.Select(v => (string?)v.Means).Append(c.Name)),
            .. PerMu.Processes.Values.SelectMany(p => p.Definition.Nodes.Select(n => n.Name)),
        ];
        Assert.Equal([], read.OfType<string>().Where(t => Chinese().IsMatch(t) && !PerMu.English.ContainsKey(t)).Distinct());
    }

    [GeneratedRegex(@"\p{IsCJKUnifiedIdeographs}")]
    private static partial Regex Chinese();
}
