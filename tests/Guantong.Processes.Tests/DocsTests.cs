using System.Text.RegularExpressions;

namespace Guantong.Tests;

/// <summary>docs/bpmn.md says of every element what it does, and names a test that shows it.</summary>
public sealed partial class DocsTests
{
    // The flow elements, containers and event definitions of BPMN 2.0.2, clauses 8 to 10.
    private static readonly string[] Elements =
    [
        "process", "collaboration", "participant", "messageFlow", "laneSet", "lane", "sequenceFlow", "association",
        "task", "userTask", "manualTask", "serviceTask", "sendTask", "receiveTask", "businessRuleTask", "scriptTask", "callActivity", "subProcess", "transaction", "adHocSubProcess",
        "standardLoopCharacteristics", "multiInstanceLoopCharacteristics", "completionCondition",
        "exclusiveGateway", "inclusiveGateway", "parallelGateway", "eventBasedGateway", "complexGateway",
        "startEvent", "intermediateCatchEvent", "intermediateThrowEvent", "boundaryEvent", "endEvent",
        "messageEventDefinition", "timerEventDefinition", "signalEventDefinition", "errorEventDefinition", "escalationEventDefinition", "conditionalEventDefinition",
        "linkEventDefinition", "compensateEventDefinition", "cancelEventDefinition", "terminateEventDefinition",
        "correlationKey", "correlationProperty", "correlationSubscription", "dataObject", "dataObjectReference", "dataStoreReference", "property",
        "ioSpecification", "dataInputAssociation", "dataOutputAssociation", "documentation", "extensionElements", "textAnnotation", "group", "choreography", "conversation",
    ];

    private static readonly List<Match> Rows = Row().Matches(File.ReadAllText(Path.Combine(Repository.Root, "docs/bpmn.md")).Split("## Elements")[1]).ToList();

    [Fact]
    public void Every_element_has_its_row() =>
        Assert.Equal([], Elements.Except(Rows.SelectMany(r => Code().Matches(r.Groups[1].Value)).Select(m => m.Groups[1].Value)));

    [Fact]
    public void Every_row_names_a_test_that_is_there()
    {
        var tests = typeof(DocsTests).Assembly.GetTypes().SelectMany(t => t.GetMethods()).Select(m => m.Name).ToHashSet();
        Assert.NotEmpty(Rows);
        Assert.Equal([], Rows.Select(r => r.Groups[2].Value).Where(name => !tests.Contains(name)));
    }

    [GeneratedRegex(@"^\| (`.+?) \| .+ \| `(\w+)` \|$", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex("`(\\w+)`")]
    private static partial Regex Code();
}
