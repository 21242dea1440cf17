using Guantong.Processes.Simulating;

namespace Guantong.Tests;

/// <summary>Events: start, intermediate, boundary and end, of every kind (BPMN 2.0.2, clauses 10.5 and 13.5).</summary>
public sealed class EventTests
{
    private static string Boundary(string definition, string attributes = "", string host = "<userTask id='a'/>", string flows = "") =>
        Bpmn.Of($"<startEvent id='s'/>{host}<boundaryEvent id='b' attachedToRef='a' {attributes}>{definition}</boundaryEvent><task id='x'/><endEvent id='e'/><endEvent id='o'/>", "s > a > e\nb > x > o\n" + flows);

    private static string Catch(string definition) => Bpmn.Of($"<startEvent id='s'/><intermediateCatchEvent id='c'>{definition}</intermediateCatchEvent><task id='a'/>", "s > c > a");

    private static string Timer(string time) => $"<timerEventDefinition>{time}</timerEventDefinition>";

    [Theory]
    [InlineData("<timeDuration>PT36H</timeDuration>", 36), InlineData("<timeDate>2026-01-03T00:00:00+08:00</timeDate>", 40), InlineData("<timeCycle>R3/PT10H</timeCycle>", 10)]
    [InlineData("<timeDuration>wait</timeDuration>", 5), InlineData("<timeDuration>= duration(\"PT2H\")</timeDuration>", 2), InlineData("<timeDate>2020-01-01</timeDate>", 0), InlineData("<timeDuration>P1M</timeDuration>", 31 * 24)]
    public void A_timer_goes_off_at_its_time(string time, int hours) =>
        Assert.Equal($"{hours}", Bpmn.Run(Catch(Timer(time)), """{"wait": "PT5H"}""").Hours("a"));

    [Fact]
    public void A_time_that_is_unknown_is_told() => Assert.Contains(Bpmn.Run(Catch(Timer("<timeDuration>wait</timeDuration>"))).Trace, t => t is { What: "stuck", Detail: "timer-undefined" });

    [Theory]
    [InlineData("R3/PT10H", "10 20 30"), InlineData("R3/2026-01-01T05:00:00Z/PT10H", "5 15 25"), InlineData("R/PT15H", "15 30 45")]
    public void A_cycle_comes_as_often_as_it_says_and_leaves_the_task_open(string cycle, string hours)
    {
        var result = Bpmn.Run(Boundary(Timer($"<timeCycle>{cycle}</timeCycle>"), "cancelActivity='false'"), events: """[{"at": "PT50H", "complete": "a"}]""");
        Assert.Equal((hours, SimulationStatus.Completed), (result.Hours("x"), result.Status));
    }

    [Fact]
    public void An_interrupting_boundary_withdraws_its_task_and_one_that_does_not_leaves_it()
    {
        var interrupting = Bpmn.Run(Boundary(Timer("<timeDuration>PT1H</timeDuration>")), events: """[{"advance": "PT2H"}]""");
        Assert.Equal(("x", "o"), (interrupting.Order(), interrupting.Ends()));
        Assert.Contains(interrupting.Trace, t => t is { What: "withdraw", Id: "a" });
        var beside = Bpmn.Run(Boundary(Timer("<timeDuration>PT1H</timeDuration>"), "cancelActivity='false'"), events: """[{"advance": "PT2H"}]""");
        Assert.Equal(("x a", "o e"), (beside.Order(), beside.Ends()));
    }

    [Theory]
    [InlineData("<messageEventDefinition messageRef='m1'/>", """[{"message": "paid", "data": {"sum": 3}}]"""), InlineData("<signalEventDefinition signalRef='s1'/>", """[{"signal": "alarm", "data": {"sum": 3}}]""")]
    [InlineData("<errorEventDefinition errorRef='e1'/>", """[{"error": "E1", "task": "a", "data": {"sum": 3}}]"""), InlineData("<errorEventDefinition/>", """[{"error": "any", "data": {"sum": 3}}]""")]
    [InlineData("<escalationEventDefinition escalationRef='c1'/>", """[{"escalation": "C1", "task": "a", "data": {"sum": 3}}]""")]
    [InlineData("<conditionalEventDefinition><condition>sum > 2</condition></conditionalEventDefinition>", """[{"data": {"sum": 3}}]""")]
    public void A_boundary_event_catches_its_kind_and_takes_what_it_brings(string definition, string events)
    {
        var result = Bpmn.Run(Boundary(definition), events: events, manual: true);
        Assert.Equal(("x", "o", 3m), (result.Order(), result.Ends(), result.Data("sum")));
    }

