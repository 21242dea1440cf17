using System.Collections.Concurrent;
using System.Text.Json;
using DuckDB.NET.Data;

namespace Guantong.Data;

/// <summary>A DuckDB in memory that is shut off from files, the network and its own settings, and holds nothing: SQL of others is parsed and bound in it before it is run anywhere.</summary>
internal sealed class ShutEngine : IDisposable
{
    // Deeper than any statement is let through; the reader's own limit would refuse what packs may say.
    private static readonly JsonDocumentOptions Deep = new() { MaxDepth = 4096 };

    // Connections to one engine; a core takes one and puts it back.
    private readonly DuckDBConnection _engine = new("DataSource=:memory:");
    private readonly ConcurrentBag<DuckDBConnection> _idle = [];

    public ShutEngine()
    {
        _engine.Open();
        OwnViews = _engine.Rows("SELECT view_name FROM duckdb_views() WHERE internal", r => r.GetString(0)).ToHashSet(StringComparer.OrdinalIgnoreCase);
        // Nothing here is run for its rows, so there is nothing to optimise.
        _engine.Run("SET threads = 1; SET memory_limit = '512MB'; PRAGMA disable_optimizer; SET enable_external_access = false; SET lock_configuration = true");
        _idle.Add(_engine);
    }

    /// <summary>The engine's own views, which need no schema before them.</summary>
    public IReadOnlySet<string> OwnViews { get; }

    /// <summary>Does work on a connection of its own.</summary>
    public T Use<T>(Func<DuckDBConnection, T> work)
    {
        if (!_idle.TryTake(out var connection))
            (connection = _engine.Duplicate()).Open();
        try
        {
            return work(connection);
        }
        finally
        {
            _idle.Add(connection);
        }
    }

    /// <summary>The statements of a text as the engine's own parser reads them (<c>json_serialize_sql</c>); defaults and nulls are left out.</summary>
    /// <param name="reason">What is wrong, where it gives null.</param>
    /// <param name="at">The character at which the parser stopped, where it says so.</param>
    /// <param name="withEmpty">Whether empty lists stand there too: that a set of groups is empty may be what counts.</param>
    public static JsonDocument? Parse(DuckDBConnection connection, string sql, out string reason, out int? at, bool withEmpty = false)
    {
        (reason, at) = ("", null);
        try
        {
            var tree = JsonDocument.Parse((string)connection.Scalar($"SELECT CAST(json_serialize_sql({Sql.Text(sql)}, skip_default := true, skip_null := true, skip_empty := {(withEmpty ? "false" : "true")}) AS VARCHAR)")!, Deep);
            if (!tree.RootElement.GetProperty("error").GetBoolean())
                return tree;
            reason = Said(tree.RootElement.TryGetProperty("error_message", out var message) ? message.GetString()! : "");
            at = tree.RootElement.TryGetProperty("position", out var position) && int.TryParse(position.GetString(), out var place) ? place : null;
            tree.Dispose();
        }
        catch (DuckDBException e)
        {
            reason = Said(e.Message);
        }
        catch (JsonException)
        {
            // A number beyond all numbers is written as a word that JSON does not have.
            reason = "a number is out of range";
        }
        return null;
    }

    /// <summary>The engine's first line, which says what is wrong; the sentence around it goes on after it.</summary>
    public static string Said(string message) => message.Split('\n')[0].TrimEnd('.', '!', ' ');

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var connection in _idle)
            connection.Dispose();
    }
}
