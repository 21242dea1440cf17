using System.Text.Json;
using Guantong.Packs;
using Guantong.Trust;

namespace Guantong.Data;

/// <summary>Notes in the ledger who read rows of a dataset that is not open to everybody, and who took them away.</summary>
/// <remarks>Plan, annex 6 §5(9): 事中全留痕. What anyone may read is nobody's to know.</remarks>
public sealed class DatasetReads(Store store, Looks looks, TimeProvider clock)
{
    /// <summary>Rows that were looked at.</summary>
    /// <param name="fields">The fields by whose values they were looked for: names, never values.</param>
    /// <param name="isDrawn">By a page, which is drawn more than once for one look.</param>
    public Task ReadAsync(Person? by, Pack pack, Dataset dataset, IEnumerable<string> fields, int skip, bool isDrawn = false, CancellationToken cancel = default) =>
        by is not null && !DataRoom.IsPublic(dataset) && (!isDrawn || looks.IsNew(by, $"dataset:{pack.Id}/{dataset.Id}:{string.Join(',', fields)}:{skip}"))
            ? NoteAsync(by, "dataset.rows-read", pack, dataset, new { by = fields, skip }, cancel) : Task.CompletedTask;

    /// <summary>All rows that were taken away, each time.</summary>
    public Task ExportedAsync(Person? by, Pack pack, Dataset dataset, string format, CancellationToken cancel = default) =>
        by is not null && !DataRoom.IsPublic(dataset) ? NoteAsync(by, "dataset.exported", pack, dataset, new { format }, cancel) : Task.CompletedTask;

    private Task NoteAsync(Person by, string action, Pack pack, Dataset dataset, object detail, CancellationToken cancel) => store.ChangeAsync(clock.GetUtcNow(), change =>
    {
        change.Record(by, action, $"dataset:{pack.Id}/{dataset.Id}", JsonSerializer.Serialize(detail), dataset: $"{pack.Id}/{dataset.Id}");
        return Task.CompletedTask;
    }, cancel);
}
