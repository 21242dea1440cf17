using System.Data.Common;
using System.Security.Cryptography;
using System.Text.Json;
using System.Threading.Channels;
using Guantong.Packs;
using Guantong.Packs.Checking;

namespace Guantong.Data;

/// <summary>The warehouse, on DuckDB or PostgreSQL: one schema a pack, one table a dataset, and the bookkeeping of loads beside them.</summary>
/// <remarks>One instance for the process. Any number of readers; writers take turns, each in one transaction.</remarks>
public abstract class Warehouse(TimeProvider time) : IDisposable
{
    private readonly Lock _writing = new();

    /// <summary>What time it is for the rows of the bookkeeping.</summary>
    internal TimeProvider Time { get; } = time;

    /// <summary>Opens a warehouse, made where it is not there.</summary>
    /// <param name="setting">A DuckDB file, or <c>postgres://user:password@host:port/database</c>; null for a DuckDB in memory.</param>
    /// <param name="time">The clock that stamps loads.</param>
    /// <exception cref="DbException">The file is no DuckDB file, or another process holds it; or the server is not to be had.</exception>
    public static Warehouse Open(string? setting, TimeProvider time) => setting is not null && Trust.Store.IsPostgresSetting(setting) ? new PostgresWarehouse(new Uri(setting), time) : new DuckWarehouse(setting, time);

    /// <summary>What to call it to an operator; never a password.</summary>
    public abstract string Label { get; }

    /// <summary>The engine into which files are read to be typed and checked, whatever the rows then stand in.</summary>
    internal abstract Staging Staging { get; }

    /// <summary>A folder for the files of one load; the caller deletes it, and the next opening does if the process is killed.</summary>
    internal abstract DirectoryInfo NewScratch();

    /// <summary>A connection of its own for one reader; the caller disposes it.</summary>
    internal abstract DbConnection Read();

    /// <summary>Begins a writer's transaction; the caller has this process's turn.</summary>
    internal abstract DbTransaction Begin(DbConnection connection);

    /// <summary>Puts other texts in place of those in a column of some rows.</summary>
    /// <param name="table">The table, quoted and with its schema where it has one.</param>
    /// <param name="column">The column, quoted.</param>
    /// <returns>How many rows.</returns>
    internal abstract int Rewrite(DbConnection connection, string table, string column, string where, IReadOnlyList<object?> values, Func<string, string> work);

    /// <summary>Whether a table of a pack is there.</summary>
    internal static bool Exists(DbConnection connection, string pack, string table) =>
        connection.Count("SELECT count(*) FROM information_schema.tables WHERE table_schema = ? AND table_name = ?", Sql.Schema(pack), table) > 0;

    /// <summary>How many rows a dataset has; 0 when its table is not there.</summary>
    public long RowCount(string pack, string dataset)
    {
        using var connection = Read();
        return RowCount(connection, pack, dataset.Replace('-', '_'));
    }

    /// <summary>How many rows a table has, without counting them; 0 when it is not there.</summary>
    internal abstract long RowCount(DbConnection connection, string pack, string table);

    /// <summary>Keeps the number of a table's rows, where the engine does not.</summary>
    /// <param name="more">By how many it has grown.</param>
    internal abstract void Counted(DbConnection connection, string pack, string table, long more);

    /// <summary>Reads files by a SELECT each into the temporary table <c>stage</c>, whose <c>rowid</c> counts through them in order.</summary>
    /// <param name="selects">Statements for <see cref="Staging"/> (<see cref="CsvTyping"/>).</param>
    /// <param name="scratch">A folder for files on the way.</param>
    internal abstract void Stage(DbConnection connection, Dataset dataset, IReadOnlyList<string> selects, string scratch);

    /// <summary>Binds packs' SQL on the engine that is to run it, after <see cref="PortableSql"/> has.</summary>
    public abstract SqlFault? Bind(Pack pack, IReadOnlyList<SqlQuestion> questions);

    /// <summary>How a column of a type (<see cref="TableChanges.TypeOf"/>) is declared.</summary>
    internal abstract string Declare(string type);

    /// <summary>The type that the engine reports, by our name for it.</summary>
    internal abstract string TypeNamed(string reported);

    /// <summary>SQL for a value as another type, null where it does not fit.</summary>
    internal abstract string TryCast(string value, string type);

    /// <summary>Brings the parts and indexes of a dataset's table to what is declared.</summary>
    internal abstract void Place(DbConnection connection, Pack pack, Dataset dataset);

    /// <summary>Makes ready for rows on their way into a dataset's table.</summary>
    /// <param name="from">A table or query that has its fields.</param>
    internal abstract void MakeRoom(DbConnection connection, Pack pack, Dataset dataset, string from, params IReadOnlyList<object?> values);

