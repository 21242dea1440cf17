using System.Web;
using Guantong.Trust;

namespace Guantong.Work;

/// <summary>How notices leave the platform.</summary>
/// <param name="Site">The address under which people reach this platform, without a slash at the end; empty where none is set, then notices name paths.</param>
/// <param name="Mail">The mail server; null where none is set, then mails are written to the log alone.</param>
public sealed record NoticeSettings(string Site, MailServer? Mail)
{
    /// <summary>Reads them.</summary>
    /// <param name="smtp"><c>smtp://user:password@host:587?from=notices@example.gov.cn</c>; smtps:// speaks TLS from the first byte. Null for none.</param>
    /// <param name="site">The platform's address (GUANTONG_ISSUER).</param>
    /// <exception cref="ConfigurationException">The address of the mail server cannot be used.</exception>
    public static NoticeSettings Read(string? smtp, Uri? site) => new(site?.ToString().TrimEnd('/') ?? "", string.IsNullOrEmpty(smtp) ? null : MailServer.Read(smtp));
}

/// <summary>A mail server (RFC 6409).</summary>
/// <param name="IsTls">Whether TLS is spoken from the first byte; else STARTTLS is asked for.</param>
/// <param name="MayBePlain">Whether it may be done without TLS: on this machine alone.</param>
public sealed record MailServer(string Host, int Port, string? User, string? Password, string From, bool IsTls, bool MayBePlain)
{
    /// <summary>Reads one from its address.</summary>
    /// <exception cref="ConfigurationException">It cannot be used.</exception>
    public static MailServer Read(string text)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.Scheme is not ("smtp" or "smtps") || HttpUtility.ParseQueryString(uri.Query)["from"] is not { Length: > 2 } from || !Contacts.IsEmail(from))
            throw new ConfigurationException("GUANTONG_SMTP cannot be used; write it like smtp://user:password@mail.example.gov.cn:587?from=notices@example.gov.cn");
        var user = uri.UserInfo.Split(':', 2);
        return new MailServer(uri.Host, uri.Port > 0 ? uri.Port : uri.Scheme == "smtps" ? 465 : 587, user[0].Length > 0 ? Uri.UnescapeDataString(user[0]) : null, user.Length > 1 ? Uri.UnescapeDataString(user[1]) : null, from, uri.Scheme == "smtps", uri.IsLoopback);
    }
}
