using System.Text;
using System.Xml.Linq;
using Guantong.Processes;
using Guantong.Processes.Document;
using Guantong.Processes.Simulating;
using Guantong.Processes.Soundness;

namespace Guantong.Tests;

/// <summary>No file breaks the reader, and none loses anything by being read and written.</summary>
public sealed class DocumentTests
{
    private static readonly string Good = Bpmn.Of("""
        <startEvent id='s'/><userTask id='a' name='Review'><multiInstanceLoopCharacteristics><loopCardinality>2</loopCardinality></multiInstanceLoopCharacteristics></userTask>
        <boundaryEvent id='b' attachedToRef='a' cancelActivity='false'><timerEventDefinition><timeCycle>R3/PT10H</timeCycle></timerEventDefinition></boundaryEvent><task id='remind'/>
        <inclusiveGateway id='f' default='f-x'/><subProcess id='x'><startEvent id='xs'/><endEvent id='xe'><escalationEventDefinition escalationRef='c1'/></endEvent></subProcess>
        <scriptTask id='y'><script>{n: n + 1}</script></scriptTask><inclusiveGateway id='j'/><exclusiveGateway id='again'/><intermediateThrowEvent id='t'><signalEventDefinition signalRef='s1'/></intermediateThrowEvent><endEvent id='e'/>
        """, "s > a > f\nb > remind\nf > x > j\nf > y ? n > 0\ny > j > again > t > e\nagain > f ? 3 > n\nxs > xe");

    public static TheoryData<string> References => Repository.Material("bpmn-miwg") is { } folder ? [.. Directory.GetFiles(folder, "*.bpmn").Select(f => Path.GetFileName(f)).Order()] : ["A.1.0.bpmn"];

    [Theory, MemberData(nameof(References))]
    public void A_reference_model_is_read_and_loses_nothing_when_it_is_written(string file)
    {
        var text = File.ReadAllText(Path.Combine(Repository.NeedMaterial("bpmn-miwg"), file));
        var faults = new List<ProcessFault>();
        var document = BpmnDocument.Read(text, faults);
        Assert.Empty(faults.Select(f => $"{f.Line}:{f.Column} {f.Message("en")}"));
        var (before, after) = (XDocument.Parse(text, LoadOptions.PreserveWhitespace), XDocument.Parse(document!.Write(), LoadOptions.PreserveWhitespace));
        Assert.True(XNode.DeepEquals(before.Root, after.Root));
        Assert.Equal(before.Declaration?.ToString(), after.Declaration?.ToString());
        Assert.Equal(before.Root!.DescendantsAndSelf().Attributes().Select(a => $"{a}"), after.Root!.DescendantsAndSelf().Attributes().Select(a => $"{a}"));
    }

    [Theory, MemberData(nameof(References))]
    public void A_reference_model_runs_or_says_by_name_and_line_why_it_does_not(string file)
    {
        var model = BpmnModel.Read(File.ReadAllText(Path.Combine(Repository.NeedMaterial("bpmn-miwg"), file)), [])!;
        Assert.All(model.Processes, p => Assert.True(p.Definition is not null ^ p.Faults.Count > 0));
        Assert.All(model.Processes.SelectMany(p => p.Faults), f => Assert.True(f.Line > 1 && f.Message("zh-CN").Length > 0 && f.Message("en").Length > 0));
        Assert.All(model.Runnable, p => Assert.NotNull(Simulation.Run(model, p, new SimulationInput(Bpmn.From, new Dictionary<string, object?>(), []) { MostSteps = 500 })));
    }

    [Fact]
    public void What_other_tools_add_is_kept()
    {
        const string file = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<q:definitions xmlns:q=\"http://www.omg.org/spec/BPMN/20100524/MODEL\" xmlns:camunda=\"http://camunda.org/schema/1.0/bpmn\" xmlns:z=\"urn:z\"><!-- note --><q:process id=\"p\">\n"
            + "<q:userTask id=\"a\" camunda:assignee=\"x&#xA;y\"><q:extensionElements><z:form><![CDATA[a < b]]></z:form></q:extensionElements></q:userTask></q:process></q:definitions>";
        var document = BpmnDocument.Read(file, [])!;
        Assert.Equal(file, document.Write());
        Assert.Equal("a", Bpmn.Run(file).Order());
    }

