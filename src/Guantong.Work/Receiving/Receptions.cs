using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Dapper;
using Guantong.Data;
using Guantong.Packs;
using Guantong.Trust;

namespace Guantong.Work;

/// <summary>One reception for all channels (统一受理): what people say in their own words is taken in, sorted to a matter, joined to what is known already, or answered as nothing for government.</summary>
/// <remarks>What was said and how they are reached is sealed, and erased two years after it was dealt with. Nothing is kept of a person but what they said here.</remarks>
public sealed partial class Receptions(Store store, Cases cases, Steps steps, Applications applications, Sorter sorter, DataKeys keys, UserCentre centre, Contacts contacts, Notices notices, PackRegistry packs, Looks looks, Attachments files, Jurisdiction land, TimeProvider clock, WorkSignal signal, NoticeSignal news)
{
    /// <summary>By which ways something comes in. portal is what anybody sends; program is another system's.</summary>
    public static readonly IReadOnlyList<string> Channels = ["portal", "counter", "phone", "letter", "email", "visit", "program"];

    /// <summary>The least and the most characters that somebody says.</summary>
    public const int Shortest = 10, Longest = 2000;

    /// <summary>The data key that seals what was said.</summary>
    internal const string Key = "reception";

    private const int ErasedAtATime = 50;
    private static readonly TimeSpan Kept = TimeSpan.FromDays(730);
    private const string Columns = "r.id AS Id, r.number AS Number, r.channel AS Channel, r.region AS Region, r.said AS Said, r.state AS State, r.pack AS Pack, r.matter AS Matter, c.number AS CaseNumber, r.sorted_by AS SortedBy, r.reason AS Reason, r.received AS Received, r.ended AS Ended, r.version AS Version";
    private const string From = "FROM work_reception r LEFT JOIN work_case c ON c.id = r.case_id";

    private sealed record Held(string Id, string Number, string Channel, string Region, string? Said, string? Reach, string? Code, string? Applicant, string State, string? CaseId, long Version)
    {
        public const string Columns = "id AS Id, number AS Number, channel AS Channel, region AS Region, said AS Said, reach AS Reach, code AS Code, applicant AS Applicant, state AS State, case_id AS CaseId, version AS Version";
    }

    // How they are reached, and in which language.
    internal sealed record Told(Reach Reach, string Lang);

    /// <summary>What comes with something that a machine took in.</summary>
    /// <param name="By">The machine.</param>
    /// <param name="Left">What of it was left where it was; null where nothing was.</param>
    /// <param name="IsAnswered">Whether they are told its number and code.</param>
    /// <param name="KeepAsync">Keeps more of it in the same change, by its id.</param>
    internal sealed record Incoming(string By, LeftOut? Left, bool IsAnswered, Func<Change, string, Task> KeepAsync);

    /// <summary>Takes in what somebody says.</summary>
    /// <param name="by">The official or program that writes it down; null where people write it themselves.</param>
    /// <param name="account">Who says it with their account; null for nobody.</param>
    /// <param name="lang">In which language they want to be told.</param>
    /// <returns>Its number, and the code to look it up with where it is no account's.</returns>
    /// <exception cref="ConflictException">reception-channel, reception-region, reception-said, reception-reach, contact-email.</exception>
    public async Task<Receipt> ReceiveAsync(NewReception given, Person? by, Person? account, string lang, CancellationToken cancel = default)
    {
        var (channel, said) = (by is null ? "portal" : given.Channel ?? "", (given.Said ?? "").Trim());
        if (!Channels.Contains(channel) || (by is not null && channel == "portal"))
            throw new ConflictException("reception-channel");
        if (given.Region is null || land.Regions.Find(given.Region) is not { To: null } region)
            throw new ConflictException("reception-region");
        if (said.Length is < Shortest or > Longest)
            throw new ConflictException("reception-said", Shortest, Longest);
        if (given.Name?.Length > 60 || (given.Phone is { Length: > 0 } phone && !Phone().IsMatch(phone)))
            throw new ConflictException("reception-reach");
        if (given.Email is { Length: > 0 } email && !Contacts.IsEmail(email))
            throw new ConflictException("contact-email");
        return await TakeAsync(given with { Channel = channel, Region = region.Code, Said = said }, by, account, lang, null, cancel);
    }

