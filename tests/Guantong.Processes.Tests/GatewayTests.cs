using Guantong.Processes.Simulating;

namespace Guantong.Tests;

/// <summary>Gateways (BPMN 2.0.2, clause 13.4).</summary>
public sealed class GatewayTests
{
    private const string Tasks = "<startEvent id='s'/><task id='a'/><task id='b'/><task id='c'/><endEvent id='e'/>";

    [Theory]
    [InlineData(90, "a"), InlineData(50, "b"), InlineData(10, "c")]
    public void An_exclusive_gateway_takes_the_first_way_whose_condition_holds(int amount, string taken)
    {
        var xml = Bpmn.Of(Tasks + "<exclusiveGateway id='x' default='x-c'/>", """
            s > x
            x > c > e
            x > a ? amount > 80
            x > b ? amount > 20
            a > e
            b > e
            """);
        Assert.Equal(taken, Bpmn.Run(xml, $$"""{"amount": {{amount}}}""").Order());
    }

    [Fact]
    public void A_gateway_without_a_way_that_holds_is_stuck_and_says_where()
    {
        var result = Bpmn.Run(Bpmn.Of(Tasks + "<exclusiveGateway id='x'/>", "s > x\nx > a ? n = 1\nx > b ? n = 2\na > e\nb > e\nc > e"));
        Assert.Equal(SimulationStatus.Stuck, result.Status);
        Assert.Contains(result.Trace, t => t is { What: "stuck", Id: "x", Detail: "no-condition-holds" });
    }

    [Fact]
    public void A_parallel_gateway_takes_every_way_and_joins_them_all()
    {
        var result = Bpmn.Run(Bpmn.Of(Tasks + "<parallelGateway id='f'/><parallelGateway id='j'/>", "s > f > a > j\nf > b > j\nj > c > e"));
        Assert.Equal(("a b c", "e", SimulationStatus.Completed), (result.Order(), result.Ends(), result.Status));
    }

    [Fact]
    public void A_parallel_join_that_one_token_never_reaches_is_told_as_starved()
    {
        var result = Bpmn.Run(Bpmn.Of(Tasks + "<exclusiveGateway id='x' default='x-a'/><parallelGateway id='j'/>", "s > x > a > j\nx > b ? false\nb > j > c > e"));
        Assert.Contains(result.Trace, t => t is { What: "stuck", Id: "j", Detail: "join-starved" });
    }

    private const string Inclusive = "<inclusiveGateway id='f' default='f-c'/><inclusiveGateway id='j'/><task id='d'/>";
    private const string InclusiveFlows = "s > f\nf > a ? x\nf > b ? y\nf > c > j\na > j\nb > j\nj > d > e";

    [Theory]
    [InlineData(true, true, "a b d"), InlineData(true, false, "a d"), InlineData(false, true, "b d"), InlineData(false, false, "c d")]
    public void An_inclusive_join_waits_for_the_ways_that_were_taken_and_no_others(bool x, bool y, string order)
    {
        var result = Bpmn.Run(Bpmn.Of(Tasks + Inclusive, InclusiveFlows), $$"""{"x": {{(x ? "true" : "false")}}, "y": {{(y ? "true" : "false")}}}""");
        Assert.Equal((order, "e"), (result.Order(), result.Ends()));
    }

    [Fact]
    public void An_inclusive_join_waits_while_a_task_on_a_taken_way_is_open()
    {
        var xml = Bpmn.Of(Tasks.Replace("<task id='a'/>", "<userTask id='a'/>", StringComparison.Ordinal) + Inclusive, InclusiveFlows);
        Assert.Equal(("b", "a"), (Bpmn.Run(xml, """{"x": true, "y": true}""", manual: true).Order(), Bpmn.Run(xml, """{"x": true, "y": true}""", manual: true).OpenTasks()));
        Assert.Equal("b a d", Bpmn.Run(xml, """{"x": true, "y": true}""", """[{"complete": "a"}]""").Order());
    }

    [Fact]
    public void An_inclusive_join_goes_on_once_the_last_other_token_took_a_dead_path()
    {
        // b may still come to the join until it goes off to its own end.
        var xml = Bpmn.Of(Tasks + "<inclusiveGateway id='f'/><inclusiveGateway id='j'/><exclusiveGateway id='x' default='x-off'/><endEvent id='off'/><userTask id='w'/>",
            "s > f\nf > a ? true\nf > w ? true\na > j\nw > x > off\nx > j ? back\nj > c > e\nb > e");
        var result = Bpmn.Run(xml, """{"back": false}""");
        Assert.Equal(("a w c", "off e"), (result.Order(), result.Ends()));
    }

    [Fact]
    public void An_inclusive_join_waits_for_a_loop_that_may_still_come_to_it()
    {
        var xml = Bpmn.Of(Tasks + "<inclusiveGateway id='f'/><inclusiveGateway id='j'/><exclusiveGateway id='m'/><exclusiveGateway id='x' default='x-j'/><scriptTask id='w'><script>{n: n + 1}</script></scriptTask>",
            "s > f\nf > a ? true\nf > m ? true\na > j\nm > w > x\nx > m ? 3 > n\nx > j\nj > c > e\nb > e");
        Assert.Equal("a w w w c", Bpmn.Run(xml, """{"n": 0}""").Order());
    }

