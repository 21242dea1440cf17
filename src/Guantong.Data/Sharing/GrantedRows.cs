using System.Data.Common;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Guantong.Packs;
using Guantong.Trust;

namespace Guantong.Data;

/// <summary>A page of what a grant opens.</summary>
/// <param name="Rows">Field → value; masked ones as they are shown.</param>
public sealed record GrantedPage(IReadOnlyList<string> Fields, IReadOnlyList<string> Masked, IReadOnlyList<IReadOnlyDictionary<string, object?>> Rows, long Total, int Skip, int Take);

/// <summary>Reads what a grant opens of a dataset, field by field and row by row; nothing else leaves here.</summary>
/// <remarks>Values that are sealed at rest are opened for the grant's fields alone, and masked again where it does not give them in clear.</remarks>
public sealed class GrantedRows(Warehouse warehouse, DatasetSeals seals)
{
    private static readonly JsonWriterOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>A page of rows.</summary>
    /// <param name="verdict">What the grant said to this very call.</param>
    /// <param name="by">Field → value that rows must have.</param>
    public async Task<GrantedPage> PageAsync(ShareGrant grant, ShareVerdict verdict, Pack pack, Dataset dataset, IReadOnlyDictionary<string, string> by, int skip, int take, CancellationToken cancel = default)
    {
        var read = new Reading(grant, verdict, pack, dataset, await seals.ReadingAsync(pack, cancel));
        using var connection = warehouse.Read();
        using var moment = connection.Moment();
        var (where, values) = read.Where(connection, by);
        var rows = connection.Rows($"{read.Select} {where} ORDER BY {DatasetRows.Order(dataset, new RowQuery())} LIMIT {take} OFFSET {skip}", read.Row, values);
        var total = rows.Count < take && skip == 0 ? rows.Count : connection.Count($"SELECT count(*) FROM {Sql.Table(pack.Id, dataset.Table)} AS d {where}", values);
        return new(verdict.Fields, verdict.Masked, rows, total, skip, take);
    }

    /// <summary>Whether there is a row that has all these values: yes or no, without the data.</summary>
    /// <param name="by">What names the row.</param>
    /// <param name="compared">What is held against it; width, case and outer blanks make no difference.</param>
    /// <remarks>Spec plat-base-libraries: population serves verify (yes or no); nobody browses persons.</remarks>
    public async Task<bool> VerifyAsync(ShareGrant grant, ShareVerdict verdict, Pack pack, Dataset dataset, IReadOnlyDictionary<string, string> by, IReadOnlyDictionary<string, string> compared, CancellationToken cancel = default)
    {
        // Nothing of it leaves: it is compared in clear.
        var read = new Reading(grant, verdict with { Fields = [.. compared.Keys, .. by.Keys.Where(k => !compared.ContainsKey(k))], Masked = [] }, pack, dataset, await seals.ReadingAsync(pack, cancel));
        using var connection = warehouse.Read();
        using var moment = connection.Moment();
        var (where, values) = read.Where(connection, by);
        return connection.Rows($"{read.Select} {where} LIMIT 100", read.Row, values).Any(row => compared.All(c => Same(row[c.Key], c.Value)));
    }

    private static bool Same(object? value, string given) => value is not null && Plain(Convert.ToString(value, System.Globalization.CultureInfo.InvariantCulture)!) == Plain(given);

    private static string Plain(string text) => text.Trim().Normalize(NormalizationForm.FormKC).ToUpperInvariant();

    /// <summary>Streams every row that the grant opens as CSV, the last column being the mark by which a copy is traced.</summary>
    public async Task<long> WriteCsvAsync(ShareGrant grant, ShareVerdict verdict, Pack pack, Dataset dataset, string mark, Stream to, CancellationToken cancel)
    {
        var read = new Reading(grant, verdict, pack, dataset, await seals.ReadingAsync(pack, cancel));
        await using var writer = Csv.Writer(to);
        await writer.WriteLineAsync(string.Join(',', verdict.Fields.Append(MarkField)));
        using var connection = warehouse.Read();
        using var command = connection.Streamed(read.All(connection));
        using var reader = command.ExecuteReader();
        var rows = 0L;
        for (; reader.Read(); rows++)
        {
            cancel.ThrowIfCancellationRequested();
            await writer.WriteLineAsync(Csv.Line(Enumerable.Range(0, verdict.Fields.Count).Select(i => read.Value(reader, i)).Append(mark)));
        }
        return rows;
    }

