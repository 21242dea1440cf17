using System.Data.Common;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Dapper;
using Guantong.Data;
using Guantong.Packs;
using Guantong.Trust;

namespace Guantong.Work;

/// <summary>Files with tasks and applications: taken in, shown to whom they concern, removed until what they belong to is sent.</summary>
/// <remarks>A content is kept once for each pack, sealed with the pack's key, in parts; on PostgreSQL every node reaches it, and a copy of the store has it too.</remarks>
public sealed class Attachments(Store store, Tasks tasks, PackRegistry packs, DataKeys keys, VirusScan scanner, Jurisdiction land, TimeProvider clock, WorkSignal signal)
{
    // Base64 of a part stays below 512 KiB, sealed and all.
    private const int PartSize = 256 << 10;

    private const int MostInCase = 200;

    // What nobody applied with is not kept.
    private static readonly TimeSpan BasketLife = TimeSpan.FromDays(2);

    /// <summary>Attaches a file to a task that one works on.</summary>
    /// <param name="field">The form's field that asks for it; null or empty for a file that none asks for.</param>
    /// <exception cref="ConflictException">The task is not theirs to work on, or the file is not taken.</exception>
    public async Task<Attachment> AddAsync(string taskId, string? name, string? field, Stream body, Person by, CancellationToken cancel = default)
    {
        // Whose task it is not, is told before they have sent it all.
        var task = await tasks.FindAsync(taskId, by.Rows("task.read", land), cancel) ?? throw new ConflictException("task-gone");
        if (!Policy.MayWork(by, task.Unit))
            throw new ConflictException("task-elsewhere");
        var (rule, isPersonal) = RuleOf(await tasks.FormAsync(task, cancel), field ?? "", isUsual: true);
        await using var file = await SpooledFile.ReadAsync(body, rule, cancel);
        var (clean, kind, scan) = await LookAsync(name, file, rule, cancel);
        return await store.ChangeAsync(clock.GetUtcNow(), async change =>
        {
            var (held, row) = await tasks.HoldAsync(change, taskId, by);
            await RoomAsync(change, rule, field ?? "", "task_id = @owner", taskId);
            if (await change.FindAsync<long>("SELECT count(*) FROM work_attachment WHERE case_id = @Id", new { row.Id }) >= MostInCase)
                throw new ConflictException("file-many", MostInCase);
            var added = await KeepAsync(change, file, new Attachment(Guid.CreateVersion7(change.At).ToString("n"), file.Sha256, CaseSeals.KeyOf(row.Pack), row.Id, taskId, field ?? "", clean, kind, file.Content.Length, isPersonal ? 1 : 0, scan, change.Stamp, by.Login, held.Unit), null);
            change.Record(row, by, "attachment.added", new { task = held.Node, attachment = added.Id, field = added.Field, name = isPersonal ? null : clean, sha256 = file.Sha256, size = added.Size, scan });
            return added;
        }, cancel);
    }

    /// <summary>Takes a file away from a task that is still open.</summary>
    public Task RemoveAsync(string taskId, string id, Person by, CancellationToken cancel = default) => store.ChangeAsync(clock.GetUtcNow(), async change =>
    {
        var (held, row) = await tasks.HoldAsync(change, taskId, by);
        var file = await change.FindAsync<Attachment>($"SELECT {Attachment.Columns} FROM work_attachment WHERE id = @id AND task_id = @taskId", new { id, taskId }) ?? throw new ConflictException("file-gone");
        await DropAsync(change, file);
        change.Record(row, by, "attachment.removed", new { task = held.Node, attachment = id, sha256 = file.Sha256 });
    }, cancel);

