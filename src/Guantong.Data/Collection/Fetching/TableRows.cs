using System.Data;
using System.Data.Common;
using System.Security.Cryptography;
using System.Text;
using Guantong.Packs;
using Guantong.Trust;
using MySqlConnector;
using Npgsql;

namespace Guantong.Data;

/// <summary>Fetches rows from a table of PostgreSQL or MySQL: all of them, or those from where the last fetch ended.</summary>
internal static class TableRows
{
    public static async Task<(ProbedFile? File, string? Position)> FetchAsync(OpenConnection from, Feed feed, Dataset dataset, string? position, string made, Patience patience)
    {
        IReadOnlyList<string> wanted = [.. feed.Columns.SelectMany(c => c.Headers).Distinct()];
        var name = $"{from.Connection.Id}:{feed.Table}";
        await using var connection = Connect(from);
        try
        {
            await connection.OpenAsync(patience.Token);
            ProbedFile.CheckHeader(name, 0, wanted, await ColumnsAsync(connection, feed.Table!.Name, patience.Token));
            return await ReadAsync(connection, feed, dataset, wanted, position, made, name, patience);
        }
        catch (OperationCanceledException) when (patience.RanOut)
        {
            throw new LoadRefusedException(name, 0, "source-hangs", $"{Patience.Longest.TotalSeconds:0}");
        }
        catch (DbException e)
        {
            throw Told(name, e);
        }
    }

    /// <summary>What went wrong with a database, without what it was told to do.</summary>
    public static LoadRefusedException Told(string name, DbException e) => e switch
    {
        PostgresException { SqlState: "28P01" or "28000" } or MySqlException { ErrorCode: MySqlErrorCode.AccessDenied } => new LoadRefusedException(name, 0, "source-login"),
        PostgresException { SqlState: "42P01" } or MySqlException { ErrorCode: MySqlErrorCode.NoSuchTable } => new LoadRefusedException(name, 0, "source-no-table"),
        PostgresException { SqlState: "42501" } or MySqlException { ErrorCode: MySqlErrorCode.TableAccessDenied } => new LoadRefusedException(name, 0, "source-forbids"),
        PostgresException p => new LoadRefusedException(name, 0, "source-broke", $"{p.SqlState} {p.MessageText}"),
        _ => new LoadRefusedException(name, 0, "source-broke", e.Message.Split('\n')[0]),
    };

    /// <summary>A connection's setting for Npgsql.</summary>
    public static NpgsqlConnectionStringBuilder Postgres(OpenConnection from)
    {
        var (uri, (mode, certificate)) = (from.Connection.Uri, Store.WayTo(from.Connection.Uri));
        return new NpgsqlConnectionStringBuilder
        {
            Host = uri.Host, Port = uri.Port > 0 ? uri.Port : 5432, Database = Uri.UnescapeDataString(uri.AbsolutePath.Trim('/')), Username = from.Connection.Login, Password = from.Secret,
            SslMode = Enum.Parse<SslMode>(mode.Replace("-", "", StringComparison.Ordinal), ignoreCase: true), RootCertificate = certificate, Timeout = 15, CommandTimeout = 0, Pooling = false, ApplicationName = "guantong",
        };
    }

    private static DbConnection Connect(OpenConnection from)
    {
        if (from.Connection.Kind == "postgres")
            return new NpgsqlConnection(Postgres(from).ConnectionString);
        var uri = from.Connection.Uri;
        return new MySqlConnection(new MySqlConnectionStringBuilder
        {
            Server = uri.Host, Port = uri.Port > 0 ? (uint)uri.Port : 3306, Database = Uri.UnescapeDataString(uri.AbsolutePath.Trim('/')), UserID = from.Connection.Login, Password = from.Secret,
            SslMode = uri.IsLoopback ? MySqlSslMode.Preferred : MySqlSslMode.VerifyFull, ConnectionTimeout = 15, DefaultCommandTimeout = 0, Pooling = false, AllowLoadLocalInfile = false,
        }.ConnectionString);
    }

    private static async Task<List<string>> ColumnsAsync(DbConnection connection, string table, CancellationToken stop)
    {
        await using var command = Command(connection, $"SELECT * FROM {Named(connection, table)} LIMIT 0");
        await using var reader = await command.ExecuteReaderAsync(CommandBehavior.SchemaOnly, stop);
        return [.. Enumerable.Range(0, reader.FieldCount).Select(reader.GetName)];
    }

    private static async Task<(ProbedFile?, string?)> ReadAsync(DbConnection connection, Feed feed, Dataset dataset, IReadOnlyList<string> wanted, string? position, string made, string name, Patience patience)
    {
        var since = feed.Since is { } field ? feed.Columns.First(c => c.Field.Name == field.Name).Headers[0] : null;
        var text = connection is MySqlConnection ? "CHAR" : "TEXT";
        var where = since is not null && position is not null ? $" WHERE {Quoted(connection, since)} >= {(connection is MySqlConnection ? "@since" : $"CAST(@since AS {TypeOf(dataset, feed)})")}" : "";
        var order = since is not null ? $" ORDER BY {Quoted(connection, since)}" : "";
        await using var command = Command(connection, $"SELECT {string.Join(", ", wanted.Select(w => $"CAST({Quoted(connection, w)} AS {text})"))} FROM {Named(connection, feed.Table!.Name)}{where}{order}");
        if (where.Length > 0)
        {
            var parameter = command.CreateParameter();
            (parameter.ParameterName, parameter.Value) = ("since", position);
            command.Parameters.Add(parameter);
        }
        using var rows = new StagedText(made, name, wanted);
        using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var at = since is null ? -1 : wanted.ToList().IndexOf(since);
        await using var reader = await command.ExecuteReaderAsync(CommandBehavior.SequentialAccess, patience.Token);
        while (await reader.ReadAsync(patience.Token))
        {
            if (rows.Count % 1000 == 0)
                patience.Heard();
            var values = new string?[wanted.Count];
            for (var i = 0; i < values.Length; i++)
            {
                values[i] = await reader.IsDBNullAsync(i, patience.Token) ? null : reader.GetString(i);
                digest.AppendData(Encoding.UTF8.GetBytes($"{values[i]}\u001f"));
            }
            rows.Add(values, rows.Count + 1);
            position = at >= 0 && values[at] is { } reached ? reached : position;
        }
        return rows.Count == 0 ? (null, position) : (rows.End(Convert.ToHexStringLower(digest.GetHashAndReset())), position);
    }

    private static string TypeOf(Dataset dataset, Feed feed) => dataset.Field(feed.Since!.Name)!.Type switch
    {
        "timestamp" => "TIMESTAMP",
        "date" => "DATE",
        "integer" => "BIGINT",
        "number" => "NUMERIC",
        _ => "TEXT",
    };

    private static string Named(DbConnection connection, string table) => string.Join('.', table.Split('.').Select(p => Quoted(connection, p)));

    private static string Quoted(DbConnection connection, string name) => connection is MySqlConnection ? $"`{name.Replace("`", "``", StringComparison.Ordinal)}`" : Sql.Name(name);

    // CA2100: every name in these statements was quoted; values are parameters.
#pragma warning disable CA2100
    private static DbCommand Command(DbConnection connection, string sql)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        return command;
    }
#pragma warning restore CA2100
}