    [Theory]
    [InlineData("<messageEventDefinition messageRef='m1'/>", """[{"message": "paid"}, {"message": "paid"}]"""), InlineData("<signalEventDefinition signalRef='s1'/>", """[{"signal": "alarm"}, {"signal": "alarm"}]""")]
    [InlineData("<escalationEventDefinition/>", """[{"escalation": "C1", "task": "a"}, {"escalation": "C9", "task": "a"}]""")]
    [InlineData("<conditionalEventDefinition><condition>n > 2</condition></conditionalEventDefinition>", """[{"data": {"n": 3}}, {"data": {"n": 4}}, {"data": {"n": 0}}, {"data": {"n": 5}}]""")]
    public void A_boundary_event_that_does_not_interrupt_catches_again_and_again(string definition, string events)
    {
        var result = Bpmn.Run(Boundary(definition, "cancelActivity='false'"), events: events, manual: true);
        Assert.Equal(("x x", "o o", "a"), (result.Order(), result.Ends(), result.OpenTasks()));
    }

    [Theory]
    [InlineData("<messageEventDefinition messageRef='m1'/>", """[{"message": "paid"}]"""), InlineData("<signalEventDefinition signalRef='s1'/>", """[{"signal": "alarm"}]""")]
    [InlineData("<conditionalEventDefinition><condition>go</condition></conditionalEventDefinition>", """[{"data": {"go": true}}]""")]
    public void An_intermediate_event_waits_until_it_catches(string definition, string events)
    {
        Assert.Equal((SimulationStatus.Waiting, "c"), (Bpmn.Run(Catch(definition)).Status, Bpmn.Run(Catch(definition)).Instances[0].State.Subscriptions.Single().Wait.Node));
        Assert.Equal("a", Bpmn.Run(Catch(definition), events: events).Order());
    }

    [Fact]
    public void One_of_several_events_is_enough_where_a_catching_event_names_several() =>
        Assert.Equal("a", Bpmn.Run(Catch("<messageEventDefinition messageRef='m1'/><signalEventDefinition signalRef='s1'/>"), events: """[{"signal": "alarm"}]""").Order());

    [Theory]
    [InlineData("<messageEventDefinition messageRef='m1'/>", """[{"message": "paid", "data": {"n": 1}}]""", 0), InlineData("<signalEventDefinition signalRef='s1'/>", """[{"signal": "alarm", "data": {"n": 1}}]""", 0)]
    [InlineData("<timerEventDefinition><timeDuration>PT3H</timeDuration></timerEventDefinition>", "[]", 3), InlineData("<conditionalEventDefinition><condition>go</condition></conditionalEventDefinition>", "[]", 0)]
    public void A_process_begins_by_its_start_event(string definition, string events, int hours)
    {
        var result = Bpmn.Run(Bpmn.Of($"<startEvent id='s'>{definition}</startEvent><task id='a'/><endEvent id='e'/>", "s > a > e"), events: events);
        Assert.Equal(("a", $"{hours}"), (result.Order(), result.Hours("a")));
        Assert.Empty(result.Unused);
    }

    private const string Around = "<startEvent id='s'/><subProcess id='a'><startEvent id='is'/><userTask id='w'/>{0}</subProcess><task id='after'/>";

    private static string Sub(string inside, string flows, string beside = "") =>
        Bpmn.Of(Around.Replace("{0}", inside, StringComparison.Ordinal) + beside, "s > a > after\nis > w\n" + flows);

