using System.Text.Json;
using Guantong.Packs;
using Guantong.Trust;

namespace Guantong.Data;

/// <summary>Takes rows in that a unit sends by itself over the API.</summary>
public sealed class PushedRows(Warehouse warehouse, DatasetSeals seals)
{
    /// <summary>The most rows that one call may send.</summary>
    public const int Most = 100_000;

    /// <summary>Whether somebody may send a dataset's rows: those of its source unit, and programs that were let in; one whose key acts for a unit sends that unit's alone.</summary>
    public static bool MaySend(Person who, Dataset dataset, Jurisdiction land)
    {
        var source = land.Units.Named(dataset.Source.Name)?.Id;
        return who.May("rows.push", new Thing(source), land) && (who.Kind != "machine" || who.Unit is null || who.Unit == source);
    }

    /// <summary>Puts rows in, or takes them out.</summary>
    /// <param name="rows">Objects whose members are the feed's columns; of rows to be taken out, those of the key.</param>
    /// <param name="gone">Whether they are to be taken out.</param>
    /// <param name="sender">Who sends: stands where a load's file does.</param>
    /// <param name="position">How far the sender has come, in the sender's own count: sent again with the position that stands, rows are not taken again. Null when it keeps none.</param>
    /// <returns>What came of it; null when this position has been taken before.</returns>
    /// <exception cref="LoadRefusedException">They are no rows of the dataset; nothing was changed.</exception>
    public async Task<LoadSummary?> TakeAsync(Pack pack, Dataset dataset, JsonElement rows, bool gone, string sender, string? position, CancellationToken cancel = default)
    {
        var name = $"push:{sender}";
        if (rows.ValueKind != JsonValueKind.Array)
            throw new LoadRefusedException(name, 0, "json-no-list", "/");
        if (rows.GetArrayLength() is 0 or > Most)
            throw new LoadRefusedException(name, 0, rows.GetArrayLength() == 0 ? "json-empty" : "push-many", $"{Most}");
        if (position is not null && Positions.Of(warehouse, pack.Id, dataset.Id, name) == position)
            return null;
        var scratch = warehouse.NewScratch();
        try
        {
            var file = Written(dataset, rows, gone, name, Path.Combine(scratch.FullName, "rows.csv"));
            var delivery = new Delivery([file], Source: position is null ? null : name, Position: position) { IsKnownByContent = false };
            var summary = await seals.WriteAsync(pack, dataset, keys => RowLoad.Deliver(warehouse, pack, dataset, delivery, scratch.FullName, null, keys, cancel), cancel);
            warehouse.Tell();
            return summary;
        }
        finally
        {
            scratch.Delete(true);
        }
    }

    private static ProbedFile Written(Dataset dataset, JsonElement rows, bool gone, string name, string path)
    {
        var feed = dataset.Feed!;
        IReadOnlyList<string> wanted = [.. feed.Columns.SelectMany(c => c.Headers).Distinct()];
        var key = feed.Columns.Where(c => dataset.Key.Any(k => k.Name == c.Field.Name)).SelectMany(c => c.Headers).ToHashSet();
        using var text = new StagedText(path, name, wanted, removes: gone);
        foreach (var row in rows.EnumerateArray())
        {
            var place = text.Count + 1;
            if (row.ValueKind != JsonValueKind.Object)
                throw new LoadRefusedException(name, place, "json-no-record");
            if (row.EnumerateObject().FirstOrDefault(m => !wanted.Contains(m.Name)) is { Value.ValueKind: not JsonValueKind.Undefined } other)
                throw new LoadRefusedException(name, place, "push-unknown", other.Name, string.Join(", ", wanted));
            var lacking = wanted.Where(w => (!gone || key.Contains(w)) && !feed.Omits && !row.TryGetProperty(w, out _)).ToList();
            if (lacking.Count > 0)
                throw new LoadRefusedException(name, place, "json-member-missing", string.Join(", ", lacking), CsvText.Cut(string.Join(", ", row.EnumerateObject().Select(m => m.Name))));
            text.Add([.. wanted.Select(w => row.TryGetProperty(w, out var value) ? Text(value) : null)], place, gone);
        }
        return text.End(Guid.NewGuid().ToString("n"));
    }

    private static string? Text(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => null,
        JsonValueKind.String => value.GetString(),
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        _ => value.GetRawText(),
    };
}
