using System.Data.Common;
using Guantong.Packs;
using Guantong.Packs.Checking;

namespace Guantong.Data;

/// <summary>The warehouse in a DuckDB file of this process's own, or in memory.</summary>
internal sealed class DuckWarehouse : Warehouse
{
    private readonly string? _path;

    public DuckWarehouse(string? path, TimeProvider time) : base(time)
    {
        _path = path;
        Staging = new Staging(path);
        ClearAway();
        using var connection = Staging.Connect();
        connection.Run(Bookkeeping.Tables);
    }

    public override string Label => "DuckDB";

    internal override Staging Staging { get; }

    internal override DirectoryInfo NewScratch() => _path is null
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

    internal override DbConnection Read() => Staging.Connect();

    internal override DbTransaction Begin(DbConnection connection) => connection.BeginTransaction();

    internal override int Rewrite(DbConnection connection, string table, string column, string where, IReadOnlyList<object?> values, Func<string, string> work)
    {
        using var lent = Staging.Each(work);
        return connection.Run($"UPDATE {table} SET {column} = {lent.Of(column)} WHERE {where}", values);
    }

    internal override long RowCount(DbConnection connection, string pack, string table) =>
        Exists(connection, pack, table) ? connection.Count($"SELECT count(*) FROM {Sql.Table(pack, table)}") : 0;

    internal override void Counted(DbConnection connection, string pack, string table, long more)
    {
    }

    internal override void Stage(DbConnection connection, Dataset dataset, IReadOnlyList<string> selects, string scratch)
    {
        connection.Run($"CREATE TEMP TABLE stage AS {selects[0]}");
        foreach (var select in selects.Skip(1))
            connection.Run($"INSERT INTO stage {select}");
    }

    // The subset was bound on this engine.
    public override SqlFault? Bind(Pack pack, IReadOnlyList<SqlQuestion> questions) => null;

    internal override string Declare(string type) => type;

    internal override string TypeNamed(string reported) => reported;

    internal override string TryCast(string value, string type) => $"TRY_CAST({value} AS {type})";

    // The engine keeps the least and greatest value of every block of every column.
    internal override void Place(DbConnection connection, Pack pack, Dataset dataset)
    {
    }

    internal override void MakeRoom(DbConnection connection, Pack pack, Dataset dataset, string from, params IReadOnlyList<object?> values)
    {
    }

    private protected override void Copy(string file, CancellationToken cancel)
    {
        foreach (var end in (string[])["", ".wal"])
        {
            cancel.ThrowIfCancellationRequested();
            if (File.Exists(_path + end))
                CopyFile(_path + end, file + end);
        }
    }

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

    protected override void Dispose(bool disposing) => Staging.Dispose();
}
