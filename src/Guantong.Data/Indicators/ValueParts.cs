using System.Globalization;
using System.Text;

namespace Guantong.Data;

/// <summary>A part of an indicator's value that can be added up: what a cell keeps, and how cells make a whole.</summary>
/// <param name="Together">Its aggregate, and how those of several cells make that of all: sum, count (a sum of whole numbers), min or max.</param>
/// <param name="What">What is aggregated, or *.</param>
/// <param name="Condition">Which rows count; null for all.</param>
public sealed record ValuePart(string Together, string What, string? Condition)
{
    /// <summary>As an aggregate over rows.</summary>
    public string Sql => $"{Together}({What})" + (Condition is null ? "" : $" FILTER (WHERE {Condition})");

    /// <summary>The same in DuckDB's quickest way: with FILTER it cuts every column to size once for each condition. Where a condition is NULL for every row, count_if gives NULL.</summary>
    public string DuckSql => Condition is null ? Sql
        : What == "*" ? $"coalesce(count_if(CAST(({Condition}) AS BOOLEAN)), 0)"
        : $"{Together}(CASE WHEN {Condition} THEN {What} END)";
}

/// <summary>An indicator's value taken apart, so that the figure of a year comes from what its days keep and not from its rows.</summary>
/// <param name="Parts">What a cell keeps, each once.</param>
/// <param name="Whole">The value over the parts: part n is the column <c>"{n}"</c> in braces, filled by <see cref="Over"/>.</param>
/// <remarks>Sums, counts, means and extremes add up; distinct counts, deviations and whatever else do not: those are computed from rows.</remarks>
public sealed record ValueParts(IReadOnlyList<ValuePart> Parts, string Whole)
{
    private static readonly HashSet<string> Aggregates = new(StringComparer.OrdinalIgnoreCase)
    {
        "count", "sum", "avg", "min", "max", "stddev", "stddev_samp", "stddev_pop", "variance", "var_samp", "var_pop", "first_value", "last_value", "row_number", "rank", "dense_rank", "lag", "lead",
    };

    // Whatever has one of these may mean more than what stands in its brackets.
    private static readonly HashSet<string> Beyond = new(StringComparer.OrdinalIgnoreCase) { "select", "over", "within", "distinct", "order", "grouping", "all" };

    /// <summary>The value over columns.</summary>
    /// <param name="column">The column of a part, quoted.</param>
    public string Over(Func<ValuePart, string> column)
    {
        var text = new StringBuilder(Whole.Length + 32);
        for (var at = 0; at < Whole.Length; at++)
        {
            if (Whole[at] != Mark)
            {
                text.Append(Whole[at]);
                continue;
            }
            var end = Whole.IndexOf(Mark, at + 1);
            text.Append(column(Parts[int.Parse(Whole.AsSpan(at + 1, end - at - 1), CultureInfo.InvariantCulture)]));
            at = end;
        }
        return text.ToString();
    }

    /// <summary>Whether it is a sum or a count by itself: figures of parts of the rows then add up to that of all.</summary>
    public bool IsSum => Parts is [{ Together: "sum" or "count" }] && Over(_ => "#").Replace(" ", "", StringComparison.Ordinal).ToLowerInvariant() is "#" or "coalesce(#,0)";

    // No SQL holds it: a place for a part.
    private const char Mark = '\u0001';

