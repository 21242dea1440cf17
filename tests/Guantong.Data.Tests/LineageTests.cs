using Guantong.Data;
using Guantong.Packs;
using Guantong.Packs.Reading;

namespace Guantong.Tests;

/// <summary>Where each column comes from, through any query, decision and indicator, and what it goes into.</summary>
public sealed class LineageTests
{
    private static readonly Pack Air = PackReader.Read(PackFolder.Read(Path.Combine(Repository.Root, "packs/environment/air-quality"), "air")).Pack!;

    [Fact]
    public void A_goal_leads_back_to_the_columns_of_the_source_that_it_is_made_of()
    {
        var map = LineageMap.Of([Air]);
        var (nodes, edges) = map.Walk(["goal/environment.air-quality/clean-air"], up: true);
        var columns = nodes.Where(n => n.Node.Kind == "column" && n.Node.Of == "air-hourly").Select(n => n.Node.Id).ToHashSet();
        Assert.Superset(new HashSet<string> { "PM2.5", "PM10", "SO2", "NO2", "CO", "O3", "station", "year", "hour" }, columns);
        // The station's region decides where a row counts, and its name nothing.
        Assert.Contains(nodes, n => n.Node.Key == "field/environment.air-quality/station/region");
        Assert.DoesNotContain(nodes, n => n.Node.Key == "field/environment.air-quality/station/name");
        Assert.Contains(new LineageEdge("field/environment.air-quality/air-hourly/pm25", "field/environment.air-quality/air-daily/pm25", "value"), edges);
        Assert.DoesNotContain(edges, e => e is { From: "field/environment.air-quality/air-hourly/so2", To: "field/environment.air-quality/air-daily/pm25" });
    }

    [Fact]
    public void A_column_leads_on_to_all_that_would_be_touched()
    {
        var (nodes, _) = LineageMap.Of([Air]).Walk(["column/environment.air-quality/air-hourly/PM2.5"], up: false);
        Assert.Superset(new HashSet<string> { "field/environment.air-quality/air-hourly/pm25", "field/environment.air-quality/air-daily/pm25", "field/environment.air-quality/air-daily/aqi", "indicator/environment.air-quality/good-day-rate", "indicator/environment.air-quality/pm25-mean", "goal/environment.air-quality/clean-air", "matter/environment.air-quality/pollution-episode", "service/environment.air-quality/air-daily/rows" },
            nodes.Select(n => n.Node.Key).ToHashSet());
        Assert.DoesNotContain(nodes, n => n.Node.Key == "field/environment.air-quality/air-daily/co");
    }

    [Fact]
    public void A_unit_that_is_given_data_stands_at_its_end()
    {
        var map = LineageMap.Of([Air],
        [
            new Consumed("environment.air-quality/air-daily", "zj-transport", "省交通运输厅", new Dictionary<string, string> { ["aqi"] = "aqi" }),
            new Consumed("interface:permits", "zj-transport", "省交通运输厅", new Dictionary<string, string> { ["id"] = "证件号" }),
            new Consumed("no.such/one", "zj-health", "省卫生健康委", new Dictionary<string, string> { ["id"] = "id" }),
        ]);
        Assert.Contains(map.Walk(["column/environment.air-quality/air-hourly/PM2.5"], up: false).Nodes, n => n.Node.Key == "consumer/zj-transport");
        Assert.Superset(new HashSet<string> { "interface/permits/id", "field/environment.air-quality/air-daily/aqi", "column/environment.air-quality/air-hourly/PM2.5" }, map.Walk(["consumer/zj-transport"], up: true).Nodes.Select(n => n.Node.Key).ToHashSet());
        Assert.Equal("证件号", map.Search("证件").Single().Name);
    }

    [Theory]
    [InlineData("select a as x, b as y from one", "x:one.a", "y:one.b", "")]
    [InlineData("select a + b as x, 1 as y from one", "x:one.a one.b", "y:", "")]
    [InlineData("with t as (select a, max(b) over (partition by c) as m from one) select m as x, a as y from t", "x:one.b one.c", "y:one.a", "")]
    [InlineData("select o.a as x, t.e as y from one o left join two t on t.d = o.c", "x:one.a", "y:two.e", "one.c two.d")]
    [InlineData("select c as x, count(*) as y from one where b > 0 group by c", "x:one.c", "y:", "one.b one.c")]
    [InlineData("select c as x, sum(a) filter (where b > 0) as y from one group by c having max(b) > 1", "x:one.c", "y:one.a one.b", "one.b one.c")]
    [InlineData("select a as x, b as y from one union all select d, e from two", "x:one.a two.d", "y:one.b two.e", "")]
    [InlineData("select a as x, (select min(e) from two where d = one.c) as y from one", "x:one.a", "y:two.e", "one.c two.d")]
    [InlineData("select a as x, b as y from one where c in (select d from two)", "x:one.a", "y:one.b", "one.c two.d")]
    [InlineData("select a as x, b as y from one where exists (select 1 from two where d = one.c and e > 1)", "x:one.a", "y:one.b", "one.c two.d two.e")]
    [InlineData("select case when b > 0 then a else c end as x, coalesce(b, c) as y from one order by a limit 3", "x:one.a one.b one.c", "y:one.b one.c", "one.a")]
    [InlineData("select distinct x.a as x, y.b as y from one x, one y where x.c = y.c", "x:one.a", "y:one.b", "one.c")]
    public void A_query_is_read_as_the_engine_binds_it(string sql, string first, string second, string rows)
    {
        using var engine = new DuckDB.NET.Data.DuckDBConnection("DataSource=:memory:");
        engine.Open();
        engine.Run("CREATE TABLE one (a BIGINT, b BIGINT, c BIGINT); CREATE TABLE two (d BIGINT, e BIGINT)");
        var columns = QueryColumns.Of(engine, $"SELECT x, y FROM ({sql}) AS q")!;
        static string Said(IEnumerable<ReadColumn> all) => string.Join(' ', all.Select(c => $"{c.Table}.{c.Column}").Order(StringComparer.Ordinal));
        Assert.Equal((first, second), ("x:" + Said(columns.Values[0]), "y:" + Said(columns.Values[1])));
        Assert.Subset(columns.Rows.Select(c => $"{c.Table}.{c.Column}").ToHashSet(), rows.Split(' ', StringSplitOptions.RemoveEmptyEntries).ToHashSet());
    }
}
