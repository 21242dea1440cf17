using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using Dapper;
using Guantong.Trust;

namespace Guantong.Data;

/// <summary>What taking an entry of a form would do.</summary>
/// <param name="Does">add, change or keep.</param>
/// <param name="Row">Its row on the sheet of resources.</param>
public sealed record ImportLine(string Does, int Row, string Name, IReadOnlyList<EntryChange> Changes);

/// <summary>What taking a form would do, all of it or nothing.</summary>
/// <param name="Digest">Of this preview: what is applied is what was shown.</param>
public sealed record ImportPlan(IReadOnlyList<ImportLine> Lines, IReadOnlyList<SheetFault> Faults, string Digest)
{
    /// <summary>The entries that would be written.</summary>
    [JsonIgnore]
    internal IReadOnlyList<CatalogueEntry> Entries { get; init; } = [];

    /// <summary>How many lines do something.</summary>
    public int Count(string does) => Lines.Count(l => l.Does == does);
}

/// <summary>Takes the departments' form: shows what it would change, then changes exactly that.</summary>
public sealed class CatalogueImport(Store store, CatalogueBook book, Jurisdiction land, TimeProvider clock)
{
    /// <summary>The largest file, in bytes.</summary>
    public const long LargestFile = 32 << 20;

    // Faults beyond these help nobody.
    private const int MostFaults = 500;

    /// <summary>What taking a workbook would do.</summary>
    public Task<ImportPlan> PlanExcelAsync(Person by, Stream workbook, CancellationToken cancel = default) => PlanAsync(by, () => FormFiles.ReadExcel(workbook), cancel);

    /// <summary>What taking two CSV files would do; the second may be empty.</summary>
    public Task<ImportPlan> PlanCsvAsync(Person by, byte[] resources, byte[] items, CancellationToken cancel = default) => PlanAsync(by, () => (FormFiles.ReadCsv(resources), items.Length == 0 ? [] : FormFiles.ReadCsv(items)), cancel);

    /// <summary>Carries a plan out.</summary>
    /// <param name="shown">The digest of the preview that was shown.</param>
    /// <returns>False where it would by now do something else than was shown, or has faults: nothing is changed then.</returns>
    public async Task<bool> ApplyAsync(Person by, ImportPlan plan, string shown, CancellationToken cancel = default)
    {
        if (plan.Faults.Count > 0 || plan.Digest != shown)
            return false;
        await book.ImportAsync(by, plan.Entries, "form", cancel);
        return true;
    }

    private async Task<ImportPlan> PlanAsync(Person by, Func<(List<IReadOnlyList<string>> Resources, List<IReadOnlyList<string>> Items)> read, CancellationToken cancel)
    {
        FormReading reading;
        (List<IReadOnlyList<string>> Resources, List<IReadOnlyList<string>> Items) sheets;
        try
        {
            sheets = read();
            reading = FormReader.Read(sheets.Resources, sheets.Items);
        }
        catch (FormFileException broken)
        {
            return new ImportPlan([], [new SheetFault("", 0, "", "", broken.Code)], "");
        }
        var faults = new List<SheetFault>(reading.Faults);
        var (lines, entries) = (new List<ImportLine>(), new List<CatalogueEntry>());
        var known = await KnownAsync(reading.Entries, cancel);
        var names = await NamesAsync(cancel);
        foreach (var given in reading.Entries)
        {
            var entry = book.Own(given.Entry);
            var kept = known.GetValueOrDefault(entry.Code);
            var own = EntryCheck.Of(entry, land).Select(f => FormReader.Place(given, f, sheets.Resources[0], sheets.Items.FirstOrDefault() ?? [])).ToList();
            if (entry.Code.Length > 0 && kept is null)
                own.Add(At(sheets.Resources[0], given, "code", "code-unknown", entry.Code));
            else if (kept is null && names.TryGetValue((entry.Name, entry.Provider), out var same))
                own.Add(At(sheets.Resources[0], given, "code", "same-name", same));
            else if (kept is null ? !CatalogueBook.MayEdit(by, entry) : !CatalogueBook.MayEdit(by, kept.Entry) && EntryFields.Changes(kept.Entry, entry).Count > 0)
                own.Add(At(sheets.Resources[0], given, "provider", "not-yours"));
            entry = entry with { Id = kept?.Entry.Id ?? Guid.CreateVersion7(clock.GetUtcNow()).ToString("n"), Published = entry.Published.Length > 0 ? entry.Published : kept?.Entry.Published ?? "" };
            var changes = EntryFields.Changes(kept?.Entry, entry);
            if (kept is { Origin: "pack" or "harvest" } && changes.Count > 0)
                own.Add(At(sheets.Resources[0], given, "code", "follows", string.Join("、", changes.Select(c => c.Path).Take(5))));
            faults.AddRange(own);
            var does = kept is null ? "add" : changes.Count > 0 || kept.State != "current" ? "change" : "keep";
            lines.Add(new ImportLine(does, given.Row, entry.Name, kept is null ? [] : changes));
            if (does != "keep" && own.Count == 0)
                entries.Add(entry);
        }
        var digest = Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(lines.Select(l => new { l, version = 0 }).Concat(known.Values.OrderBy(k => k.Entry.Id, StringComparer.Ordinal).Select(k => new { l = new ImportLine("", 0, k.Entry.Id, []), version = k.Version })))));
        return new ImportPlan(lines, [.. faults.OrderBy(f => f.Sheet == CatalogueForm.Items).ThenBy(f => f.Row).Take(MostFaults)], digest) { Entries = entries };
    }

    private async Task<Dictionary<string, KeptEntry>> KnownAsync(IReadOnlyList<FormEntry> entries, CancellationToken cancel)
    {
        var known = new Dictionary<string, KeptEntry>();
        foreach (var codes in entries.Select(e => e.Entry.Code).Where(c => c.Length > 0).Chunk(500))
        {
            var ids = await store.ReadAsync(c => c.QueryAsync<string>($"SELECT id FROM catalogue_entry WHERE code {(store.IsPostgres ? "= ANY(@codes)" : "IN @codes")}", new { codes }), cancel);
            foreach (var kept in await book.FindAsync([.. ids], cancel))
                known[kept.Entry.Code] = kept;
        }
        return known;
    }

    // A form without codes that is taken twice would double everything.
    private async Task<Dictionary<(string, string), string>> NamesAsync(CancellationToken cancel)
    {
        var names = new Dictionary<(string, string), string>();
        await foreach (var kept in book.AllAsync(false, cancel))
            names[(kept.Entry.Name, kept.Entry.Provider)] = kept.Entry.Code;
        return names;
    }

    private static SheetFault At(IReadOnlyList<string> header, FormEntry given, string key, string code, string what = "")
    {
        var name = CatalogueForm.Header("resource", key);
        var column = header.ToList().FindIndex(h => h.Trim() == name);
        return new SheetFault(CatalogueForm.Resources, given.Row, name, column < 0 ? "" : $"{CatalogueForm.Letters(column)}{given.Row}", code, what);
    }
}
