using System.Buffers.Binary;
using System.ComponentModel;
using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using Guantong.Trust;

namespace Guantong.Work;

/// <summary>Has files scanned before they are kept, by what the operator set up (GUANTONG_SCANNER): a clamd (<c>clamd://HOST:PORT</c>), or a command that reads the file from its input (<c>clamdscan --no-summary -</c>). Where nothing is set up, nothing is scanned, and each file says so.</summary>
public sealed class VirusScan
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);

    private readonly Uri? _clamd;
    private readonly string[] _command;

    /// <summary>Reads the setting.</summary>
    /// <exception cref="ConfigurationException">It names a scanner in a way that is not known.</exception>
    public VirusScan(string? setting)
    {
        _command = string.IsNullOrWhiteSpace(setting) || setting.Contains("://", StringComparison.Ordinal) ? [] : setting.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (_command.Length > 0 || string.IsNullOrWhiteSpace(setting))
            return;
        _clamd = Uri.TryCreate(setting, UriKind.Absolute, out var address) && address is { Scheme: "clamd", Port: > 0, Host.Length: > 0 } ? address
            : throw new ConfigurationException($"GUANTONG_SCANNER: {setting} is not known; write clamd://HOST:PORT, or a command that reads a file from its input");
    }

    /// <summary>Whether files are scanned.</summary>
    public bool IsSetUp => _clamd is not null || _command.Length > 0;

    /// <summary>Scans a file.</summary>
    /// <returns>clean, or not-scanned where nothing is set up.</returns>
    /// <exception cref="ConflictException">file-infected; file-scan-failed where the scanner cannot be asked: what was not scanned is not let in then.</exception>
    public async Task<string> ScanAsync(Stream content, CancellationToken cancel)
    {
        if (!IsSetUp)
            return "not-scanned";
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(Longest);
        content.Position = 0;
        bool? isClean;
        try
        {
            isClean = _clamd is { } clamd ? await AskClamdAsync(clamd, content, limit.Token) : await RunAsync(content, limit.Token);
        }
        catch (Exception e) when (e is SocketException or IOException or Win32Exception || (e is OperationCanceledException && !cancel.IsCancellationRequested))
        {
            isClean = null;
        }
        return isClean switch { true => "clean", false => throw new ConflictException("file-infected"), null => throw new ConflictException("file-scan-failed") };
    }

    // clamd(8), INSTREAM: chunks, each behind its length in four bytes, and a length of nought at the end.
    private static async Task<bool?> AskClamdAsync(Uri clamd, Stream content, CancellationToken cancel)
    {
        using var tcp = new TcpClient();
        await tcp.ConnectAsync(clamd.Host, clamd.Port, cancel);
        var stream = tcp.GetStream();
        await stream.WriteAsync("zINSTREAM\0"u8.ToArray(), cancel);
        var buffer = new byte[4 + 65536];
        for (int read; (read = await content.ReadAsync(buffer.AsMemory(4), cancel)) > 0;)
        {
            BinaryPrimitives.WriteInt32BigEndian(buffer, read);
            await stream.WriteAsync(buffer.AsMemory(0, 4 + read), cancel);
        }
        await stream.WriteAsync(new byte[4], cancel);
        var answer = new byte[1024];
        var length = 0;
        for (int read; length < answer.Length && (read = await stream.ReadAsync(answer.AsMemory(length), cancel)) > 0;)
        {
            length += read;
            if (answer[length - 1] == 0)
                break;
        }
        var said = Encoding.UTF8.GetString(answer, 0, length).TrimEnd('\0', '\n', ' ');
        return said.EndsWith(" OK", StringComparison.Ordinal) ? true : said.EndsWith(" FOUND", StringComparison.Ordinal) ? false : null;
    }

    // The codes of clamscan and clamdscan: 0 clean, 1 found, all else failed.
    private async Task<bool?> RunAsync(Stream content, CancellationToken cancel)
    {
        using var process = Process.Start(new ProcessStartInfo(_command[0], _command[1..]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true })!;
        try
        {
            // Read away, so that it does not wait for whoever reads.
            var said = Task.WhenAll(process.StandardOutput.BaseStream.CopyToAsync(Stream.Null, cancel), process.StandardError.BaseStream.CopyToAsync(Stream.Null, cancel));
            try
            {
                await content.CopyToAsync(process.StandardInput.BaseStream, cancel);
                process.StandardInput.Close();
            }
            catch (IOException)
            {
                // It may have found something before the end.
            }
            await said;
            await process.WaitForExitAsync(cancel);
            return process.ExitCode switch { 0 => true, 1 => false, _ => null };
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
    }
}
