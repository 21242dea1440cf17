using System.Security.Cryptography;
using System.Text;
using System.Text.Unicode;

namespace Guantong.Data;

/// <summary>What one look through a file tells before the engine reads it.</summary>
/// <param name="Header">The column headers, in order.</param>
/// <param name="Records">Good records after the header.</param>
/// <param name="Faulty">Records with a wrong number of columns or a stray quote: each will be rejected.</param>
/// <param name="IsRegular">True when the engine can read the bytes as they are: no faulty or blank record, one kind of line end.</param>
internal sealed record ProbedFile(string Path, string Name, long Size, string Sha256, IReadOnlyList<string> Header, long Records, long Faulty, bool IsRegular)
{
    /// <summary>Where it came from, when it stands somewhere else than <see cref="Path"/>.</summary>
    public string? Source { get; init; }

    /// <summary>Looks through a file once, in constant memory.</summary>
    /// <param name="path">The file.</param>
    /// <param name="name">What it is called in messages.</param>
    /// <param name="wanted">The headers that must be there.</param>
    /// <exception cref="LoadRefusedException">The file as a whole cannot be loaded.</exception>
    public static ProbedFile Look(string path, string name, IReadOnlyList<string> wanted, CancellationToken stop)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1, FileOptions.SequentialScan);
        return new Looking(path, name, wanted, stop).Through(stream);
    }

    /// <summary>Holds the columns of a source against those that a feed names.</summary>
    /// <exception cref="LoadRefusedException">One is missing, or stands there twice.</exception>
    public static void CheckHeader(string name, long line, IReadOnlyList<string> wanted, IReadOnlyList<string> header)
    {
        var missing = wanted.Where(w => !header.Contains(w)).ToList();
        if (missing.Count > 0)
            throw new LoadRefusedException(name, line, "header-missing", string.Join(", ", missing), CsvText.Cut(string.Join(", ", header)));
        if (wanted.FirstOrDefault(w => header.Count(h => h == w) > 1) is { } twice)
            throw new LoadRefusedException(name, line, "header-twice", twice);
    }

    private sealed class Looking(string path, string name, IReadOnlyList<string> wanted, CancellationToken stop)
    {
        private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        private readonly byte[] _tail = new byte[4];
        private int _tailLength;
        private long _size, _lineBreaks;

        public ProbedFile Through(FileStream stream)
        {
            using var hash = _hash;
            var scanner = new RecordScanner(stream, Take);
            if (!scanner.Next())
                throw Refuse(0, "file-empty");
            RefuseLong(scanner);
            var header = CsvText.Fields(CsvText.WithoutMark(scanner.Bytes));
            CheckHeader(name, 1, wanted, header);
            var ends = scanner.LineEnd;
            long good = 0, faulty = 0, blank = 0, mixed = 0, lastFaulty = 0;
            var lastWasCut = false;
            while (scanner.Next())
            {
                RefuseLong(scanner);
                if (scanner.IsUnterminated)
                    throw Refuse(scanner.Line, "file-truncated");
                if (scanner.IsBlank)
                {
                    blank++;
                    continue;
                }
                if (scanner.LineEnd != ends && scanner.LineEnd != 0)
                    mixed++;
                lastWasCut = scanner.Columns != header.Count;
                if (lastWasCut || scanner.HasStrayQuote)
                    (faulty, lastFaulty) = (faulty + 1, scanner.Line);
                else
                    good++;
            }
            if (_tailLength > 0)
                throw Refuse(_lineBreaks + 1, "file-not-utf8");
            if (lastWasCut)
                throw Refuse(lastFaulty, "file-truncated");
            if (good + faulty == 0)
                throw Refuse(1, "file-only-header");
            var regular = faulty == 0 && blank == 0 && mixed == 0 && ends != 3;
            return new ProbedFile(path, name, _size, Convert.ToHexStringLower(hash.GetHashAndReset()), header, good, faulty, regular);
        }

        private void Take(ReadOnlyMemory<byte> block)
        {
            stop.ThrowIfCancellationRequested();
            var bytes = block.Span;
            _hash.AppendData(bytes);
            _size += bytes.Length;
            if (bytes.IndexOf((byte)0) is >= 0 and var nul)
                throw Refuse(LineOf(bytes[..nul]), "file-binary");
            CheckUtf8(bytes);
            _lineBreaks += bytes.Count((byte)'\n');
        }

        // A character may be cut by the block's end: its first bytes wait for the next block.
        private void CheckUtf8(ReadOnlySpan<byte> bytes)
        {
            var at = 0;
            while (_tailLength > 0 && at < bytes.Length)
            {
                _tail[_tailLength++] = bytes[at++];
                var status = Rune.DecodeFromUtf8(_tail.AsSpan(0, _tailLength), out _, out _);
                if (status == System.Buffers.OperationStatus.InvalidData)
                    throw Refuse(_lineBreaks + 1, "file-not-utf8");
                if (status == System.Buffers.OperationStatus.Done)
                    _tailLength = 0;
            }
            var rest = bytes[at..];
            if (Utf8.IsValid(rest))
                return;
            while (rest.Length > 0)
            {
                var ascii = rest.IndexOfAnyExceptInRange((byte)0, (byte)0x7f);
                if (ascii < 0)
                    return;
                rest = rest[ascii..];
                var status = Rune.DecodeFromUtf8(rest, out _, out var used);
                if (status == System.Buffers.OperationStatus.InvalidData)
                    throw Refuse(LineOf(bytes[..^rest.Length]), "file-not-utf8");
                if (status == System.Buffers.OperationStatus.NeedMoreData)
                {
                    rest.CopyTo(_tail);
                    _tailLength = rest.Length;
                    return;
                }
                rest = rest[used..];
            }
        }

        private void RefuseLong(RecordScanner scanner)
        {
            if (scanner.IsTooLong)
                throw Refuse(scanner.Line, "line-too-long", $"{RecordScanner.LongestRecord >> 20} MB");
        }

        private long LineOf(ReadOnlySpan<byte> before) => _lineBreaks + before.Count((byte)'\n') + 1;

        private LoadRefusedException Refuse(long line, string code, params string[] args) => new(name, line, code, args);
    }
}
