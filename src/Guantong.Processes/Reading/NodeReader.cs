using System.Xml.Linq;
using Guantong.Feel;
using Guantong.Processes.Document;

namespace Guantong.Processes.Reading;

/// <summary>Reads one flow node. What is not run is refused by name and line, never ignored.</summary>
internal sealed class NodeReader(Context context, DataReader data)
{
    private static readonly Dictionary<string, NodeKind> Kinds = new()
    {
        ["startEvent"] = NodeKind.StartEvent,
        ["endEvent"] = NodeKind.EndEvent,
        ["intermediateCatchEvent"] = NodeKind.CatchEvent,
        ["intermediateThrowEvent"] = NodeKind.ThrowEvent,
        ["boundaryEvent"] = NodeKind.BoundaryEvent,
        ["task"] = NodeKind.Task,
        ["userTask"] = NodeKind.UserTask,
        ["manualTask"] = NodeKind.ManualTask,
        ["serviceTask"] = NodeKind.ServiceTask,
        ["sendTask"] = NodeKind.SendTask,
        ["receiveTask"] = NodeKind.ReceiveTask,
        ["businessRuleTask"] = NodeKind.BusinessRuleTask,
        ["scriptTask"] = NodeKind.ScriptTask,
        ["callActivity"] = NodeKind.CallActivity,
        ["subProcess"] = NodeKind.SubProcess,
        ["transaction"] = NodeKind.SubProcess,
        ["adHocSubProcess"] = NodeKind.SubProcess,
        ["exclusiveGateway"] = NodeKind.ExclusiveGateway,
        ["inclusiveGateway"] = NodeKind.InclusiveGateway,
        ["parallelGateway"] = NodeKind.ParallelGateway,
        ["eventBasedGateway"] = NodeKind.EventGateway,
    };

    // Kept and written back, without meaning for the order of things.
    private static readonly HashSet<string> Kept =
    [
        "documentation", "extensionElements", "incoming", "outgoing", "auditing", "monitoring", "categoryValueRef",
        "ioSpecification", "ioBinding", "property", "dataInput", "dataOutput", "inputSet", "outputSet", "dataInputAssociation", "dataOutputAssociation",
        "resourceRole", "performer", "humanPerformer", "potentialOwner", "rendering", "eventDefinitionRef",
    ];

    private static readonly Dictionary<string, string[]> Special = new()
    {
        ["scriptTask"] = ["script"],
        ["adHocSubProcess"] = ["completionCondition"],
    };

    private readonly EventReader _events = new(context);
    private readonly LoopReader _loops = new(context, data);

    /// <summary>Reads a node, or gives null with a fault.</summary>
    public ProcessNode? Read(XElement element, ProcessNode? parent)
    {
        if (!Kinds.TryGetValue(element.Name.LocalName, out var kind))
        {
            context.Fault(element, "bpmn-unsupported", element.Name.LocalName);
            return null;
        }
        if (Refused(element, kind) is { } refused)
        {
            context.Fault(refused, "bpmn-unsupported", refused.Name.LocalName);
            return null;
        }
        Quantities(element);
        var inputs = data.Inputs(element);
        var loop = _loops.Read(element, inputs);
        return new ProcessNode
        {
            Id = context.IdOf(element),
            Name = Context.Name(element),
            Kind = kind,
            Element = element.Name.LocalName,
            Default = (string?)element.Attribute("default"),
            Attributes = element.Attributes().Where(a => a.Name.Namespace == BpmnDocument.Own).ToDictionary(a => a.Name.LocalName, a => a.Value),
            Line = ((System.Xml.IXmlLineInfo)element).LineNumber,
            Column = ((System.Xml.IXmlLineInfo)element).LinePosition,
            Parent = parent,
            Events = HasEvents(kind) ? _events.Read(element, kind is NodeKind.ThrowEvent or NodeKind.EndEvent or NodeKind.SendTask) : [],
            Interrupting = ((string?)element.Attribute("cancelActivity") ?? (string?)element.Attribute("isInterrupting")) is not ("false" or "0"),
            ForCompensation = (string?)element.Attribute("isForCompensation") is "true" or "1",
            Loop = loop,
            Body = kind == NodeKind.SubProcess ? Body(element) : null,
            Inputs = inputs,
            Outputs = data.Outputs(element),
            OutputsOnly = DataReader.OutputsOnly(element),
            Script = Script(element, kind),
            Result = Context.Extended(element, "result", "resultVariable") ?? (string?)(Context.Extension(element, "script") ?? Context.Extension(element, "calledDecision"))?.Attribute("resultVariable"),
            Calls = Calls(element, kind),
            Instantiates = (string?)element.Attribute("instantiate") is "true" or "1",
        };
    }

