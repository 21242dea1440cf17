using System.Net;
using Guantong.Trust;
using MailKit.Net.Smtp;
using MailKit.Security;
using Microsoft.Extensions.Logging;
using MimeKit;
using MimeKit.Utils;

namespace Guantong.Work;

/// <summary>A notice on its way out.</summary>
/// <param name="Id">The same each time that it is tried.</param>
/// <param name="Address">Where it goes.</param>
/// <param name="Stop">Where its reader ends such notices; null where there is no such thing.</param>
public sealed record Parcel(string Id, string Channel, string Address, SaidNotice Said, string? Stop);

/// <summary>It did not get there.</summary>
/// <param name="code">Why: smtp-550, unreachable.</param>
/// <param name="isFinal">Whether trying again is of no use.</param>
public sealed class CarryException(string code, bool isFinal) : Exception(code)
{
    /// <summary>Why.</summary>
    public string Code { get; } = code;

    /// <summary>Whether trying again is of no use.</summary>
    public bool IsFinal { get; } = isFinal;
}

/// <summary>Carries notices of a channel out of the platform. A province's gateway for short messages, or its messenger, is another one of these.</summary>
public interface INoticeCarrier
{
    /// <summary>The channel: email, sms or messenger.</summary>
    string Channel { get; }

    /// <summary>Carries one.</summary>
    /// <returns>sent, or logged where it went no further than the log.</returns>
    /// <exception cref="CarryException">It did not get there.</exception>
    Task<string> CarryAsync(Parcel parcel, CancellationToken cancel);
}

/// <summary>Writes down that something would be sent, and to whom with the address masked; what it says is not written.</summary>
public sealed partial class LogCarrier(string channel, ILogger<LogCarrier> log) : INoticeCarrier
{
    /// <inheritdoc/>
    public string Channel => channel;

    /// <inheritdoc/>
    public Task<string> CarryAsync(Parcel parcel, CancellationToken cancel)
    {
        Would(log, channel, parcel.Id, Mask.Of("contact", parcel.Address)!);
        return Task.FromResult("logged");
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "The notice {Id} would go by {Channel} to {Address}; no way out is set up for it")]
    private static partial void Would(ILogger log, string channel, string id, string address);
}

/// <summary>Sends notices as e-mails by SMTP (RFC 5321, 5322), with STARTTLS.</summary>
public sealed class MailCarrier(MailServer server, TimeProvider clock) : INoticeCarrier
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    /// <inheritdoc/>
    public string Channel => "email";

    /// <inheritdoc/>
    public async Task<string> CarryAsync(Parcel parcel, CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(Longest);
        try
        {
            using var client = new SmtpClient();
            await client.ConnectAsync(server.Host, server.Port, server.IsTls ? SecureSocketOptions.SslOnConnect : server.MayBePlain ? SecureSocketOptions.StartTlsWhenAvailable : SecureSocketOptions.StartTls, limit.Token);
            if (server.User is { } user)
                await client.AuthenticateAsync(user, server.Password ?? "", limit.Token);
            await client.SendAsync(Mail(parcel), limit.Token);
            await client.DisconnectAsync(true, limit.Token);
            return "sent";
        }
        // RFC 5321 §4.2.1: a code of 500 and more stays what it is.
        catch (SmtpCommandException e)
        {
            throw new CarryException($"smtp-{(int)e.StatusCode}", (int)e.StatusCode >= 500);
        }
        catch (AuthenticationException)
        {
            throw new CarryException("smtp-sign-in", false);
        }
        catch (Exception e) when (e is IOException or System.Net.Sockets.SocketException or SmtpProtocolException or SslHandshakeException or NotSupportedException || (e is OperationCanceledException && !cancel.IsCancellationRequested))
        {
            throw new CarryException("unreachable", false);
        }
    }

    private MimeMessage Mail(Parcel parcel)
    {
        var mail = new MimeMessage { Subject = parcel.Said.Subject, Date = clock.GetUtcNow(), MessageId = MimeUtils.EnumerateReferences($"<{parcel.Id}@{server.From.Split('@')[^1]}>").First() };
        mail.From.Add(MailboxAddress.Parse(server.From));
        mail.To.Add(new MailboxAddress("", parcel.Address));
        // RFC 3834: no robot is to answer.
        mail.Headers.Add("Auto-Submitted", "auto-generated");
        if (parcel.Stop is { } stop && stop.StartsWith("http", StringComparison.Ordinal))
        {
            // RFC 2369 and 8058.
            mail.Headers.Add("List-Unsubscribe", $"<{stop}>");
            mail.Headers.Add("List-Unsubscribe-Post", "List-Unsubscribe=One-Click");
        }
        var end = parcel.Stop is null ? "" : $"\n\n--\n不再接收这类邮件 Stop these e-mails: {parcel.Stop}";
        var html = string.Join("<br>\n", parcel.Said.Text.Split('\n').Select(l => WebUtility.HtmlEncode(l.TrimEnd('\r'))));
        var foot = parcel.Stop is { } link ? $"<hr><p><a href=\"{WebUtility.HtmlEncode(link)}\">不再接收这类邮件 Stop these e-mails</a></p>" : "";
        mail.Body = new BodyBuilder { TextBody = parcel.Said.Text + end, HtmlBody = $"<!doctype html><html><body><p>{html}</p>{foot}</body></html>" }.ToMessageBody();
        return mail;
    }
}