    /// <summary>The same of what was looked at already.</summary>
    internal async Task<Receipt> TakeAsync(NewReception given, Person? by, Person? account, string lang, Incoming? incoming, CancellationToken cancel)
    {
        var (channel, region, said) = (given.Channel!, given.Region!, given.Said!);
        var own = account is null ? null : (await centre.OwnAsync(account, cancel)) is [var self, ..] ? self.Subject : null;
        var code = own is null ? RandomNumberGenerator.GetString(DocumentBook.Alphabet, 10) : null;
        var sorted = await sorter.SortAsync(said, channel, region, cancel);
        var number = await store.ChangeAsync(clock.GetUtcNow(), async change =>
        {
            var id = Guid.CreateVersion7(change.At).ToString("n");
            var name = await Cases.NextNumberAsync(change, $"R{region}-{change.At.ToOffset(land.Offset).Year.ToString(CultureInfo.InvariantCulture)}", "000000");
            var ring = await keys.RingAsync(change, Key, cancel);
            var reach = string.IsNullOrWhiteSpace(given.Name) && string.IsNullOrWhiteSpace(given.Phone) && string.IsNullOrWhiteSpace(given.Email) ? null : JsonSerializer.Serialize(new Told(new Reach(Blank(given.Name), Blank(given.Phone), Blank(given.Email)), lang), Json.Plain);
            await change.ExecuteAsync("""
                INSERT INTO work_reception (id, number, channel, region, said, reach, code, applicant, state, received, received_by, version, left_out)
                VALUES (@id, @name, @channel, @where, @said, @reach, @secret, @own, 'waiting', @Stamp, @by, 1, @left)
                """, new { id, name, channel, where = region, said = ring.Seal(Key, said, PlaceOf(id)), reach = reach is null ? null : ring.Seal(Key, reach, PlaceOf(id)), secret = code is null ? null : Hash(code), own, change.Stamp, by = incoming?.By ?? by?.Login ?? (own is null ? "applicant" : "account"), left = incoming?.Left is { } left ? ring.Seal(Key, JsonSerializer.Serialize(left, Json.Plain), PlaceOf(id)) : null });
            change.Record(incoming?.By ?? by?.Login ?? "applicant", "reception.received", About(name), JsonSerializer.Serialize(new { channel, region }, Json.Plain), by?.Unit, own);
            if (incoming is not null)
                await incoming.KeepAsync(change, id);
            Likeness.Keep(change, id, said);
            var seq = 0;
            foreach (var suggestion in sorted.Suggestions.Where(s => s.How == "rule").Concat(sorted.Suggestions.Where(s => s.How == "model").Take(1)))
                Note(change, id, ++seq, suggestion, suggestion.How, suggestion == sorted.Goes);
            if (incoming is { IsAnswered: true })
                await TellAsync(change, (await HeldAsync(change, id))!, "reception-received", code, cancel);
            if (sorted.Goes is { } goes)
                await OpenAsync(change, (await HeldAsync(change, id))!, said, packs.Applied[goes.Pack], packs.Applied[goes.Pack].Pack.Matter(goes.Matter)!, region, goes.How, null, null, cancel);
            await EraseAsync(change);
            return name;
        }, cancel);
        signal.Raise();
        news.Raise();
        return new Receipt(number, code);
    }

