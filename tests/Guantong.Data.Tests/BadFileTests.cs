using System.Text;
using Guantong.Data;

namespace Guantong.Tests;

/// <summary>Files that cannot be loaded as a whole are refused with file, line and mend, and change nothing.</summary>
public sealed class BadFileTests
{
    private const string Good = "code,name,region\nA,甲,330102\n";

    [Theory]
    [InlineData("station,year\n1,2\n", "header-missing", 1)]
    [InlineData("code,name,region,code\nA,甲,330102,B\n", "header-twice", 1)]
    [InlineData("", "file-empty", 0)]
    [InlineData("code,name,region\n", "file-only-header", 1)]
    [InlineData("code,name,region\nA,甲,330102\nB,\"乙,330103", "file-truncated", 3)]
    [InlineData("code,name,region\nA,甲,330102\nB,乙", "file-truncated", 3)]
    [InlineData("code,name,region\nA,\0,330102\n", "file-binary", 2)]
    public void A_bad_file_is_refused_at_its_line_and_the_warehouse_stays_as_it_was(string text, string code, int line)
    {
        using var desk = new StationDesk();
        desk.Load(Good);
        Refused(desk, () => desk.Load(text), code, line);
    }

    [Fact]
    public void Another_encoding_is_refused_and_named()
    {
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
        using var desk = new StationDesk();
        desk.Load(Good);
        Refused(desk, () => desk.Load(Encoding.GetEncoding("GB18030").GetBytes("code,name,region\nB,乙,330103\n")), "file-not-utf8", 2);
        Refused(desk, () => desk.Load(Encoding.Unicode.GetBytes(Good)), "file-binary", 1);
        Refused(desk, () => desk.Load([0x50, 0x4b, 3, 4, .. new byte[60]]), "file-binary", 1);
    }

    [Fact]
    public void A_line_of_five_gigabytes_is_refused_without_being_read_to_its_end()
    {
        using var desk = new StationDesk();
        desk.Load(Good);
        var path = desk.Write(Encoding.UTF8.GetBytes("code,name,region\nB," + new string('x', 4 << 20)));
        using (var stream = File.OpenWrite(path))
            stream.SetLength(5L << 30);
        Refused(desk, () => desk.LoadFile(path), "line-too-long", 2);
    }

    [Fact]
    public void A_missing_file_and_a_folder_are_refused()
    {
        using var desk = new StationDesk();
        desk.Load(Good);
        Refused(desk, () => desk.LoadFile("/nowhere/at/all.csv"), "file-missing", 0);
        Refused(desk, () => desk.LoadFile(Path.GetTempPath()), "file-unreadable", 0);
    }

    [Fact]
    public void Rejected_rows_name_their_line_also_behind_a_line_break_in_quotes()
    {
        using var desk = new StationDesk();
        var summary = desk.Load("code,name,region\nA,\"甲\n一\",330102\nB,,330103\nC,丙,330104\nC,丁,330104\nD,戊\n\"E\"x,己,330105\nF,庚,330106\n");
        Assert.Equal((3L, 4L), (summary.RowsAdded, summary.RowsRejected));
        Assert.Equal([(4L, "required"), (6L, "duplicate"), (7L, "columns"), (8L, "quote")], summary.Rejects.Select(r => (r.Line, r.Rule)));
        Assert.All(summary.Rejects, r => Assert.All((string[])["zh-CN", "en"], lang => Assert.DoesNotContain("{", r.Message(lang), StringComparison.Ordinal)));
    }

    private static void Refused(StationDesk desk, Action load, string code, int line)
    {
        var before = desk.Rows;
        var refused = Assert.Throws<LoadRefusedException>(load);
        Assert.Equal((code, line), (refused.Code, (int)refused.Line));
        Assert.All((string[])["zh-CN", "en"], lang => Assert.DoesNotContain("refused.", refused.Say(lang), StringComparison.Ordinal));
        Assert.Equal(before, desk.Rows);
    }
}
