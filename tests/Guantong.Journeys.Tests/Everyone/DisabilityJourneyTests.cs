using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Guantong.Data;
using Guantong.Insight;
using Guantong.Trust;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;

namespace Guantong.Tests;

/// <summary>The two allowances for disabled persons, from the guided questions to the wallet and to an appeal that is decided: by a computer and a phone, with and without JavaScript, in both languages.</summary>
public sealed class DisabilityJourneyTests
{
    private const string Pack = "society.disability", Service = $"/services/{Pack}/disability-allowance";

    // Rows of the pack's samples: of whom the rules grant both allowances, and of one whom they leave to an official.
    private const string Granted = "330106197803160000", Left = "330106198509270000";

    private static readonly Person County = new("county-civil", "演示·西湖民政", "Demo Xihu civil-affairs officer", "official", "zj-civil-affairs-330106", "330106", ["case-worker"]);
    private static readonly Person Organ = new("organ", "演示·省司法厅", "Demo reconsideration officer", "official", "zj-justice", "330000", ["case-worker"]);
    private static readonly Person Civil = new("asker", "", "", "official", "zj-civil-affairs", "330000", ["case-worker"]);
    private static readonly Person Federation = new("keeper", "", "", "official", "zj-disabled-persons", "330000", ["steward"]);
    private static readonly Person Guard = new("guard", "", "", "official", "zj-data", "330000", ["security"]);
    private static readonly Person Bureau = new("bureau", "", "", "official", "zj-data", "330000", ["data-bureau"]);

    [Shows("soc-disability", Lacks = "certificate, rehabilitation, education, work, home adaptation")]
    [Theory]
    [InlineData(Screen.Desktop, true, "zh-CN", "upheld")]
    [InlineData(Screen.Phone, false, "zh-CN", "changed")]
    [InlineData(Screen.Desktop, false, "en", "upheld")]
    [InlineData(Screen.Phone, true, "en", "changed")]
    public async Task One_is_granted_at_once_by_rule_another_is_refused_by_an_official_with_reasons_and_appeals(Screen screen, bool script, string lang, string result)
    {
        await using var platform = await StartAsync();
        await using var visitor = await Visitor.ComeAsync(platform, screen, script);
        var page = visitor.Page;
        string Said(string zh, string en) => lang == "en" ? en : zh;
        // Faults are looked for by a script.
        Task LooksAsync(string name) => script ? visitor.LooksAsync($"disability-{name}") : Task.CompletedTask;
        Task InLanguageAsync(string path) => visitor.OpenAsync($"/language?to={lang}&back={Uri.EscapeDataString(path)}");
        async Task<string> AppliedAsync()
        {
            // For whom, where, what is known already, the last look: nothing is typed.
            await InLanguageAsync(Service + "/apply");
            await page.ClickAsync("button.send");
            await page.SelectOptionAsync("#f-region", "330106");
            await page.ClickAsync("button.send");
            await visitor.SeesAsync(Said("有 5 项已经由共享数据填好", "5 items are filled in from shared data"));
            await visitor.SeesAsync(Said("来自“残疾人登记摘要”", "from “Register of disabled persons, in brief”"));
            await visitor.SeesAsync(Said("第 3 步，共 4 步", "Step 3 of 4"));
            await LooksAsync("apply-" + (await page.Locator("#f-level-known").InnerTextAsync() is "一级" or "Level one" ? "fits" : "left"));
            await page.ClickAsync("button.send");
            await visitor.SeesAsync(Said("核对您的回答", "Check your answers"));
            await LooksAsync("check");
            await page.ClickAsync("button.send");
            var number = await page.Locator("#number").InnerTextAsync();
            await platform.RunJobsAsync();
            return number;
        }

        // Questions lead to the matter, with the rule that says so.
        await InLanguageAsync($"/guides/{Pack}/which-allowance");
        foreach (var answer in (string[])["有", "一级或二级", "需要", "在领"])
        {
            await page.CheckAsync($"input[value='{answer}']");
            await page.ClickAsync("form.form button");
            await visitor.IsReadyAsync();
        }
        await visitor.SeesAsync(Said("还有护理补贴，可以同时领取（国发〔2015〕52号）", "the care allowance as well (Guofa [2015] No. 52)"));
        await LooksAsync("guided");
        await page.Locator($"main a[href='{Service}']").First.ClickAsync();
        await visitor.SeesAsync(Said("不会自动拒绝", "nothing is refused by machine"));
        await LooksAsync("guide");

        // Whom the rules fit: nothing is typed, and nobody has to look at it.
        await visitor.SignInAsync("citizen-a", "/me");
        var granted = await AppliedAsync();
        await LooksAsync("receipt");
        await visitor.OpenAsync($"/me/applications/{granted}");
        await visitor.SeesAsync(Said("已给予", "Granted"));
        await visitor.SeesAsync(Said("两项都符合的可以同时领取", "whoever fits both has both"));
        await visitor.SeesAsync("每月合计 700 元，其中生活补贴 300 元、护理补贴 400 元");
        await visitor.SeesAsync("没有经过人工");
        await Assertions.Expect(page.Locator("ol.steps li")).ToHaveCountAsync(0);
        await LooksAsync("granted");
        await visitor.OpenAsync("/me/wallet");
        await page.GetByRole(AriaRole.Link, new() { Name = Said("残疾人两项补贴决定书", "Decision on the allowances for disabled persons") }).ClickAsync();
        await visitor.SeesAsync("700");
        await LooksAsync("wallet");

        // Whom they do not fit: an official of the county looks, sees why it came to them, and says why not.
        await visitor.SignInAsync("citizen-b", "/me");
        var refused = await AppliedAsync();
        using var county = await platform.SignInAsync(County.Login);
        Assert.Equal("open", (await county.GetFromJsonAsync<JsonElement>($"/api/v1/cases/{refused}")).GetProperty("case").Text("state"));
        await visitor.OpenAsync($"/me/applications/{refused}");
        await visitor.SeesAsync(Said("没有领取低保的三级、四级残疾人，由工作人员核定", "for levels three and four without the minimum-living allowance an official looks"));
        await LooksAsync("waiting");
        if (script)
        {
            await visitor.SignInAsync(County.Login, $"/desk/cases/{refused}");
            await visitor.OpenAsync($"/language?to={lang}&back={Uri.EscapeDataString($"/desk/cases/{refused}")}");
            await visitor.SeesAsync(Said("没有领取低保的三级、四级残疾人", "for levels three and four without"));
            await visitor.LooksAsync("disability-desk");
            await visitor.SignInAsync("citizen-b", "/me");
            await InLanguageAsync("/me");
        }
        const string reason = "家庭没有领取低保，也不属于需要长期照护的一级、二级残疾人，不符合国发〔2015〕52号规定的条件";
        Assert.Equal(HttpStatusCode.UnprocessableEntity, await RunningPlatform.FinishAsync(county, refused, "review", new { granted = false }));
        Assert.Equal(HttpStatusCode.NoContent, await RunningPlatform.FinishAsync(county, refused, "review", new { granted = false, reason }));
        await platform.EndedAsync(county, refused);
        await visitor.OpenAsync($"/me/applications/{refused}");
        await visitor.SeesAsync(Said("不予给予", "Not granted"));
        await visitor.SeesAsync(reason);
        await visitor.SeesAsync("内向省司法厅申请行政复议");
        await LooksAsync("refused");

        // They do not agree, and the organ that reviews says what comes of it.
        await page.GetByText(Said("不服这个结果", "I do not agree")).ClickAsync();
        await page.GetByLabel(Said("请求和理由", "What you want, and why")).FillAsync("住院后需要长期照护，医院证明已交，请重新核定。");
        await LooksAsync("appeal");
        await page.GetByRole(AriaRole.Button, new() { Name = Said("提交复议申请", "Send the application") }).ClickAsync();
        await visitor.SeesAsync(Said("已提交，审查是否受理", "Filed; it is looked into whether it is taken"));
        using var organ = await platform.SignInAsync(Organ.Login);
        const string found = "经查，住院证明形成于核定之后";
        foreach (var (said, by, status) in ((string, HttpClient, HttpStatusCode)[])[("accepted", county, HttpStatusCode.NotFound), ("accepted", organ, HttpStatusCode.NoContent), (result, organ, HttpStatusCode.NoContent)])
        {
            using var decided = await by.PostAsJsonAsync($"/api/v1/appeals/{refused}/decide", new { result = said, words = found });
            Assert.Equal(status, decided.StatusCode);
        }
        await visitor.OpenAsync($"/me/applications/{refused}");
        await visitor.SeesAsync(result == "upheld" ? Said("维持原决定", "Upheld") : Said("变更原决定", "Changed"));
        await visitor.SeesAsync(found);
        await LooksAsync("decided");

        // What is measured is how many were granted at once, and of nobody. What the register says stays out of the ledger.
        using var anyone = platform.Anonymous();
        await platform.Services.GetRequiredService<ClosedLoop>().CatchUpAsync(TestContext.Current.CancellationToken);
        Assert.Equal([50d], await FiguresAsync(anyone, "instant-rate"));
        Assert.Equal([1d], await FiguresAsync(anyone, "granted-at-once"));
        var ledger = await county.GetStringAsync($"/api/v1/cases/{refused}/ledger");
        Assert.DoesNotContain("三级", ledger, StringComparison.Ordinal);
    }