    /// <summary>Puts a file into a basket, with which somebody applies later. Whoever holds the basket's name alone reaches it.</summary>
    /// <param name="basket">Null to begin one.</param>
    /// <returns>The file, and the basket's name.</returns>
    public async Task<(Attachment File, string Basket)> AddAsync(AppliedPack applied, Matter matter, string? basket, string? name, string? field, Stream body, CancellationToken cancel = default)
    {
        var rule = RuleOf(matter, field) ?? RuleOf(matter.Form is { } form ? applied.Pack.Forms[form.Name] : null, field ?? "", isUsual: false).Rule;
        await using var file = await SpooledFile.ReadAsync(body, rule, cancel);
        var (clean, kind, scan) = await LookAsync(name, file, rule, cancel);
        basket = string.IsNullOrEmpty(basket) ? RandomNumberGenerator.GetHexString(32, lowercase: true) : basket;
        var owner = BasketOf(applied, matter, basket);
        var added = await store.ChangeAsync(clock.GetUtcNow(), async change =>
        {
            await ForgetAsync(change);
            await RoomAsync(change, rule, field ?? "", "basket = @owner", owner);
            if (await change.FindAsync<long>("SELECT count(*) FROM work_attachment WHERE basket = @owner", new { owner }) >= MostInCase)
                throw new ConflictException("file-many", MostInCase);
            var kept = await KeepAsync(change, file, new Attachment(Guid.CreateVersion7(change.At).ToString("n"), file.Sha256, CaseSeals.KeyOf(applied.Pack.Id), null, null, field ?? "", clean, kind, file.Content.Length, 1, scan, change.Stamp, null, null), owner);
            change.Record("applicant", "attachment.added", $"matter:{applied.Pack.Id}/{matter.Id}", JsonSerializer.Serialize(new { attachment = kept.Id, field = kept.Field, sha256 = file.Sha256, size = kept.Size, scan }, Json.Plain));
            return kept;
        }, cancel);
        return (added, basket);
    }

    /// <summary>Gives a material that is owed, with a file; more can be given as long as none was, after that it is in.</summary>
    /// <param name="of">The application, as its applicant sees it.</param>
    /// <exception cref="ConflictException">material-gone, material-not-owed, or the file is not taken.</exception>
    public async Task<Attachment> GiveAsync(ApplicationFile of, string material, string? name, Stream body, CancellationToken cancel = default)
    {
        var matter = of.Pack.Matter(of.Case.Matter)!;
        var field = Material.Prefix + material;
        var rule = RuleOf(matter, field) ?? throw new ConflictException("material-gone");
        await using var file = await SpooledFile.ReadAsync(body, rule, cancel);
        var (clean, kind, scan) = await LookAsync(name, file, rule, cancel);
        var added = await store.ChangeAsync(clock.GetUtcNow(), async change =>
        {
            // Held as whoever closes it holds it: of two who act at once, one is told. What an acceptance asks for is given before there is one.
            if (await change.FindAsync<string>($"SELECT state FROM work_case WHERE id = @Id{change.ForUpdate}", new { of.Case.Id }) is not ("received" or "open" or "stuck"))
                throw new ConflictException("material-not-owed");
            var kept = await KeepAsync(change, file, new Attachment(Guid.CreateVersion7(change.At).ToString("n"), file.Sha256, CaseSeals.KeyOf(of.Case.Pack), of.Case.Id, null, field, clean, kind, file.Content.Length, 1, scan, change.Stamp, null, null), null);
            change.Record(of.Case, "applicant", "attachment.added", new { attachment = kept.Id, field, sha256 = file.Sha256, size = kept.Size, scan });
            await Materials.GiveAsync(change, of.Case, material);
            return kept;
        }, cancel);
        signal.Raise();
        return added;
    }

    /// <summary>Looks at a file and scans it, before it is known what it is kept with.</summary>
    /// <param name="rule">What is taken; what usually is, when null.</param>
    /// <exception cref="ConflictException">It is not taken.</exception>
    internal async Task<BroughtFile> BringAsync(string? name, Stream body, CancellationToken cancel, FileRule? rule = null)
    {
        var file = await SpooledFile.ReadAsync(body, rule ?? FileRule.Usual, cancel);
        try
        {
            var (clean, kind, scan) = await LookAsync(name, file, rule ?? FileRule.Usual, cancel);
            return new BroughtFile(file, clean, kind, scan);
        }
        catch
        {
            await file.DisposeAsync();
            throw;
        }
    }

