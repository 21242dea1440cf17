using Guantong.Processes.Simulating;

namespace Guantong.Tests;

/// <summary>Pools, lanes, message flows and correlation (BPMN 2.0.2, clauses 8.4.2 and 9).</summary>
public sealed class CollaborationTests
{
    private const string TwoPools = """
        <definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0">
        <collaboration id="c"><participant id="pa" name="Applicant" processRef="a"/><participant id="pb" name="Office" processRef="b"/>
        <messageFlow id="f1" sourceRef="apply" targetRef="bs"/><messageFlow id="f2" sourceRef="answer" targetRef="wait"/></collaboration>
        <process id="b"><startEvent id="bs"><messageEventDefinition/></startEvent><userTask id="check"/>
        <endEvent id="answer"><dataInput id="bi" name="granted"/><dataInputAssociation><targetRef>bi</targetRef><transformation>n > 1</transformation></dataInputAssociation><messageEventDefinition/></endEvent>
        <sequenceFlow id="b1" sourceRef="bs" targetRef="check"/><sequenceFlow id="b2" sourceRef="check" targetRef="answer"/></process>
        <process id="a"><startEvent id="as"/><sendTask id="apply"><extensionElements><zeebe:ioMapping><zeebe:input source="= number" target="n"/></zeebe:ioMapping></extensionElements></sendTask>
        <intermediateCatchEvent id="wait"><messageEventDefinition/></intermediateCatchEvent><endEvent id="ae"/>
        <sequenceFlow id="a1" sourceRef="as" targetRef="apply"/><sequenceFlow id="a2" sourceRef="apply" targetRef="wait"/><sequenceFlow id="a3" sourceRef="wait" targetRef="ae"/></process>
        </definitions>
        """;

    [Fact]
    public void Messages_go_along_the_flows_between_pools_with_what_the_model_gives_them()
    {
        var result = Bpmn.Run(TwoPools, """{"number": 2}""");
        Assert.Equal(("a", SimulationStatus.Completed, true), (result.Instances[0].Process, result.Status, result.Data("granted")));
        Assert.Equal(("b", 2m), (result.Instances[1].Process, result.Instances[1].State.Data["n"]));
        Assert.False(result.Instances[1].State.Data.ContainsKey("number"));
    }

    [Fact]
    public void A_message_that_comes_too_early_is_kept_until_someone_waits_for_it()
    {
        var result = Bpmn.Run(Bpmn.Of("<startEvent id='s'/><parallelGateway id='f'/><sendTask id='a' messageRef='m1'/><userTask id='w'/><receiveTask id='r' messageRef='m1'/>", "s > f > a\nf > w > r"));
        Assert.Equal(("a w r", SimulationStatus.Completed), (result.Order(), result.Status));
    }

    [Fact]
    public void The_process_that_says_it_is_executable_is_the_one_that_is_meant_even_where_it_is_refused()
    {
        var xml = TwoPools.Replace("<process id=\"b\">", "<process id=\"b\" isExecutable=\"true\"><complexGateway id=\"no\"/>", StringComparison.Ordinal);
        var chosen = Processes.BpmnModel.Read(xml, [])!.Choose(null)!;
        Assert.Equal(("b", null, "bpmn-unsupported"), (chosen.Id, chosen.Definition, chosen.Faults[0].Code));
    }

    [Theory, InlineData("b"), InlineData("Office")]
    public void A_process_is_chosen_by_its_id_or_its_pool(string wanted) =>
        Assert.Equal("b", Bpmn.Run(TwoPools, process: wanted, manual: true).Instances[0].Process);

    [Fact]
    public void A_message_finds_the_instance_whose_key_it_bears()
    {
        var xml = Bpmn.Of("<userTask id='a'><multiInstanceLoopCharacteristics><loopCardinality>0</loopCardinality></multiInstanceLoopCharacteristics></userTask><subProcess id='all'><multiInstanceLoopCharacteristics><loopCardinality>3</loopCardinality></multiInstanceLoopCharacteristics><receiveTask id='r' messageRef='m1' guantong:key='loopCounter'/><scriptTask id='w'><script>{got: loopCounter}</script></scriptTask></subProcess>", "r > w");
        var result = Bpmn.Run(xml, events: """[{"message": "paid", "correlation": 7}, {"message": "paid", "correlation": 2}]""");
        Assert.Equal((2m, 2), (result.Data("got"), result.Instances[0].State.Subscriptions.Count()));
        Assert.Equal("1: message paid", Assert.Single(result.Unused).ToString());
    }

    [Theory]
    [InlineData("""{"order": {"no": 7}}""", "r"), InlineData("""{"order": {"no": 8}}""", "")]
    public void A_message_is_correlated_by_the_properties_of_the_standard(string payload, string order)
    {
        const string roots = """
            <correlationProperty id="cp" name="order"><correlationPropertyRetrievalExpression messageRef="m1"><messagePath>order.no</messagePath></correlationPropertyRetrievalExpression></correlationProperty>
            <collaboration id="co"><correlationKey id="ck"><correlationPropertyRef>cp</correlationPropertyRef></correlationKey></collaboration>
            """;
        var xml = Bpmn.Of("<correlationSubscription id='cs' correlationKeyRef='ck'><correlationPropertyBinding correlationPropertyRef='cp'><dataPath>mine</dataPath></correlationPropertyBinding></correlationSubscription><startEvent id='s'/><receiveTask id='r' messageRef='m1'/>", "s > r", roots);
        Assert.Equal(order, Bpmn.Run(xml, """{"mine": 7}""", $$"""[{"message": "paid", "data": {{payload}}}]""").Order());
    }

    [Fact]
    public void A_lane_is_the_unit_and_a_lane_inside_it_the_role_of_what_stands_in_it_and_in_its_sub_processes()
    {
        var definition = Bpmn.Read(Bpmn.Of("""
            <laneSet id='ls'><lane id='l1' name='Office'><childLaneSet id='cl'><lane id='l2' name='Clerk'><flowNodeRef>s</flowNodeRef><flowNodeRef>a</flowNodeRef></lane></childLaneSet></lane><lane id='l3' name='Board'><flowNodeRef>b</flowNodeRef></lane></laneSet>
            <startEvent id='s'/><subProcess id='a'><userTask id='w'/></subProcess><userTask id='b'/>
            """, "s > a > b"));
        Assert.Equal(["Office", "Board"], definition.Lanes.Select(l => l.Name));
        Assert.Equal(("l1", "Clerk", "l3", null), (definition.Node("w").Lane, definition.Node("w").Role, definition.Node("b").Lane, definition.Node("b").Role));
    }
}