    // The pack with its own sample rows, two residents whose identity was seen, and the federation's grant.
    private static async Task<RunningPlatform> StartAsync()
    {
        var platform = await RunningPlatform.StartAsync("sqlite", clock: new StandingClock());
        await platform.ApplyAsync(Pack);
        await platform.Services.GetRequiredService<ClosedLoop>().LoadSamplesAsync(platform.Services.GetRequiredService<PackRegistry>().Find(Pack)!, Path.Combine(Repository.Root, "packs/society/disability"));
        await platform.Services.GetRequiredService<Accounts>().SeedAsync([County, Organ]);
        foreach (var (login, number) in (IEnumerable<(string, string)>)[("citizen-a", Granted), ("citizen-b", Left)])
        {
            using var kept = await Residents.ProveAsync(platform, login, number);
            kept.EnsureSuccessStatusCode();
        }
        var book = platform.Services.GetRequiredService<SharingBook>();
        var file = await book.AskAsync(Civil, $"{Pack}/register", new ShareTerms("handling", "申请两项补贴免填", $"{Pack}/disability-allowance", ["id_number", "level", "care", "local"], new Dictionary<string, string>(), null, ["query"], "any", 60, 1000, 90, ["level"]));
        foreach (var step in file.Steps)
            file = await book.DecideAsync(step.Kind switch { "source" => Federation, "security" => Guard, _ => Bureau }, file.Request.Id, true, null);
        return platform;
    }

    private static async Task<IReadOnlyList<double>> FiguresAsync(HttpClient anyone, string indicator) =>
        [.. (await anyone.GetFromJsonAsync<JsonElement>($"/api/v1/indicators/{Pack}/{indicator}/values?period=year&region=330106")).EnumerateArray().Select(v => v.GetProperty("value").GetDouble())];
}
