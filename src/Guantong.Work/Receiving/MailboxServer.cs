using System.Web;
using Guantong.Trust;

namespace Guantong.Work;

/// <summary>The mailbox of the reception (GUANTONG_IMAP); a server of null is none.</summary>
public sealed record MailboxSettings(MailboxServer? Server);

/// <summary>A mailbox that is read over IMAP (RFC 3501).</summary>
/// <param name="Folder">The folder that is read.</param>
/// <param name="Region">Code of the region that its mails count for.</param>
/// <param name="IsTls">Whether TLS is spoken from the first byte; else STARTTLS is asked for.</param>
/// <param name="MayBePlain">Whether it may be done without TLS: on this machine alone.</param>
public sealed record MailboxServer(string Host, int Port, string User, string Password, string Folder, string Region, bool IsTls, bool MayBePlain)
{
    private const string Like = "imaps://user:password@mail.example.gov.cn/INBOX?region=330100";

    /// <summary>What it is called; never its password.</summary>
    public string Name => $"{User}@{Host}/{Folder}";

    // Nothing that prints the settings prints a password.
    /// <inheritdoc/>
    public override string ToString() => Name;

    /// <summary>Reads one from its address.</summary>
    /// <param name="text">imap:// or imaps://, the user and password with percent signs where needed, the folder as path (INBOX when left out), <c>region</c> in the query (the jurisdiction's own when left out). Null or empty for none.</param>
    /// <exception cref="ConfigurationException">It cannot be used.</exception>
    public static MailboxServer? Read(string? text, Jurisdiction land)
    {
        if (string.IsNullOrEmpty(text))
            return null;
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.Scheme is not ("imap" or "imaps") || uri.UserInfo.Split(':', 2) is not [{ Length: > 0 } user, { Length: > 0 } password])
            throw new ConfigurationException($"GUANTONG_IMAP cannot be used; write it like {Like}");
        var asked = HttpUtility.ParseQueryString(uri.Query);
        foreach (var name in asked.AllKeys.Where(k => k != "region"))
            throw new ConfigurationException($"GUANTONG_IMAP: {name} is not known; behind the folder there may stand region, as in {Like}");
        var region = asked["region"] ?? land.Root;
        if (land.Regions.Find(region) is not { To: null })
            throw new ConfigurationException($"GUANTONG_IMAP: there is no region {region}; use a code of the regions file, as in {Like}");
        var folder = Uri.UnescapeDataString(uri.AbsolutePath.Trim('/'));
        return new MailboxServer(uri.Host, uri.Port > 0 ? uri.Port : uri.Scheme == "imaps" ? 993 : 143, Uri.UnescapeDataString(user), Uri.UnescapeDataString(password), folder.Length > 0 ? folder : "INBOX", region, uri.Scheme == "imaps", uri.IsLoopback);
    }
}
