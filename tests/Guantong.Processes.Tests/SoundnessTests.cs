using FsCheck.Xunit;
using Guantong.Processes;
using Guantong.Processes.Soundness;

namespace Guantong.Tests;

/// <summary>A process can always complete, leaves nothing behind, and has no dead node; or the path to where it fails is told.</summary>
public sealed class SoundnessTests
{
    private const string Nodes = "<startEvent id='s'/><task id='a'/><task id='b'/><endEvent id='e'/>";

    private static UnsoundFinding? Fault(string nodes, string flows) => First(SoundnessProof.Of(Bpmn.Read(Bpmn.Of(nodes, flows))));

    private static UnsoundFinding? First(IReadOnlyList<UnsoundFinding> findings) => findings.Count > 0 ? findings[0] : null;

    [Theory]
    [InlineData("<exclusiveGateway id='x' default='x-a'/><parallelGateway id='j'/>", "s > x > a > j\nx > b ? c\nb > j > e", Unsoundness.Deadlock, "j", "s x a")]
    [InlineData("<parallelGateway id='f'/><exclusiveGateway id='m'/><parallelGateway id='g'/>", "s > m > g > a > m\ng > b > e", Unsoundness.Unbounded, "b", null)]
    [InlineData("<exclusiveGateway id='m'/><exclusiveGateway id='x' default='x-e'/>", "s > x > e\nx > m ? c\nm > a > b > m", Unsoundness.NeverEnds, "m", "s x")]
    [InlineData("<subProcess id='q'><startEvent id='qs'/><exclusiveGateway id='x' default='x-y'/><task id='y'/><task id='z'/><parallelGateway id='j'/></subProcess>", "s > a > q > b > e\nqs > x > y > j\nx > z ? c\nz > j", Unsoundness.Deadlock, "j", "qs x y")]
    public void What_is_not_sound_is_told_with_the_path_to_it(string more, string flows, Unsoundness kind, string node, string? path)
    {
        var fault = Fault(Nodes + more, flows)!;
        Assert.Equal((kind, node), (fault.Kind, fault.Node!.Id));
        if (path is not null)
            Assert.Equal(path, string.Join(' ', fault.Path));
    }

    [Theory]
    [InlineData("<parallelGateway id='f'/><parallelGateway id='j'/>", "s > f > a > j\nf > b > j > e"), InlineData("<inclusiveGateway id='f' default='f-b'/><inclusiveGateway id='j'/>", "s > f\nf > a ? c\nf > b\na > j\nb > j > e")]
    [InlineData("<exclusiveGateway id='m'/><exclusiveGateway id='x' default='x-e'/>", "s > m > a > x > e\nx > b ? c\nb > m"), InlineData("<parallelGateway id='f'/><endEvent id='t'><terminateEventDefinition/></endEvent>", "s > f > a > e\nf > b > t")]
    [InlineData("<boundaryEvent id='late' attachedToRef='a' cancelActivity='false'><timerEventDefinition><timeDuration>PT1H</timeDuration></timerEventDefinition></boundaryEvent>", "s > a > e\nlate > b")]
    public void What_is_sound_has_no_fault(string more, string flows) => Assert.Null(Fault(Nodes + more, flows));

    [Fact]
    public void A_node_behind_a_join_that_never_fires_is_dead_where_everything_else_ends()
    {
        var fault = Fault("<startEvent id='s'/><eventBasedGateway id='g'/><receiveTask id='a' messageRef='m1'/><receiveTask id='b' messageRef='m2'/><endEvent id='e'><terminateEventDefinition/></endEvent><parallelGateway id='j'/><task id='never'/>",
            "s > g > a > j\ng > b > j > never > e");
        Assert.Equal(Unsoundness.Deadlock, fault!.Kind);
        var island = Fault("<startEvent id='s'/><endEvent id='e'/><exclusiveGateway id='m'/><task id='never'/>", "s > e\nm > never > m");
        Assert.Equal((Unsoundness.Dead, "m"), (island!.Kind, island.Node!.Id));
    }

    [Fact]
    public void What_is_too_large_says_so()
    {
        var ways = Enumerable.Range(0, 18).ToList();
        var nodes = "<startEvent id='s'/><parallelGateway id='f'/><inclusiveGateway id='j'/><endEvent id='e'/>" + string.Concat(ways.Select(i => $"<exclusiveGateway id='x{i}' default='x{i}-j'/><task id='t{i}'/>"));
        var fault = Fault(nodes, "s > f\nj > e\n" + string.Join('\n', ways.Select(i => $"f > x{i} > j\nx{i} > t{i} ? c\nt{i} > j")));
        Assert.Equal((Unsoundness.TooLarge, null), (fault!.Kind, fault.Node));
    }

    [Property(MaxTest = 300)]
    public void The_reduced_search_finds_what_the_whole_search_finds(int seed)
    {
        var definition = Bpmn.Read(Net(new Random(seed)));
        var (whole, reduced) = (First(SoundnessProof.Of(definition, 30_000, false)), First(SoundnessProof.Of(definition)));
        if (whole?.Kind != Unsoundness.TooLarge)
            Assert.True((whole is null) == (reduced is null) && (whole?.Kind == Unsoundness.Dead) == (reduced?.Kind == Unsoundness.Dead), $"seed {seed}: whole {whole}, reduced {reduced}");
    }

    // Small nets with any wiring: a few nodes, each with one to three ways on.
    private static string Net(Random random)
    {
        var kinds = new[] { "task", "exclusiveGateway", "parallelGateway", "exclusiveGateway", "parallelGateway" };
        var count = random.Next(2, 6);
        var (nodes, flows) = ("<startEvent id='s'/><endEvent id='e'/>", $"s > n{random.Next(count)}\n");
        for (var i = 0; i < count; i++)
        {
            var kind = kinds[random.Next(kinds.Length)];
            var targets = Enumerable.Range(0, kind == "task" ? 1 : random.Next(1, 4)).Select(_ => random.Next(count + 2) is var t && t < count ? $"n{t}" : t == count ? "e" : random.Next(4) == 0 ? "t" : "e").Distinct().ToList();
            nodes += $"<{kind} id='n{i}' {(kind == "exclusiveGateway" ? $"default='n{i}-{targets[0]}'" : "")}/>";
            flows += string.Join('\n', targets.Select((t, k) => $"n{i} > {t}{(kind == "exclusiveGateway" && k > 0 ? " ? c" : "")}")) + "\n";
        }
        return Bpmn.Of(nodes + (flows.Contains("> t", StringComparison.Ordinal) ? "<endEvent id='t'><terminateEventDefinition/></endEvent>" : ""), flows);
    }
}
