using System.Buffers.Text;
using System.Data.Common;
using System.Text.Json;
using Guantong.Packs;

namespace Guantong.Data;

/// <summary>What came, changed and went in a dataset since a position: how a city or county keeps rows of its own.</summary>
/// <param name="Rows">Rows as they are now, field → value, in the order in which they came.</param>
/// <param name="Removed">Keys of rows that are no longer there, or no longer the region's; they come with the last page.</param>
/// <param name="Position">To be given with the next call, once these are kept.</param>
/// <param name="More">Whether there is more at once.</param>
/// <remarks>Plan, annex 6 §5(4)1: 数据回流. Kept and then asked for again, nothing is lost and nothing comes twice but in the same state.</remarks>
public sealed record RegionChanges(IReadOnlyList<Dictionary<string, object?>> Rows, IReadOnlyList<Dictionary<string, object?>> Removed, string Position, bool More)
{
    // Up to which load and key rows were given, and up to which load removals.
    private sealed record At(long Load, IReadOnlyList<string> Key, long Removed);

    /// <summary>Reads them.</summary>
    /// <param name="seen">The rows that the receiver may see.</param>
    /// <param name="position">Where the last call ended; null for all rows.</param>
    /// <param name="take">How many rows at most.</param>
    /// <param name="seals">Shows values of sealed fields.</param>
    /// <param name="isOpen">Whether values are given as they stand, for a caller that opens those which a grant covers.</param>
    /// <exception cref="FormatException">The position is none of this dataset's.</exception>
    public static RegionChanges Read(Warehouse warehouse, Pack pack, Dataset dataset, RowsSeen seen, string? position, int take, RowSeals? seals = null, bool isOpen = false)
    {
        using var connection = warehouse.Read();
        using var moment = connection.Moment();
        var newest = connection.Count("SELECT coalesce(max(id), 0) FROM guantong.load WHERE pack = ? AND dataset = ?", pack.Id, dataset.Id);
        var at = position is null ? new At(-1, [], newest) : Parse(position, dataset.Key.Count);
        var (rows, last) = Page(connection, pack, dataset, seen, at, take, seals, isOpen);
        return last is not null ? new(rows, [], Write(last with { Removed = at.Removed }), true)
            : new(rows, Gone(connection, pack, dataset, seen, at.Removed, newest, seals, isOpen), Write(new At(newest, [], newest)), false);
    }

    /// <summary>The load up to which a position has everything; 0 for none.</summary>
    /// <exception cref="FormatException">It is no position.</exception>
    public static long LoadOf(string position) => Parse(position, null).Removed;

    // A page, and where it ends when it is not the last.
    private static (List<Dictionary<string, object?>>, At?) Page(DbConnection connection, Pack pack, Dataset dataset, RowsSeen seen, At at, int take, RowSeals? seals, bool isOpen)
    {
        var keys = dataset.Key.Select(k => dataset.Field(k.Name)!).ToList();
        // A query may give rows without a key, which nobody could tell apart: they are not given.
        var load = $"coalesce(d.{Former.Load}, 0)";
        var after = at.Key.Count == 0 ? $"{load} > ?" : $"({load}, {string.Join(", ", keys.Select(k => "d." + Sql.Name(k.Id)))}) > (?, {string.Join(", ", keys.Select(k => $"CAST(? AS {TableChanges.TypeOf(k)})"))})";
        var isSealed = pack.Homes(dataset);
        var found = connection.Rows($"""
            SELECT {load}, {string.Join(", ", keys.Select(k => $"CAST(d.{Sql.Name(k.Id)} AS VARCHAR)"))}, {string.Join(", ", dataset.Fields.Select(f => "d." + Sql.Name(f.Id)))}
            FROM {Sql.Table(pack.Id, dataset.Table)} AS d WHERE {after} AND {string.Join(" AND ", keys.Select(k => $"d.{Sql.Name(k.Id)} IS NOT NULL"))} {(seen.IsAll ? "" : $"AND ({seen.Condition})")}
            ORDER BY {load}, {string.Join(", ", keys.Select(k => "d." + Sql.Name(k.Id)))} LIMIT {take + 1}
            """, r => (At: new At(r.GetInt64(0), [.. keys.Select((_, i) => r.GetString(i + 1))], 0), Row: Shown(r, keys.Count + 1, dataset.Fields, isSealed, seals, isOpen)), [at.Load, .. at.Key]);
        return ([.. found.Take(take).Select(f => f.Row)], found.Count > take ? found[take - 1].At : null);
    }

    private static List<Dictionary<string, object?>> Gone(DbConnection connection, Pack pack, Dataset dataset, RowsSeen seen, long after, long upTo, RowSeals? seals, bool isOpen)
    {
        var keys = dataset.Key.Select(k => dataset.Field(k.Name)!).ToList();
        var columns = string.Join(", ", keys.Select(k => "d." + Sql.Name(k.Id)));
        return connection.Rows($"""
            SELECT {columns} FROM {Sql.Table(pack.Id, Former.TableOf(dataset))} AS d WHERE {Former.Until} > ? AND {Former.Until} <= ? {(seen.IsAll ? "" : $"AND ({seen.Condition})")}
            EXCEPT SELECT {columns} FROM {Sql.Table(pack.Id, dataset.Table)} AS d {(seen.IsAll ? "" : $"WHERE ({seen.Condition})")}
            """, r => Shown(r, 0, keys, pack.Homes(dataset), seals, isOpen), after, upTo);
    }

    private static Dictionary<string, object?> Shown(DbDataReader reader, int from, IReadOnlyList<Field> fields, IReadOnlyDictionary<string, SealHome> isSealed, RowSeals? seals, bool isOpen) =>
        fields.Select((f, i) => (f.Id, Value: reader.IsDBNull(from + i) ? null : isOpen ? DatasetRows.Plain(reader.GetValue(from + i)) : RowSeals.Show(seals, isSealed.ContainsKey(f.Id), DatasetRows.Plain(reader.GetValue(from + i))))).ToDictionary(v => v.Id, v => v.Value);

    private static string Write(At at) => Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(at));

    private static At Parse(string position, int? keys)
    {
        try
        {
            return JsonSerializer.Deserialize<At>(Base64Url.DecodeFromChars(position)) is { Key: { } key } at && (keys is null || key.Count is 0 || key.Count == keys) ? at : throw new FormatException(position);
        }
        catch (JsonException)
        {
            throw new FormatException(position);
        }
    }
}
