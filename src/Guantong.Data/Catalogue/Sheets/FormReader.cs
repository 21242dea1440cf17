namespace Guantong.Data;

/// <summary>Something on a form that cannot be taken, by sheet, row and column.</summary>
/// <param name="Row">As the spreadsheet counts: the header is row 1; 0 for the whole sheet.</param>
/// <param name="Column">The header of the column, or empty.</param>
/// <param name="Cell">The cell as a spreadsheet names it, or empty.</param>
/// <param name="Code">Its sentence stands under <c>form.fault.code</c>, or is an entry's.</param>
public sealed record SheetFault(string Sheet, int Row, string Column, string Cell, string Code, string Given = "")
{
    /// <summary>The sentence in a reader's language.</summary>
    public string Say(string lang) => CatalogueTexts.Say(lang, Code.Contains('.', StringComparison.Ordinal) ? Code : "form.fault." + Code, Given);
}

/// <summary>An entry as it stands on a form, and where.</summary>
/// <param name="Row">Its row on the sheet of resources.</param>
public sealed record FormEntry(CatalogueEntry Entry, int Row, IReadOnlyList<int> ItemRows);

/// <summary>What a form says.</summary>
public sealed record FormReading(IReadOnlyList<FormEntry> Entries, IReadOnlyList<SheetFault> Faults);

/// <summary>Reads the rows of a form's two sheets into entries. Columns may stand in any order; what is not known, missing or doubled is told.</summary>
internal static class FormReader
{
    /// <summary>The most rows of one sheet.</summary>
    public const int MostRows = 200_000;

    public static FormReading Read(IReadOnlyList<IReadOnlyList<string>> resources, IReadOnlyList<IReadOnlyList<string>> items)
    {
        var faults = new List<SheetFault>();
        var first = Columns(CatalogueForm.Resources, "resource", resources, CatalogueForm.ResourceColumns, faults);
        var second = items.Count == 0 ? null : Columns(CatalogueForm.Items, "item", items, CatalogueForm.ItemColumns, faults);
        if (first is null || faults.Count > 0)
            return new FormReading([], faults);
        var byNumber = Items(items, second, faults);
        var (entries, seen, codes) = (new List<FormEntry>(), new Dictionary<string, int>(), new Dictionary<string, int>());
        for (var r = 1; r < resources.Count; r++)
        {
            var row = resources[r];
            if (row.All(c => c.Trim().Length == 0))
                continue;
            var number = Cell(row, first[CatalogueForm.Number]).Trim();
            var entry = EntryFields.All.Aggregate(new CatalogueEntry(), (e, f) => first.TryGetValue(f.Key, out var at) ? f.Write(e, CatalogueForm.Read(f.Key, Cell(row, at))) : e);
            if (number.Length == 0)
                faults.Add(Fault(CatalogueForm.Resources, "resource", r, first, CatalogueForm.Number, "number"));
            else if (!seen.TryAdd(number, r + 1))
                faults.Add(Fault(CatalogueForm.Resources, "resource", r, first, CatalogueForm.Number, "number-twice", $"{seen[number]}"));
            if (entry.Code.Length > 0 && !codes.TryAdd(entry.Code, r + 1))
                faults.Add(Fault(CatalogueForm.Resources, "resource", r, first, "code", "code-twice", $"{codes[entry.Code]}"));
            if (first.TryGetValue("grade", out var graded) && Cell(row, graded).Trim() is { Length: > 0 } grade && entry.Grade is null)
                faults.Add(Fault(CatalogueForm.Resources, "resource", r, first, "grade", "entry.fault.grade", grade));
            byNumber.Remove(number, out var own);
            entries.Add(new FormEntry(EntryFields.Normal(entry with { Items = [.. (own ?? []).Select(i => i.Item)] }), r + 1, [.. (own ?? []).Select(i => i.Row)]));
        }
        foreach (var (number, stray) in byNumber)
            faults.AddRange(stray.Select(s => Fault(CatalogueForm.Items, "item", s.Row - 1, second!, CatalogueForm.Number, "item-stray", number)));
        if (entries.Count == 0 && faults.Count == 0)
            faults.Add(new SheetFault(CatalogueForm.Resources, 0, "", "", "nothing"));
        return new FormReading(entries, faults);
    }