    /// <summary>Keeps a file with what came in at the reception; it goes to its case with it.</summary>
    internal async Task KeepAsync(Change change, BroughtFile brought, string receptionId)
    {
        var file = brought.File;
        var kept = await KeepAsync(change, file, new Attachment(Guid.CreateVersion7(change.At).ToString("n"), file.Sha256, Receptions.Key, null, null, "", brought.Name, brought.Kind, file.Content.Length, 1, brought.Scan, change.Stamp, null, null), null);
        await change.ExecuteAsync("UPDATE work_attachment SET reception_id = @receptionId WHERE id = @Id", new { kept.Id, receptionId });
    }

    /// <summary>Keeps a picture with a region's channel.</summary>
    internal async Task<Attachment> KeepAsync(Change change, BroughtFile brought, string region, Person by)
    {
        var file = brought.File;
        var kept = await KeepAsync(change, file, new Attachment(Guid.CreateVersion7(change.At).ToString("n"), file.Sha256, ChannelPictures.Key, null, null, "", brought.Name, brought.Kind, file.Content.Length, 0, brought.Scan, change.Stamp, by.Login, by.Unit), null);
        await change.ExecuteAsync("UPDATE work_attachment SET channel = @region WHERE id = @Id", new { kept.Id, region });
        return kept;
    }

    /// <summary>What came with something at the reception, oldest first.</summary>
    public Task<IReadOnlyList<Attachment>> OfReceptionAsync(string receptionId, CancellationToken cancel = default) => ListAsync("reception_id = @owner", receptionId, isOpen: true, cancel);

    /// <summary>What lies in a basket, oldest first.</summary>
    public Task<IReadOnlyList<Attachment>> OfBasketAsync(AppliedPack applied, Matter matter, string? basket, CancellationToken cancel = default) => string.IsNullOrEmpty(basket) ? Task.FromResult<IReadOnlyList<Attachment>>([])
        : ListAsync("basket = @owner", BasketOf(applied, matter, basket), isOpen: true, cancel);

    /// <summary>Takes a file out of a basket.</summary>
    /// <exception cref="ConflictException">It is not there.</exception>
    public Task RemoveAsync(AppliedPack applied, Matter matter, string basket, string id, CancellationToken cancel = default) => store.ChangeAsync(clock.GetUtcNow(), async change =>
    {
        var file = await change.FindAsync<Attachment>($"SELECT {Attachment.Columns} FROM work_attachment WHERE id = @id AND basket = @owner", new { id, owner = BasketOf(applied, matter, basket) }) ?? throw new ConflictException("file-gone");
        await DropAsync(change, file);
        change.Record("applicant", "attachment.removed", $"matter:{applied.Pack.Id}/{matter.Id}", JsonSerializer.Serialize(new { attachment = id, sha256 = file.Sha256 }, Json.Plain));
    }, cancel);

    /// <summary>The files of a task.</summary>
    public Task<IReadOnlyList<Attachment>> OfTaskAsync(string taskId, CancellationToken cancel = default) => ListAsync("task_id = @owner", taskId, isOpen: true, cancel);

    /// <summary>The files of a case, oldest first.</summary>
    /// <param name="isOpen">Whether the reader may see what is personal; else its name is masked.</param>
    public Task<IReadOnlyList<Attachment>> OfCaseAsync(string caseId, bool isOpen, CancellationToken cancel = default) => ListAsync("case_id = @owner", caseId, isOpen, cancel);

    /// <summary>The same of a case as it was read: of a part of one thing, with what was brought for it to the joint case.</summary>
    public async Task<IReadOnlyList<Attachment>> OfCaseAsync(Case row, bool isOpen, CancellationToken cancel = default)
    {
        var own = await OfCaseAsync(row.Id, isOpen, cancel);
        if (row.Joint is not { } joint)
            return own;
        var pack = await packs.AtAsync(row.Pack, row.Revision, cancel);
        var matter = pack.Matter(row.Matter)!;
        var asked = matter.Materials.Select(m => m.Field).Concat(matter.Form is { } form ? FormField.Of(pack.Forms[form.Name], Lang.Zh).Where(f => f.Files is not null).Select(f => f.Name) : []).ToHashSet();
        return [.. (await ListAsync("case_id = @owner AND task_id IS NULL", joint, isOpen, cancel)).Where(f => asked.Contains(f.Field)), .. own];
    }

