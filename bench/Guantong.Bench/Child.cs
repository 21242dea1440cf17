using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Guantong.Bench;

/// <summary>A child process: the platform's own executable, or another assembly.</summary>
internal sealed class Child : IAsyncDisposable
{
    private readonly Process _process;

    private Child(Process process) => _process = process;

    /// <summary>The executable as `./guantong` starts it.</summary>
    public static string Guantong => Path.Combine(Places.Root, "artifacts", "bin", "Guantong", "release", "guantong.dll");

    public static Child Start(string assembly, params IReadOnlyList<string> args)
    {
        var start = new ProcessStartInfo("dotnet", [assembly, .. args]) { RedirectStandardOutput = true, RedirectStandardError = true };
        var process = Process.Start(start)!;
        // Unread pipes fill up and would stop it.
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, line) => Console.Error.WriteLine(line.Data);
        process.BeginOutputReadLine();
        return new Child(process);
    }

    /// <summary>Runs to the end and gives the wall time.</summary>
    public static async Task<double> RunAsync(string assembly, params IReadOnlyList<string> args)
    {
        var watch = Stopwatch.StartNew();
        await using var child = Start(assembly, args);
        await child._process.WaitForExitAsync();
        return child._process.ExitCode == 0 ? watch.Elapsed.TotalSeconds : throw new InvalidOperationException($"{Path.GetFileName(assembly)} ended with {child._process.ExitCode}");
    }

    /// <summary>Waits until a page is served.</summary>
    public async Task ServedAsync(HttpClient http, string page)
    {
        while (!_process.HasExited)
        {
            try
            {
                using var response = await http.GetAsync(new Uri(page));
                response.EnsureSuccessStatusCode();
                return;
            }
            catch (HttpRequestException e) when (e.HttpRequestError == HttpRequestError.ConnectionError)
            {
                await Task.Delay(10);
            }
        }
        throw new InvalidOperationException($"The process ended with {_process.ExitCode} before it served {page}");
    }

    /// <summary>A figure of /proc/PID/status in MiB: VmRSS, VmHWM.</summary>
    public double Memory(string name)
    {
        var line = File.ReadLines($"/proc/{_process.Id}/status").First(l => l.StartsWith(name + ":", StringComparison.Ordinal));
        return double.Parse(line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024;
    }

    /// <summary>Ends it in order: SIGTERM, as a service manager does.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _ = Kill(_process.Id, 15);
            await _process.WaitForExitAsync();
        }
        _process.Dispose();
    }

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Kill(int process, int signal);
}
