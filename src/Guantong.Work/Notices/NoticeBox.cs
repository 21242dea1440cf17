using System.Data.Common;
using System.Text.Json;
using Dapper;
using Guantong.Trust;

namespace Guantong.Work;

/// <summary>A notice in an inbox.</summary>
/// <param name="On">What happened.</param>
/// <param name="Number">The case; null where it is about none.</param>
/// <param name="For">Whose it is where it is not the reader's own: an organisation or a unit.</param>
/// <param name="Read">Whether whoever looks has read it.</param>
public sealed record InboxNotice(string Id, string On, string? Number, string Subject, string Text, string Made, string? For, bool Read);

/// <summary>A notice as officials see it on its case.</summary>
/// <param name="To">applicant, person, organisation, unit or official: the kind of recipient, for a unit its name and for an official their login.</param>
/// <param name="State">sent, waiting, failed, dropped or logged.</param>
/// <param name="Fault">Why it did not leave.</param>
public sealed record SentNotice(string Id, string On, string To, string Channel, string Subject, string State, long Attempts, string Made, string? Sent, string? Fault);

/// <summary>What people and officials find in their inboxes, and what officials see was sent about a case.</summary>
public sealed class NoticeBox(Store store, UserCentre centre, Jurisdiction land, TimeProvider clock, NoticeSignal signal)
{
    // Computed columns differ in type between the stores: a class takes them, a record does not.
    private sealed class Row
    {
        public string Id { get; set; } = "";

        public string Event { get; set; } = "";

        public string Recipient { get; set; } = "";

        public string Channel { get; set; } = "";

        public string Said { get; set; } = "";

        public string State { get; set; } = "";

        public long Attempts { get; set; }

        public string Made { get; set; } = "";

        public string? Sent { get; set; }

        public string? Fault { get; set; }

        public string? Number { get; set; }

        public string? Read { get; set; }
    }

    private const string Columns = "n.id AS Id, n.event AS Event, n.recipient AS Recipient, n.channel AS Channel, n.said AS Said, n.state AS State, n.attempts AS Attempts, n.made AS Made, n.sent AS Sent, n.fault AS Fault, c.number AS Number";
    private const string From = "FROM work_notice n LEFT JOIN work_case c ON c.id = n.case_id";

    /// <summary>A page of somebody's inbox, the latest first: their own, of organisations that they represent; of an official, their unit's too.</summary>
    public async Task<Page<InboxNotice>> PageAsync(Person me, string lang, int skip, int take, CancellationToken cancel = default)
    {
        var (reader, of) = await OfAsync(me, cancel);
        return await store.ReadAsync(async c =>
        {
            var args = new { of, reader, skip, take };
            var rows = await c.QueryAsync<Row>($"SELECT {Columns}, r.at AS Read {From} LEFT JOIN work_notice_read r ON r.notice_id = n.id AND r.reader = @reader WHERE n.channel = 'inbox' AND n.recipient {Among} ORDER BY n.made DESC, n.id DESC LIMIT @take OFFSET @skip", args);
            return new Page<InboxNotice>([.. rows.Select(r => Said(r, lang) is var said ? new InboxNotice(r.Id, r.Event, r.Number, said.Subject, said.Text, r.Made, For(r, lang), r.Read is not null) : null!)],
                await c.ExecuteScalarAsync<long>($"SELECT count(*) FROM work_notice n WHERE n.channel = 'inbox' AND n.recipient {Among}", args), skip, take);
        }, cancel);
    }

    /// <summary>How many they have not read.</summary>
    public async Task<long> UnreadAsync(Person me, CancellationToken cancel = default)
    {
        var (reader, of) = await OfAsync(me, cancel);
        return await store.ReadAsync(c => c.ExecuteScalarAsync<long>($"SELECT count(*) FROM work_notice n WHERE n.channel = 'inbox' AND n.recipient {Among} AND NOT EXISTS (SELECT 1 FROM work_notice_read r WHERE r.notice_id = n.id AND r.reader = @reader)", new { of, reader }), cancel);
    }

    /// <summary>Whose addresses are somebody's own.</summary>
    public async Task<string> OwnerAsync(Person me, CancellationToken cancel = default) => (await OfAsync(me, cancel)).Reader;

