using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using DuckDB.NET.Data;
using Guantong.Packs;

namespace Guantong.Data;

/// <summary>A dataset that somebody's SQL may read, and what of it.</summary>
/// <param name="Fields">Ids of the fields that may be reached; there is nothing else to it for the statement.</param>
public sealed record ConfinedTable(Pack Pack, Dataset Dataset, IReadOnlyList<string> Fields)
{
    /// <summary>The rows that there are for the statement.</summary>
    public RowsSeen Rows { get; init; } = RowsSeen.All;
}

/// <summary>A column of a result.</summary>
/// <param name="Kind">integer, decimal (exact, of any size), number, boolean, date, timestamp or string.</param>
public sealed record ConfinedColumn(string Name, string Kind);

/// <summary>A statement that may be run on the warehouse, whichever it is (<see cref="ConfinedRuns"/>).</summary>
/// <param name="Sql">One SELECT, written anew: its columns are c0, c1 …</param>
/// <param name="Tables">The datasets that it reads.</param>
public sealed record ConfinedQuery(string Sql, IReadOnlyList<ConfinedColumn> Columns, IReadOnlyList<ConfinedTable> Tables);

/// <summary>Why a statement is not run, or did not end.</summary>
/// <param name="Code">Its name, e.g. <c>sql-function</c>.</param>
/// <param name="At">The character of the text where it is, from 0; null where it is the whole.</param>
/// <param name="Args">What its sentence names.</param>
public sealed record SqlRefusal(string Code, int? At, params IReadOnlyList<object?> Args)
{
    /// <summary>The sentence.</summary>
    public string Say(string lang) => At is { } at
        ? CatalogueTexts.Say(lang, "confined.at", CatalogueTexts.Say(lang, "confined." + Code, [.. Args]), at + 1) : CatalogueTexts.Say(lang, "confined." + Code, [.. Args]);
}

/// <summary>SQL of somebody outside, confined: one SELECT over datasets that it was given, with their declared fields and with functions that only reckon.</summary>
/// <remarks>
/// The engine's own parser reads the text, and what is run is written anew from its tree by <see cref="ConfinedWriter"/>, which knows what it lets through and nothing else. So no comment, quote, escape or homoglyph
/// that one engine reads otherwise than the other is ever run. Names are bound in an engine that is shut off from everything; the warehouse sees the statement afterwards.
/// </remarks>
public sealed partial class ConfinedSql : IDisposable
{
    /// <summary>The longest statement, in characters.</summary>
    public const int Longest = 20_000;

    /// <summary>The most brackets and cases in one: what is read one within the other takes the parser's stack.</summary>
    public const int MostBrackets = 1000;

    // CASE x WHEN … repeats x for each WHEN; one within the other, as often as this.
    private const double MostRepeats = 100_000;

    private readonly ShutEngine _engine = new();

    /// <summary>The statement as it may be run, or why it may not.</summary>
    /// <param name="tables">By the names under which the statement may call them, case apart.</param>
    public (ConfinedQuery? Query, SqlRefusal? Refused) Confine(string sql, IReadOnlyDictionary<string, ConfinedTable> tables) =>
        Unreadable(sql) is { } refused ? (null, refused) : _engine.Use(connection => Confine(connection, sql, tables));

    private static (ConfinedQuery?, SqlRefusal?) Confine(DuckDBConnection connection, string sql, IReadOnlyDictionary<string, ConfinedTable> tables)
    {
        using var tree = ShutEngine.Parse(connection, sql, out var reason, out var at, withEmpty: true);
        if (tree is null)
            return (null, reason.Contains("Only SELECT", StringComparison.Ordinal) ? new SqlRefusal("sql-select", null) : new SqlRefusal("sql-broken", at, reason));
        var statements = tree.RootElement.GetProperty("statements");
        if (statements.GetArrayLength() != 1)
            return (null, new SqlRefusal(statements.GetArrayLength() == 0 ? "sql-empty" : "sql-several", null));
        try
        {
            var written = ConfinedWriter.Write(statements[0], tables);
            var columns = Bound(connection, written.Text(t => $"(SELECT {string.Join(", ", t.Fields.Select(f => $"CAST(NULL AS {TableChanges.TypeOf(t.Dataset.Field(f)!)}) AS {written.Name(f)}"))})"));
            return (new ConfinedQuery(Shaped(written.Text(t => Rows(t, written)), columns), columns, written.Tables), null);
        }
        catch (ConfinedException outside)
        {
            return (null, new SqlRefusal(outside.Code, outside.At is { } byteAt ? Character(sql, byteAt) : null, [.. outside.Args]));
        }
        catch (DuckDBException e)
        {
            return (null, new SqlRefusal("sql-unbound", null, ShutEngine.Said(e.Message)));
        }
    }

