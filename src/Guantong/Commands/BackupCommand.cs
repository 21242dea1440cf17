using System.CommandLine;
using System.Net.Http.Json;
using System.Security.Cryptography;
using Guantong.Hosting;
using Guantong.Trust;

namespace Guantong.Commands;

/// <summary>guantong backup FILE, guantong restore FILE.</summary>
internal static class BackupCommand
{
    public static Command MakeBackup(Func<string, string> about)
    {
        var (file, words, underRoot) = Arguments(about);
        var command = new Command("backup", about("cli.backup")) { file, words, underRoot }.Needs("platform.back-up");
        command.SetAction((parsed, cancel) => Passphrase(parsed.GetValue(words), parsed.GetValue(underRoot)) is not { } given
            ? Task.FromResult(Refuse(parsed, "backup.no-passphrase")) : Reach.RunAsync(parsed, reach => TakeAsync(parsed, reach, parsed.GetValue(file)!, given, cancel), cancel));
        return command;
    }

    public static Command MakeRestore(Func<string, string> about)
    {
        var (file, words, underRoot) = Arguments(about);
        var command = new Command("restore", about("cli.restore")) { file, words, underRoot }.Needs("platform.run");
        command.SetAction((parsed, cancel) => RestoreAsync(parsed, parsed.GetValue(file)!, Passphrase(parsed.GetValue(words), parsed.GetValue(underRoot)), cancel));
        return command;
    }

    private static (Argument<string> File, Option<string?> Words, Option<bool> UnderRoot) Arguments(Func<string, string> about) =>
        (new Argument<string>("file") { Description = about("arg.backup") }, new Option<string?>("--passphrase-file") { Description = about("opt.passphrase") }, new Option<bool>("--under-root") { Description = about("opt.under-root") });

    // Never on the command line, where other accounts of the machine would read it. Empty: under the root key.
    private static string? Passphrase(string? file, bool underRoot) =>
        underRoot ? "" : (file is not null ? File.ReadAllText(file).Trim() : Environment.GetEnvironmentVariable("GUANTONG_PASSPHRASE")) is { Length: > 0 } words ? words : null;

    private static int Refuse(ParseResult parsed, string key, params object?[] args)
    {
        Console.Error.WriteLine(parsed.Say(key, args));
        return 2;
    }

    private static async Task<int> TakeAsync(ParseResult parsed, Reach reach, string file, string passphrase, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "backups") { Content = JsonContent.Create(new { passphrase = passphrase.Length > 0 ? passphrase : null }) };
        using var response = await reach.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancel);
        if (!response.IsSuccessStatusCode)
            await Reach.ReadAsync(response, cancel);
        // What broke off never bears the name of a backup.
        var part = file + ".part";
        await using (var stream = new FileStream(part, OwnFile.Options(FileMode.Create)))
        {
            await response.Content.CopyToAsync(stream, cancel);
            stream.Flush(flushToDisk: true);
        }
        File.Move(part, file, overwrite: true);
        Console.WriteLine(parsed.Say("backup.done", file, new FileInfo(file).Length));
        return 0;
    }

    private static async Task<int> RestoreAsync(ParseResult parsed, string file, string? passphrase, CancellationToken cancel)
    {
        try
        {
            var settings = parsed.Settings();
            await using var stream = File.OpenRead(file);
            await Backup.RestoreAsync(settings, stream, passphrase is { Length: > 0 } ? () => passphrase : null, cancel);
            Console.WriteLine(parsed.Say("restore.done", settings.Data));
            return 0;
        }
        catch (CryptographicException e)
        {
            return Refuse(parsed, "restore.refused", file, e.Message);
        }
        catch (Exception e) when (Reach.Explain(parsed, e) is { } sentence)
        {
            Console.Error.WriteLine(sentence);
            return 2;
        }
    }
}
