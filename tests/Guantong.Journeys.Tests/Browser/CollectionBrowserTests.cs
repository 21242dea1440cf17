using Microsoft.Playwright;

namespace Guantong.Tests;

/// <summary>At the Desk a connection is made and changed, a feed is fetched, and what is wrong with it is read.</summary>
public sealed class CollectionBrowserTests
{
    [Theory, InlineData(Screen.Desktop), InlineData(Screen.Phone)]
    public async Task A_connection_is_made_and_a_feed_fetched(Screen screen)
    {
        await using var platform = await RunningPlatform.StartAsync("sqlite");
        await using var visitor = await Visitor.ComeAsync(platform, screen);
        var main = visitor.Page.GetByRole(AriaRole.Main);
        await visitor.SignInAsync("duty");
        await visitor.OpenAsync("/desk/feeds");
        await visitor.SeesAsync("还没有需要连接的归集链路");
        await GaugePack.ApplyAsync(platform, "from: csv\nat: water-office\nfiles: \"level-*.csv\"\nevery: PT1H\ncolumns: {gauge: gauge, at: at, region: region, level: level, note: note}");

        await visitor.OpenAsync("/desk/connections");
        await main.GetByLabel("名称").FillAsync("water-office");
        await main.GetByLabel("地址", new() { Exact = true }).FillAsync("../etc");
        await main.GetByRole(AriaRole.Button, new() { Name = "保存" }).ClickAsync();
        await Assertions.Expect(main.GetByRole(AriaRole.Alert)).ToContainTextAsync("不能含点和绝对路径");
        await visitor.LooksAsync("desk-connection-mistake");
        await main.GetByLabel("地址", new() { Exact = true }).FillAsync("water");
        await main.GetByRole(AriaRole.Button, new() { Name = "保存" }).ClickAsync();
        await Assertions.Expect(main.Locator("tbody tr")).ToHaveCountAsync(1);
        await main.GetByRole(AriaRole.Button, new() { Name = "修改" }).ClickAsync();
        await main.GetByLabel("类型").SelectOptionAsync("http");
        await main.GetByLabel("认证方式").SelectOptionAsync("oauth2");
        await Assertions.Expect(main.GetByLabel("取令牌的地址")).ToBeVisibleAsync();
        await visitor.LooksAsync("desk-connections");
        await main.GetByRole(AriaRole.Button, new() { Name = "取消" }).ClickAsync();

        Directory.CreateDirectory(Path.Combine(platform.Folder, "drops", "water"));
        var file = Path.Combine(platform.Folder, "drops", "water", "level-1.csv");
        await File.WriteAllTextAsync(file, "gauge,at,region,height\nA,2026-03-01 08:00,330102,1.5\n");
        File.SetLastWriteTimeUtc(file, DateTime.UtcNow.AddMinutes(-1));
        await visitor.OpenAsync("/desk/feeds");
        await main.GetByRole(AriaRole.Button, new() { Name = "立即归集" }).ClickAsync();
        await Assertions.Expect(main.Locator("td .late")).ToContainTextAsync("level-1.csv");
        await visitor.IsReadyAsync();
        await visitor.LooksAsync("desk-feeds");
        await File.WriteAllTextAsync(file, "gauge,at,region,level,note\nA,2026-03-01 08:00,330102,1.5,\n");
        File.SetLastWriteTimeUtc(file, DateTime.UtcNow.AddMinutes(-1));
        await main.GetByRole(AriaRole.Button, new() { Name = "立即归集" }).ClickAsync();
        await Assertions.Expect(main.Locator("td .late")).ToHaveCountAsync(0);
        await Assertions.Expect(main.GetByText("正常")).ToBeVisibleAsync();
    }
}