    /// <summary>Takes a value apart; null where it does not add up.</summary>
    /// <param name="value">An aggregate in portable SQL that binds.</param>
    /// <param name="where">A condition on rows, or null.</param>
    public static ValueParts? Of(string value, string? where)
    {
        if (value.Contains(Mark, StringComparison.Ordinal) || Words(value).Any(Beyond.Contains) || HasComment(value))
            return null;
        var (parts, whole) = (new List<ValuePart>(), new StringBuilder());
        for (var at = 0; at < value.Length;)
        {
            var next = Skip(value, at);
            if (next > at)
            {
                whole.Append(value, at, next - at);
                at = next;
                continue;
            }
            if (!IsWord(value[at]) || char.IsAsciiDigit(value[at]))
            {
                whole.Append(value[at++]);
                continue;
            }
            var end = EndOfWord(value, at);
            var open = Blank(value, end);
            var name = value[at..end];
            if (open >= value.Length || value[open] != '(' || !Aggregates.Contains(name))
            {
                whole.Append(name);
                at = end;
                continue;
            }
            if (Close(value, open) is not { } close || (at > 0 && value[at - 1] == '.'))
                return null;
            var inside = value[(open + 1)..close].Trim();
            at = close + 1;
            string? filter = null;
            var after = Blank(value, at);
            if (after < value.Length && IsWord(value[after]) && EndOfWord(value, after) is var word && value.AsSpan(after, word - after).Equals("filter", StringComparison.OrdinalIgnoreCase))
            {
                var begins = Blank(value, word);
                if (begins >= value.Length || value[begins] != '(' || Close(value, begins) is not { } ends)
                    return null;
                var condition = value[(begins + 1)..ends].Trim();
                if (!condition.StartsWith("where", StringComparison.OrdinalIgnoreCase))
                    return null;
                filter = condition[5..].Trim();
                at = ends + 1;
            }
            if (Part(name.ToLowerInvariant(), inside, And(where, filter), parts) is not { } column)
                return null;
            whole.Append(column);
        }
        return parts.Count == 0 ? null : new ValueParts(parts, whole.ToString());
    }

    /// <summary>How many rows there are, as a part.</summary>
    public static ValuePart Rows(string? where) => new("count", "*", where);

    private static string? Part(string name, string inside, string? condition, List<ValuePart> parts)
    {
        if (inside.Length == 0)
            return null;
        string Kept(string together)
        {
            var part = new ValuePart(together, inside, condition);
            var at = parts.IndexOf(part);
            if (at < 0)
            {
                at = parts.Count;
                parts.Add(part);
            }
            return $"{Mark}{at.ToString(CultureInfo.InvariantCulture)}{Mark}";
        }
        return name switch
        {
            "count" or "sum" or "min" or "max" => Kept(name),
            "avg" => $"({Kept("sum")} / nullif({Kept("count")}, 0))",
            _ => null,
        };
    }

    private static string? And(string? where, string? filter) => (where, filter) switch
    {
        (null, null) => null,
        (null, _) => filter,
        (_, null) => where,
        _ => $"({where}) AND ({filter})",
    };

    private static IEnumerable<string> Words(string sql)
    {
        for (var at = 0; at < sql.Length;)
        {
            var next = Skip(sql, at);
            if (next > at)
                at = next;
            else if (!IsWord(sql[at]))
                at++;
            else
            {
                var end = EndOfWord(sql, at);
                yield return sql[at..end];
                at = end;
            }
        }
    }

    private static bool HasComment(string sql)
    {
        for (var at = 0; at < sql.Length - 1;)
        {
            var next = Skip(sql, at);
            if (next == at && ((sql[at], sql[at + 1]) is ('-', '-') or ('/', '*') || sql[at] == '$'))
                return true;
            at = Math.Max(next, at + 1);
        }
        return false;
    }

    // Past what stands in quotes; where nothing does, no further.
    private static int Skip(string sql, int at)
    {
        if (sql[at] is not ('\'' or '"'))
            return at;
        for (var end = at + 1; end < sql.Length; end++)
        {
            if (sql[end] == sql[at] && (end + 1 >= sql.Length || sql[end + 1] != sql[at]))
                return end + 1;
            if (sql[end] == sql[at])
                end++;
        }
        return sql.Length;
    }

    private static int? Close(string sql, int open)
    {
        var depth = 0;
        for (var at = open; at < sql.Length;)
        {
            var next = Skip(sql, at);
            if (next > at)
            {
                at = next;
                continue;
            }
            if (sql[at] == '(')
                depth++;
            else if (sql[at] == ')' && --depth == 0)
                return at;
            at++;
        }
        return null;
    }

    private static int Blank(string sql, int at)
    {
        while (at < sql.Length && char.IsWhiteSpace(sql[at]))
            at++;
        return at;
    }

    private static int EndOfWord(string sql, int at)
    {
        while (at < sql.Length && IsWord(sql[at]))
            at++;
        return at;
    }

    private static bool IsWord(char c) => char.IsLetterOrDigit(c) || c == '_';
}
