using System.Xml.Linq;
using Microsoft.Playwright;

namespace Guantong.Tests;

/// <summary>From a service's page to its hall, a slot, one's own appointments and back: with and without JavaScript, in both languages; and what search engines read of it.</summary>
public sealed class BookingBrowserTests
{
    [Theory, InlineData(Screen.Desktop, true, "zh-CN"), InlineData(Screen.Phone, true, "zh-CN"), InlineData(Screen.Phone, false, "en")]
    public async Task An_appointment_is_found_booked_moved_and_cancelled(Screen screen, bool script, string lang)
    {
        await using var hall = await BookedHall.StartAsync("sqlite");
        await using var visitor = await Visitor.ComeAsync(hall.Platform, screen, script);
        var page = visitor.Page;
        string Said(string zh, string en) => lang == "en" ? en : zh;
        Task LooksAsync(string name) => script ? visitor.LooksAsync("booking-" + name) : Task.CompletedTask;
        Task InLanguageAsync(string path) => visitor.OpenAsync($"/language?to={lang}&back={Uri.EscapeDataString(path)}");

        // What people ask is found, and stands on the page.
        await visitor.OpenAsync($"/search?q={Uri.EscapeDataString("孩子还没有起名能先办吗")}");
        await visitor.SeesAsync("出生医学证明要写儿童姓名");
        await InLanguageAsync("/services/" + BookedHall.Service);
        await visitor.SeesAsync(Said("《户口登记条例》第七条", "Household Registration Regulations, Art. 7"));
        await LooksAsync("guide");
        await page.SelectOptionAsync("#ip-region", "330106");
        await page.ClickAsync("#in-person form button");
        await visitor.IsReadyAsync();
        await visitor.SeesAsync(Said("西湖区示例路 6 号（合成地址）", "6 Example Road, Xihu (synthetic)"));
        await Assertions.Expect(page.Locator("#ip-region")).ToHaveValueAsync("330106");
        await Assertions.Expect(page.Locator("ol.places > li")).ToHaveCountAsync(2);
        await Assertions.Expect(page.Locator(".map.places circle")).ToHaveCountAsync(2);
        await LooksAsync("places");
        await page.Locator("ol.places .button").First.ClickAsync();
        await visitor.SeesAsync(Said("登录后才能预约", "You need to sign in to book"));
        await LooksAsync("signed-out");

        await visitor.SignInAsync("citizen-a", "/me");
        const string book = $"/services/{BookedHall.Service}/book?place={BookedHall.Hall}";
        await InLanguageAsync(book);
        await page.Locator("a[href*='day=2026-09-28']").ClickAsync();
        await page.CheckAsync("input[value='2026-09-28T10:00']");
        if (screen == Screen.Phone)
            await page.SetViewportSizeAsync(320, 700);
        await LooksAsync("slots");
        await page.ClickAsync("form.form .button");
        await visitor.SeesAsync("2026-09-28 10:00–10:30");
        await visitor.SeesAsync(Said("父母一方的身份证原件", "The original identity card of one parent"));
        await LooksAsync("booked");
        var number = await page.Locator("#number").InnerTextAsync();
        var file = await page.Context.APIRequest.GetAsync((await page.Locator("a[href$='.ics']").GetAttributeAsync("href"))!);
        Assert.StartsWith("text/calendar", file.Headers["content-type"], StringComparison.Ordinal);
        var lines = (await file.TextAsync()).Split("\r\n");
        Assert.Equal(("BEGIN:VCALENDAR", "DTSTART:20260928T020000Z", "DTEND:20260928T023000Z"), (lines[0], lines.Single(l => l.StartsWith("DTSTART", StringComparison.Ordinal)), lines.Single(l => l.StartsWith("DTEND", StringComparison.Ordinal))));
        Assert.All(lines, l => Assert.True(System.Text.Encoding.UTF8.GetByteCount(l) <= 75, l));

        await page.GetByRole(AriaRole.Link, new() { Name = Said("改期", "Move it"), Exact = true }).ClickAsync();
        await visitor.SeesAsync(Said($"正在给预约 {number}", $"You are moving appointment {number}"));
        await page.Locator("a[href*='day=2026-09-29']").ClickAsync();
        await page.CheckAsync("input[value='2026-09-29T09:00']");
        // Somebody else takes the slot meanwhile.
        using (var other = await hall.Platform.SignInAsync("citizen-b"))
            Assert.Equal("201", await BookedHall.BookAsync(other, "2026-09-29T09:00").ToldAsync());
        await page.ClickAsync("form.form .button");
        await visitor.SeesAsync(Said("这个时段刚刚约满", "This slot has just been taken"));
        await LooksAsync("taken");
        await page.CheckAsync("input[value='2026-09-29T09:30']");
        await page.ClickAsync("form.form .button");
        await visitor.SeesAsync("2026-09-29 09:30–10:00");
        Assert.Equal(number, await page.Locator("#number").InnerTextAsync());

        await InLanguageAsync("/me/bookings");
        await LooksAsync("mine");
        await page.Locator("#ahead a").First.ClickAsync();
        await page.Locator("details.confirm > summary").ClickAsync();
        await page.ClickAsync("details.confirm button");
        await visitor.SeesAsync(Said("已取消", "Cancelled"));
        await Assertions.Expect(page.Locator("#ahead .empty")).ToBeVisibleAsync();
        await LooksAsync("cancelled");
    }

