using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Guantong.Hosting;
using Guantong.Trust;

namespace Guantong.Tests;

/// <summary>The real executable as a process of its own, that can be killed at any instant and started again on the same data.</summary>
internal sealed class ProcessPlatform : IAsyncDisposable
{
    // Only reached when something hangs.
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(120);

    private readonly string _folder = Directory.CreateTempSubdirectory("guantong-kill-").FullName;
    private readonly string? _store;
    private readonly string? _root;
    private readonly ConcurrentQueue<string> _said = new();
    private Process? _process;
    private TaskCompletionSource _ready = new();
    private Hosting.RunFile? _run;

    private ProcessPlatform(string? store, string? root = null)
    {
        (_store, _root) = (store, root);
        SmallHome.Make(Home);
        Directory.CreateDirectory(Data);
    }

    /// <summary>A platform on a fresh folder and a fresh store; not started yet.</summary>
    public static async Task<ProcessPlatform> FreshAsync(string store) => new(await FreshStore.MakeAsync(store));

    /// <summary>Another node over the same store, with a data folder of its own; not started yet.</summary>
    public static ProcessPlatform Beside(ProcessPlatform other) => new(other._store, Path.Combine(other.Data, "root.key"));

    /// <summary>The data folder.</summary>
    public string Data => Path.Combine(_folder, "data");

    /// <summary>A folder beside it for the test's own files.</summary>
    public string Aside => Directory.CreateDirectory(Path.Combine(_folder, "aside")).FullName;

    /// <summary>The folder that it reads packs from when it first starts.</summary>
    public string Home => Path.Combine(_folder, "home");

    /// <summary>Where a running platform says how to reach it.</summary>
    public string RunFile => Path.Combine(Data, "run.json");

    /// <summary>How long the last start took from the process's birth to the first page served.</summary>
    public TimeSpan FirstPage { get; private set; }

    /// <summary>What the process wrote, for a failing test's message.</summary>
    public string Said => string.Join('\n', _said.TakeLast(40));

    /// <summary>Starts the process and waits until it serves a page.</summary>
    public async Task StartAsync()
    {
        var watch = Stopwatch.StartNew();
        Launch();
        try
        {
            await _ready.Task.WaitAsync(Deadline);
        }
        catch (Exception e)
        {
            throw new InvalidOperationException($"The platform did not come up again.\n{Said}", e);
        }
        _run = JsonSerializer.Deserialize<Hosting.RunFile>(await File.ReadAllTextAsync(RunFile))!;
        Assert.Equal(_process!.Id, _run.Pid);
        using var http = Client(new CookieContainer());
        Assert.Equal("ok", await http.GetStringAsync("/health"));
        (await http.GetAsync("/")).EnsureSuccessStatusCode();
        FirstPage = watch.Elapsed;
    }

    /// <summary>Starts the process without waiting for anything.</summary>
    public void Launch()
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in (string[])[Path.Combine(Repository.Root, "artifacts/bin/Guantong/release/guantong.dll"), "up", "--demo", "--at", Data, "--url", "http://127.0.0.1:0", "--lang", "en"])
            start.ArgumentList.Add(argument);
        if (_store is not null)
        {
            start.ArgumentList.Add("--store");
            start.ArgumentList.Add(_store);
        }
        // What one node seals the others open.
        if (_root is not null)
        {
            start.ArgumentList.Add("--root");
            start.ArgumentList.Add(_root);
        }
        start.Environment["GUANTONG_HOME"] = Home;
        // A process that lives for seconds gains nothing from being measured by the compiler.
        start.Environment["DOTNET_TieredPGO"] = "0";
        var ready = _ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var process = _process = new Process { StartInfo = start, EnableRaisingEvents = true };
        process.OutputDataReceived += (_, line) => Hear(line.Data, ready);
        process.ErrorDataReceived += (_, line) => Hear(line.Data, ready);
        process.Exited += (_, _) => ready.TrySetException(new InvalidOperationException("The process ended."));
        // A start that is killed on purpose has nobody who waits for it to be ready.
        _ = ready.Task.ContinueWith(t => t.Exception, TaskScheduler.Default);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    // The addresses are printed after the run file was written; that of the Desk reads the same in every language.
    private void Hear(string? line, TaskCompletionSource ready)
    {
        if (line is null)
            return;
        _said.Enqueue(line);
        if (line.Contains("/desk ", StringComparison.Ordinal))
            ready.TrySetResult();
    }

    /// <summary>kill -9.</summary>
    public async Task KillAsync()
    {
        _process!.Kill();
        await _process.WaitForExitAsync().WaitAsync(Deadline);
    }

    /// <summary>Ctrl-C; gives the exit code.</summary>
    public async Task<int> InterruptAsync()
    {
        using (var kill = Process.Start("kill", ["-INT", $"{_process!.Id}"]))
            await kill.WaitForExitAsync();
        await _process.WaitForExitAsync().WaitAsync(Deadline);
        return _process.ExitCode;
    }

    /// <summary>The operator of the machine, by the token in run.json.</summary>
    public HttpClient Operator()
    {
        var http = new HttpClient { BaseAddress = new Uri(_run!.Url), Timeout = Deadline };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", _run.Token);
        return http;
    }

    /// <summary>Whoever these cookies sign in.</summary>
    public HttpClient Client(CookieContainer cookies) => new(new HttpClientHandler { CookieContainer = cookies }) { BaseAddress = new Uri(_run!.Url), Timeout = Deadline };

    /// <summary>Signs a person of the demonstration in.</summary>
    public async Task<CookieContainer> CookiesOfAsync(string login)
    {
        var cookies = new CookieContainer();
        using var http = Client(cookies);
        (await http.PostAsJsonAsync("/api/v1/session", new { login, password = Accounts.DemoPassword })).EnsureSuccessStatusCode();
        return cookies;
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is { HasExited: false })
            await KillAsync();
        _process?.Dispose();
        Directory.Delete(_folder, true);
    }
}