    [Theory]
    [InlineData("<messageEventDefinition messageRef='m1'/>", """[{"message": "paid"}]"""), InlineData("<signalEventDefinition signalRef='s1'/>", """[{"signal": "alarm"}]""")]
    [InlineData("<errorEventDefinition errorRef='e1'/>", """[{"error": "E1", "task": "w"}]"""), InlineData("<escalationEventDefinition escalationRef='c1'/>", """[{"escalation": "C1", "task": "w"}]""")]
    [InlineData("<timerEventDefinition><timeDuration>PT1H</timeDuration></timerEventDefinition>", """[{"advance": "PT1H"}]"""), InlineData("<conditionalEventDefinition><condition>go</condition></conditionalEventDefinition>", """[{"data": {"go": true}}]""")]
    public void An_event_sub_process_interrupts_its_level_and_completes_it(string definition, string events)
    {
        var result = Bpmn.Run(Sub($"<subProcess id='v' triggeredByEvent='true'><startEvent id='vs'>{definition}</startEvent><task id='mend'/></subProcess>", "vs > mend"), events: events, manual: true);
        Assert.Equal("mend v a after", result.Order());
    }

    [Fact]
    public void An_event_sub_process_that_does_not_interrupt_runs_beside_its_level_each_time()
    {
        var xml = Sub("<subProcess id='v' triggeredByEvent='true'><startEvent id='vs' isInterrupting='false'><messageEventDefinition messageRef='m1'/></startEvent><task id='note'/></subProcess>", "vs > note");
        var result = Bpmn.Run(xml, events: """[{"message": "paid"}, {"message": "paid"}, {"complete": "w"}]""");
        Assert.Equal("note v note v w a after", result.Order());
    }

    [Fact]
    public void A_level_waits_for_an_event_sub_process_that_still_runs()
    {
        var xml = Sub("<subProcess id='v' triggeredByEvent='true'><startEvent id='vs' isInterrupting='false'><messageEventDefinition messageRef='m1'/></startEvent><userTask id='note'/></subProcess>", "vs > note");
        var result = Bpmn.Run(xml, events: """[{"message": "paid"}, {"complete": "w"}]""", manual: true);
        Assert.Equal(("w", "note"), (result.Order(), result.OpenTasks()));
    }

    [Fact]
    public void An_error_goes_outwards_until_it_is_caught_and_the_one_who_names_it_goes_first()
    {
        var xml = Sub("<exclusiveGateway id='x'/><endEvent id='err'><errorEventDefinition errorRef='e1'/></endEvent>", "w > x > err\nany > t1\nnamed > t2",
            "<boundaryEvent id='any' attachedToRef='a'><errorEventDefinition/></boundaryEvent><boundaryEvent id='named' attachedToRef='a'><errorEventDefinition errorRef='e1'/></boundaryEvent><task id='t1'/><task id='t2'/>");
        Assert.Equal("w t2", Bpmn.Run(xml).Order());
    }

    [Fact]
    public void An_error_inside_an_event_sub_process_goes_past_it()
    {
        var xml = Sub("<subProcess id='v' triggeredByEvent='true'><startEvent id='vs'><errorEventDefinition/></startEvent><endEvent id='again'><errorEventDefinition errorRef='e1'/></endEvent></subProcess>", "vs > again\nb > t1",
            "<boundaryEvent id='b' attachedToRef='a'><errorEventDefinition/></boundaryEvent><task id='t1'/>");
        Assert.Equal("t1", Bpmn.Run(xml, events: """[{"error": "E2", "task": "w"}]""").Order());
    }

    [Fact]
    public void An_error_that_nobody_catches_fails_the_process_and_withdraws_what_is_open()
    {
        var result = Bpmn.Run(Bpmn.Of("<startEvent id='s'/><parallelGateway id='f'/><userTask id='a'/><endEvent id='x'><errorEventDefinition errorRef='e1'/></endEvent>", "s > f > a\nf > x"));
        Assert.Equal((SimulationStatus.Failed, "E1", ""), (result.Status, result.Instances[0].State.Error, result.OpenTasks()));
    }

