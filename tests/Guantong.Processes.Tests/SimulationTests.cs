using System.Text.Json;
using Guantong.Processes;
using Guantong.Processes.Simulating;

namespace Guantong.Tests;

/// <summary>Runs in memory: what is done when, what is printed, and that each has an end.</summary>
public sealed class SimulationTests
{
    private const string Nodes = "<startEvent id='s'/><userTask id='a' name='Review'/><endEvent id='e'/>";

    private static readonly string Cycling = Bpmn.Of(Nodes + "<boundaryEvent id='b' attachedToRef='a' cancelActivity='false'><timerEventDefinition><timeCycle>R/PT1H</timeCycle></timerEventDefinition></boundaryEvent><task id='x'/>", "s > a > e\nb > x");

    [Fact]
    public void A_loop_without_an_end_is_stopped_and_told()
    {
        Assert.Equal(SimulationStatus.Endless, Bpmn.Run(Bpmn.Of("<startEvent id='s'/><exclusiveGateway id='m'/><task id='a'/>", "s > m > a > m")).Status);
        Assert.Equal(SimulationStatus.Endless, Bpmn.Run(Bpmn.Of("<startEvent id='s'/><exclusiveGateway id='m'/><userTask id='a'/>", "s > m > a > m"), most: 500).Status);
        Assert.Equal(SimulationStatus.Endless, Bpmn.Run(Cycling, manual: true, most: 500).Status);
        Assert.Equal(SimulationStatus.Endless, Bpmn.Run(Cycling, events: """[{"advance": "P90Y"}]""", most: 500).Status);
    }

    [Fact]
    public void A_process_that_calls_itself_for_ever_is_stopped() =>
        Assert.Equal(SimulationStatus.Endless, Bpmn.Run(Bpmn.Of("<startEvent id='s'/><callActivity id='a' calledElement='p'/>", "s > a")).Status);

    [Theory]
    [InlineData("{}", 0), InlineData("""[{"complete": "a"}, {"compleet": "b"}]""", 2), InlineData("""[{"complete": "a", "message": "b"}]""", 1), InlineData("[1]", 1), InlineData("[{}]", 1)]
    [InlineData("""[{"complete": 7}]""", 1), InlineData("""[{"complete": "a", "data": 5}]""", 1), InlineData("""[{"complete": "a", "at": "soon"}]""", 1), InlineData("""[{"advance": "2 hours"}]""", 1)]
    [InlineData("""[{"rewind": "a", "to": "b"}]""", 1), InlineData("""[{"skip": "a", "to": 5}]""", 1), InlineData("""[{"rewind": "a", "compensate": "yes"}]""", 1)]
    public void An_event_that_is_wrong_is_told_by_its_number(string json, int number)
    {
        Assert.Null(ScriptedEvent.Read(JsonSerializer.Deserialize<JsonElement>(json), Bpmn.From, out var fault));
        Assert.Equal(number, fault!.Value.Number);
        Assert.NotEmpty(fault.Value.What);
    }

    [Fact]
    public void An_event_that_never_can_happen_is_told_and_the_rest_goes_on()
    {
        var result = Bpmn.Run(Bpmn.Of(Nodes, "s > a > e"), events: """[{"complete": "nobody"}, {"message": "paid"}, {"complete": "a"}]""");
        Assert.Equal(["1: complete nobody", "2: message paid"], result.Unused.Select(u => u.ToString()));
        Assert.Equal(SimulationStatus.Completed, result.Status);
    }

    [Fact]
    public void A_task_is_held_for_an_event_that_names_it_or_what_its_boundary_waits_for()
    {
        var xml = Bpmn.Of(Nodes + "<boundaryEvent id='b' attachedToRef='a'><messageEventDefinition messageRef='m1'/></boundaryEvent><endEvent id='o'/>", "s > a > e\nb > o");
        Assert.Equal(("o", "5"), (Bpmn.Run(xml, events: """[{"at": "PT5H", "message": "paid"}]""").Ends(), Bpmn.Run(xml, events: """[{"at": "PT5H", "message": "paid"}]""").Hours("o")));
        Assert.Equal("7", Bpmn.Run(xml, events: """[{"at": "2026-01-01T07:00:00Z", "complete": "Review"}]""").Hours("e"));
        Assert.Equal("0", Bpmn.Run(xml, events: """[{"at": "PT5H", "signal": "alarm"}]""").Hours("e"));
    }

    [Fact]
    public void A_run_goes_back_and_skips_where_its_events_say_so()
    {
        var xml = Bpmn.Of("<startEvent id='s'/><userTask id='a'/><userTask id='b'/><userTask id='c'/><userTask id='d'/><endEvent id='e'/>", "s > a > b > c > d > e");
        Assert.Equal("a b a b c d", Bpmn.Run(xml, events: """[{"rewind": "a", "task": "c"}]""").Order());
        Assert.Equal("a c d", Bpmn.Run(xml, events: """[{"skip": "b", "data": {"why": "known"}}]""").Order());
        Assert.Equal("d", Bpmn.Run(xml, events: """[{"skip": "a", "to": "d"}]""").Order());
        var never = Bpmn.Run(xml, events: """[{"rewind": "e"}, {"skip": "b", "to": "a"}]""");
        Assert.Equal(["1: rewind e", "2: skip b"], never.Unused.Select(u => u.ToString()));
        Assert.Equal(SimulationStatus.Completed, never.Status);
    }

    [Fact]
    public void What_is_printed_tells_order_open_tasks_and_data()
    {
        var json = SimulationJson.Write(Bpmn.Run(Bpmn.Of(Nodes + "<task id='x'/><laneSet id='ls'><lane id='l' name='Office'><flowNodeRef>a</flowNodeRef></lane></laneSet>", "s > x > a > e"), """{"n": 1.50}""", manual: true));
        Assert.Equal(("p", "waiting", """["x"]""", "2026-01-01T00:00:00Z"), ((string)json["process"]!, (string)json["status"]!, json["order"]!.ToJsonString(), (string)json["to"]!));
        Assert.Equal("""{"instance":1,"task":"a","name":"Review","element":"userTask","lane":"l","since":"2026-01-01T00:00:00Z"}""", json["open"]![0]!.ToJsonString());
        Assert.Equal(1.5m, (decimal)json["data"]!["n"]!);
    }

    [Fact]
    public void A_state_that_was_stored_before_there_were_levels_goes_on()
    {
        var definition = Bpmn.Read(Bpmn.Of(Nodes, "s > a > e"));
        var stored = JsonSerializer.Deserialize<ProcessState>("""{"Tokens":[{"Id":"t1","Node":"a","Flow":"s-a"}],"Data":{"n":1},"NextToken":2,"EndNode":null,"Visited":["s","s-a","a"]}""")!;
        var step = ProcessEngine.Apply(definition, stored, new ProcessEvent.Complete(Bpmn.From, "t1", new Dictionary<string, object?>()));
        Assert.Equal("e", step.State.EndNode);
    }

    [Fact]
    public void A_process_that_only_an_event_begins_does_not_begin_by_itself() =>
        Assert.Throws<UnknownTokenException>(() => ProcessEngine.Start(Bpmn.Read(Bpmn.Of("<startEvent id='s'><messageEventDefinition messageRef='m1'/></startEvent><task id='a'/>", "s > a")), new Dictionary<string, object?>(), Bpmn.From));
}
