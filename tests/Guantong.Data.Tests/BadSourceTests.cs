using System.Text;
using Guantong.Data;

namespace Guantong.Tests;

/// <summary>Files that cannot be trusted are refused with their place and the mend, and the warehouse stays as it was.</summary>
public sealed class BadSourceTests
{
    private const string Fixed = "from: fixed-width\ncolumns: {gauge: 1-3, day: 4-13, level: 14-19, code: 20-20}";
    private const string GbFixed = "from: fixed-width\nencoding: gb18030\ncolumns: {gauge: 1-3, day: 4-13, level: 14-19, code: 20-21}";
    private const string Gb = "from: csv\nencoding: gb18030";
    private const string Listed = "from: json\nrecords: /items\ncolumns: {gauge: gauge, day: day, level: level, code: code}";
    private static readonly object?[] Header = ["gauge", "day", "level", "code"];
    private static readonly DateTime Day = new(2026, 3, 1);

    private static byte[] Csv(string text) => Formats.Utf8("gauge,day,level,code\n" + text);

    private static byte[] Sheet(params object?[][] rows) => Formats.Excel([Header, .. rows]);

    private static byte[] WithParts(params (string Name, string Text)[] parts) => Formats.Zip([.. parts.Select(p => (p.Name, Formats.Utf8(p.Text)))]);

    public static TheoryData<string, string, string, string, int> Bad()
    {
        var data = new TheoryData<string, string, string, string, int>();
        foreach (var (name, (feed, file, _, code, line)) in Cases)
            data.Add(name, feed, file, code, line);
        return data;
    }

