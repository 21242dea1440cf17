using System.Net.Sockets;
using Dapper;
using Guantong.Trust;
using MailKit;
using MailKit.Net.Imap;
using MailKit.Search;
using MailKit.Security;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Guantong.Work;

/// <summary>Says that the mailbox is to be read now.</summary>
public sealed class MailboxSignal : WorkSignal;

/// <summary>How reading the mailbox goes.</summary>
/// <param name="Name">USER@HOST/FOLDER; null where none is set up.</param>
/// <param name="State">off, new, open, or what is in the way: unreachable, certificate, no-tls, sign-in, folder, refused.</param>
/// <param name="Since">Since when it is so.</param>
/// <param name="Tries">How often it was tried in vain since.</param>
/// <param name="Looked">When it was read last.</param>
/// <param name="Due">When it is read again.</param>
/// <param name="Taken">How many mails of the last thirty days became something at the reception.</param>
/// <param name="Left">How many did not.</param>
/// <param name="Mails">The latest of them.</param>
public sealed record MailboxState(string? Name, string State, string? Since, long Tries, string? Looked, string? Due, long Taken, long Left, IReadOnlyList<FoundMail> Mails);

/// <summary>A mail that was found in the mailbox.</summary>
public sealed class FoundMail
{
    /// <summary>When it was found.</summary>
    public string At { get; set; } = "";
    /// <summary>taken; or why it was left: known, automatic, own, often, empty, large, unreadable.</summary>
    public string Outcome { get; set; } = "";
    /// <summary>Number of what it became at the reception.</summary>
    public string? Reception { get; set; }
}

/// <summary>Reads the mailbox of the reception over IMAP (RFC 3501): what people write there comes in like what they say elsewhere, each mail once. The mailbox stays as it is.</summary>
/// <remarks>Any number of nodes may: one reads at a time, and each mail is written down by where it lies and by what it is, in the change in which it is taken.</remarks>
public sealed partial class Mailbox(Store store, Receptions book, Attachments files, MailboxSettings settings, NoticeSettings notices, MailboxSignal signal, TimeProvider clock, ILogger<Mailbox> log) : BackgroundService
{
    private const int AtOnce = 20;
    private const int Listed = 50;
    private const string Actor = "mailbox";

    // Longer than any turn takes: another node reads only where this one is gone.
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(6), Longest = TimeSpan.FromMinutes(5), ToOpen = TimeSpan.FromSeconds(30), Every = TimeSpan.FromMinutes(1), MostWait = TimeSpan.FromMinutes(30);

    private static readonly FetchRequest Dates = new(MessageSummaryItems.UniqueId | MessageSummaryItems.InternalDate);
    private static readonly FetchRequest Heads = new(MessageSummaryItems.UniqueId | MessageSummaryItems.Envelope | MessageSummaryItems.Size | MessageSummaryItems.BodyStructure, MailSigns.Headers);

    private sealed record Row(string Began, long Uidvalidity, long Uid, string State, string Since, long Tries, string? Looked, string Due)
    {
        public const string Columns = "began AS Began, uidvalidity AS Uidvalidity, uid AS Uid, state AS State, since AS Since, tries AS Tries, looked AS Looked, due AS Due";
    }

    // Up to where it was read now, and whether there is more.
    private sealed record Reached(uint Validity, uint Uid, bool HasMore);

    /// <summary>Reads what is new, where it is due and no other node does; whether there is more.</summary>
    public async Task<bool> LookAsync(CancellationToken cancel = default)
    {
        if (settings.Server is not { } server || await LeaseAsync(server, cancel) is not { } row)
            return false;
        try
        {
            var reached = await ReadAsync(server, row, cancel);
            await SettleAsync(server, row, reached, null, cancel);
            return reached.HasMore;
        }
        catch (Exception e) when (FaultOf(e, cancel) is { } fault)
        {
            await SettleAsync(server, row, null, fault, cancel);
            return false;
        }
    }

