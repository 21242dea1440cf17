using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Guantong.Trust;
using Microsoft.Extensions.DependencyInjection;
using static Guantong.Tests.PackPlay;

namespace Guantong.Tests;

/// <summary>Sports grounds: a slot goes to one application, whoever asks at the same moment, and is free again once it is cancelled; a school that is open too little is followed until a later week was long enough; a licence asks for all that the law asks for.</summary>
public sealed class SportTests
{
    private const string Pack = "society.sport", Xihu = "330106", Hall = "CG330106A", School = "CG330106B", Firm = "91330122YY7000995Y";

    private static readonly string Folder = Path.Combine(Repository.Root, "packs/society/sport");

    private static readonly Person[] People = [Official("xihu-sport", "zj-sport-330106"), Official("xihu-sport-b", "zj-sport-330106"), Official("xihu-education", "zj-education-330106")];

    private static readonly object Evening = new { venue = Hall, use_day = "2026-11-03", hour = 18, court = 1, activity = "羽毛球", people = 4, minors = false, word = "feather1" };

    private static async Task<RunningPlatform> StartAsync(string store, StandingClock clock)
    {
        var platform = await RunningPlatform.StartAsync(store, clock: clock);
        await platform.ApplyAsync(Pack);
        await platform.Services.GetRequiredService<Accounts>().SeedAsync(People);
        await platform.LoadLinesAsync(Pack, "venue", "venue,name,kind,sport,courts,capacity,manager,credit,owed,longitude,latitude,region",
            $"{Hall},演示西湖体育馆,公共体育场馆,羽毛球,2,6,演示体育场馆中心,,56,120.13,30.26,{Xihu}", $"{School},演示西湖中学,学校,篮球,1,12,演示中学,,21,120.12,30.27,{Xihu}");
        return platform;
    }

    private static async Task<string> ApplyAsync(HttpClient who, string matter, object data) =>
        (await who.PostAsJsonAsync($"/api/v1/services/{Pack}/{matter}/applications", new { region = Xihu, data }).JsonAsync()).Text("number")!;

    private static string Documents(JsonElement file) => string.Join(' ', file.GetProperty("documents").EnumerateArray().Select(d => d.Text("name")));

    /// <summary>A case once something was made out in it; time goes on meanwhile, as who waits for a slot is told after a minute.</summary>
    private static async Task<JsonElement> AnsweredAsync(RunningPlatform platform, StandingClock clock, HttpClient official, string number)
    {
        for (var i = 0; i < 100; i++)
        {
            await platform.RunJobsAsync();
            if (await FileAsync(official, number) is var file && Documents(file).Length > 0)
                return file;
            clock.Now += TimeSpan.FromSeconds(20);
        }
        throw new InvalidOperationException($"{number} was not answered.");
    }

