using Guantong.Data;
using Guantong.Packs.Checking;

namespace Guantong.Tests;

/// <summary>Packs' SQL is held to the portable subset, and what readers ask for never becomes SQL.</summary>
public sealed class SqlGuardTests
{
    [Theory]
    [InlineData("SELECT * FROM read_csv('/etc/passwd')")]
    [InlineData("SELECT * FROM '/etc/passwd'")]
    [InlineData("SELECT getenv('HOME') FROM station")]
    [InlineData("SELECT 1 FROM station; DROP TABLE station")]
    [InlineData("DROP TABLE station")]
    [InlineData("COPY station TO '/tmp/x'")]
    [InlineData("ATTACH '/tmp/x.db'")]
    [InlineData("SELECT * FROM duckdb_settings()")]
    [InlineData("SELECT * FROM information_schema.tables")]
    [InlineData("WITH RECURSIVE r AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM r) SELECT * FROM r")]
    [InlineData("SELECT * FROM (DESCRIBE station)")]
    [InlineData("SELECT * FROM station, range(3)")]
    [InlineData("SELECT * FROM duckdb_tables")]
    [InlineData("SELECT relname FROM pg_class")]
    [InlineData("SELECT usename FROM pg_user")]
    [InlineData("SELECT name FROM sqlite_master")]
    [InlineData("SELECT code FROM station WHERE code = ?")]
    [InlineData("SELECT nowhere FROM station")]
    [InlineData("SELECT code FROM stations")]
    [InlineData("SELECT (SELECT content FROM read_text('/etc/passwd')) FROM station")]
    [InlineData("WITH x AS (SELECT * FROM read_blob('/etc/passwd')) SELECT * FROM x")]
    public void Sql_that_reaches_beyond_the_pack_is_refused(string sql)
    {
        using var desk = new StationDesk();
        using var guard = new PortableSql();
        Assert.NotNull(guard.Bind(desk.Pack, [new SqlQuestion(sql, [])]));
    }

    [Fact]
    public void Sql_over_the_pack_s_own_tables_binds()
    {
        using var desk = new StationDesk();
        using var guard = new PortableSql();
        Assert.Null(guard.Bind(desk.Pack, [new SqlQuestion("SELECT region, count(*) AS n FROM station GROUP BY region", ["region", "n"])])?.Detail);
    }

    [Theory, InlineData("A' OR '1'='1"), InlineData("A\"; DROP TABLE station; --"), InlineData("%")]
    public void What_a_reader_looks_for_is_a_value(string value)
    {
        using var desk = new StationDesk();
        desk.Load("code,name,region\nA,甲,330102\n");
        Assert.Empty(DatasetRows.Page(desk.Warehouse, desk.Pack, desk.Stations, new RowQuery(Equal: new Dictionary<string, string> { ["code"] = value }), RowsSeen.All).Rows);
        Assert.Throws<ArgumentException>(() => DatasetRows.Page(desk.Warehouse, desk.Pack, desk.Stations, new RowQuery(Sort: value), RowsSeen.All));
        Assert.Equal(1, desk.Rows);
    }
}