    /// <summary>What an applicant gave with an application.</summary>
    public Task<IReadOnlyList<Attachment>> OfApplicationAsync(string caseId, CancellationToken cancel = default) => ListAsync("case_id = @owner AND task_id IS NULL", caseId, isOpen: true, cancel);

    /// <summary>Whether an official may open what is personal in a case: their unit works on it.</summary>
    public static bool MayOpen(CaseFile file, Person reader) => file.Tasks.Any(t => Policy.MayWork(reader, t.Unit));

    /// <summary>A file of a case for an official who sees the case; null where it is not there. That they opened what is personal stands in the ledger.</summary>
    /// <exception cref="ConflictException">file-personal: it may be about a person, and their unit does not work on the case.</exception>
    public async Task<Attachment?> OpenAsync(CaseFile of, string id, Person reader, CancellationToken cancel = default)
    {
        if ((await OfCaseAsync(of.Case, isOpen: true, cancel)).FirstOrDefault(f => f.Id == id) is not { } file)
            return null;
        if (file.Personal == 0)
            return file;
        if (!MayOpen(of, reader))
            throw new ConflictException("file-personal");
        await store.ChangeAsync(clock.GetUtcNow(), change =>
        {
            change.Record(of.Case, reader, "attachment.read", new { attachment = id, sha256 = file.Sha256 });
            return Task.CompletedTask;
        }, cancel);
        return file;
    }

    /// <summary>Writes a file's content out, part by part.</summary>
    /// <exception cref="ConflictException">file-erased: the key that sealed it was destroyed. Told before anything is written.</exception>
    public Task<Func<Stream, Task>> ContentAsync(Attachment file, CancellationToken cancel = default) => store.ReadAsync<Func<Stream, Task>>(async connection =>
    {
        if (await PartAsync(connection, await RingAsync(connection, file, cancel), file, 0) is null)
            throw new ConflictException("file-erased");
        return to => store.ReadAsync(async reading =>
        {
            var ring = await RingAsync(reading, file, cancel);
            for (var place = 0L; await PartAsync(reading, ring, file, place) is { } part; place++)
                await to.WriteAsync(part, cancel);
            return 0;
        }, cancel);
    }, cancel);

    private Task<KeyRing> RingAsync(DbConnection connection, Attachment file, CancellationToken cancel) => keys.RingAsync(connection, [file.SealedBy], cancel);

    private static async Task<byte[]?> PartAsync(DbConnection connection, KeyRing ring, Attachment file, long place) =>
        await connection.QueryFirstOrDefaultAsync<string>("SELECT sealed FROM work_blob_part WHERE sha256 = @Sha256 AND sealed_by = @SealedBy AND place = @place", new { file.Sha256, file.SealedBy, place }) is { } part
            ? ring.OpenBytes(part, Place(file.Sha256, place)) : null;

    private static string Place(string sha256, long place) => $"blob:{sha256}:{place.ToString(System.Globalization.CultureInfo.InvariantCulture)}";

    /// <summary>Gives what was put into a basket to the case that was opened with it.</summary>
    /// <exception cref="ConflictException">file-changed: something was put in or taken out meanwhile.</exception>
    internal static async Task ClaimAsync(Change change, string owner, IReadOnlyList<Attachment> files, Case row, string actor)
    {
        if (files.Count == 0)
            return;
        if (await change.ExecuteAsync("UPDATE work_attachment SET case_id = @Id, basket = NULL WHERE basket = @owner", new { row.Id, owner }) != files.Count)
            throw new ConflictException("file-changed");
        change.Record(row, actor, "application.attached", new { files = files.Select(f => new { attachment = f.Id, field = f.Field, sha256 = f.Sha256 }) });
    }

