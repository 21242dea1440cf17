using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Guantong.Insight;
using Guantong.Trust;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;

namespace Guantong.Tests;

/// <summary>Opening a restaurant as one thing, from the first word typed to the licence in the wallet: on a desktop and a phone, with and without JavaScript, in both languages.</summary>
public sealed class RestaurantJourneyTests
{
    private const string Pack = "economy.restaurant", Service = "/services/economy.restaurant/restaurant", Region = "330106";

    // Case workers of the units of Xihu that take part.
    private static readonly Person[] Officials = [.. from unit in ((string Login, string Line)[])[("market", "market-regulation"), ("fire", "fire-rescue"), ("tax", "tax"), ("police", "police")]
        select new Person(unit.Login, $"演示·西湖{unit.Login}", $"Demo Xihu {unit.Login}", "official", $"zj-{unit.Line}-{Region}", Region, ["case-worker"])];

    [Shows("gov-business-env", Lacks = "change, utilities, credit, closing")]
    [Theory]
    [InlineData(Screen.Desktop, true, "zh", "sqlite"), InlineData(Screen.Phone, true, "en", "postgres")]
    [InlineData(Screen.Desktop, false, "en", "sqlite"), InlineData(Screen.Phone, false, "zh", "sqlite")]
    public async Task A_restaurant_is_opened_with_one_application(Screen screen, bool script, string lang, string store)
    {
        await using var platform = await RunningPlatform.StartAsync(store, clock: new StandingClock());
        await platform.ApplyAsync(Pack);
        await platform.Services.GetRequiredService<Accounts>().SeedAsync(Officials);
        await using var visitor = await Visitor.ComeAsync(platform, screen, script);
        var page = visitor.Page;
        string Say(string zh, string en) => lang == "en" ? en : zh;
        // Pictures and their checks are made by a script.
        Task LooksAsync(string name) => script ? visitor.LooksAsync($"restaurant-{lang}-{name}") : Task.CompletedTask;
        await visitor.SignInAsync("citizen-a", "/me");
        await visitor.OpenAsync($"/language?to={Say("zh-CN", "en")}&back=/");

        // Found in everyday words, and read.
        await page.FillAsync("#q", Say("开饭店", "open a restaurant"));
        await page.ClickAsync(".search button");
        await page.WaitForURLAsync("**q=**");
        await visitor.IsReadyAsync();
        await LooksAsync("1-search");
        await page.Locator(".found a[href*='service%3Aeconomy.restaurant%2Frestaurant']").ClickAsync();
        await Assertions.Expect(page.Locator("h1")).ToHaveTextAsync(Say("开餐饮店一件事", "Opening a restaurant, all in one"));
        await Assertions.Expect(page.Locator("#steps li h3")).ToHaveCountAsync(5);
        await visitor.SeesAsync(Say("15 天", "15 days"));
        await LooksAsync("2-guide");

        // Questions lead there too, and say why.
        await visitor.OpenAsync($"/guides/{Pack}/opening-a-restaurant");
        await page.GetByLabel(Say("从头开一家店", "open a new restaurant")).CheckAsync();
        await page.ClickAsync("form.form button");
        await Assertions.Expect(page.Locator("h1")).ToHaveTextAsync(Say("店铺有多大？", "How large is it?"));
        await LooksAsync("3-question");
        await page.GetByLabel(Say("300 平方米以上", "300 m² or more")).CheckAsync();
        await page.ClickAsync("form.form button");
        await Assertions.Expect(page.Locator(".why")).ToContainTextAsync(Say("消防安全检查也在里面", "the fire-safety check is part of it"));
        await LooksAsync("4-questions-end");

        // One form: what it asks for follows from the size of the shop and from whether a seal is wanted.
        await visitor.OpenAsync($"{Service}/apply");
        await page.SelectOptionAsync("#f-region", Region);
        await page.FillAsync("#f-shop_name", "演示面馆");
        await page.FillAsync("#f-address", "演示路 1 号");
        await page.FillAsync("#f-area", "320");
        await page.SelectOptionAsync("#f-food", "面点小吃");
        await page.CheckAsync("input[name=seal][value=true]");
        await Assertions.Expect(page.Locator("#f-floor")).ToHaveCountAsync(0);
        await page.ClickAsync("button[name=look]");
        await visitor.IsReadyAsync();
        await page.SelectOptionAsync("#f-subject", "个体工商户");
        await page.FillAsync("#f-owner_name", "演示店主");
        await page.SelectOptionAsync("#f-floor", "一层");
        await page.CheckAsync("input[name=open_fire][value=true]");
        await page.FillAsync("#f-safety_lead", "演示店主");
        await page.SelectOptionAsync("#f-invoices", "25 份以内");
        await page.SelectOptionAsync("#f-seals", "只刻公章");
        // The premises are proved now, the plan follows, of the fire protection a promise is made.
        await page.SetInputFilesAsync("input[name='material:premises']", new FilePayload { Name = "lease.pdf", MimeType = "application/pdf", Buffer = Sheets.Pdf() });
        await page.CheckAsync("input[name='choice:kitchen-plan']");
        await page.CheckAsync("input[name='choice:fire-ready']");
        await LooksAsync("5-apply");
        await page.ClickAsync("button.send");
        var number = await page.Locator("#number").InnerTextAsync();
        await LooksAsync("6-receipt");
        await platform.RunJobsAsync();

        using var me = await platform.SignInAsync("citizen-a");
        Task<JsonElement> SeenAsync(string of) => me.GetFromJsonAsync<JsonElement>($"/api/v1/me/applications/{of}");
        async Task DecideAsync(string login, string of, string part, string result)
        {
            using var official = await platform.SignInAsync(login);
            Assert.Equal(HttpStatusCode.NoContent, await RunningPlatform.FinishAsync(official, Birth.PartOf(await SeenAsync(of), part), "review", new { result, reason = "材料齐全，经核对" }));
            await platform.RunJobsAsync();
        }
        Assert.Equal("business-licence=open fire-check=open food-permit=waiting tax-setup=waiting seal-filing=waiting", Birth.Stand(await SeenAsync(number)));
        await DecideAsync("market", number, "business-licence", "办成");
        await DecideAsync("fire", number, "fire-check", "办成");
        // Tax and seal follow from the licence by rule; the permit waits for the plan of the kitchen.
        Assert.Equal("business-licence=已发照 fire-check=已同意 food-permit=open tax-setup=已确认 seal-filing=已备案", Birth.Stand(await SeenAsync(number)));
        await DecideAsync("market", number, "food-permit", "办成");
        await visitor.OpenAsync($"/me/applications/{number}");
        await Assertions.Expect(page.Locator("#parts > ol > li")).ToHaveCountAsync(5);
        await Assertions.Expect(page.Locator("#parts h3 .tag").First).ToHaveTextAsync(Say("已发照", "Licence issued"));
        await Assertions.Expect(page.Locator("#materials li.owed")).ToHaveCountAsync(1);
        await LooksAsync("7-track");
        await page.SetInputFilesAsync("#materials input[name=file]", new FilePayload { Name = "kitchen.png", MimeType = "image/png", Buffer = Sheets.Png() });
        await page.ClickAsync("#materials form.give button");
        await Assertions.Expect(page.Locator("#materials li.owed")).ToHaveCountAsync(0);
        await platform.RunJobsAsync();

        // One result, each document, the licences in the wallet.
        await visitor.OpenAsync($"/me/applications/{number}");
        await visitor.SeesAsync(Say("全部办结", "All parts ended"));
        await Assertions.Expect(page.Locator("#parts details > summary")).ToContainTextAsync([Say("营业执照 ·", "Business licence ·")]);
        await Assertions.Expect(page.Locator("#parts article.document")).ToHaveCountAsync(5);
        foreach (var line in (string[])["营业执照（餐饮店设立登记）：已发照", "营业前消防安全检查（告知承诺）：已同意", "食品经营许可（餐饮服务）：已许可", "税费信息确认和发票领用：已确认", "公章刻制备案：已备案"])
            await Assertions.Expect(page.Locator("section:not(#parts) > article.document")).ToContainTextAsync(line);
        await page.Locator("#parts details:has(article.document) > summary").Nth(2).ClickAsync();
        await LooksAsync("8-ended");
        await visitor.OpenAsync("/me/wallet");
        Assert.Equal([Say("营业执照", "Business licence"), Say("食品经营许可证", "Food permit")], (await page.Locator(".wallet h2").AllInnerTextsAsync()).Order(StringComparer.Ordinal));
        await LooksAsync("9-wallet");
        await page.GetByRole(AriaRole.Link, new() { Name = Say("营业执照", "Business licence"), Exact = true }).ClickAsync();
        await visitor.SeesAsync("演示面馆");
        await LooksAsync("10-licence");

        // A small shop without a seal has three parts. Refused a licence, it is refused nothing by a machine: an official looks at its tax.
        var files = (await me.SendAsync($"/api/v1{Service}/files?field=material:premises&name=lease.pdf", Sheets.Pdf()).JsonAsync()).Text("basket");
        using var sent = await me.PostAsJsonAsync($"/api/v1{Service}/applications", new { region = Region, files, @for = "self", materials = new Dictionary<string, string> { ["kitchen-plan"] = "later" },
            data = new { shop_name = "演示小店", address = "演示路 2 号", area = 40, food = "饮品甜点", seal = false, subject = "个体工商户", owner_name = "演示店主", safety_lead = "演示店主", invoices = "不需要" } });
        Assert.True(sent.IsSuccessStatusCode, await sent.Content.ReadAsStringAsync());
        var small = (await sent.Content.ReadFromJsonAsync<JsonElement>()).Text("number")!;
        await platform.RunJobsAsync();
        await DecideAsync("market", small, "business-licence", "不予办理");
        Assert.Equal("business-licence=不予登记 food-permit=open tax-setup=open", Birth.Stand(await SeenAsync(small)));

        // How long it took is told to everybody; of whom, to nobody.
        await platform.Services.GetRequiredService<ClosedLoop>().CatchUpAsync(TestContext.Current.CancellationToken);
        using var anyone = platform.Anonymous();
        foreach (var (indicator, value) in ((string, double)[])[("within-promise", 100), ("days-to-open", 0)])
            Assert.Equal(value, (await anyone.GetFromJsonAsync<JsonElement>($"/api/v1/indicators/{Pack}/{indicator}/values?period=year&region={Region}")).EnumerateArray().Last().GetProperty("value").GetDouble());
        await visitor.OpenAsync($"/screens/{Pack}");
        await LooksAsync("11-screen");
    }
}
