using System.Text;

namespace Guantong.Tests;

/// <summary>The same rows come in by every format, are checked alike, and name their place in the source where they are rejected.</summary>
public sealed class FormatTests
{
    private static readonly string[] Two = ["A 2026-03-01 1.5 甲", "B 2026-03-01 2"];

    public static TheoryData<string, string> Good => new()
    {
        { "from: csv", "rows.csv" },
        { "from: csv", "rows.csv.gz" },
        { "from: csv", "rows.zip" },
        { "from: csv\nencoding: gb18030", "rows.gb.csv" },
        { "from: excel", "rows.xlsx" },
        { "from: excel\nsheet: 水位", "titled.xlsx" },
        { "from: json", "rows.json" },
        { "from: json\nomits: true", "rows.ndjson" },
        { "from: json\nomits: true\nrecords: /data/items\ncolumns: {gauge: gauge, day: /when/day, level: level, code: code}", "nested.json" },
        { "from: parquet", "rows.parquet" },
        { "from: fixed-width\ncolumns: {gauge: 1-3, day: 4-13, level: 14-19, code: 20-20}", "rows.txt" },
        { "from: fixed-width\nencoding: gb18030\ncolumns: {gauge: 1-3, day: 4-13, level: 14-19, code: 20-21}", "rows.gb.txt" },
    };

    [Theory, MemberData(nameof(Good))]
    public void Rows_come_in_by_every_format(string feed, string name)
    {
        using var desk = new GaugeDesk(feed);
        var bytes = Bytes(name);
        var summary = desk.Load(name, bytes);
        Assert.Equal(Two, desk.Rows());
        Assert.Equal((2L, 0L), (summary.RowsAdded, summary.RowsRejected));
        Assert.All(desk.Load(name, bytes).Files, f => Assert.True(f.WasKnown));
    }

    private static byte[] Bytes(string name)
    {
        const string csv = "gauge,day,level,code\nA,2026-03-01,1.5,甲\nB,2026-03-01,2,\n";
        object?[][] cells = [["gauge", "day", "level", "code"], ["A", new DateTime(2026, 3, 1), 1.5, "甲"], ["B", new DateTime(2026, 3, 1), 2, null]];
        return name switch
        {
            "rows.csv.gz" => Formats.Gzip(Formats.Utf8(csv)),
            "rows.zip" => Formats.Zip(("../../a.csv", Formats.Utf8("gauge,day,level,code\nA,2026-03-01,1.5,甲\n")), ("__MACOSX/._a.csv", [0]), ("b.csv", Formats.Utf8("gauge,day,level,code\nB,2026-03-01,2,\n"))),
            "rows.gb.csv" => Formats.Gb18030.GetBytes(csv),
            "rows.xlsx" => Formats.Excel(cells),
            "titled.xlsx" => Formats.Excel([["水位报表"], [], .. cells], "水位"),
            "rows.json" => Formats.Utf8("""[{"gauge":"A","day":"2026-03-01","level":1.5,"code":"甲"},{"gauge":"B","day":"2026-03-01","level":2,"code":null}]"""),
            "rows.ndjson" => Formats.Utf8("{\"gauge\":\"A\",\"day\":\"2026-03-01\",\"level\":1.5,\"code\":\"甲\"}\n{\"gauge\":\"B\",\"day\":\"2026-03-01\",\"level\":2}\n"),
            "nested.json" => Formats.Utf8("""{"data":{"items":[{"gauge":"A","when":{"day":"2026-03-01"},"level":1.5,"code":"甲"},{"gauge":"B","when":{"day":"2026-03-01"},"level":"2"}]}}"""),
            "rows.parquet" => Formats.Parquet("SELECT 'A' AS gauge, DATE '2026-03-01' AS day, 1.5 AS level, '甲' AS code UNION ALL SELECT 'B', DATE '2026-03-01', 2, NULL"),
            "rows.txt" => Formats.Utf8("A  2026-03-01   1.5甲\r\nB  2026-03-01     2\r\n"),
            "rows.gb.txt" => Formats.Gb18030.GetBytes("A  2026-03-01   1.5甲\nB  2026-03-01     2\n"),
            _ => Encoding.UTF8.GetBytes(csv),
        };
    }

