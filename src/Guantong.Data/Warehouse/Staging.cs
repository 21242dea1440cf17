using DuckDB.NET.Data;

namespace Guantong.Data;

/// <summary>A DuckDB that reads files, types and checks their rows, and seals what is to be sealed. The warehouse on DuckDB is one itself; before PostgreSQL stands one in memory.</summary>
internal sealed class Staging : IDisposable
{
    private readonly string? _path;
    private readonly DuckDBConnection _root;
    private readonly EachText _each = new();

    public Staging(string? path)
    {
        _path = path;
        _root = new DuckDBConnection(path is null ? "DataSource=:memory:" : $"DataSource={path}");
        _root.Open();
        // The engine would take four fifths of the machine; what does not fit goes to files beside the warehouse.
        _root.Run($"SET memory_limit = {Sql.Text(Environment.GetEnvironmentVariable("GUANTONG_WAREHOUSE_MEMORY") ?? $"{Math.Max(1024, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes >> 22)}MiB")}");
        _root.Run("SET autoinstall_known_extensions = false; SET autoload_known_extensions = false");
        _root.RegisterScalarFunction<long, string, string>(EachText.Function, _each.Run);
    }

    /// <summary>Makes a function over texts usable in SQL until it is disposed.</summary>
    public EachText.Lent Each(Func<string, string> work) => _each.Lend(work);

    /// <summary>A connection of its own; the caller disposes it.</summary>
    public DuckDBConnection Connect()
    {
        var connection = _path is null ? _root.Duplicate() : new DuckDBConnection($"DataSource={_path}");
        if (connection.State != System.Data.ConnectionState.Open)
            connection.Open();
        return connection;
    }

    public void Dispose() => _root.Dispose();
}
