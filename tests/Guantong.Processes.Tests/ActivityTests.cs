using Guantong.Processes.Simulating;

namespace Guantong.Tests;

/// <summary>Tasks, calls, loops and sub-processes (BPMN 2.0.2, clause 13.3).</summary>
public sealed class ActivityTests
{
    private static string Line(string activity, string roots = "", string more = "", string flows = "") => Bpmn.Of($"<startEvent id='s'/>{activity}<endEvent id='e'/>{more}", "s > a > e\n" + flows, roots);

    [Theory]
    [InlineData("task", ""), InlineData("userTask", "a"), InlineData("manualTask", "a"), InlineData("serviceTask", "")]
    public void A_task_of_people_stays_open_until_it_is_done_and_any_other_goes_on(string kind, string open)
    {
        var xml = Line($"<{kind} id='a'/>");
        Assert.Equal(open, Bpmn.Run(xml, manual: true).OpenTasks());
        Assert.Equal(("a", SimulationStatus.Completed), (Bpmn.Run(xml).Order(), Bpmn.Run(xml).Status));
    }

    [Fact]
    public void What_a_task_gives_becomes_data_of_the_process()
    {
        var result = Bpmn.Run(Line("<userTask id='a' name='Review'/>"), """{"n": 1}""", """[{"complete": "Review", "data": {"n": 2, "list": [1, {"x": null}]}}]""");
        Assert.Equal((2m, 2), (result.Data("n"), ((IReadOnlyList<object?>)result.Data("list")!).Count));
    }

    [Theory]
    [InlineData("<script>{total: price * 2, done: true}</script>", "total", 20), InlineData("<script>= price + 1</script>", "a", 11)]
    public void A_script_task_runs_FEEL(string script, string name, int value) =>
        Assert.Equal((decimal)value, Bpmn.Run(Line($"<scriptTask id='a' scriptFormat='feel'>{script}</scriptTask>"), """{"price": 10}""").Data(name));

    [Fact]
    public void A_script_tasks_result_goes_under_the_name_it_gives() =>
        Assert.Equal(11m, Bpmn.Run(Line("<scriptTask id='a' guantong:result='r'><script>price + 1</script></scriptTask>"), """{"price": 10}""").Data("r"));

    [Fact]
    public void A_business_rule_task_asks_for_its_decision_with_what_it_sees()
    {
        var xml = Line("<businessRuleTask id='a' guantong:decision='grade' guantong:result='level'/>");
        var result = Bpmn.Run(xml, """{"pm25": 80}""", decide: (id, data) => (true, $"{id} of {data["pm25"]}"));
        Assert.Equal("grade of 80", result.Data("level"));
    }

    [Fact]
    public void A_send_task_sends_and_a_receive_task_waits_for_its_message()
    {
        var result = Bpmn.Run(Line("<sendTask id='a' messageRef='m1'/><receiveTask id='r' messageRef='m1'/><parallelGateway id='f'/>").Replace("'s-a' sourceRef='s' targetRef='a'", "'s-f' sourceRef='s' targetRef='f'", StringComparison.Ordinal)
            .Replace("</process>", Bpmn.Flows("f > r > e\nf > a") + "</process>", StringComparison.Ordinal));
        Assert.Equal(("a r", SimulationStatus.Completed), (result.Order(), result.Status));
    }

    private const string Called = "<process id='q'><startEvent id='qs'/><scriptTask id='qa'><script>{answer: question * 2}</script></scriptTask><endEvent id='qe'/><sequenceFlow id='q1' sourceRef='qs' targetRef='qa'/><sequenceFlow id='q2' sourceRef='qa' targetRef='qe'/></process>";

    [Fact]
    public void A_call_activity_runs_the_other_process_and_takes_what_it_knows_at_its_end()
    {
        var result = Bpmn.Run(Line("<callActivity id='a' calledElement='q'/>", Called), """{"question": 21}""", process: "p");
        Assert.Equal((42m, SimulationStatus.Completed), (result.Data("answer"), result.Instances[1].Status));
    }

    [Fact]
    public void A_called_process_that_fails_fails_the_call_where_its_boundary_catches_it()
    {
        var failing = "<process id='q'><startEvent id='qs'/><endEvent id='qe'><errorEventDefinition errorRef='e1'/></endEvent><sequenceFlow id='q1' sourceRef='qs' targetRef='qe'/></process>";
        var xml = Line("<callActivity id='a' calledElement='q'/>", failing, "<boundaryEvent id='b' attachedToRef='a'><errorEventDefinition errorRef='e1'/></boundaryEvent><endEvent id='caught'/>", "b > caught");
        Assert.Equal("caught", Bpmn.Run(xml, process: "p").Ends());
    }

