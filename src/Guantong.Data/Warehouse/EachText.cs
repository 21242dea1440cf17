using System.Collections.Concurrent;
using System.Globalization;
using DuckDB.NET.Data.DataChunk.Reader;
using DuckDB.NET.Data.DataChunk.Writer;

namespace Guantong.Data;

/// <summary>Functions of this process over texts that SQL calls, each by a number of its own while it is lent. The engine calls them on all its threads.</summary>
internal sealed class EachText
{
    /// <summary>What SQL calls it. No pack's SQL may: it is not in the portable subset.</summary>
    public const string Function = "guantong_each";

    private readonly ConcurrentDictionary<long, Func<string, string>> _lent = new();
    private long _last;

    public Lent Lend(Func<string, string> work)
    {
        var number = Interlocked.Increment(ref _last);
        _lent[number] = work;
        return new Lent(this, number);
    }

    public void Run(IReadOnlyList<IDuckDBDataReader> given, IDuckDBDataWriter result, ulong rows)
    {
        for (var row = 0UL; row < rows; row++)
        {
            if (given[1].IsValid(row))
                result.WriteValue(_lent[given[0].GetValue<long>(row)](given[1].GetValue<string>(row)), row);
            else
                result.WriteNull(row);
        }
    }

    /// <summary>A function that is lent.</summary>
    internal sealed class Lent(EachText from, long number) : IDisposable
    {
        /// <summary>SQL that applies it to a text; null stays null.</summary>
        public string Of(string text) => $"{Function}({number.ToString(CultureInfo.InvariantCulture)}, {text})";

        public void Dispose() => from._lent.TryRemove(number, out _);
    }
}
