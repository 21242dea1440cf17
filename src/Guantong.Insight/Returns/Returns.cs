using System.Globalization;
using System.Text.Json;
using System.Xml;
using Dapper;
using Guantong.Data;
using Guantong.Packs;
using Guantong.Trust;
using Guantong.Work;

namespace Guantong.Insight;

/// <summary>Manual returns (填报) for what no system holds: when a period has ended every region's unit gets a sheet, fills it in and sends it; another unit accepts it, and its rows stand in the dataset, or sends it back with a reason.</summary>
public sealed class Returns(Store store, PackRegistry packs, PushedRows pushed, Jurisdiction land, TimeProvider clock)
{
    /// <summary>The most rows of a sheet.</summary>
    public const int MostRows = 500;

    /// <summary>The longest note.</summary>
    public const int Longest = 1000;

    /// <summary>Opens the sheets of periods that have ended: of the last one, and of those between it and the last that was opened.</summary>
    /// <returns>How many were opened.</returns>
    public async Task<int> OpenDueAsync(CancellationToken cancel = default)
    {
        var opened = 0;
        foreach (var (pack, dataset) in packs.Applied.Values.SelectMany(a => a.Pack.Datasets.Where(d => d.Returns is not null).Select(d => (a.Pack, d))).ToList())
            opened += await OpenDueAsync(pack, dataset, dataset.Returns!, cancel);
        return opened;
    }

    private async Task<int> OpenDueAsync(Pack pack, Dataset dataset, ReturnRule rule, CancellationToken cancel)
    {
        var today = DateOnly.FromDateTime(clock.GetUtcNow().ToOffset(land.Offset).DateTime);
        var last = Indicator.Before(rule.Every, StartOf(rule.Every, today));
        var before = await store.ReadAsync(c => c.ExecuteScalarAsync<string?>("SELECT max(starts) FROM return_sheet WHERE pack = @Pack AND dataset = @Dataset AND period = @Every", new { Pack = pack.Id, Dataset = dataset.Id, rule.Every }), cancel);
        var first = before is null ? last : Indicator.EndOf(rule.Every, Day(before));
        var opened = 0;
        for (var starts = first; starts <= last; starts = Indicator.EndOf(rule.Every, starts))
            opened += await OpenAsync(pack, dataset, rule, starts, cancel);
        return opened;
    }

    private async Task<int> OpenAsync(Pack pack, Dataset dataset, ReturnRule rule, DateOnly starts, CancellationToken cancel)
    {
        var reviewer = land.Units.Named((rule.Review ?? dataset.Source).Name)?.Id;
        var sheets = land.Regions.All.Where(r => r.Level == rule.By && r.To is null && land.Regions.Within(r.Code, land.Root))
            .Select(r => (Region: r.Code, Unit: land.Units.ForRegion(dataset.Source.Name, r.Code))).Where(s => s.Unit?.Region == s.Region).ToList();
        if (reviewer is null || sheets.Count == 0)
            return 0;
        var due = Indicator.EndOf(rule.Every, starts).ToDateTime(default) - land.Offset + XmlConvert.ToTimeSpan(rule.Due);
        return await store.ChangeAsync(clock.GetUtcNow(), async change =>
        {
            var opened = 0;
            foreach (var (region, unit) in sheets)
            {
                var id = Guid.CreateVersion7(change.At).ToString("n");
                var made = await change.ExecuteAsync("""
                    INSERT INTO return_sheet (id, pack, dataset, period, starts, region, unit, reviewer, due, state, filled, version, opened)
                    VALUES (@id, @pack, @dataset, @period, @starts, @region, @unit, @reviewer, @due, 'open', '[]', 1, @Stamp) ON CONFLICT (pack, dataset, period, starts, region) DO NOTHING
                    """, new { id, pack = pack.Id, dataset = dataset.Id, period = rule.Every, starts = Written(starts), region, unit = unit!.Id, reviewer, due = Time.Write(due), change.Stamp });
                if (made == 1)
                    await change.ExecuteAsync("INSERT INTO return_step (sheet_id, seq, at, by_login, what) VALUES (@id, 1, @Stamp, 'insight', 'opened')", new { id, change.Stamp });
                opened += made;
            }
            if (opened > 0)
                change.Record("insight", "returns.opened", $"dataset:{pack.Id}/{dataset.Id}", JsonSerializer.Serialize(new { period = rule.Every, starts = Written(starts), sheets = opened }), dataset: $"{pack.Id}/{dataset.Id}");
            return opened;
        }, cancel);
    }

