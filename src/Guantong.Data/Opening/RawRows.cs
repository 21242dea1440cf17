using System.Data.Common;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Guantong.Packs;
using Guantong.Packs.Reading;
using Guantong.Trust;

namespace Guantong.Data;

/// <summary>A dataset's rows on their way into a publication, in clear in memory and nowhere else.</summary>
internal static class RawRows
{
    // Few values that stand in many rows are opened once.
    private const int MostKept = 1 << 16;

    /// <summary>Hands each row's values of some fields on, in the order of the key.</summary>
    public static void Each(Warehouse warehouse, Pack pack, Dataset dataset, IReadOnlyList<string> fields, RowSeals? seals, Action<IReadOnlyList<object?>> take, CancellationToken cancel)
    {
        var (declared, homes) = (fields.Select(f => dataset.Field(f)!).ToList(), pack.Homes(dataset));
        var clear = declared.Select(f => homes.TryGetValue(f.Id, out var home) ? Opener(pack, home, seals) : null).ToList();
        using var connection = warehouse.Read();
        using var command = connection.Streamed($"SELECT {string.Join(", ", declared.Select(f => Sql.Name(f.Id)))} FROM {Sql.Table(pack.Id, dataset.Table)} ORDER BY {string.Join(", ", dataset.Key.Select(k => Sql.Name(k.Name)))}");
        using var reader = command.ExecuteReader();
        var row = new object?[fields.Count];
        while (reader.Read())
        {
            cancel.ThrowIfCancellationRequested();
            for (var i = 0; i < row.Length; i++)
                row[i] = reader.IsDBNull(i) ? null : Value(declared[i], reader, i, clear[i]);
            take(row);
        }
    }

    private static object? Value(Field field, DbDataReader reader, int i, Func<string, string?>? open) => reader.GetValue(i) switch
    {
        string text => open is null ? text : open(text),
        DateTime day when field.Type == "date" => DateOnly.FromDateTime(day),
        var value => value,
    };

    // What was erased is not there: nothing is told of it.
    private static Func<string, string?> Opener(Pack pack, SealHome home, RowSeals? seals)
    {
        SealHome[] homes = [home, .. pack.Homes().Where(h => h != home)];
        var known = new Dictionary<string, string?>();
        return text =>
        {
            if (known.TryGetValue(text, out var clear))
                return clear;
            clear = seals?.Clear(homes, text) is { } opened && !KeyRing.IsSealed(opened) ? opened : null;
            if (known.Count < MostKept)
                known[text] = clear;
            return clear;
        };
    }

    /// <summary>Tells one state of the rows from another, without reading them.</summary>
    public static string Stood(Warehouse warehouse, Pack pack, Dataset dataset)
    {
        using var connection = warehouse.Read();
        var text = new StringBuilder();
        foreach (var each in Below(pack, dataset, []))
        {
            text.Append(CultureInfo.InvariantCulture, $"{each.Id} {connection.Count("SELECT max(id) FROM guantong.load WHERE pack = ? AND dataset = ?", pack.Id, each.Id)} {warehouse.RowCount(connection, pack.Id, each.Table)} ")
                .Append(connection.Scalar("SELECT max(before) FROM guantong.erased WHERE pack = ? AND dataset = ?", pack.Id, each.Id)).Append('\n');
        }
        return Hash(text.ToString());
    }

    /// <summary>Tells one declaration from another.</summary>
    public static string Declared(Pack pack, Dataset dataset) => Hash(Said(dataset.Origin["opening"]!, "term", "sandbox") + Said(dataset.Origin["fields"]!) + string.Concat(pack.CodeLists.Select(c => $"{c.Id}{string.Join(',', c.Values)}{c.Wider?.List}{string.Join(',', c.Wider?.Of ?? new Dictionary<string, Ref>())}")));

    // What is said about who is given it changes nothing of what is published.
    private static string Said(Node node, params string[] without) => node switch
    {
        ScalarNode scalar => $"“{scalar.Value}”",
        ListNode list => $"[{string.Concat(list.Values.Select(v => Said(v)))}]",
        _ => $"{{{string.Concat(node.Entries.Where(e => !without.Contains(e.Key.Value)).Select(e => Said(e.Key) + Said(e.Value)))}}}",
    };

    private static IEnumerable<Dataset> Below(Pack pack, Dataset dataset, HashSet<string> seen) => !seen.Add(dataset.Id) ? []
        : (dataset.Feed?.Needs ?? []).Select(n => pack.Dataset(n.Name)).OfType<Dataset>().SelectMany(d => Below(pack, d, seen)).Prepend(dataset);

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