    private static readonly Dictionary<string, (string Feed, string File, Func<byte[]> Bytes, string Code, int Line)> Cases = new()
    {
        // CSV
        ["csv empty"] = ("from: csv", "x.csv", () => [], "file-empty", 0),
        ["csv only a mark"] = ("from: csv", "x.csv", () => Formats.Utf8("\uFEFF"), "header-missing", 1),
        ["csv only header"] = ("from: csv", "x.csv", () => Csv(""), "file-only-header", 1),
        ["csv blank lines only"] = ("from: csv", "x.csv", () => Csv("\n\n\n"), "file-only-header", 1),
        ["csv column renamed"] = ("from: csv", "x.csv", () => Formats.Utf8("gauge,day,height,code\nA,2026-03-01,1,a\n"), "header-missing", 1),
        ["csv column twice"] = ("from: csv", "x.csv", () => Formats.Utf8("gauge,day,level,code,level\nA,2026-03-01,1,a,2\n"), "header-twice", 1),
        ["csv by semicolons"] = ("from: csv", "x.csv", () => Formats.Utf8("gauge;day;level;code\nA;2026-03-01;1;a\n"), "header-missing", 1),
        ["csv by tabs"] = ("from: csv", "x.csv", () => Formats.Utf8("gauge\tday\tlevel\tcode\nA\t2026-03-01\t1\ta\n"), "header-missing", 1),
        ["csv ends in quotes"] = ("from: csv", "x.csv", () => Csv("A,2026-03-01,1,a\nB,2026-03-01,1,\"a"), "file-truncated", 3),
        ["csv cut in a row"] = ("from: csv", "x.csv", () => Csv("A,2026-03-01,1,a\nB,2026-03"), "file-truncated", 3),
        ["csv with a zero byte"] = ("from: csv", "x.csv", () => Csv("A,2026-03-01,1,\0\n"), "file-binary", 2),
        ["csv in UTF-16"] = ("from: csv", "x.csv", () => [0xff, 0xfe, .. Encoding.Unicode.GetBytes("gauge,day,level,code\nA,2026-03-01,1,a\n")], "file-binary", 1),
        ["csv in UTF-16 big end first"] = ("from: csv", "x.csv", () => Encoding.BigEndianUnicode.GetBytes("gauge,day\n"), "file-binary", 1),
        ["csv in UTF-32"] = ("from: csv", "x.csv", () => Encoding.UTF32.GetBytes("gauge,day\n"), "file-binary", 1),
        ["csv in GBK"] = ("from: csv", "x.csv", () => Formats.Gb18030.GetBytes("gauge,day,level,code\nA,2026-03-01,1,甲\n"), "file-not-utf8", 2),
        ["csv in Latin-1"] = ("from: csv", "x.csv", () => Encoding.Latin1.GetBytes("gauge,day,level,code\nA,2026-03-01,1,é\n"), "file-not-utf8", 2),
        ["csv overlong UTF-8"] = ("from: csv", "x.csv", () => [.. Csv("A,2026-03-01,1,"), 0xc0, 0xaf, (byte)'\n'], "file-not-utf8", 2),
        ["csv surrogate in UTF-8"] = ("from: csv", "x.csv", () => [.. Csv("A,2026-03-01,1,"), 0xed, 0xa0, 0x80, (byte)'\n'], "file-not-utf8", 2),
        ["csv UTF-8 cut in a character"] = ("from: csv", "x.csv", () => [.. Csv("A,2026-03-01,1,"), 0xe7, 0x94], "file-not-utf8", 2),
        ["csv of one endless line"] = ("from: csv", "x.csv", () => Csv(new string('x', 3 << 20)), "line-too-long", 2),
        ["csv with an endless field"] = ("from: csv", "x.csv", () => Csv("A,2026-03-01,1,\"" + new string('x', 3 << 20) + "\"\n"), "line-too-long", 2),
        ["gb csv in UTF-8"] = (Gb, "x.csv", () => Formats.Utf8("gauge,day,level,code\nA,2026-03-01,1,水\n"), "file-not-gb18030", 2),
        ["gb csv cut in a character"] = (Gb, "x.csv", () => [.. Formats.Gb18030.GetBytes("gauge,day,level,code\nA,2026-03-01,1,"), 0xbc], "file-not-gb18030", 2),
        ["gb csv column missing"] = (Gb, "x.csv", () => Formats.Gb18030.GetBytes("测站,日期\nA,2026-03-01\n"), "header-missing", 1),
        ["a picture called csv"] = ("from: csv", "x.csv", () => [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13], "file-binary", 3),
        ["a web page called csv"] = ("from: csv", "x.csv", () => Formats.Utf8("<!DOCTYPE html>\n<html><body>504 Gateway Time-out</body></html>\n"), "header-missing", 1),
        ["a workbook called csv"] = ("from: csv", "x.csv", () => Sheet(["A", Day, 1, "a"]), "file-binary", 1),
        // Archives
        ["zip that is none"] = ("from: csv", "x.zip", () => Csv("A,2026-03-01,1,a\n"), "file-damaged", 0),
        ["zip cut"] = ("from: csv", "x.zip", () => Formats.Cut(Formats.Zip(("a.csv", Csv("A,2026-03-01,1,a\n"))), 60), "file-damaged", 0),
        ["zip empty"] = ("from: csv", "x.zip", () => Formats.Zip(), "archive-empty", 0),
        ["zip of hidden files"] = ("from: csv", "x.zip", () => WithParts((".DS_Store", "x"), ("__MACOSX/a.csv", "x")), "archive-empty", 0),
        ["zip bomb"] = ("from: csv", "x.zip", () => Formats.Zip(("a.csv", new byte[80 << 20])), "archive-bomb", 0),
        ["zip bomb in parts"] = ("from: csv", "x.zip", () => Formats.Zip([.. Enumerable.Range(0, 9).Select(i => ($"{i}.csv", new byte[9 << 20]))]), "archive-bomb", 0),
        ["zip of too many"] = ("from: csv", "x.zip", () => Formats.Zip([.. Enumerable.Range(0, 1001).Select(i => ($"{i}.csv", Array.Empty<byte>()))]), "archive-many", 0),
        ["zip in a zip"] = ("from: csv", "x.zip", () => Formats.Zip(("a.zip", Formats.Zip(("b.csv", Csv("A,2026-03-01,1,a\n"))))), "file-binary", 1),
        ["zip with a bad file in it"] = ("from: csv", "x.zip", () => Formats.Zip(("a.csv", Csv("A,2026-03-01,1,a\n")), ("b.csv", Formats.Utf8("x\n1\n"))), "header-missing", 1),
        ["gz bomb"] = ("from: csv", "x.csv.gz", () => Formats.Gzip(new byte[80 << 20]), "archive-bomb", 0),
        ["gz cut"] = ("from: csv", "x.csv.gz", () => Formats.Cut(Formats.Gzip(Csv(string.Concat(Enumerable.Range(0, 500).Select(i => $"G{i * 7919 % 1000},2026-03-01,{i % 90},a\n")))), 900), "file-damaged", 0),
        ["gz with a wrong sum"] = ("from: csv", "x.csv.gz", () => Wrong(Formats.Gzip(Csv("A,2026-03-01,1,a\n"))), "file-damaged", 0),
        // Excel
        ["excel empty file"] = ("from: excel", "x.xlsx", () => [], "file-empty", 0),
        ["excel that is csv"] = ("from: excel", "x.xlsx", () => Csv("A,2026-03-01,1,a\n"), "excel-none", 0),
        ["excel of before 2007"] = ("from: excel", "x.xlsx", () => [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1, .. new byte[600]], "excel-old-or-locked", 0),
        ["excel cut"] = ("from: excel", "x.xlsx", () => Formats.Cut(Sheet(["A", Day, 1, "a"]), 700), "file-damaged", 0),
        ["excel that is another zip"] = ("from: excel", "x.xlsx", () => WithParts(("a.txt", "x")), "excel-none", 0),
        ["excel without the sheet"] = ("from: excel\nsheet: 水位", "x.xlsx", () => Sheet(["A", Day, 1, "a"]), "excel-no-sheet", 0),
        ["excel empty sheet"] = ("from: excel", "x.xlsx", () => Formats.Excel([]), "file-empty", 0),
        ["excel only header"] = ("from: excel", "x.xlsx", () => Sheet(), "file-only-header", 1),
        ["excel column missing"] = ("from: excel", "x.xlsx", () => Formats.Excel([["gauge", "day", "height", "code"], ["A", Day, 1, "a"]]), "header-missing", 1),
        ["excel column twice"] = ("from: excel", "x.xlsx", () => Formats.Excel([["gauge", "day", "level", "code", "code"], ["A", Day, 1, "a", "b"]]), "header-twice", 1),
        ["excel merged cells"] = ("from: excel", "x.xlsx", () => Formats.Excel([Header, ["A", Day, 1, "a"], [null, Day, 2, "b"]], after: "<mergeCells count=\"1\"><mergeCell ref=\"A2:A3\"/></mergeCells>"), "excel-merged", 2),
        ["excel formula without result"] = ("from: excel", "x.xlsx", () => Sheet(["A", Day, "<c ><f>1+1</f></c>", "a"]), "excel-formula", 2),
        ["excel division by zero"] = ("from: excel", "x.xlsx", () => Sheet(["A", Day, "<c t=\"e\"><f>1/0</f><v>#DIV/0!</v></c>", "a"]), "excel-error", 2),
        ["excel lost reference"] = ("from: excel", "x.xlsx", () => Sheet(["A", Day, 1, "<c t=\"e\"><v>#REF!</v></c>"]), "excel-error", 2),
        ["excel digits lost"] = ("from: excel", "x.xlsx", () => Sheet(["<c ><v>330106199001010000</v></c>", Day, 1, "a"]), "excel-digits", 2),
        ["excel number that is none"] = ("from: excel", "x.xlsx", () => Sheet(["A", Day, "<c ><v>one</v></c>", "a"]), "excel-broken-cell", 2),
        ["excel shared text that is not there"] = ("from: excel", "x.xlsx", () => Sheet(["<c t=\"s\"><v>99</v></c>", Day, 1, "a"]), "excel-broken-cell", 2),
        ["excel XML that ends early"] = ("from: excel", "x.xlsx", () => Formats.Workbook("<worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><sheetData><row r=\"1\"><c r=\"A1\""), "excel-broken", 1),
        ["excel with an external entity"] = ("from: excel", "x.xlsx", () => Formats.Workbook("<!DOCTYPE w [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><sheetData><row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is><t>&x;</t></is></c></row></sheetData></worksheet>"), "excel-broken", 0),
        ["excel with a billion laughs"] = ("from: excel", "x.xlsx", () => Formats.Workbook("<!DOCTYPE w [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;\">]><worksheet>&b;</worksheet>"), "excel-broken", 0),
        ["excel bomb"] = ("from: excel", "x.xlsx", () => Formats.Workbook("<worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><sheetData>" + new string(' ', 80 << 20) + "</sheetData></worksheet>"), "archive-bomb", 0),
        ["excel with an endless cell"] = ("from: excel", "x.xlsx", () => Sheet(["A", Day, 1, new string('x', 400_000)]), "line-too-long", 2),
        // JSON
        ["json empty"] = ("from: json", "x.json", () => [], "json-empty", 0),
        ["json no records"] = ("from: json", "x.json", () => Formats.Utf8("[]"), "json-empty", 0),
        ["json cut"] = ("from: json", "x.json", () => Formats.Utf8("[\n{\"gauge\":\"A\",\"day\":\"2026-03-01\","), "json-broken", 2),
        ["json with a comma too many"] = ("from: json", "x.json", () => Formats.Utf8("[{\"gauge\":\"A\",}]"), "json-broken", 1),
        ["json with NaN"] = ("from: json", "x.json", () => Formats.Utf8("[{\"gauge\":\"A\",\"level\":NaN}]"), "json-broken", 1),
        ["json of numbers"] = ("from: json", "x.json", () => Formats.Utf8("[1,2]"), "json-no-record", 1),
        ["json of lists"] = ("from: json", "x.json", () => Formats.Utf8("[{\"gauge\":\"A\",\"day\":\"2026-03-01\",\"level\":1,\"code\":\"a\"},[\"B\"]]"), "json-no-record", 2),
        ["json member renamed"] = ("from: json", "x.json", () => Formats.Utf8("[{\"gauge\":\"A\",\"day\":\"2026-03-01\",\"height\":1,\"code\":\"a\"}]"), "json-member-missing", 1),
        ["json too deep"] = ("from: json", "x.json", () => Formats.Utf8("[" + string.Concat(Enumerable.Repeat("{\"a\":", 200)) + "1" + new string('}', 200) + "]"), "json-broken", 1),
        ["json in GBK"] = ("from: json", "x.json", () => Formats.Gb18030.GetBytes("[{\"gauge\":\"甲\",\"day\":\"2026-03-01\",\"level\":1,\"code\":\"a\"}]"), "file-not-utf8", 1),
        ["json with a zero in a text"] = ("from: json", "x.json", () => Formats.Utf8("[{\"gauge\":\"A\\u0000\",\"day\":\"2026-03-01\",\"level\":1,\"code\":\"a\"}]"), "file-binary", 1),
        ["json pointer to nothing"] = (Listed, "x.json", () => Formats.Utf8("{\"rows\":[]}"), "json-no-list", 0),
        ["json pointer to no list"] = (Listed, "x.json", () => Formats.Utf8("{\"items\":{}}"), "json-no-list", 0),
        ["ndjson with a broken line"] = ("from: json", "x.ndjson", () => Formats.Utf8("{\"gauge\":\"A\",\"day\":\"2026-03-01\",\"level\":1,\"code\":\"a\"}\n{\"gauge\":\n}\n"), "json-broken", 3),
        ["json that is a web page"] = ("from: json", "x.json", () => Formats.Utf8("<html></html>"), "json-broken", 1),
        // Parquet
        ["parquet that is csv"] = ("from: parquet", "x.parquet", () => Csv("A,2026-03-01,1,a\n"), "file-unreadable", 0),
        ["parquet cut"] = ("from: parquet", "x.parquet", () => Formats.Cut(Formats.Parquet("SELECT 'A' AS gauge"), 40), "file-unreadable", 0),
        ["parquet empty file"] = ("from: parquet", "x.parquet", () => [], "file-unreadable", 0),
        ["parquet column missing"] = ("from: parquet", "x.parquet", () => Formats.Parquet("SELECT 'A' AS gauge, 1 AS height"), "header-missing", 0),
        ["parquet without rows"] = ("from: parquet", "x.parquet", () => Formats.Parquet("SELECT 'A' AS gauge, '' AS day, 1 AS level, '' AS code LIMIT 0"), "file-only-header", 0),
        // Fixed width
        ["fixed width empty"] = (Fixed, "x.txt", () => [], "file-empty", 0),
        ["fixed width blank"] = (Fixed, "x.txt", () => Formats.Utf8("\n\r\n"), "file-empty", 0),
        ["fixed width in GBK"] = (Fixed, "x.txt", () => Formats.Gb18030.GetBytes("A  2026-03-01     1a\n甲 2026-03-01     1a\n"), "file-not-utf8", 2),
        ["fixed width of one endless line"] = (Fixed, "x.txt", () => new byte[3 << 20], "line-too-long", 1),
        ["fixed width with a zero byte"] = (Fixed, "x.txt", () => Formats.Utf8("A\0 2026-03-01     1a\n"), "file-binary", 1),
        ["gb fixed width cut through a character"] = (GbFixed, "x.txt", () => Formats.Gb18030.GetBytes("AB甲2026-03-01     1a\n"), "file-not-gb18030", 1),
    };

