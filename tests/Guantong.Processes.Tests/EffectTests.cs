using Guantong.Processes;

namespace Guantong.Tests;

/// <summary>What the effects of steps tell of tokens.</summary>
public sealed class EffectTests
{
    [Fact]
    public void Each_instance_begins_and_ends_under_a_token_of_its_own_and_what_is_interrupted_is_called_off()
    {
        var faults = new List<ProcessFault>();
        var permit = BpmnModel.Read("""
            <definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="t"><process id="p" isExecutable="true">
            <startEvent id="s"/><subProcess id="sub"><userTask id="ask"><multiInstanceLoopCharacteristics><loopCardinality>2</loopCardinality></multiInstanceLoopCharacteristics></userTask></subProcess>
            <boundaryEvent id="late" attachedToRef="sub"><timerEventDefinition><timeDuration>PT1H</timeDuration></timerEventDefinition></boundaryEvent><endEvent id="e"/><endEvent id="l"/>
            <sequenceFlow id="a" sourceRef="s" targetRef="sub"/><sequenceFlow id="b" sourceRef="sub" targetRef="e"/><sequenceFlow id="c" sourceRef="late" targetRef="l"/>
            </process></definitions>
            """, faults)!.Choose(null)!.Definition!;
        var now = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        var begun = ProcessEngine.Start(permit, new Dictionary<string, object?>(), now);
        var entered = begun.Effects.OfType<Effect.Entered>().ToDictionary(e => e.NodeId, e => e.TokenId);
        var instances = begun.Effects.OfType<Effect.Began>().ToList();
        Assert.Null(entered["s"]);
        Assert.Equal(begun.State.Tokens.Where(t => t.Parent != entered["ask"]).Select(t => t.Id), [entered["sub"]!, entered["ask"]!]);
        Assert.Equal(begun.Effects.OfType<Effect.TaskOpened>().Select(t => t.TokenId), instances.Select(i => i.TokenId));
        var one = ProcessEngine.Apply(permit, begun.State, new ProcessEvent.Complete(now, instances[1].TokenId, new Dictionary<string, object?>()));
        Assert.Equal(instances[1].TokenId, Assert.Single(one.Effects.OfType<Effect.Completed>()).TokenId);
        var late = ProcessEngine.Apply(permit, one.State, new ProcessEvent.Tick(now.AddHours(1)));
        Assert.Equal(instances[0].TokenId, Assert.Single(late.Effects.OfType<Effect.TaskWithdrawn>()).TokenId);
        Assert.Equal([entered["ask"], entered["sub"]], late.Effects.OfType<Effect.CalledOff>().Select(c => c.TokenId));
    }
}
