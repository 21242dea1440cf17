using Microsoft.Playwright;

namespace Guantong.Tests;

/// <summary>Finding in the browser, on a desktop and a phone, with and without JavaScript, by keyboard alone.</summary>
public sealed class FindingBrowserTests
{
    private static readonly string[] Packs = ["society.birth", "society.assistance", "society.concerns", "economy.per-mu"];

    [Theory, InlineData(Screen.Desktop, true), InlineData(Screen.Phone, true), InlineData(Screen.Phone, false)]
    public async Task A_matter_is_found_by_words_by_event_and_by_questions(Screen screen, bool script)
    {
        await using var platform = await RunningPlatform.StartAsync("sqlite", samples: script);
        foreach (var pack in Packs)
            await platform.ApplyAsync(pack);
        await using var visitor = await Visitor.ComeAsync(platform, screen, script);
        var page = visitor.Page;
        Task Looks(string name) => script ? visitor.LooksAsync(name) : Task.CompletedTask;
        await visitor.OpenAsync("/");
        await Looks("portal-home-find");

        // A slip of the pen, a result, the guide.
        await page.FillAsync("#q", "高铃津贴");
        await page.ClickAsync(".search button");
        await page.WaitForURLAsync("**q=**");
        await visitor.IsReadyAsync();
        await visitor.SeesAsync("按“高龄津贴”查找");
        await Looks("portal-search-slip");
        await page.GetByRole(AriaRole.Link, new() { Name = "高龄津贴申请" }).ClickAsync();
        await Assertions.Expect(page.Locator("h1")).ToHaveTextAsync("高龄津贴申请");
        await Looks("portal-guide-appeal");

        // A question with an answer, and one without.
        await visitor.OpenAsync("/search?q=办出生医学证明要带什么");
        await Assertions.Expect(page.Locator(".answer blockquote")).ToContainTextAsync("分娩记录");
        await Looks("portal-search-answer");
        await page.Locator(".answer a").ClickAsync();
        await Assertions.Expect(page.Locator("#materials")).ToContainTextAsync("分娩记录");
        await visitor.OpenAsync("/search?q=护照丢了怎么补办？");
        await visitor.SeesAsync("平台不知道");
        await Looks("portal-search-unknown");

        // Narrowed to a region; every kind.
        await visitor.OpenAsync("/search?q=企业");
        await Looks("portal-search-kinds");
        await page.GetByText("筛选").First.ClickAsync();
        await page.SelectOptionAsync("#n-region", "330106");
        await page.ClickAsync(".filter button");
        await page.WaitForURLAsync("**region=330106**");
        await visitor.IsReadyAsync();
        await Looks("portal-search-narrowed");

        // By event, then by questions, back and forth.
        await visitor.OpenAsync("/");
        await page.GetByRole(AriaRole.Link, new() { Name = "生育", Exact = true }).ClickAsync();
        await Assertions.Expect(page.Locator("h1")).ToContainTextAsync("生育");
        await Looks("portal-services-event");
        await page.GetByRole(AriaRole.Link, new() { Name = "孩子出生后要办什么" }).ClickAsync();
        await Looks("portal-questions");
        await page.GetByLabel("只办其中一件").CheckAsync();
        await page.ClickAsync("form.form button");
        await Assertions.Expect(page.Locator("h1")).ToHaveTextAsync("要办哪一件？");
        await page.GetByLabel("上户口").CheckAsync();
        await page.ClickAsync("form.form button");
        await Assertions.Expect(page.Locator(".fits h2")).ToHaveTextAsync("出生登记（落户）");
        await Assertions.Expect(page.Locator(".why")).ToContainTextAsync("《户口登记条例》第七条");
        await Looks("portal-questions-end");
        await page.GoBackAsync();
        await Assertions.Expect(page.Locator("h1")).ToHaveTextAsync("要办哪一件？");
        await page.GoForwardAsync();
        await page.Locator(".answered a").First.ClickAsync();
        await Assertions.Expect(page.Locator("h1")).ToHaveTextAsync("您想怎么办？");
        await visitor.OpenAsync("/guides");
        await Looks("portal-guides");
        await visitor.OpenAsync("/services");
        await Looks("portal-services-browse");
        if (!script)
            return;
        await page.GetByRole(AriaRole.Link, new() { Name = "English" }).ClickAsync();
        await visitor.OpenAsync("/search?q=how+long+does+the+elders+allowance+take");
        await Assertions.Expect(page.Locator(".answer blockquote")).ToContainTextAsync("10 working days");
        await Looks("portal-search-answer-en");
    }

    [Fact]
    public async Task Suggestions_come_while_typing_and_are_chosen_by_keyboard_alone()
    {
        await using var platform = await RunningPlatform.StartAsync("sqlite");
        foreach (var pack in Packs)
            await platform.ApplyAsync(pack);
        await using var visitor = await Visitor.ComeAsync(platform, Screen.Desktop);
        var page = visitor.Page;
        await visitor.OpenAsync("/");
        // The skip link, the header's links, the field: nothing else is in the way.
        for (var i = 0; i < 12 && await page.EvaluateAsync<string>("document.activeElement.id") != "q"; i++)
            await page.Keyboard.PressAsync("Tab");
        var field = page.GetByRole(AriaRole.Combobox);
        await Assertions.Expect(field).ToBeFocusedAsync();
        await page.Keyboard.TypeAsync("gaoling");
        var first = page.GetByRole(AriaRole.Option).First;
        await Assertions.Expect(first).ToContainTextAsync("高龄津贴申请");
        await Assertions.Expect(field).ToHaveAttributeAsync("aria-expanded", "true");
        await visitor.LooksAsync("portal-suggestions");
        await page.Keyboard.PressAsync("ArrowDown");
        await Assertions.Expect(first).ToHaveAttributeAsync("aria-selected", "true");
        await Assertions.Expect(field).ToHaveAttributeAsync("aria-activedescendant", "q-list-0");
        await page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(page.GetByRole(AriaRole.Listbox)).ToBeHiddenAsync();
        await page.Keyboard.TypeAsync("j");
        await Assertions.Expect(first).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("ArrowDown");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.Locator("h1")).ToHaveTextAsync("高龄津贴申请");
    }
}
