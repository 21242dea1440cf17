using System.Text;

namespace Guantong.Data;

/// <summary>Many texts by number in little memory: the first in it, the rest in a file.</summary>
internal sealed class SharedTexts(string path) : IDisposable
{
    private const long InMemory = 8L << 20;

    private readonly List<string> _kept = [];
    private readonly List<long> _ends = [];
    private FileStream? _file;
    private long _length, _written;

    public int Count => _kept.Count + _ends.Count;

    public void Add(string text)
    {
        if (_file is null && (_length += text.Length) < InMemory)
        {
            _kept.Add(text);
            return;
        }
        _file ??= new FileStream(path, FileMode.Create, FileAccess.ReadWrite, FileShare.None, 1 << 16, FileOptions.DeleteOnClose);
        var bytes = Encoding.UTF8.GetBytes(text);
        _file.Write(bytes);
        _ends.Add(_written += bytes.Length);
    }

    public string this[int number]
    {
        get
        {
            if (number < _kept.Count)
                return _kept[number];
            number -= _kept.Count;
            var from = number == 0 ? 0 : _ends[number - 1];
            var bytes = new byte[_ends[number] - from];
            if (_flushed != _written)
            {
                _file!.Flush();
                _flushed = _written;
            }
            RandomAccess.Read(_file!.SafeFileHandle, bytes, from);
            return Encoding.UTF8.GetString(bytes);
        }
    }

    private long _flushed;

    public void Dispose() => _file?.Dispose();
}
