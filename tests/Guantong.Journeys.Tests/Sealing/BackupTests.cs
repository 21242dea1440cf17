using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Guantong.Data;
using Guantong.Hosting;
using Guantong.Trust;
using Guantong.Work;
using Microsoft.Extensions.DependencyInjection;

namespace Guantong.Tests;

/// <summary>A backup of a running platform comes back whole somewhere else, or not at all.</summary>
[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class BackupTests
{
    private const string Passphrase = "一段足够长的备份口令 2026";
    private const string Secret = "欧阳示例";

    private static async Task<(RunningPlatform Platform, string Case)> StartAsync(string store)
    {
        var platform = await RunningPlatform.StartAsync(store, samples: true, clock: new StandingClock());
        var registry = platform.Services.GetRequiredService<PackRegistry>();
        var files = PackFolder.Read(Path.Combine(Repository.Root, "packs/environment/air-quality"), "packs/environment/air-quality");
        var texts = files.Texts.ToDictionary();
        texts["forms/air-mend.json"] = """{"type": "object", "title": "整改", "properties": {"informant": {"type": "string", "title": "反映人", "x-personal": true}}}""";
        await registry.ApplyAsync(files with { Texts = texts }, Policy.Operator, confirmed: true);
        using var official = await platform.SignInAsync("worker-huzhou");
        var answer = await official.PostAsJsonAsync("/api/v1/cases", new { pack = "environment.air-quality", matter = "air-report", region = "330500", data = new { informant = Secret, place = "示例村口" } });
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        return (platform, (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString()!);
    }

    private static async Task<byte[]> TakeAsync(RunningPlatform platform, string? passphrase)
    {
        var output = new MemoryStream();
        await Backup.TakeAsync(platform.Services.GetRequiredService<Settings>(), platform.Services.GetRequiredService<Store>(), platform.Services.GetRequiredService<Warehouse>(), output, passphrase, CancellationToken.None);
        return output.ToArray();
    }

    private static async Task<Settings> PlaceAsync(string store)
    {
        var database = await FreshStore.MakeAsync(store);
        return new Settings(Repository.Root, Path.Combine(Directory.CreateTempSubdirectory("guantong-restore-").FullName, "data"), database, "zhejiang", "http://127.0.0.1:0") { Warehouse = database };
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task A_backup_comes_back_whole_in_another_place(string store)
    {
        var (platform, id) = await StartAsync(store);
        await using var _ = platform;
        var rows = platform.Services.GetRequiredService<Warehouse>().RowCount("environment.air-quality", "air-hourly");
        Assert.True(rows > 0);
        var taken = await TakeAsync(platform, Passphrase);
        var place = await PlaceAsync(store);
        await Backup.RestoreAsync(place, new MemoryStream(taken), () => Passphrase, CancellationToken.None);
        await using var back = await Hosting.Platform.BuildAsync(place, workers: false);
        var file = await back.Services.GetRequiredService<Cases>().FindAsync(id, RowRights.All);
        Assert.Contains(Secret, file!.Case.Data, StringComparison.Ordinal);
        Assert.Equal(rows, back.Services.GetRequiredService<Warehouse>().RowCount("environment.air-quality", "air-hourly"));
        var ledger = await back.Services.GetRequiredService<Ledger>().VerifyAsync();
        Assert.True(ledger is { FirstBad: null, Entries: > 0 });
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(place.Data, "root.key")));
        // What stands is not written over.
        await Assert.ThrowsAsync<ConfigurationException>(() => Backup.RestoreAsync(place, new MemoryStream(taken), () => Passphrase, CancellationToken.None));
    }

    [Fact]
    public async Task A_backup_that_is_cut_off_changed_or_under_another_passphrase_leaves_nothing_behind()
    {
        var (platform, _) = await StartAsync("sqlite");
        await using var running = platform;
        var taken = await TakeAsync(platform, Passphrase);
        Assert.Equal(-1, taken.AsSpan().IndexOf("示例村口"u8));
        Assert.Equal(-1, taken.AsSpan().IndexOf("SQLite format"u8));
        var place = await PlaceAsync("sqlite");
        var changed = (byte[])taken.Clone();
        changed[^200] ^= 1;
        foreach (var (bytes, words) in ((byte[], string)[])[(taken[..^1], Passphrase), (taken[..(taken.Length / 2)], Passphrase), (changed, Passphrase), (taken, "another passphrase")])
        {
            await Assert.ThrowsAnyAsync<CryptographicException>(() => Backup.RestoreAsync(place, new MemoryStream(bytes), () => words, CancellationToken.None));
            Assert.Empty(Directory.EnumerateFileSystemEntries(place.Data));
        }
    }

    [Fact]
    public async Task A_backup_under_the_root_key_does_not_hold_it_and_comes_back_where_it_is()
    {
        var (platform, id) = await StartAsync("sqlite");
        await using var _ = platform;
        var taken = await TakeAsync(platform, null);
        var place = await PlaceAsync("sqlite");
        await Assert.ThrowsAnyAsync<CryptographicException>(() => Backup.RestoreAsync(place, new MemoryStream(taken), () => Passphrase, CancellationToken.None));
        var root = Path.Combine(Directory.CreateTempSubdirectory("guantong-root-").FullName, "root.key");
        File.Copy(Path.Combine(platform.Folder, "root.key"), root);
        File.SetUnixFileMode(root, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        place = place with { Root = root };
        await Backup.RestoreAsync(place, new MemoryStream(taken), null, CancellationToken.None);
        Assert.False(File.Exists(Path.Combine(place.Data, "root.key")));
        await using var back = await Hosting.Platform.BuildAsync(place, workers: false);
        Assert.Contains(Secret, (await back.Services.GetRequiredService<Cases>().FindAsync(id, RowRights.All))!.Case.Data, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Over_the_api_an_operator_takes_a_backup_and_the_ledger_says_so()
    {
        var (platform, _) = await StartAsync("sqlite");
        await using var running = platform;
        using var official = await platform.SignInAsync("worker-huzhou");
        Assert.Equal(HttpStatusCode.Forbidden, (await official.PostAsJsonAsync("/api/v1/backups", new { passphrase = Passphrase })).StatusCode);
        using var duty = await platform.SignInAsync("duty");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await duty.PostAsJsonAsync("/api/v1/backups", new { passphrase = "short" })).StatusCode);
        var answer = await duty.PostAsJsonAsync("/api/v1/backups", new { passphrase = Passphrase });
        var bytes = await answer.Content.ReadAsByteArrayAsync();
        Assert.StartsWith("GTSEAL1", Encoding.ASCII.GetString(bytes[..7]), StringComparison.Ordinal);
        var place = await PlaceAsync("sqlite");
        await Backup.RestoreAsync(place, new MemoryStream(bytes), () => Passphrase, CancellationToken.None);
        Assert.True(File.Exists(Path.Combine(place.Data, "operations.db")));
        var entry = Assert.Single(await platform.Services.GetRequiredService<Ledger>().AboutAsync("platform"));
        Assert.Equal(("duty", "backup.taken"), (entry.Actor, entry.Action));
        Assert.Empty(Directory.EnumerateDirectories(platform.Folder, "backup-*"));
    }
}
