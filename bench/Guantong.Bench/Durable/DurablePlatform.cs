using System.Globalization;
using System.Text.Json.Nodes;
using Guantong.Data;
using Guantong.Hosting;
using Guantong.Packs;
using Guantong.Packs.Reading;
using Guantong.Trust;
using Guantong.Work;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Guantong.Bench.Durable;

/// <summary>A platform on a fresh PostgreSQL database, on which one matter runs a process of the benchmark's own. Nothing runs in the background.</summary>
internal sealed class DurablePlatform : IAsyncDisposable
{
    /// <summary>Who does every task.</summary>
    public static readonly Person Official = new("worker-huzhou", "演示·湖州生态", "Demo Huzhou ecology officer", "official", "zj-ecology-330500", "330500", ["case-worker"]);

    private const string PackId = "environment.air-quality";
    private readonly WebApplication _app;

    private DurablePlatform(WebApplication app, string database) => (_app, Database) = (app, database);

    /// <summary>Npgsql's connection string of its database.</summary>
    public string Database { get; }

    public IServiceProvider Services => _app.Services;

    public Store Store => _app.Services.GetRequiredService<Store>();

    public Tasks Tasks => _app.Services.GetRequiredService<Tasks>();

    public Cases Cases => _app.Services.GetRequiredService<Cases>();

    /// <summary>The pack in force.</summary>
    public AppliedPack Applied => _app.Services.GetRequiredService<PackRegistry>().Applied[PackId];

    /// <summary>Builds one.</summary>
    /// <param name="folder">A folder for its files.</param>
    /// <param name="body">BPMN inside the process.</param>
    /// <param name="userTasks">The ids of its user tasks, which all belong to one unit.</param>
    /// <exception cref="MaterialAbsentException">There is no PostgreSQL.</exception>
    public static Task<DurablePlatform> BuildAsync(string folder, string body, params IReadOnlyList<string> userTasks) =>
        BuildAsync(folder, files => new Dictionary<string, string>(files) { ["processes/air-report.bpmn"] = Process(body, userTasks) });

    /// <summary>BPMN of one process whose user tasks all belong to one unit.</summary>
    public static string Process(string body, IReadOnlyList<string> userTasks, string unit = "省生态环境厅") => $"""
        <definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:guantong="https://guantong.dev/bpmn" targetNamespace="https://guantong.dev/packs">
        <process id="measured" name="办理" isExecutable="true"><laneSet id="lanes"><lane id="lane" name="{unit}">{string.Concat(userTasks.Select(t => $"<flowNodeRef>{t}</flowNodeRef>"))}</lane></laneSet>{body}</process></definitions>
        """;

    /// <summary>Builds one with the pack as it was changed.</summary>
    /// <param name="folder">A folder for its files.</param>
    /// <param name="change">The pack's files, changed.</param>
    /// <param name="clock">The clock that it goes by; the machine's where none is told.</param>
    /// <param name="database">A database that is gone on with where it is there; null for a new one.</param>
    /// <exception cref="MaterialAbsentException">There is no PostgreSQL.</exception>
    public static async Task<DurablePlatform> BuildAsync(string folder, Func<IReadOnlyDictionary<string, string>, IReadOnlyDictionary<string, string>> change, TimeProvider? clock = null, string? database = null)
    {
        var server = new Uri(Environment.GetEnvironmentVariable("GUANTONG_TEST_POSTGRES") ?? throw new MaterialAbsentException("This benchmark needs PostgreSQL: apt-get install postgresql, and run it by bench/run."));
        var name = database ?? "b" + Guid.NewGuid().ToString("n");
        string Connection(string database) => $"Host={server.Host};Port={server.Port};Username={server.UserInfo};Database={database};Maximum Pool Size=150";
        await using (var making = NpgsqlDataSource.Create(Connection("postgres")))
        {
            await using var asking = making.CreateCommand($"SELECT 1 FROM pg_database WHERE datname = '{name}'");
            if (await asking.ExecuteScalarAsync() is null)
            {
                await using var command = making.CreateCommand($"CREATE DATABASE {name}");
                await command.ExecuteNonQueryAsync();
            }
        }
        var app = await Platform.BuildAsync(new Settings(Places.Root, folder, $"postgres://{server.UserInfo}@{server.Host}:{server.Port}/{name}", "zhejiang", "http://127.0.0.1:0", Demo: true), workers: false, clock);
        var files = PackFolder.Read(Places.Pack("environment/air-quality"), "packs/environment/air-quality");
        files = files with { Texts = change(files.Texts) };
        var outcome = await app.Services.GetRequiredService<PackRegistry>().ApplyAsync(files, Policy.Operator, confirmed: true);
        return outcome.Result is "applied" or "unchanged" ? new DurablePlatform(app, Connection(name))
            : throw new InvalidOperationException(outcome.Result + string.Concat(outcome.Plan.Findings.Select(f => "\n" + f.Mark + f.Message("en"))));
    }

    /// <summary>Opens a case; gives its id.</summary>
    public Task<string> OpenAsync(int n, string place = "示例路口") =>
        Cases.OpenAsync(Applied, Applied.Pack.Matter("air-report")!, $"大气污染问题 {n}", "330500", new JsonObject { ["place"] = place, ["note"] = string.Create(CultureInfo.InvariantCulture, $"合成的反映，第 {n} 件") }, Official);

    /// <summary>Opens cases by so many clients at once; gives their ids.</summary>
    public async Task<IReadOnlyList<string>> OpenAsync(int count, int clients)
    {
        var ids = new string[count];
        await Parallel.ForEachAsync(Enumerable.Range(0, count), new ParallelOptions { MaxDegreeOfParallelism = clients }, async (i, _) => ids[i] = await OpenAsync(i));
        return ids;
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();
}
