using System.Text.Json;
using Guantong.Processes;

namespace Guantong.Tests;

/// <summary>The packs' own processes walked to each of their ends, and what cannot run refused.</summary>
public sealed class ProcessTests
{
    private static readonly DateTimeOffset At = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static ProcessDefinition Read(string path)
    {
        var reading = ProcessDefinition.Read(File.ReadAllText(Path.Combine(Repository.Root, path)), path);
        Assert.Empty(reading.Faults.Select(f => $"{f.Line}:{f.Column} {f.Message("en")}"));
        return reading.Definition!;
    }

    private sealed class Walk(ProcessDefinition definition)
    {
        public Step Step { get; private set; } = ProcessEngine.Start(definition, new Dictionary<string, object?>(), At);

        public Walk Do(string node, params (string Key, object? Value)[] data)
        {
            // Through JSON and back: a state lives in a store between any two steps.
            var state = JsonSerializer.Deserialize<ProcessState>(JsonSerializer.Serialize(Step.State))!;
            Step = ProcessEngine.Apply(definition, state, new ProcessEvent.Complete(At, state.Tokens.Single(t => t.Node == node).Id, data.ToDictionary(d => d.Key, d => d.Value)));
            return this;
        }
    }

    [Fact]
    public void An_episode_is_handled_by_three_units_to_its_end()
    {
        var walk = new Walk(Read("packs/environment/air-quality/processes/episode.bpmn")).Do("verify", ("respond", true));
        Assert.Equal(["diffusion", "traffic"], walk.Step.State.Tokens.Select(t => t.Node).Order());
        walk.Do("traffic");
        Assert.DoesNotContain(walk.Step.Effects, e => e is Effect.TaskOpened);
        walk.Do("diffusion").Do("evaluate").Do("report");
        Assert.Equal("done", walk.Step.State.EndNode);
    }

    [Fact]
    public void An_episode_that_needs_no_response_ends_at_once()
    {
        var walk = new Walk(Read("packs/environment/air-quality/processes/episode.bpmn")).Do("verify", ("respond", false)).Do("close_note");
        Assert.Contains(walk.Step.Effects, e => e is Effect.ProcessEnded { NodeId: "not_started" });
    }

    [Fact]
    public void Progress_that_is_not_accepted_comes_back()
    {
        var walk = new Walk(Read("packs/reform/map/processes/progress.bpmn")).Do("submit").Do("review", ("accepted", false));
        Assert.Equal("submit", walk.Step.State.Tokens.Single().Node);
        Assert.Equal("done", walk.Do("submit").Do("review", ("accepted", true)).Do("record").Step.State.EndNode);
    }

    [Fact]
    public void A_token_is_used_once()
    {
        var definition = Read("packs/reform/map/processes/progress.bpmn");
        var start = ProcessEngine.Start(definition, new Dictionary<string, object?>(), At);
        var token = start.State.Tokens.Single().Id;
        var next = ProcessEngine.Apply(definition, start.State, new ProcessEvent.Complete(At, token, new Dictionary<string, object?>()));
        Assert.Throws<UnknownTokenException>(() => ProcessEngine.Apply(definition, next.State, new ProcessEvent.Complete(At, token, new Dictionary<string, object?>())));
    }

    [Theory]
    [InlineData("<complexGateway id='a'/>", "bpmn-unsupported"), InlineData("<startEvent id='s'><timerEventDefinition/></startEvent>", "bpmn-incomplete")]
    [InlineData("<startEvent id='s'/>", "bpmn-no-end"), InlineData("<endEvent id='e'/>", "bpmn-no-start")]
    [InlineData("<startEvent id='s'/><endEvent id='s'/>", "bpmn-duplicate-id"), InlineData("<startEvent id='s'/><endEvent id='e'/>", "bpmn-no-way-out")]
    [InlineData("<startEvent id='s'/><endEvent id='e'/><sequenceFlow id='f' sourceRef='s' targetRef='x'/>", "bpmn-dangling-flow")]
    [InlineData("<startEvent id='s'/><userTask id='u'/><endEvent id='e'/>", "bpmn-task-without-lane")]
    public void What_cannot_run_is_refused_by_name_and_line(string inside, string code)
    {
        var reading = ProcessDefinition.Read($"<definitions xmlns='http://www.omg.org/spec/BPMN/20100524/MODEL'>\n<process id='p'>\n{inside}</process></definitions>", "x.bpmn");
        Assert.Null(reading.Definition);
        Assert.Equal(code, reading.Faults[0].Code);
        Assert.InRange(reading.Faults[0].Line, 2, 3);
    }

    [Fact]
    public void An_entity_is_refused()
    {
        var reading = ProcessDefinition.Read("<!DOCTYPE d [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><d>&x;</d>", "x.bpmn");
        Assert.Equal("bpmn-broken", Assert.Single(reading.Faults).Code);
    }

    [Fact]
    public void Every_reference_model_is_read_or_refused_and_none_throws()
    {
        var files = Directory.GetFiles(Repository.NeedMaterial("bpmn-miwg"), "*.bpmn");
        Assert.NotEmpty(files);
        Assert.All(files, f =>
        {
            var reading = ProcessDefinition.Read(File.ReadAllText(f), f);
            Assert.True(reading.Definition is not null ^ reading.Faults.Count > 0);
        });
    }
}