    /// <summary>A page of what came in and somebody of the reception sees: what waits first, the oldest first; then the newest.</summary>
    /// <param name="state">One of its states; null for all.</param>
    public Task<Page<Reception>> PageAsync(string? state, string? channel, string? words, RowRights rights, int skip, int take, CancellationToken cancel = default) => store.ReadAsync(async c =>
    {
        var where = $"WHERE (@state IS NULL OR r.state = @state) AND (@channel IS NULL OR r.channel = @channel) AND (@words IS NULL OR r.number LIKE @words ESCAPE '\\' OR c.number LIKE @words ESCAPE '\\'){Seen(rights)}";
        var args = rights.With(new { state, channel, words = Cases.Like(words), skip, take });
        var rows = (await c.QueryAsync<Reception>($"SELECT {Columns} {From} {where} ORDER BY CASE WHEN r.state = 'waiting' THEN 0 ELSE 1 END, CASE WHEN r.state = 'waiting' THEN r.received END, CASE WHEN r.state = 'waiting' THEN r.number END, r.received DESC, r.number DESC LIMIT @take OFFSET @skip", args)).AsList();
        var ring = await keys.RingAsync(c, [Key], cancel);
        return new Page<Reception>([.. rows.Select(r => r with { Said = r.Said is { } said ? ring.Open(said, PlaceOf(r.Id)).Text : null })], await c.ExecuteScalarAsync<long>($"SELECT count(*) {From} {where}", args), skip, take);
    }, cancel);

    /// <summary>One of them by id or number, with what helps to sort it; null where it is not there. That it was read stands in the ledger.</summary>
    /// <param name="isDrawn">By a page, which is drawn more than once for one look.</param>
    public async Task<ReceptionFile?> FindAsync(string idOrNumber, Person reader, bool isDrawn = false, CancellationToken cancel = default)
    {
        var rights = reader.Rows("reception.read", land);
        var found = await store.ReadAsync(async c =>
        {
            if (await c.QueryFirstOrDefaultAsync<Reception>($"SELECT {Columns} {From} WHERE (r.id = @idOrNumber OR r.number = @idOrNumber){Seen(rights)}", rights.With(new { idOrNumber })) is not { } row)
                return null;
            var ring = await keys.RingAsync(c, [Key], cancel);
            var (sealedReach, applicant, sealedLeft) = await c.QuerySingleAsync<(string?, string?, string?)>("SELECT reach, applicant, left_out FROM work_reception WHERE id = @Id", new { row.Id });
            var left = sealedLeft is not null && ring.Open(sealedLeft, PlaceOf(row.Id)).Text is { } written ? JsonSerializer.Deserialize<LeftOut>(written, Json.Plain) : null;
            var sortings = (await c.QueryAsync<Sorting>("SELECT at AS At, how AS How, pack AS Pack, matter AS Matter, unit AS Unit, confidence AS Confidence, went AS Went FROM work_sorting WHERE reception_id = @Id ORDER BY seq", new { row.Id })).AsList();
            return Tuple.Create(row with { Said = row.Said is { } said ? ring.Open(said, PlaceOf(row.Id)).Text : null }, ReachOf(ring, row.Id, sealedReach)?.Reach, sortings, applicant, left);
        }, cancel);
        if (found is not var (reception, reach, sorted, subject, left))
            return null;
        if (!isDrawn || looks.IsNew(reader, $"reception.read:{reception.Id}:{reception.Version}"))
        {
            await store.ChangeAsync(clock.GetUtcNow(), change =>
            {
                change.Record(reader.Login, "reception.read", About(reception.Number), "{}", reader.Unit, subject);
                return Task.CompletedTask;
            }, cancel);
        }
        var suggestions = reception.State == "waiting" && reception.Said is { } words ? (await sorter.SortAsync(words, reception.Channel, reception.Region, cancel)).Suggestions : [];
        return new ReceptionFile(reception, reach, suggestions, reception.Said is { } text ? await AlikeAsync(text, reception.Id, rights, cancel) : [], sorted, await files.OfReceptionAsync(reception.Id, cancel), left);
    }

