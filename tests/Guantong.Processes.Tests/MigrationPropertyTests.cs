using System.Text.Json;
using Guantong.Processes;

namespace Guantong.Tests;

/// <summary>Whatever becomes of a process, and wherever a case of it stands: a migration that is accepted leaves a case that completes.</summary>
public sealed class MigrationPropertyTests
{
    private static readonly Dictionary<string, object?> Nothing = [];
    private static readonly int Rounds = int.TryParse(Environment.GetEnvironmentVariable("GUANTONG_FUZZ"), out var told) ? told : 400;

    [Fact]
    public void A_case_that_migrates_completes_and_comes_back_and_one_that_does_not_is_as_it_was()
    {
        var told = new Dictionary<string, int>();
        for (var seed = 1; seed <= Rounds; seed++)
        {
            var outcome = Migrates(seed);
            told[outcome] = told.GetValueOrDefault(outcome) + 1;
        }
        // Both happen often enough to mean something.
        Assert.True(told["migrated"] > Rounds / 4 && told.Where(t => t.Key is not ("migrated" or "unsound" or "ended")).Sum(t => t.Value) > Rounds / 20, string.Join(", ", told));
    }

    private static string Migrates(int seed)
    {
        var random = new Random(seed);
        var xml = new Blocks(random).Process();
        var from = Bpmn.Read(xml);
        if (new Edits(random).Of(xml, random.Next(1, 4)) is not var (to, mapping))
            return "unsound";
        var (state, now) = Walk(from, random, seed);
        if (state.Ended)
            return "ended";
        var before = JsonSerializer.Serialize(state);
        // What was renamed and is renamed again may have gone meanwhile.
        var migration = Migration.Plan(from, to, mapping.Where(m => from.Find(m.Key) is not null && to.Find(m.Value!) is not null).ToDictionary());
        var (step, fault) = migration.Apply(state.Stored(), now);
        Assert.Equal(before, JsonSerializer.Serialize(state));
        if (step is null)
        {
            Assert.All((string[])["zh-CN", "en"], lang => Assert.NotEmpty(fault!.Message(lang)));
            return $"{fault!.Reason}";
        }
        Completes(to, step.State, random, $"seed {seed}", now);
        var back = Migration.Plan(to, from, migration.Backwards()).Apply(step.State.Stored(), now);
        if (back.Step is not null)
        {
            if (step.Effects.Count == 0)
                Assert.Equal(Standing(state), Standing(back.Step.State));
            Completes(from, back.Step.State, random, $"seed {seed}, back", now);
        }
        return "migrated";
    }

    private static IEnumerable<string> Standing(ProcessState state) => state.Tokens.Select(t => $"{t.Id} {t.Node} {t.Parent} {t.Flow} {string.Join(',', (t.Waits ?? []).Select(w => $"{w.Node} {w.Due:o}"))} {JsonSerializer.Serialize(t.Data)} {JsonSerializer.Serialize(t.Loop)}");

    private static (ProcessState State, DateTimeOffset Now) Walk(ProcessDefinition definition, Random random, int seed)
    {
        var now = Bpmn.From;
        var state = ProcessEngine.Start(definition, new Dictionary<string, object?> { ["n"] = 0m }, now).State;
        for (var i = random.Next(12); i > 0 && !state.Ended; i--)
        {
            if (random.Next(4) == 0)
            {
                now = now.AddHours(1);
                state = ProcessEngine.Apply(definition, state, new ProcessEvent.Tick(now)).State;
            }
            else
            {
                state = Complete(definition, state, random, now, $"seed {seed}").State;
            }
        }
        return (state, now);
    }

    private static Step Complete(ProcessDefinition definition, ProcessState state, Random random, DateTimeOffset now, string where)
    {
        var open = state.Tokens.Where(t => definition.Node(t.Node) is { IsWork: true } n && (n.Loop is null || t.Loop is null) && t.Undo is null).ToList();
        Assert.True(open.Count > 0, $"{where}: nothing is open");
        var step = ProcessEngine.Apply(definition, state, new ProcessEvent.Complete(now, open[random.Next(open.Count)].Id, Nothing));
        Assert.True(!step.Effects.Any(e => e is Effect.Stuck), $"{where}: {step.Effects.FirstOrDefault(e => e is Effect.Stuck)}");
        return step;
    }

    private static void Completes(ProcessDefinition definition, ProcessState state, Random random, string where, DateTimeOffset now)
    {
        for (var i = 0; i < 5_000 && !state.Ended; i++)
        {
            if (random.Next(5) == 0)
            {
                now = now.AddHours(1);
                state = ProcessEngine.Apply(definition, state.Stored(), new ProcessEvent.Tick(now)).State;
            }
            else
            {
                state = Complete(definition, state.Stored(), random, now, where).State;
            }
        }
        Assert.True(state.Ended, $"{where} does not end");
    }
}