    private static byte[] Wrong(byte[] bytes)
    {
        bytes[^6] ^= 0xff;
        return bytes;
    }

    [Theory, MemberData(nameof(Bad))]
    public void It_is_refused_with_its_place_and_the_mend(string name, string feed, string file, string code, int line)
    {
        using var desk = new GaugeDesk(feed);
        using (var good = new GaugeDesk())
            Assert.Equal(1, good.Load("good.csv", Csv("G,2026-01-01,1,a\n")).RowsAdded);
        var refused = Assert.Throws<LoadRefusedException>(() => desk.Load(file, Cases[name].Bytes()));
        Assert.Equal((code, (long)line), (refused.Code, refused.Line));
        Assert.StartsWith("x.", refused.File, StringComparison.Ordinal);
        Assert.All((string[])["zh-CN", "en"], lang => Assert.DoesNotContain("refused.", refused.Say(lang), StringComparison.Ordinal));
        Assert.All((string[])["zh-CN", "en"], lang => Assert.DoesNotContain("{", refused.Say(lang), StringComparison.Ordinal));
        Assert.Empty(desk.Rows());
        Assert.Empty(LoadBook.All(desk.Warehouse));
    }

    [Fact]
    public void There_are_enough_of_them() => Assert.True(Cases.Count >= 80, $"{Cases.Count}");
}
