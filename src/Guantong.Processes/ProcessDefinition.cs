using System.Xml.Linq;

namespace Guantong.Processes;

/// <summary>A lane: the unit that does what stands in it; lanes inside it are roles.</summary>
public sealed record Lane(string Id, string Name, IReadOnlyList<string> NodeIds, int Line, int Column)
{
    public IReadOnlyList<Role> Roles { get; init; } = [];
}

/// <summary>A lane inside a lane.</summary>
public sealed record Role(string Name, IReadOnlyList<string> NodeIds);

/// <summary>A process as read from BPMN 2.0 XML (OMG formal/2013-12-09), linked once, with the text it was read from, for drawing.</summary>
public sealed class ProcessDefinition
{
    private readonly Dictionary<string, ProcessNode> _nodes;

    internal ProcessDefinition(string id, string name, ScopeBody body, IReadOnlyList<ProcessNode> nodes, IReadOnlyList<Flow> flows, IReadOnlyList<Lane> lanes, string xml)
    {
        (Id, Name, Body, Nodes, Flows, Lanes, Xml) = (id, name, body, nodes, flows, lanes, xml);
        _nodes = nodes.ToDictionary(n => n.Id);
        Joins = new Running.JoinTable(this);
        HasConditionals = nodes.Any(n => n.Events.Any(e => e.Kind == EventKind.Conditional));
    }

    public string Id { get; }

    public string Name { get; }

    /// <summary>Its topmost level.</summary>
    public ScopeBody Body { get; }

    /// <summary>All nodes, those of sub-processes too.</summary>
    public IReadOnlyList<ProcessNode> Nodes { get; }

    public IReadOnlyList<Flow> Flows { get; }

    public IReadOnlyList<Lane> Lanes { get; }

    /// <summary>The file's text.</summary>
    public string Xml { get; }

    /// <summary>Line in the file, from 1.</summary>
    public int Line { get; init; }

    /// <summary>Column in the file, from 1.</summary>
    public int Column { get; init; }

    /// <summary>How messages find it.</summary>
    public Correlation Correlation { get; init; } = Correlation.None;

    internal Running.JoinTable Joins { get; }

    internal bool HasConditionals { get; }

    /// <summary>A node by id.</summary>
    public ProcessNode Node(string id) => _nodes[id];

    /// <summary>A node by id, or null.</summary>
    public ProcessNode? Find(string id) => _nodes.GetValueOrDefault(id);

    /// <summary>The nodes from which a token comes to a node: over its flows, from the ends within a sub-process, from before an activity's boundary.</summary>
    public IEnumerable<ProcessNode> Before(ProcessNode node) => node switch
    {
        { Kind: NodeKind.BoundaryEvent, Host: { } host } => Entering(host),
        { Kind: NodeKind.CatchEvent, Events: [{ Kind: EventKind.Link, Name: var link }] } =>
            Nodes.Where(n => n.Parent == node.Parent && n.Kind == NodeKind.ThrowEvent && n.Events is [{ Kind: EventKind.Link } e] && e.Name == link),
        { Kind: NodeKind.SubProcess } => node.Body!.Nodes.Where(n => n.Outgoing.Count == 0 && !n.IsAside),
        _ => Entering(node),
    };

    private static IEnumerable<ProcessNode> Entering(ProcessNode node) =>
        node.Incoming.Count == 0 && node.Parent is { } around ? Entering(around) : node.Incoming.Select(f => f.From);

    /// <summary>The file's text with what people call things in other words: for drawing it in another language.</summary>
    public string Named(Func<string, string> say)
    {
        var document = XDocument.Parse(Xml);
        foreach (var name in document.Descendants().Attributes("name"))
            name.Value = say(name.Value);
        // Of several diagrams the first is drawn: this process's own.
        if (document.Root!.Elements().FirstOrDefault(e => e.Name.LocalName == "BPMNDiagram" && e.Elements().Any(p => (string?)p.Attribute("bpmnElement") == Id)) is { PreviousNode: not null } own)
        {
            own.Remove();
            document.Root.AddFirst(own);
        }
        return document.ToString(SaveOptions.DisableFormatting);
    }

    /// <summary>Reads a BPMN file of a pack: one process that cases can run, and beside it those that it calls; with any fault there is no definition.</summary>
    /// <param name="xml">The file's text.</param>
    /// <param name="file">Its name, for messages.</param>
    public static ProcessReading Read(string xml, string file)
    {
        var faults = new List<ProcessFault>();
        if (Document.BpmnDocument.Read(xml, faults) is not { } document)
            return new ProcessReading(null, faults);
        if (!Reading.PackRules.IsPackFile(document, faults) || !document.Processes.All(p => Reading.PackRules.HasIds(p, faults)))
            return new ProcessReading(null, faults);
        var read = new List<ProcessDefinition>();
        foreach (var process in document.Processes)
        {
            var before = faults.Count;
            if (Reading.BpmnReader.Read(document, process, faults) is not { } definition || faults.Count > before)
                continue;
            Reading.PackRules.Check(definition, faults);
            read.Add(definition);
        }
        return faults.Count == 0 ? new ProcessReading(read[0], []) { Beside = read[1..] } : new ProcessReading(null, [.. faults.OrderBy(f => (f.Line, f.Column))]);
    }
}

/// <summary>What reading gives.</summary>
public sealed record ProcessReading(ProcessDefinition? Definition, IReadOnlyList<ProcessFault> Faults)
{
    /// <summary>Further processes of the file, which it calls.</summary>
    public IReadOnlyList<ProcessDefinition> Beside { get; init; } = [];
}
