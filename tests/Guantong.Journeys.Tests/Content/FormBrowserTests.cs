using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Playwright;

namespace Guantong.Tests;

/// <summary>A form with sections, a condition, rows and a calculation: at the Portal with and without JavaScript, and at the Desk.</summary>
public sealed class FormBrowserTests
{
    [Theory, InlineData(Screen.Desktop, true), InlineData(Screen.Phone, false)]
    public async Task An_applicant_fills_in_rows_and_sees_what_comes_of_them(Screen screen, bool script)
    {
        await using var platform = await RunningPlatform.StartAsync("sqlite");
        await platform.ApplyAsync("society.assistance");
        await using var visitor = await Visitor.ComeAsync(platform, screen, script);
        var page = visitor.Page;
        await visitor.OpenAsync("/services/society.assistance/temporary-assistance/apply");
        await Assertions.Expect(page.GetByLabel("哪些东西受损")).ToHaveCountAsync(0);
        await page.SelectOptionAsync("#f-region", "330100");
        await page.SelectOptionAsync("#f-hardship", "火灾");
        await page.FillAsync("#f-household", "2");
        await page.FillAsync("#f-income", "4000");
        await page.CheckAsync("input[name=on_allowance][value=false]");
        for (var i = 1; i <= 3; i++)
            await page.GetByRole(AriaRole.Button, new() { Name = "添加一行" }).ClickAsync();
        await Assertions.Expect(page.GetByLabel("哪些东西受损")).ToBeVisibleAsync();
        await visitor.SeesAsync("2000");
        var rows = page.Locator(".row");
        await Assertions.Expect(rows).ToHaveCountAsync(3);
        await rows.Nth(0).GetByLabel("与申请人的关系").SelectOptionAsync("本人");
        await rows.Nth(0).GetByLabel("上月收入").FillAsync("3000.50");
        await rows.Nth(1).GetByLabel("年龄").FillAsync("8");
        await rows.Nth(2).GetByLabel("与申请人的关系").SelectOptionAsync("父母");
        await rows.Nth(2).GetByLabel("上月收入").FillAsync("999.50");
        await page.GetByRole(AriaRole.Button, new() { Name = "更新表单" }).ClickAsync();
        await Assertions.Expect(page.Locator("#f-members_income")).ToHaveTextAsync("4000");
        if (script)
            await visitor.LooksAsync("portal-form");
        await page.GetByLabel("容缺受理").CheckAsync();
        await page.ClickAsync("button.send");
        await visitor.SeesAsync("家庭成员（不写姓名）第 2 行“与申请人的关系”");
        await page.GetByRole(AriaRole.Button, new() { Name = "移除第 2 行" }).ClickAsync();
        await Assertions.Expect(rows).ToHaveCountAsync(2);
        await page.ClickAsync("button.send");
        var number = await page.Locator("#number").InnerTextAsync();
        using var official = await platform.SignInAsync("worker-hangzhou-civil");
        var data = JsonDocument.Parse((await official.GetFromJsonAsync<JsonElement>($"/api/v1/cases/{number}")).GetProperty("case").GetProperty("data").GetString()!).RootElement;
        Assert.Equal(2, data.GetProperty("members").GetArrayLength());
        Assert.Equal("2000 4000", $"{data.GetProperty("per_head")} {data.GetProperty("members_income")}");
    }

    private const string Fields = """
        {"title": "核查", "type": "object", "required": ["finding"], "x-layout": [{"title": "结论", "fields": ["confirmed", "finding"]}, {"title": "测量", "columns": 2, "fields": ["samples", "total"]}],
         "properties": {"confirmed": {"type": "boolean", "title": "属实"}, "finding": {"type": "string", "title": "情况", "minLength": 2, "x-when": "confirmed = true"},
          "samples": {"type": "array", "title": "采样", "maxItems": 5, "items": {"type": "object", "required": ["value"], "properties": {"place": {"type": "string", "title": "位置"}, "value": {"type": "number", "title": "读数"}}}},
          "total": {"type": "number", "title": "读数合计", "x-calculate": "if samples = null then 0 else sum(for s in samples return s.value)"}}}
        """;

    [Theory, InlineData(Screen.Desktop), InlineData(Screen.Phone)]
    public async Task An_official_s_form_shows_what_is_asked_and_works_out_as_they_type(Screen screen)
    {
        await using var played = await PlayedProcess.StartAsync("sqlite", """<startEvent id="start"/><userTask id="first" name="核查" guantong:form="forms/air-inspect.json"/><userTask id="second" name="审定"/><endEvent id="end" name="已答复"/>""" + Bpmn.Flows("start > first > second > end"), "", "", ("forms/air-inspect.json", Fields));
        var id = await played.OpenAsync();
        var number = (await played.Official.GetFromJsonAsync<JsonElement>($"/api/v1/cases/{id}")).GetProperty("case").GetProperty("number").GetString();
        await using var visitor = await Visitor.ComeAsync(played.Platform, screen);
        var page = visitor.Page;
        await visitor.SignInAsync("worker-huzhou");
        await visitor.OpenAsync($"/desk/cases/{number}");
        var form = page.Locator("section.task .form").First;
        await Assertions.Expect(form.GetByLabel("情况")).ToHaveCountAsync(0);
        await form.GetByLabel("是", new() { Exact = true }).CheckAsync();
        await form.GetByLabel("情况").FillAsync("现场有烟");
        await form.GetByRole(AriaRole.Button, new() { Name = "添加一行：采样" }).ClickAsync();
        await form.Locator(".row").Nth(0).GetByLabel("读数").FillAsync("2.5");
        await form.GetByRole(AriaRole.Button, new() { Name = "添加一行：采样" }).ClickAsync();
        await form.Locator(".row").Nth(1).GetByLabel("读数").FillAsync("4");
        await form.Locator(".row").Nth(1).GetByLabel("位置").FillAsync("东门");
        await Assertions.Expect(form.Locator("output")).ToHaveTextAsync("6.5");
        await visitor.LooksAsync("desk-form");
        await page.GetByRole(AriaRole.Button, new() { Name = "提交办结" }).ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "提交办结" }).ClickAsync();
        await visitor.SeesAsync("2. 位置 东门，读数 4");
    }
}
