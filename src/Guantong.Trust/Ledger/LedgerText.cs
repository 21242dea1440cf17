using System.Buffers.Text;
using System.Text;

namespace Guantong.Trust;

/// <summary>An entry's text as it is hashed: each field after its length, so that no two different entries give the same bytes; what is absent is a dash (docs/ledger.md).</summary>
/// <remarks>One thread, one text at a time: it lies in the thread's own buffer, behind the zero byte that makes it a leaf.</remarks>
internal ref struct LedgerText
{
    [ThreadStatic]
    private static byte[]? _buffer;

    private byte[] _bytes = _buffer ??= new byte[1024];
    private int _at = 1;

    public LedgerText(long seq)
    {
        _bytes[0] = 0;
        Span<byte> number = stackalloc byte[20];
        Utf8Formatter.TryFormat(seq, number, out var digits);
        Add(number[..digits]);
    }

    /// <summary>The leaf of the tree: a zero byte and the text.</summary>
    public readonly ReadOnlySpan<byte> Leaf => _bytes.AsSpan(0, _at);

    /// <summary>Adds a field.</summary>
    public void Add(scoped ReadOnlySpan<byte> utf8)
    {
        Length(utf8.Length);
        utf8.CopyTo(_bytes.AsSpan(_at));
        _at += utf8.Length;
    }

    /// <summary>Adds a field, or that it is absent.</summary>
    public void Add(string? text)
    {
        if (text is null)
        {
            AddAbsent();
            return;
        }
        var length = Encoding.UTF8.GetByteCount(text);
        Length(length);
        _at += Encoding.UTF8.GetBytes(text, _bytes.AsSpan(_at));
    }

    /// <summary>Says that a field is absent.</summary>
    public void AddAbsent()
    {
        Room(1);
        _bytes[_at++] = (byte)'-';
    }

    private void Length(int length)
    {
        Room(length + 12);
        Utf8Formatter.TryFormat(length, _bytes.AsSpan(_at), out var digits);
        _bytes[_at + digits] = (byte)':';
        _at += digits + 1;
    }

    private void Room(int more)
    {
        if (_bytes.Length - _at >= more)
            return;
        Array.Resize(ref _buffer, Math.Max(2 * _bytes.Length, _at + more));
        _bytes = _buffer;
    }
}
