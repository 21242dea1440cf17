using System.Security.Cryptography;
using System.Text.Json;
using System.Threading.Channels;
using DuckDB.NET.Data;
using Guantong.Packs;

namespace Guantong.Data;

/// <summary>The warehouse on DuckDB: one schema a pack, one table a dataset, and the bookkeeping of loads beside them.</summary>
/// <remarks>One instance for the process. Any number of readers; writers take turns, each in one transaction.</remarks>
public sealed class Warehouse : IDisposable
{
    private readonly DuckDBConnection _root;
    private readonly string? _path;
    private readonly Lock _writing = new();

    private Warehouse(string? path, TimeProvider time)
    {
        (_path, Time) = (path, time);
        _root = new DuckDBConnection(path is null ? "DataSource=:memory:" : $"DataSource={path}");
        _root.Open();
        ClearAway();
        // The engine would take four fifths of the machine; what does not fit goes to files beside the warehouse.
        _root.Run($"SET memory_limit = {Sql.Text(Environment.GetEnvironmentVariable("GUANTONG_WAREHOUSE_MEMORY") ?? $"{Math.Max(1024, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes >> 22)}MiB")}");
        _root.Run("SET autoinstall_known_extensions = false; SET autoload_known_extensions = false");
        _root.Run(Bookkeeping.Tables);
        _root.RegisterScalarFunction<long, string, string>(EachText.Function, _each.Run);
    }

    private readonly EachText _each = new();

    /// <summary>Makes a function over texts usable in SQL until it is disposed.</summary>
    internal EachText.Lent Each(Func<string, string> work) => _each.Lend(work);

    /// <summary>A folder for the files of one load, beside the warehouse; the caller deletes it, and the next opening does if the process is killed.</summary>
    internal DirectoryInfo NewScratch() => _path is null
        ? Directory.CreateTempSubdirectory("guantong-load-")
        : Directory.CreateDirectory(Path.Combine(Scratch, Guid.NewGuid().ToString("n")));

    private string Scratch => Path.Combine(Path.GetDirectoryName(Path.GetFullPath(_path!))!, "scratch");

    // What a killed process left, rows among it. The engine's lock on the file says that nobody uses it now.
    private void ClearAway()
    {
        foreach (var left in _path is null ? [] : (string[])[Scratch, _path + ".tmp"])
        {
            if (Directory.Exists(left))
                Directory.Delete(left, true);
        }
    }

    /// <summary>What time it is for the rows of the bookkeeping.</summary>
    internal TimeProvider Time { get; }

    /// <summary>Opens a warehouse file, made where it is not there.</summary>
    /// <param name="path">The DuckDB file; null for one in memory.</param>
    /// <param name="time">The clock that stamps loads.</param>
    /// <exception cref="DuckDBException">The file is no DuckDB file, or another process holds it.</exception>
    public static Warehouse Open(string? path, TimeProvider time) => new(path, time);

    /// <summary>Makes or changes a pack's tables, in one transaction.</summary>
    /// <param name="declared">The pack as it shall be.</param>
    /// <param name="losing">Whether tables, columns and types that it no longer declares go too.</param>
    public void Apply(Pack declared, bool losing) => Write(connection =>
    {
        TableChanges.Apply(connection, declared, losing);
        return 0;
    });

    /// <summary>Puts one row in, or in place of the row of the same key; texts are typed by the declared fields. It counts as a load of one row, once however often it is done.</summary>
    /// <param name="pack">The pack that declares the dataset.</param>
    /// <param name="dataset">The dataset.</param>
    /// <param name="row">Field → text.</param>
    /// <param name="source">What it comes from, e.g. <c>case:330000-2026-000001</c>; stands where a load's file does.</param>
    /// <param name="seals">Seals what its sealed fields get; null where it has none.</param>
    /// <exception cref="DuckDBException">A text is not of its field's type.</exception>
    public void PutRow(Pack pack, Dataset dataset, IReadOnlyDictionary<string, string?> row, string source, RowSeals? seals = null)
    {
        PutRowAndRemember(pack, dataset, Sealed(pack, dataset, row, seals), source, seals);
        Tell();
    }

    /// <summary>Says that rows have come whose following is left to whoever waits.</summary>
    internal void Tell() => _recorded.Writer.TryWrite(true);

    /// <summary>Gives an item when rows may have been put in since the last: whoever follows them up waits here.</summary>
    public ChannelReader<bool> Recorded => _recorded.Reader;

