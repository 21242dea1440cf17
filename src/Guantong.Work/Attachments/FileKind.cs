using System.Buffers.Binary;
using System.Globalization;
using System.IO.Compression;
using System.IO.Hashing;
using System.Text;

namespace Guantong.Work;

/// <summary>What a file is, told from its content and its name together, and what is wrong with it. Reads a stream that can be sought, never the whole into memory.</summary>
public static class FileKind
{
    /// <summary>The kinds that there are. Archives are none of them: nobody sees what is in them before they are opened.</summary>
    public static IReadOnlyList<string> All => Packs.Reading.FormReader.FileKinds;

    /// <summary>What a packed file may unpack to at most, in bytes.</summary>
    public const long LargestUnpacked = 200L << 20;

    /// <summary>How many parts a packed file may have at most.</summary>
    public const int MostParts = 2000;

    private const int LongestName = 120;

    // A part that is packed more tightly than this, and larger than a megabyte, is made to burst whoever opens it.
    private const int Tightest = 250;

    /// <summary>The media type that a kind is served as.</summary>
    public static string Media(string kind) => kind switch
    {
        "pdf" => "application/pdf",
        "jpg" => "image/jpeg",
        "png" => "image/png",
        "docx" => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "xlsx" => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        // GB/T 33190-2016; the type is not registered.
        "ofd" => "application/ofd",
        _ => "application/octet-stream",
    };

    /// <summary>Looks at a file.</summary>
    /// <returns>Its kind, or the code of what is wrong: file-empty, file-type (a kind that is not taken), file-mismatch (the content is not what the name says), file-unpacks (too much, or broken).</returns>
    public static (string? Kind, string? Fault) Of(string name, Stream content, IReadOnlyList<string> allowed)
    {
        if (content.Length == 0)
            return (null, "file-empty");
        var said = Extension(name);
        if (!allowed.Contains(said))
            return (null, "file-type");
        Span<byte> head = stackalloc byte[8];
        content.Position = 0;
        var read = content.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        return head[..read] switch
        {
            [0x25, 0x50, 0x44, 0x46, 0x2D, ..] => Told("pdf", said),
            [0xFF, 0xD8, 0xFF, ..] => Told("jpg", said),
            [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A] => Told("png", said),
            [0x50, 0x4B, 0x03, 0x04, ..] when said is "docx" or "xlsx" or "ofd" => Packed(content, said),
            _ => (null, "file-mismatch"),
        };
    }

    private static (string?, string?) Told(string kind, string said) => kind == said ? (kind, null) : (null, "file-mismatch");

    private static (string?, string?) Packed(Stream content, string said)
    {
        // Looked up before the directory is read: a reader takes memory for each part that a directory names.
        if (Parts(content) is not (> 0 and <= MostParts))
            return (null, "file-unpacks");
        try
        {
            content.Position = 0;
            using var zip = new ZipArchive(content, ZipArchiveMode.Read, leaveOpen: true);
            if (zip.GetEntry(said switch { "docx" => "word/document.xml", "xlsx" => "xl/workbook.xml", _ => "OFD.xml" }) is null
                || (said != "ofd" && zip.GetEntry("[Content_Types].xml") is null)
                // Programs do not come in by a document that says it has none.
                || zip.Entries.Any(e => e.Name.Equals("vbaProject.bin", StringComparison.OrdinalIgnoreCase)))
                return (null, "file-mismatch");
            return Unpacks(zip) ? (said, null) : (null, "file-unpacks");
        }
        catch (Exception e) when (e is InvalidDataException or IOException or NotSupportedException)
        {
            return (null, "file-unpacks");
        }
    }

    // What the directory says of sizes may be a lie: the parts are unpacked, and what comes out is counted and thrown away.
    private static bool Unpacks(ZipArchive zip)
    {
        var (buffer, whole) = (new byte[81920], 0L);
        foreach (var entry in zip.Entries)
        {
            using var part = entry.Open();
            var (size, sum) = (0L, new Crc32());
            for (int read; (read = part.Read(buffer)) > 0;)
            {
                (size, whole) = (size + read, whole + read);
                sum.Append(buffer.AsSpan(0, read));
                if (whole > LargestUnpacked || (size > 1 << 20 && size / Tightest > Math.Max(1, entry.CompressedLength)))
                    return false;
            }
            // A reader stops at the size that the directory says; whoever goes on would get something else.
            if (sum.GetCurrentHashAsUInt32() != entry.Crc32)
                return false;
        }
        return true;
    }

    // APPNOTE.TXT 4.3.16: the end of the central directory, at most 65,535 bytes of comment before the file's end; 0xFFFF stands for Zip64, which no such document needs.
    private static int? Parts(Stream content)
    {
        var tail = new byte[Math.Min(content.Length, 22 + ushort.MaxValue)];
        content.Position = content.Length - tail.Length;
        content.ReadExactly(tail);
        var at = tail.AsSpan().LastIndexOf("PK\u0005\u0006"u8);
        return at < 0 || at + 22 > tail.Length || BinaryPrimitives.ReadUInt16LittleEndian(tail.AsSpan(at + 10)) is not (< ushort.MaxValue and var count) ? null : count;
    }

    /// <summary>What a name says that a file is: its ending in lower case, jpeg as jpg.</summary>
    public static string Extension(string name) => name.LastIndexOf('.') is > -1 and var dot ? name[(dot + 1)..].Trim().ToLowerInvariant() is "jpeg" or "jpe" ? "jpg" : name[(dot + 1)..].Trim().ToLowerInvariant() : "";

    /// <summary>A name that is safe to keep, to show and to save under: no path, no controls, no turning of the reading direction, no markup, no more than 120 characters; “附件” where nothing is left.</summary>
    public static string Clean(string? name)
    {
        var last = (name ?? "").Split('/', '\\')[^1];
        var clean = new StringBuilder();
        foreach (var rune in last.EnumerateRunes().Where(r => r != Rune.ReplacementChar))
        {
            // Controls and formats (U+202E turns “gpj.exe” round), and what no file system or page takes as plain.
            if (Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.PrivateUse or UnicodeCategory.Surrogate or UnicodeCategory.OtherNotAssigned)
                continue;
            clean.Append(rune.Value is '<' or '>' or ':' or '"' or '|' or '?' or '*' or '&' or '\'' or '`' or '%' ? "_" : rune.ToString());
        }
        var text = clean.ToString().Normalize(NormalizationForm.FormC).Trim(' ', '.');
        var ending = text.LastIndexOf('.') is > -1 and var dot && text.Length - dot <= 6 ? text[dot..] : "";
        var stem = text[..^ending.Length].Trim(' ', '.');
        // Cut between whole characters.
        stem = stem.Length <= LongestName - ending.Length ? stem : stem[..(char.IsHighSurrogate(stem[LongestName - ending.Length - 1]) ? LongestName - ending.Length - 1 : LongestName - ending.Length)];
        return (stem.Length == 0 ? "附件" : stem) + ending;
    }
}
