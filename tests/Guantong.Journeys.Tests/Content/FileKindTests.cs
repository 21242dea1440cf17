using System.Text;
using Guantong.Work;

namespace Guantong.Tests;

/// <summary>What a file is, is told from its content and its name; names are made safe.</summary>
public sealed class FileKindTests
{
    private static string Of(string name, byte[] content)
    {
        var (kind, fault) = FileKind.Of(name, new MemoryStream(content), FileKind.All);
        return kind ?? fault!;
    }

    public static TheoryData<string, byte[], string> Files => new()
    {
        { "a.pdf", Sheets.Pdf(), "pdf" },
        { "照片.JPEG", Sheets.Jpg(), "jpg" },
        { "a.png", Sheets.Png(), "png" },
        { "a.docx", Sheets.Docx(), "docx" },
        { "a.xlsx", Sheets.Packed(("[Content_Types].xml", [1]), ("xl/workbook.xml", [1])), "xlsx" },
        { "a.ofd", Sheets.Packed(("OFD.xml", [1])), "ofd" },
        { "a.pdf", [], "file-empty" },
        { "a.exe", [0x4D, 0x5A, 0, 0], "file-type" },
        { "a.zip", Sheets.Docx(), "file-type" },
        { "a", Sheets.Pdf(), "file-type" },
        { "a.pdf", [0x4D, 0x5A, 0, 0, 0, 0, 0, 0, 0], "file-mismatch" },
        { "a.pdf", Encoding.UTF8.GetBytes("<html><script>alert(1)</script>"), "file-mismatch" },
        { "a.png", Sheets.Pdf(), "file-mismatch" },
        { "a.xlsx", Sheets.Docx(), "file-mismatch" },
        { "a.docx", Sheets.Docx(("word/vbaProject.bin", [1])), "file-mismatch" },
        { "a.docx", "PK\u0003\u0004"u8.ToArray(), "file-unpacks" },
        { "a.docx", Sheets.Docx()[..^30], "file-unpacks" },
        { "a.docx", Sheets.Docx(("word/media/bomb.xml", new byte[40 << 20])), "file-unpacks" },
        { "a.docx", Sheets.Docx([.. Enumerable.Range(0, FileKind.MostParts).Select(i => ($"p{i}", new byte[1]))]), "file-unpacks" },
    };

    [Theory, MemberData(nameof(Files), DisableDiscoveryEnumeration = true)]
    public void A_kind_is_what_content_and_name_agree_on(string name, byte[] content, string told) => Assert.Equal(told, Of(name, content));

    [Fact]
    public void A_part_that_lies_of_its_size_is_counted_as_it_comes_out()
    {
        var packed = Sheets.Docx(("word/media/bomb.xml", new byte[3 << 20]));
        // Sizes in the directory are made small; what is unpacked is what counts.
        var at = packed.AsSpan().LastIndexOf("PK\u0001\u0002"u8);
        BitConverter.TryWriteBytes(packed.AsSpan(at + 24), 10);
        Assert.Equal("file-unpacks", Of("a.docx", packed));
    }

    [Theory]
    [InlineData("../../etc/passwd.pdf", "passwd.pdf")]
    [InlineData(@"C:\Users\me\证据 1.jpg", "证据 1.jpg")]
    [InlineData("<script>alert(1)</script>.pdf", "script_.pdf")]
    [InlineData("a\u202Egpj.pdf", "agpj.pdf")]
    [InlineData("a\r\nSet-Cookie: x=1.pdf", "aSet-Cookie_ x=1.pdf")]
    [InlineData("  ..pdf", "pdf")]
    [InlineData("\0", "附件")]
    [InlineData(null, "附件")]
    [InlineData("..", "附件")]
    public void A_name_is_safe_to_keep_and_to_save_under(string? name, string clean) => Assert.Equal(clean, FileKind.Clean(name));

    [Fact]
    public void Whatever_a_name_is_what_is_kept_is_short_and_plain_and_cleaning_it_again_changes_nothing()
    {
        foreach (var name in Hostile.Texts.Concat([new string('长', 500) + ".pdf", string.Concat(Enumerable.Repeat("😀", 200)) + ".png"]))
        {
            var clean = FileKind.Clean(name);
            Assert.InRange(clean.Length, 1, 120);
            Assert.DoesNotContain(clean, c => char.IsControl(c) || "<>/\\:\"|?*&'".Contains(c, StringComparison.Ordinal));
            Assert.Equal(clean, FileKind.Clean(clean));
        }
    }
}
