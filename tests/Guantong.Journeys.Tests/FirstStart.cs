using System.Collections.Concurrent;
using Guantong.Data;
using Guantong.Hosting;
using Guantong.Insight;
using Guantong.Trust;
using Guantong.Trust.Provider;
using Microsoft.Extensions.DependencyInjection;

namespace Guantong.Tests;

/// <summary>What the first start of a platform leaves behind, made once for each kind and copied for each test: demo people, keys, the air-quality pack in force, sample rows.</summary>
internal static class FirstStart
{
    private static readonly ConcurrentDictionary<string, Lazy<Task<Left>>> Made = new();

    /// <summary>Copies one into a folder, and on PostgreSQL into a database of its own; gives how to open it.</summary>
    public static async Task<Settings> CopyAsync(string store, bool samples, string jurisdiction, TimeProvider? clock, string folder)
    {
        var kind = $"{store} {samples} {jurisdiction} {clock?.GetUtcNow():O}";
        var left = await Made.GetOrAdd(kind, _ => new Lazy<Task<Left>>(() => MakeAsync(store, samples, jurisdiction, clock))).Value;
        foreach (var file in Directory.EnumerateFiles(left.Folder, "*", SearchOption.AllDirectories))
        {
            var to = Path.Combine(folder, Path.GetRelativePath(left.Folder, file));
            Directory.CreateDirectory(Path.GetDirectoryName(to)!);
            File.Copy(file, to);
        }
        return At(folder, jurisdiction, left.Database is null ? null : await FreshStore.MakeAsync(store, left.Database));
    }

    // On PostgreSQL both stores stand in one database.
    private static Settings At(string folder, string jurisdiction, string? database) =>
        new(Repository.Root, folder, database, jurisdiction, "http://127.0.0.1:0", Demo: true) { Warehouse = database };

    private static async Task<Left> MakeAsync(string store, bool samples, string jurisdiction, TimeProvider? clock)
    {
        var folder = Directory.CreateTempSubdirectory("guantong-test-first-").FullName;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(folder, true);
        var database = await FreshStore.MakeAsync(store);
        await using var app = await Platform.BuildAsync(At(folder, jurisdiction, database), workers: false, clock);
        // A start that signs somebody in makes these first, which takes longer than all else.
        app.Services.GetRequiredService<SigningKeys>().TurnOver();
        var registry = app.Services.GetRequiredService<PackRegistry>();
        foreach (var id in samples ? (string[])["environment.air-quality", "reform.map"] : ["environment.air-quality"])
        {
            var pack = Path.Combine(Repository.Root, "packs", id.Replace('.', '/'));
            var outcome = await registry.ApplyAsync(PackFolder.Read(pack, $"packs/{id}"), Policy.Operator, confirmed: false);
            Assert.Equal("applied", outcome.Result);
            if (samples)
                await app.Services.GetRequiredService<ClosedLoop>().LoadSamplesAsync(registry.Find(id)!, pack);
        }
        return new Left(folder, database);
    }

    private sealed record Left(string Folder, string? Database);
}
