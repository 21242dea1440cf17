using System.Net.Http.Json;
using Microsoft.Playwright;

namespace Guantong.Tests;

/// <summary>At the Desk: the lists of demand and responsibility, news, labels, the departments' form, other catalogues.</summary>
public sealed class ListsBrowserTests
{
    private static readonly CancellationToken Stop = TestContext.Current.CancellationToken;

    [Theory, InlineData(Screen.Desktop), InlineData(Screen.Phone)]
    public async Task Units_ask_for_data_are_answered_and_see_what_each_owes(Screen screen)
    {
        await using var platform = await RunningPlatform.StartAsync("sqlite", samples: true);
        await platform.ApplyAsync("society.assistance");
        await using var visitor = await Visitor.ComeAsync(platform, screen);
        var page = visitor.Page;
        var main = page.GetByRole(AriaRole.Main);
        await visitor.SignInAsync("worker-huzhou");
        await visitor.OpenAsync("/desk/catalogue/demand");
        await main.Locator("details summary").ClickAsync();
        await main.GetByRole(AriaRole.Button, new() { Name = "提出", Exact = true }).ClickAsync();
        await visitor.SeesAsync("请填写需要的数据、说明和用途");
        await page.Locator("#d-name").FillAsync("重型货车通行记录");
        await page.Locator("#d-for").FillAsync("应急时按区县安排绕行");
        await page.Locator("#d-about").FillAsync("重污染天气应急");
        await visitor.LooksAsync("demand-filing");
        await main.GetByRole(AriaRole.Button, new() { Name = "提出", Exact = true }).ClickAsync();
        await Assertions.Expect(main.Locator("tbody tr").First).ToContainTextAsync("重型货车通行记录");
        await visitor.OpenAsync("/desk/catalogue/demand?q=%E9%87%8F%E5%AD%90");
        await visitor.SeesAsync("没有符合条件的数据需求");
        await visitor.LooksAsync("demand-none");

        await visitor.SignInAsync("data-bureau");
        await visitor.OpenAsync("/desk/catalogue/demand");
        await visitor.LooksAsync("demand");
        await main.GetByLabel("状态").SelectOptionAsync("open");
        await main.GetByRole(AriaRole.Button, new() { Name = "查找" }).ClickAsync();
        await Assertions.Expect(main.Locator("tbody tr")).ToHaveCountAsync(1);
        await visitor.IsReadyAsync();
        await main.GetByRole(AriaRole.Button, new() { Name = "答复" }).ClickAsync();
        await main.GetByLabel("满足它的目录编号").FillAsync("none");
        await main.GetByRole(AriaRole.Button, new() { Name = "提交答复" }).ClickAsync();
        await visitor.SeesAsync("目录里没有这一条");
        await visitor.LooksAsync("demand-answering");
        await main.GetByLabel("满足它的目录编号").FillAsync("environment.air-quality:station");
        await main.GetByRole(AriaRole.Button, new() { Name = "提交答复" }).ClickAsync();
        await visitor.SeesAsync("没有符合条件的数据需求");

        await visitor.OpenAsync("/desk/catalogue/duties");
        await visitor.LooksAsync("duties");
        await main.GetByLabel("落实情况").SelectOptionAsync("late");
        await main.GetByRole(AriaRole.Button, new() { Name = "查找" }).ClickAsync();
        await Assertions.Expect(page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("stands=late"));
        await visitor.IsReadyAsync();
        await Assertions.Expect(main.Locator(".chip.done")).ToHaveCountAsync(0);
        await visitor.LooksAsync("duties-late");
        await visitor.OpenAsync("/desk/catalogue/duties?unit=zj-sport");
        await visitor.SeesAsync("没有符合条件的责任事项");
    }

