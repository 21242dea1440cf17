using System.Net.Http.Json;
using Microsoft.Playwright;
using static Guantong.Tests.ConcernCase;

namespace Guantong.Tests;

/// <summary>Reception in the browser: somebody says something, a clerk sorts what waits, a unit asks to supplement, accepts and answers; models are trained and put in force.</summary>
public sealed class ReceptionBrowserTests
{
    [Theory, InlineData(Screen.Desktop), InlineData(Screen.Phone)]
    public async Task What_is_said_is_sorted_supplemented_accepted_and_followed(Screen screen)
    {
        await using var platform = await RunningPlatform.StartAsync("sqlite");
        await platform.ApplyAsync(Pack);
        await using var visitor = await Visitor.ComeAsync(platform, screen);
        var page = visitor.Page;
        await visitor.OpenAsync("/");
        await visitor.LooksAsync("portal-home-say");
        await page.GetByRole(AriaRole.Link, new() { Name = "说一件事" }).First.ClickAsync();
        await page.SelectOptionAsync("#region", "330100");
        await page.FillAsync("#said", "太吵了");
        await page.ClickAsync("button.send");
        await visitor.SeesAsync("请用 10 到 2000 个字说明情况");
        await visitor.LooksAsync("portal-say-short");
        await page.FillAsync("#said", "合成：小区门口那块地老是半夜轰隆隆的，不知道该找谁管");
        await page.ClickAsync("button.send");
        await visitor.SeesAsync("受理人员会尽快");
        var (number, code) = (await page.Locator("#number").InnerTextAsync(), await page.Locator("#code").InnerTextAsync());
        await visitor.LooksAsync("portal-said");

        await visitor.SignInAsync(Clerk, "/desk/receptions");
        await visitor.SeesAsync("合成：小区门口那块地");
        await page.GetByText("登记来件").ClickAsync();
        await page.SelectOptionAsync("#r-channel", "phone");
        await page.FillAsync("#r-name", "演示·来电人");
        await page.FillAsync("#r-phone", "0571-12345678");
        await page.FillAsync("#r-said", "合成：小区门口那块地半夜轰隆隆的，吵得睡不着，不知道该找谁管");
        await visitor.LooksAsync("desk-receptions-take");
        await page.GetByRole(AriaRole.Button, new() { Name = "登记", Exact = true }).ClickAsync();
        await visitor.SeesAsync("已登记：编号");
        await visitor.LooksAsync("desk-receptions");
        await visitor.OpenAsync($"/desk/receptions/{number}");
        await visitor.SeesAsync("疑似重复");
        await page.SelectOptionAsync("#s-to", $"{Pack}/construction-noise");
        await visitor.LooksAsync("desk-reception");
        await page.GetByRole(AriaRole.Button, new() { Name = "分办", Exact = true }).ClickAsync();
        await Assertions.Expect(page.Locator("h1 + .chip")).ToHaveTextAsync("已分办");
        var file = await page.Locator(".facts a").InnerTextAsync();

        await visitor.SignInAsync(Officer, $"/desk/cases/{file}");
        var panel = page.Locator(".task.acceptance");
        await panel.GetByText("一次性告知补正").First.ClickAsync();
        await panel.GetByLabel("在什么地方").CheckAsync();
        await panel.GetByLabel("说明（写给申请人）").FillAsync("请写明小区名称和路口");
        await visitor.LooksAsync("desk-acceptance");
        await panel.GetByRole(AriaRole.Button, new() { Name = "一次性告知补正" }).ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "一次性告知补正" }).ClickAsync();
        await visitor.SeesAsync("等待申请人补正");

        async Task FollowAsync()
        {
            await visitor.OpenAsync($"/applications?number={number}");
            await page.FillAsync("#code", code);
            await page.ClickAsync("form.form button");
        }
        await FollowAsync();
        await visitor.SeesAsync("请写明小区名称和路口");
        await visitor.LooksAsync("portal-supplement");
        await page.FillAsync("#f-place", new string('长', 130));
        await page.EvaluateAsync("document.querySelector('#f-place').removeAttribute('maxlength')");
        await page.FillAsync("#f-place", new string('长', 130));
        await page.ClickAsync(".acceptance button.send");
        await visitor.LooksAsync("portal-supplement-fault");
        await Assertions.Expect(page.Locator(".field.wrong")).ToHaveCountAsync(1);
        await page.FillAsync("#f-place", "示例小区南门，示例路口");
        await page.ClickAsync(".acceptance button.send");
        await visitor.SeesAsync("前答复是否受理");
        await visitor.LooksAsync("portal-received");

        await visitor.OpenAsync($"/desk/cases/{file}");
        await visitor.SeesAsync("已经告知过补正");
        await panel.GetByRole(AriaRole.Button, new() { Name = "受理", Exact = true }).ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "受理", Exact = true }).ClickAsync();
        await visitor.SeesAsync("调查处理");
        await visitor.LooksAsync("desk-accepted");
        await FollowAsync();
        await visitor.SeesAsync("受理通知书");
        await visitor.LooksAsync("portal-accepted");
    }

    [Theory, InlineData(Screen.Desktop), InlineData(Screen.Phone)]
    public async Task The_data_bureau_trains_a_model_looks_at_how_it_does_and_puts_it_in_force(Screen screen)
    {
        await using var platform = await RunningPlatform.StartAsync("sqlite");
        await platform.ApplyAsync(Pack);
        using var clerk = await platform.SignInAsync(Clerk);
        string[] says = ["合成：等公交要四十分钟，班次太少", "合成：物业不修电梯，报修两个月没人来", "合成：河水发黑发臭，岸边有污水口"];
        for (var i = 0; i < 54; i++)
        {
            var number = (await clerk.PostAsJsonAsync("/api/v1/receptions", new { channel = "phone", region = "330100", said = $"{says[i % 3]}（第 {i} 件）" }).JsonAsync()).GetProperty("number").GetString();
            // Sorted by a rule; a person says so too.
            var matter = new[] { "bus-service", "property-service", "river-pollution" }[i % 3];
            Assert.Equal("200", await clerk.PostAsJsonAsync($"/api/v1/receptions/{number}/sort", new { pack = Pack, matter }).ToldAsync());
        }
        await using var visitor = await Visitor.ComeAsync(platform, screen);
        var page = visitor.Page;
        await visitor.SignInAsync("data-bureau", "/desk/sorting");
        await visitor.SeesAsync("还没有模型");
        await page.GetByRole(AriaRole.Button, new() { Name = "训练新模型" }).ClickAsync();
        await visitor.SeesAsync("未启用");
        await page.GetByText("检验结果（按单位）").ClickAsync();
        await page.GetByLabel("自动分办的把握").FillAsync("0.9");
        await visitor.LooksAsync("desk-sorting");
        await page.GetByRole(AriaRole.Button, new() { Name = "启用", Exact = true }).ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "启用", Exact = true }).ClickAsync();
        await visitor.SeesAsync("启用中");
        await visitor.SeesAsync("把握不低于");
        await visitor.LooksAsync("desk-sorting-used");
        await visitor.SignInAsync(Clerk, "/desk/receptions");
        await page.GetByText("登记来件").ClickAsync();
        await page.FillAsync("#r-said", "合成：电梯又坏了，报修好几次都没有人来修理");
        await page.GetByRole(AriaRole.Button, new() { Name = "登记", Exact = true }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "打开", Exact = true }).ClickAsync();
        await visitor.SeesAsync("模型");
        await visitor.LooksAsync("desk-reception-suggested");
    }

    [Theory, InlineData(Screen.Desktop), InlineData(Screen.Phone)]
    public async Task A_clerk_asks_whoever_applied_how_it_was(Screen screen)
    {
        var clock = new StandingClock();
        await using var platform = await StartAsync("sqlite", clock);
        using var clerk = await platform.SignInAsync(Clerk);
        // Of enough, one is drawn.
        for (var i = 0; i < 12; i++)
            Assert.Equal("201", await clerk.PostAsJsonAsync("/api/v1/receptions", new { channel = "phone", region = "330100", said = $"合成：工地半夜打桩，噪声大得睡不着（{i}）", name = "演示·来电人", phone = "0571-12345678" }).ToldAsync());
        using var officer = await platform.SignInAsync(Officer);
        foreach (var task in (await officer.GetFromJsonAsync<System.Text.Json.JsonElement>("/api/v1/tasks?take=50")).GetProperty("items").EnumerateArray())
        {
            var number = task.GetProperty("number").GetString()!;
            Assert.Equal("204", await AnswerAsync(officer, number, "accept"));
            await RunningPlatform.FinishAsync(officer, number, "handle", new { settled = "解决", reply = "已责令停止夜间施工（合成）" });
        }
        await platform.RunJobsAsync();
        clock.Now = clock.Now.AddDays(4);
        await using var visitor = await Visitor.ComeAsync(platform, screen);
        var page = visitor.Page;
        await visitor.SignInAsync(Clerk, "/desk/follow-ups");
        await page.GetByRole(AriaRole.Button, new() { Name = "查看联系方式并回访" }).First.ClickAsync();
        await visitor.SeesAsync("0571-12345678");
        await visitor.LooksAsync("desk-follow-ups");
        await page.GetByRole(AriaRole.Button, new() { Name = "登记回访" }).ClickAsync();
        await visitor.SeesAsync("已登记回访");
    }
}