    /// <summary>A page of the sheets that somebody's unit fills in or reviews; what is due first stands first.</summary>
    /// <param name="side">fill or review.</param>
    /// <param name="state">Null for what there is to do: open and back to fill in, sent to review.</param>
    public Task<Page<ReturnSheet>> PageAsync(Person who, string side, string? state, int skip, int take, CancellationToken cancel = default) => store.ReadAsync(async c =>
    {
        var todo = side == "review" ? "state = 'sent'" : "state IN ('open', 'back')";
        var where = $"WHERE {(side == "review" ? "reviewer" : "unit")} = @Unit AND {(state is null ? todo : "state = @state")}";
        var args = new { Unit = who.Unit ?? "", state, skip, take };
        return new Page<ReturnSheet>((await c.QueryAsync<ReturnSheet>($"SELECT {ReturnSheet.Columns} FROM return_sheet {where} ORDER BY due, dataset, region LIMIT @take OFFSET @skip", args)).AsList(), await c.ExecuteScalarAsync<long>($"SELECT count(*) FROM return_sheet {where}", args), skip, take);
    }, cancel);

    /// <summary>A sheet with its way, for whoever fills it in or reviews it; null for others.</summary>
    public Task<(ReturnSheet Sheet, IReadOnlyList<ReturnStep> Steps)?> FindAsync(string id, Person who, CancellationToken cancel = default) => store.ReadAsync<(ReturnSheet, IReadOnlyList<ReturnStep>)?>(async c =>
        await c.QueryFirstOrDefaultAsync<ReturnSheet>($"SELECT {ReturnSheet.Columns} FROM return_sheet WHERE id = @id AND (unit = @Unit OR reviewer = @Unit)", new { id, Unit = who.Unit ?? "" }) is { } sheet
            ? (sheet, (await c.QueryAsync<ReturnStep>("SELECT seq AS Seq, at AS At, by_login AS ByLogin, what AS What, note AS Note FROM return_step WHERE sheet_id = @id ORDER BY seq", new { id })).AsList()) : null, cancel);

    /// <summary>Keeps what is filled in so far, whole or not.</summary>
    /// <exception cref="RefusedException">return-gone, return-not-yours, return-state, return-changed or return-rows.</exception>
    public Task<ReturnSheet> SaveAsync(string id, IReadOnlyList<IReadOnlyDictionary<string, string>> rows, long version, Person by, CancellationToken cancel = default) =>
        MoveAsync(id, version, by, "return.fill", ["open", "back"], s => s.Unit, (sheet, dataset) => sheet with { Filled = Kept(rows, dataset) }, "saved", null, cancel);

    /// <summary>Sends a sheet to its reviewer.</summary>
    /// <exception cref="ReturnFaultsException">Rows have faults.</exception>
    /// <exception cref="RefusedException">As for saving; return-empty where there is no row.</exception>
    public Task<ReturnSheet> SendAsync(string id, IReadOnlyList<IReadOnlyDictionary<string, string>> rows, long version, Person by, CancellationToken cancel = default) =>
        MoveAsync(id, version, by, "return.fill", ["open", "back"], s => s.Unit, (sheet, dataset) =>
        {
            if (rows.Count == 0)
                throw new RefusedException(422, "return-empty");
            var filled = Kept(rows, dataset);
            return ReturnCheck.Of(dataset, rows) is { Count: > 0 } faults ? throw new ReturnFaultsException(faults)
                : sheet with { Filled = filled, State = "sent", Sent = Time.Write(clock.GetUtcNow()), SentBy = by.Login, Note = null };
        }, "sent", null, cancel);

    /// <summary>Takes a sheet that was sent back into one's own hands, as long as nobody decided on it.</summary>
    public Task<ReturnSheet> TakeBackAsync(string id, long version, Person by, CancellationToken cancel = default) =>
        MoveAsync(id, version, by, "return.fill", ["sent"], s => s.Unit, (sheet, _) => sheet with { State = "open" }, "taken-back", null, cancel);

    /// <summary>Sends a sheet back with what is to be mended.</summary>
    public Task<ReturnSheet> SendBackAsync(string id, string note, long version, Person by, CancellationToken cancel = default) =>
        string.IsNullOrWhiteSpace(note) || note.Length > Longest ? throw new RefusedException(422, "return-note", Longest)
        : MoveAsync(id, version, by, "return.review", ["sent"], s => s.Reviewer, (sheet, _) => sheet with { State = "back", Note = note.Trim(), Decided = Time.Write(clock.GetUtcNow()), DecidedBy = by.Login }, "sent-back", note.Trim(), cancel);

    /// <summary>Accepts a sheet: its rows stand in the dataset, and what rests on them follows.</summary>
    /// <exception cref="RefusedException">return-own: whoever sent it does not accept it; return-rejected: rows were refused, and the sheet is as it was.</exception>
    public async Task<ReturnSheet> AcceptAsync(string id, long version, Person by, CancellationToken cancel = default)
    {
        if (await FindAsync(id, by, cancel) is not var (sheet, _))
            throw new RefusedException(404, "return-gone");
        Allow(sheet, version, by, "return.review", ["sent"], sheet.Reviewer);
        if (sheet.SentBy == by.Login)
            throw new RefusedException(403, "return-own");
        var (pack, dataset) = Of(sheet);
        // The rows first: if the platform stops in between, accepting again finds them there and changes nothing.
        try
        {
            if (await pushed.TakeAsync(pack, dataset, RowsOf(sheet, dataset), false, $"return:{sheet.Id}", null, cancel) is { Rejects: [var reject, ..] })
                throw new RefusedException(422, "return-rejected", reject.Field, reject.Message(Lang.Zh));
        }
        catch (LoadRefusedException refused)
        {
            throw new RefusedException(422, "return-rejected", dataset.Id, refused.Say(Lang.Zh));
        }
        return await MoveAsync(id, version, by, "return.review", ["sent"], s => s.Reviewer, (s, _) => s with { State = "accepted", Decided = Time.Write(clock.GetUtcNow()), DecidedBy = by.Login, Note = null }, "accepted", null, cancel);
    }

