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

    [Fact]
    public void Every_town_and_street_has_one_body_that_does_for_every_line()
    {
        var (regions, units) = (Zhejiang.Regions, Zhejiang.Units);
        var below = regions.All.Where(r => r.Level == "street" && r.To is null).ToDictionary(r => r.Code);
        var bodies = units.All.Where(u => below.ContainsKey(u.Region)).ToList();
        Assert.Equal(below.Keys.Order(StringComparer.Ordinal), bodies.Select(u => u.Region).Order(StringComparer.Ordinal));
        Assert.All(bodies, u => Assert.Equal(u.Id, units.Named(u.Name)!.Id));
        // 488 streets, 876 towns and townships, 22 farms, zones and the like: what the names end in and what the codes say agree.
        Assert.Equal((488, 876, 22), (below.Values.Count(r => r.Kind == "street"), below.Values.Count(r => r.Kind == "town"), below.Values.Count(r => r.Kind == "zone")));
        Assert.All(below.Values, r => Assert.Equal(r.Name.EndsWith("街道", StringComparison.Ordinal) ? "street" : r.Name[^1] is '镇' or '乡' ? "town" : "zone", r.Kind));

        string? Does(string lane, string region) => units.ForRegion(lane, region)?.Name;
        Assert.Equal(("莲都区碧湖镇人民政府", "西湖区北山街道办事处", "萧山区红山农场"), (Does("乡镇(街道)", "331102100"), Does("乡镇(街道)", "330106002"), Does("乡镇(街道)", "330109503")));
        // Whose line ends above works for the town from there; and a county's government gives a town's work to one of its towns.
        Assert.Equal(("莲都区民政局", "莲都区人民政府办公室"), (Does("省民政厅", "331102100"), Does("乡镇(街道)", "331102")));
        Assert.Equal("zj-government-office-330106002", units.Beside(units.Find("zj-ecology-330106")!, "330106002")!.Id);
        Assert.Equal("zj-government-office-330106", units.Beside(units.Find("zj-government-office-330106002")!, "330106")!.Id);
        Assert.Equal("zj-ecology-330106", units.Beside(units.Find("zj-ecology-330100")!, "330106")!.Id);
        Assert.Null(units.Beside(units.Find("zj-policy-research-330100")!, "330106"));
    }

    [Theory]
    [InlineData("330000", "33", "", "330000"), InlineData("330500", "3305", "330000", "330000 330500"), InlineData("330502", "330502", "330500", "330000 330500 330502")]
    // A town's code may end in 00 and stands for itself all the same.
    [InlineData("331102100", "331102100", "331102", "330000 331100 331102"), InlineData("abc", "abc", null, "abc")]
    public void A_code_says_by_its_digits_what_lies_below_and_above_it(string code, string stem, string? above, string counted)
    {
        Assert.Equal((stem, counted), (RegionCode.Stem(code), string.Join(' ', RegionCode.Counted(code))));
        if (above is not null)
            Assert.Equal((above, Zhejiang.Regions.Find(code)!.Parent ?? ""), (RegionCode.Above(code), above));
    }

    [Fact]
    public void Figures_and_maps_are_broken_down_as_far_as_the_county()
    {
        Assert.Equal(11, Zhejiang.Regions.Parts("330000").Count());
        Assert.Equal(13, Zhejiang.Regions.Parts("330100").Count());
        Assert.Empty(Zhejiang.Regions.Parts("330106"));
        Assert.Equal(12, Zhejiang.Regions.Children("330106").Count());
        Assert.Equal(["330106002", "330106", "330100", "330000"], Zhejiang.Regions.Upwards("330106002").Select(r => r.Code));
    }

    [Theory, InlineData("zhejiang"), InlineData("beijing")]
    public void Everyone_in_the_demonstration_is_plainly_made_up_and_has_a_unit(string name)
    {
        var land = Read(name);
        Assert.All(land.People, p => Assert.StartsWith("演示", p.Name, StringComparison.Ordinal));
        Assert.All(land.People.Where(p => p.Kind == "official"), p => Assert.Equal((p.Login, p.Region), (p.Login, land.Units.Find(p.Unit)?.Region)));
        Assert.All(land.People, p => Assert.NotNull(land.Regions.Find(p.Region)));
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
    [InlineData("town: \"", "village: \"", "village is no kind of region; write one of city, county, street, town, zone")]
    public void A_mistake_in_the_configuration_is_named(string from, string to, string named)
    {
        var folder = Directory.CreateTempSubdirectory("guantong-land-");
        try
        {
            var source = Path.Combine(Repository.Root, "jurisdictions", "zhejiang");
            var mistaken = 0;
            foreach (var file in (string[])["jurisdiction.yaml", "units.yaml", "people.yaml"])
            {
                var text = File.ReadAllText(Path.Combine(source, file));
                mistaken += text.Contains(from, StringComparison.Ordinal) ? 1 : 0;
                File.WriteAllText(Path.Combine(folder.FullName, file), text.Replace("../", Path.Combine(Repository.Root, "jurisdictions") + "/", StringComparison.Ordinal).Replace(from, to, StringComparison.Ordinal));
            }
            Assert.Equal(1, mistaken);
            var path = Path.Combine(folder.FullName, "jurisdiction.yaml");
            Assert.Contains(named, Assert.Throws<ConfigurationException>(() => Jurisdiction.Read(path)).Message, StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(true);
        }
    }
}