    [Theory]
    [InlineData("<!DOCTYPE d [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><d>&x;</d>", "bpmn-broken"), InlineData("<definitions", "bpmn-broken"), InlineData("", "bpmn-broken"), InlineData("<definitions/>", "bpmn-namespace")]
    [InlineData("<definitions xmlns='http://www.omg.org/spec/BPMN/20100524/MODEL'/>", "bpmn-no-process")]
    public void What_is_no_model_is_refused(string text, string code) => Assert.Equal(code, Assert.Single(Bpmn.Faults(text)).Code);

    [Theory, InlineData("subProcess"), InlineData("extensionElements")]
    public void What_nests_without_end_is_refused_and_not_followed(string element)
    {
        var text = new StringBuilder("<definitions xmlns='http://www.omg.org/spec/BPMN/20100524/MODEL'><process id='p'>");
        for (var i = 0; i < 50_000; i++)
            text.Append('<').Append(element).Append('>');
        for (var i = 0; i < 50_000; i++)
            text.Append("</").Append(element).Append('>');
        Assert.Equal("bpmn-too-deep", Assert.Single(Bpmn.Faults(text.Append("</process></definitions>").ToString())).Code);
    }

    [Fact]
    public void A_file_that_is_too_long_is_refused() => Assert.Equal("bpmn-broken", Assert.Single(Bpmn.Faults($"<a>{new string('x', 9 << 20)}</a>")).Code);

    private static readonly int Rounds = int.TryParse(Environment.GetEnvironmentVariable("GUANTONG_FUZZ"), out var told) ? told : 400;

    [Fact]
    public void A_damaged_file_is_refused_or_runs()
    {
        for (var seed = 0; seed < Rounds; seed++)
            Survives(Damaged(Good, new Random(seed)), seed);
    }

    private static string Damaged(string text, Random random)
    {
        string[] words = ["id='a'", "sourceRef='x'", "targetRef='s'", "attachedToRef='b'", "default='s-a'", "<endEvent id='z'/>", "<task id='a'/>", "R/PT0S", "-1", "99999999", "${", "activityRef='x'", "calledElement='p'"];
        for (var i = random.Next(1, 6); i > 0; i--)
        {
            var (at, length) = (random.Next(text.Length), random.Next(1, 30));
            text = random.Next(4) switch
            {
                0 => text.Insert(at, text.Substring(random.Next(text.Length - 30), length)),
                1 => text.Remove(at, Math.Min(length, text.Length - at)),
                2 => text.Insert(text.IndexOf('>', at) is var end and > 0 ? end : at, " " + words[random.Next(words.Length)]),
                _ => Swapped(text, random),
            };
        }
        return text;
    }

    // Two references change places: the file stays well-formed and means something else.
    private static string Swapped(string text, Random random)
    {
        string[] ids = ["'s'", "'a'", "'b'", "'f'", "'x'", "'j'", "'again'", "'e'", "'xs'", "'xe'", "'c1'"];
        return text.Replace(ids[random.Next(ids.Length)], ids[random.Next(ids.Length)], StringComparison.Ordinal);
    }

    private static void Survives(string text, int seed)
    {
        var faults = new List<ProcessFault>();
        var model = BpmnModel.Read(text, faults);
        Assert.True(model is not null ^ faults.Count > 0, $"seed {seed}");
        faults.AddRange(model?.Processes.SelectMany(p => p.Faults) ?? []);
        Assert.All(faults, f => Assert.True(f.Line > 0 && f.Message("zh-CN").Length > 0 && f.Message("en").Length > 0, $"seed {seed}"));
        foreach (var process in model?.Runnable ?? [])
        {
            Assert.NotNull(SoundnessProof.Of(process, 1_000));
            Assert.NotNull(Simulation.Run(model!, process, new SimulationInput(Bpmn.From, new Dictionary<string, object?> { ["n"] = 0m }, []) { MostSteps = 300 }));
        }
    }
}
