namespace Guantong.Data;

/// <summary>Walks the records of a CSV file (RFC 4180, comma, double quotes) in one pass and constant memory.</summary>
/// <param name="stream">The file.</param>
/// <param name="seen">Called with each block of bytes as it comes in, before any record of it is handed out.</param>
internal sealed class RecordScanner(Stream stream, Action<ReadOnlyMemory<byte>>? seen = null)
{
    /// <summary>The longest record that is read: a longer one is no table.</summary>
    public const int LongestRecord = 1 << 20;

    private readonly byte[] _buffer = new byte[2 * LongestRecord];
    private int _start, _scan, _end;
    private long _nextLine = 1;
    private bool _eof;

    /// <summary>Line on which the record starts, from 1; exact also when earlier records hold line breaks.</summary>
    public long Line { get; private set; }

    /// <summary>The record without its line end; valid until the next call.</summary>
    public ReadOnlySpan<byte> Bytes => _buffer.AsSpan(_from, _length);

    /// <summary>How many columns it has.</summary>
    public int Columns { get; private set; }

    /// <summary>A quote stands inside an unquoted value, or text follows a closing quote.</summary>
    public bool HasStrayQuote { get; private set; }

    /// <summary>The file ends inside quotes.</summary>
    public bool IsUnterminated { get; private set; }

    /// <summary>The record is longer than <see cref="LongestRecord"/>; nothing can be read after it.</summary>
    public bool IsTooLong { get; private set; }

    /// <summary>Nothing stands on the line.</summary>
    public bool IsBlank => _length == 0;

    /// <summary>How the record ends: "\n", "\r\n", "\r" or "" at the end of the file, as 1, 2, 3, 0.</summary>
    public int LineEnd { get; private set; }

    private int _from, _length;

    private enum In { FieldStart, Plain, Quotes, AfterQuote }

    /// <summary>Goes to the next record; false at the end of the file.</summary>
    public bool Next()
    {
        if (IsTooLong || (_start == _end && !Fill()))
            return false;
        (Line, Columns, HasStrayQuote, IsUnterminated) = (_nextLine, 1, false, false);
        _scan = _start;
        var state = In.FieldStart;
        while (true)
        {
            if (Scan(ref state))
                return true;
            if (_end - _start > LongestRecord)
            {
                IsTooLong = true;
                return Hand(_end - _start, 0, 0);
            }
            if (Fill())
                continue;
            IsUnterminated = state == In.Quotes;
            return Hand(_end - _start, 0, 0);
        }
    }

    // Runs from _scan to the record's end or the buffer's; true when the record was handed out.
    private bool Scan(ref In state)
    {
        var (at, inside) = (_scan, state);
        for (; at < _end; at++)
        {
            var b = _buffer[at];
            if (b > (byte)',')
            {
                if (inside == In.FieldStart)
                    inside = In.Plain;
                else if (inside == In.AfterQuote)
                    (HasStrayQuote, inside) = (true, In.Plain);
                continue;
            }
            if (inside == In.Quotes)
            {
                if (b == (byte)'"')
                    inside = In.AfterQuote;
                else if (b == (byte)'\n' || (b == (byte)'\r' && at + 1 < _end && _buffer[at + 1] != (byte)'\n'))
                    _nextLine++;
                continue;
            }
            switch (b)
            {
                case (byte)',':
                    (Columns, inside) = (Columns + 1, In.FieldStart);
                    break;
                case (byte)'"':
                    HasStrayQuote |= inside == In.Plain;
                    inside = inside == In.Plain ? In.Plain : In.Quotes;
                    break;
                case (byte)'\n':
                    return Hand(at - _start, 1, 1);
                case (byte)'\r':
                    // The byte after decides; at the edge of the buffer it has to be fetched first.
                    if (at + 1 == _end && !_eof)
                    {
                        (_scan, state) = (at, inside);
                        return false;
                    }
                    return at + 1 < _end && _buffer[at + 1] == (byte)'\n' ? Hand(at - _start, 2, 2) : Hand(at - _start, 1, 3);
                default:
                    if (inside == In.AfterQuote)
                        HasStrayQuote = true;
                    inside = In.Plain;
                    break;
            }
        }
        (_scan, state) = (at, inside);
        return false;
    }

    private bool Hand(int length, int lineEndLength, int lineEnd)
    {
        (_from, _length, LineEnd) = (_start, length, lineEnd);
        _start += length + lineEndLength;
        _nextLine++;
        return true;
    }

    private bool Fill()
    {
        if (_eof)
            return false;
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_scan, _end, _start) = (_scan - _start, _end - _start, 0);
        }
        var read = stream.Read(_buffer, _end, Math.Min(_buffer.Length - _end, LongestRecord / 4));
        if (read == 0)
        {
            _eof = true;
            return false;
        }
        seen?.Invoke(_buffer.AsMemory(_end, read));
        _end += read;
        return true;
    }
}
