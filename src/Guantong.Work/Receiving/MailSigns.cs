using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using MailKit;
using MimeKit;

namespace Guantong.Work;

/// <summary>What the head of a mail gives away: whether a machine sent it, whether it is the same as another. Pure.</summary>
internal static class MailSigns
{
    /// <summary>The headers that are looked at.</summary>
    public static readonly IReadOnlyList<string> Headers =
        ["Auto-Submitted", "Precedence", "Return-Path", "X-Autoreply", "X-Autorespond", "X-Auto-Reply-From", "List-Id", "List-Post", "List-Help", "List-Subscribe", "List-Unsubscribe", "List-Owner", "List-Archive"];

    /// <summary>Whether no person wrote it, or not to us alone: automatic replies (RFC 3834), lists (RFC 2369, 2919), reports of what could not be delivered (RFC 3464, 5321 §4.5.5).</summary>
    public static bool IsAutomatic(IMessageSummary mail)
    {
        var heads = mail.Headers ?? new HeaderList();
        return Of(heads, "Auto-Submitted") is { } auto && !auto.StartsWith("no", StringComparison.OrdinalIgnoreCase)
            || Of(heads, "Precedence")?.ToLowerInvariant() is "bulk" or "junk" or "list" or "auto_reply"
            || heads.Any(h => h.Field.StartsWith("List-", StringComparison.OrdinalIgnoreCase) || h.Field.StartsWith("X-Auto", StringComparison.OrdinalIgnoreCase))
            || Of(heads, "Return-Path") == "<>"
            || mail.Body is BodyPartMultipart { ContentType: { } type } && type.IsMimeType("multipart", "report")
            || From(mail) is not { } from || from.Split('@')[0].ToLowerInvariant() is "mailer-daemon" or "postmaster";
    }

    /// <summary>The address that it says it comes from; null for none.</summary>
    public static string? From(IMessageSummary mail) => mail.Envelope?.From.Mailboxes.FirstOrDefault()?.Address is { Length: > 0 } address ? address.Trim() : null;

    /// <summary>What makes it the same mail wherever it lies, as a hash; without a Message-Id, all else that its head says.</summary>
    public static string Identity(IMessageSummary mail) => Hash(mail.Envelope?.MessageId is { Length: > 0 } id ? $"{id}\n{From(mail)?.ToLowerInvariant()}"
        : string.Create(CultureInfo.InvariantCulture, $"{mail.Envelope?.Date:O}\n{From(mail)?.ToLowerInvariant()}\n{mail.Envelope?.Subject}\n{mail.Size}"));

    /// <summary>A hash that says nothing by itself.</summary>
    public static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private static string? Of(HeaderList heads, string name) => heads.FirstOrDefault(h => h.Field.Equals(name, StringComparison.OrdinalIgnoreCase))?.Value.Trim();
}
