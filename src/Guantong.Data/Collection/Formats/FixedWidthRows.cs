using System.Globalization;
using System.Text;
using Guantong.Packs;

namespace Guantong.Data;

/// <summary>Reads lines whose columns stand at fixed places: counted in characters where the file is UTF-8, in bytes where it is GB 18030, as the machines that write those do.</summary>
internal static class FixedWidthRows
{
    public static ProbedFile Read(string path, string name, Feed feed, IReadOnlyList<string> wanted, string made, CancellationToken stop)
    {
        var places = wanted.Select(w => w.Split('-')).Select(p => (From: int.Parse(p[0], CultureInfo.InvariantCulture) - 1, To: int.Parse(p[1], CultureInfo.InvariantCulture))).ToList();
        var inBytes = feed.Encoding == "gb18030";
        var utf8 = new UTF8Encoding(false, true);
        using var text = new StagedText(made, name, wanted);
        var number = 0L;
        foreach (var line in Lines(path, name))
        {
            stop.ThrowIfCancellationRequested();
            number++;
            if (line.Length == 0)
                continue;
            try
            {
                if (inBytes)
                    text.Add([.. places.Select(p => Trimmed(FileText.Gb18030.GetString(Cut<byte>(line, p.From, p.To))))], number);
                else if (utf8.GetString(number == 1 ? CsvText.WithoutMark(line) : line) is var whole)
                    text.Add([.. places.Select(p => Trimmed(new string(Cut<char>(whole, p.From, p.To))))], number);
            }
            catch (DecoderFallbackException)
            {
                throw new LoadRefusedException(name, number, inBytes ? "file-not-gb18030" : "file-not-utf8");
            }
        }
        if (text.Count == 0)
            throw new LoadRefusedException(name, 0, "file-empty");
        return text.End(FileText.Digest(path));
    }

    private static string? Trimmed(string value) => value.Trim() is { Length: > 0 } text ? text : null;

    private static ReadOnlySpan<T> Cut<T>(ReadOnlySpan<T> line, int from, int to) => line[Math.Min(from, line.Length)..Math.Max(Math.Min(from, line.Length), Math.Min(to, line.Length))];

    private static IEnumerable<byte[]> Lines(string path, string name)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1, FileOptions.SequentialScan);
        var (buffer, end, line) = (new byte[RecordScanner.LongestRecord], 0, 0L);
        while (true)
        {
            var read = stream.Read(buffer, end, buffer.Length - end);
            end += read;
            var start = 0;
            while (buffer.AsSpan(start, end - start).IndexOf((byte)'\n') is >= 0 and var length)
            {
                line++;
                yield return buffer[start..(start + length)].AsSpan().TrimEnd((byte)'\r').ToArray();
                start += length + 1;
            }
            if (read == 0)
            {
                if (end > start)
                    yield return buffer[start..end];
                yield break;
            }
            if (start == 0 && end == buffer.Length)
                throw new LoadRefusedException(name, line + 1, "line-too-long", $"{RecordScanner.LongestRecord >> 20} MB");
            buffer.AsSpan(start, end - start).CopyTo(buffer);
            end -= start;
        }
    }
}
