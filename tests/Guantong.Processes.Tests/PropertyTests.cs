using System.Xml.Linq;
using FsCheck.Xunit;
using Guantong.Processes;
using Guantong.Processes.Simulating;
using Guantong.Processes.Soundness;

namespace Guantong.Tests;

/// <summary>Sound, block-structured processes complete, whatever the order in which their tasks are done.</summary>
public sealed class PropertyTests
{
    [Property(MaxTest = 150)]
    public void A_block_structured_process_completes(int seed)
    {
        var result = Bpmn.Run(new Blocks(new Random(seed)).Process(), """{"n": 0}""", most: 20_000);
        Assert.True(result.Status == SimulationStatus.Completed, $"seed {seed}: {result.Status} {result.Trace.LastOrDefault(t => t.What == "stuck")}");
    }

    [Property(MaxTest = 100)]
    public void It_completes_in_any_order_and_its_state_lives_in_a_store_between_any_two_steps(int seed)
    {
        var random = new Random(seed);
        var definition = Bpmn.Read(new Blocks(random).Process());
        var step = ProcessEngine.Start(definition, new Dictionary<string, object?> { ["n"] = 0m }, Bpmn.From);
        for (var i = 0; i < 5_000 && !step.State.Ended; i++)
        {
            var stored = step.State.Stored();
            Assert.Equivalent(step.State.Tokens, stored.Tokens);
            var open = stored.Tokens.Where(t => definition.Node(t.Node).IsWork && (definition.Node(t.Node).Loop is null || t.Loop is null)).ToList();
            step = ProcessEngine.Apply(definition, stored, new ProcessEvent.Complete(Bpmn.From, open[random.Next(open.Count)].Id, new Dictionary<string, object?>()));
        }
        Assert.True(step.State.Ended, $"seed {seed}");
        Assert.Equal("end", step.State.EndNode);
    }

    [Property(MaxTest = 60)]
    public void An_event_gives_the_same_step_whenever_it_is_taken_again(int seed)
    {
        var definition = Bpmn.Read(new Blocks(new Random(seed)).Process());
        var first = ProcessEngine.Start(definition, new Dictionary<string, object?> { ["n"] = 0m }, Bpmn.From);
        var second = ProcessEngine.Start(definition, new Dictionary<string, object?> { ["n"] = 0m }, Bpmn.From);
        Assert.Equal(first.Effects.Select(e => $"{e}"), second.Effects.Select(e => $"{e}"));
        Assert.Equivalent(first.State, second.State);
    }

    [Property(MaxTest = 300)]
    public void A_process_that_is_broken_on_purpose_completes_all_the_same_or_is_caught_by_the_proof(int seed)
    {
        var random = new Random(seed);
        if (Broken(new Blocks(random).Process(), random) is not { } definition || SoundnessProof.Of(definition).Count > 0)
            return;
        var step = ProcessEngine.Start(definition, new Dictionary<string, object?> { ["n"] = 0m }, Bpmn.From);
        for (var i = 0; i < 2_000 && !step.State.Ended; i++)
        {
            // Data are free to the proof: that no condition holds, or one always does, is not its matter.
            if (step.Effects.Any(e => e is Effect.Stuck { Reason: "no-condition-holds" or "endless" }))
                return;
            Assert.True(!step.Effects.Any(e => e is Effect.Stuck), $"seed {seed}");
            var open = step.State.Tokens.Where(t => definition.Node(t.Node).IsWork && (definition.Node(t.Node).Loop is null || t.Loop is null)).ToList();
            step = ProcessEngine.Apply(definition, step.State, new ProcessEvent.Complete(Bpmn.From, open[random.Next(open.Count)].Id, new Dictionary<string, object?>()));
        }
    }

    // Another kind for one gateway, or another end for one flow.
    private static ProcessDefinition? Broken(string xml, Random random)
    {
        var document = XDocument.Parse(xml);
        var all = document.Descendants().ToList();
        var gateways = all.FindAll(e => e.Name.LocalName.EndsWith("Gateway", StringComparison.Ordinal));
        var flows = all.FindAll(e => e.Name.LocalName == "sequenceFlow");
        if (gateways.Count > 0 && random.Next(2) == 0)
        {
            var gateway = gateways[random.Next(gateways.Count)];
            var kind = new[] { "exclusiveGateway", "parallelGateway", "inclusiveGateway" }[random.Next(3)];
            gateway.Name = gateway.Name.Namespace + kind;
            if (kind == "parallelGateway")
                gateway.Attribute("default")?.Remove();
        }
        else
        {
            flows[random.Next(flows.Count)].SetAttributeValue("targetRef", (string?)flows[random.Next(flows.Count)].Attribute("targetRef"));
        }
        var faults = new List<ProcessFault>();
        return BpmnModel.Read(document.ToString(), faults) is { } model && model.Processes[0] is { Faults.Count: 0, Definition: { } definition } ? definition : null;
    }
}
