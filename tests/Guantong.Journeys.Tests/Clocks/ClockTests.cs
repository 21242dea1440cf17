using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Guantong.Trust;
using Microsoft.Extensions.DependencyInjection;

namespace Guantong.Tests;

/// <summary>Terms in working days, their lights, and clocks that are stopped and resumed: who may, what moves, what the applicant sees.</summary>
public sealed class ClockTests
{
    private static readonly object Materials = new { ground = "materials", reason = "请补交病历复印件" };

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task A_case_and_its_task_are_due_after_working_days_and_their_lights_turn(string store)
    {
        await using var played = await Reviewed.StartAsync(store);
        // Monday 2 November 2026, nine o'clock: ten and five working days.
        Assert.Equal(("2026-11-16T10:00:00.000Z green", "2026-11-09T10:00:00.000Z green"), await played.StandsAsync());
        Assert.Equal("green green", await played.ListedAsync());
        // A fifth of five working days is left, then less; a week later a fifth of ten; then both are past.
        foreach (var (at, lights) in ((string, string)[])[("2026-11-06T09:59:00Z", "green green"), ("2026-11-06T10:00:00Z", "green yellow"), ("2026-11-09T10:00:00Z", "green yellow"), ("2026-11-09T10:01:00Z", "green red"), ("2026-11-12T10:00:00Z", "yellow red"), ("2026-11-16T10:00:01Z", "red red")])
        {
            await played.GoToAsync(at);
            Assert.Equal((at, lights), (at, await played.ListedAsync()));
        }
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task A_stopped_clock_is_seen_by_the_applicant_and_what_is_due_moves_on_once_it_is_resumed(string store)
    {
        await using var played = await Reviewed.StartAsync(store);
        await played.GoToAsync("2026-11-04T02:00:00Z");
        Assert.Equal((HttpStatusCode.NoContent, null), await played.StopAsync(played.Official, Materials));
        Assert.Equal(("2026-11-16T10:00:00.000Z stopped", "2026-11-09T10:00:00.000Z stopped"), await played.StandsAsync());
        Assert.Equal("stopped stopped", await played.ListedAsync());
        // Long past due, the light stays: nothing runs out while it stands.
        var mine = Assert.Single(await Persons.ItemsAsync(played.Citizen, "/api/v1/me/applications"));
        Assert.Equal(("2026-11-04T02:00:00.000Z", "materials"), (mine.Text("stopped"), mine.Text("ground")));
        var list = await played.PageAsync("/me/applications");
        Assert.Contains("已于 2026-11-04 10:00 中止计时：等待补正材料", list, StringComparison.Ordinal);
        var page = await played.PageAsync($"/me/applications/{played.Number}");
        foreach (var said in (string[])["已于 2026-11-04 10:00 中止计时：等待补正材料", "请补交病历复印件", "《行政许可法》第三十二条第一款第四项", "2026-11-16 18:00"])
            Assert.Contains(said, page, StringComparison.Ordinal);
        Assert.DoesNotContain("worker-hangzhou-civil", page, StringComparison.Ordinal);

        await played.GoToAsync("2026-11-09T07:00:00Z");
        Assert.Equal((HttpStatusCode.NoContent, null), await played.ResumeAsync(played.Official));
        // 5, 6 and 9 November did not count.
        Assert.Equal(("2026-11-19T10:00:00.000Z green", "2026-11-12T10:00:00.000Z green"), await played.StandsAsync());
        page = await played.PageAsync($"/me/applications/{played.Number}");
        Assert.Contains("2026-11-19 18:00", page, StringComparison.Ordinal);
        Assert.Contains("2026-11-04 10:00 – 2026-11-09 15:00", page, StringComparison.Ordinal);
        Assert.DoesNotContain("已于 2026-11-04", page, StringComparison.Ordinal);
        var clock = await played.Official.GetFromJsonAsync<JsonElement>($"/api/v1/cases/{played.Number}/clock");
        Assert.Equal(("P10D working", "materials", "2026-11-09T07:00:00.000Z"), (clock.Text("limit"), clock.GetProperty("pauses")[0].Text("ground"), clock.GetProperty("pauses")[0].Text("resumed")));
        Assert.Equal(["clock.stopped", "clock.resumed"], (await played.Official.GetFromJsonAsync<JsonElement>($"/api/v1/cases/{played.Number}/ledger")).EnumerateArray().Select(e => e.Text("action")!).Where(a => a.StartsWith("clock.", StringComparison.Ordinal)));

        // A second time: both stops count from the beginning of the term.
        await played.GoToAsync("2026-11-10T02:00:00Z");
        await played.StopAsync(played.Official, new { ground = "appraisal", reason = "委托鉴定" });
        await played.GoToAsync("2026-11-12T02:00:00Z");
        await played.ResumeAsync(played.Official);
        Assert.Equal(("2026-11-23T10:00:00.000Z green", "2026-11-16T10:00:00.000Z green"), await played.StandsAsync());
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task The_look_up_by_number_and_code_says_that_the_clock_stands(string store)
    {
        await using var played = await Reviewed.StartAsync(store, isMine: false);
        await played.StopAsync(played.Official, new { ground = "notice", reason = "公示七日" });
        using var anyone = await played.Platform.SignInAsync(null);
        var seen = await anyone.GetFromJsonAsync<JsonElement>($"/api/v1/applications/{played.Number}?code={played.Code}");
        Assert.Equal(("2026-11-02T01:00:00.000Z", "公示或公告", "公示七日"), (seen.Text("stopped"), seen.GetProperty("pauses")[0].Text("name"), seen.GetProperty("pauses")[0].Text("reason")));
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task Only_a_unit_at_work_on_it_stops_the_clock_on_a_declared_ground_and_with_a_reason(string store)
    {
        await using var played = await Reviewed.StartAsync(store);
        using var ecology = await played.Platform.SignInAsync("worker-hangzhou");
        using var elsewhere = await played.Platform.SignInAsync("worker-huzhou");
        using var leader = await played.Platform.SignInAsync("leader");
        using var nobody = played.Platform.Anonymous();
        Assert.Equal((HttpStatusCode.Forbidden, "clock-not-yours"), await played.StopAsync(ecology, Materials));
        Assert.Equal(HttpStatusCode.NotFound, (await played.StopAsync(elsewhere, Materials)).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await played.StopAsync(leader, Materials)).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await played.StopAsync(played.Citizen, Materials)).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await played.StopAsync(nobody, Materials)).Status);
        Assert.Equal((HttpStatusCode.UnprocessableEntity, "clock-ground"), await played.StopAsync(played.Official, new { ground = "holiday", reason = "去旅行" }));
        Assert.Equal((HttpStatusCode.UnprocessableEntity, "reason-missing"), await played.StopAsync(played.Official, new { ground = "materials", reason = " " }));
        Assert.Equal((HttpStatusCode.Conflict, "clock-running"), await played.ResumeAsync(played.Official));
        Assert.Equal(HttpStatusCode.NoContent, (await played.StopAsync(played.Official, Materials)).Status);
        Assert.Equal((HttpStatusCode.Conflict, "clock-stopped"), await played.StopAsync(played.Official, Materials));
        Assert.Equal((HttpStatusCode.Forbidden, "clock-not-yours"), await played.ResumeAsync(ecology));
        Assert.Equal(8, (await played.Official.GetFromJsonAsync<JsonElement>("/api/v1/clock/grounds")).EnumerateArray().Count(g => g.Text("law")!.Length > 0));
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task Of_two_officials_at_once_one_stops_and_resumes_it_and_the_other_is_told(string store)
    {
        await using var played = await Reviewed.StartAsync(store);
        await played.Platform.Services.GetRequiredService<Accounts>().SeedAsync([new Person("colleague", "演示·民政乙", "Demo colleague", "official", "zj-civil-affairs-330100", "330100", ["case-worker"])]);
        using var colleague = await played.Platform.SignInAsync("colleague");
        for (var round = 0; round < 3; round++)
        {
            var stopped = await Task.WhenAll(played.StopAsync(played.Official, Materials), played.StopAsync(colleague, Materials));
            Assert.Equal([(HttpStatusCode.NoContent, null), (HttpStatusCode.Conflict, "clock-stopped")], stopped.OrderBy(s => s.Status));
            var resumed = await Task.WhenAll(played.ResumeAsync(played.Official), played.ResumeAsync(colleague));
            Assert.Equal([(HttpStatusCode.NoContent, null), (HttpStatusCode.Conflict, "clock-running")], resumed.OrderBy(s => s.Status));
        }
        Assert.Equal(("2026-11-16T10:00:00.000Z green", "2026-11-09T10:00:00.000Z green"), await played.StandsAsync());
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task A_case_that_ends_while_its_clock_stands_has_none_that_stands(string store)
    {
        await using var played = await Reviewed.StartAsync(store);
        await played.StopAsync(played.Official, Materials);
        await RunningPlatform.FinishAsync(played.Official, played.Number, "review", new { granted = true, reason = "材料齐了" });
        var file = await played.Platform.EndedAsync(played.Official, played.Number);
        Assert.Equal((null, null, "process"), (file.GetProperty("case").Text("stopped"), file.GetProperty("case").Text("light"), file.GetProperty("pauses")[0].Text("resumedBy")));
        Assert.Equal((HttpStatusCode.Conflict, "clock-closed"), await played.ResumeAsync(played.Official));
        Assert.Equal((HttpStatusCode.Conflict, "clock-closed"), await played.StopAsync(played.Official, Materials));
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task Whoever_stopped_it_resumes_it_though_nobody_has_a_task_in_it_any_more(string store)
    {
        await using var played = await PlayedProcess.StartAsync(store, """
            <startEvent id="s"/><userTask id="a" name="核查" guantong:due="P5D working"/><intermediateCatchEvent id="w" name="等鉴定"><messageEventDefinition messageRef="m"/></intermediateCatchEvent><userTask id="b" name="处理" guantong:due="P5D working"/><endEvent id="e"/>
            <sequenceFlow id="f1" sourceRef="s" targetRef="a"/><sequenceFlow id="f2" sourceRef="a" targetRef="w"/><sequenceFlow id="f3" sourceRef="w" targetRef="b"/><sequenceFlow id="f4" sourceRef="b" targetRef="e"/>
            """, """<message id="m" name="鉴定意见"/>""");
        var id = await played.OpenAsync();
        (await played.Official.PostAsJsonAsync($"/api/v1/cases/{id}/clock/stop", Materials)).EnsureSuccessStatusCode();
        await played.FinishAsync(id, "a");
        Assert.Equal("", string.Join(' ', (await played.TasksAsync(id)).Split(' ').Where(t => t.EndsWith(":open", StringComparison.Ordinal))));
        await played.PassAsync(TimeSpan.FromDays(2));
        (await played.Official.PostAsync($"/api/v1/cases/{id}/clock/resume", null)).EnsureSuccessStatusCode();
        // The matter's limit is fifteen natural days: 17 November, and the two that it stood.
        Assert.Equal("2026-11-19T10:00:00.000Z", (await played.Official.GetFromJsonAsync<JsonElement>($"/api/v1/cases/{id}")).GetProperty("case").Text("due"));
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task Parts_of_a_case_stand_and_go_on_with_it_and_a_task_opened_meanwhile_counts_from_its_opening(string store)
    {
        await using var played = await PlayedProcess.StartAsync(store, """
            <startEvent id="s"/><callActivity id="c" name="核查" calledElement="part"/><endEvent id="e"/><sequenceFlow id="f1" sourceRef="s" targetRef="c"/><sequenceFlow id="f2" sourceRef="c" targetRef="e"/>
            """, beside: PlayedProcess.Process("part", """
            <startEvent id="ps"/><userTask id="first" name="看材料"/><userTask id="second" name="看现场" guantong:due="P5D working"/><endEvent id="pe"/>
            <sequenceFlow id="p1" sourceRef="ps" targetRef="first"/><sequenceFlow id="p2" sourceRef="first" targetRef="second"/><sequenceFlow id="p3" sourceRef="second" targetRef="pe"/>
            """));
        var id = await played.OpenAsync();
        var part = Assert.Single(await played.CalledAsync(id)).Id;
        // Its own page is where its officials work; what they stop there is the clock of the whole.
        (await played.Official.PostAsJsonAsync($"/api/v1/cases/{part}/clock/stop", Materials)).EnsureSuccessStatusCode();
        async Task<string> StandsAsync(string of) => (await played.Official.GetFromJsonAsync<JsonElement>($"/api/v1/cases/{of}")) is var f
            ? $"{f.GetProperty("case").Text("due")} {f.GetProperty("case").Text("light")}{string.Concat(f.GetProperty("tasks").EnumerateArray().Where(t => t.Text("state") == "open").Select(t => $" {t.Text("node")} {t.Text("due")}"))}" : "";
        Assert.Equal(("2026-11-17T10:00:00.000Z stopped", "2026-11-17T10:00:00.000Z stopped first 2026-11-17T10:00:00.000Z"), (await StandsAsync(id), await StandsAsync(part)));
        await played.PassAsync(TimeSpan.FromDays(1));
        await played.FinishAsync(part, "first");
        Assert.Equal("2026-11-17T10:00:00.000Z stopped second 2026-11-10T10:00:00.000Z", await StandsAsync(part));
        await played.PassAsync(TimeSpan.FromDays(1));
        (await played.Official.PostAsync($"/api/v1/cases/{part}/clock/resume", null)).EnsureSuccessStatusCode();
        // Two natural days for the case; one working day for the task that was opened a day into the stop.
        Assert.Equal(("2026-11-19T10:00:00.000Z green", "2026-11-19T10:00:00.000Z green second 2026-11-11T10:00:00.000Z"), (await StandsAsync(id), await StandsAsync(part)));
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task A_term_that_reaches_into_a_year_whose_holidays_are_not_known_is_called_an_estimate(string store)
    {
        await using var played = await Reviewed.StartAsync(store, at: "2026-12-28T01:00:00Z");
        var file = await played.Official.GetFromJsonAsync<JsonElement>($"/api/v1/cases/{played.Number}");
        Assert.True(file.GetProperty("case").GetProperty("isDueEstimated").GetBoolean());
        Assert.Contains("暂按周末推算", await played.PageAsync($"/me/applications/{played.Number}"), StringComparison.Ordinal);
        Assert.Contains("暂按周末推算", await played.PageAsync("/me/applications"), StringComparison.Ordinal);
    }
}
