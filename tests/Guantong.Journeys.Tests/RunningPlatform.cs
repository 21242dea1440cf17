using System.Net.Http.Json;
using System.Text.Json;
using Guantong.Data;
using Guantong.Hosting;
using Guantong.Insight;
using Guantong.Packs;
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

    /// <summary>Where it listens.</summary>
    public string Address => _app.Urls.First();

    /// <summary>The data folder; a test's own files may lie there too.</summary>
    public string Folder => _folder;

    /// <summary>Starts one with the air-quality pack in force, and with its sample rows where asked; with a clock of the test's, nothing runs in the background.</summary>
    public static async Task<RunningPlatform> StartAsync(string store, bool samples = false, string jurisdiction = "zhejiang", TimeProvider? clock = null, Uri? exchange = null, string? smtp = null, string? scanner = null, string? seals = null, string? imap = null, string? languages = null)
    {
        var data = Directory.CreateTempSubdirectory("guantong-test-").FullName;
        var settings = (await FirstStart.CopyAsync(store, samples, jurisdiction, clock, data)) with { Exchange = exchange, Smtp = smtp, Scanner = scanner, Imap = imap, Languages = languages, Seals = seals, SealsPassword = seals is null ? null : "合成口令" };
        var app = await Platform.BuildAsync(settings, workers: clock is null, clock);
        await app.StartAsync();
        return new RunningPlatform(app, data);
    }

    public async Task<(LoadSummary Summary, LoopOutcome Loop)> LoadAsync(string dataset, params IReadOnlyList<string> files)
    {
        var applied = Services.GetRequiredService<PackRegistry>().Applied["environment.air-quality"];
        return await Services.GetRequiredService<ClosedLoop>().LoadAsync(applied, applied.Pack.Dataset(dataset)!, files, Policy.Operator);
    }

    /// <summary>Loads rows of any pack.</summary>
    /// <param name="lines">CSV, its first line naming the columns.</param>
    public async Task<LoadSummary> LoadLinesAsync(string pack, string dataset, params IEnumerable<string> lines)
    {
        var applied = Services.GetRequiredService<PackRegistry>().Applied[pack];
        var file = Path.Combine(_folder, $"{Guid.NewGuid():n}.csv");
        await File.WriteAllLinesAsync(file, lines);
        var (summary, _) = await Services.GetRequiredService<ClosedLoop>().LoadAsync(applied, applied.Pack.Dataset(dataset)!, [file], Policy.Operator, cancel: TestContext.Current.CancellationToken);
        File.Delete(file);
        return summary;
    }

    /// <summary>Brings a pack into force, whatever is lost by it.</summary>
    public async Task ApplyAsync(PackFiles files)
    {
        var outcome = await Services.GetRequiredService<PackRegistry>().ApplyAsync(files, Policy.Operator, confirmed: true, cancel: TestContext.Current.CancellationToken);
        Assert.True(outcome.Result == "applied", string.Join('\n', outcome.Plan.Findings.Select(f => $"{f.Mark} {f.Code} {f.Message("en")}").Prepend(outcome.Result)));
    }

    /// <summary>Somebody unknown, whose client follows no redirect and keeps no cookie.</summary>
    public HttpClient Anonymous() => new(new HttpClientHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = new Uri(Address) };

    public async Task<HttpClient> SignInAsync(string? login)
    {
        var http = new HttpClient(new HttpClientHandler { UseCookies = true }) { BaseAddress = new Uri(_app.Urls.First()) };
        if (login is not null)
            (await http.PostAsJsonAsync("/api/v1/session", new { login, password = Accounts.DemoPassword })).EnsureSuccessStatusCode();
        return http;
    }

    /// <summary>Finishes the open task of a case that stands at a node; gives the answer's status.</summary>
    public static async Task<System.Net.HttpStatusCode> FinishAsync(HttpClient official, string caseId, string node, object given)
    {
        var file = await official.GetFromJsonAsync<JsonElement>($"/api/v1/cases/{caseId}");
        var task = file.GetProperty("tasks").EnumerateArray().Last(t => t.GetProperty("node").GetString() == node).GetProperty("id").GetString();
        return (await official.PostAsJsonAsync($"/api/v1/tasks/{task}/finish", given)).StatusCode;
    }

    /// <summary>Brings another of the repository's packs into force.</summary>
    public async Task ApplyAsync(string id)
    {
        var outcome = await Services.GetRequiredService<PackRegistry>().ApplyAsync(PackFolder.Read(Path.Combine(Repository.Root, "packs", id.Replace('.', '/')), $"packs/{id}"), Policy.Operator, confirmed: false);
        Assert.Equal("applied", outcome.Result);
    }

    /// <summary>Runs what service tasks are due.</summary>
    public async Task RunJobsAsync()
    {
        while (await Services.GetRequiredService<Work.WorkRunner>().RunNextAsync(TestContext.Current.CancellationToken))
        {
        }
    }

    /// <summary>Runs what service tasks are due, and gives the case once it has ended.</summary>
    public async Task<JsonElement> EndedAsync(HttpClient official, string caseId)
    {
        await RunJobsAsync();
        var file = await official.GetFromJsonAsync<JsonElement>($"/api/v1/cases/{caseId}");
        // The worker in the background may hold the job at this moment; its commit is waited for by reading again.
        for (var i = 0; i < 200 && file.GetProperty("case").GetProperty("state").GetString() != "ended"; i++)
            file = await official.GetFromJsonAsync<JsonElement>($"/api/v1/cases/{caseId}");
        Assert.Equal("ended", file.GetProperty("case").GetProperty("state").GetString());
        return file;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
        for (var left = 40; ; left--)
        {
            try
            {
                Directory.Delete(_folder, true);
                return;
            }
            catch (IOException) when (left > 0)
            {
                // What a page asked for at the very end may write a file while its folder goes.
                await Task.Delay(50);
            }
        }
    }
}