    private static bool HasEvents(NodeKind kind) => kind <= NodeKind.BoundaryEvent || kind is NodeKind.SendTask or NodeKind.ReceiveTask;

    private static XElement? Refused(XElement element, NodeKind kind) => element.Elements().FirstOrDefault(c =>
        c.Name.Namespace == BpmnDocument.Bpmn && !Kept.Contains(c.Name.LocalName) && !(Special.GetValueOrDefault(element.Name.LocalName)?.Contains(c.Name.LocalName) == true)
        && !(kind == NodeKind.SubProcess && LevelReader.IsInside(c))
        && !(kind <= NodeKind.BoundaryEvent && EventReader.IsDefinition(c))
        && !(kind is >= NodeKind.Task and <= NodeKind.SubProcess && c.Name.LocalName is "standardLoopCharacteristics" or "multiInstanceLoopCharacteristics"));

    private void Quantities(XElement element)
    {
        foreach (var name in (string[])["startQuantity", "completionQuantity"])
        {
            if ((string?)element.Attribute(name) is { } quantity and not "1")
                context.Fault(element, "bpmn-unsupported", $"{name}=\"{quantity}\"");
        }
        if ((string?)element.Attribute("eventGatewayType") == "Parallel")
            context.Fault(element, "bpmn-unsupported", "eventGatewayType=\"Parallel\"");
    }

    private ScopeBody Body(XElement element) => new()
    {
        Kind = element.Name.LocalName switch
        {
            "transaction" => SubProcessKind.Transaction,
            "adHocSubProcess" => SubProcessKind.AdHoc,
            _ => (string?)element.Attribute("triggeredByEvent") is "true" or "1" ? SubProcessKind.Event : SubProcessKind.Embedded,
        },
        Names = data.Declared(element),
        Completion = Context.Child(element, "completionCondition") is { } completion ? context.Expression(completion) : null,
        IsSequential = (string?)element.Attribute("ordering") == "Sequential",
        CancelsRest = (string?)element.Attribute("cancelRemainingInstances") is not ("false" or "0"),
    };

    private FeelExpression? Script(XElement element, NodeKind kind)
    {
        if (Context.Extension(element, "script") is { } extended && (string?)extended.Attribute("expression") is { } text)
            return context.Parse(extended, text);
        if (kind != NodeKind.ScriptTask)
            return null;
        if (Context.Child(element, "script") is not { } script)
        {
            context.Fault(element, "bpmn-incomplete", Context.Label(element), "script");
            return null;
        }
        if ((string?)element.Attribute("scriptFormat") is { Length: > 0 } format && !format.Contains("feel", StringComparison.OrdinalIgnoreCase))
        {
            context.Fault(element, "bpmn-language", Context.Label(element), format);
            return null;
        }
        return context.Expression(script);
    }

    private string? Calls(XElement element, NodeKind kind)
    {
        if (kind == NodeKind.BusinessRuleTask)
            return Context.Extended(element, "decision", "decisionRef") ?? (string?)Context.Extension(element, "calledDecision")?.Attribute("decisionId");
        if (kind != NodeKind.CallActivity)
            return null;
        var called = (string?)element.Attribute("calledElement") ?? (string?)Context.Extension(element, "calledElement")?.Attribute("processId");
        if (called is { Length: > 0 })
            return context.Document.Find(called) is { } found ? (string)found.Attribute("id")! : called;
        context.Fault(element, "bpmn-incomplete", Context.Label(element), "calledElement");
        return null;
    }
}
