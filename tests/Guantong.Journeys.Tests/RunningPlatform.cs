using System.Net.Http.Json;
using System.Text.Json;
using Guantong.Data;
using Guantong.Hosting;
using Guantong.Insight;
using Guantong.Trust;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Guantong.Tests;

/// <summary>A platform of a test's own: real HTTP on a free port, a fresh folder, SQLite or a fresh PostgreSQL database.</summary>
internal sealed class RunningPlatform : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly string _folder;

    private RunningPlatform(WebApplication app, string folder) => (_app, _folder) = (app, folder);

    public IServiceProvider Services => _app.Services;

    /// <summary>The data folder; a test's own files may lie there too.</summary>
    public string Folder => _folder;

    public static async Task<RunningPlatform> StartAsync(string store)
    {
        var folder = Directory.CreateTempSubdirectory("guantong-test-").FullName;
        var app = await Platform.BuildAsync(new Settings(Repository.Root, folder, await FreshStore.MakeAsync(store), "zhejiang", "http://127.0.0.1:0"), workers: true);
        var registry = app.Services.GetRequiredService<PackRegistry>();
        var outcome = await registry.ApplyAsync(PackFolder.Read(Path.Combine(Repository.Root, "packs/environment/air-quality"), "packs/environment/air-quality"), Policy.Operator, confirmed: false);
        Assert.Equal("applied", outcome.Result);
        await app.StartAsync();
        return new RunningPlatform(app, folder);
    }

    public async Task<(LoadSummary Summary, LoopOutcome Loop)> LoadAsync(string dataset, params IReadOnlyList<string> files)
    {
        var applied = Services.GetRequiredService<PackRegistry>().Applied["environment.air-quality"];
        return await Services.GetRequiredService<ClosedLoop>().LoadAsync(applied, applied.Pack.Dataset(dataset)!, files, Policy.Operator);
    }

    public async Task<HttpClient> SignInAsync(string? login)
    {
        var http = new HttpClient(new HttpClientHandler { UseCookies = true }) { BaseAddress = new Uri(_app.Urls.First()) };
        if (login is not null)
            (await http.PostAsJsonAsync("/api/v1/session", new { login, password = Accounts.DemoPassword })).EnsureSuccessStatusCode();
        return http;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
        Directory.Delete(_folder, true);
    }
}
