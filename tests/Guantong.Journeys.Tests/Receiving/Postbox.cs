using MailKit;
using MailKit.Net.Imap;
using MimeKit;

namespace Guantong.Tests;

/// <summary>A mailbox of a test's own, behind a real IMAP server (Dovecot), into which mails are put as a mail server would.</summary>
internal sealed class Postbox : IAsyncDisposable
{
    public const string User = "desk@example.org", Password = "mail-1", Folder = "Reception";

    private readonly OwnServer _server;

    private Postbox(OwnServer server) => _server = server;

    /// <summary>Where the platform finds it.</summary>
    public string Setting => SettingOf(Password, Folder);

    public string SettingOf(string password, string folder) => $"imap://{Uri.EscapeDataString(User)}:{Uri.EscapeDataString(password)}@127.0.0.1:{_server.Port}/{folder}?region=330100";

    public static async Task<Postbox> OpenAsync()
    {
        var box = new Postbox(await OwnServer.StartAsync("/usr/sbin/dovecot", s => $$"""
            U=$([ $(id -u) = 0 ] && echo nobody || id -un); G=$([ $(id -u) = 0 ] && echo nogroup || id -gn); mkdir run state mail; cat >conf <<END
            base_dir = {{s.Folder}}/run
            state_dir = {{s.Folder}}/state
            log_path = {{s.Folder}}/log
            protocols = imap
            listen = 127.0.0.1
            default_login_user = $U
            default_internal_user = $U
            default_internal_group = $G
            first_valid_uid = 1
            ssl = no
            disable_plaintext_auth = no
            auth_failure_delay = 0
            mail_location = maildir:{{s.Folder}}/mail/%u
            service imap-login {
              chroot =
              inet_listener imap {
                port = {{s.Port}}
              }
              inet_listener imaps {
                port = 0
              }
            }
            service anvil {
              chroot =
            }
            service stats {
              chroot =
            }
            passdb {
              driver = static
              args = password={{Password}}
            }
            userdb {
              driver = static
              args = uid=$U gid=$G home={{s.Folder}}/mail/%u
            }
            END
            touch log; [ $(id -u) = 0 ] && chown -R nobody:nogroup . || true
            """, s => $"$([ $(id -u) = 0 ] && echo setpriv --reuid=nobody --regid=nogroup --clear-groups) /usr/sbin/dovecot -F -c {s.Folder}/conf"));
        await box.AnewAsync();
        return box;
    }

    /// <summary>Makes the folder anew, empty: the server counts anew in it.</summary>
    public Task AnewAsync() => DoAsync(async client =>
    {
        var top = client.GetFolder(client.PersonalNamespaces[0]);
        if ((await top.GetSubfoldersAsync()).FirstOrDefault(f => f.Name == Folder) is { } old)
            await old.DeleteAsync();
        await top.CreateAsync(Folder, isMessageFolder: true);
    });

    /// <summary>Puts mails into it that came at a time.</summary>
    public Task PutAsync(DateTimeOffset at, params IReadOnlyList<MimeMessage> mails) => DoAsync(async client =>
    {
        var folder = await client.GetFolderAsync(Folder);
        foreach (var mail in mails)
            await folder.AppendAsync(new AppendRequest(mail, MessageFlags.None, at));
    });

    /// <summary>How many lie in it, and how many of them are marked as read.</summary>
    public async Task<(int All, int Read)> CountAsync()
    {
        var count = (0, 0);
        await DoAsync(async client =>
        {
            var folder = await client.GetFolderAsync(Folder);
            await folder.StatusAsync(StatusItems.Count | StatusItems.Unread);
            count = (folder.Count, folder.Count - folder.Unread);
        });
        return count;
    }

    private async Task DoAsync(Func<ImapClient, Task> act)
    {
        using var client = new ImapClient();
        await client.ConnectAsync("127.0.0.1", _server.Port, MailKit.Security.SecureSocketOptions.None);
        await client.AuthenticateAsync(User, Password);
        await act(client);
        await client.DisconnectAsync(true);
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();
}
