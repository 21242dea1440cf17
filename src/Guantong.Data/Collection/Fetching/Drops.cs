using System.IO.Enumeration;
using System.Net.Sockets;
using Guantong.Packs;
using Renci.SshNet;
using Renci.SshNet.Common;

namespace Guantong.Data;

/// <summary>A file that waits in a folder or on an SFTP server.</summary>
/// <param name="Version">Size and time: another means that it was written again.</param>
internal sealed record Dropped(string Name, string Version, DateTime Written, Func<string, CancellationToken, string> Fetch);

/// <summary>Where units leave files: a folder of the platform's machine, or one on an SFTP server.</summary>
internal static class Drops
{
    // Whoever is still writing has written a moment ago.
    private static readonly TimeSpan Settled = TimeSpan.FromSeconds(2);

    /// <summary>The files that a feed's pattern meets and nobody is still writing, oldest first; handed to work while the way to them is open.</summary>
    public static T With<T>(OpenConnection from, Feed feed, string folder, DateTime now, Func<IReadOnlyList<Dropped>, T> work)
    {
        var name = $"{from.Connection.Id}:{feed.Files}";
        if (from.Connection.Kind == "folder")
            return work(Settle(InFolder(Path.Combine(folder, from.Connection.Address), name), feed, now));
        try
        {
            using var sftp = Open(from, name);
            return work(Settle(OnServer(sftp, Uri.UnescapeDataString(from.Connection.Uri.AbsolutePath)), feed, now));
        }
        catch (SshAuthenticationException)
        {
            throw new LoadRefusedException(name, 0, "source-login");
        }
        catch (Exception e) when (e is SshException or SocketException or TimeoutException or ObjectDisposedException)
        {
            throw new LoadRefusedException(name, 0, "source-broke", e.Message);
        }
    }

    private static IReadOnlyList<Dropped> Settle(IEnumerable<Dropped> files, Feed feed, DateTime now) =>
        [.. files.Where(f => FileSystemName.MatchesSimpleExpression(feed.Files!, f.Name) && now - f.Written > Settled).OrderBy(f => f.Written).ThenBy(f => f.Name, StringComparer.Ordinal)];

    private static IEnumerable<Dropped> InFolder(string folder, string name)
    {
        if (!Directory.Exists(folder))
            throw new LoadRefusedException(name, 0, "source-no-folder", folder);
        // A link could lead anywhere.
        return new DirectoryInfo(folder).EnumerateFiles().Where(f => f.LinkTarget is null)
            .Select(f => new Dropped(f.Name, $"{f.Length}:{f.LastWriteTimeUtc.Ticks}", f.LastWriteTimeUtc, (_, _) => f.FullName));
    }

    private static SftpClient Open(OpenConnection from, string name)
    {
        var (uri, login) = (from.Connection.Uri, from.Connection.Login ?? "");
        AuthenticationMethod method = from.Connection.Auth == "key"
            ? new PrivateKeyAuthenticationMethod(login, new PrivateKeyFile(new MemoryStream(System.Text.Encoding.UTF8.GetBytes(from.Secret ?? ""))))
            : new PasswordAuthenticationMethod(login, from.Secret ?? "");
        var sftp = new SftpClient(new ConnectionInfo(uri.Host, uri.Port > 0 ? uri.Port : 22, login, method) { Timeout = TimeSpan.FromSeconds(15) }) { OperationTimeout = Patience.Longest };
        var isOther = false;
        sftp.HostKeyReceived += (_, e) => e.CanTrust = !(isOther = e.FingerPrintSHA256.TrimEnd('=') != from.Connection.Fingerprint!.Replace("SHA256:", "", StringComparison.Ordinal).TrimEnd('='));
        try
        {
            sftp.Connect();
            return sftp;
        }
        catch (SshConnectionException) when (isOther)
        {
            sftp.Dispose();
            throw new LoadRefusedException(name, 0, "source-other-host");
        }
        catch
        {
            sftp.Dispose();
            throw;
        }
    }

    private static IEnumerable<Dropped> OnServer(SftpClient sftp, string folder) => sftp.ListDirectory(folder.Length == 0 ? "." : folder).Where(f => f.IsRegularFile)
        .Select(f => new Dropped(f.Name, $"{f.Length}:{f.LastWriteTimeUtc.Ticks}", f.LastWriteTimeUtc, (to, stop) =>
        {
            using var file = new FileStream(to, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 16);
            sftp.DownloadFile(f.FullName, file, _ => stop.ThrowIfCancellationRequested());
            return to;
        }));
}