    [Theory, InlineData(Screen.Desktop), InlineData(Screen.Phone)]
    public async Task An_official_runs_the_queue_and_everybody_sees_how_many_wait(Screen screen)
    {
        await using var hall = await BookedHall.StartAsync("sqlite");
        using (var citizen = await hall.Platform.SignInAsync("citizen-a"))
            Assert.Equal("201", await BookedHall.BookAsync(citizen, "2026-09-23T09:30").ToldAsync());
        await using var visitor = await Visitor.ComeAsync(hall.Platform, screen);
        var page = visitor.Page;
        await visitor.SignInAsync("clerk-hangzhou", "/desk/places");
        await page.SelectOptionAsync("select[name=place]", BookedHall.Hall);
        await page.GetByRole(AriaRole.Button, new() { Name = "查找" }).ClickAsync();
        await visitor.SeesAsync("Y000001");
        await visitor.OpenAsync(page.Url);
        await page.GetByRole(AriaRole.Button, new() { Name = "已到" }).ClickAsync();
        await visitor.SeesAsync("排队号 001");
        await page.GetByRole(AriaRole.Button, new() { Name = "现场取号" }).ClickAsync();
        await visitor.SeesAsync("排队号 002");
        await page.GetByRole(AriaRole.Button, new() { Name = "叫下一个" }).ClickAsync();
        await visitor.SeesAsync("号到 1 号窗口");
        await visitor.LooksAsync("desk-places");

        await using var passer = await Visitor.ComeAsync(hall.Platform, screen);
        await passer.OpenAsync("/places/" + BookedHall.Hall);
        await Assertions.Expect(passer.Page.Locator("#queue .big")).ToContainTextAsync("1");
        await passer.SeesAsync("1 号窗口");
        Assert.DoesNotContain("演示·", await passer.Page.Locator("main").InnerTextAsync(), StringComparison.Ordinal);
        await passer.LooksAsync("place");

        using var robot = hall.Platform.Anonymous();
        var guide = await robot.GetStringAsync("/services/" + BookedHall.Service + "?region=330106", TestContext.Current.CancellationToken);
        foreach (var part in (string[])["itemtype=\"https://schema.org/GovernmentService\"", "itemtype=\"https://schema.org/FAQPage\"", "<meta name=\"description\"", $"<link rel=\"canonical\" href=\"{hall.Platform.Address}/services/{BookedHall.Service}\""])
            Assert.Contains(part, guide, StringComparison.Ordinal);
        var map = XDocument.Parse(await robot.GetStringAsync("/sitemap.xml", TestContext.Current.CancellationToken)).Descendants().Where(e => e.Name.LocalName == "loc").Select(e => e.Value).ToList();
        foreach (var path in (string[])["/services/" + BookedHall.Service, "/places/" + BookedHall.Hall, "/"])
            Assert.Contains(hall.Platform.Address + path, map);
        Assert.Contains($"Sitemap: {hall.Platform.Address}/sitemap.xml", await robot.GetStringAsync("/robots.txt", TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }
}