    [Shows("soc-sport", Lacks = "guidance, events registered and scored, athletes’ grades and careers; a group takes one slot an application, charged slots are not paid for here")]
    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task Of_two_who_want_a_slot_at_the_same_moment_one_has_it_and_once_it_is_cancelled_another(string store)
    {
        var clock = new StandingClock();
        await using var platform = await StartAsync(store, clock);
        using var sport = await platform.SignInAsync("xihu-sport");
        using var anyone = platform.Anonymous();
        using var another = platform.Anonymous();

        // Two courts for two hours are four slots, and a day is published once.
        var evening = new { holder = Firm, venue = Hall, use_day = "2026-11-03", first_hour = 18, last_hour = 20, lesson_day = false };
        foreach (var (given, outcome) in ((object, string)[])[(evening, "已公布"), (evening, "不予公布"), (evening with { venue = School, first_hour = 9, lesson_day = true }, "不予公布")])
        {
            var opening = await ApplyAsync(anyone, "slot-opening", given);
            await platform.RunJobsAsync();
            await DoAsync(platform, sport, opening, "confirm", new { agreed = true, confirm_note = "照常开放（合成）" });
            var published = await platform.EndedAsync(sport, opening);
            Assert.Equal(outcome, published.GetProperty("case").Text("outcome"));
            if (given != (object)evening)
                Assert.Contains("学校上课的日子从十七时起开放", Document(published, "不予公布答复"), StringComparison.Ordinal);
        }
        Assert.Equal(4, (await RowsAsync(anyone, Pack, "slot")).Count(s => s["state"].GetString() == "空闲"));

        var asked = await Task.WhenAll(ApplyAsync(anyone, "slot-use", Evening), ApplyAsync(another, "slot-use", Evening));
        var told = new List<(string Number, string Document)>();
        foreach (var number in asked)
            told.Add((number, Documents(await AnsweredAsync(platform, clock, sport, number))));
        Assert.Equal(["时段没有约到", "时段约定确认单"], told.Select(t => t.Document).Order(StringComparer.Ordinal));
        Assert.Equal("已被约走", (await platform.EndedAsync(sport, told.Single(t => t.Document == "时段没有约到").Number)).GetProperty("case").Text("outcome"));
        var holder = told.Single(t => t.Document == "时段约定确认单").Number;
        Assert.Contains("人数、项目都合", Document(await FileAsync(sport, holder), "时段约定确认单"), StringComparison.Ordinal);
        Assert.Equal(["18 1"], (await RowsAsync(anyone, Pack, "slot")).Where(s => s["state"].GetString() == "已约").Select(s => $"{s["hour"]} {s["court"]}"));

        // A wrong word cancels nothing; the right one frees the slot, and the next one who asks has it.
        foreach (var (word, outcome) in ((string, string)[])[("feather2", "没有找到约定"), ("feather1", "已取消"), ("feather1", "没有找到约定")])
        {
            var cancelling = await ApplyAsync(another, "slot-cancel", new { use_number = holder, word });
            await AnsweredAsync(platform, clock, sport, cancelling);
            Assert.Equal(outcome, (await platform.EndedAsync(sport, cancelling)).GetProperty("case").Text("outcome"));
        }
        Assert.Equal("已取消", (await platform.EndedAsync(sport, holder)).GetProperty("case").Text("outcome"));
        var next = await ApplyAsync(anyone, "slot-use", Evening);
        Assert.Equal("时段约定确认单", Documents(await AnsweredAsync(platform, clock, sport, next)));

        // Minors alone are for an official to decide on; a group takes from the same slots.
        var minors = await ApplyAsync(anyone, "slot-use", new { venue = Hall, use_day = "2026-11-03", hour = 19, court = 1, activity = "羽毛球", people = 4, minors = true, adult = false, word = "feather3" });
        await platform.RunJobsAsync();
        await DoAsync(platform, sport, minors, "review", new { agreed = false, review_reason = "请一位成年人陪同（合成）" });
        var no = await platform.EndedAsync(sport, minors);
        Assert.Equal("不予同意", no.GetProperty("case").Text("outcome"));
        Assert.Contains("未成年人单独使用", Document(no, "不予同意使用决定书"), StringComparison.Ordinal);
        var group = await ApplyAsync(anyone, "group-use", new { party = "演示食品有限公司", holder = Firm, venue = Hall, use_day = "2026-11-03", hour = 19, court = 1, activity = "羽毛球", people = 6, purpose = "职工比赛（合成）", word = "feather4" });
        await platform.RunJobsAsync();
        await DoAsync(platform, sport, group, "decide", new { agreed = true, review_reason = "同意（合成）" });
        Assert.Equal("时段约定确认单", Documents(await AnsweredAsync(platform, clock, sport, group)));
        var late = await ApplyAsync(another, "slot-use", new { venue = Hall, use_day = "2026-11-03", hour = 19, court = 1, activity = "羽毛球", people = 2, minors = false, word = "feather5" });
        Assert.Equal("时段没有约到", Documents(await AnsweredAsync(platform, clock, sport, late)));
        Assert.Equal(["个人 已取消", "个人 已约", "团体 已约"], (await RowsAsync(sport, Pack, "use")).Select(u => $"{u["kind"]} {u["result"]}").Order(StringComparer.Ordinal));

        // What was booked is over when its time has come.
        clock.Now = new DateTimeOffset(2026, 11, 3, 18, 0, 5, TimeSpan.FromHours(8));
        using var evenings = await platform.SignInAsync("xihu-sport");
        Assert.Equal("已约定", (await platform.EndedAsync(evenings, next)).GetProperty("case").Text("outcome"));
    }

