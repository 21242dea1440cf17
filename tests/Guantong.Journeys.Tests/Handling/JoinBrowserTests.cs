using Guantong.Trust;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using static Guantong.Tests.HandledCase;

namespace Guantong.Tests;

/// <summary>At the Desk, on a desktop and a phone: cases merged, taken apart, split and terminated; tasks that go down and up the levels, and to whoever has the skill.</summary>
public sealed class JoinBrowserTests
{
    private static async Task<string> NumberAsync(HandledCase handled, string id) => (await handled.GetAsync("duty", $"cases/{id}")).GetProperty("case").GetProperty("number").GetString()!;

    private static ILocator Panel(IPage page, string name) => page.GetByRole(AriaRole.Region, new() { Name = name, Exact = true });

    private static async Task ConfirmAsync(IPage page, string name)
    {
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = name, Exact = true }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Dialog)).ToHaveCountAsync(0);
    }

    [Theory, InlineData(Screen.Desktop), InlineData(Screen.Phone)]
    public async Task Cases_are_merged_and_taken_apart_by_whoever_leads_both(Screen screen)
    {
        await using var handled = await StartAsync("sqlite");
        var (own, into) = (await NumberAsync(handled, handled.Id), await NumberAsync(handled, await handled.Played.OpenAsync(new { place = "桥头" })));
        await using var visitor = await Visitor.ComeAsync(handled.Played.Platform, screen);
        var page = visitor.Page;
        var panel = Panel(page, "并案和分案");
        var merge = panel.GetByRole(AriaRole.Button, new() { Name = "并入另一办件", Exact = true });

        // A leader of the province sees the case, and is not offered what its unit does.
        await visitor.SignInAsync("leader");
        await visitor.OpenAsync($"/desk/cases/{own}");
        await Assertions.Expect(page.Locator("ol.timeline")).ToBeVisibleAsync();
        await Assertions.Expect(panel).ToHaveCountAsync(0);

        await visitor.SignInAsync("worker-huzhou");
        await visitor.OpenAsync($"/desk/cases/{own}");
        await panel.Locator("summary").ClickAsync();
        await merge.ClickAsync();
        await visitor.SeesAsync("请写明处理理由，不超过 500 字");
        await page.FillAsync("#j-into", own);
        await page.FillAsync("#j-reason", "同一工地反复反映");
        await merge.ClickAsync();
        await ConfirmAsync(page, "并入另一办件");
        await visitor.SeesAsync("请选择同一事项");
        await page.FillAsync("#j-into", "330500-2026-999999");
        await merge.ClickAsync();
        await ConfirmAsync(page, "并入另一办件");
        await visitor.SeesAsync("没有这个办件");
        // What was typed is still there to be mended.
        await Assertions.Expect(page.Locator("#j-reason")).ToHaveValueAsync("同一工地反复反映");
        await page.FillAsync("#j-into", into);
        await visitor.LooksAsync("desk-case-merge");
        await merge.ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Dialog)).ToContainTextAsync("在那一件办结待办之前可以撤销");
        await ConfirmAsync(page, "并入另一办件");
        await Assertions.Expect(panel.Locator("ul.links")).ToContainTextAsync(into);
        await Assertions.Expect(page.Locator(".title-row .chip.merged")).ToHaveTextAsync("已并案");
        // Nothing is done in it any more.
        await Assertions.Expect(page.Locator("section.task")).ToHaveCountAsync(0);
        await visitor.LooksAsync("desk-case-merged");
        await visitor.OpenAsync($"/desk/cases/{into}");
        await Assertions.Expect(panel.Locator("ul.links")).ToContainTextAsync(own);
        await visitor.LooksAsync("desk-case-joined");

        // Whoever may not sees with which it is handled, and no way to take it apart.
        await visitor.SignInAsync("leader");
        await visitor.OpenAsync($"/desk/cases/{own}?lang=en");
        await Assertions.Expect(Panel(page, "Merge and split").Locator("ul.links")).ToContainTextAsync(into);
        await Assertions.Expect(Panel(page, "Merge and split").Locator("details")).ToHaveCountAsync(0);
        await visitor.LooksAsync("desk-case-merged-leader-en");

        await visitor.SignInAsync("colleague", "/desk?lang=zh");
        await visitor.OpenAsync($"/desk/cases/{own}?lang=zh");
        await panel.Locator("summary").ClickAsync();
        await page.FillAsync("#j-reason", "不是同一工地");
        await visitor.LooksAsync("desk-case-unmerge");
        // Meanwhile a task of the other was finished: they stay together, and the page says what to do instead.
        await handled.Played.FinishAsync((await handled.GetAsync("duty", $"cases/{into}")).GetProperty("case").GetProperty("id").GetString()!, "first");
        await panel.GetByRole(AriaRole.Button, new() { Name = "撤销并案", Exact = true }).ClickAsync();
        await ConfirmAsync(page, "撤销并案");
        await visitor.SeesAsync("不能再撤销并案");

        // Another, of which nothing was done since, goes on where it was.
        var third = await NumberAsync(handled, await handled.Played.OpenAsync(new { place = "路口" }));
        Assert.Null(await handled.PostAsync("worker-huzhou", $"cases/{third}/merge", new { into, reason = "重复" }));
        await visitor.OpenAsync($"/desk/cases/{third}");
        await panel.Locator("summary").ClickAsync();
        await page.FillAsync("#j-reason", "误并");
        await panel.GetByRole(AriaRole.Button, new() { Name = "撤销并案", Exact = true }).ClickAsync();
        await ConfirmAsync(page, "撤销并案");
        await Assertions.Expect(page.Locator("section.task")).ToHaveCountAsync(1);
        await visitor.LooksAsync("desk-case-unmerged");
    }

    [Theory, InlineData(Screen.Desktop), InlineData(Screen.Phone)]
    public async Task A_case_is_split_with_what_is_ticked_and_both_lead_to_each_other(Screen screen)
    {
        await using var handled = await StartAsync("sqlite");
        await using var visitor = await Visitor.ComeAsync(handled.Played.Platform, screen);
        var page = visitor.Page;
        var panel = Panel(page, "并案和分案");
        await visitor.SignInAsync("worker-huzhou");
        await visitor.OpenAsync($"/desk/cases/{handled.Id}");
        await panel.Locator("summary").ClickAsync();
        await page.SelectOptionAsync("#j-what", "split");
        await page.FillAsync("#j-title", "道路扬尘");
        await panel.GetByLabel("在什么地方").CheckAsync();
        var split = panel.GetByRole(AriaRole.Button, new() { Name = "分案", Exact = true });
        await split.ClickAsync();
        await visitor.SeesAsync("请写明处理理由，不超过 500 字");
        await page.FillAsync("#j-reason", "属两个工地");
        await visitor.LooksAsync("desk-case-split");
        await split.ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "取消" }).ClickAsync();
        await Assertions.Expect(panel.Locator("ul.links")).ToHaveCountAsync(0);
        await split.ClickAsync();
        await ConfirmAsync(page, "分案");
        var link = panel.Locator("ul.links a");
        await Assertions.Expect(link).ToHaveTextAsync("道路扬尘");
        await visitor.LooksAsync("desk-case-split-done");
        await link.ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("道路扬尘");
        await visitor.IsReadyAsync();
        await Assertions.Expect(panel.Locator("ul.links")).ToContainTextAsync("分自");
        await visitor.SeesAsync("村口");
        await visitor.LooksAsync("desk-case-split-off");

        // The province's leader is shown both, and can split neither.
        await visitor.SignInAsync("leader");
        await visitor.OpenAsync($"/desk/cases/{handled.Id}");
        await Assertions.Expect(panel.Locator("ul.links")).ToContainTextAsync("道路扬尘");
        await Assertions.Expect(panel.Locator("details")).ToHaveCountAsync(0);
    }

    [Theory, InlineData(Screen.Desktop), InlineData(Screen.Phone)]
    public async Task The_head_of_the_unit_that_leads_terminates_a_case_and_all_read_why(Screen screen)
    {
        await using var handled = await StartAsync("sqlite");
        await using var visitor = await Visitor.ComeAsync(handled.Played.Platform, screen);
        var page = visitor.Page;
        var panel = Panel(page, "中止和终止");
        foreach (var login in (string[])["worker-huzhou", "leader"])
        {
            await visitor.SignInAsync(login);
            await visitor.OpenAsync($"/desk/cases/{handled.Id}");
            await Assertions.Expect(page.Locator("section.task")).ToHaveCountAsync(1);
            await Assertions.Expect(panel).ToHaveCountAsync(0);
        }

        await visitor.SignInAsync("head");
        await visitor.OpenAsync($"/desk/cases/{handled.Id}");
        await panel.Locator("summary").ClickAsync();
        await page.SelectOptionAsync("#x-what", "terminate");
        // The grounds are those for terminating, each with its article.
        await Assertions.Expect(page.Locator("#x-ground option", new() { HasText = "须以另一案的结果为依据" })).ToHaveCountAsync(0);
        await page.SelectOptionAsync("#x-ground", "party-gone");
        await Assertions.Expect(panel).ToContainTextAsync("《行政复议法》第四十一条");
        var terminate = panel.GetByRole(AriaRole.Button, new() { Name = "终止", Exact = true });
        await terminate.ClickAsync();
        await visitor.SeesAsync("请写明处理理由，不超过 500 字");
        await page.FillAsync("#x-reason", "当事人已注销，没有承受人");
        await visitor.LooksAsync("desk-case-terminate");
        await terminate.ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Dialog)).ToContainTextAsync("终止以后不能恢复");
        await visitor.LooksAsync("desk-case-terminate-ask");
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "取消" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Dialog)).ToHaveCountAsync(0);
        await Assertions.Expect(page.Locator("section.task")).ToHaveCountAsync(1);
        await terminate.ClickAsync();
        await ConfirmAsync(page, "终止");
        await visitor.SeesAsync("办件已终止：当事人死亡或终止且无权利义务承受人");
        await Assertions.Expect(page.Locator("section.task")).ToHaveCountAsync(0);
        await Assertions.Expect(page.Locator(".title-row .chip.terminated")).ToHaveTextAsync("已终止");
        await visitor.LooksAsync("desk-case-terminated");

        // Everybody who sees the case reads it; nobody is offered a way back.
        await visitor.SignInAsync("worker-huzhou", "/desk?lang=en");
        await visitor.OpenAsync($"/desk/cases/{handled.Id}?lang=en");
        await visitor.SeesAsync("The case was terminated");
        await visitor.SeesAsync("当事人已注销，没有承受人");
        await Assertions.Expect(Panel(page, "Merge and split")).ToHaveCountAsync(0);
        await visitor.LooksAsync("desk-case-terminated-en");
    }

    [Shows("law-four-platforms", Lacks = "events that grid workers report, one command of county and town")]
    [Theory, InlineData(Screen.Desktop), InlineData(Screen.Phone)]
    public async Task A_task_is_reported_up_handed_down_level_by_level_and_returned(Screen screen)
    {
        await using var handled = await StartAsync("sqlite");
        var platform = handled.Played.Platform;
        await platform.Services.GetRequiredService<Accounts>().SeedAsync([new("county-hangzhou", "演示·西湖生态", "Demo Xihu ecology", "official", "zj-ecology-330106", "330106", ["case-worker"])], TestContext.Current.CancellationToken);
        await using var visitor = await Visitor.ComeAsync(platform, screen);
        var page = visitor.Page;

        // Wrongly reported in Huzhou: the province has Hangzhou see to it, and Hangzhou the district.
        await OpenAsync("worker-huzhou");
        await ActAsync("上报");
        await Assertions.Expect(page.Locator(".handling .move")).ToContainTextAsync("省生态环境厅");
        await DoAsync("上报");
        await visitor.SeesAsync("请写明处理理由，不超过 500 字");
        await page.FillAsync("#h-words", "涉及两市交界，须省里定");
        await visitor.LooksAsync("desk-task-report-up");
        await DoAsync("上报");
        await visitor.SeesAsync("这一步由上述单位的人员办理");
        await Assertions.Expect(Kind("下派")).ToHaveCountAsync(0);
        await visitor.LooksAsync("desk-task-reported-up");

        await OpenAsync("worker-ecology");
        // There is nothing above the province.
        await Assertions.Expect(Kind("下派")).ToHaveCountAsync(1);
        await Assertions.Expect(Kind("上报")).ToHaveCountAsync(0);
        await ActAsync("下派");
        await page.FillAsync("#h-words", "发生地在杭州");
        await DoAsync("下派");
        await visitor.SeesAsync("请选择直接下级的地区");
        await page.SelectOptionAsync("#h-region", "330100");
        await visitor.LooksAsync("desk-task-hand-down");
        await DoAsync("下派");
        await visitor.SeesAsync("杭州市生态环境局");

        await OpenAsync("worker-hangzhou");
        await ActAsync("下派");
        await page.SelectOptionAsync("#h-region", "330106");
        await page.FillAsync("#h-words", "属地办理");
        await DoAsync("下派");
        await visitor.SeesAsync("西湖区生态环境分局");
        await visitor.LooksAsync("desk-task-handed-down");

        // The district gives it to a street, which has one office for all lines and nothing below it.
        await OpenAsync("county-hangzhou");
        await ActAsync("下派");
        await page.SelectOptionAsync("#h-region", "330106002");
        await page.FillAsync("#h-words", "发生在北山街道");
        await Assertions.Expect(Kind("下派")).ToContainTextAsync("派给乡镇（街道）");
        await visitor.LooksAsync("desk-task-hand-down-street");
        await DoAsync("下派");
        await visitor.SeesAsync("西湖区北山街道办事处");

        await OpenAsync("worker-beishan");
        await Assertions.Expect(Kind("下派")).ToHaveCountAsync(0);
        await ActAsync("上报");
        await Assertions.Expect(page.Locator(".handling .move")).ToContainTextAsync("西湖区人民政府办公室");
        await ActAsync("退回下派");
        await page.FillAsync("#h-words", "不在本街道");
        await visitor.LooksAsync("desk-task-of-street");
        await DoAsync("退回下派");
        await visitor.SeesAsync("这一步由上述单位的人员办理");

        // What lies in the street is told from its namesakes by the district.
        await handled.Played.OpenAsync(new { place = "宝石山下" }, "330106002");
        await visitor.OpenAsync("/desk/cases");
        await Assertions.Expect(page.Locator("td", new() { HasText = "西湖区北山街道" })).ToHaveCountAsync(1);
        await visitor.LooksAsync("desk-cases-of-street");

        await OpenAsync("county-hangzhou");
        await visitor.SeesAsync("不在本街道");
        // Not in circles: it goes back by being returned.
        await ActAsync("上报");
        await page.FillAsync("#h-words", "须市里定");
        await DoAsync("上报");
        await visitor.SeesAsync("要还给它，请用“退回”");
        await ActAsync("退回下派");
        await page.FillAsync("#h-words", "不在本区");
        await visitor.LooksAsync("desk-task-return");
        await DoAsync("退回下派");
        await visitor.SeesAsync("这一步由上述单位的人员办理");

        await OpenAsync("worker-hangzhou");
        await visitor.SeesAsync("不在本区");
        await visitor.LooksAsync("desk-task-returned");
        Assert.Equal((Hangzhou, null), await handled.HeldAsync());
        // Wrongly sent down once more, and taken back by whoever did it before the other has it.
        await ActAsync("下派");
        await page.SelectOptionAsync("#h-region", "330110");
        await page.FillAsync("#h-words", "应为余杭");
        await DoAsync("下派");
        var handed = page.Locator(".ask", new() { HasText = "应为余杭" });
        await handed.GetByRole(AriaRole.Button, new() { Name = "撤回" }).ClickAsync();
        await Assertions.Expect(handed.Locator(".ask-head")).ToContainTextAsync("已撤回");
        Assert.Equal((Hangzhou, "worker-hangzhou"), await handled.HeldAsync());

        async Task OpenAsync(string login)
        {
            // What is done one after the other is told apart by its time.
            await handled.PassAsync(1);
            await visitor.SignInAsync(login);
            await visitor.OpenAsync($"/desk/cases/{handled.Id}");
            await Assertions.Expect(page.Locator("section.task")).ToHaveCountAsync(1);
        }
        ILocator Kind(string name) => page.Locator(".handling .kind", new() { Has = page.GetByText(name, new() { Exact = true }) });
        async Task ActAsync(string name)
        {
            if (await page.Locator(".handling").GetAttributeAsync("open") is null)
                await page.Locator(".handling > summary").ClickAsync();
            await Kind(name).ClickAsync();
        }
        Task DoAsync(string name) => page.Locator(".handling .move .actions").GetByRole(AriaRole.Button, new() { Name = name, Exact = true }).ClickAsync();
    }

    [Theory, InlineData(Screen.Desktop), InlineData(Screen.Phone)]
    public async Task Leaders_say_who_can_do_what_and_tasks_go_to_whoever_can(Screen screen)
    {
        var steps = """<startEvent id="start"/><userTask id="first" name="受理" guantong:assign="skill" guantong:skill="焚烧核查"/><endEvent id="end" name="已答复"/>""" + Bpmn.Flows("start > first > end");
        await using var handled = await StartAsync("sqlite", steps);
        await using var visitor = await Visitor.ComeAsync(handled.Played.Platform, screen);
        var page = visitor.Page;

        // Case workers see who is away, and are not asked what others can do.
        await visitor.SignInAsync("worker-huzhou");
        await visitor.OpenAsync("/desk/colleagues");
        await visitor.SeesAsync("没有人外出");
        await Assertions.Expect(Panel(page, "技能")).ToHaveCountAsync(0);
        await visitor.LooksAsync("desk-colleagues-worker");

        await visitor.SignInAsync("head");
        await visitor.OpenAsync("/desk/colleagues");
        await page.FillAsync("#k-third", new string('长', 41));
        await page.PressAsync("#k-third", "Tab");
        await visitor.SeesAsync("每项请写 1 至 40 个字");
        await Assertions.Expect(page.Locator("#k-third")).ToHaveValueAsync("");
        await page.FillAsync("#k-third", "焚烧核查，扬尘");
        await page.PressAsync("#k-third", "Tab");
        await visitor.SeesAsync("已登记技能");
        await Assertions.Expect(page.Locator("#k-third")).ToHaveValueAsync("扬尘、焚烧核查");
        await visitor.LooksAsync("desk-colleagues-skills");

        // The case that was there is nobody's; the next is theirs as it is opened.
        var next = await NumberAsync(handled, await handled.Played.OpenAsync(new { place = "桥头" }));
        await visitor.SignInAsync("third");
        await visitor.OpenAsync($"/desk/cases/{next}");
        await visitor.SeesAsync("我已领取");
        await visitor.LooksAsync("desk-case-by-skill");
        await visitor.SignInAsync("worker-huzhou");
        await visitor.OpenAsync($"/desk/cases/{next}");
        await visitor.SeesAsync("third 已领取");

        // Who assigns by hand reads what each can do.
        await visitor.SignInAsync("head");
        await visitor.OpenAsync($"/desk/cases/{handled.Id}");
        await page.Locator(".handling > summary").ClickAsync();
        await page.Locator(".handling .kind", new() { HasText = "分派" }).ClickAsync();
        await Assertions.Expect(page.Locator("#h-login option", new() { HasText = "焚烧核查" })).ToHaveTextAsync("演示·同事丙 (third) · 扬尘、焚烧核查");
        await page.SelectOptionAsync("#h-login", "third");
        await visitor.LooksAsync("desk-task-assign-skills");
        await page.Locator(".handling .move .actions").GetByRole(AriaRole.Button, new() { Name = "分派", Exact = true }).ClickAsync();
        await Assertions.Expect(page.Locator("section.task .chip").First).ToHaveTextAsync("third");
    }
}