    /// <summary>The same as one JSON object a line (application/jsonl).</summary>
    public async Task<long> WriteLinesAsync(ShareGrant grant, ShareVerdict verdict, Pack pack, Dataset dataset, string mark, Stream to, CancellationToken cancel)
    {
        var read = new Reading(grant, verdict, pack, dataset, await seals.ReadingAsync(pack, cancel));
        using var connection = warehouse.Read();
        using var command = connection.Streamed(read.All(connection));
        using var reader = command.ExecuteReader();
        using var buffer = new MemoryStream();
        var rows = 0L;
        for (; reader.Read(); rows++)
        {
            using (var json = new Utf8JsonWriter(buffer, Relaxed))
            {
                json.WriteStartObject();
                for (var i = 0; i < verdict.Fields.Count; i++)
                {
                    json.WritePropertyName(verdict.Fields[i]);
                    JsonSerializer.Serialize(json, read.Value(reader, i));
                }
                json.WriteString(MarkField, mark);
                json.WriteEndObject();
            }
            buffer.WriteByte((byte)'\n');
            if (buffer.Length > 1 << 15)
                await EmptyAsync(buffer, to, cancel);
        }
        await EmptyAsync(buffer, to, cancel);
        return rows;
    }

    private static async Task EmptyAsync(MemoryStream buffer, Stream to, CancellationToken cancel)
    {
        await to.WriteAsync(buffer.GetBuffer().AsMemory(0, (int)buffer.Length), cancel);
        buffer.SetLength(0);
    }

    /// <summary>The column of the mark.</summary>
    public const string MarkField = "_watermark";

    /// <summary>What came, changed and went since a position, of the rows and fields that the grant opens.</summary>
    /// <exception cref="FormatException">The position is none of this dataset's.</exception>
    public async Task<RegionChanges> ChangesAsync(ShareGrant grant, ShareVerdict verdict, Pack pack, Dataset dataset, string? position, int take, CancellationToken cancel = default)
    {
        var reading = await seals.ReadingAsync(pack, cancel);
        var read = new Reading(grant, verdict, pack, dataset, reading);
        var changes = RegionChanges.Read(warehouse, pack, dataset, RowsSeen.Granted(pack, dataset, grant.Terms.Region, grant.Terms.Rows), position, take, reading, isOpen: true);
        var keys = verdict.Fields.Where(f => dataset.Key.Any(k => k.Name == f)).ToHashSet();
        return changes with
        {
            Rows = [.. changes.Rows.Select(r => verdict.Fields.ToDictionary(f => f, f => read.Shown(f, r[f])))],
            Removed = [.. changes.Removed.Select(r => r.Where(f => keys.Contains(f.Key)).ToDictionary(f => f.Key, f => read.Shown(f.Key, f.Value)))],
        };
    }

    private sealed class Reading(ShareGrant grant, ShareVerdict verdict, Pack pack, Dataset dataset, RowSeals? seals)
    {
        private readonly RowsSeen _seen = RowsSeen.Granted(pack, dataset, grant.Terms.Region, grant.Terms.Rows);
        private readonly Dictionary<string, string?> _masked = verdict.Masked.ToDictionary(f => f, f => Kind(pack, dataset, f));

        private static string? Kind(Pack pack, Dataset dataset, string field) => dataset.Field(field)!.Personal
            ?? (pack.HomeOf(dataset, dataset.Field(field)!) is { } home ? pack.Dataset(home.Dataset)?.Field(home.Field)?.Personal : null);

        public string Select => $"SELECT {string.Join(", ", verdict.Fields.Select(f => "d." + Sql.Name(f)))} FROM {Sql.Table(pack.Id, dataset.Table)} AS d";

        public string All(DbConnection connection) => $"{Select} {Where(connection, new Dictionary<string, string>()).Where} ORDER BY {DatasetRows.Order(dataset, new RowQuery())}";

        public (string Where, List<object?> Values) Where(DbConnection connection, IReadOnlyDictionary<string, string> by) => DatasetRows.Where(connection, pack, dataset, new RowQuery(Equal: by), _seen, seals);

        public IReadOnlyDictionary<string, object?> Row(DbDataReader reader) => verdict.Fields.Select((f, i) => (Field: f, Value: Value(reader, i))).ToDictionary(v => v.Field, v => v.Value);

        public object? Value(DbDataReader reader, int i) => reader.IsDBNull(i) ? null : Shown(verdict.Fields[i], DatasetRows.Plain(reader.GetValue(i)));

        public object? Shown(string field, object? value)
        {
            var clear = value is string text && seals is not null ? seals.Reveal(text) : value;
            return _masked.TryGetValue(field, out var kind) ? Mask.Of(kind, Convert.ToString(clear, System.Globalization.CultureInfo.InvariantCulture)) : clear;
        }
    }
}
