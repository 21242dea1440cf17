using System.Data.Common;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Guantong.Packs;
using Guantong.Trust;

namespace Guantong.Data;

/// <summary>Publications in the warehouse: a table an edition, beside the packs' own, so that no download touches a raw row.</summary>
internal static class OpenedTable
{
    // No pack's schema can be called so.
    private const string Schema = "guantong~open";
    private const string Place = "guantong_place";

    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes an edition; nobody sees it until the store says that it stands.</summary>
    /// <returns>Its number.</returns>
    public static long Write(Warehouse warehouse, Pack pack, Dataset dataset, OpenedRows rows) => warehouse.Write(connection =>
    {
        var edition = connection.Count("SELECT nextval('guantong.load_id')");
        connection.Run($"CREATE SCHEMA IF NOT EXISTS {Sql.Name(Schema)}");
        connection.Run($"CREATE TABLE {Table(pack, dataset, edition)} ({Sql.Name(Place)} BIGINT, {string.Join(", ", rows.Columns.Select(c => $"{Sql.Name(c.Name)} {warehouse.Declare(TableChanges.ColumnOf(c.Type))}"))})");
        connection.Append(Schema, Name(pack, dataset, edition), rows.Rows.Select((row, i) => (object?[])[(long)i, .. row]));
        return edition;
    });

    /// <summary>Removes the editions before one, or all; the one before the last stays for whoever is reading it.</summary>
    public static void Remove(Warehouse warehouse, Pack pack, Dataset dataset, Func<long, bool> which) => Remove(warehouse, pack.Id, dataset.Id, which);

    /// <inheritdoc cref="Remove(Warehouse, Pack, Dataset, Func{long, bool})"/>
    public static void Remove(Warehouse warehouse, string pack, string dataset, Func<long, bool> which) => warehouse.Write(connection =>
    {
        var start = Start(pack, dataset);
        foreach (var table in connection.Rows("SELECT table_name FROM information_schema.tables WHERE table_schema = ?", r => r.GetString(0), Schema)
            .Where(t => t.StartsWith(start, StringComparison.Ordinal) && which(long.Parse(t.AsSpan(start.Length), CultureInfo.InvariantCulture))))
            connection.Run($"DROP TABLE {Sql.Name(Schema)}.{Sql.Name(table)}");
        return 0;
    });

    /// <summary>A page of an edition's rows.</summary>
    public static RowPage Page(Warehouse warehouse, Pack pack, Dataset dataset, OpenedEdition edition, int skip, int take)
    {
        using var connection = warehouse.Read();
        var rows = connection.Rows($"SELECT {Columns(edition)} FROM {Table(pack, dataset, edition.Edition)} ORDER BY {Sql.Name(Place)} LIMIT {take} OFFSET {skip}", r => (IReadOnlyList<object?>)[.. Values(r)]);
        return new RowPage([.. edition.Columns.Select(c => c.Name)], rows, edition.Rows, skip, take);
    }

    /// <summary>Streams an edition as CSV (RFC 4180, UTF-8, header first).</summary>
    public static async Task WriteCsvAsync(Warehouse warehouse, Pack pack, Dataset dataset, OpenedEdition edition, Stream to, CancellationToken cancel)
    {
        await using var writer = Csv.Writer(to);
        await writer.WriteLineAsync(string.Join(',', edition.Columns.Select(c => c.Name)));
        using var connection = warehouse.Read();
        using var command = connection.Streamed(All(pack, dataset, edition));
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            cancel.ThrowIfCancellationRequested();
            await writer.WriteLineAsync(Csv.Line(Values(reader)));
        }
    }

    /// <summary>Streams an edition as a JSON array of objects.</summary>
    public static async Task WriteJsonAsync(Warehouse warehouse, Pack pack, Dataset dataset, OpenedEdition edition, Stream to, CancellationToken cancel)
    {
        using var connection = warehouse.Read();
        using var command = connection.Streamed(All(pack, dataset, edition));
        using var reader = command.ExecuteReader();
        await using var json = new Utf8JsonWriter(to, new JsonWriterOptions { Encoder = Relaxed.Encoder });
        json.WriteStartArray();
        while (reader.Read())
        {
            json.WriteStartObject();
            foreach (var (column, value) in edition.Columns.Zip(Values(reader)))
            {
                json.WritePropertyName(column.Name);
                json.WriteRawValue(JsonSerializer.SerializeToUtf8Bytes(value, Relaxed), skipInputValidation: true);
            }
            json.WriteEndObject();
            if (json.BytesPending > 1 << 15)
                await json.FlushAsync(cancel);
        }
        json.WriteEndArray();
    }

    private static string All(Pack pack, Dataset dataset, OpenedEdition edition) => $"SELECT {Columns(edition)} FROM {Table(pack, dataset, edition.Edition)} ORDER BY {Sql.Name(Place)}";

    private static string Columns(OpenedEdition edition) => string.Join(", ", edition.Columns.Select(c => Sql.Name(c.Name)));

    private static IEnumerable<object?> Values(DbDataReader reader) => Enumerable.Range(0, reader.FieldCount).Select(i => reader.IsDBNull(i) ? null : DatasetRows.Plain(reader.GetValue(i)));

    private static string Table(Pack pack, Dataset dataset, long edition) => $"{Sql.Name(Schema)}.{Sql.Name(Name(pack, dataset, edition))}";

    private static string Name(Pack pack, Dataset dataset, long edition) => Start(pack.Id, dataset.Id) + edition.ToString(CultureInfo.InvariantCulture);

    // PostgreSQL cuts names after 63 bytes.
    private static string Start(string pack, string dataset) => $"{dataset[..Math.Min(24, dataset.Length)]}~{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{pack}/{dataset}")))[..12]}~";
}