    [Fact]
    public void Interrupting_a_call_withdraws_the_called_process()
    {
        var waiting = "<process id='q'><userTask id='qa'/></process>";
        var xml = Line("<callActivity id='a' calledElement='q'/>", waiting, "<boundaryEvent id='b' attachedToRef='a'><timerEventDefinition><timeDuration>PT1H</timeDuration></timerEventDefinition></boundaryEvent>", "b > e");
        var result = Bpmn.Run(xml, manual: true, process: "p");
        Assert.Equal((SimulationStatus.Completed, SimulationStatus.Withdrawn, ""), (result.Status, result.Instances[1].Status, result.OpenTasks()));
    }

    [Theory]
    [InlineData("loopMaximum='3'", "<loopCondition>true</loopCondition>", "a a a"), InlineData("", "<loopCondition>loopCounter &lt; 2</loopCondition>", "a a")]
    [InlineData("testBefore='true'", "<loopCondition>false</loopCondition>", ""), InlineData("", "<loopCondition>false</loopCondition>", "a")]
    public void A_standard_loop_repeats_while_its_condition_holds_up_to_its_maximum(string attributes, string condition, string order)
    {
        var result = Bpmn.Run(Line($"<task id='a'><standardLoopCharacteristics {attributes}>{condition}</standardLoopCharacteristics></task>"));
        Assert.Equal((order, SimulationStatus.Completed), (result.Order(), result.Status));
    }

    private const string Votes = """
        <dataObject id='d1' name='voters'/><dataObject id='d2' name='votes'/><userTask id='a'><multiInstanceLoopCharacteristics {0}>
        <loopDataInputRef>d1</loopDataInputRef><loopDataOutputRef>d2</loopDataOutputRef><inputDataItem id='i' name='voter'/><outputDataItem id='o' name='vote'/>{1}</multiInstanceLoopCharacteristics></userTask>
        """;

    private static string Vote(string attributes = "", string completion = "") =>
        Line(Votes.Replace("{0}", attributes, StringComparison.Ordinal).Replace("{1}", completion, StringComparison.Ordinal));

    [Theory, InlineData("isSequential='true'"), InlineData("")]
    public void Multiple_instances_take_an_item_each_and_gather_what_they_give_in_order(string attributes)
    {
        var result = Bpmn.Run(Vote(attributes), """{"voters": ["x", "y"]}""", """[{"complete": "a", "data": {"vote": true}}, {"complete": "a", "data": {"vote": false}}]""");
        Assert.Equal("a a", result.Order());
        Assert.Equal([true, false], (IReadOnlyList<object?>)result.Data("votes")!);
        Assert.Null(result.Data("vote"));
    }

    [Fact]
    public void Sequential_instances_open_one_after_the_other_and_parallel_ones_at_once()
    {
        Assert.Equal("a", Bpmn.Run(Vote("isSequential='true'"), """{"voters": [1, 2, 3]}""", manual: true).OpenTasks());
        Assert.Equal("a a a", Bpmn.Run(Vote(), """{"voters": [1, 2, 3]}""", manual: true).OpenTasks());
    }

    [Fact]
    public void A_completion_condition_ends_the_instances_early_and_withdraws_the_rest()
    {
        var result = Bpmn.Run(Vote(completion: "<completionCondition>numberOfCompletedInstances >= 2</completionCondition>"), """{"voters": [1, 2, 3]}""", """[{"complete": "a"}, {"complete": "a"}]""", manual: true);
        Assert.Equal(("a a", "e", SimulationStatus.Completed), (result.Order(), result.Ends(), result.Status));
        Assert.Single(result.Trace, t => t is { What: "withdraw", Id: "a" });
    }

    [Fact]
    public void No_instance_at_all_goes_on_at_once() => Assert.Equal(("", "e"), (Bpmn.Run(Vote(), """{"voters": []}""").Order(), Bpmn.Run(Vote(), """{"voters": []}""").Ends()));

    [Fact]
    public void A_list_that_is_not_there_is_told() => Assert.Contains(Bpmn.Run(Vote()).Trace, t => t is { What: "stuck", Id: "a", Detail: "collection-undefined" });

