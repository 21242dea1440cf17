using Guantong.Packs;
using Guantong.Trust;

namespace Guantong.Data;

/// <summary>A column of what is open.</summary>
/// <param name="Type">string, integer, number, decimal, boolean, date or timestamp.</param>
/// <param name="IsAlways">Whether every row has a value.</param>
public sealed record OpenColumn(string Name, string Title, string Type, string Unit, bool IsAlways, IReadOnlyList<string> Values);

/// <summary>A dataset that the public is told of: its rows, or what is published instead of them.</summary>
/// <param name="Edition">What is published instead; null where the rows are open themselves, or nothing is published yet.</param>
public sealed record OpenDataset(Pack Pack, Dataset Dataset, OpenedEdition? Edition)
{
    /// <summary>Whether something is published instead of its rows.</summary>
    public bool IsBySteps => !DataRoom.IsPublic(Dataset);

    /// <summary>Whether there is something to read.</summary>
    public bool HasRows => !IsBySteps || Edition is not null;

    /// <summary>Where its rows are had, below the site: add <c>.csv</c> or <c>.json</c> for all of them.</summary>
    public string RowsPath => $"/api/v1/datasets/{Pack.Id}/{Dataset.Id}/{(IsBySteps ? "opened/" : "")}rows";

    /// <summary>Its page, below the site.</summary>
    public string Page => $"/data/{Pack.Id}/{Dataset.Id}";

    /// <summary>Its columns, in a reader's language.</summary>
    public IReadOnlyList<OpenColumn> Columns(string lang) => Edition is null && IsBySteps ? [] : Edition is null
        ? [.. Dataset.Fields.Select(f => new OpenColumn(f.Id, Pack.Say(lang, f.Name), f.Type, f.Unit ?? "", f.Required || Dataset.Key.Any(k => k.Name == f.Id), f.OneOf))]
        : [.. Edition.Columns.Select(c => Of(c, lang))];

    private OpenColumn Of(OpenedColumn column, string lang)
    {
        if (Dataset.Field(column.Name) is { } field)
            return new OpenColumn(column.Name, Pack.Say(lang, field.Name), column.Type, column.Type == field.Type ? field.Unit ?? "" : "", false, column.Type == field.Type && Dataset.Opening!.StepOf(field.Id)?.Kind == "keep" && Dataset.Opening.Counts is null ? field.OneOf : []);
        var summed = Dataset.Opening!.Counts?.Sums.Select(s => Dataset.Field(s.Name)!).FirstOrDefault(f => column.Name.StartsWith("sum_" + f.Id, StringComparison.Ordinal));
        return new OpenColumn(column.Name, summed is null ? CatalogueTexts.Say(lang, "open.count") : CatalogueTexts.Say(lang, "open.sum", Pack.Say(lang, summed.Name)), column.Type, summed?.Unit ?? "", false, []);
    }

    /// <summary>When what is open last changed; null where nothing was loaded yet.</summary>
    public DateTimeOffset? Changed(Warehouse warehouse) => Edition is { } edition ? Time.Read(edition.At)
        : LoadBook.Newest(warehouse).TryGetValue((Pack.Id, Dataset.Id), out var ended) ? new DateTimeOffset(DateTime.SpecifyKind(ended, DateTimeKind.Utc)) : null;
}

/// <summary>Finds what the public is told of: datasets whose rows are open, and those of which something is published by declared steps.</summary>
public sealed class OpenData(PackRegistry packs, Openings openings, Warehouse warehouse, DatasetSeals seals)
{
    /// <summary>One of them, or null. What is opened without condition is there once an edition stands; on condition, before.</summary>
    public async Task<OpenDataset?> FindAsync(string pack, string dataset, CancellationToken cancel = default)
    {
        if (packs.Find(pack) is { } found && found.Dataset(dataset) is { } rows && DataRoom.IsPublic(rows))
            return new OpenDataset(found, rows, null);
        if (openings.Find(pack, dataset) is not var (p, d))
            return null;
        var edition = await openings.EditionAsync(p, d, cancel);
        return edition is not null || d.Open == "conditional" ? new OpenDataset(p, d, edition) : null;
    }

    /// <summary>A page of its rows; whoever asks has to be let in before.</summary>
    public async Task<RowPage> PageAsync(OpenDataset open, int skip, int take, CancellationToken cancel = default) => open.Edition is { } edition
        ? OpenedTable.Page(warehouse, open.Pack, open.Dataset, edition, skip, take)
        : DatasetRows.Page(warehouse, open.Pack, open.Dataset, new RowQuery(Skip: skip, Take: take), RowsSeen.All, await seals.ReadingAsync(open.Pack, cancel));

    /// <summary>Whether it comes from a sample that was made up for trial.</summary>
    public bool IsSynthetic(OpenDataset open) => DatasetStatus.IsSynthetic(warehouse, open.Pack, open.Dataset);
}
