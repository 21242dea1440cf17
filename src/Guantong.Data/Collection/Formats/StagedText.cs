using System.Globalization;
using System.Text;

namespace Guantong.Data;

/// <summary>Writes rows from any source as the CSV that a load reads, each with the place where it stands in its source.</summary>
/// <remarks>One way in for all: what is not CSV becomes it, so that every row is typed, checked, sealed and counted by the same statements.</remarks>
internal sealed class StagedText : IDisposable
{
    /// <summary>The header of a row's place: a line, a row of a sheet, the number of a record. No source can have a column called so.</summary>
    public const string Place = "\u0001place";

    /// <summary>The header that marks rows to be removed.</summary>
    public const string Gone = "\u0001gone";

    private readonly string _path, _name;
    private readonly List<string> _header;
    private readonly bool _removes;
    private readonly StreamWriter _writer;

    /// <param name="path">The file to make.</param>
    /// <param name="name">What the source is called.</param>
    /// <param name="header">The source's columns.</param>
    /// <param name="removes">Whether rows may be marked as gone.</param>
    public StagedText(string path, string name, IReadOnlyList<string> header, bool removes = false)
    {
        (_path, _name, _removes) = (path, name, removes);
        _header = [.. header, .. removes ? [Gone] : Array.Empty<string>(), Place];
        _writer = new StreamWriter(path, false, new UTF8Encoding(false), 1 << 16) { NewLine = "\n" };
        Write(_header);
    }

    /// <summary>How many rows were written.</summary>
    public long Count { get; private set; }

    /// <summary>Writes a row.</summary>
    /// <param name="values">In the order of the header; null and empty mean no value.</param>
    /// <exception cref="LoadRefusedException">It holds more than a table does, or what is no text.</exception>
    public void Add(IReadOnlyList<string?> values, long place, bool isGone = false)
    {
        if (values.Sum(v => (long)(v?.Length ?? 0)) > RecordScanner.LongestRecord / 4)
            throw new LoadRefusedException(_name, place, "line-too-long", $"{RecordScanner.LongestRecord >> 20} MB");
        foreach (var value in values)
        {
            if (value?.Contains('\0', StringComparison.Ordinal) == true)
                throw new LoadRefusedException(_name, place, "file-binary");
            Write(value);
        }
        if (_removes)
            Write(isGone ? "1" : null);
        _writer.WriteLine(place.ToString(CultureInfo.InvariantCulture));
        Count++;
    }

    /// <summary>Ends the file.</summary>
    /// <param name="digest">What tells this content from other: loaded once, it is not loaded again.</param>
    public ProbedFile End(string digest)
    {
        _writer.Dispose();
        return new ProbedFile(_path, _name, new FileInfo(_path).Length, digest, _header, Count, 0, true);
    }

    /// <inheritdoc/>
    public void Dispose() => _writer.Dispose();

    private void Write(List<string> header)
    {
        for (var i = 0; i < header.Count - 1; i++)
            Write(header[i]);
        _writer.WriteLine(header[^1]);
    }

    private void Write(string? value)
    {
        if (value is not null)
        {
            if (value.AsSpan().IndexOfAny("\",\r\n") >= 0)
                _writer.Write($"\"{value.Replace("\"", "\"\"", StringComparison.Ordinal)}\"");
            else
                _writer.Write(value);
        }
        _writer.Write(',');
    }
}
