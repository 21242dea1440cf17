using Guantong.Trust;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;

namespace Guantong.Tests;

/// <summary>An auditor at the Desk looks for entries, takes them and their proofs away, makes checkpoints and verifies.</summary>
public sealed class LedgerBrowserTests
{
    [Shows("plat-chain-evidence")]
    [Theory, InlineData(Screen.Desktop), InlineData(Screen.Phone)]
    public async Task An_auditor_narrows_the_ledger_reads_an_entry_and_takes_its_proof(Screen screen)
    {
        await using var platform = await RunningPlatform.StartAsync("sqlite");
        await WriteAsync(platform, 60);
        await using var visitor = await Visitor.ComeAsync(platform, screen);
        var page = visitor.Page;
        var main = page.GetByRole(AriaRole.Main);
        await visitor.SignInAsync("auditor");
        await visitor.OpenAsync("/desk/ledger");
        await Assertions.Expect(main.Locator("tbody tr")).ToHaveCountAsync(50);
        await visitor.LooksAsync("desk-ledger");
        await main.GetByRole(AriaRole.Link, new() { Name = "下一页" }).ClickAsync();
        await Assertions.Expect(page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("skip=50"));

        await visitor.OpenAsync("/desk/ledger");
        await page.GetByLabel("操作者").FillAsync("tester");
        await page.GetByLabel("数据集").FillAsync("demo/rows");
        await main.GetByRole(AriaRole.Button, new() { Name = "查找" }).ClickAsync();
        await Assertions.Expect(main.Locator("tbody tr")).ToHaveCountAsync(30);
        await visitor.IsReadyAsync();
        Assert.Contains("person=tester", page.Url, StringComparison.Ordinal);
        // A click on what stands in a row narrows by it alone.
        await main.GetByRole(AriaRole.Link, new() { Name = "case:7", Exact = true }).ClickAsync();
        await Assertions.Expect(main.Locator("tbody tr")).ToHaveCountAsync(1);
        var export = await page.RunAndWaitForDownloadAsync(() => main.GetByRole(AriaRole.Link, new() { Name = "导出" }).ClickAsync());
        var line = Assert.Single((await File.ReadAllTextAsync(await export.PathAsync())).Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains("\"about\":\"case:7\"", line, StringComparison.Ordinal);

        await main.Locator("tbody tr a").First.ClickAsync();
        await visitor.SeesAsync("还没有检查点涵盖这一条");
        await visitor.SeesAsync("{\"n\":7}");
        var address = page.Url;
        await visitor.OpenAsync("/desk/ledger/checkpoints");
        await visitor.SeesAsync("还没有检查点");
        await main.GetByRole(AriaRole.Button, new() { Name = "现在做检查点" }).ClickAsync();
        await Assertions.Expect(page.Locator("[role=status].good")).ToBeVisibleAsync();
        await Assertions.Expect(main.Locator("tbody tr")).ToHaveCountAsync(1);
        await main.GetByRole(AriaRole.Button, new() { Name = "核验全部留痕" }).ClickAsync();
        await Assertions.Expect(page.GetByText("条全部相连")).ToBeVisibleAsync();
        await visitor.LooksAsync("desk-checkpoints");
        await visitor.OpenAsync(new Uri(address).AbsolutePath);
        var proof = await page.RunAndWaitForDownloadAsync(() => main.GetByRole(AriaRole.Link, new() { Name = "下载存在证明" }).ClickAsync());
        Assert.Contains("\"path\":[", await File.ReadAllTextAsync(await proof.PathAsync()), StringComparison.Ordinal);
        await visitor.LooksAsync("desk-ledger-entry");
    }

    [Fact]
    public async Task What_is_not_there_or_is_no_day_is_said()
    {
        await using var platform = await RunningPlatform.StartAsync("sqlite");
        await using var visitor = await Visitor.ComeAsync(platform, Screen.Desktop);
        await visitor.SignInAsync("auditor");
        foreach (var (path, text) in ((string, string)[])[("/desk/ledger?person=nobody", "没有符合条件的留痕"), ("/desk/ledger?from=gestern", "“gestern”不是日期"), ("/desk/ledger?skip=100000", "这一页之后没有留痕了"), ("/desk/ledger/99999", "没有第 99999 条留痕")])
        {
            await visitor.OpenAsync(path);
            await visitor.SeesAsync(text);
        }
        await visitor.LooksAsync("desk-ledger-missing");
    }

    private static Task WriteAsync(RunningPlatform platform, int entries) => platform.Services.GetRequiredService<Store>().ChangeAsync(DateTimeOffset.UtcNow, change =>
    {
        for (var n = 0; n < entries; n++)
            change.Record("tester", "task.done", $"case:{n}", $"{{\"n\":{n}}}", n % 3 == 0 ? "zj-data" : null, n % 5 == 0 ? "0123456789abcdef" : null, n % 2 == 1 ? "demo/rows" : null);
        return Task.CompletedTask;
    });
}
