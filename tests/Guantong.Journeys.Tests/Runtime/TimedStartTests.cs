using System.Net.Http.Json;
using System.Text.Json;

namespace Guantong.Tests;

/// <summary>Processes that begin by time.</summary>
public sealed class TimedStartTests
{
    // The clock stands at 2026-11-02T01:00:00Z when the pack comes into force.
    private static string Begun(string timer, string task = "核查") => $"""
        <startEvent id="start" name="定期核查"><timerEventDefinition>{timer}</timerEventDefinition></startEvent><userTask id="inspect" name="{task}"/><endEvent id="end" name="已答复"/>
        <sequenceFlow id="a" sourceRef="start" targetRef="inspect"/><sequenceFlow id="b" sourceRef="inspect" targetRef="end"/>
        """;

    private static (string, string) File(string timer, string task = "核查") => ("processes/air-report.bpmn", PlayedProcess.File(PlayedProcess.Process("played", Begun(timer, task))));

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task A_cycle_opens_a_case_each_time_once_however_many_nodes_run_and_what_was_missed_too(string store)
    {
        await using var played = await PlayedProcess.StartAsync(store, Begun("<timeCycle>R4/2026-11-01T08:00:00Z/P1D</timeCycle>"));
        await played.RunAsync();
        // The first of the four times lay before the pack came into force.
        Assert.Empty(await CasesAsync(played));
        await played.PassAsync(TimeSpan.FromHours(7), nodes: 4);
        var first = Assert.Single(await CasesAsync(played));
        Assert.Equal("330000", first.GetProperty("region").GetString());
        Assert.Equal("inspect:open", await played.TasksAsync(first.GetProperty("id").GetString()!));
        Assert.Equal("2026-11-02T08:00:00.000Z", (await played.DataAsync(first.GetProperty("id").GetString()!, played.Operator)).GetProperty("scheduled").GetString());
        // Nobody ran anything for five days.
        await played.PassAsync(TimeSpan.FromDays(5), nodes: 4);
        await played.PassAsync(TimeSpan.FromDays(5), nodes: 4);
        Assert.Equal(3, (await CasesAsync(played)).Count);
        Assert.Empty(await played.IncidentsAsync());
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task A_timer_that_stays_as_it_was_keeps_its_time_when_the_pack_changes_and_one_that_is_gone_opens_nothing(string store)
    {
        await using var played = await PlayedProcess.StartAsync(store, Begun("<timeDuration>PT2H</timeDuration>"));
        await played.PassAsync(TimeSpan.FromHours(1));
        await played.ApplyAsync(File("<timeDuration>PT2H</timeDuration>", "复核"));
        await played.PassAsync(TimeSpan.FromHours(1));
        var opened = Assert.Single(await CasesAsync(played));
        var task = (await played.Operator.GetFromJsonAsync<JsonElement>($"/api/v1/cases/{opened.GetProperty("id").GetString()}")).GetProperty("tasks")[0];
        Assert.Equal("复核", task.GetProperty("name").GetString());
        // Its one time has been: bringing the pack into force again does not bring it back, a new time does.
        await played.ApplyAsync(File("<timeDuration>PT2H</timeDuration>", "再核"));
        await played.PassAsync(TimeSpan.FromDays(1));
        Assert.Single(await CasesAsync(played));
        await played.ApplyAsync(File("<timeDuration>PT3H</timeDuration>"));
        await played.PassAsync(TimeSpan.FromHours(3));
        Assert.Equal(2, (await CasesAsync(played)).Count);
        await played.ApplyAsync(File("<timeCycle>PT1H</timeCycle>"));
        await played.ApplyAsync(("processes/air-report.bpmn", PlayedProcess.File(PlayedProcess.Process("played", Begun("").Replace("<timerEventDefinition></timerEventDefinition>", "", StringComparison.Ordinal)))));
        await played.PassAsync(TimeSpan.FromDays(1));
        Assert.Equal(2, (await CasesAsync(played)).Count);
    }

    private static async Task<IReadOnlyList<JsonElement>> CasesAsync(PlayedProcess played) => [.. (await played.Operator.GetFromJsonAsync<JsonElement>("/api/v1/cases")).GetProperty("items").EnumerateArray()];
}