    /// <summary>Where a fault of an entry stands on the form.</summary>
    public static SheetFault Place(FormEntry entry, EntryFault fault, IReadOnlyList<string> resourceHeader, IReadOnlyList<string> itemHeader)
    {
        var isItem = fault.Field.StartsWith("items.", StringComparison.Ordinal);
        var key = isItem ? fault.Field[(fault.Field.LastIndexOf('.') + 1)..] : fault.Field;
        var (sheet, kind, header) = isItem ? (CatalogueForm.Items, "item", itemHeader) : (CatalogueForm.Resources, "resource", resourceHeader);
        var id = isItem ? fault.Field["items.".Length..fault.Field.LastIndexOf('.')] : "";
        var at = isItem ? Math.Max(0, fault.Code == "twice" ? entry.Entry.Items.ToList().FindLastIndex(i => i.Id == id) : entry.Entry.Items.ToList().FindIndex(i => i.Id == id) is >= 0 and var found ? found : int.TryParse(id, out var n) ? n - 1 : 0) : 0;
        var row = isItem ? entry.ItemRows.ElementAtOrDefault(at) : entry.Row;
        var name = key == "items" ? "" : CatalogueForm.Header(kind, key);
        var column = header.ToList().FindIndex(h => h.Trim() == name);
        return new SheetFault(sheet, row, name, column < 0 ? "" : $"{CatalogueForm.Letters(column)}{row}", "entry.fault." + fault.Code, fault.Code == "one-of" && CatalogueForm.Choices(key) is { } choices ? $"{fault.Given}”（{string.Join("、", choices)}）“" : fault.Given);
    }

    private static Dictionary<string, List<(EntryItem Item, int Row)>> Items(IReadOnlyList<IReadOnlyList<string>> rows, Dictionary<string, int>? columns, List<SheetFault> faults)
    {
        var byNumber = new Dictionary<string, List<(EntryItem, int)>>();
        for (var r = 1; columns is not null && r < rows.Count; r++)
        {
            var row = rows[r];
            if (row.All(c => c.Trim().Length == 0))
                continue;
            var number = Cell(row, columns[CatalogueForm.Number]).Trim();
            if (number.Length == 0)
                faults.Add(Fault(CatalogueForm.Items, "item", r, columns, CatalogueForm.Number, "number"));
            var item = EntryFields.OfItem.Aggregate(EntryFields.NoItem, (i, f) => columns.TryGetValue(f.Key, out var at) ? f.Write(i, CatalogueForm.Read(f.Key, Cell(row, at))) : i);
            foreach (var key in (string[])["key", "personal"])
            {
                if (columns.TryGetValue(key, out var at) && CatalogueForm.Read(key, Cell(row, at)) is { Length: > 0 } said && said != EntryFields.Yes)
                    faults.Add(Fault(CatalogueForm.Items, "item", r, columns, key, "yes-no", said));
            }
            if (!byNumber.TryGetValue(number, out var own))
                byNumber[number] = own = [];
            own.Add((item, r + 1));
        }
        return byNumber;
    }

    private static Dictionary<string, int>? Columns(string sheet, string kind, IReadOnlyList<IReadOnlyList<string>> rows, IReadOnlyList<string> known, List<SheetFault> faults)
    {
        if (rows.Count == 0)
        {
            faults.Add(new SheetFault(sheet, 0, "", "", "sheet-missing", sheet));
            return null;
        }
        if (rows.Count > MostRows)
            faults.Add(new SheetFault(sheet, MostRows, "", "", "too-many", $"{MostRows}"));
        var byHeader = known.ToDictionary(k => CatalogueForm.Header(kind, k));
        var columns = new Dictionary<string, int>();
        for (var c = 0; c < rows[0].Count; c++)
        {
            var header = rows[0][c].Trim();
            if (header.Length == 0)
                continue;
            if (!byHeader.TryGetValue(header, out var key))
                faults.Add(new SheetFault(sheet, 1, header, CatalogueForm.Letters(c) + "1", "header-unknown", $"{header}”（{Packs.Reading.Nearest.To(header, byHeader.Keys)}）“"));
            else if (!columns.TryAdd(key, c))
                faults.Add(new SheetFault(sheet, 1, header, CatalogueForm.Letters(c) + "1", "header-twice", header));
        }
        foreach (var needed in (string[])(kind == "item" ? [CatalogueForm.Number, "id", "name", "type"] : [CatalogueForm.Number, "code", "name", "about", "provider", "share", "open"]))
        {
            if (!columns.ContainsKey(needed))
                faults.Add(new SheetFault(sheet, 1, CatalogueForm.Header(kind, needed), "", "header-missing", CatalogueForm.Header(kind, needed)));
        }
        return columns;
    }

    private static SheetFault Fault(string sheet, string kind, int row, Dictionary<string, int> columns, string key, string code, string given = "") =>
        new(sheet, row + 1, CatalogueForm.Header(kind, key), $"{CatalogueForm.Letters(columns[key])}{row + 1}", code, given);

    private static string Cell(IReadOnlyList<string> row, int column) => column < row.Count ? row[column] : "";
}
