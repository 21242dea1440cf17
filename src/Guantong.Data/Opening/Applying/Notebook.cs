using Dapper;
using Guantong.Packs;
using Guantong.Trust;

namespace Guantong.Data;

/// <summary>A cell of a permission's notebook: a statement, and what came of its last run.</summary>
/// <param name="Result">What is told of it: nothing but its state until somebody who answers for the data has released it. Null before the first run.</param>
public sealed record NotebookCell(string Id, string Statement, string Made, string Changed, ToldResult? Result);

/// <summary>A result as an applicant is told of it.</summary>
/// <param name="State">held, released or refused.</param>
/// <param name="Statement">What was run.</param>
/// <param name="Columns">Its columns and rows, once it is released.</param>
public sealed record ToldResult(string Id, string Statement, string State, string Made, string? Decided, string Reason, IReadOnlyList<ConfinedColumn>? Columns, IReadOnlyList<IReadOnlyList<object?>>? Rows);

/// <summary>A notebook: what its statements may name, and its cells.</summary>
/// <param name="Table">The name by which statements call the dataset.</param>
/// <param name="IsOpen">Whether statements may be run: the permission stands.</param>
public sealed record Notebook(OpeningPermission Permission, Pack Pack, Dataset Dataset, string Table, IReadOnlyList<Field> Fields, bool IsOpen, IReadOnlyList<NotebookCell> Cells);

/// <summary>The notebooks of approved applicants (数据沙箱): SQL over the raw rows, which cannot leave; what comes of it is held until somebody who answers for the data has looked at it.</summary>
/// <remarks>Plan, annex 6 §5(4)6. Of a held result not even the number of its rows is told: by that alone, rows could be guessed one after another.</remarks>
public sealed class Notebooks(Store store, Permissions permissions, PackRegistry packs, SharedThings things, Sandbox sandbox, TimeProvider clock)
{
    /// <summary>The most cells of one.</summary>
    public const int MostCells = 50;

    private sealed class Row
    {
        public string Id { get; set; } = "";
        public string Statement { get; set; } = "";
        public string? Result { get; set; }
        public string Made { get; set; } = "";
        public string Changed { get; set; } = "";
    }

    /// <summary>Somebody's notebook, or null where they have no such permission.</summary>
    public async Task<Notebook?> FindAsync(Person who, string permission, CancellationToken cancel = default)
    {
        if (await permissions.PermissionAsync(permission, cancel) is not { Form: "sandbox" } found || found.Login != who.Login || packs.Find(found.Pack) is not { } pack || pack.Dataset(found.Dataset) is not { } dataset)
            return null;
        var names = Sandbox.Fields(SandboxHolder.Of(found, dataset), things.Of(pack, dataset), pack, dataset);
        var isOpen = (await permissions.HoldsAsync(who, pack, dataset, "sandbox", found.Id, cancel)) is not null;
        var cells = new List<NotebookCell>();
        foreach (var row in await store.ReadAsync(c => c.QueryAsync<Row>("SELECT id, statement, result, made, changed FROM opening_cell WHERE permission = @permission ORDER BY place, id", new { permission }), cancel))
            cells.Add(new NotebookCell(row.Id, row.Statement, row.Made, row.Changed, row.Result is { } result ? await ToldAsync(result, isOpen, cancel) : null));
        return new Notebook(found, pack, dataset, dataset.Table, [.. dataset.Fields.Where(f => names.Contains(f.Id))], isOpen, cells);
    }

    // Once the permission is over, what was released is not shown any more either: the agreement says that it is deleted.
    private async Task<ToldResult?> ToldAsync(string id, bool isOpen, CancellationToken cancel) => await sandbox.FindAsync(id, withRows: true, cancel) is not { } r ? null
        : new ToldResult(r.Id, r.Statement, r.State, r.Made, r.Decided, r.Reason, r.State == "released" && isOpen ? r.Columns : null, r.State == "released" && isOpen ? r.Rows : null);

