using System.IO.Compression;
using System.Net;
using System.Text;
using System.Text.Json;
using Dapper;
using Guantong.Trust;
using Microsoft.Extensions.DependencyInjection;

namespace Guantong.Tests;

/// <summary>A case that has ended is archived, handed over, kept for its time and destroyed by hand; meanwhile it takes no change.</summary>
public sealed class ArchiveTests
{
    private static async Task<string> StateAsync(ClosedCase closed) => (await closed.GetAsync("worker-huzhou", $"cases/{closed.Number}/file")).Text("state")!;

    private static async Task<string> ListedAsync(ClosedCase closed, string list) => string.Join(' ', (await closed.GetAsync("head", $"archive?list={list}")).GetProperty("items").EnumerateArray().Select(i => i.Text("number")));

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task A_case_is_archived_once_it_has_ended_and_takes_no_change_after_that(string store)
    {
        await using var closed = await ClosedCase.StartAsync(store, ends: false);
        var number = closed.Number;
        Assert.Equal("open", await StateAsync(closed));
        Assert.Equal("409 archive-early", await closed.PostAsync("worker-huzhou", $"cases/{number}/archive"));
        await closed.EndAsync(number);
        Assert.Equal("ready", await StateAsync(closed));
        Assert.Equal(number, await ListedAsync(closed, "ready"));
        Assert.Equal("403 not-allowed", await closed.PostAsync("citizen-a", $"cases/{number}/archive"));
        Assert.Equal("404 archive-gone", await closed.PostAsync("worker-hangzhou", $"cases/{number}/archive"));
        // A bad rating goes round its loop first.
        Assert.Equal("204", await closed.PostAsync("citizen-a", $"me/applications/{number}/rating", new { level = 1 }));
        Assert.Equal("409 archive-rating", await closed.PostAsync("worker-huzhou", $"cases/{number}/archive"));
        Assert.Equal("204", await closed.PostAsync("head", $"ratings/{number}/answer", new { finding = "explained", words = "已说明" }));
        closed.Clock.Now += TimeSpan.FromDays(11);
        var both = await Task.WhenAll(closed.PostAsync("worker-huzhou", $"cases/{number}/archive"), closed.PostAsync("head", $"cases/{number}/archive"));
        Assert.Equal(["204", "409 case-archived"], both.Order(StringComparer.Ordinal));
        Assert.Equal("archived", await StateAsync(closed));
        Assert.Equal("", await ListedAsync(closed, "ready"));
        Assert.Equal(number, await ListedAsync(closed, "kept"));

        Assert.Equal("409 case-archived", await closed.PostAsync("worker-huzhou", $"documents/{closed.Document}/serve", new { way = "direct", name = "某人", receiver = "某人" }));
        var other = await closed.ApplyAsync();
        Assert.Equal("403 not-allowed", await closed.PostAsync("worker-huzhou", $"cases/{other}/archive/hold", new { reason = "诉讼" }));
        Assert.Equal("409 archive-not", await closed.PostAsync("head", $"cases/{other}/archive/hold", new { reason = "诉讼" }));
        // Not even by a hand in the store.
        var row = closed.Platform.Services.GetRequiredService<Store>();
        await Assert.ThrowsAnyAsync<System.Data.Common.DbException>(() => row.ReadAsync(c => c.ExecuteAsync("UPDATE work_case SET title = 'x' WHERE number = @number", new { number })));
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task What_is_handed_over_is_checked_without_the_platform(string store)
    {
        await using var closed = await ClosedCase.StartAsync(store);
        var path = $"/api/v1/cases/{closed.Number}/file.zip";
        Assert.Equal(HttpStatusCode.Conflict, (await (await closed.AsAsync("worker-huzhou")).GetAsync(path)).StatusCode);
        Assert.Equal("201", await closed.PostAsync("worker-huzhou", $"documents/{closed.Document}/serve", new { way = "direct", name = "某人", receiver = "某人" }));
        Assert.Equal("204", await closed.PostAsync("worker-huzhou", $"cases/{closed.Number}/archive"));
        Assert.Equal(HttpStatusCode.NotFound, (await (await closed.AsAsync("worker-hangzhou")).GetAsync(path)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await (await closed.AsAsync("citizen-a")).GetAsync(path)).StatusCode);
        var zip = Path.Combine(closed.Platform.Folder, "file.zip");
        await File.WriteAllBytesAsync(zip, await (await closed.AsAsync("worker-huzhou")).GetByteArrayAsync(path));
        var (entries, key) = (new List<string>(), Path.Combine(closed.Platform.Folder, "key.pem"));
        using (var package = ZipFile.OpenRead(zip))
        {
            entries.AddRange(package.Entries.Select(e => e.FullName));
            package.GetEntry("key.pem")!.ExtractToFile(key);
            using var index = JsonDocument.Parse(Read(package, "index.json"));
            Assert.Equal(["application", "form", "document", "serving", "ledger"], index.RootElement.GetProperty("pieces").EnumerateArray().Select(p => p.Text("kind")));
            // Whose case it is stands there by no key that leads to other cases.
            Assert.DoesNotContain(package.Entries.Select(e => Read(package, e.FullName)), t => System.Text.RegularExpressions.Regex.IsMatch(t, "person:[0-9a-f]{32}"));
        }
        Assert.Contains("pieces/003-document.md", entries);
        Assert.Equal(0, await Verifier.RunAsync("file", zip, "--key", key));
        Assert.Equal(1, await Verifier.RunAsync("file", zip));
        // Taken again, it is the same file.
        await File.WriteAllBytesAsync(zip, await (await closed.AsAsync("worker-huzhou")).GetByteArrayAsync(path));
        Assert.Equal(0, await Verifier.RunAsync("file", zip, "--key", key));
        Assert.Contains((await closed.GetAsync("worker-huzhou", $"cases/{closed.Number}/ledger")).EnumerateArray(), e => e.Text("action") == "case.handed-over");

        using (var package = ZipFile.Open(zip, ZipArchiveMode.Update))
        {
            var text = Read(package, "pieces/003-document.md");
            package.GetEntry("pieces/003-document.md")!.Delete();
            using var changed = new StreamWriter(package.CreateEntry("pieces/003-document.md").Open());
            await changed.WriteAsync(text.Replace("没有发现", "发现", StringComparison.Ordinal));
        }
        Assert.Equal(1, await Verifier.RunAsync("file", zip, "--key", key));
        await File.WriteAllTextAsync(zip, "no zip");
        Assert.Equal(2, await Verifier.RunAsync("file", zip, "--key", key));
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task A_file_is_destroyed_after_its_time_by_another_than_who_archived_it_unless_it_is_held(string store)
    {
        await using var closed = await ClosedCase.StartAsync(store);
        var number = closed.Number;
        Assert.Equal("204", await closed.PostAsync("head", $"cases/{number}/archive"));
        Task<string> DestroyAsync(string login, string? reason = "保管期满") => closed.PostAsync(login, $"cases/{number}/archive/destroy", new { reason });
        Assert.Equal("403 not-allowed", await DestroyAsync("worker-huzhou"));
        Assert.Equal("422 archive-reason", await DestroyAsync("leader-ecology", " "));
        Assert.Equal("409 archive-kept", await DestroyAsync("leader-ecology"));
        // Ten years from the first of January after 2026.
        Assert.Equal("2037-01-01", (await closed.GetAsync("worker-huzhou", $"cases/{number}/file")).GetProperty("index").Text("until"));
        // In ten years nobody's role would stand unconfirmed: its last day is moved instead.
        await closed.Platform.Services.GetRequiredService<Store>().ReadAsync(c => c.ExecuteAsync("UPDATE work_archive SET until = '2026-11-12'"));
        closed.Clock.Now = new DateTimeOffset(2026, 11, 11, 15, 59, 0, TimeSpan.Zero);
        Assert.Equal("", await ListedAsync(closed, "due"));
        closed.Clock.Now = new DateTimeOffset(2026, 11, 11, 16, 1, 0, TimeSpan.Zero);
        Assert.Equal(number, await ListedAsync(closed, "due"));
        Assert.Equal("204", await closed.PostAsync("head", $"cases/{number}/archive/hold", new { reason = "诉讼未结" }));
        Assert.Equal("409 archive-held", await closed.PostAsync("head", $"cases/{number}/archive/hold", new { reason = "诉讼未结" }));
        Assert.Equal("", await ListedAsync(closed, "due"));
        Assert.Equal(number, await ListedAsync(closed, "held"));
        Assert.Equal("409 archive-held", await DestroyAsync("leader-ecology"));
        Assert.Equal("204", await closed.PostAsync("head", $"cases/{number}/archive/release", new { reason = "已结案" }));
        Assert.Equal("403 archive-own", await DestroyAsync("head"));
        Assert.Equal("204", await DestroyAsync("leader-ecology"));
        Assert.Equal("409 archive-not", await DestroyAsync("leader-ecology"));
        Assert.Equal("destroyed", await StateAsync(closed));
        Assert.Equal(number, await ListedAsync(closed, "destroyed"));

        // What it held is gone; number, title, index and ledger stay.
        var left = (await closed.GetAsync("worker-huzhou", $"cases/{number}")).ToString();
        Assert.DoesNotContain("现场没有发现焚烧", left, StringComparison.Ordinal);
        Assert.DoesNotContain("示例村口", left, StringComparison.Ordinal);
        Assert.Contains(number, left, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Conflict, (await (await closed.AsAsync("worker-huzhou")).GetAsync($"/api/v1/cases/{number}/file.zip")).StatusCode);
        Assert.Contains((await closed.GetAsync("worker-huzhou", $"cases/{number}/ledger")).EnumerateArray(), e => e.Text("action") == "case.destroyed");
    }

    private static string Read(ZipArchive zip, string path)
    {
        using var reader = new StreamReader(zip.GetEntry(path)!.Open(), Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