    private readonly Channel<bool> _recorded = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    private static IReadOnlyDictionary<string, string?> Sealed(Pack pack, Dataset dataset, IReadOnlyDictionary<string, string?> row, RowSeals? seals)
    {
        var homes = SealedTables.Needed(pack, dataset, seals);
        return homes.Count == 0 ? row : row.ToDictionary(v => v.Key, v => v.Value is { } text && homes.TryGetValue(v.Key, out var home) ? seals!.Pass(home, text) : v.Value);
    }

    private void PutRowAndRemember(Pack pack, Dataset dataset, IReadOnlyDictionary<string, string?> row, string source, RowSeals? seals) => Write(connection =>
    {
        if (seals is not null)
            SealedTables.KeepUp(this, connection, pack, seals);
        var digest = Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(dataset.Fields.Select(f => row[f.Id]))));
        if (connection.Count("SELECT count(*) FROM guantong.load WHERE pack = ? AND dataset = ? AND file = ? AND sha256 = ?", pack.Id, dataset.Id, source, digest) > 0)
            return 0;
        var table = Sql.Table(pack.Id, dataset.Table);
        string Cast(Field f) => $"CAST(? AS {TableChanges.TypeOf(f)})";
        var keys = dataset.Key.Select(k => dataset.Field(k.Name)!).ToList();
        var id = connection.Count("SELECT nextval('guantong.load_id')");
        var now = Time.GetUtcNow().UtcDateTime;
        Former.PutAside(connection, pack, dataset, string.Join(" AND ", keys.Select(k => $"{Sql.Name(k.Id)} = {Cast(k)}")), id, now, [.. keys.Select(k => (object?)row[k.Id])]);
        connection.Run($"INSERT INTO {table} ({string.Join(", ", dataset.Fields.Select(f => Sql.Name(f.Id)))}, {Former.Load}) VALUES ({string.Join(", ", dataset.Fields.Select(Cast))}, ?)",
            [.. dataset.Fields.Select(f => (object?)row[f.Id]), id]);
        connection.Run("INSERT INTO guantong.load (id, pack, dataset, file, sha256, shape, started, ended, rows_in, rows_added, rows_changed, rows_same, rows_rejected) VALUES (?, ?, ?, ?, ?, 'row', ?, ?, 1, 1, 0, 0, 0)", id, pack.Id, dataset.Id, source, digest, now, now);
        QualityRun.Measure(connection, pack, dataset, id, now);
        return 0;
    });

    /// <summary>How many rows a dataset has; 0 when its table is not there.</summary>
    public long RowCount(string pack, string dataset)
    {
        using var connection = Read();
        var table = dataset.Replace('-', '_');
        return Exists(connection, pack, table) ? connection.Count($"SELECT count(*) FROM {Sql.Table(pack, table)}") : 0;
    }

    /// <summary>Writes a whole and consistent copy to a file that is not there yet, with its log beside it where there is one; writers wait meanwhile.</summary>
    /// <exception cref="IOException">The copy could not be made.</exception>
    public Task CopyAsync(string file, CancellationToken cancel = default) => Task.Run(() =>
    {
        lock (_writing)
        {
            foreach (var end in (string[])["", ".wal"])
            {
                cancel.ThrowIfCancellationRequested();
                if (File.Exists(_path + end))
                    CopyFile(_path + end, file + end);
            }
        }
    }, cancel);

    // Where this process closes a second handle of a file it gives up its locks on it, the engine's with them (fcntl(2)): another process copies.
    private static void CopyFile(string from, string to)
    {
        if (OperatingSystem.IsWindows())
        {
            File.Copy(from, to);
            return;
        }
        using var copying = System.Diagnostics.Process.Start("cp", ["--", from, to]);
        copying.WaitForExit();
        if (copying.ExitCode != 0)
            throw new IOException($"cp of {from} ended with {copying.ExitCode}");
    }

    /// <inheritdoc/>
    public void Dispose() => _root.Dispose();

    /// <summary>A connection of its own for one reader; the caller disposes it.</summary>
    internal DuckDBConnection Read()
    {
        if (_path is null)
        {
            var twin = _root.Duplicate();
            if (twin.State != System.Data.ConnectionState.Open)
                twin.Open();
            return twin;
        }
        var connection = new DuckDBConnection($"DataSource={_path}");
        connection.Open();
        return connection;
    }

    /// <summary>Runs one writer's work in one transaction: all of it stands afterwards, or none.</summary>
    internal T Write<T>(Func<DuckDBConnection, T> work)
    {
        lock (_writing)
        {
            using var connection = Read();
            using var transaction = connection.BeginTransaction();
            var result = work(connection);
            transaction.Commit();
            return result;
        }
    }

    internal static bool Exists(DuckDBConnection connection, string pack, string table) =>
        connection.Count("SELECT count(*) FROM duckdb_tables() WHERE schema_name = ? AND table_name = ?", Sql.Schema(pack), table) > 0;
}