    /// <summary>What was filled in, with the files that lie there for each file field: which they are is the platform's to say, never the sender's.</summary>
    internal static JsonObject Filled(string? schema, JsonObject given, IEnumerable<Attachment> files)
    {
        var filled = given.DeepClone().AsObject();
        foreach (var field in schema is null ? [] : FormField.Of(schema, "zh-CN").Where(f => f.Files is not null))
        {
            var ids = files.Where(f => f.Field == field.Name).Select(f => (JsonNode?)f.Id).ToArray();
            filled[field.Name] = ids.Length == 0 ? null : new JsonArray(ids);
        }
        return filled;
    }

    internal static async Task<IReadOnlyList<Attachment>> OfTaskAsync(Change change, string taskId) =>
        [.. await change.QueryAsync<Attachment>($"SELECT {Attachment.Columns} FROM work_attachment WHERE task_id = @taskId ORDER BY at, id", new { taskId })];

    /// <summary>What a basket is known by in the store: whoever reads the store cannot put anything into it.</summary>
    internal static string BasketOf(AppliedPack applied, Matter matter, string basket) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{applied.Pack.Id}/{matter.Id}:{basket}")));

    private Task<IReadOnlyList<Attachment>> ListAsync(string where, string owner, bool isOpen, CancellationToken cancel) => store.ReadAsync(async connection =>
    {
        var files = (await connection.QueryAsync<Attachment>($"SELECT {Attachment.Columns} FROM work_attachment WHERE {where} ORDER BY at, id", new { owner })).AsList();
        if (files.TrueForAll(f => f.Personal == 0))
            return files;
        var ring = await keys.RingAsync(connection, [.. files.Select(f => f.SealedBy).Distinct()], cancel);
        return (IReadOnlyList<Attachment>)[.. files.Select(f => f with { Name = Named(ring, f, isOpen) })];
    }, cancel);

    private static string Named(KeyRing ring, Attachment file, bool isOpen) => file.Personal == 0 ? file.Name
        : !isOpen ? $"{CaseSeals.Masked}.{file.Kind}"
        : ring.Open(file.Name, "attachment:" + file.Id) is { Opening: Opening.Clear, Text: { } name } ? name : CaseSeals.Erased;

    /// <summary>What a material takes for files; null where it is none.</summary>
    public static FileRule? RuleOf(Matter matter, string? field) => matter.Materials.FirstOrDefault(m => m.Field == field) is { } material
        ? FileRule.Usual with { Kinds = material.Kinds.Count > 0 ? material.Kinds : FileKind.All, Most = Material.MostFiles } : null;

    private static (FileRule Rule, bool IsPersonal) RuleOf(string? schema, string field, bool isUsual)
    {
        if (field.Length == 0 && isUsual)
            return (FileRule.Usual, false);
        return schema is not null && FormField.Of(schema, "zh-CN").FirstOrDefault(f => f.Name == field)?.Files is { } rule ? (rule, CaseSeals.IsPersonal(schema, field)) : throw new ConflictException("file-field");
    }

    private async Task<(string Name, string Kind, string Scan)> LookAsync(string? name, SpooledFile file, FileRule rule, CancellationToken cancel)
    {
        var clean = FileKind.Clean(name);
        var (kind, fault) = FileKind.Of(clean, file.Content, rule.Kinds);
        if (kind is null)
            throw new ConflictException(fault!, string.Join(", ", rule.Kinds));
        return (clean, kind, await scanner.ScanAsync(file.Content, cancel));
    }

    private static async Task RoomAsync(Change change, FileRule rule, string field, string where, string owner)
    {
        if (await change.FindAsync<long>($"SELECT count(*) FROM work_attachment WHERE {where} AND field = @field", new { owner, field }) >= rule.Most)
            throw new ConflictException("file-many", rule.Most);
    }

