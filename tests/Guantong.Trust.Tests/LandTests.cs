using Guantong.Trust;

namespace Guantong.Tests;

/// <summary>The land as configured: divisions with their history, units, and people who are plainly made up.</summary>
public sealed class LandTests
{
    private static Jurisdiction Read(string name) => Jurisdiction.Read(Path.Combine(Repository.Root, "jurisdictions", name, "jurisdiction.yaml"));

    private static readonly Jurisdiction Zhejiang = Read("zhejiang");

    [Fact]
    public void Zhejiang_has_its_cities_counties_and_streets()
    {
        var now = Zhejiang.Regions.All.Where(r => r.To is null && Zhejiang.Regions.Within(r.Code, "330000")).ToLookup(r => r.Level);
        Assert.Equal((1, 11, 90), (now["province"].Count(), now["city"].Count(), now["county"].Count()));
        // 1,387 in the source; one of them, 330383198, only stands for “villages directly below” and is no street.
        Assert.Equal(1386, now.Where(g => g.Key is not ("province" or "city" or "county")).Sum(g => g.Count()));
        Assert.All(now["county"], r => Assert.Equal("city", Zhejiang.Regions.Find(r.Parent)!.Level));
        Assert.All(now["city"].Concat(now["county"]), r => Assert.NotEmpty(r.NameEn));
    }

    [Theory]
    [InlineData("330103", "330105"), InlineData("330185", "330112"), InlineData("330283", "330213"), InlineData("331021", "331083")]
    public void A_retired_code_has_an_end_and_a_successor(string code, string successor)
    {
        var retired = Zhejiang.Regions.Find(code)!;
        var change = Assert.Single(Zhejiang.Regions.Changes, c => c.Code == code);
        Assert.Equal((successor, retired.To), (change.Successor, (DateOnly?)change.Date));
        Assert.True(retired.StandsOn(change.Date.AddDays(-1)));
        Assert.False(retired.StandsOn(change.Date));
        Assert.True(Zhejiang.Regions.Find(successor)!.StandsOn(change.Date));
    }

    [Fact]
    public void The_plan_s_103_provincial_units_stand_and_their_lines_go_on_below()
    {
        Assert.Equal(103, Zhejiang.Units.All.Count(u => u.Region == "330000"));
        Assert.Equal("湖州市生态环境局", Zhejiang.Units.ForRegion("省生态环境厅", "330500")!.Name);
        Assert.Equal("Huzhou Bureau of Ecology and Environment", Zhejiang.Units.ForRegion("省生态环境厅", "330500")!.NameEn);
        Assert.Equal("省生态环境厅", Zhejiang.Units.ForRegion("省生态环境厅", "110000")!.Name);
        Assert.Null(Zhejiang.Units.ForRegion("省某某厅", "330500"));
    }

    [Theory, InlineData("zhejiang"), InlineData("beijing")]
    public void Everyone_in_the_demonstration_is_plainly_made_up_and_has_a_unit(string name)
    {
        var land = Read(name);
        Assert.All(land.People, p => Assert.StartsWith("演示", p.Name, StringComparison.Ordinal));
        Assert.All(land.People.Where(p => p.Kind == "official"), p => Assert.NotNull(land.Units.Find(p.Unit)));
        Assert.Superset(new HashSet<string> { "designer", "steward", "case-worker", "leader", "auditor", "citizen" }, land.People.SelectMany(p => p.Roles).ToHashSet());
    }

    [Fact]
    public void Beijing_s_units_answer_to_the_names_that_packs_written_for_a_province_use()
    {
        var beijing = Read("beijing");
        Assert.Equal("市生态环境局", beijing.Units.Named("省生态环境厅")!.Name);
        Assert.Equal("朝阳区生态环境局", beijing.Units.ForRegion("省生态环境厅", "110105")!.Name);
    }

    [Theory]
    [InlineData("root: \"330000\"", "root: \"999999\"", "999999"), InlineData("time: \"+08:00\"", "time: soon", "time"), InlineData("units: units.yaml", "units: gone.yaml", "gone.yaml")]
    public void A_mistake_in_the_configuration_is_named(string from, string to, string named)
    {
        var folder = Directory.CreateTempSubdirectory("guantong-land-");
        try
        {
            var source = Path.Combine(Repository.Root, "jurisdictions", "zhejiang");
            foreach (var file in (string[])["units.yaml", "people.yaml"])
                File.Copy(Path.Combine(source, file), Path.Combine(folder.FullName, file));
            var text = File.ReadAllText(Path.Combine(source, "jurisdiction.yaml"));
            Assert.Contains(from, text, StringComparison.Ordinal);
            var path = Path.Combine(folder.FullName, "jurisdiction.yaml");
            File.WriteAllText(path, text.Replace("../regions", Path.Combine(Repository.Root, "jurisdictions", "regions"), StringComparison.Ordinal).Replace(from, to, StringComparison.Ordinal));
            Assert.Contains(named, Assert.Throws<ConfigurationException>(() => Jurisdiction.Read(path)).Message, StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(true);
        }
    }
}
