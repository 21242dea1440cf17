using Guantong.Data;
using Guantong.Packs;
using Guantong.Packs.Reading;

namespace Guantong.Tests;

/// <summary>Large tables on PostgreSQL are cut by time and spread by a key as the pack declares, and rows are the same as ever.</summary>
public sealed class PlacementTests
{
    private static Pack Read(string placement) => PackReader.Read(new PackFiles("water", new Dictionary<string, string>
    {
        ["pack.yaml"] = "pack: environment.water\nversion: 1.0.0\nname: 水位\napplication: digital-government\nlead: 省水利厅\n",
        ["datasets/level.yaml"] = $$"""
            dataset: level
            name: 水位
            source: 省水利厅
            share: unconditional
            open: unconditional
            key: [gauge, day]
            {{placement}}
            fields:
              gauge: {type: string}
              day:   {type: date}
              level: {type: number}
            feed:
              from: csv
              columns: {gauge: gauge, day: day, level: level}
            """,
    })).Pack!;

    private static void Load(Warehouse warehouse, Pack pack, params string[] rows)
    {
        var file = Path.Combine(Directory.CreateTempSubdirectory("guantong-placed-").FullName, "level.csv");
        File.WriteAllLines(file, rows.Prepend("gauge,day,level"));
        RowLoad.Files(warehouse, pack, pack.Datasets[0], [file]);
        Directory.Delete(Path.GetDirectoryName(file)!, true);
    }

    private static string Rows(Warehouse warehouse, Pack pack) => string.Join(' ', DatasetRows.Page(warehouse, pack, pack.Datasets[0], new RowQuery(), RowsSeen.All).Rows.Select(r => $"{r[0]}{r[1]}={r[2]}"));

    private static List<string> Tables(Warehouse warehouse)
    {
        using var connection = warehouse.Read();
        return connection.Rows("SELECT table_name FROM information_schema.tables WHERE table_schema = 'environment_water' ORDER BY table_name COLLATE \"C\"", r => r.GetString(0));
    }

    [Fact]
    public async Task A_table_is_cut_by_months_then_by_years_then_not_at_all_and_keeps_its_rows()
    {
        using var warehouse = Warehouse.Open(await FreshStore.MakeAsync("postgres"), TimeProvider.System);
        var (plain, months, years) = (Read(""), Read("partition: {by: day, every: month}"), Read("partition: {by: day, every: year}"));
        warehouse.Apply(plain, losing: true);
        Load(warehouse, plain, "A,2026-01-05,1", "A,2026-02-06,2");
        warehouse.Apply(months, losing: true);
        Assert.Equal(["level", "level~2026-01", "level~2026-02", "level~former", "level~rest"], Tables(warehouse));
        Load(warehouse, months, "A,2026-02-06,3", "A,2026-03-07,4", "A,1500-01-01,5");
        const string rows = "A1500-01-01=5 A2026-01-05=1 A2026-02-06=3 A2026-03-07=4";
        Assert.Equal(rows, Rows(warehouse, months));
        Assert.Contains("level~2026-03", Tables(warehouse));
        warehouse.PutRow(months, months.Datasets[0], new Dictionary<string, string?> { ["gauge"] = "B", ["day"] = "2027-05-01", ["level"] = "6" }, "case:1", "1");
        Assert.Contains("level~2027-05", Tables(warehouse));
        // A pack that is applied again changes nothing; one that cuts otherwise has the table built anew.
        warehouse.Apply(months, losing: true);
        warehouse.Apply(years, losing: true);
        Assert.Equal(["level", "level~2026", "level~2027", "level~former", "level~rest"], Tables(warehouse));
        warehouse.Apply(plain, losing: true);
        Assert.Equal(["level", "level~former"], Tables(warehouse));
        Assert.Equal(rows + " B2027-05-01=6", Rows(warehouse, plain));
        Assert.Equal(5, warehouse.RowCount("environment.water", "level"));
    }

    // The extension is not to be had for tests: its function is stood in for, and notes what it is asked.
    [Fact]
    public async Task Where_the_extension_is_present_a_table_is_spread_by_its_key()
    {
        using var warehouse = Warehouse.Open(await FreshStore.MakeAsync("postgres"), TimeProvider.System);
        warehouse.Write(c => c.Run("""
            CREATE TABLE guantong.asked (what VARCHAR);
            CREATE FUNCTION guantong_sql.create_distributed_table(t regclass, k text) RETURNS void LANGUAGE sql AS $$ INSERT INTO guantong.asked VALUES (t::text || ' by ' || k) $$
            """));
        var spread = Read("distribute: gauge");
        warehouse.Apply(spread, losing: true);
        warehouse.Apply(spread, losing: true);
        Load(warehouse, spread, "A,2026-01-05,1");
        using var connection = warehouse.Read();
        Assert.Equal(["environment_water.level by gauge"], connection.Rows("SELECT what FROM guantong.asked", r => r.GetString(0)));
        Assert.Equal("A2026-01-05=1", Rows(warehouse, spread));
    }
}