    /// <summary>A file that came with something, for somebody of the reception; null where it is not there. That they opened it stands in the ledger.</summary>
    public async Task<Attachment?> OpenAsync(string idOrNumber, string attachment, Person reader, CancellationToken cancel = default)
    {
        var rights = reader.Rows("reception.read", land);
        if (await store.ReadAsync(c => c.QueryFirstOrDefaultAsync<Held>($"SELECT {Held.Columns} FROM work_reception WHERE (id = @idOrNumber OR number = @idOrNumber){rights.And("work_reception.region", "1 = 0")}", rights.With(new { idOrNumber })), cancel) is not { } held
            || (await files.OfReceptionAsync(held.Id, cancel)).FirstOrDefault(f => f.Id == attachment) is not { } file)
            return null;
        await store.ChangeAsync(clock.GetUtcNow(), change =>
        {
            change.Record(reader.Login, "reception.read", About(held.Number), JsonSerializer.Serialize(new { attachment, file.Sha256 }, Json.Plain), reader.Unit, held.Applicant);
            return Task.CompletedTask;
        }, cancel);
        return file;
    }

    /// <summary>Sorts something to a matter, or anew to another: a case of it is opened. What the person chose is what a model learns from.</summary>
    /// <exception cref="ConflictException">reception-gone; reception-over: it is joined or closed; reception-matter: nothing is sorted to it in that region; reception-region; reception-begun: its case is being handled, and is handed over or sent back there.</exception>
    public async Task<string> SortAsync(string id, string? pack, string? matter, string? region, string? reason, Person by, CancellationToken cancel = default)
    {
        var number = "";
        await ChangeAsync(id, by, "reception.sort", async (change, held) =>
        {
            if (held.State is not ("waiting" or "sorted"))
                throw new ConflictException("reception-over");
            var to = region ?? held.Region;
            if (land.Regions.Find(to) is null)
                throw new ConflictException("reception-region");
            var found = sorter.Matters(to).FirstOrDefault(m => m.Applied.Pack.Id == pack && m.Matter.Id == matter);
            if (found.Matter is null)
                throw new ConflictException("reception-matter");
            await LeaveCaseAsync(change, held, by, found.Matter.Name);
            var seq = await change.FindAsync<long>("SELECT coalesce(max(seq), 0) FROM work_sorting WHERE reception_id = @Id", new { held.Id });
            Note(change, held.Id, seq + 1, new Suggestion(pack!, matter!, Sorter.UnitOf(land, found.Applied.Pack, found.Matter, to), "person"), "person", went: true);
            number = await OpenAsync(change, held, await OpenedAsync(change, held, cancel), found.Applied, found.Matter, to, by.Login, by.Unit, Blank(reason), cancel);
        }, cancel);
        return number;
    }

    /// <summary>Joins something to a case that is about the same already: its progress is theirs to see.</summary>
    /// <exception cref="ConflictException">reception-gone, reception-over, reception-begun; reception-case: no case that goes on or was, of those that they see; reason-missing.</exception>
    public Task JoinAsync(string id, string? caseNumber, string? reason, Person by, CancellationToken cancel = default)
    {
        var said = Reason.Of(reason);
        return ChangeAsync(id, by, "reception.sort", async (change, held) =>
        {
            if (held.State is not ("waiting" or "sorted"))
                throw new ConflictException("reception-over");
            var rights = by.Rows("case.read", land);
            var target = await change.FindAsync<Case>($"SELECT {Case.Columns} FROM work_case WHERE number = @number AND state IN ('received', 'open', 'stuck', 'ended'){rights.OfCase("work_case")}", rights.With(new { number = (caseNumber ?? "").Trim() }));
            if (target is null || target.Id == held.CaseId)
                throw new ConflictException("reception-case");
            await LeaveCaseAsync(change, held, by, target.Number);
            await EndAsync(change, held, "joined", by, said, target.Id);
            await TellAsync(change, held, "reception-joined", null, cancel);
            change.Record(by.Login, "reception.joined", About(held.Number), JsonSerializer.Serialize(new { to = target.Number }, Json.Plain), by.Unit, held.Applicant);
            change.Record(target, by, "case.reception-joined", new { reception = held.Number });
        }, cancel);
    }

