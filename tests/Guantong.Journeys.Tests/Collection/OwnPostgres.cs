using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace Guantong.Tests;

/// <summary>A PostgreSQL server of a test's own, that can be killed at any instant and started again.</summary>
internal sealed class OwnPostgres : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("guantong-source-").FullName;
    private readonly string _bin;
    private Process? _process;

    private OwnPostgres(string bin)
    {
        _bin = bin;
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        Port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();
    }

    public int Port { get; }

    public string Setting => $"Host=127.0.0.1;Port={Port};Username=guantong;Database=postgres;Pooling=false;Timeout=5";

    /// <summary>Makes and starts one.</summary>
    public static async Task<OwnPostgres> StartAsync()
    {
        var bin = Directory.Exists("/usr/lib/postgresql") ? Directory.EnumerateDirectories("/usr/lib/postgresql").OrderBy(d => int.TryParse(Path.GetFileName(d), CultureInfo.InvariantCulture, out var v) ? v : 0).Select(d => d + "/bin").LastOrDefault() : null;
        Assert.SkipWhen(bin is null, "PostgreSQL is not installed; ./guantong test installs it.");
        var own = new OwnPostgres(bin!);
        // It refuses to run as root, who lends it the folder and an account.
        await ShellAsync($"mkdir {own._folder}/pg; [ $(id -u) = 0 ] && chmod 755 {own._folder} && chown postgres {own._folder}/pg; cd {own._folder}; {As} {bin}/initdb -D {own._folder}/pg/data -U guantong --auth=trust -E UTF8 --locale=C >/dev/null");
        await own.BeginAsync();
        return own;
    }

    private static string As => "$([ $(id -u) = 0 ] && echo setpriv --reuid=postgres --regid=postgres --clear-groups)";

    /// <summary>Starts the server and waits until it answers.</summary>
    public async Task BeginAsync()
    {
        _process = Process.Start(new ProcessStartInfo("bash", ["-c", $"cd {_folder}; exec {As} {_bin}/postgres -D {_folder}/pg/data -h 127.0.0.1 -p {Port} -k {_folder}/pg -c wal_level=logical >>{_folder}/log 2>&1"]))!;
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (true)
        {
            try
            {
                await using var connection = new NpgsqlConnection(Setting);
                await connection.OpenAsync(patience.Token);
                return;
            }
            catch (NpgsqlException) when (!patience.IsCancellationRequested)
            {
            }
        }
    }

    /// <summary>kill -9.</summary>
    public async Task KillAsync()
    {
        // Its children notice, and leave; until then the folder is theirs.
        using var children = Process.Start(new ProcessStartInfo("pgrep", ["-P", _process!.Id.ToString(CultureInfo.InvariantCulture)]) { RedirectStandardOutput = true })!;
        var left = (await children.StandardOutput.ReadToEndAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        _process.Kill();
        await _process.WaitForExitAsync();
        await ShellAsync($"for p in {string.Join(' ', left)}; do while kill -0 $p 2>/dev/null; do read -t 0.05 <> <(:); done; done; rm -f {_folder}/pg/data/postmaster.pid");
    }

    private static async Task ShellAsync(string line)
    {
        using var process = Process.Start("bash", ["-c", line]);
        await process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is { HasExited: false })
            await ShellAsync($"kill -INT {_process.Id}; while kill -0 {_process.Id} 2>/dev/null; do :; done");
        _process?.Dispose();
        await ShellAsync($"rm -rf {_folder}");
    }
}