    /// <summary>Makes or changes a pack's tables, in one transaction.</summary>
    /// <param name="declared">The pack as it shall be.</param>
    /// <param name="losing">Whether tables, columns and types that it no longer declares go too.</param>
    public void Apply(Pack declared, bool losing) => Write(connection =>
    {
        TableChanges.Apply(this, connection, declared, losing);
        return 0;
    });

    /// <summary>Puts one row in, or in place of the row of the same key; texts are typed by the declared fields. It counts as a load of one row.</summary>
    /// <param name="pack">The pack that declares the dataset.</param>
    /// <param name="dataset">The dataset.</param>
    /// <param name="row">Field → text.</param>
    /// <param name="source">What it comes from, e.g. <c>case:330000-2026-000001</c>; stands where a load's file does.</param>
    /// <param name="by">The act that puts it: what the same act puts again is there already. Another act puts it anew, also where the row has been so before.</param>
    /// <param name="seals">Seals what its sealed fields get; null where it has none.</param>
    /// <exception cref="DbException">A text is not of its field's type.</exception>
    public void PutRow(Pack pack, Dataset dataset, IReadOnlyDictionary<string, string?> row, string source, string by, RowSeals? seals = null)
    {
        PutRowAndRemember(pack, dataset, Sealed(pack, dataset, row, seals), source, by, seals);
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

    private void PutRowAndRemember(Pack pack, Dataset dataset, IReadOnlyDictionary<string, string?> row, string source, string by, RowSeals? seals) => Write(connection =>
    {
        if (seals is not null)
            SealedTables.KeepUp(this, connection, pack, seals);
        var digest = Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(dataset.Fields.Select(f => row[f.Id]).Append(by))));
        if (connection.Count("SELECT count(*) FROM guantong.load WHERE pack = ? AND dataset = ? AND file = ? AND sha256 = ?", pack.Id, dataset.Id, source, digest) > 0)
            return 0;
        var table = Sql.Table(pack.Id, dataset.Table);
        string Cast(Field f) => $"CAST(? AS {TableChanges.TypeOf(f)})";
        var keys = dataset.Key.Select(k => dataset.Field(k.Name)!).ToList();
        var id = connection.Count("SELECT nextval('guantong.load_id')");
        var now = Time.GetUtcNow().UtcDateTime;
        var former = Former.PutAside(connection, pack, dataset, string.Join(" AND ", keys.Select(k => $"{Sql.Name(k.Id)} = {Cast(k)}")), id, now, [.. keys.Select(k => (object?)row[k.Id])]);
        MakeRoom(connection, pack, dataset, $"(SELECT {string.Join(", ", dataset.Fields.Select(f => $"{Cast(f)} AS {Sql.Name(f.Id)}"))})", [.. dataset.Fields.Select(f => (object?)row[f.Id])]);
        connection.Run($"INSERT INTO {table} ({string.Join(", ", dataset.Fields.Select(f => Sql.Name(f.Id)))}, {Former.Load}) VALUES ({string.Join(", ", dataset.Fields.Select(Cast))}, ?)",
            [.. dataset.Fields.Select(f => (object?)row[f.Id]), id]);
        connection.Run("INSERT INTO guantong.load (id, pack, dataset, file, sha256, shape, started, ended, rows_in, rows_added, rows_changed, rows_same, rows_rejected) VALUES (?, ?, ?, ?, ?, 'row', ?, ?, 1, 1, 0, 0, 0)", id, pack.Id, dataset.Id, source, digest, now, now);
        Counted(connection, pack.Id, dataset.Table, 1 - former);
        QualityRun.Measure(connection, pack, dataset, id, now);
        return 0;
    });

    /// <summary>Writes a whole and consistent copy to a file that is not there yet; writers wait meanwhile.</summary>
    /// <exception cref="IOException">The copy could not be made.</exception>
    public Task CopyAsync(string file, CancellationToken cancel = default) => Task.Run(() =>
    {
        lock (_writing)
            Copy(file, cancel);
    }, cancel);

    /// <summary>Does so while nobody writes; nothing where the server's own tools do it.</summary>
    private protected virtual void Copy(string file, CancellationToken cancel)
    {
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Lets go of the engine.</summary>
    protected abstract void Dispose(bool disposing);

    /// <summary>Runs one writer's work in one transaction: all of it stands afterwards, or none.</summary>
    internal T Write<T>(Func<DbConnection, T> work)
    {
        lock (_writing)
        {
            using var connection = Read();
            return Write(connection, work);
        }
    }

    /// <summary>Does so on a connection that has read something into temporary tables before it was its turn.</summary>
    internal T Write<T>(DbConnection connection, Func<DbConnection, T> work)
    {
        lock (_writing)
        {
            using var transaction = Begin(connection);
            var result = work(connection);
            transaction.Commit();
            return result;
        }
    }
}