    [Fact]
    public void An_escalation_is_caught_without_stopping_who_throws_it_and_is_no_fault_when_nobody_does()
    {
        var inside = "<intermediateThrowEvent id='up'><escalationEventDefinition escalationRef='c1'/></intermediateThrowEvent><task id='on'/>";
        var caught = Bpmn.Run(Sub(inside, "w > up > on\nb > t1", "<boundaryEvent id='b' attachedToRef='a' cancelActivity='false'><escalationEventDefinition escalationRef='c1'/></boundaryEvent><task id='t1'/>"));
        Assert.Equal(["a", "after", "on", "t1", "w"], caught.Instances[0].Order.Order());
        var free = Bpmn.Run(Sub(inside, "w > up > on"));
        Assert.Equal(("w on a after", SimulationStatus.Completed), (free.Order(), free.Status));
    }

    [Fact]
    public void Terminating_ends_its_own_level_only()
    {
        var result = Bpmn.Run(Sub("<parallelGateway id='f'/><task id='y'/><endEvent id='t'><terminateEventDefinition/></endEvent>", "y > t").Replace("sourceRef='is' targetRef='w'", "sourceRef='is' targetRef='f'", StringComparison.Ordinal)
            .Replace("</process>", Bpmn.Flows("f > w\nf > y") + "</process>", StringComparison.Ordinal));
        Assert.Equal(("y a after", SimulationStatus.Completed), (result.Order(), result.Status));
        Assert.Contains(result.Trace, t => t is { What: "withdraw", Id: "w" });
    }

    [Fact]
    public void A_link_goes_on_at_its_other_end()
    {
        var xml = Bpmn.Of("<startEvent id='s'/><intermediateThrowEvent id='out'><linkEventDefinition name='L'/></intermediateThrowEvent><intermediateCatchEvent id='in'><linkEventDefinition name='L'/></intermediateCatchEvent><task id='a'/>", "s > out\nin > a");
        Assert.Equal("a", Bpmn.Run(xml).Order());
    }

    [Fact]
    public void A_signal_reaches_every_instance_that_waits_and_starts_those_that_begin_by_it()
    {
        const string others = """
            <process id='q'><startEvent id='qs'><signalEventDefinition signalRef='s1'/></startEvent><task id='qa'/><sequenceFlow id='q1' sourceRef='qs' targetRef='qa'/></process>
            <process id='r'><startEvent id='rs'/><intermediateCatchEvent id='rc'><signalEventDefinition signalRef='s1'/></intermediateCatchEvent><task id='ra'/><sequenceFlow id='r1' sourceRef='rs' targetRef='rc'/><sequenceFlow id='r2' sourceRef='rc' targetRef='ra'/></process>
            """;
        var xml = Bpmn.Of("""
            <startEvent id='s'/><parallelGateway id='f'/><callActivity id='call1' calledElement='r'/><callActivity id='call2' calledElement='r'/><intermediateCatchEvent id='own'><signalEventDefinition signalRef='s1'/></intermediateCatchEvent>
            <userTask id='a'/><intermediateThrowEvent id='t'><signalEventDefinition signalRef='s1'/></intermediateThrowEvent>
            """, "s > f > call1\nf > call2\nf > own\nf > a > t", others);
        var result = Bpmn.Run(xml, process: "p");
        Assert.Equal(SimulationStatus.Completed, result.Status);
        Assert.Equal(["p", "q", "r", "r"], result.Instances.Select(i => i.Process).Order());
        Assert.All(result.Instances, i => Assert.Equal(SimulationStatus.Completed, i.Status));
    }

    private const string Undo = """
        <startEvent id='s'/><transaction id='a'><startEvent id='is'/><task id='book'/><task id='pay'/><exclusiveGateway id='x' default='x-fine'/><endEvent id='fine'/><endEvent id='stop'><cancelEventDefinition/></endEvent>
        <boundaryEvent id='bb' attachedToRef='book'><compensateEventDefinition/></boundaryEvent><task id='unbook' isForCompensation='true'/><association id='l1' sourceRef='bb' targetRef='unbook'/>
        <boundaryEvent id='pb' attachedToRef='pay'><compensateEventDefinition/></boundaryEvent><task id='unpay' isForCompensation='true'/><association id='l2' sourceRef='pb' targetRef='unpay'/></transaction>
        <boundaryEvent id='cb' attachedToRef='a'><cancelEventDefinition/></boundaryEvent><task id='sorry'/><task id='thanks'/>{0}
        """;

