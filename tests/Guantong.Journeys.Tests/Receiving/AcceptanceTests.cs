using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using static Guantong.Tests.ConcernCase;

namespace Guantong.Tests;

/// <summary>Applications answered before they are handled: accepted, supplemented once, rejected, redirected, and accepted by silence.</summary>
public sealed class AcceptanceTests
{
    private static DateTimeOffset At(JsonElement of, string name) => DateTimeOffset.Parse(of.GetProperty(name).GetString()!, CultureInfo.InvariantCulture);

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task An_application_waits_for_the_units_answer_and_its_term_runs_from_acceptance(string store)
    {
        var clock = new StandingClock();
        await using var platform = await StartAsync(store, clock);
        using var anyone = platform.Anonymous();
        using var officer = await platform.SignInAsync(Officer);
        using var builder = await platform.SignInAsync(Builder);
        using var clerk = await platform.SignInAsync(Clerk);
        var receipt = await AppliedAsync(anyone);
        Assert.Equal("received/received acceptance:open", await StandsAsync(officer, receipt.Number));
        var seen = await SeenAsync(anyone, receipt);
        Assert.Equal("received", seen.GetProperty("state").GetString());
        Assert.Equal(JsonValueKind.Null, seen.GetProperty("due").ValueKind);
        Assert.Equal("杭州市综合执法局", seen.GetProperty("acceptance").GetProperty("unit").GetString());
        Assert.DoesNotContain("answeredBy", seen.GetProperty("acceptance").ToString(), StringComparison.Ordinal);
        // It is in the unit's list as any task is; but it is answered, not finished.
        var task = (await officer.GetFromJsonAsync<JsonElement>("/api/v1/tasks")).GetProperty("items").EnumerateArray().Single(t => t.GetProperty("number").GetString() == receipt.Number).GetProperty("id").GetString();
        Assert.Equal("409 acceptance-answer", await officer.PostAsJsonAsync($"/api/v1/tasks/{task}/finish", new { }).ToldAsync());
        Assert.Equal("403 task-elsewhere", await AnswerAsync(builder, receipt.Number, "accept"));
        Assert.StartsWith("403", await AnswerAsync(clerk, receipt.Number, "accept"), StringComparison.Ordinal);
        Assert.Equal("404 acceptance-none", await AnswerAsync(officer, await AppliedElsewhereAsync(anyone), "accept"));

        clock.Now = clock.Now.AddMinutes(20);
        // Two officials at once: one answers.
        using var head = await platform.SignInAsync(Head);
        var both = await Task.WhenAll(AnswerAsync(officer, receipt.Number, "accept"), AnswerAsync(head, receipt.Number, "accept"));
        Assert.Equal(["204", "409 acceptance-answered"], both.Order());
        Assert.Equal("open/accepted acceptance:done handle:open", await StandsAsync(officer, receipt.Number));
        seen = await SeenAsync(anyone, receipt);
        Assert.True(At(seen, "due") > At(seen, "opened").AddDays(9));
        var letter = seen.GetProperty("documents").EnumerateArray().Single();
        Assert.Equal("受理通知书", letter.GetProperty("name").GetString());
        Assert.StartsWith("受〔", letter.GetProperty("number").GetString(), StringComparison.Ordinal);
        Assert.Equal(System.Net.HttpStatusCode.NoContent, await RunningPlatform.FinishAsync(officer, receipt.Number, "handle", new { settled = "解决", reply = "已责令停止夜间施工（合成）" }));
        await platform.EndedAsync(officer, receipt.Number);
        Assert.Equal("409 acceptance-answered", await AnswerAsync(officer, receipt.Number, "accept"));
    }

