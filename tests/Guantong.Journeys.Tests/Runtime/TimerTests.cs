using System.Net;

namespace Guantong.Tests;

/// <summary>Timers of cases.</summary>
public sealed class TimerTests
{
    private static string Timed(string boundary, string timer) => $"""
        <startEvent id="start"/><userTask id="inspect" name="核查"/>
        <boundaryEvent id="late" attachedToRef="inspect" {boundary}><timerEventDefinition>{timer}</timerEventDefinition></boundaryEvent>
        <userTask id="remind" name="催办"/><endEvent id="end" name="已答复"/><endEvent id="reminded" name="已催办"/>
        <sequenceFlow id="a" sourceRef="start" targetRef="inspect"/><sequenceFlow id="b" sourceRef="inspect" targetRef="end"/>
        <sequenceFlow id="c" sourceRef="late" targetRef="remind"/><sequenceFlow id="d" sourceRef="remind" targetRef="reminded"/>
        """;

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task A_task_that_is_too_late_is_withdrawn_and_its_case_goes_the_timer_s_way(string store)
    {
        await using var played = await PlayedProcess.StartAsync(store, Timed("", "<timeDuration>PT2H</timeDuration>"));
        var id = await played.OpenAsync();
        await played.PassAsync(TimeSpan.FromMinutes(119));
        Assert.Equal("inspect:open", await played.TasksAsync(id));
        await played.PassAsync(TimeSpan.FromMinutes(1));
        Assert.Equal("inspect:withdrawn remind:open", await played.TasksAsync(id));
        Assert.Equal(HttpStatusCode.Conflict, await played.FinishAsync(id, "inspect"));
        Assert.Equal(HttpStatusCode.NoContent, await played.FinishAsync(id, "remind"));
        Assert.Equal(("ended", "已催办"), await played.StandAsync(id));
        await played.PassAsync(TimeSpan.FromDays(1));
        Assert.Single(await played.LedgerAsync(id), a => a == "timer.fired");
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task A_reminder_comes_as_often_as_it_says_and_no_more_once_the_task_is_done(string store)
    {
        await using var played = await PlayedProcess.StartAsync(store, Timed("cancelActivity=\"false\"", "<timeCycle>R3/PT1H</timeCycle>"));
        var (slow, quick) = (await played.OpenAsync(), await played.OpenAsync());
        await played.PassAsync(TimeSpan.FromMinutes(61));
        Assert.Equal(HttpStatusCode.NoContent, await played.FinishAsync(quick, "inspect"));
        // Nobody ran anything for two days: what was missed is not lost.
        await played.PassAsync(TimeSpan.FromDays(2));
        await played.PassAsync(TimeSpan.FromDays(2));
        Assert.Equal("inspect:open remind:open remind:open remind:open", await played.TasksAsync(slow));
        Assert.Equal("inspect:done remind:open", await played.TasksAsync(quick));
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task A_case_waits_for_its_hour_between_two_tasks(string store)
    {
        await using var played = await PlayedProcess.StartAsync(store, """
            <startEvent id="start"/><userTask id="notice" name="告知"/>
            <intermediateCatchEvent id="rest"><timerEventDefinition><timeDuration>P3D</timeDuration></timerEventDefinition></intermediateCatchEvent>
            <userTask id="visit" name="回访"/><endEvent id="end" name="已答复"/>
            <sequenceFlow id="a" sourceRef="start" targetRef="notice"/><sequenceFlow id="b" sourceRef="notice" targetRef="rest"/>
            <sequenceFlow id="c" sourceRef="rest" targetRef="visit"/><sequenceFlow id="d" sourceRef="visit" targetRef="end"/>
            """);
        var id = await played.OpenAsync();
        await played.FinishAsync(id, "notice");
        await played.PassAsync(TimeSpan.FromDays(2.9));
        Assert.Equal("notice:done", await played.TasksAsync(id));
        await played.PassAsync(TimeSpan.FromDays(0.1), nodes: 3);
        Assert.Equal("notice:done visit:open", await played.TasksAsync(id));
    }
}
