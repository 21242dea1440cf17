using Microsoft.Playwright;
using static Guantong.Tests.EntityPlatform;

namespace Guantong.Tests;

/// <summary>A steward at the Desk reviews organisations that may be one, takes a decision back, and parts what a code had linked.</summary>
public sealed class EntityBrowserTests
{
    private static readonly string[] Trades = ["科技", "贸易", "建设", "物流", "餐饮", "纺织", "环保", "印刷", "包装", "家具", "园林", "广告", "电子", "食品", "机械", "五金", "软件", "酒店", "教育", "医药", "能源", "文化"];

    [Theory, InlineData(Screen.Desktop), InlineData(Screen.Phone)]
    public async Task A_steward_compares_side_by_side_decides_and_takes_it_back(Screen screen)
    {
        await using var platform = await StartAsync("sqlite", standing: false);
        await using var visitor = await Visitor.ComeAsync(platform.Platform, screen);
        var page = visitor.Page;
        var main = page.GetByRole(AriaRole.Main);
        await visitor.SignInAsync("steward");
        await visitor.OpenAsync("/desk/entities");
        await visitor.SeesAsync("没有待核对的单位");
        await visitor.LooksAsync("desk-entities-none");

        await platform.LoadAsync("register", Trades.Select((t, i) => $"r{i},{Code(i + 1)},杭州演示{i:00}{t}有限公司,文三路{i + 1}号,0571-876543{i:00}").Append($"r90,{Code(90)},宁波示例二贸易有限公司,解放路9号,"));
        await platform.LoadAsync("taxpayer", Trades.Select((t, i) => $"t{i},,演示{i:00}{t}（杭州）公司,{(i % 3 == 0 ? $"杭州市文三路{i + 1}号" : "")},{(i % 2 == 0 ? $"876543{i:00}" : "")}").Append($"t90,{Code(90)},示例二商行,,"));
        await main.GetByRole(AriaRole.Button, new() { Name = "重新比对" }).ClickAsync();
        await Assertions.Expect(main.Locator("tbody tr")).ToHaveCountAsync(20);
        await visitor.LooksAsync("desk-entities");
        await main.GetByRole(AriaRole.Link, new() { Name = "下一页" }).ClickAsync();
        await Assertions.Expect(page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("skip=20"));
        await visitor.OpenAsync("/desk/entities?words=演示06");
        await main.Locator("tbody tr a").First.ClickAsync();
        await visitor.SeesAsync("得分 60（满分 100）");
        await visitor.LooksAsync("desk-entity");
        await main.GetByRole(AriaRole.Button, new() { Name = "是同一单位" }).ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "是同一单位" }).ClickAsync();
        await visitor.SeesAsync("已记为同一单位");
        await visitor.LooksAsync("desk-entity-decided");
        await main.GetByRole(AriaRole.Link, new() { Name = "这个单位的全部行" }).ClickAsync();
        await visitor.SeesAsync("在各数据资源里共 2 行");
        await visitor.OpenAsync("/desk/entities?state=same");
        await main.Locator("tbody tr a").First.ClickAsync();
        await main.GetByRole(AriaRole.Button, new() { Name = "撤销结论" }).ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "撤销结论" }).ClickAsync();
        await visitor.SeesAsync("已撤销");
        await Assertions.Expect(main.GetByRole(AriaRole.Button, new() { Name = "是同一单位" })).ToBeVisibleAsync();

        await visitor.OpenAsync("/desk/entities/organisations?several=true");
        await Assertions.Expect(main.Locator("tbody tr")).ToHaveCountAsync(1);
        await visitor.LooksAsync("desk-organisations");
        await main.Locator("tbody tr a").First.ClickAsync();
        await Assertions.Expect(main.Locator("tbody tr")).ToHaveCountAsync(2);
        await visitor.LooksAsync("desk-organisation");
        await main.GetByRole(AriaRole.Button, new() { Name = "不是同一单位" }).ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "不是同一单位" }).ClickAsync();
        await Assertions.Expect(main.Locator("tbody tr")).ToHaveCountAsync(1);
        await visitor.OpenAsync("/desk/entities/nothing");
        await Assertions.Expect(main.GetByRole(AriaRole.Link, new() { Name = "同一单位" })).ToBeVisibleAsync();
    }
}
