using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Guantong.Tests;

/// <summary>A server program of a test's own on a free port, its files in a folder that goes with it.</summary>
internal sealed class OwnServer : IAsyncDisposable
{
    private Process? _process;

    private OwnServer()
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        Port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();
    }

    public string Folder { get; } = Directory.CreateTempSubdirectory("guantong-server-").FullName;

    public int Port { get; }

    /// <summary>Starts one and waits until it takes connections.</summary>
    /// <param name="program">Skipped by name where it is not installed.</param>
    /// <param name="prepare">Shell that makes its files.</param>
    /// <param name="run">Shell that becomes it.</param>
    public static async Task<OwnServer> StartAsync(string program, Func<OwnServer, string> prepare, Func<OwnServer, string> run)
    {
        Assert.SkipWhen(!File.Exists(program), $"{program} is not installed; ./guantong test installs it.");
        var own = new OwnServer();
        await own.ShellAsync(prepare(own));
        own._process = Process.Start(new ProcessStartInfo("bash", ["-c", $"cd {own.Folder}; exec {run(own)} >{own.Folder}/log 2>&1"]))!;
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(90));
        while (true)
        {
            try
            {
                using var client = new TcpClient();
                await client.ConnectAsync(IPAddress.Loopback, own.Port, patience.Token);
                return own;
            }
            catch (SocketException) when (!own._process.HasExited)
            {
                await Task.Delay(50, patience.Token);
            }
            catch (SocketException e)
            {
                throw new InvalidOperationException(await File.ReadAllTextAsync($"{own.Folder}/log"), e);
            }
        }
    }

    public async Task<string> ShellAsync(string line)
    {
        using var process = Process.Start(new ProcessStartInfo("bash", ["-c", $"cd {Folder}; {line}"]) { RedirectStandardOutput = true })!;
        var said = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return said.Trim();
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is { HasExited: false })
        {
            await ShellAsync($"kill {_process.Id.ToString(CultureInfo.InvariantCulture)}");
            await _process.WaitForExitAsync();
        }
        _process?.Dispose();
        Directory.Delete(Folder, true);
    }
}