    /// <summary>Closes something that is nothing for government, with reasons that whoever said it reads.</summary>
    /// <exception cref="ConflictException">reception-gone, reception-over: only what waits is closed; reason-missing.</exception>
    public Task CloseAsync(string id, string? reason, Person by, CancellationToken cancel = default)
    {
        var said = Reason.Of(reason);
        return ChangeAsync(id, by, "reception.sort", async (change, held) =>
        {
            if (held.State != "waiting")
                throw new ConflictException("reception-over");
            await EndAsync(change, held, "closed", by, said, null);
            await TellAsync(change, held, "reception-closed", null, cancel);
            change.Record(by.Login, "reception.closed", About(held.Number), "{}", by.Unit, held.Applicant);
        }, cancel);
    }

    /// <summary>Takes joining or closing back: it waits again.</summary>
    /// <exception cref="ConflictException">reception-gone; reception-open: it is neither joined nor closed; reason-missing.</exception>
    public Task ReopenAsync(string id, string? reason, Person by, CancellationToken cancel = default)
    {
        var said = Reason.Of(reason);
        return ChangeAsync(id, by, "reception.sort", async (change, held) =>
        {
            if (held.State is not ("joined" or "closed"))
                throw new ConflictException("reception-open");
            await WaitAsync(change, held, said);
            change.Record(by.Login, "reception.reopened", About(held.Number), "{}", by.Unit, held.Applicant);
        }, cancel);
    }

    /// <summary>A unit gives something back that was sorted to it and is not its own (退回分办): it waits to be sorted anew, and the model learns from where it goes then.</summary>
    /// <exception cref="ConflictException">case-gone; reception-gone: the case is none that was sorted; reception-begun: it was accepted already; reason-missing; and what stands in the way of working on its task.</exception>
    public async Task ReturnAsync(string caseId, string? reason, Person by, Tasks tasks, CancellationToken cancel = default)
    {
        var said = Reason.Of(reason);
        await store.ChangeAsync(clock.GetUtcNow(), async change =>
        {
            var rights = by.Rows("case.read", land);
            var id = await change.FindAsync<string>($"SELECT id FROM work_case WHERE (id = @caseId OR number = @caseId){rights.OfCase("work_case")}", rights.With(new { caseId })) ?? throw new ConflictException("case-gone");
            var row = await steps.HoldAsync(change, id);
            var held = await change.FindAsync<Held>($"SELECT {Held.Columns} FROM work_reception WHERE case_id = @id AND state = 'sorted'{change.ForUpdate}", new { id }) ?? throw new ConflictException("reception-gone");
            if (row.State != "received" || await change.FindAsync<string>("SELECT id FROM work_task WHERE case_id = @id AND state = 'open' AND node = @Node", new { id, Acceptances.Node }) is not { } task)
                throw new ConflictException("reception-begun");
            await tasks.HoldAsync(change, task, by);
            await Acceptances.LeaveAsync(change, row, by.Login, null);
            await WaitAsync(change, held, said);
            change.Record(row, by, "application.returned", new { reception = held.Number, reason = said });
        }, cancel);
        signal.Raise();
    }

    /// <summary>What somebody said, by its number and code; null where they do not go together.</summary>
    public async Task<ReceptionView?> LookUpAsync(string number, string code, CancellationToken cancel = default)
    {
        var row = await store.ReadAsync(c => c.QueryFirstOrDefaultAsync<Held>($"SELECT {Held.Columns} FROM work_reception WHERE number = @number", new { number = number.Trim() }), cancel);
        var told = Encoding.ASCII.GetBytes(Hash(code.Trim().ToUpperInvariant()));
        return CryptographicOperations.FixedTimeEquals(told, Encoding.ASCII.GetBytes(row?.Code ?? new string('-', told.Length))) ? await ViewAsync(row!, cancel) : null;
    }

