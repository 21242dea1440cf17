using System.Text;
using System.Text.Json;
using Dapper;
using Guantong.Trust;
using MailKit;
using MailKit.Net.Imap;
using MimeKit;

namespace Guantong.Work;

/// <summary>What becomes of a mail.</summary>
public sealed partial class Mailbox
{
    // Nobody writes so much by hand; and of files as much as with any form.
    private const uint LargestText = 2 << 20, LargestFile = 15 << 20;
    private const int MostFiles = 20, MostInAll = 30 << 20, LongestSubject = 200;

    // More than that of one sender in a day is left: two robots that answer each other come to an end here.
    private const int MostADay = 10;
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    // What mail programs in China write in besides UTF-8.
    static Mailbox() => Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);

    private sealed record Found(string Mailbox, long Uidvalidity, long Uid, string Identity, string? Sender);

    // Another node has it.
    private sealed class TakenMeanwhile : Exception;

    private async Task TakeAsync(MailboxServer server, IMailFolder folder, IMessageSummary mail, CancellationToken cancel)
    {
        var from = MailSigns.From(mail);
        var found = new Found(server.Name, folder.UidValidity, mail.UniqueId.Id, MailSigns.Identity(mail), from is null ? null : MailSigns.Hash(from.ToLowerInvariant()));
        try
        {
            var why = await WhyLeftAsync(server, mail, found, from, cancel);
            if (why != Done && (why ?? await TakeInAsync(server, folder, mail, found, from!, cancel)) is { } left)
                await LeaveAsync(found, left, cancel);
        }
        catch (TakenMeanwhile)
        {
        }
    }

    private const string Done = "done";

    // Why a mail is left without being looked into; Done where that was said before.
    private async Task<string?> WhyLeftAsync(MailboxServer server, IMessageSummary mail, Found found, string? from, CancellationToken cancel)
    {
        var (isDone, isKnown, today) = await store.ReadAsync(async c => (
            await c.ExecuteScalarAsync<long>("SELECT count(*) FROM work_mail WHERE mailbox = @Mailbox AND uidvalidity = @Uidvalidity AND uid = @Uid", found) > 0,
            await c.ExecuteScalarAsync<long>("SELECT count(*) FROM work_mail WHERE mailbox = @Mailbox AND identity = @Identity", found) > 0,
            await c.ExecuteScalarAsync<long>("SELECT count(*) FROM work_mail WHERE sender = @Sender AND at >= @since AND outcome = 'taken'", new { found.Sender, since = Time.Write(clock.GetUtcNow() - Day) })), cancel);
        return isDone ? Done : isKnown ? "known" : MailSigns.IsAutomatic(mail) ? "automatic"
            : string.Equals(from, notices.Mail?.From, StringComparison.OrdinalIgnoreCase) || string.Equals(from, server.User, StringComparison.OrdinalIgnoreCase) ? "own"
            : today >= MostADay ? "often" : null;
    }

    // Takes it in; gives why it was left after all. One that cannot be read does not keep the others from being read.
    private async Task<string?> TakeInAsync(MailboxServer server, IMailFolder folder, IMessageSummary mail, Found found, string from, CancellationToken cancel)
    {
        try
        {
            return await OpenAsync(server, folder, mail, found, from, cancel);
        }
        catch (Exception e) when (e is ConflictException or FormatException or ArgumentException or MessageNotFoundException or ImapCommandException)
        {
            return "unreadable";
        }
    }

    private async Task<string?> OpenAsync(MailboxServer server, IMailFolder folder, IMessageSummary mail, Found found, string from, CancellationToken cancel)
    {
        if (mail.TextBody?.Octets > LargestText || (mail.TextBody is null && mail.HtmlBody?.Octets > LargestText))
            return "large";
        var subject = MailText.Clean(mail.Envelope?.Subject ?? "").ReplaceLineEndings(" ");
        var text = await TextAsync(folder, mail, cancel);
        if (text.Length == 0 && subject.Length == 0)
            return "empty";
        var said = subject.Length == 0 ? text : $"{(subject.Length > LongestSubject ? subject[..LongestSubject] + "…" : subject)}\n{text}".Trim();
        var isCut = said.Length > Receptions.Longest;
        // Not between the halves of one character.
        var kept = !isCut ? said : said[..(char.IsHighSurrogate(said[Receptions.Longest - 1]) ? Receptions.Longest - 1 : Receptions.Longest)];
        var (brought, left) = await FilesAsync(folder, mail, cancel);
        try
        {
            var isReachable = Contacts.IsEmail(from);
            var given = new NewReception("email", server.Region, kept, Name(mail), null, isReachable ? from : null);
            var incoming = new Receptions.Incoming(Actor, isCut || left.Count > 0 ? new LeftOut(isCut, left) : null, isReachable && !await IsAnswerAsync(mail, cancel), async (change, id) =>
            {
                await NoteAsync(change, found, "taken", id);
                foreach (var file in brought)
                    await files.KeepAsync(change, file, id);
            });
            await book.TakeAsync(given, null, null, said.Any(c => c is >= '\u3400' and <= '\u9fff') ? Lang.Zh : Lang.En, incoming, cancel);
            return null;
        }
        finally
        {
            foreach (var file in brought)
                await file.File.DisposeAsync();
        }
    }

    private static string? Name(IMessageSummary mail) => MailText.Clean(mail.Envelope?.From.Mailboxes.First().Name ?? "").ReplaceLineEndings(" ") is { Length: > 0 } name ? name.Length > 60 ? name[..60] : name : null;

    private static async Task<string> TextAsync(IMailFolder folder, IMessageSummary mail, CancellationToken cancel)
    {
        async Task<string> ReadAsync(BodyPart part) => (await folder.GetBodyPartAsync(mail.UniqueId, part, cancel) as TextPart)?.Text ?? "";
        var plain = mail.TextBody is { } written ? MailText.Clean(await ReadAsync(written)) : "";
        return plain.Length > 0 || mail.HtmlBody is not { Octets: <= LargestText } html ? plain : MailText.Clean(MailText.OfHtml(await ReadAsync(html)));
    }

    // Nothing is fetched that is known to be left.
    private async Task<(IReadOnlyList<BroughtFile> Brought, IReadOnlyList<LeftFile> Left)> FilesAsync(IMailFolder folder, IMessageSummary mail, CancellationToken cancel)
    {
        var (brought, left) = (new List<BroughtFile>(), new List<LeftFile>());
        try
        {
            // Photos are sent within the text by some programs; what has no name and is text is the text.
            foreach (var part in mail.BodyParts.Where(p => p != mail.TextBody && p != mail.HtmlBody && (p.FileName is { Length: > 0 } || !p.ContentType.IsMimeType("text", "*"))))
            {
                var name = FileKind.Clean(part.FileName ?? part.ContentType.MimeType.Replace('/', '.'));
                try
                {
                    if (brought.Count == MostFiles)
                        throw new ConflictException("file-many", MostFiles);
                    if (part.Octets > LargestFile || brought.Sum(b => b.File.Content.Length) + part.Octets > MostInAll)
                        throw new ConflictException("file-large");
                    if (part is BodyPartMessage || await folder.GetBodyPartAsync(mail.UniqueId, part, cancel) is not MimePart { Content: { } content })
                        throw new ConflictException("file-type");
                    await using var body = content.Open();
                    brought.Add(await files.BringAsync(name, body, cancel));
                }
                catch (ConflictException e)
                {
                    left.Add(new LeftFile(name, e.Code));
                }
            }
            return (brought, left);
        }
        catch
        {
            foreach (var file in brought)
                await file.File.DisposeAsync();
            throw;
        }
    }

    // What answers one of our own mails is not answered again: whoever wrote it has a number, and a robot that does not say that it is one stops here.
    private async Task<bool> IsAnswerAsync(IMessageSummary mail, CancellationToken cancel) => mail.Envelope?.InReplyTo is { Length: > 0 } to
        && await store.ReadAsync(c => c.ExecuteScalarAsync<long>("SELECT count(*) FROM work_notice WHERE id = @id", new { id = to.Trim('<', '>', ' ').Split('@')[0] }), cancel) > 0;

    private Task LeaveAsync(Found found, string why, CancellationToken cancel) => store.ChangeAsync(clock.GetUtcNow(), async change =>
    {
        await NoteAsync(change, found, why, null);
        change.Record(Actor, "mailbox.left", Actor, JsonSerializer.Serialize(new { why, found.Uid }, Json.Plain));
    }, cancel);

    private static async Task NoteAsync(Change change, Found found, string outcome, string? reception)
    {
        if (await change.ExecuteAsync("INSERT INTO work_mail (mailbox, uidvalidity, uid, identity, at, outcome, reception_id, sender) VALUES (@Mailbox, @Uidvalidity, @Uid, @Identity, @Stamp, @outcome, @reception, @Sender) ON CONFLICT DO NOTHING",
            new { found.Mailbox, found.Uidvalidity, found.Uid, found.Identity, change.Stamp, outcome, reception, found.Sender }) == 0)
            throw new TakenMeanwhile();
    }
}
