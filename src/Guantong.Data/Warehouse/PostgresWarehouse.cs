using System.Data.Common;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Guantong.Packs;
using Guantong.Packs.Checking;
using Guantong.Trust;
using Npgsql;

namespace Guantong.Data;

/// <summary>The warehouse in a PostgreSQL, shared by all nodes. Files are read, typed and checked in a DuckDB in memory and copied over.</summary>
internal sealed class PostgresWarehouse : Warehouse
{
    /// <summary>Where functions and operators are looked for: where DuckDB's differ, what gives its results comes first (<c>postgres.sql</c>).</summary>
    public const string Path = "guantong_sql, pg_catalog";

    // One writer at a time over all nodes.
    private const string Turn = "SELECT pg_advisory_xact_lock(7164218809354)";

    private readonly NpgsqlDataSource _source;

    public PostgresWarehouse(Uri address, TimeProvider time) : base(time)
    {
        var builder = Store.Reach(address);
        (builder.SearchPath, builder.Timezone, builder.CommandTimeout) = (Path, "UTC", 0);
        _source = NpgsqlDataSource.Create(builder);
        Label = $"postgres://{builder.Host}:{builder.Port}/{builder.Database}";
        Staging = new Staging(null);
        Write(connection =>
        {
            SetUp(connection);
            return 0;
        });
    }

    public override string Label { get; }

    internal override Staging Staging { get; }

