using FsCheck.Xunit;
using Guantong.Processes;
using Guantong.Processes.Simulating;

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
}
