using System.Data.Common;
using System.Globalization;
using System.Text.Json.Nodes;
using Dapper;
using Guantong.Data;
using Guantong.Processes;
using Guantong.Trust;

namespace Guantong.Work;

/// <summary>Serves documents of cases, and keeps the receipts.</summary>
/// <remarks>
/// 民事诉讼法（2023 修正）§87: each service has a receipt, and its day is the day of service; §88 direct, §89 left behind, §90 electronic: with consent, on the day on which it comes to the party's system; §91 by post: the day on the receipt; §95 by public notice: thirty days after it.
/// 行政处罚法 §61: a decision is handed over when it is announced, or served within seven days; electronically where the party has agreed.
/// What is served is told to the process as the message <c>document-served</c> with the case's number, so that a process may wait for it.
/// </remarks>
public sealed class Servings(Store store, PackRegistry packs, UserCentre centre, DataKeys keys, Notices notices, Jurisdiction land, TimeProvider clock, WorkSignal signal, NoticeSignal news)
{
    /// <summary>The message that a served document is to its process; its key is the case's number.</summary>
    public const string Message = "document-served";

    /// <summary>The ways, as they are to be tried.</summary>
    public static readonly IReadOnlyList<string> Ways = ["direct", "electronic", "left", "post", "notice"];

    /// <summary>The longest name or note, in characters.</summary>
    public const int Longest = 300;

    /// <summary>After how many days a public notice counts as service.</summary>
    public const int DaysOfNotice = 30;

    private const string Key = "serving";

    private sealed record Row(string Id, string DocumentId, string CaseId, string Way, string? Party, string Name, string State, string Began, string? Served, string? Receiver, string? Note, string? Confirmed, string Unit, string CaseNumber, string Pack, string Revision, string Matter, string Region, string Document, string? Number);

    private const string Columns = "s.id AS Id, s.document_id AS DocumentId, s.case_id AS CaseId, s.way AS Way, s.party AS Party, s.name AS Name, s.state AS State, s.began AS Began, s.served AS Served, s.receiver AS Receiver, s.note AS Note, s.confirmed AS Confirmed, s.unit AS Unit, c.number AS CaseNumber, c.pack AS Pack, c.revision AS Revision, c.matter AS Matter, c.region AS Region, d.name AS Document, d.number AS Number";
    private const string From = "FROM work_serving s JOIN work_case c ON c.id = s.case_id JOIN work_document d ON d.id = s.document_id";

