using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Playwright;

namespace Guantong.Tests;

/// <summary>At the Desk: cases that call others, and messages that an operator mends.</summary>
public sealed class CallBrowserTests
{
    [Theory, InlineData(Screen.Desktop), InlineData(Screen.Phone)]
    public async Task An_official_goes_from_a_case_to_the_one_that_it_called_and_back(Screen screen)
    {
        await using var played = await PlayedProcess.StartAsync("sqlite", """
            <startEvent id="start"/><callActivity id="sample" name="采样" calledElement="sampling"/><endEvent id="end" name="已答复"/>
            <sequenceFlow id="a" sourceRef="start" targetRef="sample"/><sequenceFlow id="b" sourceRef="sample" targetRef="end"/>
            """, "", PlayedProcess.Process("sampling", """
            <startEvent id="s_start"/><userTask id="take" name="取样"/><endEvent id="s_end" name="已取样"/>
            <sequenceFlow id="s1" sourceRef="s_start" targetRef="take"/><sequenceFlow id="s2" sourceRef="take" targetRef="s_end"/>
            """));
        var id = await played.OpenAsync();
        await using var visitor = await Visitor.ComeAsync(played.Platform, screen);
        var page = visitor.Page;
        await visitor.SignInAsync("worker-huzhou");
        await visitor.OpenAsync($"/desk/cases/{id}");
        await visitor.SeesAsync("在等它调用的办件办结");
        await visitor.LooksAsync("desk-case-calls");
        await page.GetByRole(AriaRole.Main).GetByRole(AriaRole.Link, new() { Name = "· 采样" }).ClickAsync();
        await visitor.IsReadyAsync();
        await visitor.SeesAsync("由此办件调用");
        await visitor.LooksAsync("desk-case-called");
        await visitor.OpenAsync("/desk/cases");
        await page.GetByLabel("含被调用的办件").CheckAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Link, new() { Name = "· 采样" })).ToBeVisibleAsync();
        await visitor.LooksAsync("desk-cases-called");
    }

    [Theory, InlineData(Screen.Desktop), InlineData(Screen.Phone)]
    public async Task An_operator_mends_a_message_that_could_begin_no_case(Screen screen)
    {
        await using var played = await PlayedProcess.StartAsync("sqlite", MessageMendingTests.Begun, MessageMendingTests.Named);
        await played.SendAsync(new { name = "paid", data = new { region = "330500", place = "示例村口" } });
        await played.SendAsync(new { name = "paid", data = new { region = "999999", place = "示例村口" } });
        await played.SendAsync(new { name = "unheard", key = "K-1", keep = "PT1H" });
        await played.SendAsync(new { name = "kept", key = "K-2" });
        await played.PassAsync(TimeSpan.FromHours(2));
        await using var visitor = await Visitor.ComeAsync(played.Platform, screen);
        var page = visitor.Page;
        await visitor.SignInAsync("duty");
        await visitor.OpenAsync("/desk/messages");
        await visitor.SeesAsync("不在本辖区");
        await visitor.LooksAsync("desk-messages");
        await visitor.OpenAsync("/desk/messages?state=failed");
        await page.GetByRole(AriaRole.Main).GetByRole(AriaRole.Link, new() { Name = "paid" }).ClickAsync();
        await visitor.IsReadyAsync();
        await visitor.LooksAsync("desk-message");
        await page.GetByLabel("处理理由").FillAsync("地区写错了");
        await page.GetByLabel("补正的数据").FillAsync("{\"region\": \"330100\"}");
        await page.GetByRole(AriaRole.Main).GetByRole(AriaRole.Button, new() { Name = "重发" }).ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "重发" }).ClickAsync();
        await visitor.SeesAsync("已重发");
        await played.RunAsync();
        var cases = (await played.Operator.GetFromJsonAsync<JsonElement>("/api/v1/cases")).GetProperty("items").EnumerateArray();
        Assert.Contains(cases, c => c.GetProperty("region").GetString() == "330100");
        await visitor.OpenAsync("/desk/messages?state=expired&lang=en");
        await visitor.LooksAsync("desk-messages-expired");
    }
}
