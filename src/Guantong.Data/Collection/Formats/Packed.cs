using System.Buffers.Binary;
using System.IO.Compression;

namespace Guantong.Data;

/// <summary>Unpacks archives within bounds: what grows beyond reason when it is unpacked is refused before it fills a disk.</summary>
internal static class Packed
{
    /// <summary>How many files an archive may hold.</summary>
    public const int MostFiles = 1000;

    // Tables shrink to a tenth or a thirtieth; deflate's best, on one byte repeated, is about a thousandth.
    private const int MostTimes = 200;
    private const long Harmless = 64L << 20;

    /// <summary>zip or gz where a file is such an archive, else null.</summary>
    public static string? KindOf(string path, string name)
    {
        Span<byte> head = stackalloc byte[4];
        using var stream = File.OpenRead(path);
        var read = stream.ReadAtLeast(head, 4, throwOnEndOfStream: false);
        var extension = Path.GetExtension(name).ToLowerInvariant();
        // A file that says zip and is none is told so by what opens it.
        return extension == ".zip" ? "zip"
            : extension == ".gz" || (read >= 2 && head is [0x1f, 0x8b, ..]) ? "gz" : null;
    }

    /// <summary>The files of an archive, unpacked. Their names are for messages alone: none decides where anything is written.</summary>
    /// <exception cref="LoadRefusedException">It is locked, empty, damaged or grows beyond reason.</exception>
    public static IReadOnlyList<(string Path, string Name)> Unpack(string path, string name, string kind, string scratch, CancellationToken stop)
    {
        var size = new FileInfo(path).Length;
        if (kind == "gz")
        {
            using var stream = new GZipStream(File.OpenRead(path), CompressionMode.Decompress);
            var (whole, length) = Write(stream, name, size, scratch + "-0.part", 0, stop);
            // RFC 1952 §2.3.1: it ends with its length. One that was cut would else be taken for whole.
            if (Ending(path) != (uint)length)
                throw new LoadRefusedException(name, 0, "file-damaged");
            return [(whole, Path.GetExtension(name).Equals(".gz", StringComparison.OrdinalIgnoreCase) ? Path.GetFileNameWithoutExtension(name) : name)];
        }
        using var archive = ZipFile.OpenRead(path);
        var entries = Entries(archive, name);
        var (files, total) = (new List<(string, string)>(), 0L);
        foreach (var entry in entries)
        {
            using var stream = entry.Open();
            var (written, length) = Write(stream, $"{name}/{entry.Name}", size, $"{scratch}-{files.Count}.part", total, stop);
            total += length;
            files.Add((written, $"{name}/{entry.Name}"));
        }
        return files;
    }

    /// <summary>Reads through every part of an archive that a library will open, so that none grows beyond reason there.</summary>
    /// <exception cref="LoadRefusedException">One does.</exception>
    public static void Check(string path, string name, CancellationToken stop)
    {
        using var archive = ZipFile.OpenRead(path);
        if (archive.Entries.Count > MostFiles)
            throw new LoadRefusedException(name, 0, "archive-many", $"{MostFiles}");
        var (size, total) = (new FileInfo(path).Length, 0L);
        foreach (var entry in archive.Entries)
        {
            using var stream = entry.Open();
            total += Copy(stream, Stream.Null, name, size, total, stop);
        }
    }

    private static uint Ending(string path)
    {
        Span<byte> last = stackalloc byte[4];
        using var stream = File.OpenRead(path);
        stream.Seek(-4, SeekOrigin.End);
        stream.ReadExactly(last);
        return BinaryPrimitives.ReadUInt32LittleEndian(last);
    }

    private static List<ZipArchiveEntry> Entries(ZipArchive archive, string name)
    {
        var entries = archive.Entries.Where(e => e.Name.Length > 0 && e.Name[0] != '.' && !e.FullName.StartsWith("__MACOSX/", StringComparison.Ordinal)).ToList();
        if (entries.Count == 0)
            throw new LoadRefusedException(name, 0, "archive-empty");
        if (entries.Count > MostFiles)
            throw new LoadRefusedException(name, 0, "archive-many", $"{MostFiles}");
        if (entries.FirstOrDefault(e => e.IsEncrypted) is { } locked)
            throw new LoadRefusedException($"{name}/{locked.Name}", 0, "archive-locked");
        return entries;
    }

    private static (string Path, long Length) Write(Stream from, string name, long packed, string to, long before, CancellationToken stop)
    {
        using var file = new FileStream(to, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 16);
        return (to, Copy(from, file, name, packed, before, stop));
    }

    // What an archive declares of its sizes may lie: what comes out is counted.
    private static long Copy(Stream from, Stream to, string name, long packed, long before, CancellationToken stop)
    {
        var (buffer, length) = (new byte[1 << 16], 0L);
        while (from.Read(buffer) is > 0 and var read)
        {
            stop.ThrowIfCancellationRequested();
            length += read;
            if (before + length > Harmless && before + length > packed * MostTimes)
                throw new LoadRefusedException(name, 0, "archive-bomb", $"{MostTimes}");
            to.Write(buffer, 0, read);
        }
        return length;
    }
}
