using Guantong.Processes;
using Guantong.Processes.Comparing;
using Guantong.Processes.Document;

namespace Guantong.Tests;

/// <summary>What differs between two versions of a process, and where a finding stands on its drawing.</summary>
public sealed class ComparingTests
{
    private const string Start = "<startEvent id='s'/><userTask id='a' name='核查' guantong:due='P1D'/><endEvent id='e'/>";
    private const string Lane = "<laneSet id='l'><lane id='x' name='甲'><flowNodeRef>a</flowNodeRef></lane><lane id='y' name='乙'/></laneSet>";

    private static string Timer(string id, string time) =>
        $"<intermediateCatchEvent id='t'><timerEventDefinition id='{id}'><timeDuration xsi:type='tFormalExpression' xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance'>{time}</timeDuration></timerEventDefinition></intermediateCatchEvent>";

    private static string Caught(string message) => $"<intermediateCatchEvent id='t'><messageEventDefinition messageRef='{message}'/></intermediateCatchEvent>";

    private static string Diff(string was, string becomes) => string.Join("; ", ProcessDiff.Between(was, becomes).Select(d => $"{d.Kind} {d.Label} {string.Join(',', d.What)}".TrimEnd()));

    private static string With(string element) => Bpmn.Of(Start + element, "s > a > t > e");

    [Fact]
    public void Elements_that_come_go_or_change_are_told_by_their_names_and_flows_last() => Assert.Equal(
        "Removed r; Changed 复核 due,name; Added 回访; Removed 核查 → r; Removed r → e; Changed s → 回访 targetRef; Added 回访 → 复核",
        Diff(
            Bpmn.Of("<startEvent id='s'/><userTask id='a' name='核查' guantong:due='P1D'/><task id='r'/><endEvent id='e'/><sequenceFlow id='f' sourceRef='s' targetRef='a'/>", "a > r > e"),
            Bpmn.Of("<startEvent id='s'/><userTask id='a' name='复核' guantong:due='P2D'/><userTask id='n' name='回访'/><endEvent id='e'/><sequenceFlow id='f' sourceRef='s' targetRef='n'/>", "n > a")));

    [Fact]
    public void A_task_that_moves_to_another_lane_is_changed() =>
        Assert.Equal("Changed 核查 lane", Diff(Bpmn.Of(Start + Lane, "s > a > e"), Bpmn.Of(Start + Lane.Replace("<flowNodeRef>a</flowNodeRef>", "", StringComparison.Ordinal).Replace("name='乙'/>", "name='乙'><flowNodeRef>a</flowNodeRef></lane>", StringComparison.Ordinal), "s > a > e")));

    [Fact]
    public void The_form_of_the_text_ids_of_parts_and_the_order_of_elements_do_not_count()
    {
        var was = With(Timer("d1", "PT1H"));
        Assert.Equal("", Diff(was, With(Timer("d2", " PT1H ").Replace(" xsi:type='tFormalExpression'", "", StringComparison.Ordinal))));
        Assert.Equal("Changed t timerEventDefinition", Diff(was, With(Timer("d1", "PT2H"))));
        Assert.Equal("", Diff(was, was.Replace("<userTask", "<userTask startQuantity='1' isForCompensation='false'", StringComparison.Ordinal)));
        Assert.Equal("", Diff(Bpmn.Of(Start, "s > a > e"), Bpmn.Of("<endEvent id='e'/><userTask guantong:due='P1D' name='核查' id='a'><incoming>s-a</incoming></userTask><startEvent id='s'/>", "s > a > e")));
    }

    [Fact]
    public void An_event_that_waits_for_another_message_is_changed() =>
        Assert.Equal("Changed t messageEventDefinition", Diff(With(Caught("m1")), With(Caught("m2"))));

    [Theory]
    [InlineData(4, 1, null), InlineData(6, 12, "a 核查"), InlineData(8, 5, "f f"), InlineData(7, 1, "a 核查")]
    public void A_place_in_the_text_is_told_by_the_innermost_element_that_is_drawn(int line, int column, string? told)
    {
        const string xml = """
            <definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI">
            <process id="p">
            <startEvent id="s"/>
            <task id="undrawn"/>

            <userTask id="a" name="核查">
              <documentation>…</documentation></userTask><sequenceFlow id="f" sourceRef="s" targetRef="a">
                <conditionExpression>x = 1</conditionExpression></sequenceFlow>
            </process>
            <bpmndi:BPMNDiagram><bpmndi:BPMNPlane bpmnElement="p"><bpmndi:BPMNShape bpmnElement="a"/><bpmndi:BPMNEdge bpmnElement="f"/></bpmndi:BPMNPlane></bpmndi:BPMNDiagram></definitions>
            """;
        var place = ElementPlace.At(xml, line, column);
        Assert.Equal(told ?? "p p", place is null ? null : $"{place.Id} {place.Label}");
    }

    [Fact]
    public void A_deadlock_bears_the_way_that_leads_to_it()
    {
        var lanes = "<laneSet id='l'><lane id='x' name='甲'><flowNodeRef>a</flowNodeRef></lane></laneSet>";
        var xml = Bpmn.Of($"<startEvent id='s'/><userTask id='a'/><exclusiveGateway id='g' default='g-b'/><task id='b'/><task id='c'/><parallelGateway id='j'/><endEvent id='e'/>{lanes}", "s > a > g > b > j > e\ng > c ? x = 1\nc > j");
        var fault = Assert.Single(ProcessDefinition.Read(xml, "p.bpmn").Faults, f => f.Code == "bpmn-deadlock");
        Assert.Equal(["s", "a", "g"], fault.Path.Take(3));
    }
}
