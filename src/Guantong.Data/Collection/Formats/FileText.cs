using System.Security.Cryptography;
using System.Text;
using System.Xml;
using DocumentFormat.OpenXml.Packaging;
using Guantong.Packs;

namespace Guantong.Data;

/// <summary>Makes a file of any format into texts that a load reads.</summary>
internal static class FileText
{
    /// <summary>GB 18030-2022, which takes GBK and GB 2312 in.</summary>
    public static Encoding Gb18030 { get; } = CodePagesEncodingProvider.Instance.GetEncoding("GB18030", EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback)!;

    /// <summary>Reads a file, or each file of an archive.</summary>
    /// <param name="path">The file.</param>
    /// <param name="feed">What says its format, encoding and columns.</param>
    /// <param name="scratch">Where what is made from it may stand: a path that the made files' names begin with.</param>
    /// <exception cref="LoadRefusedException">The file as a whole cannot be loaded.</exception>
    public static IReadOnlyList<ProbedFile> Read(string path, Feed feed, string scratch, CancellationToken stop) => Read(path, Path.GetFileName(path), feed, scratch, stop);

    /// <param name="name">What the file is called in messages.</param>
    /// <inheritdoc cref="Read(string, Feed, string, CancellationToken)"/>
    public static IReadOnlyList<ProbedFile> Read(string path, string name, Feed feed, string scratch, CancellationToken stop)
    {
        try
        {
            return Packed.KindOf(path, name) is { } kind
                ? [.. Packed.Unpack(path, name, kind, scratch, stop).Select((f, i) => One(f.Path, f.Name, feed, $"{scratch}-{i}", stop))]
                : [One(path, name, feed, scratch, stop)];
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new LoadRefusedException(name, 0, "file-missing", path);
        }
        catch (XmlException e)
        {
            throw new LoadRefusedException(name, e.LineNumber, "excel-broken", e.Message);
        }
        catch (Exception e) when (e is InvalidDataException or FileFormatException or OpenXmlPackageException)
        {
            throw new LoadRefusedException(name, 0, "file-damaged");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new LoadRefusedException(name, 0, "file-unreadable", e.Message);
        }
    }

    private static ProbedFile One(string path, string name, Feed feed, string scratch, CancellationToken stop)
    {
        IReadOnlyList<string> wanted = [.. feed.Columns.SelectMany(c => c.Headers).Distinct()];
        var made = scratch + ".csv";
        var file = FormatOf(name, feed) switch
        {
            "excel" => ExcelRows.Read(path, name, feed, wanted, made, stop),
            "json" => JsonRows.Read(path, name, feed, wanted, made, stop),
            "parquet" => ParquetRows.Read(path, name, wanted, made),
            "fixed-width" => FixedWidthRows.Read(path, name, feed, wanted, made, stop),
            _ when feed.Encoding == "gb18030" => ProbedFile.Look(Transcoded(path, name, made, stop), name, wanted, stop),
            _ => ProbedFile.Look(path, name, wanted, stop),
        };
        return file with { Source = path == file.Path ? null : path };
    }

    // The name tells; where it does not, the feed does.
    private static string FormatOf(string name, Feed feed) => Path.GetExtension(name).ToLowerInvariant() switch
    {
        ".csv" => "csv",
        ".xlsx" or ".xlsm" => "excel",
        ".json" or ".ndjson" or ".jsonl" or ".geojson" => "json",
        ".parquet" => "parquet",
        _ => feed.From,
    };

    /// <summary>What tells a file's content from any other.</summary>
    public static string Digest(string path)
    {
        using var stream = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }

    private static string Transcoded(string path, string name, string made, CancellationToken stop)
    {
        using var from = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1, FileOptions.SequentialScan);
        using var to = new StreamWriter(made, false, new UTF8Encoding(false), 1 << 16);
        var decoder = Gb18030.GetDecoder();
        var (bytes, chars, lines) = (new byte[1 << 16], new char[1 << 17], 0L);
        while (true)
        {
            stop.ThrowIfCancellationRequested();
            var read = from.Read(bytes);
            try
            {
                to.Write(chars, 0, decoder.GetChars(bytes, 0, read, chars, 0, flush: read == 0));
            }
            catch (DecoderFallbackException e)
            {
                // No character of several bytes holds a line end.
                throw new LoadRefusedException(name, lines + bytes.AsSpan(0, Math.Clamp(e.Index, 0, read)).Count((byte)'\n') + 1, "file-not-gb18030");
            }
            if (read == 0)
                return made;
            lines += bytes.AsSpan(0, read).Count((byte)'\n');
        }
    }
}