    // The platform's own table stands below the statement's as a query over what may be reached of it: there is no other column, nor any of the engine's own.
    private static string Rows(ConfinedTable table, ConfinedWriter written) =>
        $"(SELECT {string.Join(", ", table.Fields.Select(f => $"{Sql.Name(table.Dataset.Field(f)!.Id)} AS {written.Name(f)}"))} FROM {Sql.Table(table.Pack.Id, table.Dataset.Table)} AS d{(table.Rows.IsAll ? "" : $" WHERE ({table.Rows.Condition})")})";

    private static List<ConfinedColumn> Bound(DuckDBConnection connection, string select) => connection.Rows($"DESCRIBE SELECT * FROM ({select}) AS q", r =>
    {
        var (name, type) = (r.GetString(0), r.GetString(1));
        return new ConfinedColumn(name, KindOf(type) ?? throw new ConfinedException("sql-type", null, type));
    });

    private static string? KindOf(string type) => type switch
    {
        "TINYINT" or "SMALLINT" or "INTEGER" or "BIGINT" => "integer",
        "HUGEINT" => "decimal",
        "DOUBLE" or "FLOAT" => "number",
        "BOOLEAN" => "boolean",
        "DATE" => "date",
        "TIMESTAMP" => "timestamp",
        "VARCHAR" or "\"NULL\"" => "string",
        _ when type.StartsWith("DECIMAL", StringComparison.Ordinal) && !type.EndsWith(']') => "decimal",
        _ => null,
    };

    // By place, and as types that both engines hand over alike.
    private static string Shaped(string select, IReadOnlyList<ConfinedColumn> columns) =>
        $"SELECT {string.Join(", ", columns.Select((c, i) => $"CAST(q.c{i} AS {c.Kind switch { "integer" => "BIGINT", "number" => "DOUBLE PRECISION", "boolean" => "BOOLEAN", _ => "VARCHAR" }}) AS c{i}"))} FROM ({select}) AS q({string.Join(", ", columns.Select((_, i) => $"c{i}"))})";

    // What is not given to the parser at all.
    private static SqlRefusal? Unreadable(string sql)
    {
        if (string.IsNullOrWhiteSpace(sql))
            return new SqlRefusal("sql-empty", null);
        if (sql.Length > Longest)
            return new SqlRefusal("sql-long", null, Longest);
        for (var i = 0; i < sql.Length; i++)
        {
            // Half a pair is no character; format characters, which nobody sees, make one name look like another.
            if (char.IsSurrogate(sql[i]) && !(char.IsHighSurrogate(sql[i]) ? i + 1 < sql.Length && char.IsLowSurrogate(sql[i + 1]) : i > 0 && char.IsHighSurrogate(sql[i - 1]))
                || CharUnicodeInfo.GetUnicodeCategory(sql[i]) is UnicodeCategory.Format or UnicodeCategory.PrivateUse or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
                || (char.IsControl(sql[i]) && sql[i] is not ('\t' or '\r' or '\n')))
                return new SqlRefusal("sql-character", i, ((int)sql[i]).ToString("X4", CultureInfo.InvariantCulture));
        }
        if (sql.Count(c => c is '(' or '[' or '{') > MostBrackets || Case().Count(sql) > MostBrackets)
            return new SqlRefusal("sql-deep", null);
        var (simple, whens) = (SimpleCase().Count(sql), When().Count(sql));
        return simple > 1 && Math.Pow((double)whens / simple, simple) > MostRepeats ? new SqlRefusal("sql-deep", null) : null;
    }

    // The tree counts bytes, where the parser's own errors count characters.
    private static int Character(string sql, int bytes) => Encoding.UTF8.GetBytes(sql) is var utf8 && bytes >= 0 && bytes <= utf8.Length ? Encoding.UTF8.GetCharCount(utf8, 0, bytes) : 0;

    [GeneratedRegex(@"\bcase\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Case();

    [GeneratedRegex(@"\bcase\b(?!\s+when\b)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex SimpleCase();

    [GeneratedRegex(@"\bwhen\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex When();

    /// <inheritdoc/>
    public void Dispose() => _engine.Dispose();
}

/// <summary>A statement leads outside.</summary>
/// <param name="at">The byte of the text where.</param>
internal sealed class ConfinedException(string code, int? at, params object?[] args) : Exception
{
    public string Code => code;

    public int? At => at;

    public object?[] Args => args;
}
