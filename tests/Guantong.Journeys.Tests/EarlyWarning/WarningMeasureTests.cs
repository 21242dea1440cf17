using System.Net.Http.Json;
using System.Text.Json;
using Guantong.Insight;
using static Guantong.Tests.WarnedAir;

namespace Guantong.Tests;

/// <summary>Warnings are judged once they have ended, measured against what really happened, and run over past figures without firing.</summary>
public sealed class WarningMeasureTests
{
    private const string Levels = """
            period: day
            regions: [city]
            levels: {blue: "> 75", red: "> 250"}
            signals:
              - {signal: jump, by: change, levels: {blue: "> 60"}}
        """;

    // Four warnings: by both, by level alone after a slow rise, by a jump alone, and one that runs.
    private static readonly int[] Days = [40, 100, 40, 60, 70, 80, 260, 40, 40, 25, 45, 40, 40, 40, 80];

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task A_warning_that_has_ended_is_judged_by_who_answers_for_its_region_and_anew(string store)
    {
        await using var air = await StartAsync(store, Levels);
        await air.LoadAsync(0, Days);
        var all = (await air.GetAsync("auditor", "warnings")).GetProperty("items").EnumerateArray().ToList();
        var (running, ended) = (all.First(w => w.Text("state") == "running"), all.Last());
        Task<string> JudgeAsync(string by, JsonElement which, string? verdict, string? note = "现场核实（合成）", long? version = null) => air.PostAsync(by, $"warnings/{which.Text("id")}/judge", new { verdict, note, version });
        Assert.StartsWith("403", await JudgeAsync("worker-huzhou", ended, "confirmed"), StringComparison.Ordinal);
        Assert.Equal("403 warning-elsewhere", await JudgeAsync("leader-hangzhou-enforcement", ended, "confirmed"));
        Assert.Equal("409 warning-running", await JudgeAsync("head", running, "confirmed"));
        Assert.Equal("422 warning-verdict", await JudgeAsync("head", ended, "perhaps"));
        Assert.Equal("422 warning-note", await JudgeAsync("head", ended, "confirmed", ""));
        Assert.Equal("404 not-found", await air.PostAsync("head", "warnings/nothing/judge", new { verdict = "false", note = "无" }));
        var version = ended.GetProperty("version").GetInt64();
        Assert.Equal("204", await JudgeAsync("head", ended, "confirmed", version: version));
        // Of two who read it as it was, the second is told that it has changed.
        Assert.Equal("409 warning-changed", await JudgeAsync("leader", ended, "false", version: version));
        Assert.Equal("204", await JudgeAsync("leader", ended, "false", "复核：仪器故障（合成）"));
        var file = await air.GetAsync("leader", $"warnings/{ended.Text("id")}");
        Assert.Equal(("false", "复核：仪器故障（合成）"), (file.GetProperty("verdict").Text("verdict"), file.GetProperty("verdict").Text("note")));
        Assert.Equal(2, await air.TracedAsync("warning.judged"));
        // What was said of it is not in the public list.
        using var anyone = air.Platform.Anonymous();
        Assert.DoesNotContain("仪器故障", await anyone.GetStringAsync("/api/v1/warnings"), StringComparison.Ordinal);
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task Precision_recall_and_lead_follow_from_verdicts_and_events(string store)
    {
        await using var air = await StartAsync(store, Levels);
        await air.LoadAsync(0, Days);
        Assert.Equal([$"330500 {Day(1)[5..]}–{Day(1)[5..]} blue ended {Day(2)[5..]} jump,levels", $"330500 {Day(5)[5..]}–{Day(6)[5..]} red ended {Day(7)[5..]} jump,levels", $"330500 {Day(10)[5..]}–{Day(10)[5..]} blue ended {Day(11)[5..]} jump", $"330500 {Day(14)[5..]}–{Day(14)[5..]} blue running jump,levels"], await air.WarningsAsync());
        var ids = (await air.GetAsync("auditor", "warnings")).GetProperty("items").EnumerateArray().Select(w => w.Text("id")!).Reverse().ToList();
        Assert.Equal("204", await air.PostAsync("head", $"warnings/{ids[0]}/judge", new { verdict = "false", note = "放烟花（合成）" }));
        Assert.Equal("204", await air.PostAsync("head", $"warnings/{ids[2]}/judge", new { verdict = "confirmed", note = "属实（合成）" }));
        Task<string> EventAsync(string by, int day, string region = Huzhou, string indicator = Indicator) => air.PostAsync(by, "warnings/events", new { pack = Pack, indicator, region, day = Day(day), words = "医院呼吸科就诊增多（合成）" });
        Assert.Equal("201", await EventAsync("head", 8));
        // Nobody warned of this one.
        Assert.Equal("201", await EventAsync("head", 0));
        Assert.Equal("409 warning-event-twice", await EventAsync("data-bureau", 8));
        Assert.Equal("403 warning-elsewhere", await EventAsync("head", 9, "330100"));
        Assert.Equal("422 warning-indicator", await EventAsync("head", 9, indicator: "good-day-rate"));
        Assert.Equal("422 warning-day", await EventAsync("head", 365));
        Assert.StartsWith("403", await EventAsync("worker-huzhou", 9), StringComparison.Ordinal);

        async Task<string> MeasuredAsync(string signal = "all") => (await air.GetAsync("worker-huzhou", $"warnings/measured?pack={Pack}"))[0].GetProperty("measures").EnumerateArray().First(m => (m.Text("signal") ?? "all") == signal) is var m
            ? $"{m.GetProperty("warnings")} {m.GetProperty("confirmed")}/{m.GetProperty("false")} {m.GetProperty("foreseen")}/{m.GetProperty("events")} lead {m.GetProperty("lead")}" : "";
        // The event of day 8 was foreseen three days before, by what fired on day 5; the one judged confirmed was at its gravest at once.
        Assert.Equal("4 2/1 1/2 lead 1.5", await MeasuredAsync());
        Assert.Equal("3 1/1 1/2 lead 3", await MeasuredAsync("levels"));
        var events = (await air.GetAsync("auditor", "warnings/events")).EnumerateArray().ToList();
        Assert.Equal([Day(8), Day(0)], events.Select(e => e.Text("day")));
        Assert.Equal("204", await air.PostAsync("leader", $"warnings/events/{events[1].Text("id")}/withdraw"));
        Assert.Equal("404 not-found", await air.PostAsync("leader", $"warnings/events/{events[1].Text("id")}/withdraw"));
        Assert.Equal("4 2/1 1/1 lead 1.5", await MeasuredAsync());
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task A_declaration_runs_over_past_figures_without_firing(string store)
    {
        await using var air = await StartAsync(store, Levels);
        await air.LoadAsync(0, Days);
        await air.PostAsync("head", "warnings/events", new { pack = Pack, indicator = Indicator, region = Huzhou, day = Day(8), words = "合成" });
        var fired = await air.GetAsync("auditor", "warnings");
        async Task<JsonElement> RunAsync(object given) => await (await air.AsAsync("designer")).PostAsJsonAsync("/api/v1/warnings/replay", given).JsonAsync();
        // What is declared gives what fired.
        var declared = await RunAsync(new { pack = Pack, indicator = Indicator });
        Assert.Equal((15, 4), (declared.GetProperty("figures").GetInt32(), declared.GetProperty("warnings").GetArrayLength()));
        Assert.Equal((1, 3), (declared.GetProperty("byLevel").GetProperty("red").GetInt32(), declared.GetProperty("byLevel").GetProperty("blue").GetInt32()));
        // Another threshold, within a time: what is judged within it rests on what was before.
        var tried = await RunAsync(new { pack = Pack, indicator = Indicator, warn = "period: day\nregions: [province, city]\nsignals:\n  - {signal: leap, by: change, levels: {red: \"> 140\"}}\n", region = Huzhou, from = Day(2), to = Day(9) });
        var only = Assert.Single(tried.GetProperty("warnings").EnumerateArray());
        Assert.Equal((Day(6), "red", "leap"), (only.Text("firstDay"), only.Text("level"), only.GetProperty("signals")[0].GetString()));
        Assert.Equal((1, 2.0), (tried.GetProperty("measures")[0].GetProperty("foreseen").GetInt32(), tried.GetProperty("measures")[0].GetProperty("lead").GetDouble()));
        // What is not sound runs nothing, and says where it is at fault.
        async Task<string> BrokenAsync(string warn) => (await (await (await air.AsAsync("designer")).PostAsJsonAsync("/api/v1/warnings/replay", new { pack = Pack, indicator = Indicator, warn })).Content.ReadFromJsonAsync<JsonElement>()).Text("detail")!;
        Assert.Contains("3:16 ", await BrokenAsync("period: day\nregions: [city]\nlevels: {blue: 0}\n"), StringComparison.Ordinal);
        Assert.Contains("没有按它计算", await BrokenAsync("period: week\nregions: [city]\nlevels: {blue: \"> 1\"}\n"), StringComparison.Ordinal);
        Assert.Equal("422 warning-broken", await air.PostAsync("designer", "warnings/replay", new { pack = Pack, indicator = Indicator, warn = "period: day\nregions: [city]\n" }));
        Assert.Equal("422 warning-broken", await air.PostAsync("designer", "warnings/replay", new { pack = Pack, indicator = Indicator, warn = "[" }));
        Assert.Equal("404 not-found", await air.PostAsync("designer", "warnings/replay", new { pack = Pack, indicator = "nothing" }));
        Assert.Equal("422 warning-declaration", await air.PostAsync("designer", "warnings/replay", new { pack = Pack, indicator = "good-day-rate" }));
        Assert.Equal(fired.ToString(), (await air.GetAsync("auditor", "warnings")).ToString());
    }

    [Fact]
    public void What_is_measured_is_reckoned_as_it_says()
    {
        static DateOnly D(int day) => Begin.AddDays(day);
        MeasuredWarning[] warnings =
        [
            new("330500", D(0), D(2), D(1), ["a"], "confirmed"),
            new("330500", D(10), D(10), D(10), ["a", "b"], null),
            new("330100", D(10), D(10), D(10), ["b"], "false"),
        ];
        var measures = Measures.Of(warnings, [("330500", D(24)), ("330500", D(25)), ("330100", D(11))]);
        Assert.Equal([null, "a", "b"], measures.Select(m => m.Signal));
        // Fourteen days after its last one, a warning tells of nothing more; one that was false never did.
        Assert.Equal(new WarningMeasure(null, 3, 2, 1, 2 / 3.0, 3, 1, 1 / 3.0, 7.5), measures[0]);
        Assert.Equal(new WarningMeasure("b", 2, 1, 1, 0.5, 3, 1, 1 / 3.0, 14), measures[2]);
        Assert.Equal(new WarningMeasure(null, 0, 0, 0, null, 0, 0, null, null), Measures.Of([], [])[0]);
    }
}
