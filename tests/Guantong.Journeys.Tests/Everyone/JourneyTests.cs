using System.Net.Http.Json;
using System.Text.Json;
using Guantong.Data;
using Guantong.Trust;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using static Guantong.Tests.ConcernCase;

namespace Guantong.Tests;

/// <summary>What people come for, from finding it to what it came to, page by page: on a desktop and on a phone, with and without JavaScript, in Chinese and in English.</summary>
public sealed class JourneyTests
{
    private static readonly FilePayload Book = new() { Name = "户口簿.pdf", MimeType = "application/pdf", Buffer = Sheets.Pdf() };

    // On each screen both ways, and in each language both.
    private static IEnumerable<(bool Script, string Lang)> Ways(Screen screen) => screen == Screen.Desktop ? [(true, Lang.Zh), (false, Lang.En)] : [(true, Lang.En), (false, Lang.Zh)];

    [Shows("soc-infant", Lacks = "nurseries that file and are supervised")]
    [Theory, InlineData(Screen.Desktop), InlineData(Screen.Phone)]
    public async Task A_birth_is_one_application_to_five_units_and_one_result(Screen screen)
    {
        await using var birth = await Birth.StartAsync("sqlite");
        await birth.Platform.Services.GetRequiredService<Accounts>().SeedAsync([.. from unit in ((string Login, string Line)[])[("cards", "human-resources"), ("tax", "tax")]
            select new Person(unit.Login, $"演示·{unit.Login}", $"Demo {unit.Login}", "official", $"zj-{unit.Line}-330100", "330100", ["case-worker"])]);
        foreach (var (script, lang) in Ways(screen))
        {
            await using var me = await Walk.BeginAsync(birth.Platform, screen, script, lang, "birth", "citizen-a");
            await me.FindAsync("生孩子要办的手续", "出生一件事", "A birth, all in one");
            await me.SeesAsync("包括哪些事项", "What it consists of");
            await me.LooksAsync("guide");
            await me.Page.ClickAsync("main a[href$='/apply']");
            await me.Page.SelectOptionAsync("#f-region", "330100");
            foreach (var wanted in (string[])["register", "insure", "card", "pay"])
                await me.Page.CheckAsync($"input[name={wanted}][value=true]");
            // What is asked for follows from what was chosen.
            await me.Page.ClickAsync("button[name=look]");
            await Assertions.Expect(me.Page.Locator("#f-pay_by")).ToBeVisibleAsync();
            await me.Page.FillAsync("#f-child_name", "演示儿童");
            await me.Page.FillAsync("#f-born", "2026-10-20");
            await me.Page.FillAsync("#f-mother_name", "演示母亲");
            await me.Page.FillAsync("#f-hospital", "示例医院");
            await me.Page.FillAsync("#f-clinic", "示例社区卫生服务中心");
            foreach (var (field, value) in ((string, string)[])[("settle_with", "母亲"), ("band", "一档"), ("pay_by", "银行代扣"), ("card_to", "邮寄到家")])
                await me.Page.SelectOptionAsync("#f-" + field, value);
            await me.Page.SetInputFilesAsync("input[name='material:household-book']", Book);
            await me.LooksAsync("apply");
            // Something was forgotten: nothing that was typed is lost.
            await me.Page.ClickAsync("button.send");
            await Assertions.Expect(me.Page.Locator(".faults a[href='#f-material:hospital-record']")).ToBeVisibleAsync();
            await Assertions.Expect(me.Page.Locator("#f-child_name")).ToHaveValueAsync("演示儿童");
            await me.LooksAsync("fault");
            await me.Page.CheckAsync("input[name='choice:hospital-record'][value=later]");
            await me.Page.ClickAsync("button.send");
            var number = await me.Page.Locator("#number").InnerTextAsync();
            await me.LooksAsync("receipt");

            var seen = await birth.SeenAsync(number, null, "citizen-a");
            Assert.Null(await birth.DoAsync("health", Birth.PartOf(seen, "birth-certificate"), "materials/hospital-record/close", new { reason = "医院已推送" }));
            await birth.DecideAsync("health", Birth.PartOf(seen, "birth-certificate"), "办成");
            await birth.DecideAsync("health", Birth.PartOf(seen, "vaccination"), "办成");
            await me.Visitor.OpenAsync($"/me/applications/{number}");
            await me.SeesAsync("已签发", "Issued");
            await me.LooksAsync("course");
            seen = await birth.SeenAsync(number, null, "citizen-a");
            foreach (var (unit, part) in ((string, string)[])[("police", "household"), ("insurance", "insurance"), ("cards", "card")])
                await birth.DecideAsync(unit, Birth.PartOf(seen, part), "办成");
            await birth.DecideAsync("tax", Birth.PartOf(await birth.SeenAsync(number, null, "citizen-a"), "contribution"), "办成");

            await me.Visitor.OpenAsync($"/me/applications/{number}");
            await Assertions.Expect(me.Page.Locator("ol.parts > li.ended")).ToHaveCountAsync(6);
            await Assertions.Expect(me.Page.Locator("ol.parts .of", new() { HasText = me.Say("杭州市税务局", "Tax") })).ToHaveCountAsync(1);
            await Assertions.Expect(me.Page.Locator("article.document h1", new() { HasText = "出生一件事办理结果" })).ToBeVisibleAsync();
            await me.LooksAsync("result");
            await me.Visitor.OpenAsync("/me/wallet");
            await me.Page.GetByRole(AriaRole.Link, new() { Name = me.Say("出生医学证明", "Medical certificate of birth") }).First.ClickAsync();
            await me.SeesAsync("示例医院", "示例医院");
            await me.LooksAsync("certificate");
        }
    }

