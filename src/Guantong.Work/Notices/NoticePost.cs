using System.Text.Json;
using Dapper;
using Guantong.Trust;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Guantong.Work;

/// <summary>Says that there may be a notice to deliver.</summary>
public sealed class NoticeSignal : WorkSignal;

/// <summary>Delivers what waits to leave the platform, and tells units of tasks that have become late. Any number of nodes may: each notice is taken by one, for a while; its id stays the same, so that a mailbox knows one that comes twice.</summary>
public sealed partial class NoticePost(Store store, Notices notices, Contacts contacts, NoticeChoices choices, NoticeSettings settings, IEnumerable<INoticeCarrier> carriers, NoticeSignal signal, TimeProvider clock, ILogger<NoticePost> log) : BackgroundService
{
    private const int MostAttempts = 6;
    private const int AtOnce = 50;

    // Longer than any carrier takes: another node tries only where this one is gone.
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(2), Often = TimeSpan.FromSeconds(5), Look = TimeSpan.FromMinutes(1);

    private DateTimeOffset _looked = DateTimeOffset.MinValue;

    private sealed record Row(string Id, string? CaseId, string Event, string Recipient, string Channel, string Said, long Attempts);

    private sealed record Late(string Id, string CaseId, string Name, string Unit, string? Assignee, string Due);

    /// <summary>Delivers what has been due longest; false where nothing is.</summary>
    public async Task<bool> DeliverNextAsync(CancellationToken cancel = default)
    {
        var now = clock.GetUtcNow();
        var row = await store.ReadAsync(c => c.QueryFirstOrDefaultAsync<Row>($"""
            UPDATE work_notice SET attempts = attempts + 1, due = @lease
            WHERE id = (SELECT id FROM work_notice WHERE state = 'waiting' AND due <= @now ORDER BY due, id LIMIT 1{(store.IsPostgres ? " FOR UPDATE SKIP LOCKED" : "")}) AND state = 'waiting' AND due <= @now
            RETURNING id AS Id, case_id AS CaseId, event AS Event, recipient AS Recipient, channel AS Channel, said AS Said, attempts AS Attempts
            """, new { now = Time.Write(now), lease = Time.Write(now + Lease) }), cancel);
        if (row is null)
            return false;
        // A code is waited for; everything else may wait until they are up.
        if (row.Event != "confirm" && await choices.QuietUntilAsync(row.Recipient, cancel) is { } until)
        {
            await store.ChangeAsync(clock.GetUtcNow(), async change =>
            {
                await change.ExecuteAsync("UPDATE work_notice SET due = @due, attempts = attempts - 1 WHERE id = @Id AND state = 'waiting'", new { row.Id, due = Time.Write(until) });
                change.Record("notices", "notice.quiet", $"notice:{row.Id}", subject: row.Recipient);
            }, cancel);
            return true;
        }
        var (state, fault) = await TryAsync(row, cancel);
        await store.ChangeAsync(clock.GetUtcNow(), async change =>
        {
            // A code is for the way only.
            var touched = await change.ExecuteAsync("UPDATE work_notice SET state = @state, fault = @fault, due = @due, sent = CASE WHEN @isSent = 1 THEN @Stamp ELSE sent END, said = CASE WHEN event IN ('confirm', 'reception-received') AND @state <> 'waiting' THEN '{}' ELSE said END WHERE id = @Id AND state = 'waiting'",
                new { row.Id, state, fault, due = Time.Write(change.At + TimeSpan.FromMinutes(Math.Pow(2, row.Attempts - 1))), isSent = state is "sent" or "logged" ? 1 : 0, change.Stamp });
            var detail = new { notice = row.Id, on = row.Event, row.Channel, fault };
            var action = touched == 0 ? "notice.done-meanwhile" : state == "waiting" ? "notice.put-off" : "notice." + state;
            if (row.CaseId is { } id && await change.FindAsync<Case>($"SELECT {Case.Columns} FROM work_case WHERE id = @id", new { id }) is { } about)
                change.Record(about, "notices", action, detail);
            else
                change.Record("notices", action, $"notice:{row.Id}", JsonSerializer.Serialize(detail, Json.Plain), subject: row.Recipient);
        }, cancel);
        return true;
    }