    /// <summary>What a person said with their account, the newest first.</summary>
    public async Task<IReadOnlyList<ReceptionView>> OfAsync(Person me, CancellationToken cancel = default)
    {
        if (await centre.OwnAsync(me, cancel) is not [var self, ..])
            return [];
        var rows = await store.ReadAsync(c => c.QueryAsync<Held>($"SELECT {Held.Columns} FROM work_reception WHERE applicant = @Subject ORDER BY received DESC LIMIT 50", new { self.Subject }), cancel);
        var views = new List<ReceptionView>();
        foreach (var row in rows)
            views.Add(await ViewAsync(row, cancel));
        return views;
    }

    private async Task<ReceptionView> ViewAsync(Held row, CancellationToken cancel)
    {
        var (received, reason, unit) = await store.ReadAsync(c => c.QuerySingleAsync<(string, string?, string?)>("SELECT r.received, r.reason, (SELECT s.unit FROM work_sorting s WHERE s.reception_id = r.id AND s.went = 1 ORDER BY s.seq DESC LIMIT 1) FROM work_reception r WHERE r.id = @Id", new { row.Id }), cancel);
        var file = row.CaseId is null ? null : row.State == "joined" ? await applications.ApartAsync(row.CaseId, cancel) : await applications.OfReceptionAsync(row.CaseId, cancel);
        // Why it was sorted is the officials' own; why it was closed or joined is theirs.
        return new ReceptionView(row.Number, received, row.State, row.State is "closed" or "joined" ? reason : null, row.State == "sorted" ? unit : null, file);
    }

    /// <summary>What came in in the last ninety days and says nearly the same.</summary>
    private async Task<IReadOnlyList<AlikeReception>> AlikeAsync(string said, string but, RowRights rights, CancellationToken cancel)
    {
        var near = await Likeness.FindAsync(store, clock.GetUtcNow(), said, but, cancel);
        return await store.ReadAsync(async c =>
        {
            var ring = await keys.RingAsync(c, [Key], cancel);
            var alike = new List<AlikeReception>();
            foreach (var one in near)
            {
                if (await c.QueryFirstOrDefaultAsync<Reception>($"SELECT {Columns} {From} WHERE r.id = @Id{Seen(rights)}", rights.With(new { one.Id })) is { } row)
                    alike.Add(new AlikeReception(row.Id, row.Number, row.Said is { } text ? ring.Open(text, PlaceOf(row.Id)).Text : null, row.State, row.CaseNumber, row.Received, one.Share));
            }
            return alike;
        }, cancel);
    }