    [Fact]
    public void An_inclusive_join_is_not_kept_by_a_token_that_can_only_come_the_way_of_one_that_is_there()
    {
        // Two tokens run along the same way: the first is enough (clause 13.4.3, the path from it ends at a flow that has a token).
        var xml = Bpmn.Of(Tasks + "<parallelGateway id='f'/><inclusiveGateway id='j'/><exclusiveGateway id='m'/><userTask id='w'/><userTask id='v'/>",
            "s > f > v > m\nf > w > m\nm > a > j\nj > c > e\nb > j");
        var result = Bpmn.Run(xml, events: """[{"complete": "v"}]""", manual: true);
        Assert.Equal(("v a c", "w"), (result.Order(), result.OpenTasks()));
    }

    [Fact]
    public void An_inclusive_join_inside_a_loop_fires_each_time_round()
    {
        var xml = Bpmn.Of(Tasks + "<exclusiveGateway id='m'/><inclusiveGateway id='f'/><inclusiveGateway id='j'/><exclusiveGateway id='x' default='x-e'/><scriptTask id='w'><script>{n: n + 1}</script></scriptTask>",
            "s > m > f\nf > a ? true\nf > b ? n = 0\na > j\nb > j\nj > w > x\nx > m ? 2 > n\nx > e\nc > e");
        Assert.Equal("a b w a w", Bpmn.Run(xml, """{"n": 0}""").Order());
    }

    [Fact]
    public void An_inclusive_join_waits_for_what_may_leave_an_activity_by_its_boundary()
    {
        var xml = Bpmn.Of(Tasks + "<parallelGateway id='f'/><inclusiveGateway id='j'/><userTask id='w'/><boundaryEvent id='t' attachedToRef='w'><timerEventDefinition><timeDuration>PT1H</timeDuration></timerEventDefinition></boundaryEvent><endEvent id='off'/>",
            "s > f > a > j\nf > w > off\nt > b > j\nj > c > e");
        Assert.Equal("a b c", Bpmn.Run(xml, manual: true).Order());
    }

    [Fact]
    public void An_inclusive_join_is_not_kept_by_a_token_for_which_every_way_to_it_leads_through_a_boundary()
    {
        // Round the loop, v comes to all flows of j by the deadline of w, to those with a token too; it waits for j itself.
        var xml = Bpmn.Of(Tasks + """
            <exclusiveGateway id='m'/><parallelGateway id='f'/><parallelGateway id='g'/><inclusiveGateway id='i' default='i-c'/><inclusiveGateway id='j'/><exclusiveGateway id='x' default='x-e'/>
            <exclusiveGateway id='y'/><userTask id='v'/><userTask id='w'/><boundaryEvent id='t' attachedToRef='w'><timerEventDefinition><timeDuration>PT1H</timeDuration></timerEventDefinition></boundaryEvent>
            """, "s > m > f\nf > v > g\nf > w > y > g\nt > i\ni > a ? true\ni > b ? true\ni > c\na > j\nb > j\nc > j\nj > y\ng > x\nx > m ? false\nx > e");
        var result = Bpmn.Run(xml, events: """[{"advance": "PT2H"}, {"complete": "v"}]""", manual: true);
        Assert.Equal(("a b v", SimulationStatus.Completed), (result.Order(), result.Status));
    }

    private const string Events = """
        <startEvent id='s'/><eventBasedGateway id='g'/><task id='a'/><task id='b'/><endEvent id='e'/>
        <intermediateCatchEvent id='pay'><messageEventDefinition messageRef='m1'/></intermediateCatchEvent>
        <intermediateCatchEvent id='late'><timerEventDefinition><timeDuration>P2D</timeDuration></timerEventDefinition></intermediateCatchEvent>
        """;

    [Theory]
    [InlineData("""[{"message": "paid"}]""", "a"), InlineData("[]", "b"), InlineData("""[{"at": "P3D", "message": "paid"}]""", "b")]
    public void An_event_gateway_goes_the_way_of_the_event_that_comes_first(string events, string taken)
    {
        var result = Bpmn.Run(Bpmn.Of(Events, "s > g > pay > a > e\ng > late > b > e"), events: events);
        Assert.Equal((taken, SimulationStatus.Completed), (result.Order(), result.Status));
        Assert.Empty(result.Instances[0].State.Subscriptions);
    }

    [Fact]
    public void An_event_gateway_begins_a_process_when_it_says_so()
    {
        var xml = Bpmn.Of("<eventBasedGateway id='g' instantiate='true'/><receiveTask id='a' messageRef='m1'/><receiveTask id='b' messageRef='m2'/><task id='c'/>", "g > a > c\ng > b");
        Assert.Equal("a c", Bpmn.Run(xml, events: """[{"message": "paid"}]""").Order());
        Assert.Equal("b", Bpmn.Run(xml, events: """[{"message": "cancelled"}]""").Order());
    }

    [Fact]
    public void A_task_with_several_flows_takes_each_whose_condition_holds_or_its_default()
    {
        var xml = Bpmn.Of("<startEvent id='s'/><task id='w' default='w-c'/><task id='a'/><task id='b'/><task id='c'/>", "s > w\nw > a ? n > 1\nw > b ? n > 2\nw > c");
        Assert.Equal(("w a b", "w a", "w c"), (Bpmn.Run(xml, """{"n": 3}""").Order(), Bpmn.Run(xml, """{"n": 2}""").Order(), Bpmn.Run(xml, """{"n": 1}""").Order()));
    }
}