    private async Task<(string State, string? Fault)> TryAsync(Row row, CancellationToken cancel)
    {
        // Ended or forgotten since: they are told nothing more.
        if (await contacts.FindAsync(row.Recipient, row.Channel, evenUnconfirmed: row.Event == "confirm", cancel) is not var (address, lang, token))
            return ("dropped", "no-address");
        var said = JsonSerializer.Deserialize<Dictionary<string, SaidNotice>>(row.Said, Json.Plain)![lang];
        var isShort = row.Channel is "sms" or "messenger";
        if (isShort && said.Short.Length == 0)
            said = said with { Short = WorkTexts.Say(lang, "notice.short", await NumberAsync(row, cancel)) };
        try
        {
            return (await carriers.Last(c => c.Channel == row.Channel).CarryAsync(new Parcel(row.Id, row.Channel, address, isShort ? new SaidNotice("", said.Short, said.Short) : said, row.Event == "confirm" || isShort ? null : $"{settings.Site}/notices/stop?token={token}"), cancel), null);
        }
        catch (CarryException e)
        {
            Failed(log, row.Id, row.Channel, e.Code);
            return (e.IsFinal || row.Attempts >= MostAttempts ? "failed" : "waiting", e.Code);
        }
    }

    private async Task<string> NumberAsync(Row row, CancellationToken cancel) => row.CaseId is null ? "" : await store.ReadAsync(c => c.QueryFirstOrDefaultAsync<string>("SELECT number FROM work_case WHERE id = @CaseId", new { row.CaseId }), cancel) ?? "";

    /// <summary>Tells units, and who has them, of tasks that have become late, once each; gives how many.</summary>
    public async Task<int> TellLateAsync(CancellationToken cancel = default)
    {
        var now = Time.Write(clock.GetUtcNow());
        var late = await store.ReadAsync(c => c.QueryAsync<Late>("""
            SELECT t.id AS Id, t.case_id AS CaseId, t.name AS Name, t.unit AS Unit, t.assignee AS Assignee, t.due AS Due FROM work_task t JOIN work_case c ON c.id = t.case_id
            WHERE t.state = 'open' AND t.due < @now AND c.stopped IS NULL AND NOT EXISTS (SELECT 1 FROM work_notice n WHERE n.event = 'red' AND n.about = 'task:' || t.id)
            ORDER BY t.due LIMIT @AtOnce
            """, new { now, AtOnce }), cancel);
        var told = 0;
        foreach (var task in late)
        {
            try
            {
                await store.ChangeAsync(clock.GetUtcNow(), change => TellLateAsync(change, task), cancel);
                told++;
            }
            catch (ToldMeanwhile)
            {
            }
        }
        return told;
    }

    private async Task TellLateAsync(Change change, Late task)
    {
        // Held: of two nodes the second finds it told.
        var row = (await change.FindAsync<Case>($"SELECT {Case.Columns} FROM work_case WHERE id = @CaseId{change.ForUpdate}", new { task.CaseId }))!;
        if (await change.FindAsync<string>("SELECT id FROM work_notice WHERE event = 'red' AND about = @about LIMIT 1", new { about = "task:" + task.Id }) is not null)
            throw new ToldMeanwhile();
        change.Record(row, "notices", "task.late", new { task = task.Name, task.Unit, task.Due });
        await notices.TellAsync(change, row, new Happening("red", "task:" + task.Id) { Task = task.Name, Unit = task.Unit, Assignee = task.Assignee, Due = task.Due });
    }

    private sealed class ToldMeanwhile : Exception;

    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => signal.TurnAsync(TurnAsync, Often, clock, e => Stopped(log, e), stoppingToken);

    private async Task<bool> TurnAsync(CancellationToken cancel)
    {
        if (await DeliverNextAsync(cancel))
            return true;
        if (clock.GetUtcNow() - _looked > Look)
        {
            _looked = clock.GetUtcNow();
            await TellLateAsync(cancel);
        }
        return false;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The notice {Id} did not leave by {Channel}: {Why}")]
    private static partial void Failed(ILogger log, string id, string channel, string why);

    [LoggerMessage(Level = LogLevel.Error, Message = "Notices could not be delivered; they wait")]
    private static partial void Stopped(ILogger log, Exception e);
}