    [Theory, InlineData(Screen.Desktop), InlineData(Screen.Phone)]
    public async Task A_steward_watches_confirms_labels_and_takes_in_the_departments_form(Screen screen)
    {
        await using var platform = await RunningPlatform.StartAsync("sqlite");
        await platform.ApplyAsync("reform.map");
        await using var visitor = await Visitor.ComeAsync(platform, screen);
        var page = visitor.Page;
        var main = page.GetByRole(AriaRole.Main);
        await visitor.SignInAsync("steward-ecology");
        using var http = await platform.SignInAsync("steward-ecology");
        var outlets = new { name = "入河排污口台账", about = "一行是一个入河排污口。", provider = "省生态环境厅", share = "unconditional", open = "unconditional", grade = 1, items = new[] { new { id = "code", name = "排污口编码", nameEn = "", type = "string", unit = "" } } };
        var added = await (await http.PostAsJsonAsync("/api/v1/catalogue", outlets, Stop)).Content.ReadFromJsonAsync<System.Text.Json.JsonElement>(Stop);
        var id = added.GetProperty("entry").Text("id")!;
        await visitor.OpenAsync("/desk/catalogue/news");
        await visitor.LooksAsync("news-none");
        await visitor.OpenAsync($"/desk/catalogue/{id}");
        await main.GetByRole(AriaRole.Button, new() { Name = "订阅变化" }).ClickAsync();
        await Assertions.Expect(main.GetByRole(AriaRole.Button, new() { Name = "取消订阅" })).ToBeVisibleAsync();
        await visitor.OpenAsync("/desk/data?q=%E7%A9%BA%E6%B0%94");
        await main.GetByRole(AriaRole.Button, new() { Name = "订阅这个查询" }).ClickAsync();
        await Assertions.Expect(main.GetByRole(AriaRole.Button, new() { Name = "已订阅" })).ToBeVisibleAsync();
        var changed = await http.PutAsJsonAsync($"/api/v1/catalogue/{id}", new { entry = outlets with { about = "一行是一个入河排污口，含位置。", items = [new { id = "code", name = "排污口编码", nameEn = "", type = "integer", unit = "" }] }, version = 1 }, Stop);
        Assert.True(changed.IsSuccessStatusCode, await changed.Content.ReadAsStringAsync(Stop));
        await visitor.OpenAsync("/desk/catalogue/news");
        await visitor.SeesAsync("结构变化");
        await Assertions.Expect(main.GetByRole(AriaRole.Link, new() { Name = "入河排污口台账" })).ToHaveCountAsync(2);
        await visitor.LooksAsync("news");
        await main.GetByRole(AriaRole.Button, new() { Name = "全部标为已读" }).ClickAsync();
        await visitor.SeesAsync("订阅的内容没有变化");

        await visitor.OpenAsync("/desk/catalogue/labels");
        await visitor.LooksAsync("labels");
        // Once it is confirmed it waits no more; others like it may be suggested from then on.
        var confirm = main.Locator("tbody tr").First.GetByRole(AriaRole.Button).First;
        var asked = await confirm.GetAttributeAsync("aria-label");
        await confirm.ClickAsync();
        await Assertions.Expect(main.GetByLabel(asked!, new() { Exact = true })).ToHaveCountAsync(0);

        await visitor.OpenAsync("/desk/catalogue/import");
        await visitor.LooksAsync("import");
        var form = Path.Combine(platform.Folder, "form.xlsx");
        await File.WriteAllBytesAsync(form, await http.GetByteArrayAsync("/api/v1/catalogue.xlsx", Stop), Stop);
        await page.Locator("#form-file").SetInputFilesAsync(form);
        await visitor.SeesAsync("没有要导入的");
        await visitor.LooksAsync("import-shown");
        var broken = Path.Combine(platform.Folder, "broken.xlsx");
        await File.WriteAllTextAsync(broken, "no workbook", Stop);
        await page.Locator("#form-file").SetInputFilesAsync(broken);
        await visitor.SeesAsync("请改正后重新上传");
        await visitor.LooksAsync("import-faults");
    }

    [Theory, InlineData(Screen.Desktop), InlineData(Screen.Phone)]
    public async Task The_bureau_harvests_another_catalogue_and_is_told_how_it_went(Screen screen)
    {
        Environment.SetEnvironmentVariable("GUANTONG_HARVEST_ALLOW", "127.0.0.1/32");
        await using var other = await RunningPlatform.StartAsync("sqlite", jurisdiction: "beijing");
        await using var platform = await RunningPlatform.StartAsync("sqlite");
        await using var visitor = await Visitor.ComeAsync(platform, screen);
        var page = visitor.Page;
        var main = page.GetByRole(AriaRole.Main);
        await visitor.SignInAsync("data-bureau");
        await visitor.OpenAsync("/desk/catalogue/sources");
        await main.GetByRole(AriaRole.Button, new() { Name = "添加" }).ClickAsync();
        await Assertions.Expect(main.Locator(".field.wrong")).Not.ToHaveCountAsync(0);
        await visitor.LooksAsync("sources-faults");
        await page.Locator("#n-id").FillAsync("beijing");
        await page.Locator("#n-name").FillAsync("北京市公共数据目录");
        await page.Locator("#n-kind").SelectOptionAsync("dcat");
        await page.Locator("#n-address").FillAsync($"{other.Address}/api/v1/catalogue.ttl");
        await page.Locator("#n-schedule").FillAsync("0 3 * * *");
        await page.Locator("#n-name").FocusAsync();
        // What was changed is at fault no more, before anything is saved.
        await Assertions.Expect(main.Locator(".field.wrong")).ToHaveCountAsync(0);
        await main.GetByRole(AriaRole.Button, new() { Name = "添加" }).ClickAsync();
        await visitor.SeesAsync("北京市公共数据目录");
        await main.GetByRole(AriaRole.Button, new() { Name = "现在汇集" }).ClickAsync();
        await visitor.SeesAsync("新增 3");
        await visitor.LooksAsync("sources");
    }
}
