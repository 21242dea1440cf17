using System.Xml.Linq;
using Guantong.Processes.Document;
using Guantong.Processes.Soundness;

namespace Guantong.Processes.Reading;

/// <summary>What a pack's process must keep to beyond the standard: units that do its tasks, services by name, one way in, and only what cases can run.</summary>
internal static class PackRules
{
    public static bool IsPackFile(BpmnDocument document, List<ProcessFault> faults)
    {
        var before = faults.Count;
        if (document.Processes.Count == 0)
            faults.Add(BpmnDocument.At(document.Root, "bpmn-no-process"));
        var called = document.Root.Descendants(BpmnDocument.Bpmn + "callActivity").Select(c => document.Find(Context.Called(c))).ToHashSet();
        foreach (var other in document.Processes.Skip(1).Where(p => !called.Contains(p)))
            faults.Add(BpmnDocument.At(other, "bpmn-several-processes", Context.Name(other)));
        return faults.Count == before;
    }

    /// <summary>A case that runs stands at ids: what is made up for a file without them could change with its next version.</summary>
    public static bool HasIds(XElement process, List<ProcessFault> faults)
    {
        var before = faults.Count;
        foreach (var element in process.Descendants().Where(e => e.Name.Namespace == BpmnDocument.Bpmn && LevelReader.IsInside(e) && string.IsNullOrEmpty((string?)e.Attribute("id"))))
            faults.Add(BpmnDocument.At(element, "bpmn-no-id", element.Name.LocalName));
        return faults.Count == before;
    }

    public static void Check(ProcessDefinition definition, List<ProcessFault> faults)
    {
        foreach (var node in definition.Nodes)
            Node(node, faults);
        var starts = definition.Body.Nodes.Where(n => n.Kind == NodeKind.StartEvent).ToList();
        if (starts.Count == 0)
            faults.Add(new ProcessFault(definition.Line, definition.Column, "bpmn-no-start", []));
        foreach (var extra in starts.Skip(1))
            StructureRules.At(faults, extra, "bpmn-several-starts");
        if (definition.Correlation.Own.Count > 0)
            faults.Add(new ProcessFault(definition.Line, definition.Column, "bpmn-not-in-cases", [definition.Name, "correlationKey"]));
        if (definition.Body.Nodes.All(n => n.Kind != NodeKind.EndEvent))
            faults.Add(new ProcessFault(definition.Line, definition.Column, "bpmn-no-end", []));
        if (faults.Count > 0)
            return;
        foreach (var level in definition.Nodes.Select(n => n.Body).OfType<ScopeBody>().Prepend(definition.Body))
            Reachability.Check(level, faults);
        if (faults.Count > 0)
            return;
        foreach (var finding in SoundnessProof.Of(definition))
            Unsound(definition, finding, faults);
    }

    private static void Unsound(ProcessDefinition definition, UnsoundFinding finding, List<ProcessFault> faults)
    {
        var code = finding.Kind switch
        {
            Unsoundness.Deadlock => "bpmn-deadlock",
            Unsoundness.NeverEnds => "bpmn-no-way-out",
            Unsoundness.Dead => "bpmn-dead",
            Unsoundness.Unbounded => "bpmn-unbounded",
            _ => "bpmn-too-large",
        };
        var (line, column) = finding.Node is { } node ? (node.Line, node.Column) : (definition.Line, definition.Column);
        faults.Add(new ProcessFault(line, column, code, [finding.Node?.Label ?? definition.Name, string.Join(" → ", finding.Path)]) { Path = finding.Path });
    }

    // load: whoever has the fewest open tasks; rota: the next in turn; skill: of those who have it, whoever has the fewest.
    private static readonly string[] AssignRules = ["load", "rota", "skill"];

    private static void Node(ProcessNode node, List<ProcessFault> faults)
    {
        if (NotInCases(node) is { } what)
            StructureRules.At(faults, node, "bpmn-not-in-cases", node.Label, what);
        if (node is { Kind: NodeKind.StartEvent, Parent: null } && node.Events.Any(e => e.Kind == EventKind.Conditional))
            StructureRules.At(faults, node, "bpmn-condition-start", node.Label);
        if (node.Kind == NodeKind.UserTask && node.Lane is null)
            StructureRules.At(faults, node, "bpmn-task-without-lane", node.Label);
        if (node.Kind == NodeKind.ServiceTask && node.Script is null && !node.Attributes.ContainsKey("service"))
            StructureRules.At(faults, node, "bpmn-service-unnamed", node.Label);
        if (node.Attributes.TryGetValue("due", out var due) && TimeLimit.Read(due) is null)
            StructureRules.At(faults, node, "bpmn-due-broken", node.Label, due);
        if (node.Attributes.TryGetValue("assign", out var rule))
        {
            if (!AssignRules.Contains(rule))
                StructureRules.At(faults, node, "bpmn-assign-unknown", node.Label, rule);
            else if (rule == "skill" && string.IsNullOrWhiteSpace(node.Attributes.GetValueOrDefault("skill")))
                StructureRules.At(faults, node, "bpmn-skill-missing", node.Label);
        }
        if (node.Kind == NodeKind.ExclusiveGateway && node.Outgoing.Count > 1)
        {
            foreach (var way in node.Outgoing.Where(w => w.Condition is null && w.Id != node.Default))
                StructureRules.At(faults, node, "bpmn-condition-missing", node.Label, way.Label);
        }
        else if (node.Outgoing.Count > 1 && node.Kind is not (NodeKind.ParallelGateway or NodeKind.InclusiveGateway or NodeKind.EventGateway))
        {
            StructureRules.At(faults, node, "bpmn-several-flows", node.Label);
        }
        else if (node.Kind != NodeKind.InclusiveGateway)
        {
            foreach (var way in node.Outgoing.Where(w => w.Condition is not null))
                StructureRules.At(faults, node, "bpmn-condition-useless", way.Label);
        }
    }

    // What cases have no meaning for; a message needs a name, a decision a file, a time to begin at must be told by itself: `simulate` runs them.
    private static string? NotInCases(ProcessNode node) =>
        node.Kind == NodeKind.BusinessRuleTask && node.Script is null && !node.Attributes.ContainsKey("decision") ? $"{node.Element} (guantong:decision)"
        : node.Kind is NodeKind.SendTask or NodeKind.ReceiveTask && node.Events.All(e => e.Kind != EventKind.Message) ? $"{node.Element} (messageRef)"
        : node is { Kind: NodeKind.StartEvent, Parent: null } && node.Events.FirstOrDefault(e => e.Timer?.Expression is not null) is { } computed ? $"{Definition(computed)} (FEEL)"
        : node.Events.FirstOrDefault(e => e.Kind == EventKind.Message && e.Name is null && e.RefId is null) is { } unnamed ? $"{Definition(unnamed)} (messageRef)"
        : null;

    private static string Definition(EventSpec spec) => $"{spec.Kind}".ToLowerInvariant() + "EventDefinition";
}