    [Theory]
    [InlineData("from: excel", "bad.xlsx", 3)]
    [InlineData("from: json\nomits: true", "bad.json", 2)]
    [InlineData("from: parquet", "bad.parquet", 2)]
    [InlineData("from: fixed-width\ncolumns: {gauge: 1-3, day: 4-13, level: 14-19, code: 20-20}", "bad.txt", 2)]
    public void A_rejected_row_names_its_place_in_the_source(string feed, string name, int place)
    {
        using var desk = new GaugeDesk(feed);
        var reject = Assert.Single(desk.Load(name, name switch
        {
            "bad.xlsx" => Formats.Excel([["gauge", "day", "level", "code"], ["A", new DateTime(2026, 3, 1), 1, null], ["B", new DateTime(2026, 3, 1), 999, null]]),
            "bad.json" => Formats.Utf8("""[{"gauge":"A","day":"2026-03-01","level":1,"code":"a"},{"gauge":"B","day":"2026-03-01","level":999}]"""),
            "bad.parquet" => Formats.Parquet("SELECT 'A' AS gauge, '2026-03-01' AS day, 1 AS level, NULL AS code UNION ALL SELECT 'B', '2026-03-01', 999, NULL"),
            _ => Formats.Utf8("A  2026-03-01     1\nB  2026-03-01   999\n"),
        }).Rejects);
        Assert.Equal(((long)place, "range", "level"), (reject.Line, reject.Rule, reject.Field));
    }

    [Theory]
    [InlineData("2026-02-29")]
    [InlineData("1900-02-29")]
    [InlineData("2026-13-01")]
    [InlineData("20260301x")]
    [InlineData("infinity")]
    [InlineData("99999999-01-01")]
    public void A_day_that_is_none_is_rejected(string day)
    {
        using var desk = new GaugeDesk();
        Assert.Equal("type", Assert.Single(desk.Load("day.csv", Formats.Utf8($"gauge,day,level,code\nA,{day},1,a\n")).Rejects).Rule);
    }

    [Theory]
    [InlineData("1e999")]
    [InlineData("NaN")]
    [InlineData("-inf")]
    [InlineData("1,5")]
    [InlineData("１２")]
    [InlineData("0x1F")]
    [InlineData("=1+1")]
    [InlineData("12 m")]
    public void A_number_that_is_none_is_rejected(string number)
    {
        using var desk = new GaugeDesk();
        Assert.Equal("type", Assert.Single(desk.Load("number.csv", Formats.Utf8($"gauge,day,level,code\nA,2026-03-01,\"{number}\",a\n")).Rejects).Rule);
    }

    [Fact]
    public void A_day_of_Excel_that_never_was_is_rejected_and_those_around_it_are_taken_right()
    {
        using var desk = new GaugeDesk("from: excel");
        string Day(int serial) => $"<c s=\"1\"><v>{serial}</v></c>";
        var summary = desk.Load("leap.xlsx", Formats.Excel([["gauge", "day", "level", "code"], ["A", Day(59), 1, null], ["B", Day(60), 1, null], ["C", Day(61), 1, null]]));
        Assert.Equal(["A 1900-02-28 1", "C 1900-03-01 1"], desk.Rows());
        Assert.Equal((3L, "1900-02-29"), (Assert.Single(summary.Rejects).Line, summary.Rejects[0].Value));
        using var mac = new GaugeDesk("from: excel");
        mac.Load("1904.xlsx", Formats.Excel([["gauge", "day", "level", "code"], ["A", Day(0), 1, null]], from1904: true));
        Assert.Equal(["A 1904-01-01 1"], mac.Rows());
    }

    [Fact]
    public void A_dataset_can_be_read_as_of_any_load()
    {
        using var desk = new GaugeDesk();
        var loads = new List<long>();
        foreach (var (text, i) in ((string[])["A,2026-03-01,1,a\nB,2026-03-01,2,a", "A,2026-03-01,5,a", "C,2026-03-01,3,a\nB,2026-03-01,2,a"]).Select((t, i) => (t, i)))
            loads.AddRange(desk.Load($"{i}.csv", Formats.Utf8($"gauge,day,level,code\n{text}\n")).Loads);
        Assert.Equal(["A 2026-03-01 5 a", "B 2026-03-01 2 a", "C 2026-03-01 3 a"], desk.Rows());
        Assert.Equal(["A 2026-03-01 1 a", "B 2026-03-01 2 a"], desk.Rows(loads[0]));
        Assert.Equal(["A 2026-03-01 5 a", "B 2026-03-01 2 a"], desk.Rows(loads[1]));
        Assert.Equal(desk.Rows(), desk.Rows(loads[2]));
    }
}
