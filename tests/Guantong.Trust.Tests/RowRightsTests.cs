using Dapper;
using Guantong.Trust;
using Microsoft.Data.Sqlite;

namespace Guantong.Tests;

/// <summary>Which rows an act's grants show to whom, as a query's condition.</summary>
public sealed class RowRightsTests
{
    private static readonly Jurisdiction Land = Read("zhejiang");

    private static Jurisdiction Read(string name) => Jurisdiction.Read(Path.Combine(Repository.Root, "jurisdictions", name, "jurisdiction.yaml"));

    private static PolicyBook Book(string who) => PolicyBook.Read("p.yaml", $$"""
        roles:
          - {id: anonymous, zh: 未登录, en: nobody}
          - {id: worker, zh: 办理, en: worker}
          - {id: leader, zh: 领导, en: leader}
        acts:
          - {id: see, zh: 看, en: see it, who: {{who}}}
        """);

    private static async Task<string> SeenAsync(string who, Person? person)
    {
        await using var db = new SqliteConnection("Data Source=:memory:");
        await db.OpenAsync();
        await db.ExecuteAsync("CREATE TABLE r (region TEXT, unit TEXT); INSERT INTO r VALUES ('330000', 'a'), ('330500', 'a'), ('330502', 'a'), ('330502001', 'a'), ('330600', 'a'), ('330100', 'b')");
        var rights = RowRights.Of(person, "see", Land, Book(who));
        return string.Join(' ', await db.QueryAsync<string>($"SELECT region FROM r WHERE 1 = 1{rights.And("r.region", "r.unit = @rowUnit")} ORDER BY region", rights.With(new { other = 1 })));
    }

    private static Person In(string region, string? unit = null, string role = "worker") => new("p", "某", "P", "official", unit, region, [role]);

    private const string Everything = "330000 330100 330500 330502 330502001 330600";

    [Theory]
    [InlineData("worker", "330500", null, Everything)]
    [InlineData("{role: worker, region: within}", "330500", null, "330500 330502 330502001")]
    [InlineData("{role: worker, region: within}", "330502", null, "330502 330502001")]
    [InlineData("{role: worker, region: within}", "330000", null, Everything)]
    [InlineData("{role: worker, region: within}", "*", null, Everything)]
    [InlineData("{role: worker, region: within}", "", null, "")]
    [InlineData("{role: worker, region: within}", "330500' OR 1 = 1 --", null, "")]
    [InlineData("{role: worker, unit: own}", "330000", "b", "330100")]
    [InlineData("{role: worker, unit: own}", "330000", null, "")]
    [InlineData("[{role: worker, region: within}, {role: worker, unit: own}]", "330500", "b", "330100 330500 330502 330502001")]
    [InlineData("{role: worker, region: within, unit: own}", "330500", "b", "")]
    [InlineData("{role: worker, region: within, unit: own}", "330000", "b", "330100")]
    [InlineData("[{role: worker, region: within, unit: own}, {role: worker, region: within}]", "330600", "b", "330600")]
    [InlineData("{role: worker, grade: 2}", "330000", "a", "")]
    [InlineData("leader", "330000", "a", "")]
    public async Task Rows_are_seen_by_region_downwards_and_by_one_s_own_unit(string who, string region, string? unit, string seen) => Assert.Equal(seen, await SeenAsync(who, In(region, unit)));

    [Fact]
    public async Task Nobody_and_an_act_that_is_not_declared_show_nothing()
    {
        Assert.Equal("", await SeenAsync("worker", null));
        Assert.Contains("1 = 0", RowRights.Of(In("330000"), "unheard.of", Land).And("r", "u"), StringComparison.Ordinal);
        Assert.False(RowRights.Of(null, "see", Land, Book("worker")).Covers(null));
    }

    [Theory, InlineData("zhejiang"), InlineData("beijing")]
    public void A_range_of_codes_is_the_region_with_all_that_lies_below_it(string name)
    {
        var regions = Read(name).Regions;
        var wrong = from outer in regions.All
                    let range = RowRights.Codes(outer.Code)!.Value
                    from inner in regions.All
                    where (string.CompareOrdinal(inner.Code, range.From) >= 0 && string.CompareOrdinal(inner.Code, range.Until) < 0) != regions.Within(inner.Code, outer.Code)
                    select $"{inner.Code} in {outer.Code}";
        Assert.Empty(wrong.Take(20));
    }
}
