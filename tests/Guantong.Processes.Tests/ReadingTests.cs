namespace Guantong.Tests;

/// <summary>What cannot be run is refused by name and line; how expressions may be written.</summary>
public sealed class ReadingTests
{
    private const string E = "<endEvent id='e'/>";

    [Theory]
    [InlineData("<complexGateway id='a'/>", "bpmn-unsupported"), InlineData("<choreographyTask id='a'/>", "bpmn-unsupported"), InlineData("<task id='a' startQuantity='2'/>", "bpmn-unsupported")]
    [InlineData("<eventBasedGateway id='a' eventGatewayType='Parallel'/>", "bpmn-unsupported"), InlineData("<intermediateCatchEvent id='a' parallelMultiple='true'><messageEventDefinition/></intermediateCatchEvent>", "bpmn-unsupported")]
    [InlineData("<task id='a'><multiInstanceLoopCharacteristics behavior='One'><loopCardinality>2</loopCardinality></multiInstanceLoopCharacteristics></task>", "bpmn-unsupported")]
    [InlineData("<intermediateThrowEvent id='a'><compensateEventDefinition waitForCompletion='false'/></intermediateThrowEvent>", "bpmn-unsupported")]
    [InlineData("<scriptTask id='a'/>", "bpmn-incomplete"), InlineData("<callActivity id='a'/>", "bpmn-incomplete"), InlineData("<intermediateCatchEvent id='a'/>", "bpmn-incomplete"), InlineData("<task id='a'><standardLoopCharacteristics/></task>", "bpmn-incomplete")]
    [InlineData("<task id='a'><multiInstanceLoopCharacteristics/></task>", "bpmn-incomplete"), InlineData("<intermediateCatchEvent id='a'><conditionalEventDefinition/></intermediateCatchEvent>", "bpmn-incomplete")]
    [InlineData("<intermediateThrowEvent id='a'><signalEventDefinition/></intermediateThrowEvent>", "bpmn-incomplete"), InlineData("<intermediateCatchEvent id='a'><timerEventDefinition/></intermediateCatchEvent>", "bpmn-incomplete")]
    [InlineData("<task id='a'/><boundaryEvent id='b' attachedToRef='a'><compensateEventDefinition/></boundaryEvent>", "bpmn-incomplete"), InlineData("<subProcess id='a' triggeredByEvent='true'><startEvent id='i'/></subProcess>", "bpmn-incomplete")]
    [InlineData("<transaction id='a'><startEvent id='i'/><endEvent id='c'><cancelEventDefinition/></endEvent></transaction>", "bpmn-incomplete")]
    [InlineData("<intermediateCatchEvent id='a'><timerEventDefinition><timeCycle>R0/PT1H</timeCycle></timerEventDefinition></intermediateCatchEvent>", "bpmn-timer-broken"), InlineData("<intermediateCatchEvent id='a'><timerEventDefinition><timeCycle>0 0 * * *</timeCycle></timerEventDefinition></intermediateCatchEvent>", "bpmn-timer-broken")]
    [InlineData("<intermediateCatchEvent id='a'><messageEventDefinition messageRef='none'/></intermediateCatchEvent>", "bpmn-dangling-ref"), InlineData("<boundaryEvent id='a' attachedToRef='none'><messageEventDefinition/></boundaryEvent>", "bpmn-dangling-ref", "bpmn-misplaced")]
    [InlineData("<intermediateThrowEvent id='a'><linkEventDefinition name='L'/></intermediateThrowEvent>", "bpmn-dangling-ref"), InlineData("<endEvent id='a'><messageEventDefinition messageRef='s1'/></endEvent>", "bpmn-dangling-ref")]
    [InlineData("<scriptTask id='a' scriptFormat='javascript'><script>x = 1;</script></scriptTask>", "bpmn-language"), InlineData("<scriptTask id='a'><script>x = = 1</script></scriptTask>", "bpmn-expression-broken")]
    [InlineData("<endEvent id='a'><cancelEventDefinition/></endEvent>", "bpmn-misplaced"), InlineData("<intermediateThrowEvent id='a'><errorEventDefinition errorRef='e1'/></intermediateThrowEvent>", "bpmn-misplaced")]
    [InlineData("<subProcess id='a'><startEvent id='i'><messageEventDefinition/></startEvent></subProcess>", "bpmn-misplaced"), InlineData("<exclusiveGateway id='g'/><boundaryEvent id='a' attachedToRef='g'><messageEventDefinition/></boundaryEvent>", "bpmn-misplaced")]
    [InlineData("<task id='a'/><task id='a'/>", "bpmn-duplicate-id"), InlineData("<startEvent id='s2'/>", "bpmn-several-starts")]
    public void What_is_not_run_is_refused_by_name_and_line(string inside, params string[] codes)
    {
        var faults = Bpmn.Faults(Bpmn.Of($"<startEvent id='s'/>{E}\n{inside}", "s > e"));
        Assert.Contains(faults[0].Code, codes);
        Assert.Single(faults.Select(f => f.Code).Distinct());
        Assert.InRange(faults[0].Line, 5, 6);
    }