    private static void SetUp(DbConnection connection)
    {
        using var stream = typeof(PostgresWarehouse).Assembly.GetManifestResourceStream("warehouse-on-postgres")!;
        using var reader = new StreamReader(stream);
        var dialect = reader.ReadToEnd();
        var version = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(dialect)));
        if (connection.Scalar("SELECT obj_description(oid, 'pg_namespace') FROM pg_namespace WHERE nspname = 'guantong_sql'") as string != version)
        {
            connection.Run(dialect);
            connection.Run($"COMMENT ON SCHEMA guantong_sql IS {Sql.Text(version)}");
        }
        connection.Run(Bookkeeping.Tables);
        connection.Run(Bookkeeping.PostgresTables);
    }

    internal override DirectoryInfo NewScratch() => Directory.CreateTempSubdirectory("guantong-load-");

    internal override DbConnection Read() => _source.OpenConnection();

    internal override DbTransaction Begin(DbConnection connection)
    {
        var transaction = connection.BeginTransaction();
        connection.Run(Turn);
        return transaction;
    }

    internal override void Stage(DbConnection connection, Dataset dataset, IReadOnlyList<string> selects, string scratch)
    {
        var fields = dataset.Fields.Select(f => (Name: Sql.Name(f.Id), Type: TableChanges.TypeOf(f))).ToList();
        connection.Run($"CREATE TEMP TABLE stage (rowid BIGINT GENERATED ALWAYS AS IDENTITY (START 0 MINVALUE 0), {string.Join(", ", fields.Select(f => $"{f.Name} {Declare(f.Type)}"))}, {CsvTyping.Gone} BOOLEAN, {CsvTyping.Fault} VARCHAR)");
        var file = System.IO.Path.Combine(scratch, $"staged-{Guid.NewGuid():n}.csv");
        foreach (var select in selects)
        {
            using var engine = Staging.Connect();
            // What is at fault is never written, and may be beyond what a column takes.
            var kept = fields.Select(f => $"CASE WHEN {CsvTyping.Fault} IS NULL THEN {f.Name} END");
            engine.Run($"COPY (SELECT {string.Join(", ", kept)}, {CsvTyping.Gone}, {CsvTyping.Fault} FROM ({select})) TO {Sql.Text(file)} (FORMAT csv, HEADER false, NULLSTR '\\N')");
            using (var writer = ((NpgsqlConnection)connection).BeginTextImport($"COPY stage ({string.Join(", ", fields.Select(f => f.Name))}, {CsvTyping.Gone}, {CsvTyping.Fault}) FROM STDIN (FORMAT csv, NULL '\\N')"))
            {
                using var reader = new StreamReader(file, Encoding.UTF8);
                var block = new char[1 << 16];
                for (int read; (read = reader.ReadBlock(block)) > 0;)
                    writer.Write(block, 0, read);
            }
            File.Delete(file);
        }
        connection.Run("ANALYZE stage");
    }

    internal override int Rewrite(DbConnection connection, string table, string column, string where, IReadOnlyList<object?> values, Func<string, string> work)
    {
        var standing = connection.Rows($"SELECT DISTINCT {column} FROM {table} WHERE {column} IS NOT NULL AND ({where})", r => r.GetString(0), values);
        if (standing.Count == 0)
            return 0;
        connection.Run("CREATE TEMP TABLE rewritten (guantong_was VARCHAR COLLATE \"C\", guantong_is VARCHAR COLLATE \"C\")");
        connection.Append("pg_temp", "rewritten", standing.AsParallel().Select(s => (object?[])[s, work(s)]).AsSequential());
        var rows = connection.Run($"UPDATE {table} SET {column} = guantong_is FROM rewritten WHERE {column} = guantong_was AND ({where})", values);
        connection.Run("DROP TABLE rewritten");
        return rows;
    }

    internal override long RowCount(DbConnection connection, string pack, string table) =>
        connection.Count("SELECT row_count FROM guantong.row_count WHERE schema_name = ? AND table_name = ?", Sql.Schema(pack), table);

    internal override void Counted(DbConnection connection, string pack, string table, long more)
    {
        if (more != 0)
            connection.Run("INSERT INTO guantong.row_count AS c VALUES (?, ?, ?) ON CONFLICT (schema_name, table_name) DO UPDATE SET row_count = c.row_count + excluded.row_count", Sql.Schema(pack), table, more);
    }

    public override SqlFault? Bind(Pack pack, IReadOnlyList<SqlQuestion> questions)
    {
        var tables = string.Join(", ", pack.Datasets.DistinctBy(d => d.Table).Select(d => $"{Sql.Name(d.Table)} AS (SELECT {string.Join(", ", d.Fields.DistinctBy(f => f.Id).Select(f => $"CAST(NULL AS {TableChanges.TypeOf(f)}) AS {Sql.Name(f.Id)}"))})"));
        try
        {
            using var connection = Read();
            foreach (var question in questions)
                connection.Run($"EXPLAIN WITH {tables} SELECT * FROM ({question.Select}) AS q");
            return null;
        }
        catch (PostgresException e)
        {
            return new SqlFault("sql-unbound", e.MessageText);
        }
    }

    // Texts are compared by their code points, as DuckDB does, whatever the language of the database.
    internal override string Declare(string type) => type switch
    {
        "DOUBLE" => "DOUBLE PRECISION",
        "VARCHAR" => "VARCHAR COLLATE \"C\"",
        _ => type,
    };

    internal override string TypeNamed(string reported) => reported switch
    {
        "double precision" => "DOUBLE",
        "character varying" => "VARCHAR",
        "timestamp without time zone" => "TIMESTAMP",
        _ => reported.ToUpperInvariant(),
    };

    internal override string TryCast(string value, string type) => $"CAST(guantong_sql.try_cast({value}, '{type}') AS {type})";

    internal override void MakeRoom(DbConnection connection, Pack pack, Dataset dataset, string from, params IReadOnlyList<object?> values) => Placement.MakeRoom(connection, pack, dataset, from, values);

    internal override void Place(DbConnection connection, Pack pack, Dataset dataset)
    {
        Placement.Bring(connection, pack, dataset);
        var table = Sql.Table(pack.Id, dataset.Table);
        var wanted = Indexed(dataset).Select(i => string.Join(", ", i.Select(Sql.Name))).Distinct()
            .ToDictionary(c => $"{dataset.Table[..Math.Min(40, dataset.Table.Length)]}~{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(dataset.Table + c)))[..12]}");
        var standing = connection.Rows("SELECT indexname FROM pg_indexes WHERE schemaname = ? AND tablename = ?", r => r.GetString(0), Sql.Schema(pack.Id), dataset.Table);
        foreach (var gone in standing.Except(wanted.Keys))
            connection.Run($"DROP INDEX {Sql.Table(pack.Id, gone)}");
        foreach (var (name, columns) in wanted.Where(w => !standing.Contains(w.Key)))
            connection.Run($"CREATE INDEX {Sql.Name(name)} ON {table} ({columns})");
    }

    // By what rows are compared at a load, joined, and held to a region.
    private static IEnumerable<IReadOnlyList<string>> Indexed(Dataset dataset)
    {
        yield return [.. dataset.Key.Select(k => k.Name)];
        foreach (var field in dataset.Fields.Where(f => f.Refers is not null || dataset.Region?.Name == f.Id))
        {
            if (dataset.Key[0].Name != field.Id)
                yield return [field.Id];
        }
    }

    protected override void Dispose(bool disposing)
    {
        Staging.Dispose();
        _source.Dispose();
    }
}