    private const string UndoFlows = "s > a > thanks\nis > book > pay > x > fine\nx > stop ? bad\ncb > sorry\n";

    [Fact]
    public void Cancelling_a_transaction_undoes_what_was_completed_the_last_first_and_leaves_by_its_boundary()
    {
        var xml = Bpmn.Of(Undo.Replace("{0}", "", StringComparison.Ordinal), UndoFlows);
        Assert.Equal("book pay unpay unbook sorry", Bpmn.Run(xml, """{"bad": true}""").Order());
        Assert.Equal("book pay a thanks", Bpmn.Run(xml, """{"bad": false}""").Order());
    }

    [Fact]
    public void Compensation_reaches_into_a_completed_sub_process()
    {
        var xml = Bpmn.Of(Undo.Replace("{0}", "<endEvent id='undo'><compensateEventDefinition/></endEvent>", StringComparison.Ordinal), UndoFlows + "thanks > undo");
        Assert.Equal("book pay a thanks unpay unbook", Bpmn.Run(xml).Order());
    }

    [Fact]
    public void Compensation_of_one_activity_undoes_that_one_alone_and_only_once()
    {
        var xml = Bpmn.Of("""
            <startEvent id='s'/><task id='book'/><task id='pay'/><intermediateThrowEvent id='t1'><compensateEventDefinition activityRef='book'/></intermediateThrowEvent><intermediateThrowEvent id='t2'><compensateEventDefinition/></intermediateThrowEvent><task id='z'/>
            <boundaryEvent id='bb' attachedToRef='book'><compensateEventDefinition/></boundaryEvent><task id='unbook' isForCompensation='true'/><association id='l1' sourceRef='bb' targetRef='unbook'/>
            <boundaryEvent id='pb' attachedToRef='pay'><compensateEventDefinition/></boundaryEvent><userTask id='unpay' isForCompensation='true'/><association id='l2' sourceRef='pb' targetRef='unpay'/>
            """, "s > book > pay > t1 > t2 > z");
        Assert.Equal("book pay unbook unpay z", Bpmn.Run(xml).Order());
        Assert.Equal(("book pay unbook", "unpay"), (Bpmn.Run(xml, manual: true).Order(), Bpmn.Run(xml, manual: true).OpenTasks()));
    }

    [Fact]
    public void A_compensation_event_sub_process_undoes_its_sub_process_with_the_data_it_had()
    {
        var xml = Bpmn.Of("""
            <startEvent id='s'/><subProcess id='a'><dataObject id='d' name='n'/><startEvent id='is'/><scriptTask id='w'><script>{n: 5}</script></scriptTask>
            <subProcess id='v' triggeredByEvent='true'><startEvent id='vs'><compensateEventDefinition/></startEvent><scriptTask id='u'><script>{undone: n}</script></scriptTask></subProcess></subProcess>
            <endEvent id='t'><compensateEventDefinition activityRef='a'/></endEvent>
            """, "s > a > t\nis > w\nvs > u");
        var result = Bpmn.Run(xml);
        Assert.Equal(("w a u v", 5m), (result.Order(), result.Data("undone")));
    }

    [Fact]
    public void Each_instance_is_undone_for_itself()
    {
        var xml = Bpmn.Of("""
            <startEvent id='s'/><task id='a'><multiInstanceLoopCharacteristics><loopCardinality>2</loopCardinality></multiInstanceLoopCharacteristics></task>
            <boundaryEvent id='b' attachedToRef='a'><compensateEventDefinition/></boundaryEvent><scriptTask id='u' isForCompensation='true' guantong:result='last'><script>loopCounter</script></scriptTask><association id='l' sourceRef='b' targetRef='u'/>
            <endEvent id='t'><compensateEventDefinition/></endEvent>
            """, "s > a > t");
        Assert.Equal(("a a u u", 1m), (Bpmn.Run(xml).Order(), Bpmn.Run(xml).Data("last")));
    }
}