    [Fact]
    public void A_boundary_event_on_instances_interrupts_them_all_once()
    {
        var xml = Line("<userTask id='a'><multiInstanceLoopCharacteristics><loopCardinality>3</loopCardinality></multiInstanceLoopCharacteristics></userTask>", "",
            "<boundaryEvent id='b' attachedToRef='a'><timerEventDefinition><timeDuration>PT1H</timeDuration></timerEventDefinition></boundaryEvent><endEvent id='late'/>", "b > late");
        var result = Bpmn.Run(xml, events: """[{"complete": "a"}, {"advance": "PT2H"}]""");
        Assert.Equal(("a", "late", 2), (result.Order(), result.Ends(), result.Trace.Count(t => t.What == "withdraw")));
    }

    [Fact]
    public void A_boundary_event_inside_an_instance_interrupts_that_instance_alone()
    {
        var xml = Line("""
            <subProcess id='a'><multiInstanceLoopCharacteristics><loopCardinality>2</loopCardinality></multiInstanceLoopCharacteristics>
            <startEvent id='is'/><userTask id='w'/><boundaryEvent id='b' attachedToRef='w'><errorEventDefinition errorRef='e1'/></boundaryEvent><task id='mend'/><endEvent id='ie'/></subProcess>
            """, flows: "is > w > ie\nb > mend > ie");
        var result = Bpmn.Run(xml, events: """[{"error": "E1", "task": "w"}, {"complete": "w"}]""");
        Assert.Equal(("mend a w a", SimulationStatus.Completed), (result.Order(), result.Status));
    }

    [Fact]
    public void A_sub_process_keeps_its_own_data_to_itself()
    {
        var xml = Line("<subProcess id='a'><dataObject id='d' name='n'/><startEvent id='is'/><scriptTask id='w'><script>{n: 5, seen: 7}</script></scriptTask><scriptTask id='v' guantong:result='copy'><script>n + 1</script></scriptTask></subProcess>", flows: "is > w > v");
        var result = Bpmn.Run(xml, """{"n": 1}""");
        Assert.Equal((1m, 7m, 6m), (result.Data("n"), result.Data("seen"), result.Data("copy")));
    }

    [Fact]
    public void A_sub_process_is_complete_when_nothing_is_left_inside_it()
    {
        var xml = Line("<subProcess id='a'><startEvent id='is'/><parallelGateway id='f'/><userTask id='x'/><userTask id='y'/></subProcess>", flows: "is > f > x\nf > y");
        Assert.Equal(("x", "y"), (Bpmn.Run(xml, events: """[{"complete": "x"}]""", manual: true).Order(), Bpmn.Run(xml, events: """[{"complete": "x"}]""", manual: true).OpenTasks()));
        Assert.Equal("x y a", Bpmn.Run(xml).Order());
    }

    [Theory]
    [InlineData("", "x y a", "x y"), InlineData("ordering='Sequential'", "x y a", "x")]
    public void An_ad_hoc_sub_process_offers_its_activities_at_once_or_one_by_one(string attributes, string order, string open)
    {
        var xml = Line($"<adHocSubProcess id='a' {attributes}><userTask id='x'/><userTask id='y'/></adHocSubProcess>");
        Assert.Equal((order, open), (Bpmn.Run(xml).Order(), Bpmn.Run(xml, manual: true).OpenTasks()));
    }

    [Fact]
    public void An_ad_hoc_sub_process_ends_when_its_completion_condition_holds()
    {
        var xml = Line("<adHocSubProcess id='a'><userTask id='x'/><userTask id='y'/><completionCondition>enough</completionCondition></adHocSubProcess>");
        var result = Bpmn.Run(xml, events: """[{"complete": "x", "data": {"enough": true}}]""", manual: true);
        Assert.Equal(("x a", SimulationStatus.Completed), (result.Order(), result.Status));
    }

    [Fact]
    public void Data_is_mapped_into_a_task_and_out_of_it()
    {
        var xml = Line("""
            <dataObject id='d1' name='order'/><dataObject id='d2' name='invoice'/><scriptTask id='a'><ioSpecification><dataInput id='in' name='given'/><dataOutput id='out' name='made'/><inputSet/><outputSet/></ioSpecification>
            <dataInputAssociation><sourceRef>d1</sourceRef><targetRef>in</targetRef></dataInputAssociation>
            <dataOutputAssociation><sourceRef>out</sourceRef><targetRef>d2</targetRef></dataOutputAssociation><script>{made: given.sum * 2}</script></scriptTask>
            """);
        var result = Bpmn.Run(xml, """{"order": {"sum": 4}}""");
        Assert.Equal((8m, null), (result.Data("invoice"), result.Data("given")));
    }
}
