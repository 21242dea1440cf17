using System.Net.Http.Json;
using System.Text.Json;
using Guantong.Trust;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;

namespace Guantong.Tests;

/// <summary>A task's form at the Desk: saved as one types, gone on with on another device, put together where two typed; fields for regions.</summary>
public sealed class TaskDraftBrowserTests
{
    private const string Form = """
        {"title": "受理", "type": "object", "required": ["finding"], "properties": {"finding": {"type": "string", "title": "情况", "x-long": true}, "place": {"type": "string", "title": "位置"},
          "county": {"type": "string", "title": "所在县区", "x-region": {"below": "330500", "levels": ["county"]}}}}
        """;

    [Theory, InlineData(Screen.Desktop), InlineData(Screen.Phone)]
    public async Task What_an_official_types_is_saved_and_nobody_s_is_overwritten(Screen screen)
    {
        await using var played = await PlayedProcess.StartAsync("sqlite", """<startEvent id="start"/><userTask id="first" name="受理" guantong:form="forms/air-inspect.json"/><userTask id="second" name="审定"/><endEvent id="end" name="已答复"/>""" + Bpmn.Flows("start > first > second > end"), "", "", ("forms/air-inspect.json", Form));
        await played.Platform.Services.GetRequiredService<Accounts>().SeedAsync(HandledCase.People);
        var id = await played.OpenAsync();
        var file = await played.Official.GetFromJsonAsync<JsonElement>($"/api/v1/cases/{id}");
        var (number, task) = (file.GetProperty("case").Text("number"), file.GetProperty("tasks")[0].Text("id"));
        await using var visitor = await Visitor.ComeAsync(played.Platform, screen);
        await visitor.SignInAsync("worker-huzhou");
        await visitor.OpenAsync($"/desk/cases/{number}");
        var form = visitor.Page.Locator("section.task .form").First;
        await form.GetByLabel("情况").FillAsync("现场有烟");
        await SavedAsync(visitor, 1);
        await form.GetByLabel("所在县区").SelectOptionAsync(new SelectOptionValue { Label = "吴兴区" });
        await SavedAsync(visitor, 2);
        await visitor.SeesAsync("草稿已保存");
        await visitor.LooksAsync("desk-draft-saved");

        // Another device of the same official.
        await using var other = await Visitor.ComeAsync(played.Platform, screen);
        await other.SignInAsync("worker-huzhou");
        await other.OpenAsync($"/desk/cases/{number}");
        var again = other.Page.Locator("section.task .form").First;
        await Assertions.Expect(again.GetByLabel("情况")).ToHaveValueAsync("现场有烟");
        await Assertions.Expect(again.GetByLabel("所在县区")).ToHaveValueAsync("330502");
        await again.GetByLabel("情况").FillAsync("现场有烟，已散");
        await SavedAsync(other, 3);

        // The first goes on typing without having seen that.
        await form.GetByLabel("位置").FillAsync("东门");
        await form.GetByLabel("位置").BlurAsync();
        await visitor.SeesAsync("草稿在别处改过");
        await visitor.LooksAsync("desk-draft-moved");
        await visitor.Page.GetByRole(AriaRole.Group, new() { Name = "情况" }).GetByLabel("别处保存的").CheckAsync();
        await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "按选择保留" }).ClickAsync();
        await Assertions.Expect(form.GetByLabel("情况")).ToHaveValueAsync("现场有烟，已散");
        await Assertions.Expect(form.GetByLabel("位置")).ToHaveValueAsync("东门");
        await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "提交办结" }).ClickAsync();
        await visitor.Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "提交办结" }).ClickAsync();
        // Kept as a code, shown by name.
        await visitor.SeesAsync("湖州市吴兴区");
        var done = (await played.Official.GetFromJsonAsync<JsonElement>($"/api/v1/cases/{id}")).GetProperty("tasks").EnumerateArray().First(t => t.Text("id") == task);
        Assert.Equal("330502", JsonDocument.Parse(done.Text("data")!).RootElement.GetProperty("county").GetString());
    }

    // It is saved a moment after the typing pauses, and the page says which save it stands at.
    private static Task SavedAsync(Visitor visitor, int version) => Assertions.Expect(visitor.Page.Locator(".saved")).ToHaveAttributeAsync("data-version", $"{version}");
}