    [Shows("plat-citizen-front")]
    [Shows("gov-efficiency", Lacks = "the seven “ones”, but for petitions and the supervision of tasks")]
    [Theory, InlineData(Screen.Desktop), InlineData(Screen.Phone)]
    public async Task A_complaint_goes_from_saying_it_to_a_reply_and_a_rating_that_is_answered(Screen screen)
    {
        var clock = new StandingClock();
        await using var platform = await ConcernCase.StartAsync("sqlite", clock);
        using var officer = await platform.SignInAsync(Officer);
        foreach (var (script, lang) in Ways(screen))
        {
            await using var me = await Walk.BeginAsync(platform, screen, script, lang, "complaint");
            await me.Page.ClickAsync("main a[href='/say'] >> nth=0");
            await me.Page.SelectOptionAsync("#region", "330100");
            await me.Page.FillAsync("#said", me.Say("合成：工地半夜打桩，噪声大得睡不着，已经三天了", "合成：隔壁工地夜里一直在施工，声音太响，孩子没法睡"));
            await me.LooksAsync("say");
            await me.Page.ClickAsync("button.send");
            var (number, code) = (await me.Page.Locator("#number").InnerTextAsync(), await me.Page.Locator("#code").InnerTextAsync());
            // It was sorted by a rule, and says to whom.
            await me.SeesAsync("杭州市综合执法局", "Hangzhou");
            await me.LooksAsync("said");

            async Task FollowAsync()
            {
                await me.Visitor.OpenAsync($"/applications?number={number}");
                await me.Page.FillAsync("#code", code);
                await me.Page.ClickAsync("form.form button");
                await Assertions.Expect(me.Page.Locator("main dl").First).ToBeVisibleAsync();
            }
            await FollowAsync();
            await me.LooksAsync("waiting");
            var file = (await officer.GetFromJsonAsync<JsonElement>("/api/v1/tasks?take=50")).GetProperty("items")[0].Text("number")!;
            Assert.Equal("204", await AnswerAsync(officer, file, "accept"));
            Assert.Equal(System.Net.HttpStatusCode.NoContent, await RunningPlatform.FinishAsync(officer, file, "handle", new { settled = "解决", reply = "已责令停止夜间施工（合成）" }));
            await platform.RunJobsAsync();

            await FollowAsync();
            await me.SeesAsync("已责令停止夜间施工（合成）", "已责令停止夜间施工（合成）");
            await me.LooksAsync("reply");
            await me.Page.CheckAsync("input[name=level][value='1']");
            await me.Page.CheckAsync("input[name=reasons] >> nth=0");
            await me.Page.FillAsync("#rating-words", "合成：等了很久才答复");
            await me.Page.ClickAsync("#rating button");
            await me.SeesAsync("合成：等了很久才答复", "合成：等了很久才答复");
            await me.LooksAsync("rated");
        }
    }

