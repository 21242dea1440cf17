using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.Json;

namespace Guantong.Data;

/// <summary>Writes a statement anew from the parser's tree, in the SQL that DuckDB and PostgreSQL have in common. Each kind of node, and each member of one, is let through by name; any other is refused.</summary>
/// <remarks>Names are quoted throughout and spelt one way, since one engine tells case apart in them and the other does not. Nulls are sorted, and columns without a name are named, as PostgreSQL does.</remarks>
internal sealed partial class ConfinedWriter
{
    /// <summary>The most tables that a statement comes to, those of its WITH counted wherever they are used.</summary>
    public const int MostTables = 64;

    /// <summary>The most columns of a query within it.</summary>
    public const int MostColumns = 500;

    /// <summary>How many times as long as the texts of a row a text may become that is put together from them.</summary>
    public const double MostGrowth = 256;

    // As deep as expressions and queries may lie in one another.
    private const int Deepest = 200;

    private readonly IReadOnlyDictionary<string, ConfinedTable> _tables;
    private readonly Dictionary<string, string> _spelling = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, Common> _common = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<double> _growth = [];
    private readonly List<ConfinedTable> _used = [];
    private readonly List<object> _parts = [];
    private readonly StringBuilder _text = new();
    private int _depth, _names, _count;

    private ConfinedWriter(IReadOnlyDictionary<string, ConfinedTable> tables) => _tables = tables;

    // A query of a WITH: what it is called here, how many columns and tables it comes to, and how long its texts may have become.
    private sealed record Common(string Name, int Columns, int Tables, double Growth);

    private readonly record struct Shape(int Columns, double Growth);

    /// <summary>The datasets that it reads.</summary>
    public IReadOnlyList<ConfinedTable> Tables => [.. _used.Distinct()];

    /// <summary>Reads a parsed statement.</summary>
    /// <exception cref="ConfinedException">It leads outside.</exception>
    public static ConfinedWriter Write(JsonElement statement, IReadOnlyDictionary<string, ConfinedTable> tables)
    {
        var writer = new ConfinedWriter(tables);
        if (List(statement, "named_param_map").Count > 0)
            throw new ConfinedException("sql-construct", null, "?");
        Only(statement, "node");
        writer.Query(statement.GetProperty("node"));
        writer.Cut();
        return writer;
    }

    /// <summary>The statement, with SQL in the place of each table.</summary>
    public string Text(Func<ConfinedTable, string> rows) => string.Concat(_parts.Select(p => p is ConfinedTable table ? rows(table) : (string)p));

    /// <summary>A name, quoted, as it is spelt throughout.</summary>
    /// <exception cref="ConfinedException">It is longer than PostgreSQL's 63 bytes.</exception>
    public string Name(string name) =>
        Encoding.UTF8.GetByteCount(name) > 63 ? throw new ConfinedException("sql-name", null, name) : Sql.Name(_spelling.TryGetValue(name, out var spelt) ? spelt : _spelling[name] = name);

    private void Add(string text) => _text.Append(text);

    private void Cut()
    {
        _parts.Add(_text.ToString());
        _text.Clear();
    }

    private static ConfinedException Outside(JsonElement node, string code, params object?[] args) => new(code, At(node), args);

    private static int? At(JsonElement node) => node.ValueKind == JsonValueKind.Object && node.TryGetProperty("query_location", out var at) && at.TryGetInt64(out var place) && place < int.MaxValue ? (int)place : null;

    // Members that are not known may mean anything.
    private static void Only(JsonElement node, params ReadOnlySpan<string> members)
    {
        foreach (var member in node.EnumerateObject())
        {
            if (member.Name is not ("type" or "query_location" or "class" or "alias") && !members.Contains(member.Name) && !(member.Value.ValueKind == JsonValueKind.Array && member.Value.GetArrayLength() == 0))
                throw new ConfinedException("sql-construct", At(node), member.Name);
        }
    }

    private static string Kind(JsonElement node) => Word(node, "type");

    private static string Word(JsonElement node, string name) => node.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";

    private static bool Truth(JsonElement node, string name) => node.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.True;

    private static JsonElement? Part(JsonElement node, string name) => node.TryGetProperty(name, out var value) ? value : null;

    private static List<JsonElement> List(JsonElement node, string name) => node.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray()] : [];

    private void Each(IEnumerable<JsonElement> nodes, Action<JsonElement> write, string between = ", ")
    {
        var isFirst = true;
        foreach (var node in nodes)
        {
            if (!isFirst)
                Add(between);
            isFirst = false;
            write(node);
        }
    }
}