    /// <summary>How reading it goes, and what was found.</summary>
    public Task<MailboxState> StateAsync(CancellationToken cancel = default) => store.ReadAsync(async c =>
    {
        if (settings.Server is not { } server)
            return new MailboxState(null, "off", null, 0, null, null, 0, 0, []);
        var since = Time.Write(clock.GetUtcNow().AddDays(-30));
        var row = await c.QueryFirstOrDefaultAsync<Row>($"SELECT {Row.Columns} FROM work_mailbox WHERE name = @Name", new { server.Name });
        var counts = (await c.QueryAsync<(string Outcome, long Count)>("SELECT outcome, count(*) FROM work_mail WHERE mailbox = @Name AND at >= @since GROUP BY outcome", new { server.Name, since })).AsList();
        var mails = (await c.QueryAsync<FoundMail>($"SELECT m.at AS At, m.outcome AS Outcome, r.number AS Reception FROM work_mail m LEFT JOIN work_reception r ON r.id = m.reception_id WHERE m.mailbox = @Name ORDER BY m.at DESC, m.uid DESC LIMIT {Listed}", new { server.Name })).AsList();
        return new MailboxState(server.Name, row?.State ?? "new", row?.Since, row?.Tries ?? 0, row?.Looked, row?.Due, counts.Where(x => x.Outcome == "taken").Sum(x => x.Count), counts.Where(x => x.Outcome != "taken").Sum(x => x.Count), mails);
    }, cancel);

    /// <summary>Has it read now, not when it is due.</summary>
    /// <exception cref="ConflictException">mailbox-off: none is set up.</exception>
    public async Task AgainAsync(Person by, CancellationToken cancel = default)
    {
        var server = settings.Server ?? throw new ConflictException("mailbox-off");
        await store.ChangeAsync(clock.GetUtcNow(), async change =>
        {
            await change.ExecuteAsync("UPDATE work_mailbox SET due = @Stamp WHERE name = @Name AND due > @Stamp", new { server.Name, change.Stamp });
            change.Record(by, "mailbox.again", Actor);
        }, cancel);
        signal.Raise();
    }

    private Task<Row?> LeaseAsync(MailboxServer server, CancellationToken cancel) => store.ReadAsync(async c =>
    {
        var now = clock.GetUtcNow();
        var args = new { server.Name, now = Time.Write(now), lease = Time.Write(now + Lease) };
        await c.ExecuteAsync("INSERT INTO work_mailbox (name, began, uidvalidity, uid, state, since, tries, due) VALUES (@Name, @now, 0, 0, 'new', @now, 0, @now) ON CONFLICT (name) DO NOTHING", args);
        return await c.QueryFirstOrDefaultAsync<Row>($"UPDATE work_mailbox SET due = @lease WHERE name = @Name AND due <= @now RETURNING {Row.Columns}", args);
    }, cancel);

    private async Task<Reached> ReadAsync(MailboxServer server, Row row, CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(ToOpen);
        using var client = new ImapClient();
        await client.ConnectAsync(server.Host, server.Port, server.IsTls ? SecureSocketOptions.SslOnConnect : server.MayBePlain ? SecureSocketOptions.StartTlsWhenAvailable : SecureSocketOptions.StartTls, limit.Token);
        await client.AuthenticateAsync(server.User, server.Password, limit.Token);
        var folder = await client.GetFolderAsync(server.Folder, limit.Token);
        await folder.OpenAsync(FolderAccess.ReadOnly, limit.Token);
        limit.CancelAfter(Longest);
        // Where the server counts anew, all that came since the beginning is looked at again, and known by what it is.
        var (began, after) = (Time.Read(row.Began), folder.UidValidity == row.Uidvalidity ? (uint)row.Uid : 0);
        var found = (await folder.SearchAsync(SearchQuery.DeliveredAfter(began.UtcDateTime.Date.AddDays(-1)).And(SearchQuery.Uids(new UniqueIdRange(new UniqueId(after + 1), UniqueId.MaxValue))), limit.Token)).Where(u => u.Id > after).ToList();
        if (found.Count == 0)
            return new Reached(folder.UidValidity, after, false);
        // What came before it was named here is not taken.
        var fresh = (await folder.FetchAsync(found, Dates, limit.Token)).Where(m => m.InternalDate >= began).Select(m => m.UniqueId).OrderBy(u => u.Id).ToList();
        var now = fresh.Take(AtOnce).ToList();
        if (now.Count > 0)
        {
            foreach (var mail in (await folder.FetchAsync(now, Heads, limit.Token)).OrderBy(m => m.UniqueId.Id))
                await TakeAsync(server, folder, mail, limit.Token);
        }
        await client.DisconnectAsync(true, limit.Token);
        return new Reached(folder.UidValidity, fresh.Count > now.Count ? now[^1].Id : found.Max(u => u.Id), fresh.Count > now.Count);
    }

