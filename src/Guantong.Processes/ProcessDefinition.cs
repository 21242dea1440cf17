using System.Xml.Linq;
using Guantong.Feel;

namespace Guantong.Processes;

/// <summary>The BPMN 2.0 flow nodes that this engine runs.</summary>
public enum NodeKind { StartEvent, EndEvent, TerminateEndEvent, UserTask, ManualTask, ServiceTask, ExclusiveGateway, ParallelGateway }

/// <summary>A flow node.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">What people call it.</param>
/// <param name="Kind">What it does.</param>
/// <param name="Lane">Id of its lane, or null.</param>
/// <param name="Default">Id of its default flow, or null.</param>
/// <param name="Attributes">Attributes of the namespace <c>https://guantong.dev/bpmn</c>: form, service, document, due, outcome …</param>
/// <param name="Line">Line in the file, from 1.</param>
/// <param name="Column">Column in the file, from 1.</param>
public sealed record ProcessNode(string Id, string Name, NodeKind Kind, string? Lane, string? Default, IReadOnlyDictionary<string, string> Attributes, int Line, int Column);

/// <summary>A sequence flow; its condition is FEEL over the case's data.</summary>
public sealed record Flow(string Id, string Name, string Source, string Target, string? ConditionText, FeelExpression? Condition);

/// <summary>A lane: the unit that does what stands in it.</summary>
public sealed record Lane(string Id, string Name, IReadOnlyList<string> NodeIds, int Line, int Column);

/// <summary>A process as read from BPMN 2.0 XML (OMG formal/2013-12-09), with the text it was read from, for drawing.</summary>
public sealed record ProcessDefinition(string Id, string Name, IReadOnlyList<ProcessNode> Nodes, IReadOnlyList<Flow> Flows, IReadOnlyList<Lane> Lanes, string Xml)
{
    private readonly Dictionary<string, ProcessNode> _nodes = Nodes.ToDictionary(n => n.Id);
    private readonly ILookup<string, Flow> _outgoing = Flows.ToLookup(f => f.Source);
    private readonly ILookup<string, Flow> _incoming = Flows.ToLookup(f => f.Target);

    /// <summary>A node by id.</summary>
    public ProcessNode Node(string id) => _nodes[id];

    /// <summary>The flows that leave a node, in the file's order.</summary>
    public IEnumerable<Flow> Outgoing(string node) => _outgoing[node];

    /// <summary>The flows that reach a node.</summary>
    public IEnumerable<Flow> Incoming(string node) => _incoming[node];

    /// <summary>The file's text with what people call things in other words: for drawing it in another language.</summary>
    public string Named(Func<string, string> say)
    {
        var document = XDocument.Parse(Xml);
        foreach (var name in document.Descendants().Attributes("name"))
            name.Value = say(name.Value);
        return document.ToString(SaveOptions.DisableFormatting);
    }

    /// <summary>Reads a BPMN file; with any fault there is no definition.</summary>
    /// <param name="xml">The file's text.</param>
    /// <param name="file">Its name, for messages.</param>
    public static ProcessReading Read(string xml, string file) => Reading.BpmnReader.Read(xml);
}

/// <summary>What reading gives.</summary>
public sealed record ProcessReading(ProcessDefinition? Definition, IReadOnlyList<ProcessFault> Faults);
