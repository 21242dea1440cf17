using System.Collections.Concurrent;
using System.Data.Common;
using System.Globalization;
using Guantong.Packs;

namespace Guantong.Data;

/// <summary>What computing a derived dataset came to.</summary>
/// <param name="Rows">How many rows it has now.</param>
/// <param name="Load">The load under which what differs was written; null where nothing does.</param>
public sealed record DerivedRows(long Rows, long? Load);

/// <summary>Recomputes datasets that are derived from others by a query and, where declared, a decision over each of its rows.</summary>
public static class DerivedDataset
{
    /// <summary>The derived datasets that rest on one, each after those that it needs itself.</summary>
    public static IReadOnlyList<Dataset> RestingOn(Pack pack, string dataset)
    {
        var order = new List<Dataset>();
        var stale = new HashSet<string> { dataset };
        for (var grown = true; grown;)
        {
            var next = pack.Datasets.Where(d => d.Feed is { From: "query" } && !order.Contains(d) && d.Feed.Needs.Any(n => stale.Contains(n.Name))).ToList();
            order.AddRange(next);
            grown = next.Select(d => stale.Add(d.Id)).ToList().Contains(true);
        }
        // A dataset found early may need one found later.
        return [.. order.OrderBy(d => Depth(pack, d, []))];
    }

    private static int Depth(Pack pack, Dataset dataset, HashSet<string> above) =>
        !above.Add(dataset.Id) ? 0 : 1 + (dataset.Feed?.Needs ?? []).Select(n => pack.Dataset(n.Name)).OfType<Dataset>().Select(d => Depth(pack, d, [.. above])).DefaultIfEmpty(0).Max();

    /// <summary>Brings a derived dataset's rows to what its query and decision give now, and measures its quality, in one transaction. Only rows that differ are written; what they were is put aside as a load's are.</summary>
    /// <param name="warehouse">Where it stands.</param>
    /// <param name="pack">The pack that declares it.</param>
    /// <param name="dataset">The dataset.</param>
    /// <param name="load">The load that made it stale: its quality is kept under it.</param>
    /// <param name="seals">Seals what its sealed fields get; what is sealed already is passed on. Null where it has none.</param>
    public static DerivedRows Recompute(Warehouse warehouse, Pack pack, Dataset dataset, long load, RowSeals? seals = null) => warehouse.Write(connection =>
    {
        var homes = SealedTables.Needed(pack, dataset, seals);
        if (seals is not null)
            SealedTables.KeepUp(warehouse, connection, pack, seals);
        // Of what its sources have erased it keeps what it had, but for persons.
        var isPersonal = dataset.Fields.Any(f => f.Personal is not null) || homes.Count > 0;
        var erased = Erasing.Since(connection, pack, dataset);
        var since = Erasing.From(isPersonal ? null : Erasing.TimeOf(dataset), erased);
        Derive(warehouse, connection, pack, dataset, since, homes, seals);
        var differing = new Differing(warehouse, connection, pack, dataset, Fresh, since);
        var written = differing.Write($"query:{LoadBook.Key(load)}", isPersonal ? erased : null);
        connection.Run($"DROP TABLE {Sql.Name(Fresh)}");
        var now = warehouse.Time.GetUtcNow().UtcDateTime;
        QualityRun.Measure(connection, pack, dataset, load, now);
        return new DerivedRows(warehouse.RowCount(connection, pack.Id, dataset.Table), written);
    });

    // The temporary tables of what a query gives, and of that with what is decided over it. No dataset's table is called so.
    private const string Given = "derived~given", Fresh = "derived~fresh";