    private Task<ReturnSheet> MoveAsync(string id, long version, Person by, string act, string[] from, Func<ReturnSheet, string> whose, Func<ReturnSheet, Dataset, ReturnSheet> move, string what, string? note, CancellationToken cancel) => store.ChangeAsync(clock.GetUtcNow(), async change =>
    {
        var sheet = await change.FindAsync<ReturnSheet>($"SELECT {ReturnSheet.Columns} FROM return_sheet WHERE id = @id AND (unit = @Unit OR reviewer = @Unit){change.ForUpdate}", new { id, Unit = by.Unit ?? "" }) ?? throw new RefusedException(404, "return-gone");
        Allow(sheet, version, by, act, from, whose(sheet));
        var moved = move(sheet, Of(sheet).Dataset) with { Version = sheet.Version + 1 };
        await change.ExecuteAsync("UPDATE return_sheet SET state = @State, filled = @Filled, note = @Note, version = @Version, sent = @Sent, sent_by = @SentBy, decided = @Decided, decided_by = @DecidedBy WHERE id = @Id", moved);
        await change.ExecuteAsync("INSERT INTO return_step (sheet_id, seq, at, by_login, what, note) SELECT @id, coalesce(max(seq), 0) + 1, @Stamp, @Login, @what, @note FROM return_step WHERE sheet_id = @id", new { id, change.Stamp, by.Login, what, note });
        change.Record(by, "return." + what, $"return:{id}", JsonSerializer.Serialize(new { sheet.Starts, sheet.Region, rows = moved.Rows().Count }), dataset: $"{sheet.Pack}/{sheet.Dataset}");
        return moved;
    }, cancel);

    private void Allow(ReturnSheet sheet, long version, Person by, string act, string[] from, string unit)
    {
        if (by.Unit != unit || !by.May(act, new Thing(unit, sheet.Region), land))
            throw new RefusedException(403, "return-not-yours");
        if (!from.Contains(sheet.State))
            throw new RefusedException(409, "return-state", sheet.State);
        if (sheet.Version != version)
            throw new RefusedException(409, "return-changed");
    }

    private (Pack Pack, Dataset Dataset) Of(ReturnSheet sheet) =>
        packs.Find(sheet.Pack) is { } pack && pack.Dataset(sheet.Dataset) is { Returns: not null } dataset ? (pack, dataset) : throw new RefusedException(409, "return-undeclared", $"{sheet.Pack}/{sheet.Dataset}");

    private static string Kept(IReadOnlyList<IReadOnlyDictionary<string, string>> rows, Dataset dataset)
    {
        if (rows.Count > MostRows || (rows.Count > 1 && ReturnCheck.IsSingle(dataset)))
            throw new RefusedException(422, "return-rows", ReturnCheck.IsSingle(dataset) ? 1 : MostRows);
        return JsonSerializer.Serialize(rows.Select(r => r.Where(v => v.Value.Length is > 0 and <= 2000).ToDictionary()));
    }

    // As the feed calls its columns; region and period are the sheet's.
    private static JsonElement RowsOf(ReturnSheet sheet, Dataset dataset) => JsonSerializer.SerializeToElement(sheet.Rows().Select(row => dataset.Feed!.Columns.ToDictionary(
        c => c.Headers[0],
        c => c.Field.Name == dataset.Returns!.Region.Name ? sheet.Region : c.Field.Name == dataset.Returns.At.Name ? sheet.Starts : row.GetValueOrDefault(c.Field.Name)?.Trim())));

    private static DateOnly StartOf(string period, DateOnly day) => period switch
    {
        "year" => new DateOnly(day.Year, 1, 1),
        "quarter" => new DateOnly(day.Year, (((day.Month - 1) / 3) * 3) + 1, 1),
        _ => new DateOnly(day.Year, day.Month, 1),
    };

    private static string Written(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static DateOnly Day(string text) => DateOnly.ParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture);
}

/// <summary>Rows of a sheet have faults; nothing was sent.</summary>
public sealed class ReturnFaultsException(IReadOnlyList<ReturnFault> faults) : Exception("return-faults")
{
    /// <summary>All of them, in the order of rows and fields.</summary>
    public IReadOnlyList<ReturnFault> Faults { get; } = faults;
}
