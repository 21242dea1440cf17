using System.Data.Common;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Guantong.Packs;
using Guantong.Trust;

namespace Guantong.Data;

/// <summary>A page of a dataset's rows, each value as it is shown: numbers invariant, times ISO 8601, null as null.</summary>
public sealed record RowPage(IReadOnlyList<string> Columns, IReadOnlyList<IReadOnlyList<object?>> Rows, long Total, int Skip, int Take);

/// <summary>A wish about rows: sort by a field, keep those whose field has a value. Field names are held against the declaration.</summary>
public sealed record RowQuery(string? Sort = null, bool Descending = false, IReadOnlyDictionary<string, string>? Equal = null, int Skip = 0, int Take = 50)
{
    /// <summary>The load whose end the rows are read as of; null for now.</summary>
    public long? AsOf { get; init; }
}

/// <summary>Reads a dataset's rows for people and machines.</summary>
public static class DatasetRows
{
    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>A page of rows.</summary>
    /// <param name="seen">The rows that the reader may see.</param>
    /// <param name="seals">Finds values of sealed fields, and tells which were erased.</param>
    /// <exception cref="ArgumentException">A field of the query is not declared; the message is its name.</exception>
    public static RowPage Page(Warehouse warehouse, Pack pack, Dataset dataset, RowQuery query, RowsSeen seen, RowSeals? seals = null)
    {
        var isSealed = SealedOf(pack, dataset);
        using var connection = warehouse.Read();
        // What is sought is sealed as the rows are: both are read at one moment.
        using var moment = connection.Moment();
        var (where, values) = Where(connection, pack, dataset, query, seen, seals);
        var table = $"{Former.Rows(pack, dataset, query.AsOf)} AS d";
        var rows = connection.Rows($"SELECT {Columns(dataset)} FROM {table} {where} ORDER BY {Order(dataset, query)} LIMIT {query.Take} OFFSET {query.Skip}",
            r => (IReadOnlyList<object?>)[.. Enumerable.Range(0, dataset.Fields.Count).Select(i => r.IsDBNull(i) ? null : RowSeals.Show(seals, isSealed[i], Plain(r.GetValue(i))))], values);
        return new RowPage([.. dataset.Fields.Select(f => f.Id)], rows, connection.Count($"SELECT count(*) FROM {table} {where}", values), query.Skip, query.Take);
    }

    /// <summary>Streams all rows as CSV (RFC 4180, UTF-8, header first) in the order of the key.</summary>
    public static async Task WriteCsvAsync(Warehouse warehouse, Pack pack, Dataset dataset, RowsSeen seen, Stream to, CancellationToken cancel, RowSeals? seals = null)
    {
        var isSealed = SealedOf(pack, dataset);
        await using var writer = Csv.Writer(to);
        await writer.WriteLineAsync(string.Join(',', dataset.Fields.Select(f => f.Id)));
        using var connection = warehouse.Read();
        using var command = connection.Streamed($"SELECT {Columns(dataset)} FROM {Sql.Table(pack.Id, dataset.Table)} AS d {Seen(seen)} ORDER BY {Order(dataset, new RowQuery())}");
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            cancel.ThrowIfCancellationRequested();
            await writer.WriteLineAsync(Csv.Line(Enumerable.Range(0, reader.FieldCount).Select(i => reader.IsDBNull(i) ? null : RowSeals.Show(seals, isSealed[i], Plain(reader.GetValue(i))))));
        }
    }

    /// <summary>Streams all rows as a JSON array of objects.</summary>
    public static async Task WriteJsonAsync(Warehouse warehouse, Pack pack, Dataset dataset, RowsSeen seen, Stream to, CancellationToken cancel, RowSeals? seals = null)
    {
        var isSealed = SealedOf(pack, dataset);
        using var connection = warehouse.Read();
        using var command = connection.Streamed($"SELECT {Columns(dataset)} FROM {Sql.Table(pack.Id, dataset.Table)} AS d {Seen(seen)} ORDER BY {Order(dataset, new RowQuery())}");
        using var reader = command.ExecuteReader();
        await using var json = new Utf8JsonWriter(to, new JsonWriterOptions { Encoder = Relaxed.Encoder });
        json.WriteStartArray();
        while (reader.Read())
        {
            json.WriteStartObject();
            for (var i = 0; i < dataset.Fields.Count; i++)
            {
                json.WritePropertyName(dataset.Fields[i].Id);
                // The serializer would flush the writer itself, which a response does not take.
                json.WriteRawValue(JsonSerializer.SerializeToUtf8Bytes(reader.IsDBNull(i) ? null : RowSeals.Show(seals, isSealed[i], Plain(reader.GetValue(i))), Relaxed), skipInputValidation: true);
            }
            json.WriteEndObject();
            if (json.BytesPending > 1 << 15)
                await json.FlushAsync(cancel);
        }
        json.WriteEndArray();
    }

    private static string Columns(Dataset dataset) => string.Join(", ", dataset.Fields.Select(f => Sql.Name(f.Id)));

    internal static string Order(Dataset dataset, RowQuery query)
    {
        var keys = dataset.Key.Select(k => Sql.Name(k.Name));
        return query.Sort is { } sort ? string.Join(", ", (string[])[$"{Sql.Name(Declared(dataset, sort))} {(query.Descending ? "DESC" : "ASC")} NULLS LAST", .. keys]) : string.Join(", ", keys);
    }

    internal static (string Where, List<object?> Values) Where(DbConnection connection, Pack pack, Dataset dataset, RowQuery query, RowsSeen seen, RowSeals? seals)
    {
        var equal = (query.Equal ?? new Dictionary<string, string>()).Where(e => e.Value.Length > 0).ToList();
        if (equal.Count == 0)
            return (Seen(seen), []);
        var homes = pack.Homes(dataset);
        return ("WHERE " + string.Join(" AND ", equal.Select(e => $"CAST({Sql.Name(Declared(dataset, e.Key))} AS VARCHAR) = ?").Concat(seen.IsAll ? [] : [$"({seen.Condition})"])),
            [.. equal.Select(e => (object?)(homes.TryGetValue(e.Key, out var home) ? Sought(connection, home, e.Value, seals) : e.Value))]);
    }

    private static string Seen(RowsSeen seen) => seen.IsAll ? "" : $"WHERE ({seen.Condition})";

    private static string? Sought(DbConnection connection, SealHome home, string value, RowSeals? seals) =>
        seals is null ? throw new InvalidOperationException("Nothing is found in a sealed field without keys.")
        : SealedTables.VersionOf(connection, seals.KeyOf(home)) is { } version ? seals.Sought(home, value, version) : null;

    internal static bool[] SealedOf(Pack pack, Dataset dataset)
    {
        var homes = pack.Homes(dataset);
        return [.. dataset.Fields.Select(f => homes.ContainsKey(f.Id))];
    }

    private static string Declared(Dataset dataset, string field) => dataset.Field(field)?.Id ?? throw new ArgumentException(field);

    internal static object Plain(object value) => value switch
    {
        DateTime t => t.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture),
        DateOnly d => d.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        _ => value,
    };
}
