using Guantong.Data;
using Guantong.Trust;
using Microsoft.Extensions.DependencyInjection;
using static Guantong.Tests.WarnedAir;

namespace Guantong.Tests;

/// <summary>Only regions whose figures changed are evaluated, and the warnings are those that evaluating everything would give.</summary>
public sealed class WatchTests
{
    private const string Signals = """
            period: day
            regions: [city]
            levels: {red: "> 250"}
            keep: 2
            quiet: P3D
            signals:
              - {signal: jump, by: change, levels: {yellow: "> 50", orange: "> 200"}}
              - {signal: unusual, by: forecast, season: 7, levels: {blue: "> 6"}}
        """;

    private const string Together = Signals + "\n    together:\n      - {trigger: several, of: [jump, unusual], least: 2, within: P3D, area: province, level: red}\n";

    private const string Hangzhou = "ZJ330106";

    // All that is told of warnings but who was told of them when.
    private static async Task<IReadOnlyList<string>> ToldAsync(WarnedAir air)
    {
        var told = new List<string>();
        foreach (var warning in (await air.GetAsync("auditor", "warnings?take=100")).GetProperty("items").EnumerateArray())
            told.Add($"{warning.Text("region")} {warning.Text("firstDay")} {warning.Text("lastDay")} {warning.Text("level")} {warning.GetProperty("value")} {warning.Text("state")} {warning.GetProperty("endedOn")} {warning.Text("signals")} {(await air.GetAsync("auditor", $"warnings/{warning.Text("id")}")).GetProperty("days")}");
        return [.. told.Order(StringComparer.Ordinal)];
    }

    [Theory]
    [InlineData("sqlite", Signals), InlineData("sqlite", Together), InlineData("postgres", Signals), InlineData("postgres", Together)]
    public async Task Step_by_step_or_all_at_once_the_warnings_are_the_same(string store, string warn)
    {
        int[] days = [.. Weeks(24), 91, 43, 44, 42, 41, 45, 46, 140, 44, 43];
        int[] others = [.. Weeks(30), 120, 43, 41, 42];
        await using var once = await StartAsync(store, warn);
        await once.LoadAsync(Hangzhou, 0, others);
        await once.LoadAsync(0, days);
        await using var steps = await StartAsync(store, warn);
        // The tenth day is late, and the sixth was reported wrongly.
        await steps.LoadAsync(0, days.Take(12).Select((value, day) => day switch { 5 => value + 1, 9 => -1, _ => value }));
        await steps.LoadAsync(12, days[12..20]);
        await steps.LoadAsync(9, days[9]);
        await steps.LoadAsync(5, days[5]);
        // What was wrong with the twenty-fifth shows but later, when days after it are there.
        await steps.LoadAsync(20, [.. days[20..24], 46, .. days[25..28]]);
        await steps.LoadAsync(Hangzhou, 0, others[..30]);
        await steps.LoadAsync(24, days[24]);
        await steps.LoadAsync(28, days[28..]);
        await steps.LoadAsync(Hangzhou, 30, others[30..]);
        var expected = await ToldAsync(once);
        Assert.InRange(expected.Count, 3, 6);
        Assert.Equal(expected, await ToldAsync(steps));
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task A_region_whose_figures_stand_is_not_evaluated_again_until_its_pack_changes_or_it_is_computed_anew(string store)
    {
        await using var air = await StartAsync(store, Signals);
        await air.LoadAsync(Hangzhou, 0, [.. Weeks(20), 91]);
        await air.LoadAsync(0, [.. Weeks(20), 91]);
        Assert.Equal(2, (await air.WarningsAsync()).Count);
        var right = await ToldAsync(air);
        // What nobody evaluates stays as somebody has made it.
        Task SpoilAsync() => air.Platform.Services.GetRequiredService<Store>().ChangeAsync(DateTimeOffset.UtcNow, async change =>
        {
            await change.ExecuteAsync("UPDATE warning SET days = '[]'");
            change.Record("test", "warning.spoilt", "warning:all", "{}");
        });
        async Task<string> SpoiltAsync() => string.Join(' ', (await air.GetAsync("auditor", "warnings")).GetProperty("items").EnumerateArray().Where(w => w.Text("days") == "[]").Select(w => w.Text("region")).Order(StringComparer.Ordinal));
        await SpoilAsync();
        await air.LoadAsync(0, [.. Weeks(20), 91]);
        Assert.Equal("330100 330500", await SpoiltAsync());
        await air.LoadAsync(21, 42);
        Assert.Equal("330100", await SpoiltAsync());
        Assert.Equal("200", await air.PostAsync("steward", $"indicators/{Pack}/{Indicator}/recompute"));
        Assert.Equal("", await SpoiltAsync());
        Assert.Equal(right[0], (await ToldAsync(air))[0]);
        await SpoilAsync();
        await air.DeclareAsync(Signals.Replace("> 250", "> 260", StringComparison.Ordinal));
        await air.LoadAsync(22, 44);
        Assert.Equal("", await SpoiltAsync());
    }
}