    /// <summary>Marks one as read, or all.</summary>
    /// <returns>Whether there was such a one of theirs.</returns>
    public async Task<bool> ReadAsync(Person me, string? id, CancellationToken cancel = default)
    {
        var (reader, of) = await OfAsync(me, cancel);
        return await store.ChangeAsync(clock.GetUtcNow(), async change =>
        {
            var touched = await change.ExecuteAsync($"INSERT INTO work_notice_read (notice_id, reader, at) SELECT n.id, @reader, @Stamp FROM work_notice n WHERE n.channel = 'inbox' AND n.recipient {Among} AND (@id IS NULL OR n.id = @id) ON CONFLICT (notice_id, reader) DO NOTHING", new { of, reader, id, change.Stamp });
            change.Record(me, touched > 0 ? "notice.read" : "notice.read-again", id is null ? $"person:{me.Login}" : $"notice:{id}");
            return touched > 0 || id is null || await change.FindAsync<string>($"SELECT n.id FROM work_notice n WHERE n.id = @id AND n.recipient {Among}", new { id, of }) is not null;
        }, cancel);
    }

    /// <summary>What was sent about a case, oldest first. Of addresses nothing is told.</summary>
    public Task<IReadOnlyList<SentNotice>> OfCaseAsync(string caseId, string lang, CancellationToken cancel = default) => store.ReadAsync(async c =>
    {
        var rows = await c.QueryAsync<Row>($"SELECT {Columns} {From} WHERE n.case_id = @caseId AND n.channel <> 'none' ORDER BY n.made, n.id", new { caseId });
        return (IReadOnlyList<SentNotice>)[.. rows.Select(r => new SentNotice(r.Id, r.Event, To(r.Recipient, lang), r.Channel, Said(r, lang).Subject, r.State, r.Attempts, r.Made, r.Sent, r.Fault))];
    }, cancel);

    /// <summary>Tries one once more that did not leave.</summary>
    /// <exception cref="ConflictException">notice-gone: there is none; notice-left: it waits, or has left.</exception>
    public async Task AgainAsync(Person by, string caseId, string id, CancellationToken cancel = default)
    {
        await store.ChangeAsync(clock.GetUtcNow(), async change =>
        {
            var row = await change.FindAsync<Case>($"SELECT {Case.Columns} FROM work_case WHERE id = @caseId OR number = @caseId", new { caseId }) ?? throw new ConflictException("notice-gone");
            if (await change.FindAsync<string>("SELECT id FROM work_notice WHERE id = @id AND case_id = @of", new { id, of = row.Id }) is null)
                throw new ConflictException("notice-gone");
            if (await change.ExecuteAsync("UPDATE work_notice SET state = 'waiting', attempts = 0, due = @Stamp, fault = NULL WHERE id = @id AND state IN ('failed', 'dropped')", new { id, change.Stamp }) == 0)
                throw new ConflictException("notice-left");
            change.Record(row, by, "notice.again", new { notice = id });
        }, cancel);
        signal.Raise();
    }

    private string Among => store.IsPostgres ? "= ANY(@of)" : "IN @of";

    private async Task<(string Reader, string[] Of)> OfAsync(Person me, CancellationToken cancel)
    {
        var own = await centre.OwnAsync(me, cancel);
        var reader = own.Count > 0 ? own[0].Subject : "login:" + me.Login;
        return (reader, [.. own.Select(o => o.Subject), .. me.Kind == "official" ? (string[])[$"official:{me.Login}", $"unit:{me.Unit}"] : []]);
    }

    private static SaidNotice Said(Row row, string lang) => JsonSerializer.Deserialize<Dictionary<string, SaidNotice>>(row.Said, Json.Plain)!.GetValueOrDefault(lang != Lang.Zh ? Lang.En : Lang.Zh) ?? new SaidNotice("", "", "");

    private string? For(Row row, string lang) => row.Recipient.Split(':', 2) is ["unit", var unit] ? land.Units.Find(unit)?.Say(lang) ?? unit : Subjects.CodeOf(row.Recipient);

    private string To(string recipient, string lang) => recipient.Split(':', 2) switch
    {
        ["unit", var unit] => land.Units.Find(unit)?.Say(lang) ?? unit,
        ["official", var login] => login,
        ["organisation", var code] => code,
        _ => WorkTexts.Say(lang, "notice.to.person"),
    };
}
