using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Guantong.Insight;
using Guantong.Work;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using static Guantong.Tests.Enterprises;

namespace Guantong.Tests;

/// <summary>The home of an organisation: licences that end, policies that fit with their reasons, requests at three levels; what its agents see of it, and what everybody does.</summary>
public sealed class OrganisationHomeTests
{
    private const string Home = "/me/organisations/";

    [Shows("gov-business-env", Lacks = "change, utilities, credit, closing")]
    [Shows("econ-enterprise-code", Lacks = "the code that it shows, field by field")]
    [Theory, InlineData(Screen.Desktop, "zh", "sqlite"), InlineData(Screen.Phone, "en", "postgres")]
    public async Task A_representative_finds_what_ends_and_what_fits_and_confirms_it(Screen screen, string lang, string store)
    {
        await using var platform = await StartAsync(store, new StandingClock());
        await using var visitor = await Visitor.ComeAsync(platform, screen);
        var page = visitor.Page;
        string Say(string zh, string en) => lang == "en" ? en : zh;
        Task LooksAsync(string name) => visitor.LooksAsync($"business-{lang}-{name}");
        await visitor.OpenAsync($"/language?to={Say("zh-CN", "en")}&back=/policies");
        await page.FillAsync("#q", Say("免申即享", "job retention"));
        await page.ClickAsync("main form button");
        await Assertions.Expect(page.Locator("ul.cards > li")).ToHaveCountAsync(1);
        await LooksAsync("1-policies");
        await page.Locator("ul.cards h2 a").ClickAsync();
        await visitor.SeesAsync(Say("按什么规则认定", "By which rules"));
        await LooksAsync("2-policy");

        await visitor.SignInAsync("enterprise-a", "/me");
        await visitor.OpenAsync($"/language?to={Say("zh-CN", "en")}&back=/me/organisations");
        await LooksAsync("3-organisations");
        await page.GetByRole(AriaRole.Link, new() { Name = Name }).ClickAsync();
        // Whoever ends first stands first, and says so in words; what is gone is not there.
        await Assertions.Expect(page.Locator("#licences h3 .tag")).ToContainTextAsync([Say("还有 20 天到期", "Ends in 20 days"), "2029"]);
        await Assertions.Expect(page.Locator("#licences a.button")).ToHaveAttributeAsync("href", $"/services/{Pack}/food-renewal/apply?for={Uri.EscapeDataString(Subject)}");
        await Assertions.Expect(page.Locator("#register")).ToContainTextAsync(Code);
        // Each with the rules that fired, the facts, their source and day.
        await Assertions.Expect(page.Locator(".policy.fits")).ToHaveCountAsync(2);
        var retention = page.Locator(".policy.fits").Filter(new() { HasText = Say("稳岗返还", "Job-retention refund") });
        await Assertions.Expect(retention.Locator(".why")).ToContainTextAsync(Say("裁员率不高于 20%", "no more than 20 % laid off"));
        await Assertions.Expect(retention.Locator(".facts")).ToContainTextAsync(Say("数据更新于", "updated"));
        await Assertions.Expect(page.Locator(".policy.nearly .why").First).ToContainTextAsync(Say("降到 30 万元以下的季度可以", "in one with less than 300,000"));
        await Assertions.Expect(page.Locator("details.others > summary")).ToContainTextAsync("2");
        await LooksAsync("4-home");

        // Nothing is filled in: one click, and rules grant it.
        await retention.Locator("button").ClickAsync();
        await page.WaitForURLAsync("**/me/applications/*");
        await platform.RunJobsAsync();
        await visitor.OpenAsync(page.Url);
        await visitor.SeesAsync(Say("已返还", "Refunded"));
        await LooksAsync("5-refunded");
        await visitor.OpenAsync(Home + Code);
        await Assertions.Expect(retention.Locator("button")).ToHaveCountAsync(0);
        await Assertions.Expect(page.Locator("#documents")).ToContainTextAsync("稳岗返还通知书");

        // What is applied for is applied for in its name.
        await page.Locator(".policy.fits a.button").ClickAsync();
        await Assertions.Expect(page.Locator($"input[name=for][value='{Subject}']")).ToBeCheckedAsync();

        // Everybody sees what is public, and nothing else.
        using var anyone = platform.Anonymous();
        Assert.Equal(HttpStatusCode.NotFound, (await anyone.GetAsync($"/organisations/{Code[..17]}0")).StatusCode);
        await visitor.SignInAsync("citizen-a", $"/organisations/{Code}");
        await visitor.OpenAsync($"/language?to={Say("zh-CN", "en")}&back=/organisations/{Code}");
        await visitor.SeesAsync("JY23301097000001");
        await visitor.SeesAsync("示例罚〔2026〕70001");
        await Assertions.Expect(page.Locator("main")).Not.ToContainTextAsync(Say("小规模纳税人", "small-scale taxpayer"));
        await LooksAsync("6-public");
        await visitor.OpenAsync(Home + Code);
        await Assertions.Expect(page.Locator("main")).Not.ToContainTextAsync(Name);
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task An_agent_sees_what_authority_covers_and_all_who_may_act_are_reminded_once(string store)
    {
        var clock = new StandingClock();
        await using var platform = await StartAsync(store, clock);
        using var head = await platform.SignInAsync("enterprise-a");
        using var agent = await platform.SignInAsync("citizen-b");
        using var stranger = await platform.SignInAsync("citizen-a");
        const string api = "/api/v1/me/organisations";
        Assert.Equal(HttpStatusCode.NotFound, (await agent.GetAsync($"{api}/{Code}")).StatusCode);
        await head.PostAsJsonAsync("/api/v1/authorities", new { principal = Subject, agent = "citizen-b", matters = new[] { $"{Pack}/claim" }, from = "2026-11-02", to = "2027-01-31" }).ToldAsync();
        var id = (await agent.GetFromJsonAsync<JsonElement>("/api/v1/authorities")).GetProperty("held")[0].Text("id");
        (await agent.PostAsync($"/api/v1/authorities/{id}/accept", null)).EnsureSuccessStatusCode();

        // Of what lies beyond it nothing is read, nor done.
        Assert.Equal(["per-mu-a", "rd-grant", "restaurant-start"], (await agent.GetFromJsonAsync<JsonElement>($"{api}/{Code}/policies")).EnumerateArray().Select(p => p.Text("id")));
        Assert.Equal("404 policy-gone", await agent.PostAsync($"{api}/{Code}/policies/{Pack}/stable-jobs", null).ToldAsync());
        Assert.Equal(HttpStatusCode.NotFound, (await stranger.GetAsync($"{api}/{Code}/policies")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await stranger.PostAsync($"{api}/{Code}/policies/{Pack}/stable-jobs", null)).StatusCode);
        // Its representative reads that their agent had it looked at, and from where.
        var reads = await Persons.ItemsAsync(head, $"/api/v1/me/reads?of={Subject}");
        Assert.Contains(reads, r => r.Text("action") == "policy.read" && r.Text("who") == "演示·居民乙" && r.Text("purpose")!.Contains("企业参保情况", StringComparison.Ordinal));
        Assert.DoesNotContain(reads, r => r.Text("action") == "policy.read" && r.Text("purpose")!.Contains("企业纳税情况", StringComparison.Ordinal));

        // What no longer fits is refused by nobody but the rules of now; what was had is had once.
        await platform.LoadLinesAsync(Pack, "insurance-file", "code,staff_before,staff_now,paid_months,months", $"{Code},6,2,18,19");
        Assert.Equal("409 policy-unfit", await head.PostAsync($"{api}/{Code}/policies/{Pack}/stable-jobs", null).ToldAsync());
        await platform.LoadLinesAsync(Pack, "insurance-file", "code,staff_before,staff_now,paid_months,months", $"{Code},6,6,18,19");
        Assert.Equal("200", await head.PostAsync($"{api}/{Code}/policies/{Pack}/stable-jobs", null).ToldAsync());
        Assert.Equal("409 policy-had", await head.PostAsync($"{api}/{Code}/policies/{Pack}/stable-jobs", null).ToldAsync());

        var watch = platform.Services.GetRequiredService<LicenceWatch>();
        Assert.Equal(1, await watch.TellAsync(TestContext.Current.CancellationToken));
        Assert.Equal(0, await watch.TellAsync(TestContext.Current.CancellationToken));
        async Task<string[]> ToldAsync(HttpClient whom) => [.. (await Persons.ItemsAsync(whom, "/api/v1/me/notices")).Where(n => n.Text("on") == "licence").Select(n => n.Text("text")!)];
        Assert.Contains("还有 20 天到期（2026-11-22）", Assert.Single(await ToldAsync(head)));
        Assert.Single(await ToldAsync(agent));
        Assert.Empty(await ToldAsync(stranger));
        clock.Now += TimeSpan.FromDays(14);
        Assert.Equal(1, await watch.TellAsync(TestContext.Current.CancellationToken));
        // Nobody stays signed in for two weeks.
        using var again = await platform.SignInAsync("enterprise-a");
        Assert.Equal(2, (await ToldAsync(again)).Length);
    }

    [Fact]
    public async Task A_request_goes_up_a_level_and_the_asker_sees_where_it_is_and_is_answered()
    {
        await using var platform = await StartAsync("sqlite", new StandingClock());
        using var head = await platform.SignInAsync("enterprise-a");
        using var county = await platform.SignInAsync("county");
        using var city = await platform.SignInAsync("city");
        using var sent = await head.PostAsJsonAsync($"/api/v1/services/{Pack}/request/applications", new { region = Xiaoshan, @for = Subject, data = new { party_name = Name, topic = "用工", detail = "招不到厨师，希望有技能培训" } });
        Assert.True(sent.IsSuccessStatusCode, await sent.Content.ReadAsStringAsync());
        var number = (await sent.Content.ReadFromJsonAsync<JsonElement>()).Text("number")!;
        await platform.RunJobsAsync();
        var task = (await county.GetFromJsonAsync<JsonElement>($"/api/v1/cases/{number}")).GetProperty("tasks")[0].Text("id");

        await using var visitor = await Visitor.ComeAsync(platform, Screen.Desktop);
        await visitor.SignInAsync("enterprise-a", $"/me/applications/{number}");
        await visitor.SeesAsync("（县级）");
        (await county.PostAsJsonAsync($"/api/v1/tasks/{task}/report-up", new { reason = "培训资金由市里统筹" })).EnsureSuccessStatusCode();
        await visitor.OpenAsync($"/me/applications/{number}");
        await visitor.SeesAsync("杭州市经信局（市级）");
        await visitor.LooksAsync("business-request-city");
        Assert.Equal(HttpStatusCode.NoContent, await RunningPlatform.FinishAsync(city, number, "handle", new { level = "市级", settled = "解决", reply = "已列入市里的技能培训计划" }));
        await platform.RunJobsAsync();
        await visitor.OpenAsync($"/me/applications/{number}");
        await visitor.SeesAsync("已列入市里的技能培训计划");
        await Assertions.Expect(visitor.Page.Locator("form[action*='/rating']")).ToBeVisibleAsync();

        // It counts for the region, by level; for nobody.
        await platform.Services.GetRequiredService<ClosedLoop>().CatchUpAsync(TestContext.Current.CancellationToken);
        using var anyone = platform.Anonymous();
        foreach (var (indicator, value) in ((string, double)[])[("settled-rate", 100), ("county-answered", 0), ("days-to-answer", 0)])
            Assert.Equal(value, (await anyone.GetFromJsonAsync<JsonElement>($"/api/v1/indicators/{Pack}/{indicator}/values?period=year&region={Xiaoshan}")).EnumerateArray().Last().GetProperty("value").GetDouble());
    }
}