    [Fact]
    public async Task A_school_is_followed_until_a_later_week_is_long_enough_and_a_licence_asks_for_all_three_conditions()
    {
        await using var platform = await StartAsync("sqlite", new StandingClock());
        using var sport = await platform.SignInAsync("xihu-sport");
        using var colleague = await platform.SignInAsync("xihu-sport-b");
        using var education = await platform.SignInAsync("xihu-education");
        using var anyone = platform.Anonymous();
        Task OpenAsync(string sunday, double hours) => platform.LoadLinesAsync(Pack, "open-week", "venue,week_end,opened,posted,region", $"{School},{sunday},{hours},false,{Xihu}");
        await OpenAsync("2026-11-01", 10);
        var warned = Assert.Single(await WarningsAsync(anyone, Pack));
        Assert.Equal($"short-venues {Xihu} yellow running", Told(warned));
        var id = warned.Text("caseId")!;

        // A week that nobody reported leads back.
        var verified = new { real = true, venue = School, week_end = "2026-10-25", verify_note = "门禁记录每天两小时（合成）" };
        await DoAsync(platform, sport, id, "verify", verified);
        Assert.Equal("verify", Open(await FileAsync(sport, id)));
        await DoAsync(platform, sport, id, "verify", verified with { week_end = "2026-11-01" });
        Assert.Equal(HttpStatusCode.Forbidden, await RunningPlatform.FinishAsync(sport, id, "mend_school", new { mend_note = "越权（合成）" }));
        async Task RoundAsync(string sunday)
        {
            await DoAsync(platform, education, id, "mend_school", new { mend_note = "傍晚和周末开放（合成）" });
            await DoAsync(platform, colleague, id, "recheck", new { week_end = sunday, recheck_note = "看新的一周（合成）" });
        }
        await RoundAsync("2026-11-01");
        Assert.Equal("recheck", Open(await FileAsync(sport, id)));
        await OpenAsync("2026-11-08", 15);
        await DoAsync(platform, colleague, id, "recheck", new { week_end = "2026-11-08", recheck_note = "还差六小时（合成）" });
        Assert.Equal("mend_school", Open(await FileAsync(sport, id)));
        await OpenAsync("2026-11-15", 21);
        await RoundAsync("2026-11-15");
        var file = await platform.EndedAsync(sport, id);
        Assert.Equal("已开足", file.GetProperty("case").Text("outcome"));
        Assert.Contains("共 2 轮", Document(file, "开放时间整改办结单"), StringComparison.Ordinal);
        Assert.Equal("2", Assert.Single(await RowsAsync(anyone, Pack, "order-result"))["rounds"].ToString());

        foreach (var (staff, outcome, said) in ((bool, string, string)[])[(false, "不予许可", "规定数量的持证社会体育指导人员和救助人员"), (true, "准予许可", "（演示）高危体育许")])
        {
            string? basket = null;
            foreach (var material in (string[])["standard", "place", "safety"])
                basket = (await anyone.SendAsync($"/api/v1/services/{Pack}/high-risk-licence/files?field=material:{material}&name={material}.pdf", Sheets.Pdf(), basket).JsonAsync()).Text("basket");
            var data = new { holder = Firm, party = "演示游泳馆", item = "游泳", place_at = "演示路一号", guides = 2, rescuers = 3 };
            var number = (await anyone.PostAsJsonAsync($"/api/v1/services/{Pack}/high-risk-licence/applications", new { region = Xihu, data, files = basket }).JsonAsync()).Text("number")!;
            await AnswerAsync(platform, "xihu-sport", number, "accept", new { });
            await DoAsync(platform, sport, number, "visit", new { facilities_ok = true, staff_ok = staff, system_ok = true, two_officers = true, visit_note = "证书和预案现场看过（合成）" });
            var decided = new { agreed = true, decide_reason = "按核查意见（合成）" };
            Assert.NotEqual(HttpStatusCode.NoContent, await RunningPlatform.FinishAsync(sport, number, "decide", decided));
            await DoAsync(platform, colleague, number, "decide", decided);
            var licence = await platform.EndedAsync(sport, number);
            Assert.Equal(outcome, licence.GetProperty("case").Text("outcome"));
            Assert.Contains(said, Document(licence, staff ? "经营高危险性体育项目许可决定书" : "不予许可决定书"), StringComparison.Ordinal);
        }
        Assert.Equal(Firm, Assert.Single(await RowsAsync(anyone, Pack, "licence"))["holder"].GetString());
    }

    [Fact]
    public async Task A_leader_sees_what_is_open_and_used_and_anyone_how_to_take_a_slot()
    {
        await using var platform = await RunningPlatform.StartAsync("sqlite", clock: new StandingClock());
        await platform.ApplyAsync(Pack);
        await SamplesAsync(platform, Pack, Folder, "open-week", "use");
        using var anyone = platform.Anonymous();
        var running = (await WarningsAsync(anyone, Pack)).Select(Told).Where(w => w.EndsWith("running", StringComparison.Ordinal)).ToList();
        foreach (var warned in (string[])["short-venues 330212 orange running", "short-venues 330411 yellow running", "short-venues 330702 yellow running"])
            Assert.Contains(warned, running);

        await using var visitor = await Visitor.ComeAsync(platform, Screen.Desktop);
        await visitor.OpenAsync($"/services/{Pack}/slot-use");
        await visitor.SeesAsync("一个时段只给一件申请");
        await visitor.LooksAsync("sport-service");
        await visitor.OpenAsync($"/services/{Pack}/slot-use/apply");
        await visitor.LooksAsync("sport-apply");
        await CockpitAsync(visitor, Pack, "开放时段利用率", "sport-cockpit");
    }
}
