using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Dapper;
using Guantong.Data;
using Guantong.Processes;
using Guantong.Trust;

namespace Guantong.Work;

/// <summary>The files of cases (案卷): what stands in them, archiving, handing over, holding and destroying.</summary>
/// <remarks>机关文件材料归档范围和文书档案保管期限规定 §6: for ever, thirty or ten years; DA/T 22-2015 §5 for order and index; 档案法 §21 for what comes at the end: a list that a person confirms. Once it is archived a case takes no change: the store itself refuses it.</remarks>
public sealed partial class Archives(Store store, Cases cases, PackRegistry packs, TaskHandling handling, Servings servings, Attachments attachments, Signatures signatures, Ledger ledger, LedgerKey key, Jurisdiction land, TimeProvider clock)
{
    private static readonly JsonSerializerOptions AsJson = new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, WriteIndented = true };

    // The order of pieces of one moment.
    private static readonly string[] Kinds = ["application", "signature", "form", "attachment", "opinion", "document", "serving"];

    // What stands where a destroyed piece stood.
    private const string Gone = "（已销毁 destroyed）";

    private sealed record Row(string CaseId, string List, string Sha256, string Signature, string Retention, string? Class, string Unit, string Archived, string ArchivedBy, string? Until, string State, string? Held, string? HeldWhy, string? Destroyed);

    private const string Columns = "case_id AS CaseId, list AS List, sha256 AS Sha256, signature AS Signature, retention AS Retention, class AS Class, unit AS Unit, archived AS Archived, archived_by AS ArchivedBy, until AS Until, state AS State, held AS Held, held_why AS HeldWhy, destroyed AS Destroyed";

    /// <summary>The file of a case with its index: as it was signed, or as it would be now. Null where they see no such case.</summary>
    public async Task<CaseFolder?> FindAsync(string idOrNumber, RowRights rights, CancellationToken cancel = default)
    {
        if (await WholeAsync(idOrNumber, rights, cancel) is not { } file)
            return null;
        if (await RowAsync(file.Case.Id, cancel) is { } row)
            return new CaseFolder(row.State, JsonSerializer.Deserialize<FolderIndex>(row.List, AsJson)!, row.Sha256, row.ArchivedBy, row.Held, row.HeldWhy, row.State == "archived" && IsDue(row), row.Destroyed);
        var (index, _) = await IndexAsync(file, null, cancel);
        return new CaseFolder(file.Case.State is "ended" or "withdrawn" or "terminated" or "rejected" or "redirected" ? "ready" : "open", index, null, null, null, null, false, null);
    }

    /// <summary>Archives a case that has ended.</summary>
    /// <exception cref="ConflictException">archive-gone; archive-early: it goes on; archive-serving: a document is on its way; archive-rating: a bad rating is not closed; case-archived.</exception>
    public async Task ArchiveAsync(Person by, string idOrNumber, CancellationToken cancel = default)
    {
        var file = await WholeAsync(idOrNumber, by.Rows("archive.make", land), cancel) ?? throw new ConflictException("archive-gone");
        var at = clock.GetUtcNow();
        var (index, _) = await IndexAsync(file, at, cancel);
        var list = JsonSerializer.Serialize(index, AsJson);
        var sha256 = Hash(Encoding.UTF8.GetBytes(list));
        await store.ChangeAsync(at, async change =>
        {
            var row = (await change.FindAsync<Case>($"SELECT {Case.Columns} FROM work_case WHERE id = @Id{change.ForUpdate}", new { file.Case.Id }))!;
            if (row.Archived is not null)
                throw new ConflictException("case-archived");
            if (row.State is not ("ended" or "withdrawn" or "terminated" or "rejected" or "redirected"))
                throw new ConflictException("archive-early");
            // Held, it is as it was read; else whoever archives looks again.
            if (row.Version != file.Case.Version)
                throw new ConflictException("archive-changed");
            if (await change.FindAsync<string>("SELECT id FROM work_serving WHERE case_id = @Id AND state = 'sent' AND (way <> 'notice' OR served > @today) LIMIT 1", new { row.Id, today = Today() }) is not null)
                throw new ConflictException("archive-serving");
            if (await change.FindAsync<string>("SELECT case_id FROM work_rating WHERE case_id = @Id AND (state IN ('open', 'review') OR (state = 'answered' AND due > @Stamp))", new { row.Id, change.Stamp }) is not null)
                throw new ConflictException("archive-rating");
            await change.ExecuteAsync("""
                INSERT INTO work_archive (case_id, list, sha256, signature, retention, class, unit, archived, archived_by, until, state, version)
                VALUES (@Id, @list, @sha256, @signature, @Retention, @Class, @Unit, @Stamp, @Login, @Until, 'archived', 1)
                """, new { row.Id, list, sha256, signature = Convert.ToBase64String(Sm2.Sign(key.Value, Signed(sha256))), index.Retention, index.Class, by.Unit, change.Stamp, by.Login, index.Until });
            foreach (var part in await cases.PartsAsync(file, cancel))
                await change.ExecuteAsync("UPDATE work_case SET archived = @Stamp WHERE id = @Id", new { part.Case.Id, change.Stamp });
            change.Record(row, by, "case.archived", new { sha256, index.Retention, index.Until, pieces = index.Pieces.Count });
        }, cancel);
    }

    /// <summary>The package of an archived case, to be handed over: its pieces, index and signature in a ZIP. What was handed over stands in the ledger.</summary>
    /// <exception cref="ConflictException">archive-gone; archive-not: it is not archived; archive-destroyed; archive-broken: a piece is not what it was, as after its key was destroyed.</exception>
    public async Task<(string Name, Stream Zip)> PackageAsync(Person by, string idOrNumber, CancellationToken cancel = default)
    {
        var file = await WholeAsync(idOrNumber, by.Rows("archive.take", land), cancel) ?? throw new ConflictException("archive-gone");
        var row = await RowAsync(file.Case.Id, cancel) ?? throw new ConflictException("archive-not");
        if (row.State == "destroyed")
            throw new ConflictException("archive-destroyed");
        var kept = JsonSerializer.Deserialize<FolderIndex>(row.List, AsJson)!;
        var (index, contents) = await IndexAsync(file, Time.Read(kept.Archived), cancel, kept.LedgerSeq);
        if (!index.Pieces.Select(p => (p.Path, p.Sha256)).SequenceEqual(kept.Pieces.Select(p => (p.Path, p.Sha256))))
            throw new ConflictException("archive-broken");
        await store.ChangeAsync(clock.GetUtcNow(), change =>
        {
            change.Record(file.Case, by, "case.handed-over", new { row.Sha256 });
            return Task.CompletedTask;
        }, cancel);
        // A file may hold hundreds of large attachments: the package is put together on disk.
        var stream = new FileStream(Path.GetTempFileName(), FileMode.Open, FileAccess.ReadWrite, FileShare.None, 1 << 16, FileOptions.DeleteOnClose | FileOptions.Asynchronous);
        try
        {
            using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true, Encoding.UTF8))
            {
                await PutAsync(zip, "index.json", new Content(Encoding.UTF8.GetBytes(row.List), null), cancel);
                await PutAsync(zip, "signature.json", Written(new { row.Sha256, Key = key.Value.Public.Id, row.Signature }), cancel);
                await PutAsync(zip, "key.pem", new Content(Encoding.UTF8.GetBytes(key.Value.Public.ToPem()), null), cancel);
                foreach (var (piece, content) in index.Pieces.Zip(contents))
                    await PutAsync(zip, piece.Path, content, cancel);
            }
            stream.Position = 0;
            return ($"{file.Case.Number}.zip", stream);
        }
        catch
        {
            await stream.DisposeAsync();
            throw;
        }
    }

    private async Task PutAsync(ZipArchive zip, string path, Content content, CancellationToken cancel)
    {
        await using var entry = await zip.CreateEntry(path).OpenAsync(cancel);
        if (content.File is not { } file)
        {
            await entry.WriteAsync(content.Bytes, cancel);
            return;
        }
        try
        {
            await (await attachments.ContentAsync(file, cancel))(entry);
        }
        catch (ConflictException e) when (e.Code == "file-erased")
        {
            throw new ConflictException("archive-broken");
        }
    }

    /// <summary>Holds a file from destruction (a law suit, an inquiry), or releases it.</summary>
    /// <exception cref="ConflictException">archive-gone, archive-not, archive-reason; archive-held: it is held already, or is not.</exception>
    public async Task HoldAsync(Person by, string idOrNumber, bool holds, string? reason, CancellationToken cancel = default)
    {
        var why = string.IsNullOrWhiteSpace(reason) || reason.Length > Reason.Longest ? throw new ConflictException("archive-reason") : reason.Trim();
        var file = await WholeAsync(idOrNumber, by.Rows("archive.hold", land), cancel) ?? throw new ConflictException("archive-gone");
        await store.ChangeAsync(clock.GetUtcNow(), async change =>
        {
            if (await change.FindAsync<Row>($"SELECT {Columns} FROM work_archive WHERE case_id = @Id AND state = 'archived'{change.ForUpdate}", new { file.Case.Id }) is null)
                throw new ConflictException("archive-not");
            if (await change.ExecuteAsync("UPDATE work_archive SET held = @held, held_why = @why, version = version + 1 WHERE case_id = @Id AND (held IS NULL) = @isFree", new { file.Case.Id, held = holds ? change.Stamp : null, why = holds ? why : null, isFree = holds }) == 0)
                throw new ConflictException("archive-held");
            change.Record(file.Case, by, holds ? "case.held" : "case.released", new { reason = why });
        }, cancel);
    }

    /// <summary>Destroys what a file holds once it has been kept long enough: somebody other than who archived it confirms. Number, title and ledger stay.</summary>
    /// <exception cref="ConflictException">archive-gone, archive-not, archive-reason; archive-kept: its time is not over; archive-held; archive-own: they archived it.</exception>
    public async Task DestroyAsync(Person by, string idOrNumber, string? reason, CancellationToken cancel = default)
    {
        var why = string.IsNullOrWhiteSpace(reason) || reason.Length > Reason.Longest ? throw new ConflictException("archive-reason") : reason.Trim();
        var file = await WholeAsync(idOrNumber, by.Rows("archive.destroy", land), cancel) ?? throw new ConflictException("archive-gone");
        var parts = await cases.PartsAsync(file, cancel);
        await store.ChangeAsync(clock.GetUtcNow(), async change =>
        {
            var row = await change.FindAsync<Row>($"SELECT {Columns} FROM work_archive WHERE case_id = @Id AND state = 'archived'{change.ForUpdate}", new { file.Case.Id }) ?? throw new ConflictException("archive-not");
            if (row.Held is not null)
                throw new ConflictException("archive-held");
            if (!IsDue(row))
                throw new ConflictException("archive-kept");
            if (row.ArchivedBy == by.Login)
                throw new ConflictException("archive-own");
            await change.ExecuteAsync("UPDATE work_archive SET state = 'destroyed', destroyed = @Stamp, destroyed_by = @Login, version = version + 1 WHERE case_id = @Id", new { file.Case.Id, change.Stamp, by.Login });
            foreach (var part in parts)
                await EmptyAsync(change, part.Case);
            change.Scrub();
            change.Record(file.Case, by, "case.destroyed", new { reason = why, row.Sha256, row.Until });
        }, cancel);
    }

    private static async Task EmptyAsync(Change change, Case row)
    {
        var about = JsonNode.Parse(row.Data)?["case"]?.DeepClone();
        var args = new
        {
            row.Id, change.Stamp, Gone,
            about = CaseLedger.About(row.Number),
            data = new JsonObject { ["case"] = about }.ToJsonString(Json.Plain),
            process = JsonSerializer.Serialize(Steps.StateOf(row) with { Tokens = [], Waits = null, Done = null, Data = new Dictionary<string, object?>() }, Json.Plain),
        };
        await change.ExecuteAsync("UPDATE work_case SET data = @data, process = @process, given = NULL, archived = @Stamp WHERE id = @Id", args);
        foreach (var sql in (string[])
        [
            "UPDATE work_task SET data = NULL WHERE case_id = @Id", "UPDATE work_document SET markdown = @Gone WHERE case_id = @Id", "UPDATE work_job SET data = NULL WHERE case_id = @Id", "DELETE FROM work_sealed WHERE case_id = @Id",
            "UPDATE work_ask SET words = @Gone WHERE case_id = @Id", "UPDATE work_ask_of SET words = NULL WHERE case_id = @Id", "UPDATE work_rating_step SET words = NULL WHERE case_id = @Id",
            "UPDATE work_serving SET name = @Gone, receiver = NULL, note = NULL WHERE case_id = @Id", "UPDATE work_message SET data = '{}' WHERE case_id = @Id OR sender = @about", "DELETE FROM work_contact WHERE owner = 'case:' || @Id", "UPDATE work_signature SET content = @Gone WHERE case_id = @Id",
        ])
            await change.ExecuteAsync(sql, args);
        foreach (var attached in await change.QueryAsync<Attachment>($"SELECT {Attachment.Columns} FROM work_attachment WHERE case_id = @Id", args))
            await Attachments.DropAsync(change, attached);
    }

    /// <summary>A page of files: to be archived (ready), kept (archived), due, held or destroyed; the oldest first.</summary>
    public Task<Page<FolderLine>> PageAsync(string list, RowRights rights, int skip, int take, CancellationToken cancel = default) => store.ReadAsync(async c =>
    {
        var today = Today();
        var where = list switch
        {
            "ready" => "a.case_id IS NULL AND c.state IN ('ended', 'withdrawn', 'terminated', 'rejected', 'redirected') AND c.called IS NULL",
            "due" => "a.state = 'archived' AND a.until IS NOT NULL AND a.until <= @today AND a.held IS NULL",
            "held" => "a.state = 'archived' AND a.held IS NOT NULL",
            "destroyed" => "a.state = 'destroyed'",
            _ => "a.state = 'archived'",
        } + rights.OfCase("c");
        var args = rights.With(new { today, skip, take });
        const string from = "FROM work_case c LEFT JOIN work_archive a ON a.case_id = c.id";
        var rows = (await c.QueryAsync<(string Number, string Title, string Pack, string Revision, string Matter, string Ended, string? State, string? Retention, string? Until, string? Archived, string? Held, string? Destroyed)>($"""
            SELECT c.number, c.title, c.pack, c.revision, c.matter, c.ended, a.state, a.retention, a.until, a.archived, a.held, a.destroyed {from} WHERE {where} ORDER BY coalesce(a.until, c.ended), c.ended, c.id LIMIT @take OFFSET @skip
            """, args)).AsList();
        var items = new List<FolderLine>();
        foreach (var r in rows)
        {
            var retention = r.Retention ?? (await packs.AtAsync(r.Pack, r.Revision, cancel)).Matter(r.Matter)?.Archive.Retention ?? "P10Y";
            items.Add(new FolderLine(r.Number, r.Title, r.Pack, r.Matter, r.Ended, r.State ?? "ready", retention, r.State is null ? UntilOf(r.Ended, retention) : r.Until, r.Archived, r.Held, r.Destroyed));
        }
        return new Page<FolderLine>(items, await c.ExecuteScalarAsync<long>($"SELECT count(*) {from} WHERE {where}", args), skip, take);
    }, cancel);

    // What a piece holds: written here, or attached to the case.
    private sealed record Content(byte[]? Bytes, Attachment? File)
    {
        public string Sha256 => File?.Sha256 ?? Hash(Bytes!);

        public long Size => File?.Size ?? Bytes!.Length;
    }

    private async Task<(FolderIndex Index, IReadOnlyList<Content> Contents)> IndexAsync(CaseFile file, DateTimeOffset? at, CancellationToken cancel, long? ledgerSeq = null)
    {
        var row = file.Case;
        var pack = await packs.AtAsync(row.Pack, row.Revision, cancel);
        var matter = pack.Matter(row.Matter)!;
        var found = new List<(string Kind, string Name, string At, string? By, string Extension, Content Content)>();
        if (matter.Form is { } form)
            found.Add(("application", matter.Name, row.Opened, null, "json", Written(Asked(row, pack.Forms[form.Name]))));
        // What was signed, as it was: its digest can be worked out anew from it.
        if (await signatures.OfAsync(row.Id, cancel) is { Content: { } signed } signature)
            found.Add(("signature", "电子签名", signature.At, null, "json", Written(new { signature.Signer, signature.At, signature.Proved, Strength = signature.Strength.ToString(), signature.Sm3, Content = signed })));
        foreach (var part in await cases.PartsAsync(file, cancel))
        {
            foreach (var document in part.Documents)
                found.Add(("document", document.Name + (document.Number is { } number ? $" {number}" : ""), document.Made, document.Unit, "md", new Content(Encoding.UTF8.GetBytes(document.Markdown), null)));
            foreach (var task in part.Tasks.Where(t => t.State == "done"))
                found.Add(("form", task.Name, task.Ended!, task.Unit, "json", Written(new { task.Name, task.Unit, task.Opened, task.Ended, task.EndedBy, Data = task.Data is { } data ? JsonNode.Parse(data) : null })));
            foreach (var ask in await handling.OfCaseAsync(part.Case.Id, cancel))
                found.Add(("opinion", WorkTexts.Say(Lang.Zh, "archive.ask." + ask.Called), ask.Asked, ask.ByUnit, "json", Written(new { ask.Kind, ask.Way, ask.ByUnit, ask.ByLogin, ask.Words, ask.Asked, ask.Due, Answers = ask.Of.Select(o => new { o.Unit, o.Login, o.State, o.Words, o.Ended, o.EndedBy }) })));
            foreach (var serving in await servings.OfCaseAsync(part.Case.Id, true, cancel))
                found.Add(("serving", $"送达回证 {serving.Document}", serving.Began, serving.Unit, "json", Written(serving)));
            // Names of what may be about a person stay out of the index, which is kept in clear.
            foreach (var attached in await attachments.OfCaseAsync(part.Case.Id, isOpen: false, cancel))
                found.Add(("attachment", attached.Name, attached.At, attached.Unit, attached.Kind, new Content(null, attached)));
        }
        var entries = (await ledger.AboutAsync(CaseLedger.About(row.Number), cancel)).Where(e => ledgerSeq is null || e.Seq <= ledgerSeq).ToList();
        var ordered = found.OrderBy(f => f.At, StringComparer.Ordinal).ThenBy(f => Array.IndexOf(Kinds, f.Kind)).ThenBy(f => f.Name, StringComparer.Ordinal).ToList();
        ordered.Add(("ledger", "办理留痕", row.Ended ?? row.Opened, null, "jsonl", new Content(Encoding.UTF8.GetBytes(string.Concat(entries.Select(e => JsonSerializer.Serialize(Hidden(e), Json.Plain) + "\n"))), null)));
        var pieces = ordered.Select((f, i) => new Piece(i + 1, f.Kind, f.Name, string.Create(CultureInfo.InvariantCulture, $"pieces/{i + 1:D3}-{f.Kind}.{f.Extension}"), f.At, f.By is { } by ? land.Units.Find(by)?.Name ?? by : null, f.Content.Sha256, f.Content.Size)).ToList();
        var unit = file.Tasks.Where(t => t.State == "done").OrderBy(t => t.Ended, StringComparer.Ordinal).LastOrDefault()?.Unit ?? pack.Lead.Name;
        return (new FolderIndex(FolderIndex.Version, row.Number, row.Title, matter.Name, land.Units.Find(unit)?.Name ?? unit, row.Region, row.Opened, row.Ended ?? "", row.Outcome, matter.Archive.Retention, matter.Archive.Class, row.Ended is { } ended ? UntilOf(ended, matter.Archive.Retention) : null, Time.Write(at ?? clock.GetUtcNow()), entries.Count == 0 ? 0 : entries.Max(e => e.Seq), pieces), [.. ordered.Select(f => f.Content)]);
    }

    private JsonObject Asked(Case row, string form)
    {
        var fields = FormField.Of(form, Lang.Zh);
        var data = RegionField.Named(fields, JsonNode.Parse(row.Data)!.AsObject(), land, Lang.Zh);
        return new JsonObject(fields.Where(f => data.ContainsKey(f.Name)).Select(f => KeyValuePair.Create(f.Title, data[f.Name]?.DeepClone())));
    }

    // Whose case it is stands in the ledger by a key that would tell which other cases are theirs.
    private static LedgerEntry Hidden(LedgerEntry entry) => entry with { Subject = null, Detail = PersonKey().Replace(entry.Detail, "person:" + CaseSeals.Masked) };

    [GeneratedRegex("person:[0-9a-f]{32}")]
    private static partial Regex PersonKey();

    private async Task<CaseFile?> WholeAsync(string idOrNumber, RowRights rights, CancellationToken cancel) =>
        await cases.FindAsync(idOrNumber, rights, cancel) is { } file && file.Case.Called is null ? file : null;

    private Task<Row?> RowAsync(string caseId, CancellationToken cancel) => store.ReadAsync(c => c.QueryFirstOrDefaultAsync<Row>($"SELECT {Columns} FROM work_archive WHERE case_id = @caseId", new { caseId }), cancel);

    private bool IsDue(Row row) => row.Until is { } until && string.CompareOrdinal(until, Today()) <= 0;

    private string Today() => clock.GetUtcNow().ToOffset(land.Offset).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    // It counts from the first of January after the year in which it came to be.
    private string? UntilOf(string ended, string retention) => retention == "forever" ? null
        : new DateOnly(Time.Read(ended).ToOffset(land.Offset).Year + 1, 1, 1).AddMonths(TimeLimit.Of(retention).Months).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>What is signed of an index.</summary>
    private static byte[] Signed(string sha256) => Encoding.UTF8.GetBytes($"{FolderIndex.Version}\nsha256 {sha256}\n");

    private static Content Written(object value) => new(JsonSerializer.SerializeToUtf8Bytes(value, AsJson), null);

    private static string Hash(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}