    private async Task<Attachment> KeepAsync(Change change, SpooledFile file, Attachment added, string? basket)
    {
        var ring = await keys.RingAsync(change, added.SealedBy);
        var blob = new { added.Sha256, added.SealedBy, added.Size, change.Stamp };
        if (!await IsThereAsync(change, blob) || await IsErasedAsync(change, ring, added))
        {
            file.Content.Position = 0;
            var buffer = new byte[PartSize];
            for (var place = 0L; await file.Content.ReadAtLeastAsync(buffer, PartSize, throwOnEndOfStream: false) is > 0 and var read; place++)
                await change.ExecuteAsync("INSERT INTO work_blob_part (sha256, sealed_by, place, sealed) VALUES (@Sha256, @SealedBy, @place, @part)",
                    new { added.Sha256, added.SealedBy, place, part = ring.SealBytes(added.SealedBy, buffer.AsSpan(0, read), Place(added.Sha256, place)) });
        }
        await change.ExecuteAsync("""
            INSERT INTO work_attachment (id, sha256, sealed_by, case_id, task_id, basket, field, name, kind, size, personal, scan, at, by_login, unit)
            VALUES (@Id, @Sha256, @SealedBy, @CaseId, @TaskId, @basket, @Field, @name, @Kind, @Size, @Personal, @Scan, @At, @ByLogin, @Unit)
            """, new { added.Id, added.Sha256, added.SealedBy, added.CaseId, added.TaskId, basket, added.Field, name = added.Personal == 0 ? added.Name : ring.Seal(added.SealedBy, added.Name, "attachment:" + added.Id), added.Kind, added.Size, added.Personal, added.Scan, added.At, added.ByLogin, added.Unit });
        return added;
    }

    // Held from here on: whoever removes the last file with this content waits, and finds this one.
    private static async Task<bool> IsThereAsync(Change change, object blob)
    {
        while (true)
        {
            if (await change.FindAsync<string>($"SELECT sha256 FROM work_blob WHERE sha256 = @Sha256 AND sealed_by = @SealedBy{change.ForUpdate}", blob) is not null)
                return true;
            if (await change.ExecuteAsync("INSERT INTO work_blob (sha256, sealed_by, size, made) VALUES (@Sha256, @SealedBy, @Size, @Stamp) ON CONFLICT DO NOTHING", blob) == 1)
                return false;
        }
    }

    // What was sealed by a key that was destroyed is nobody's any more, and the same content may come again.
    private static async Task<bool> IsErasedAsync(Change change, KeyRing ring, Attachment file)
    {
        if (!ring.IsErased(await change.FindAsync<string>("SELECT sealed FROM work_blob_part WHERE sha256 = @Sha256 AND sealed_by = @SealedBy AND place = 0", new { file.Sha256, file.SealedBy })))
            return false;
        await change.ExecuteAsync("DELETE FROM work_blob_part WHERE sha256 = @Sha256 AND sealed_by = @SealedBy", new { file.Sha256, file.SealedBy });
        return true;
    }

    internal static async Task DropAsync(Change change, Attachment file)
    {
        var blob = new { file.Sha256, file.SealedBy };
        await change.FindAsync<string>($"SELECT sha256 FROM work_blob WHERE sha256 = @Sha256 AND sealed_by = @SealedBy{change.ForUpdate}", blob);
        await change.ExecuteAsync("DELETE FROM work_attachment WHERE id = @Id", new { file.Id });
        if (await change.FindAsync<long>("SELECT count(*) FROM work_attachment WHERE sha256 = @Sha256 AND sealed_by = @SealedBy", blob) > 0)
            return;
        await change.ExecuteAsync("DELETE FROM work_blob_part WHERE sha256 = @Sha256 AND sealed_by = @SealedBy", blob);
        await change.ExecuteAsync("DELETE FROM work_blob WHERE sha256 = @Sha256 AND sealed_by = @SealedBy", blob);
        change.Scrub();
    }

    // Whoever puts something into a basket clears away what others left in theirs too long ago, a few at a time.
    private static async Task ForgetAsync(Change change)
    {
        foreach (var old in await change.QueryAsync<Attachment>($"SELECT {Attachment.Columns} FROM work_attachment WHERE basket IS NOT NULL AND at < @before ORDER BY at LIMIT 20{change.SkipLocked}", new { before = Time.Write(change.At - BasketLife) }))
        {
            await DropAsync(change, old);
            change.Record("process", "attachment.forgotten", "attachment:" + old.Id, JsonSerializer.Serialize(new { sha256 = old.Sha256 }, Json.Plain));
        }
    }
}