    [Theory]
    [InlineData("x > > 1", "bpmn-condition-broken"), InlineData("x == 1", "bpmn-condition-broken"), InlineData("'yes' = x", "bpmn-condition-broken"), InlineData("${x.foo(1) ? 2 : 3}", "bpmn-condition-broken")]
    public void A_condition_that_is_not_FEEL_is_refused_at_its_place(string condition, string code)
    {
        var fault = Assert.Single(Bpmn.Faults(Bpmn.Of("<startEvent id='s'/><exclusiveGateway id='g' default='g-e'/><task id='a'/>" + E, $"s > g > e\na > e\ng > a ? {condition.Replace("?", "&#63;", StringComparison.Ordinal)}").Replace("&amp;#63;", "?", StringComparison.Ordinal)));
        Assert.Equal(code, fault.Code);
    }

    [Theory]
    [InlineData("x > 5", 6), InlineData("= x > 5", 6), InlineData("${x > 5}", 6), InlineData("#{x >= 6 && x != 9}", 6), InlineData("${x == 6 || x == 7}", 6), InlineData("${!no}", 6), InlineData("${name == 'it && me'}", 6)]
    public void Expressions_may_be_written_as_common_tools_do_where_they_mean_the_same(string condition, int x)
    {
        var xml = Bpmn.Of("<startEvent id='s'/><exclusiveGateway id='g' default='g-e'/><task id='a'/>" + E, $"s > g > e\na > e\ng > a ? {condition}");
        Assert.Equal("a", Bpmn.Run(xml, $$"""{"x": {{x}}, "no": false, "name": "it && me"}""").Order());
    }

    [Fact]
    public void A_declared_name_may_hold_spaces()
    {
        var xml = Bpmn.Of("<dataObject id='d' name='Vacation  Approval'/><startEvent id='s'/><exclusiveGateway id='g' default='g-e'/><task id='a'/>" + E, "s > g > e\na > e\ng > a ? Vacation Approval = \"Approved\"");
        Assert.Equal("a", Bpmn.Run(xml, """{"Vacation Approval": "Approved"}""").Order());
    }

    [Fact]
    public void Ids_that_nothing_refers_to_may_be_left_out()
    {
        var xml = Bpmn.Of("""
            <startEvent id='s'/><exclusiveGateway id='g'/><task id='a'/><endEvent id='e'/>
            <sequenceFlow sourceRef='s' targetRef='g'/><sequenceFlow sourceRef='a' targetRef='e'/>
            <sequenceFlow sourceRef='g' targetRef='a'><conditionExpression>x = 1</conditionExpression></sequenceFlow>
            <sequenceFlow sourceRef='g' targetRef='a'><conditionExpression>x = 2</conditionExpression></sequenceFlow>
            <subProcess triggeredByEvent='true'><startEvent><signalEventDefinition signalRef='s1'/></startEvent></subProcess>
            """, "");
        var result = Bpmn.Run(xml, """{"x": 2}""");
        Assert.Equal("a", result.Order());
        Assert.Equal(["s-g", "g-a-2", "a-e"], result.Trace.Where(t => t.What == "flow").Select(t => t.Id));
    }

    [Fact]
    public void A_process_without_start_and_end_events_begins_and_ends_where_no_flow_comes_and_goes() =>
        Assert.Equal("a c b", Bpmn.Run(Bpmn.Of("<task id='a'/><userTask id='b'/><task id='c'/>", "a > b")).Order());

    [Fact]
    public void What_other_tools_say_in_their_extensions_is_taken_where_it_is_certain()
    {
        const string zeebe = "xmlns:zeebe='http://camunda.org/schema/zeebe/1.0'";
        var xml = Bpmn.Of($"""
            <startEvent id='s'/><userTask id='a'><extensionElements><zeebe:ioMapping {zeebe}><zeebe:input source='= n * 2' target='twice'/><zeebe:output source='= twice + given' target='sum'/></zeebe:ioMapping></extensionElements>
            <multiInstanceLoopCharacteristics><extensionElements><zeebe:loopCharacteristics {zeebe} inputCollection='= [1, 2]' inputElement='n' outputCollection='sums' outputElement='= sum'/></extensionElements></multiInstanceLoopCharacteristics></userTask>
            """, "s > a");
        var result = Bpmn.Run(xml, events: """[{"complete": "a", "data": {"given": 10}}, {"complete": "a", "data": {"given": 20}}]""");
        Assert.Equal([12m, 24m], (IReadOnlyList<object?>)result.Data("sums")!);
        Assert.Null(result.Data("given"));
    }
}