    /// <summary>Writes a cell: a new one, or another statement into one that is there. Its last result stays with the statement that was run.</summary>
    /// <param name="cell">Null for a new one.</param>
    /// <returns>Its id.</returns>
    /// <exception cref="RefusedException">The notebook or the cell is not theirs, the permission is over, or there is no room.</exception>
    public async Task<string> WriteAsync(Person by, string permission, string? cell, string? sql, CancellationToken cancel = default)
    {
        var book = await OpenAsync(by, permission, cancel);
        if (string.IsNullOrWhiteSpace(sql) || sql.Length > ConfinedSql.Longest)
            throw new RefusedException(422, "sandbox-statement", ConfinedSql.Longest);
        if (cell is not null && book.Cells.All(c => c.Id != cell))
            throw new RefusedException(404, "not-found", cell);
        if (cell is null && book.Cells.Count >= MostCells)
            throw new RefusedException(409, "sandbox-cells-many", MostCells);
        var id = cell ?? Guid.CreateVersion7(clock.GetUtcNow()).ToString("n");
        if (book.Cells.FirstOrDefault(c => c.Id == cell)?.Statement == sql)
            return id;
        await store.ChangeAsync(clock.GetUtcNow(), async change =>
        {
            await change.ExecuteAsync("INSERT INTO opening_cell (id, permission, place, statement, made, changed) VALUES (@id, @permission, (SELECT coalesce(max(c.place), 0) + 1 FROM opening_cell c WHERE c.permission = @permission), @sql, @Stamp, @Stamp) ON CONFLICT (id) DO UPDATE SET statement = excluded.statement, changed = excluded.changed", new { id, permission, sql, change.Stamp });
            change.Record(by, "sandbox.cell-written", $"opening-application:{permission}", dataset: $"{book.Pack.Id}/{book.Dataset.Id}");
        }, cancel);
        return id;
    }

    /// <summary>Takes a cell out; what was run stays on record.</summary>
    public async Task RemoveAsync(Person by, string permission, string cell, CancellationToken cancel = default)
    {
        var book = await OpenAsync(by, permission, cancel);
        await store.ChangeAsync(clock.GetUtcNow(), async change =>
        {
            if (await change.ExecuteAsync("DELETE FROM opening_cell WHERE id = @cell AND permission = @permission", new { cell, permission }) == 0)
                throw new RefusedException(404, "not-found", cell);
            change.Record(by, "sandbox.cell-removed", $"opening-application:{permission}", dataset: $"{book.Pack.Id}/{book.Dataset.Id}");
        }, cancel);
    }

    /// <summary>Runs a cell.</summary>
    /// <returns>What is told of the result, or why there is none.</returns>
    public async Task<(ToldResult? Result, SqlRefusal? Refused)> RunAsync(Person by, string permission, string cell, CancellationToken cancel = default)
    {
        var book = await OpenAsync(by, permission, cancel);
        if (book.Cells.FirstOrDefault(c => c.Id == cell) is not { } found)
            throw new RefusedException(404, "not-found", cell);
        var (result, refused) = await sandbox.RunAsync(by, SandboxHolder.Of(book.Permission, book.Dataset), things.Of(book.Pack, book.Dataset), book.Pack, book.Dataset, found.Statement,
            (change, id) => change.ExecuteAsync("UPDATE opening_cell SET result = @id, changed = @Stamp WHERE id = @cell AND permission = @permission", new { id, cell, permission, change.Stamp }), cancel);
        return (result is null ? null : await ToldAsync(result.Id, isOpen: true, cancel), refused);
    }

    /// <summary>A released result of one's own, to take away; the ledger says that it was.</summary>
    /// <exception cref="RefusedException">There is none, or it was not released, or the permission is over.</exception>
    public async Task<SandboxResult> TakeAsync(Person by, string permission, string cell, CancellationToken cancel = default)
    {
        var book = await OpenAsync(by, permission, cancel);
        if (book.Cells.FirstOrDefault(c => c.Id == cell)?.Result is not { State: "released" } told || await sandbox.FindAsync(told.Id, withRows: true, cancel) is not { } result)
            throw new RefusedException(404, "sandbox-not-released");
        await store.ChangeAsync(clock.GetUtcNow(), change =>
        {
            change.Record(by, "sandbox.taken", $"sandbox:{told.Id}", dataset: result.About);
            return Task.CompletedTask;
        }, cancel);
        return result;
    }

    private async Task<Notebook> OpenAsync(Person by, string permission, CancellationToken cancel)
    {
        var book = await FindAsync(by, permission, cancel) ?? throw new RefusedException(404, "not-found", permission);
        return book.IsOpen ? book : throw new RefusedException(403, "opening-permission-over");
    }
}