    // A case that nobody is asked to accept.
    private static async Task<string> AppliedElsewhereAsync(HttpClient anyone) =>
        (await anyone.PostAsJsonAsync("/api/v1/services/environment.air-quality/air-report/applications", new { region = "330100", data = new { kind = "工地扬尘", place = "示例工地", seen_on = "2026-03-02" } }).JsonAsync()).GetProperty("number").GetString()!;

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task Supplementing_is_asked_for_once_and_for_all_of_it_and_the_answer_is_due_anew(string store)
    {
        var clock = new StandingClock();
        await using var platform = await StartAsync(store, clock);
        using var anyone = platform.Anonymous();
        using var officer = await platform.SignInAsync(Officer);
        var receipt = await AppliedAsync(anyone);
        Assert.Equal("422 supplement-what", await AnswerAsync(officer, receipt.Number, "supplement", new { fields = Array.Empty<string>(), reason = "请写明地点" }));
        Assert.Equal("422 supplement-what", await AnswerAsync(officer, receipt.Number, "supplement", new { fields = new[] { "nothing" }, reason = "请写明地点" }));
        Assert.Equal("422 reason-missing", await AnswerAsync(officer, receipt.Number, "supplement", new { fields = new[] { "place" } }));
        Assert.Equal("204", await AnswerAsync(officer, receipt.Number, "supplement", new { fields = new[] { "place" }, reason = "请写明工地的名称和路口" }));
        Assert.Equal("received/supplement acceptance:done", await StandsAsync(officer, receipt.Number));
        var seen = await SeenAsync(anyone, receipt);
        Assert.Equal("在什么地方", seen.GetProperty("acceptance").GetProperty("wanted").GetProperty("names")[0].GetString());
        Assert.Contains("请写明工地的名称和路口", seen.GetProperty("documents")[0].GetProperty("markdown").GetString(), StringComparison.Ordinal);
        Assert.Contains("1. 在什么地方", seen.GetProperty("documents")[0].GetProperty("markdown").GetString(), StringComparison.Ordinal);
        Assert.Equal("409 acceptance-answered", await AnswerAsync(officer, receipt.Number, "accept"));

        string Give() => $"/api/v1/applications/{receipt.Number}/supplement?code={receipt.Code}";
        Assert.Equal("404 not-found", await anyone.PostAsJsonAsync($"/api/v1/applications/{receipt.Number}/supplement?code=AAAA", new { place = "x" }).ToldAsync());
        using var long_ = await anyone.PostAsJsonAsync(Give(), new { place = new string('长', 200) });
        Assert.Equal(422, (int)long_.StatusCode);
        Assert.Equal("422 fields", await anyone.PostAsJsonAsync(Give(), new { place = " " }).ToldAsync());
        clock.Now = clock.Now.AddDays(1);
        using var later = await platform.SignInAsync(Officer);
        // What was not asked for stays as it was.
        Assert.Equal("204", await anyone.PostAsJsonAsync(Give(), new { place = "示例大道和示例路口的合成工地", detail = "改掉" }).ToldAsync());
        Assert.Equal("409 supplement-none", await anyone.PostAsJsonAsync(Give(), new { place = "再来" }).ToldAsync());
        Assert.Equal("received/received acceptance:done acceptance:open", await StandsAsync(later, receipt.Number));
        var data = (await later.GetFromJsonAsync<JsonElement>($"/api/v1/cases/{receipt.Number}")).GetProperty("case").GetProperty("data").GetString()!;
        Assert.Contains("示例大道和示例路口的合成工地", data, StringComparison.Ordinal);
        Assert.Contains("工地夜间打桩", data, StringComparison.Ordinal);
        Assert.Equal("409 supplement-once", await AnswerAsync(later, receipt.Number, "supplement", new { fields = new[] { "place" }, reason = "再写" }));
        Assert.Equal("204", await AnswerAsync(later, receipt.Number, "accept"));
        Assert.Equal("open/accepted acceptance:done acceptance:done handle:open", await StandsAsync(later, receipt.Number));

        // Who does not supplement in time is looked at again, and not rejected by any machine.
        var silent = await AppliedAsync(anyone);
        Assert.Equal("204", await AnswerAsync(later, silent.Number, "supplement", new { fields = new[] { "place" }, reason = "请写明地点" }));
        clock.Now = clock.Now.AddDays(11);
        await platform.RunJobsAsync();
        using var last = await platform.SignInAsync(Officer);
        Assert.Equal("received/received acceptance:done acceptance:open", await StandsAsync(last, silent.Number));
        Assert.Equal("204", await AnswerAsync(last, silent.Number, "reject", new { ground = "not-supplemented", reason = "逾期没有补正地点，无法核查" }));
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task A_rejection_has_its_ground_reasons_and_remedy_and_a_leader_of_the_unit_takes_it_back(string store)
    {
        await using var platform = await StartAsync(store);
        using var anyone = platform.Anonymous();
        using var officer = await platform.SignInAsync(Officer);
        using var head = await platform.SignInAsync(Head);
        using var other = await platform.SignInAsync("leader");
        var (rejected, redirected) = (await AppliedAsync(anyone), await AppliedAsync(anyone));
        Assert.Equal("422 reject-ground", await AnswerAsync(officer, rejected.Number, "reject", new { ground = "related-case", reason = "x" }));
        Assert.Equal("422 reason-missing", await AnswerAsync(officer, rejected.Number, "reject", new { ground = "not-needed", reason = " " }));
        Assert.Equal("204", await AnswerAsync(officer, rejected.Number, "reject", new { ground = "not-needed", reason = "该工地已停工（合成）" }));
        Assert.Equal("422 redirect-whom", await AnswerAsync(officer, redirected.Number, "redirect", new { ground = "outside-powers", reason = "不归本机关管" }));
        Assert.Equal("204", await AnswerAsync(officer, redirected.Number, "redirect", new { ground = "outside-powers", toward = "杭州市生态环境局", reason = "工厂噪声由生态环境部门处理（合成）" }));

        var seen = await SeenAsync(anyone, rejected);
        Assert.Equal("rejected", seen.GetProperty("state").GetString());
        Assert.Equal("该工地已停工（合成）", seen.GetProperty("acceptance").GetProperty("reason").GetString());
        var letter = seen.GetProperty("documents")[0];
        Assert.Equal("不予受理决定书", letter.GetProperty("name").GetString());
        Assert.Contains("申请行政复议", letter.GetProperty("markdown").GetString(), StringComparison.Ordinal);
        Assert.Contains("《行政许可法》第三十二条", letter.GetProperty("markdown").GetString(), StringComparison.Ordinal);
        Assert.Contains("杭州市生态环境局", (await SeenAsync(anyone, redirected)).GetProperty("documents")[0].GetProperty("markdown").GetString(), StringComparison.Ordinal);

        Assert.Equal("403 not-allowed", await AnswerAsync(officer, rejected.Number, "reopen", new { reason = "核实有误" }));
        Assert.Equal("403 acceptance-not-yours", await AnswerAsync(other, rejected.Number, "reopen", new { reason = "核实有误" }));
        var both = await Task.WhenAll(AnswerAsync(head, rejected.Number, "reopen", new { reason = "核实有误" }), AnswerAsync(head, rejected.Number, "reopen", new { reason = "核实有误" }));
        Assert.Equal(["204", "409 acceptance-open"], both.Order());
        Assert.Equal("received/received acceptance:done acceptance:open", await StandsAsync(officer, rejected.Number));
        Assert.Equal("204", await AnswerAsync(officer, rejected.Number, "accept"));
        // What was not accepted is archived as any other file.
        Assert.Equal("204", await head.PostAsJsonAsync($"/api/v1/cases/{redirected.Number}/archive", new { }).ToldAsync());
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task What_is_not_answered_in_time_is_accepted_as_of_the_day_on_which_it_came_in(string store)
    {
        var clock = new StandingClock();
        await using var platform = await StartAsync(store, clock);
        using var anyone = platform.Anonymous();
        using var officer = await platform.SignInAsync(Officer);
        var (silent, answered) = (await AppliedAsync(anyone), await AppliedAsync(anyone));
        Assert.Equal("204", await AnswerAsync(officer, answered.Number, "accept"));
        var due = At(await SeenAsync(anyone, answered), "due");
        await platform.RunJobsAsync();
        Assert.Equal("received/received acceptance:open", await StandsAsync(officer, silent.Number));
        clock.Now = clock.Now.AddDays(12);
        await platform.RunJobsAsync();
        using var later = await platform.SignInAsync(Officer);
        Assert.Equal("open/accepted acceptance:withdrawn handle:open", await StandsAsync(later, silent.Number));
        var seen = await SeenAsync(anyone, silent);
        Assert.Equal(due, At(seen, "due"));
        Assert.Contains("逾期未作答复", seen.GetProperty("documents")[0].GetProperty("markdown").GetString(), StringComparison.Ordinal);
        Assert.Equal("409 acceptance-answered", await AnswerAsync(later, silent.Number, "accept"));
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task An_applicant_takes_back_what_was_not_accepted_yet_and_is_told_of_each_answer(string store)
    {
        await using var platform = await StartAsync(store);
        using var anyone = platform.Anonymous();
        using var citizen = await platform.SignInAsync("citizen-a");
        using var officer = await platform.SignInAsync(Officer);
        var own = (await citizen.PostAsJsonAsync($"/api/v1/services/{Pack}/construction-noise/applications", new { region = "330100", @for = "self", data = new { detail = "合成：工地太吵了睡不着觉" } }).JsonAsync()).GetProperty("number").GetString()!;
        var code = await AppliedAsync(anyone);
        Assert.Equal("404 not-found", await citizen.PostAsJsonAsync($"/api/v1/me/applications/{code.Number}/withdraw", new { }).ToldAsync());
        Assert.Equal("204", await anyone.PostAsJsonAsync($"/api/v1/applications/{code.Number}/withdraw?code={code.Code}", new { }).ToldAsync());
        Assert.Equal("withdrawn/withdrawn acceptance:withdrawn", await StandsAsync(officer, code.Number));
        Assert.Equal("409 acceptance-answered", await AnswerAsync(officer, code.Number, "accept"));
        Assert.Equal("204", await AnswerAsync(officer, own, "supplement", new { fields = new[] { "place" }, reason = "请写明地点" }));
        Assert.Equal("204", await citizen.PostAsJsonAsync($"/api/v1/me/applications/{own}/supplement", new { place = "示例路 1 号合成工地" }).ToldAsync());
        Assert.Equal("204", await AnswerAsync(officer, own, "accept"));
        Assert.Equal("409 acceptance-answered", await citizen.PostAsJsonAsync($"/api/v1/me/applications/{own}/withdraw", new { }).ToldAsync());
        var told = (await citizen.GetFromJsonAsync<JsonElement>("/api/v1/me/notices")).GetProperty("items").EnumerateArray().Select(n => n.GetProperty("on").GetString()).Order().ToList();
        Assert.Equal(["accepted", "received", "supplement"], told);
        // Whose data it was finds who read it, and nothing of how the acceptance stood in between.
        Assert.Contains("application.accepted", (await citizen.GetStringAsync("/api/v1/me/reads")), StringComparison.Ordinal);
    }
}