    private async Task<string> OpenAsync(Change change, Held held, string said, AppliedPack applied, Matter matter, string region, string sortedBy, string? unit, string? reason, CancellationToken cancel)
    {
        var field = matter.Sort!.Field.Name;
        var applicant = held.Applicant is { } subject ? new Applicant(subject, null, null) : null;
        var id = await cases.OpenAsync(change, applied, matter, $"{land.Regions.Find(region)!.Name} {matter.Name}", region, new JsonObject { [field] = said, ["channel"] = held.Channel }, null, "reception", unit, personal: new HashSet<string> { field }, applicant: applicant, accept: matter.Accept);
        var row = (await change.FindAsync<Case>($"SELECT {Case.Columns} FROM work_case WHERE id = @id", new { id }))!;
        if (held.Code is { } code)
            change.Later("INSERT INTO work_application (case_id, code) VALUES (@id, @code)", new { id, code });
        // Who wants no more e-mails gets none about its case either.
        if (held.Applicant is null && ReachOf(await keys.RingAsync(change, Key, cancel), held.Id, held.Reach) is { Reach.Email: { } email, Lang: var lang } && await change.FindAsync<string>("SELECT ended FROM work_contact WHERE owner = @owner AND ended IS NOT NULL", new { owner = PlaceOf(held.Id) }) is null)
            await contacts.KeepAsync(change, "case:" + id, email, lang, cancel);
        await change.ExecuteAsync("UPDATE work_attachment SET case_id = @id WHERE reception_id = @reception", new { id, reception = held.Id });
        await change.ExecuteAsync("UPDATE work_reception SET state = 'sorted', pack = @Pack, matter = @Matter, case_id = @id, sorted_by = @sortedBy, reason = @reason, ended = @Stamp, version = version + 1 WHERE id = @reception",
            new { row.Pack, row.Matter, id, sortedBy, reason, change.Stamp, reception = held.Id });
        change.Record(sortedBy, "reception.sorted", About(held.Number), JsonSerializer.Serialize(new { to = row.Number, row.Pack, row.Matter, region }, Json.Plain), unit, held.Applicant);
        await notices.TellAsync(change, row, new Happening(matter.Accept is null ? "accepted" : "received", "case:" + id) { Due = row.Due });
        return row.Number;
    }

    // A case that nobody has begun to handle goes; one that is being handled is not pulled away from under somebody.
    private async Task LeaveCaseAsync(Change change, Held held, Person by, string toward)
    {
        if (held.State != "sorted" || held.CaseId is null)
            return;
        var row = await steps.HoldAsync(change, held.CaseId);
        if (row.State is "redirected")
            return;
        if (row.State is not ("received" or "open") || await change.FindAsync<string>("SELECT id FROM work_task WHERE case_id = @Id AND state = 'done' LIMIT 1", new { row.Id }) is not null)
            throw new ConflictException("reception-begun");
        if (row.State == "received")
            await Acceptances.LeaveAsync(change, row, by.Login, toward);
        else
            await steps.CloseAsync(change, row, "redirected");
        change.Record(row, by, "application.redirected", new { reception = held.Number });
    }

    private static async Task EndAsync(Change change, Held held, string state, Person by, string reason, string? caseId)
    {
        await change.ExecuteAsync("UPDATE work_attachment SET case_id = NULL WHERE reception_id = @Id", new { held.Id });
        await change.ExecuteAsync("UPDATE work_reception SET state = @state, pack = NULL, matter = NULL, case_id = @caseId, sorted_by = @Login, reason = @reason, ended = @Stamp, version = version + 1 WHERE id = @Id", new { held.Id, state, caseId, by.Login, reason, change.Stamp });
    }

    private static async Task WaitAsync(Change change, Held held, string reason)
    {
        await change.ExecuteAsync("UPDATE work_attachment SET case_id = NULL WHERE reception_id = @Id", new { held.Id });
        await change.ExecuteAsync("UPDATE work_reception SET state = 'waiting', pack = NULL, matter = NULL, case_id = NULL, sorted_by = NULL, reason = @reason, ended = NULL, version = version + 1 WHERE id = @Id", new { held.Id, reason });
    }

    // Who has an account is told there; else at the address that they gave, if they did.
    private async Task TellAsync(Change change, Held held, string on, string? code, CancellationToken cancel)
    {
        var to = held.Applicant ?? PlaceOf(held.Id);
        if (held.Applicant is null && await change.FindAsync<string>("SELECT owner FROM work_contact WHERE owner = @to", new { to }) is null)
        {
            if (ReachOf(await keys.RingAsync(change, Key, cancel), held.Id, held.Reach) is not { Reach.Email: { } email, Lang: var lang })
                return;
            await contacts.KeepAsync(change, to, email, lang, cancel);
        }
        // Of what was opened again and is closed again they are told again.
        await notices.TellOfReceptionAsync(change, to, on, string.Create(CultureInfo.InvariantCulture, $"{PlaceOf(held.Id)}:{held.Version}"), held.Number, code);
    }