    private static void Derive(Warehouse warehouse, DbConnection connection, Pack pack, Dataset dataset, string since, IReadOnlyDictionary<string, SealHome> homes, RowSeals? seals)
    {
        var feed = dataset.Feed!;
        var given = dataset.Fields.Where(f => feed.Decide is null || feed.Decide.Outputs.All(o => o.Field.Name != f.Id)).ToList();
        var table = feed.Decide is null ? Fresh : Given;
        Make(warehouse, connection, table, given);
        connection.Within(pack.Id, () => connection.Run($"INSERT INTO {Sql.Name(table)} SELECT {string.Join(", ", given.Select(f => $"CAST({Sql.Name(f.Id)} AS {TableChanges.TypeOf(f)}) AS {Sql.Name(f.Id)}"))} FROM ({feed.Sql}) AS q{(since.Length == 0 ? "" : $" WHERE {since}")}"));
        foreach (var (field, home) in homes.Where(h => given.Any(f => f.Id == h.Key)))
            warehouse.Rewrite(connection, Sql.Name(table), Sql.Name(field), $"{Sql.Name(field)} IS NOT NULL", [], text => seals!.Pass(home, text));
        if (feed.Decide is null)
            return;
        Make(warehouse, connection, Fresh, dataset.Fields);
        AppendDecided(connection, pack, dataset, feed.Decide, given, (f, text) => homes.TryGetValue(f.Id, out var home) ? seals!.Pass(home, text) : text);
        connection.Run($"DROP TABLE {Sql.Name(Given)}");
    }

    private static void Make(Warehouse warehouse, DbConnection connection, string table, IEnumerable<Field> fields) =>
        connection.Run($"CREATE TEMP TABLE {Sql.Name(table)} ({string.Join(", ", fields.Select(f => $"{Sql.Name(f.Id)} {warehouse.Declare(TableChanges.TypeOf(f))}"))})");

    private static string Columns(IEnumerable<Field> fields) => string.Join(", ", fields.Select(f => Sql.Name(f.Id)));

    private static void AppendDecided(DbConnection connection, Pack pack, Dataset dataset, Decide decide, IReadOnlyList<Field> given, Func<Field, string, string> seal)
    {
        var rows = connection.Rows($"SELECT {Columns(given)} FROM {Sql.Name(Given)}", r => given.Select((f, i) => (f.Id, Value: Read(r, i))).ToDictionary(p => p.Id, p => p.Value));
        // Of nothing there is no range to share out.
        if (rows.Count == 0)
            return;
        var model = pack.Decisions[decide.File].Model;
        Parallel.ForEach(Partitioner.Create(0, rows.Count), range =>
        {
            for (var i = range.Item1; i < range.Item2; i++)
            {
                var row = rows[i];
                var result = model.Evaluate(decide.Id, decide.Inputs.ToDictionary(p => p.Input.Name, p => Number(row[p.Field.Name]))).Value;
                foreach (var (field, output) in decide.Outputs)
                    row[field.Name] = Pick(result, output);
            }
        });
        connection.Append(null, Fresh, rows.Select(row => dataset.Fields.Select(f => Typed(f, row.GetValueOrDefault(f.Id), seal)).ToArray()));
    }

    private static object? Read(DbDataReader reader, int i) => reader.IsDBNull(i) ? null : reader.GetValue(i);

    private static object? Number(object? value) => value switch
    {
        double d => (decimal)d,
        long l => (decimal)l,
        DateTime t => DateOnly.FromDateTime(t),
        _ => value,
    };

    private static object? Pick(object? result, string path)
    {
        foreach (var key in path.Split('.'))
            result = (result as IReadOnlyDictionary<string, object?>)?.GetValueOrDefault(key);
        return result;
    }

    private static object? Typed(Field field, object? value, Func<Field, string, string> seal) => field.Type switch
    {
        _ when value is null => null,
        "integer" => Convert.ToInt64(value, CultureInfo.InvariantCulture),
        "number" => Convert.ToDouble(value, CultureInfo.InvariantCulture),
        "boolean" or "timestamp" => value,
        "date" => value is DateTime t ? DateOnly.FromDateTime(t) : (DateOnly)value,
        _ => seal(field, Convert.ToString(value, CultureInfo.InvariantCulture)!),
    };
}