    // Nothing that a server says is shown: it might hold what is not to be read.
    private static string? FaultOf(Exception e, CancellationToken cancel) => e switch
    {
        OperationCanceledException => cancel.IsCancellationRequested ? null : "unreachable",
        AuthenticationException => "sign-in",
        SslHandshakeException => "certificate",
        NotSupportedException => "no-tls",
        FolderNotFoundException => "folder",
        CommandException or ProtocolException or ServiceNotAuthenticatedException => "refused",
        IOException or SocketException or ServiceNotConnectedException => "unreachable",
        _ => null,
    };

    private async Task SettleAsync(MailboxServer server, Row row, Reached? reached, string? fault, CancellationToken cancel)
    {
        var (now, state) = (clock.GetUtcNow(), fault ?? "open");
        var tries = fault is null ? 0 : fault == row.State ? row.Tries + 1 : 1;
        var wait = fault is null ? reached!.HasMore ? TimeSpan.Zero : Every : TimeSpan.FromMinutes(Math.Min(MostWait.TotalMinutes, Math.Pow(2, Math.Min(tries, 10) - 1)));
        var args = new
        {
            server.Name, state, tries, now = Time.Write(now), due = Time.Write(now + wait), since = state == row.State ? row.Since : Time.Write(now), looked = fault is null ? Time.Write(now) : row.Looked,
            validity = reached is null ? row.Uidvalidity : reached.Validity, uid = reached is null ? row.Uid : reached.Uid, before = Time.Write(now - Day),
        };
        const string settle = "UPDATE work_mailbox SET state = @state, since = @since, tries = @tries, looked = @looked, due = @due, uidvalidity = @validity, uid = @uid WHERE name = @Name";
        if (state == row.State)
        {
            await store.ReadAsync(c => c.ExecuteAsync(settle, args), cancel);
        }
        else
        {
            if (fault is not null)
                Unread(log, server.Name, fault);
            await store.ChangeAsync(now, async change =>
            {
                await change.ExecuteAsync(settle, args);
                change.Record(Actor, fault is null ? "mailbox.opened" : "mailbox.failed", Actor, fault is null ? "{}" : $$"""{"why":"{{fault}}"}""");
            }, cancel);
        }
        // Who wrote is remembered for a day.
        await store.ReadAsync(c => c.ExecuteAsync("UPDATE work_mail SET sender = NULL WHERE sender IS NOT NULL AND at < @before", args), cancel);
    }

    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => settings.Server is null ? Task.CompletedTask : signal.TurnAsync(LookAsync, Every, clock, e => Stopped(log, e), stoppingToken);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The mailbox {Name} cannot be read: {Why}; it is tried again")]
    private static partial void Unread(ILogger log, string name, string why);

    [LoggerMessage(Level = LogLevel.Error, Message = "The mailbox could not be read; its mails wait")]
    private static partial void Stopped(ILogger log, Exception e);
}