    /// <summary>Serves a document.</summary>
    /// <returns>The serving's id.</returns>
    /// <exception cref="ConflictException">serving-gone: no document of a case of theirs; serving-way, serving-party, serving-day, serving-receiver, serving-note: what was given will not do; serving-consent: they have not agreed to be served here; serving-twice: it was served on them; case-archived.</exception>
    public async Task<string> ServeAsync(Person by, string documentId, NewServing given, CancellationToken cancel = default)
    {
        if (!Ways.Contains(given.Way))
            throw new ConflictException("serving-way");
        var (receiver, note) = (Said(given.Receiver), Said(given.Note));
        if (given.Way == "direct" && receiver is null)
            throw new ConflictException("serving-receiver");
        if (given.Way is "left" or "notice" or "post" && note is null)
            throw new ConflictException("serving-note");
        var id = Guid.CreateVersion7(clock.GetUtcNow()).ToString("n");
        await store.ChangeAsync(clock.GetUtcNow(), async change =>
        {
            var (row, document) = await HoldAsync(change, by, documentId);
            var (party, name) = await PartyAsync(change, row, given);
            if (given.Way == "electronic" && (party is null || await change.FindAsync<string>("SELECT agreed FROM work_consent_to_service WHERE party = @party AND ended IS NULL", new { party }) is null))
                throw new ConflictException("serving-consent");
            var today = DateOnly.FromDateTime(change.At.ToOffset(land.Offset).DateTime);
            var day = given.Way switch
            {
                "direct" or "left" => Day(given.Served, document, today),
                "electronic" => today,
                "notice" => today.AddDays(DaysOfNotice),
                _ => (DateOnly?)null,
            };
            var ring = await keys.RingAsync(change, Key, cancel);
            string? Sealed(string? text, string field) => text is null ? null : ring.Seal(Key, text, Place(id, field));
            // A name that is sealed is not found again: two servings on one name are told apart by who sees them.
            var touched = await change.ExecuteAsync("""
                INSERT INTO work_serving (id, document_id, case_id, way, party, name, state, began, served, receiver, note, by_login, unit, version)
                VALUES (@id, @documentId, @CaseId, @Way, @party, @name, @state, @Stamp, @served, @receiver, @note, @Login, @Unit, 1) ON CONFLICT DO NOTHING
                """, new
            {
                id, documentId, CaseId = row.Id, given.Way, party, name = Sealed(name, "name"), state = given.Way is "direct" or "left" ? "served" : "sent", change.Stamp,
                served = day?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), receiver = Sealed(receiver, "receiver"), note = Sealed(note, "note"), by.Login, by.Unit,
            });
            if (touched == 0)
                throw new ConflictException("serving-twice");
            change.Record(row, by, "document.serving", new { document = document.Name, document.Number, way = given.Way, serving = id });
            if (party is not null)
                await notices.TellAsync(change, row, new Happening("served", "serving:" + id) { Party = party, Document = document, Unit = by.Unit });
            if (given.Way is "direct" or "left" or "notice")
                await ServedAsync(change, row, by.Login, id, document, given.Way, day!.Value, given.Way == "notice" ? new DateTimeOffset(day.Value.ToDateTime(TimeOnly.MinValue), land.Offset) : null);
        }, cancel);
        signal.Raise();
        news.Raise();
        return id;
    }

    /// <summary>A letter arrived: who took it and when, as its receipt says.</summary>
    /// <exception cref="ConflictException">serving-gone, serving-day, serving-receiver; serving-over: it is not on its way by post.</exception>
    public async Task ArrivedAsync(Person by, string id, string? served, string? receiver, CancellationToken cancel = default)
    {
        var who = Said(receiver) ?? throw new ConflictException("serving-receiver");
        await store.ChangeAsync(clock.GetUtcNow(), async change =>
        {
            var (row, document, serving) = await OfAsync(change, by, id);
            var day = Day(served, document, DateOnly.FromDateTime(change.At.ToOffset(land.Offset).DateTime));
            var kept = (await keys.RingAsync(change, Key, cancel)).Seal(Key, who, Place(id, "receiver"));
            await EndAsync(change, serving.Id, "served", "way = 'post'", "served = @day, receiver = @kept", new { day = day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), kept });
            await ServedAsync(change, row, by.Login, id, document, "post", day, null);
        }, cancel);
        signal.Raise();
    }

    /// <summary>It did not reach them: it may be served in another way.</summary>
    /// <exception cref="ConflictException">serving-gone, serving-note; serving-over: it is not on its way.</exception>
    public Task FailedAsync(Person by, string id, string? why, CancellationToken cancel = default) => store.ChangeAsync(clock.GetUtcNow(), async change =>
    {
        var said = Said(why) ?? throw new ConflictException("serving-note");
        var (row, document, serving) = await OfAsync(change, by, id);
        var note = (await keys.RingAsync(change, Key, cancel)).Seal(Key, said, Place(id, "note"));
        await EndAsync(change, id, "failed", "way IN ('post', 'electronic')", "served = NULL, note = @note", new { note });
        change.Record(row, by, "document.not-served", new { document = document.Name, document.Number, serving.Way, serving = id });
    }, cancel);

    /// <summary>Whoever it is served on electronically confirms that they have it; the day of service is that on which it came here.</summary>
    /// <exception cref="ConflictException">serving-gone: none of theirs; serving-over: it is confirmed, or was served otherwise.</exception>
    public async Task ConfirmAsync(Person me, string id, CancellationToken cancel = default)
    {
        var own = await centre.OwnAsync(me, cancel);
        await store.ChangeAsync(clock.GetUtcNow(), async change =>
        {
            var serving = await change.FindAsync<Row>($"SELECT {Columns} {From} WHERE s.id = @id", new { id });
            if (serving is null || own.All(o => o.Subject != serving.Party))
                throw new ConflictException("serving-gone");
            var (row, document) = await HoldAsync(change, serving.CaseId, serving.DocumentId);
            await EndAsync(change, id, "served", "way = 'electronic'", "confirmed = @Stamp", new { change.Stamp });
            await ServedAsync(change, row, me.Login, id, document, "electronic", DateOnly.ParseExact(serving.Served!, "yyyy-MM-dd", CultureInfo.InvariantCulture), null);
        }, cancel);
        signal.Raise();
    }

    /// <summary>Somebody agrees to be served here, for themselves or an organisation that they represent, or takes that back.</summary>
    /// <exception cref="ConflictException">serving-party: it is none of theirs.</exception>
    public async Task AgreeAsync(Person me, string? of, bool agrees, CancellationToken cancel = default)
    {
        var own = await centre.OwnAsync(me, cancel);
        var party = own.FirstOrDefault(o => of is null || o.Subject == of).Subject ?? throw new ConflictException("serving-party");
        await store.ChangeAsync(clock.GetUtcNow(), async change =>
        {
            await change.ExecuteAsync("INSERT INTO work_consent_to_service (party, agreed, ended) VALUES (@party, @agreed, @ended) ON CONFLICT (party) DO UPDATE SET agreed = coalesce(@agreed, work_consent_to_service.agreed), ended = @ended",
                new { party, agreed = agrees ? change.Stamp : null, ended = agrees ? null : change.Stamp });
            change.Record(me, agrees ? "service.agreed" : "service.not-agreed", $"person:{me.Login}", subject: party);
        }, cancel);
    }

    /// <summary>Those whom somebody stands for, and since when they have agreed to be served here.</summary>
    public async Task<IReadOnlyList<(string Subject, string Name, string? Agreed)>> ConsentsAsync(Person me, CancellationToken cancel = default)
    {
        var own = await centre.OwnAsync(me, cancel);
        var agreed = await store.ReadAsync(async c => (await c.QueryAsync<(string Party, string Agreed)>($"SELECT party, agreed FROM work_consent_to_service WHERE ended IS NULL AND party {(store.IsPostgres ? "= ANY(@of)" : "IN @of")}", new { of = own.Select(o => o.Subject).ToArray() })).ToDictionary(r => r.Party, r => r.Agreed), cancel);
        return [.. own.Select(o => (o.Subject, o.Name, agreed.GetValueOrDefault(o.Subject)))];
    }

    /// <summary>How documents of a case were served, oldest first.</summary>
    public Task<IReadOnlyList<ServedDocument>> OfCaseAsync(string caseId, bool isOpen, CancellationToken cancel = default) => ListAsync("s.case_id = @caseId ORDER BY s.began, s.id", new { caseId }, isOpen, cancel);

    /// <summary>What is served on somebody, the latest first; at most a hundred.</summary>
    public async Task<IReadOnlyList<ServedDocument>> MineAsync(Person me, CancellationToken cancel = default) =>
        await ListAsync($"s.state <> 'failed' AND s.party {(store.IsPostgres ? "= ANY(@of)" : "IN @of")} ORDER BY s.began DESC, s.id DESC LIMIT 100", new { of = (await centre.OwnAsync(me, cancel)).Select(o => o.Subject).ToArray() }, true, cancel);

    /// <summary>A document that is served on somebody, for them to read; null where none of theirs.</summary>
    public async Task<CaseDocument?> DocumentAsync(Person me, string id, Cases cases, CancellationToken cancel = default) =>
        (await MineAsync(me, cancel)).FirstOrDefault(s => s.Id == id) is { } serving && await cases.FindAsync(serving.CaseId, RowRights.All, cancel) is { } file ? file.Documents.FirstOrDefault(d => d.Id == serving.DocumentId) : null;

    private Task<IReadOnlyList<ServedDocument>> ListAsync(string where, object args, bool isOpen, CancellationToken cancel) => store.ReadAsync(async c =>
    {
        var rows = (await c.QueryAsync<Row>($"SELECT {Columns} {From} WHERE {where}", args)).AsList();
        var ring = rows.Count == 0 ? null : await keys.RingAsync(c, [Key], cancel);
        var list = new List<ServedDocument>();
        foreach (var r in rows)
        {
            string? Open(string? text, string field) => text is null ? null : !isOpen ? CaseSeals.Masked : ring!.Open(text, Place(r.Id, field)).Text ?? CaseSeals.Erased;
            var isServed = r.State == "served" || (r.Way == "notice" && string.CompareOrdinal(r.Served, clock.GetUtcNow().ToOffset(land.Offset).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)) <= 0);
            var appeal = (await packs.AtAsync(r.Pack, r.Revision, cancel)).Matter(r.Matter)?.Appeal is { Instead: null } open ? open : null;
            string? Until(string? limit) => limit is null || !isServed || r.Served is not { } day ? null
                : Time.Write(land.Calendars.Of(r.Region).Due(new DateTimeOffset(DateTime.ParseExact(day, "yyyy-MM-dd", CultureInfo.InvariantCulture).AddHours(12), land.Offset), TimeLimit.Of(limit)));
            list.Add(new ServedDocument(r.Id, r.DocumentId, r.CaseId, r.CaseNumber, r.Document, r.Number, r.Way, Open(r.Name, "name")!, isServed ? "served" : r.State, r.Began, r.Served, Open(r.Receiver, "receiver"), Open(r.Note, "note"), r.Confirmed, r.Unit)
            {
                ReviewUntil = Until(appeal?.Review), LawsuitUntil = Until(appeal?.Lawsuit), ReviewBy = appeal?.To,
            });
        }
        return (IReadOnlyList<ServedDocument>)list;
    }, cancel);

    private async Task<(Case, CaseDocument)> HoldAsync(Change change, Person by, string documentId)
    {
        var rights = by.Rows("document.serve", land);
        var caseId = await change.FindAsync<string>($"SELECT d.case_id FROM work_document d JOIN work_case c ON c.id = d.case_id WHERE d.id = @documentId{rights.OfCase("c")}", rights.With(new { documentId })) ?? throw new ConflictException("serving-gone");
        return await HoldAsync(change, caseId, documentId);
    }

    private static async Task<(Case, CaseDocument)> HoldAsync(Change change, string caseId, string documentId)
    {
        var row = (await change.FindAsync<Case>($"SELECT {Case.Columns} FROM work_case WHERE id = @caseId{change.ForUpdate}", new { caseId }))!;
        if (row.Archived is not null)
            throw new ConflictException("case-archived");
        return (row, (await change.FindAsync<CaseDocument>($"SELECT {CaseDocument.Columns} FROM work_document WHERE id = @documentId", new { documentId }))!);
    }

    private async Task<(Case, CaseDocument, Row)> OfAsync(Change change, Person by, string id)
    {
        var serving = await change.FindAsync<Row>($"SELECT {Columns} {From} WHERE s.id = @id", new { id }) ?? throw new ConflictException("serving-gone");
        var (row, document) = await HoldAsync(change, by, serving.DocumentId);
        return (row, document, serving);
    }

    // Of two who act at once, the second finds it over.
    private static async Task EndAsync(Change change, string id, string state, string which, string also, object with)
    {
        var args = new DynamicParameters(with);
        args.AddDynamicParams(new { id, state });
        if (await change.ExecuteAsync($"UPDATE work_serving SET state = @state, version = version + 1, {also} WHERE id = @id AND state = 'sent' AND {which}", args) == 0)
            throw new ConflictException("serving-over");
    }

    private async Task ServedAsync(Change change, Case row, string actor, string id, CaseDocument document, string way, DateOnly day, DateTimeOffset? due)
    {
        var on = day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        change.Record(row, actor, "document.served", new { document = document.Name, document.Number, way, day = on, serving = id });
        if (row.State is not ("open" or "stuck") || !(await packs.AtAsync(row.Pack, row.Revision)).Files.Texts.Any(t => t.Key.EndsWith(".bpmn", StringComparison.Ordinal) && t.Value.Contains($"\"{Message}\"", StringComparison.Ordinal)))
            return;
        await Messages.InsertAsync(change, "message", Message, row.Number, new JsonObject { ["served_on"] = on, ["served_way"] = way, ["served_document"] = document.Number ?? document.Name }.ToJsonString(Json.Plain), null, null, TimeSpan.FromDays(90), id, CaseLedger.About(row.Number), due);
    }

    private static async Task<(string? Party, string Name)> PartyAsync(Change change, Case row, NewServing given)
    {
        if (given.Organisation?.Trim() is { Length: > 0 } code)
            return (Subjects.OfOrganisation(code), await change.FindAsync<string>("SELECT name FROM organisation WHERE code = @code", new { code }) ?? Said(given.Name) ?? throw new ConflictException("serving-party"));
        if (Said(given.Name) is { } name)
            return (null, name);
        return row.Applicant is { } applicant && (await Subjects.NamesAsync(change.Connection, [applicant])).GetValueOrDefault(applicant) is { } known ? (applicant, known) : throw new ConflictException("serving-party");
    }

    // Not before the document was made, and not in the future.
    private DateOnly Day(string? given, CaseDocument document, DateOnly today) =>
        given is null ? today
        : DateOnly.TryParseExact(given, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) && day <= today && day >= DateOnly.FromDateTime(Time.Read(document.Made).ToOffset(land.Offset).DateTime) ? day
        : throw new ConflictException("serving-day");

    private static string? Said(string? given) => string.IsNullOrWhiteSpace(given) ? null : given.Length <= Longest ? given.Trim() : throw new ConflictException("serving-note");

    private static string Place(string id, string field) => $"serving:{id}:{field}";
}
