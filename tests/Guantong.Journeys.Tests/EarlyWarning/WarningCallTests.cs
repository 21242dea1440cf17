using System.Net.Http.Json;
using System.Text.Json;
using Guantong.Insight;
using Guantong.Trust;
using Microsoft.Extensions.DependencyInjection;
using static Guantong.Tests.WarnedAir;

namespace Guantong.Tests;

/// <summary>Whoever is on call is told of warnings, acknowledges them, and where nobody does, the leaders are told.</summary>
public sealed class WarningCallTests
{
    private const string Levels = """
            period: day
            regions: [city]
            levels: {blue: "> 75", orange: "> 150"}
            call: {within: PT2H}
        """;

    private static async Task<List<string>> ToldAsync(WarnedAir air, string login) =>
        [.. (await air.GetAsync(login, "notices")).GetProperty("items").EnumerateArray().Where(n => n.Text("on")!.StartsWith("warning", StringComparison.Ordinal)).Select(n => n.Text("subject")!).Reverse()];

    private static Task<string> RosterAsync(WarnedAir air, string by, string? login, string from = "2026-11-01", string to = "2026-11-30", string? unit = Ecology) => air.PostAsync(by, "on-call", new { unit, login, from, to });

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task Who_is_on_call_is_told_and_acknowledges_once(string store)
    {
        await using var air = await StartAsync(store, Levels);
        Assert.Equal("201", await RosterAsync(air, "head", "colleague"));
        await air.LoadAsync(0, 40, 40, 100);
        var id = await air.OnlyAsync();
        Assert.Equal(["蓝色预警：湖州市 PM2.5 平均浓度"], await ToldAsync(air, "colleague"));
        Assert.Empty(await ToldAsync(air, "worker-huzhou"));
        var text = (await air.GetAsync("colleague", "notices")).GetProperty("items")[0].Text("text")!;
        Assert.Contains("实际 100 µg/m³，超过 75 µg/m³", text, StringComparison.Ordinal);
        Assert.Contains("请在 2026-11-02 11:00 前确认：", text, StringComparison.Ordinal);
        Assert.EndsWith($"/desk/warnings/{id}", text, StringComparison.Ordinal);
        Assert.Equal(id, Assert.Single((await air.GetAsync("colleague", "warnings/waiting")).EnumerateArray()).Text("warningId"));

        // Another unit was not told; of the unit, whoever is not on call does not answer for it.
        Assert.Equal("404 not-found", await air.PostAsync("worker-hangzhou", $"warnings/{id}/acknowledge", new { note = "我来" }));
        Assert.Equal("403 warning-not-on-call", await air.PostAsync("worker-huzhou", $"warnings/{id}/acknowledge", new { note = "我来" }));
        Assert.Equal("422 warning-note", await air.PostAsync("colleague", $"warnings/{id}/acknowledge", new { note = " " }));
        Assert.StartsWith("403", await air.PostAsync("auditor", $"warnings/{id}/acknowledge", new { note = "我来" }), StringComparison.Ordinal);
        Assert.Equal("204", await air.PostAsync("colleague", $"warnings/{id}/acknowledge", new { note = "已通知各企业减排（合成）" }));
        Assert.Equal("409 warning-answered", await air.PostAsync("head", $"warnings/{id}/acknowledge", new { note = "再来一次" }));
        var call = Assert.Single((await air.GetAsync("leader", $"warnings/{id}")).GetProperty("calls").EnumerateArray());
        Assert.Equal(("answered", "已通知各企业减排（合成）"), (call.Text("state"), call.Text("note")));
        Assert.Empty((await air.GetAsync("colleague", "warnings/waiting")).EnumerateArray());
        Assert.Equal(1, await air.TracedAsync("warning.acknowledged"));
        // What was answered goes to nobody else.
        air.Pass(TimeSpan.FromHours(3));
        Assert.False(await air.Platform.Services.GetRequiredService<WarningCalls>().PassNextAsync(TestContext.Current.CancellationToken));
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task Of_two_who_acknowledge_at_once_one_does(string store)
    {
        await using var air = await StartAsync(store, Levels);
        await air.LoadAsync(0, 40, 100);
        var id = await air.OnlyAsync();
        // Nobody is on the roster: whoever works for the unit may.
        var answers = await Task.WhenAll(air.PostAsync("colleague", $"warnings/{id}/acknowledge", new { note = "甲" }), air.PostAsync("worker-huzhou", $"warnings/{id}/acknowledge", new { note = "乙" }));
        Assert.Equal(["204", "409 warning-answered"], answers.Order(StringComparer.Ordinal));
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task What_nobody_answers_in_time_goes_to_the_leaders_once(string store)
    {
        await using var air = await StartAsync(store, Levels);
        await RosterAsync(air, "head", "colleague");
        await air.LoadAsync(0, 40, 100);
        var (id, calls) = (await air.OnlyAsync(), air.Platform.Services.GetRequiredService<WarningCalls>());
        air.Pass(TimeSpan.FromMinutes(119));
        Assert.False(await calls.PassNextAsync(TestContext.Current.CancellationToken));
        Assert.Empty(await ToldAsync(air, "head"));
        air.Pass(TimeSpan.FromMinutes(2));
        await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => calls.PassNextAsync(TestContext.Current.CancellationToken)));
        Assert.Equal(["预警无人确认：湖州市 PM2.5 平均浓度（蓝色）"], await ToldAsync(air, "head"));
        Assert.Equal(1, await air.TracedAsync("warning.call-passed"));
        Assert.Equal("204", await air.PostAsync("head", $"warnings/{id}/acknowledge", new { note = "已安排" }));
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task A_graver_level_calls_anew_and_what_is_over_by_the_time_its_rows_come_calls_nobody(string store)
    {
        await using var air = await StartAsync(store, Levels);
        await air.LoadAsync(0, 40, 100);
        await air.LoadAsync(2, 90);
        // Longer, but no graver: nobody is told twice.
        Assert.Equal(["蓝色预警：湖州市 PM2.5 平均浓度"], await ToldAsync(air, "worker-huzhou"));
        await air.LoadAsync(3, 180);
        // Both came at the same moment of a clock that stands.
        Assert.Equal(["橙色预警：湖州市 PM2.5 平均浓度", "蓝色预警：湖州市 PM2.5 平均浓度"], (await ToldAsync(air, "worker-huzhou")).Order(StringComparer.Ordinal));
        var calls = (await air.GetAsync("leader", $"warnings/{await air.OnlyAsync()}")).GetProperty("calls").EnumerateArray().Select(c => $"{c.Text("level")} {c.Text("state")}");
        Assert.Equal(["blue replaced", "orange waiting"], calls.Order(StringComparer.Ordinal));
        await air.LoadAsync(4, 40, 200, 40);
        Assert.Equal(2, (await ToldAsync(air, "worker-huzhou")).Count);
        Assert.Equal(2, (await air.WarningsAsync()).Count);
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task A_roster_is_its_units_leaders_to_make(string store)
    {
        await using var air = await StartAsync(store, Levels);
        Assert.StartsWith("403", await RosterAsync(air, "colleague", "colleague"), StringComparison.Ordinal);
        Assert.Equal("403 on-call-not-yours", await RosterAsync(air, "leader-hangzhou-enforcement", "colleague"));
        Assert.Equal("422 on-call-whom", await RosterAsync(air, "head", "worker-hangzhou"));
        Assert.Equal("422 on-call-time", await RosterAsync(air, "head", "colleague", "2026-11-05", "2026-11-04"));
        Assert.Equal("422 on-call-time", await RosterAsync(air, "head", "colleague", "2026-10-01", "2026-10-02"));
        Assert.Equal("422 on-call-time", await RosterAsync(air, "head", "colleague", "tomorrow", "2026-11-04"));
        Assert.Equal("201", await RosterAsync(air, "head", "colleague", "2026-11-02T08:00", "2026-11-02T20:00", unit: null));
        Assert.Equal("409 on-call-twice", await RosterAsync(air, "head", "colleague", "2026-11-02T19:59", "2026-11-03T08:00"));
        // Another may be on call at the same time; a leader above may say so, too; so may a unit as a whole.
        Assert.Equal("201", await RosterAsync(air, "leader-ecology", "third", "2026-11-02", "2026-11-02"));
        Assert.Equal("201", await RosterAsync(air, "head", null, "2026-11-03", "2026-11-04"));
        var turns = (await air.GetAsync("colleague", "on-call")).EnumerateArray().ToList();
        Assert.Equal(["third", "colleague", null], turns.Select(t => t.Text("login")));
        Assert.Equal(("2026-11-02T00:00:00.000Z", "2026-11-02T12:00:00.000Z"), (turns[1].Text("begins"), turns[1].Text("ends")));
        Assert.Equal("403 on-call-not-yours", await (await air.AsAsync("worker-hangzhou")).GetAsync($"/api/v1/on-call?unit={Ecology}").ToldAsync());
        Assert.Equal("204", await air.PostAsync("head", $"on-call/{turns[0].Text("id")}/end"));
        Assert.Equal("409 on-call-over", await air.PostAsync("head", $"on-call/{turns[0].Text("id")}/end"));
        Assert.Equal("404 not-found", await air.PostAsync("head", "on-call/nothing/end"));
        Assert.Equal((3, 1), (await air.TracedAsync("on-call.declared"), await air.TracedAsync("on-call.ended")));
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task Whoever_stands_in_for_an_official_is_on_call_for_them(string store)
    {
        await using var air = await StartAsync(store, Levels);
        await RosterAsync(air, "head", "colleague");
        Assert.Equal("201", await air.PostAsync("colleague", "absences", new { from = "2026-11-02", to = "2026-11-03", substitute = "third" }));
        await air.LoadAsync(0, 40, 100);
        Assert.Single(await ToldAsync(air, "third"));
        Assert.Empty(await ToldAsync(air, "colleague"));
        Assert.Equal("204", await air.PostAsync("third", $"warnings/{await air.OnlyAsync()}/acknowledge", new { note = "代为处理" }));
    }
}