    [Theory, InlineData(Screen.Desktop), InlineData(Screen.Phone)]
    public async Task An_agent_acts_for_a_company_within_the_authority_and_not_beyond(Screen screen)
    {
        await using var platform = await RunningPlatform.StartAsync("sqlite");
        await platform.ApplyAsync(Pack);
        using var keeper = await platform.SignInAsync("duty");
        var company = "organisation:" + await Persons.OrganisationAsync(keeper, "enterprise-a");
        foreach (var (script, lang) in Ways(screen))
        {
            // The representative says what for, and for how long.
            await using var head = await Walk.BeginAsync(platform, screen, script, lang, "agent", "enterprise-a");
            await head.Visitor.OpenAsync("/me/authority");
            await head.Page.SelectOptionAsync("#principal", company);
            await head.Page.FillAsync("#agent", "citizen-b");
            await head.Page.CheckAsync($"input[name=matter][value='{Pack}/road-damage']");
            await head.LooksAsync("offer");
            await head.Page.ClickAsync("main form[action='/me/authority'] button");
            await head.SeesAsync("等待接受", "waiting to be accepted");

            await using var agent = await Walk.BeginAsync(platform, screen, script, lang, "agent", "citizen-b");
            await agent.Visitor.OpenAsync("/me/authority");
            await agent.LooksAsync("offered");
            await agent.Page.ClickAsync("form[action='/me/authority/accept'] button");
            await Assertions.Expect(agent.Page.Locator("form[action='/me/authority/accept']")).ToHaveCountAsync(0);
            // Within: the company can be chosen.
            await agent.Visitor.OpenAsync($"/services/{Pack}/road-damage/apply");
            await agent.Page.CheckAsync($"input[name=for][value='{company}']");
            await agent.Page.SelectOptionAsync("#f-region", "330100");
            await agent.Page.FillAsync("#f-detail", "合成：厂门口路面塌陷，货车进不来");
            await agent.LooksAsync("apply");
            // Beyond: it cannot, and whoever sends it all the same is told why.
            await using var other = await Walk.BeginAsync(platform, screen, script, lang, "agent", "citizen-b");
            await other.Visitor.OpenAsync($"/services/{Pack}/bus-service/apply");
            await Assertions.Expect(other.Page.Locator("input[name=for]").First).ToBeAttachedAsync();
            await Assertions.Expect(other.Page.Locator($"input[name=for][value='{company}']")).ToHaveCountAsync(0);
            await other.Page.SelectOptionAsync("#f-region", "330100");
            await other.Page.FillAsync("#f-detail", "合成：厂门口的公交班次太少，等四十分钟");
            await other.Page.EvaluateAsync("to => document.querySelector('input[name=for]').value = to", company);
            await other.Page.CheckAsync("input[name=for] >> nth=0");
            await other.Page.ClickAsync("button.send");
            await Assertions.Expect(other.Page.Locator(".faults a[href='#f-for']")).ToBeVisibleAsync();
            await other.LooksAsync("beyond");

            await agent.Page.ClickAsync("button.send");
            var number = await agent.Page.Locator("#number").InnerTextAsync();
            await agent.LooksAsync("receipt");
            await head.Visitor.OpenAsync("/me/applications");
            await Assertions.Expect(head.Page.Locator($"a[href='/me/applications/{number}']")).ToBeVisibleAsync();
            await head.SeesAsync("演示·居民乙", "居民乙");
            await head.LooksAsync("applications");
            // Ended, the agent sees nothing of it any more.
            await head.Visitor.OpenAsync("/me/authority");
            await head.Page.ClickAsync("form[action='/me/authority/end'] button");
            await Assertions.Expect(head.Page.Locator("form[action='/me/authority/end']")).ToHaveCountAsync(0);
            await agent.Visitor.OpenAsync($"/me/applications/{number}");
            await agent.LooksAsync("ended");
            Assert.Equal(404, (await agent.Page.APIRequest.GetAsync($"/me/applications/{number}")).Status);
        }
    }

    /// <summary>Somebody who goes through a journey in one way.</summary>
    private sealed class Walk : IAsyncDisposable
    {
        private readonly string _name, _lang;

        private Walk(Visitor visitor, string name, string lang) => (Visitor, _name, _lang) = (visitor, name, lang);

        public Visitor Visitor { get; }

        public IPage Page => Visitor.Page;

        /// <summary>Comes to the front page, signed in where told, and reads it in a language.</summary>
        public static async Task<Walk> BeginAsync(RunningPlatform platform, Screen screen, bool script, string lang, string journey, string? login = null)
        {
            var visitor = await Visitor.ComeAsync(platform, screen, script);
            if (login is not null)
                await visitor.SignInAsync(login, "/");
            await visitor.OpenAsync($"/language?to={lang}&back=/");
            return new Walk(visitor, $"journey-{journey}-{(lang == Lang.En ? "en" : "zh")}{(script ? "" : "-plain")}", lang);
        }

        public string Say(string zh, string en) => _lang == Lang.En ? en : zh;

        public Task SeesAsync(string zh, string en) => Visitor.SeesAsync(Say(zh, en));

        public Task LooksAsync(string page) => Visitor.LooksAsync($"{_name}-{page}");

        /// <summary>Finds a service by everyday words, as one types them on the front page, and opens its guide.</summary>
        public async Task FindAsync(string words, string zh, string en)
        {
            await LooksAsync("home");
            await Page.FillAsync("#q", words);
            await Page.ClickAsync(".search button");
            await Page.WaitForURLAsync("**q=**");
            await Visitor.IsReadyAsync();
            await LooksAsync("found");
            await Page.Locator(".found").GetByRole(AriaRole.Link, new() { Name = Say(zh, en), Exact = true }).First.ClickAsync();
            await Assertions.Expect(Page.Locator("h1")).ToHaveTextAsync(Say(zh, en));
        }

        public ValueTask DisposeAsync() => Visitor.DisposeAsync();
    }
}
