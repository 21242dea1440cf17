using System.Net.Http.Json;
using Microsoft.Playwright;
using static Guantong.Tests.PerMu;

namespace Guantong.Tests;

/// <summary>Yield per mu as an enterprise and its county see it: an appeal on the Portal, its way over the Desk, the new class in the answer and in the public list; what a leader looks at.</summary>
public sealed class PerMuBrowserTests
{
    [Theory, InlineData(Screen.Desktop), InlineData(Screen.Phone)]
    public async Task An_enterprise_appeals_and_reads_its_new_class(Screen screen)
    {
        var clock = new StandingClock();
        await using var platform = await ToldAsync("sqlite", clock, published: true);
        await using var visitor = await Visitor.ComeAsync(platform, screen);
        var page = visitor.Page;
        await visitor.OpenAsync($"/services/{Pack}/class-appeal");
        await visitor.SeesAsync("不收个人信息");
        await visitor.LooksAsync("per-mu-service");
        await visitor.OpenAsync($"/services/{Pack}/class-appeal/apply");
        await page.SelectOptionAsync("#f-region", Xiaoshan);
        await page.FillAsync("#f-enterprise", "91330109");
        await page.FillAsync("#f-party_name", "演示企业00001");
        await page.FillAsync("#f-year", "2025");
        await page.SelectOptionAsync("#f-item", "用地面积");
        await page.FillAsync("#f-recorded", "60");
        await page.FillAsync("#f-claimed", "50");
        await page.FillAsync("#f-grounds", "合成：自有用地中有十亩租给了别的企业，没有减去");
        await page.ClickAsync("button.send");
        await Assertions.Expect(page.Locator(".field.wrong, .faults")).Not.ToHaveCountAsync(0);
        await visitor.LooksAsync("per-mu-appeal-fault");
        await page.FillAsync("#f-enterprise", Told[0]);
        await page.ClickAsync("button.send");
        var (number, code) = (await page.Locator("#number").InnerTextAsync(), await page.Locator("#code").InnerTextAsync());
        await visitor.LooksAsync("per-mu-appealed");
        await platform.RunJobsAsync();

        await visitor.SignInAsync(Economy, $"/desk/cases/{number}");
        await page.Locator(".task.acceptance").GetByRole(AriaRole.Button, new() { Name = "受理", Exact = true }).ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "受理", Exact = true }).ClickAsync();
        await visitor.SeesAsync("核对用地");
        await platform.RunJobsAsync();
        await AsAsync(Land);
        await FinishAsync("check", ("found", "异议成立"), ("checked_value", "50"), ("check_note", "租赁合同 ZL-001，十亩租出"));
        await AsAsync(Economy);
        await FinishAsync("settle", ("upheld", "true"), ("value", "50"), ("verdict_reason", "租出的从用地面积里减去"));
        await FollowAsync(platform);
        await AsAsync(Economy);
        await FinishAsync("recheck", ("recheck_note", "由 B 类变为 A 类"));
        await visitor.LooksAsync("per-mu-case-done");

        await visitor.OpenAsync($"/applications?number={number}");
        await page.FillAsync("#code", code);
        await page.ClickAsync("form.form button");
        await visitor.SeesAsync("总分 88.21，类别 A");
        await visitor.LooksAsync("per-mu-answer");
        await visitor.OpenAsync($"/data/{Pack}/class-list");
        await visitor.SeesAsync("演示企业00001");
        await visitor.LooksAsync("per-mu-class-list");

        async Task AsAsync(string login)
        {
            await visitor.SignInAsync(login, $"/desk/cases/{number}");
        }

        async Task FinishAsync(string name, params (string Field, string Value)[] given)
        {
            // What is done one after the other is told apart by its time.
            clock.Now += TimeSpan.FromSeconds(1);
            foreach (var (field, value) in given)
            {
                if (value is "true" or "false")
                    await page.Locator($"input[name=f-{field}][value={value}]").CheckAsync();
                else if (await page.Locator($"select#f-{field}").CountAsync() > 0)
                    await page.SelectOptionAsync($"#f-{field}", value);
                else
                    await page.FillAsync($"#f-{field}", value);
            }
            await visitor.LooksAsync($"per-mu-{name}");
            await page.Locator(".task > .actions").GetByRole(AriaRole.Button, new() { Name = "提交办结" }).ClickAsync();
            await page.Locator(".mud-dialog").GetByRole(AriaRole.Button, new() { Name = "提交办结" }).ClickAsync();
            await Assertions.Expect(page.Locator($"#f-{given[0].Field}, input[name=f-{given[0].Field}]").First).ToBeHiddenAsync();
            await platform.RunJobsAsync();
            await visitor.OpenAsync(page.Url);
        }
    }

    [Theory, InlineData(Screen.Desktop), InlineData(Screen.Phone)]
    public async Task An_enterprise_looks_up_its_own_evaluation_and_types_no_code(Screen screen)
    {
        await using var platform = await ToldAsync("sqlite", new StandingClock(), published: true);
        using var keeper = await platform.SignInAsync("duty");
        var organisation = new { code = Told[0], name = "演示企业00001", kind = "enterprise", region = Xiaoshan, representative = "enterprise-a" };
        Assert.Equal("201", await keeper.PostAsJsonAsync("/api/v1/organisations", organisation).ToldAsync());
        await using var visitor = await Visitor.ComeAsync(platform, screen);
        var page = visitor.Page;
        const string service = $"/services/{Pack}/result-lookup/apply";
        // Whoever is nobody's account cannot even type a code.
        await visitor.OpenAsync(service);
        await Assertions.Expect(page.Locator("input#f-enterprise")).ToHaveCountAsync(0);
        await page.SelectOptionAsync("#f-region", Xiaoshan);
        await page.FillAsync("#f-year", "2025");
        await page.ClickAsync("button.send");
        await visitor.SeesAsync("这一项按账号填写，不能手填");
        await visitor.LooksAsync("per-mu-lookup-nobody");

        await visitor.SignInAsync("enterprise-a", service);
        await page.GetByText("演示企业00001").First.ClickAsync();
        await page.Locator("button[name=look]").ClickAsync();
        await visitor.IsReadyAsync();
        await Assertions.Expect(page.Locator("#f-enterprise-known")).ToHaveTextAsync(Told[0]);
        await page.SelectOptionAsync("#f-region", Xiaoshan);
        await page.FillAsync("#f-year", "2025");
        await visitor.LooksAsync("per-mu-lookup");
        await page.ClickAsync("button.send");
        var number = await page.Locator("#number").InnerTextAsync();
        await platform.RunJobsAsync();
        await visitor.OpenAsync($"/me/applications/{number}");
        await visitor.SeesAsync("总分 78.9，类别 B");
        await visitor.LooksAsync("per-mu-lookup-told");
    }

    [Theory, InlineData(Screen.Desktop), InlineData(Screen.Phone)]
    public async Task A_leader_sees_the_province_and_goes_down_to_a_county(Screen screen)
    {
        await using var platform = await StartAsync("sqlite", new StandingClock());
        await SamplesAsync(platform);
        await using var visitor = await Visitor.ComeAsync(platform, screen);
        var page = visitor.Page;
        await visitor.SignInAsync("leader", $"/desk/cockpit?pack={Pack}");
        await visitor.SeesAsync("亩均论英雄");
        await visitor.SeesAsync("D 类企业占比");
        await Assertions.Expect(page.Locator("#card-rank-tax-per-mu-2 h2")).ToHaveTextAsync("亩均税收（按行业大类）");
        await visitor.SeeAllAsync();
        await visitor.LooksAsync("per-mu-cockpit");
        await visitor.OpenAsync($"/desk/cockpit?pack={Pack}&region={Xiaoshan}");
        await visitor.SeesAsync("萧山区");
        await visitor.LooksAsync("per-mu-cockpit-county");
        await visitor.OpenAsync("/desk/warnings");
        await visitor.SeesAsync("武义县");
        await visitor.SeesAsync("衢江区");
        await visitor.LooksAsync("per-mu-warnings");
        await visitor.SignInAsync("designer", $"/desk/processes/{Pack}/processes/class-appeal.bpmn");
        await visitor.SeesAsync("评价异议申诉");
        foreach (var process in (string[])["class-appeal", "annual-evaluation", "price-notice", "improve-help", "yearly-start"])
        {
            await visitor.OpenAsync($"/desk/processes/{Pack}/processes/{process}.bpmn");
            await Assertions.Expect(page.Locator(".djs-shape").First).ToBeVisibleAsync();
            await visitor.LooksAsync($"per-mu-process-{process}");
        }
    }
}
