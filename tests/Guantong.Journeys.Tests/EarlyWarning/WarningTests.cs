using System.Text.Json;
using static Guantong.Tests.WarnedAir;

namespace Guantong.Tests;

/// <summary>Warnings fire from signals, say why, end when it is normal again, and open the one case.</summary>
public sealed class WarningTests
{
    private const string Signals = """
            period: day
            regions: [city]
            levels: {red: "> 250"}
            keep: 2
            quiet: P3D
            signals:
              - {signal: jump, name: 骤升, by: change, levels: {yellow: "> 50", orange: "> 200"}}
              - {signal: unusual, name: 异常, by: forecast, season: 7, levels: {blue: "> 3"}}
            together:
              - {trigger: several, name: 多点, of: [jump, unusual], least: 2, within: P3D, area: city, level: red}
        """;

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task Signals_fire_say_why_end_and_take_up_what_crosses_again(string store)
    {
        await using var air = await StartAsync(store, Signals);
        await air.LoadAsync(0, [.. Weeks(20), 91]);
        Assert.Equal([$"330500 {Day(20)[5..]}–{Day(20)[5..]} red running jump,several,unusual"], await air.WarningsAsync());
        var id = await air.OnlyAsync();
        var file = await air.GetAsync("auditor", $"warnings/{id}");
        var why = Assert.Single(file.GetProperty("days").EnumerateArray()).GetProperty("why").EnumerateArray().Select(w => w.GetString()!).ToList();
        Assert.Equal(3, why.Count);
        Assert.Matches("^较前一日上升 [0-9.]+%，超过 50%（由 4[0-9] µg/m³ 到 91 µg/m³）$", why[0]);
        Assert.Matches("^预计 [0-9.]+–[0-9.]+ µg/m³，实际 91 µg/m³；偏离 [0-9.]+ 倍标准误，超过 3$", why[1]);
        Assert.Equal("3 天内 2 处信号（至少 2 处）：湖州市“骤升”、湖州市“异常”", why[2]);
        var english = await air.GetAsync("auditor", $"warnings/{id}?lang=en");
        Assert.Matches("^Up by [0-9.]+% on the day before, which is above 50% \\(from 4[0-9] µg/m³ to 91 µg/m³\\)$", english.GetProperty("days")[0].GetProperty("why")[0].GetString()!);
        // What was expected of each day that has two weeks before it, and the figures around.
        Assert.Equal(21, file.GetProperty("figures").GetArrayLength());
        Assert.InRange(file.GetProperty("bands").GetArrayLength(), 6, 14);
        // It is red: the case is open, once.
        Assert.NotNull(file.GetProperty("warning").Text("caseId"));

        // One day below does not end it, two do.
        await air.LoadAsync(21, 42);
        Assert.Equal("running", (await air.GetAsync("auditor", $"warnings/{id}")).GetProperty("warning").Text("state"));
        await air.LoadAsync(22, 44);
        Assert.Equal([$"330500 {Day(20)[5..]}–{Day(20)[5..]} red ended {Day(22)[5..]} jump,several,unusual"], await air.WarningsAsync());
        Assert.Equal(1, await air.TracedAsync("warning.ended"));
        // Three days after that end it still counts as the same.
        await air.LoadAsync(23, 43, 46, 140);
        var again = Assert.Single(await air.WarningsAsync());
        Assert.StartsWith($"330500 {Day(20)[5..]}–{Day(25)[5..]} red running", again, StringComparison.Ordinal);
        await air.LoadAsync(26, 42, 41, 43, 45, 44, 130);
        Assert.Equal(2, (await air.WarningsAsync()).Count);
        Assert.Equal(1, (await air.GetAsync("auditor", "cases?matter=pollution-episode")).GetProperty("items").EnumerateArray().Count(c => c.Text("warning") == id));
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task Doing_it_again_changes_nothing(string store)
    {
        await using var air = await StartAsync(store, Signals);
        int[] days = [.. Weeks(20), 91, 42, 44, 43];
        await air.LoadAsync(0, days);
        var (before, fired, updated) = (await air.GetAsync("auditor", "warnings"), await air.TracedAsync("warning.fired"), await air.TracedAsync("warning.updated"));
        await air.LoadAsync(0, days);
        // What comes in elsewhere has everything evaluated anew.
        await air.LoadAsync("ZJ330106", 0, 40, 41, 40);
        Assert.Equal(before.ToString(), (await air.GetAsync("auditor", "warnings")).ToString());
        Assert.Equal((fired, updated), (await air.TracedAsync("warning.fired"), await air.TracedAsync("warning.updated")));
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task Rows_that_are_mended_end_a_warning_that_never_was(string store)
    {
        await using var air = await StartAsync(store, Signals);
        await air.LoadAsync(0, [.. Weeks(20), 300]);
        Assert.Single(await air.WarningsAsync("&state=running"));
        await air.LoadAsync(20, 43);
        Assert.Empty(await air.WarningsAsync("&state=running"));
        Assert.Equal(1, await air.TracedAsync("warning.ended"));
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task Control_charts_EARS_and_cumulative_sums_warn_too(string store)
    {
        await using var air = await StartAsync(store, """
                period: day
                regions: [city]
                signals:
                  - {signal: shift, by: control, rules: [1, 4], level: blue}
                  - {signal: cluster, by: ears, form: C1, least: 1, levels: {orange: "> 10"}}
                  - {signal: drift, by: cusum, k: 0.5, h: 5, level: yellow}
            """);
        int[] steady = [.. Enumerable.Range(0, 25).Select(t => 40 + t * 37 % 5)];
        // A little too much every day: nothing stands out, and it adds up.
        await air.LoadAsync(0, [.. steady, .. Enumerable.Repeat(44, 12)]);
        var drift = Assert.Single(await air.WarningsAsync());
        Assert.Contains(" yellow running drift,shift", drift, StringComparison.Ordinal);
        var why = (await air.GetAsync("auditor", $"warnings/{await air.OnlyAsync()}")).GetProperty("days").EnumerateArray().SelectMany(d => d.GetProperty("why").EnumerateArray()).Select(w => w.GetString()!).ToList();
        Assert.Contains(why, w => w.StartsWith("连续八点在中心线同侧；中心线 4", StringComparison.Ordinal));
        Assert.Contains(why, w => w.StartsWith("自基准 4", StringComparison.Ordinal) && w.EndsWith("倍标准差，超过 5；实际 44 µg/m³", StringComparison.Ordinal));
        // One day that stands out.
        await air.LoadAsync(37, 120);
        var file = await air.GetAsync("auditor", $"warnings/{await air.OnlyAsync()}");
        Assert.Equal("orange", file.GetProperty("warning").Text("level"));
        Assert.Contains(file.GetProperty("days").EnumerateArray().Last().GetProperty("why").EnumerateArray(), w => w.GetString()!.StartsWith("C1 统计量 ", StringComparison.Ordinal));
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task Several_places_together_warn_of_the_city_they_lie_in(string store)
    {
        await using var air = await StartAsync(store, """
                period: day
                regions: [county]
                signals:
                  - {signal: jump, by: change, levels: {blue: "> 50"}}
                together:
                  - {trigger: spreading, of: [jump], least: 2, within: P2D, area: city, level: orange}
            """);
        await air.LoadAsync("ZJ330502", 0, 40, 40, 70, 70, 70);
        Assert.Equal([$"330502 {Day(2)[5..]}–{Day(2)[5..]} blue ended {Day(3)[5..]} jump"], await air.WarningsAsync());
        await air.LoadAsync("ZJ330503", 0, 40, 40, 40, 90, 90);
        Assert.Equal([$"330502 {Day(2)[5..]}–{Day(2)[5..]} blue ended {Day(3)[5..]} jump", $"330503 {Day(3)[5..]}–{Day(3)[5..]} blue ended {Day(4)[5..]} jump", $"330500 {Day(3)[5..]}–{Day(3)[5..]} orange ended {Day(4)[5..]} spreading"],
            (await air.WarningsAsync()).OrderBy(w => w.Contains("330500", StringComparison.Ordinal)).ThenBy(w => w, StringComparer.Ordinal));
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task Warnings_are_found_by_place_level_state_signal_and_time_page_by_page(string store)
    {
        await using var air = await StartAsync(store, """
                period: day
                regions: [province, city]
                levels: {blue: "> 75", red: "> 250"}
                signals:
                  - {signal: jump, by: change, levels: {yellow: "> 100"}}
            """);
        await air.LoadAsync(0, 40, 100, 40, 40, 40, 300, 40, 80);
        Assert.Equal(6, (await air.WarningsAsync()).Count);
        Assert.Equal(3, (await air.WarningsAsync("&region=330500")).Count);
        Assert.Equal(6, (await air.WarningsAsync("&within=330000")).Count);
        Assert.Equal(3, (await air.WarningsAsync("&within=330500")).Count);
        Assert.Equal(2, (await air.WarningsAsync("&level=red")).Count);
        Assert.Equal(2, (await air.WarningsAsync("&state=running")).Count);
        Assert.Equal(4, (await air.WarningsAsync("&signal=jump")).Count);
        Assert.Equal(4, (await air.WarningsAsync($"&from={Day(2)}")).Count);
        Assert.Equal(2, (await air.WarningsAsync($"&from={Day(2)}&to={Day(6)}")).Count);
        Assert.Empty(await air.WarningsAsync("&pack=nothing.here"));
        var second = await air.GetAsync("auditor", "warnings?skip=4&take=4");
        Assert.Equal((2, 6), (second.GetProperty("items").GetArrayLength(), second.GetProperty("total").GetInt32()));
        Assert.Equal("404 not-found", await (await air.AsAsync("auditor")).GetAsync("/api/v1/warnings/nothing").ToldAsync());
        // Anybody reads the list; the file of one is for officials.
        using var anyone = air.Platform.Anonymous();
        Assert.Equal("200", await anyone.GetAsync("/api/v1/warnings").ToldAsync());
        Assert.Equal(System.Net.HttpStatusCode.Unauthorized, (await anyone.GetAsync($"/api/v1/warnings/{second.GetProperty("items")[0].Text("id")}")).StatusCode);
    }
}