    private static void Note(Change change, string id, long seq, Suggestion to, string how, bool went) => change.Later(
        "INSERT INTO work_sorting (reception_id, seq, at, how, model, pack, matter, unit, confidence, went) VALUES (@id, @seq, @Stamp, @how, @Model, @Pack, @Matter, @Unit, @Confidence, @went)",
        new { id, seq, change.Stamp, how, to.Model, to.Pack, to.Matter, to.Unit, to.Confidence, went = went ? 1 : 0 });

    // By whoever comes next, a few at a time: what was dealt with two years ago is forgotten, and what is alike is looked for among the recent alone.
    private static async Task EraseAsync(Change change)
    {
        var before = Time.Write(change.At - Kept);
        foreach (var id in await change.QueryAsync<string>($"SELECT id FROM work_reception WHERE said IS NOT NULL AND state <> 'waiting' AND ended < @before LIMIT {ErasedAtATime}{change.SkipLocked}", new { before }))
        {
            // What went to a case is of its file, and kept as long as that.
            foreach (var file in await change.QueryAsync<Attachment>($"SELECT {Attachment.Columns} FROM work_attachment WHERE reception_id = @id AND case_id IS NULL", new { id }))
                await Attachments.DropAsync(change, file);
            await change.ExecuteAsync("DELETE FROM work_contact WHERE owner = @owner", new { owner = PlaceOf(id) });
            await change.ExecuteAsync("UPDATE work_reception SET said = NULL, reach = NULL, left_out = NULL, version = version + 1 WHERE id = @id", new { id });
        }
        await change.ExecuteAsync($"DELETE FROM work_likeness_band WHERE id IN (SELECT l.id FROM work_likeness l WHERE l.at < @before LIMIT {ErasedAtATime})", new { before });
        await change.ExecuteAsync("DELETE FROM work_likeness WHERE at < @before AND NOT EXISTS (SELECT 1 FROM work_likeness_band b WHERE b.id = work_likeness.id)", new { before });
    }

    private async Task ChangeAsync(string id, Person by, string act, Func<Change, Held, Task> does, CancellationToken cancel)
    {
        var rights = by.Rows(act, land);
        await store.ChangeAsync(clock.GetUtcNow(), async change => await does(change,
            await change.FindAsync<Held>($"SELECT {Held.Columns} FROM work_reception WHERE (id = @id OR number = @id){rights.And("work_reception.region", "1 = 0")}{change.ForUpdate}", rights.With(new { id })) ?? throw new ConflictException("reception-gone")), cancel);
        signal.Raise();
        news.Raise();
    }

    private async Task<string> OpenedAsync(Change change, Held held, CancellationToken cancel) =>
        (held.Said is { } said ? (await keys.RingAsync(change, Key, cancel)).Open(said, PlaceOf(held.Id)).Text : null) ?? throw new ConflictException("reception-erased");

    private static Task<Held?> HeldAsync(Change change, string id) => change.FindAsync<Held>($"SELECT {Held.Columns} FROM work_reception WHERE id = @id", new { id });

    internal static Told? ReachOf(KeyRing ring, string id, string? kept) =>
        kept is not null && ring.Open(kept, PlaceOf(id)).Text is { } text ? JsonSerializer.Deserialize<Told>(text, Json.Plain) : null;

    private static string Seen(RowRights rights) => rights.And("r.region", "1 = 0");

    internal static string PlaceOf(string id) => "reception:" + id;

    private static string About(string number) => "reception:" + number;

    private static string? Blank(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();

    private static string Hash(string code) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(code)));

    [GeneratedRegex(@"\A\+?[0-9][0-9 \-]{4,18}[0-9]\z")]
    private static partial Regex Phone();
}
